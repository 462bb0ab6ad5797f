"""Passwords: made-up chunks, and ordinary words that stand where only the secret can stand."""

import re
from collections.abc import Iterator

from bot.detection.names.lists import is_word
from bot.detection.numbers import SPOKEN
from bot.detection.recognizers import secret
from bot.detection.recognizers.secret_near import (
    asked,
    last,
    last_said,
    quizzed,
    said,
    text_before,
    user_name,
)
from bot.detection.sheet import Hit, Sheet

_USER = re.compile(
    r"[\s,;]{1,3}(?://?|en|met|oud|nieuw|\|)? ?(?:ww|wachtwoord|pw|pass\w*|//?)(?!\w)", re.I
)
_CUE_ITSELF = re.compile(
    r"(?:gebruikersnaam|inlog\w*|wachtw\w*|\w*account|user(?:name)?|admin|login|hotspot|netwerk)",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"[A-Za-z]{2,30}[=:/]'?(?=\w)(?!//)")
CHUNK = re.compile(r"[^\s\"“”]+(?:'[^\s]+)?")
_TAGGED = re.compile(
    r"(?<![\w-])(?:[A-Z]-\d{4,8}|\d{4,8}(?:-\d{4,8}){2,6}|[A-Z0-9]{2,5}(?:-[A-Z0-9]{2,5}){1,4})(?![\w-])"
)
_CODE_NAMED = re.compile(r"[\w-]code\b|sleutel\b", re.IGNORECASE)
_PHRASE = re.compile(
    r"\b(?:passphrase|wachtzin)(?: is)?[: ]{1,2}([a-z]+(?: [a-z]+){2,7})", re.IGNORECASE
)
_CAPITALS = re.compile(  # "Blauwe Bal 8"
    r"(?<!\w)(?!(?:Zie|Vraag|Bij|Staat|Hangt)\b)[A-Z]\w{2,20}(?: [A-Z]\w{2,20}){0,3} \d{1,4}"
    r"(?=\s*(?:$|[\"'.,!?(\n]))"
)
_SAID_WORD = re.compile(
    r"\b([A-Za-z]{3,24}) ([a-zë]{3,24})(?: (?:uitroepteken|vraagteken|hekje|sterretje|dollarteken))?(?!\w)"  # noqa: E501
)
_ANSWERED = re.compile(
    r"(?:\b(?:geheime|beveiligings)[- ]?vraag\b.{0,30}\bantwoord|\bcodewoord)(?: is)?[: ]{1,2}$",
    re.IGNORECASE,
)
_GUARDED = re.compile(
    r"\bbeveiligd met (?:het )?$|\bbeveiligde? [\w ]{2,30}: $|\bopent met $", re.IGNORECASE
)
_KEPT_SAFE = re.compile(r"beveilig|opent met|antwoord|codewoord", re.IGNORECASE)
_TRIED = re.compile(
    r" (?:geprobeerd|als (?:\w+ )?(?:wachtw\w*|ww|pw|code)|probeer)\b", re.IGNORECASE
)
_IS_WORD = re.compile(
    r"[ ,]{0,2}(?:\w+ ){0,6}?(?:is|was|wordt|blijft) (?:(?:nu|weer|gewoon|nog|steeds|altijd|dus|sinds jaar en dag) ){0,3}$"  # noqa: E501
)
_NO_NOUN = re.compile(
    r"(?:ge|ver|be|ont|her|aan|in|op|uit|af)\w*(?:d|t|en)|\w+(?:lijk|ig|baar|loos|end|isch|ing|er|st)|\w{1,3}",
    re.IGNORECASE,
)
_WIFI = re.compile(
    r"(?:wi-?fi\w*|gast(?:en)?netwerk)\b[^.!?\n]{0,50}?"
    r"(?:: ?|, ?sleutel(?: is)? |\bis (?:(?:vandaag|nu|gewoon|weer) )?|[:,] [\w-]{3,25}, )$",
    re.IGNORECASE,
)
_BESIDE_MAIL = re.compile(r"@[\w-]+(?:\.[\w-]+)+(?: ?[,/]| (?:en|met))? $")
_BEHIND, _LONGEST = 60, 60  # code points
_MADE = 8  # code points; "groep7b" is shorter
_STATUS = frozenset(
    ["veranderd", "gewijzigd", "verlopen", "vergeten", "kwijt", "nieuw", "nieuwe", "aangepast", "niet", "bij", "te", "in", "weg", "gereset", "gekraakt", "geblokkeerd", "rood", "oranje", "geel", "groen", "bekend", "hetzelfde", "dezelfde", "weer", "nog", "al", "op", "via", "voor", "van", "de", "het", "een", "zoals", "altijd", "ook", "gewoon", "ergens", "daar", "hier", "mij", "jou", "mail", "mailen", "vragen", "onbekend", "verplicht", "fout", "goed", "juist", "kapot", "stuk", "dicht", "open", "nodig", "gegeven", "gedeeld", "geheim", "persoonlijk", "uit", "aan", "af", "hem", "haar", "je", "die", "dat", "wat", "wie", "waar", "hoe", "en", "of", "maar", "dus", "want", "te_halen", "moeten", "mag", "kan", "wil", "zo", "zelf", "binnen", "buiten", "morgen", "vandaag", "straks", "later", "eerst", "zeker", "veilig", "onveilig", "sterk", "zwak", "uniek", "klaar", "geregeld", "ingesteld", "terug", "doorgegeven", "veranderen", "wijzigen", "resetten", "opgehangen", "verstuurd", "gemaild", "beschikbaar", "gratis", "traag", "snel", "ziek", "vrij", "jarig", "lang", "kort", "simpel", "raar", "stom", "leeg", "waardeloos", "toch", "hoor", "jullie", "allemaal", "iedereen", "niemand", "iemand", "anders", "helaas", "alleen", "misschien", "eigenlijk", "meestal", "dezelfde", "oude", "vraag", "melden", "help", "onder", "naast", "achter", "boven", "tussen", "tegen", "zonder", "met", "volgens", "staat", "hangt", "ligt", "zie", "minimaal", "maximaal", "tijdelijk", "vorig", "vorige"]  # noqa: E501
)  # fmt: skip


def tagged(sheet: Sheet) -> Iterator[Hit]:
    for match in _TAGGED.finditer(sheet.text):
        value = match.group()
        if secret.FULL_DATE.fullmatch(value) or secret.SHORT_DATE.fullmatch(value):
            continue
        before = text_before(sheet, match.start())
        named = max(last(secret.PASSWORD, before), last(_CODE_NAMED, before))
        strong = named > last(secret.OTHER_NUMBER, before) and not secret.NO_SECRET.search(before)
        if strong and sum(c.isdigit() for c in value) >= 2 and not quizzed(before):
            yield Hit("CREDENTIAL", *match.span(), 0.85)


def phrases(sheet: Sheet) -> Iterator[Hit]:
    """Secrets of several words: a pass phrase, or a word and a number said aloud."""
    for match in _PHRASE.finditer(sheet.text):
        yield Hit("CREDENTIAL", *match.span(1), 0.8)
    if not said(sheet, secret.PASSWORD):
        return
    for match in _CAPITALS.finditer(sheet.text):
        if _said(text_before(sheet, match.start())):
            yield Hit("CREDENTIAL", *match.span(), 0.8)
    for match in _SAID_WORD.finditer(sheet.text):
        before = text_before(sheet, match.start())
        if _said(before) and match.group(2) in SPOKEN and match.group(1).lower() not in SPOKEN:
            yield Hit("CREDENTIAL", *match.span(), 0.8)


def _said(before: str) -> bool:
    """Whether what stands before is a word for a password, linked to what follows."""
    linked = re.search(r"(?:\b(?:is|dan|wordt)|[:=])\s?$", before)
    return linked is not None and secret.PASSWORD.search(before) is not None


def passwords(sheet: Sheet) -> Iterator[Hit]:
    plain = _plain_may_be_secret(sheet)
    for chunk in CHUNK.finditer(sheet.text):
        if not plain and secret.plain(chunk.group()):
            continue
        start, end = _trim(sheet.text, *chunk.span())
        if not 3 <= end - start <= _LONGEST or not (plain or secret.mixed(sheet.text[start:end])):
            continue
        before = text_before(sheet, start)
        if _USER.match(sheet.text, end) or _CUE_ITSELF.fullmatch(sheet.text[start:end]):
            continue
        if (score := _password_score(sheet, before, start, end)) and not quizzed(before):
            yield Hit("CREDENTIAL", start, end, score)


def _plain_may_be_secret(sheet: Sheet) -> bool:
    """Whether anything is said that makes a secret of an ordinary word."""
    patterns = (secret.PASSWORD, secret.ACCOUNT, _KEPT_SAFE)
    return any(said(sheet, pattern) for pattern in patterns) or asked(sheet)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in "([{'\":,;=>/`" and not _closed(text, start, end):
        start += 1
    if label := _LABELLED.match(text, start, min(end, start + 40)):
        known = re.match(r"(?:ww|wachtwoord|pw|pass|pin|code)[=:/]", text[start:end], re.IGNORECASE)
        start = label.end() if known or "=" in label.group() else start
    while end > start and (text[end - 1] in ")]}'\",;.?:`" or ord(text[end - 1]) > 0x2000):
        if text[end - 1] == ")" and text.find("(", max(start, end - _LONGEST), end) >= 0:
            break  # a pair inside the secret
        end -= 1
    return start, end


def _closed(text: str, start: int, end: int) -> bool:
    """Whether a bracket closes inside the chunk that it opens, so that both belong to it."""
    close = text.find(")", start, min(end, start + _LONGEST)) if text[start] == "(" else -1
    return close >= 0 and text[close + 1 : min(end, close + _LONGEST)].strip(")]}'\",;.?:`!") != ""


def _password_score(sheet: Sheet, before: str, start: int, end: int) -> float:
    value = sheet.text[start:end]
    if secret.KNOWN.fullmatch(value) or value.lower() in _STATUS or secret.counted(before):
        return 0.0
    word, account = (last_said(sheet, p, start) for p in (secret.PASSWORD, secret.ACCOUNT))
    behind = sheet.text[end : end + _BEHIND]
    if secret.mixed(value):
        if account > word and user_name(sheet, end):
            return 0.0
        return _mixed_score(sheet, before, max(word, account), value, behind)
    if _label(value, behind):
        return 0.0
    if word >= 0 and _plain_value(before[max(0, word - 3) :], value):
        return 0.8
    spelt = secret.SPELT.match(behind)
    ends = spelt or not re.match(r"\s*\w", behind[:3]) or behind[:2] == " ("
    if ends and _made_up_word(before, value, word) and not re.match(r", [\w-]{8,30}$", behind):
        return 0.75
    noun = re.fullmatch(r"[A-Za-z]{4,30}", value) and not _NO_NOUN.fullmatch(value)
    if noun and ends and word >= 0 and _IS_WORD.fullmatch(before[word:]):
        return 0.6
    if ends and _GUARDED.search(before):
        return 0.75
    told = noun and ends and asked(sheet) and re.search(r"\b(?:is|was) (?:gewoon |nog )?$", before)
    slashed = account >= 0 and re.fullmatch(r"[\w ]{0,20}[:,]? [\w.@-]{3,30} / ?", before[account:])
    return 0.8 if (noun and _ANSWERED.search(before)) or told or slashed else 0.0


def _label(value: str, behind: str) -> bool:
    """Whether a word says whose secret follows: "ww magister: ...", "ww: tijdelijk Zomer2026"."""
    if secret.DEVICE.fullmatch(value) or re.match(r" ?[:=]", behind):
        return True
    following = re.match(r" (\S{4,40})", behind)
    chunk = following[1].rstrip(",.;:)") if following else ""
    return secret.mixed(chunk) and any(c.isdigit() for c in chunk)


def _made_up_word(before: str, value: str, word: int) -> bool:
    """Whether what is no word of the language stands where the secret of a network stands."""
    if word >= 0 and len(before) - word <= 2 and re.fullmatch(r"[a-z]+(?:-[a-z]+){2,7}", value):
        return True
    plain = re.fullmatch(r"[a-z][a-z-]{7,30}|[A-Z][a-z]+-[a-z]{3,20}", value)
    return plain is not None and not is_word(value.lower()) and bool(_WIFI.search(before))


def _mixed_score(sheet: Sheet, before: str, cue: int, value: str, behind: str) -> float:
    gap = before[cue:] if cue >= 0 else ""
    if secret.named_behind(behind):
        return 0.9
    if secret.OTHER_NUMBER.search(gap) and re.fullmatch(r"[A-Z\d-]+", value):
        return 0.0
    if cue >= 0:
        return 0.95 if secret.LINK.search(gap) or len(gap) < 3 else 0.85
    if secret.OTHER_NUMBER.search(before[-60:]):
        return 0.0
    digits = sum(c.isdigit() for c in value)
    spelt = _TRIED.match(behind) or secret.SPELT.match(behind) or _BESIDE_MAIL.search(before)
    if secret.made(value) or (digits and spelt and len(value) >= _MADE):
        return 0.75
    if len(value) < 6 or not (digits or asked(sheet)):
        return 0.0
    opened = re.search(r"\bop(?:en|ent)\b[^.!?\n]{0,25}\bmet $|\bmet code $", before)
    device = last(secret.DEVICE, before)
    linked = device >= 0 and re.search(r"(?:\bis|:|=|//?|,|\bmet|\bdan)\s*$", before[device:])
    if opened or (linked and value[0].isalpha() and digits >= 2) or asked(sheet):
        return 0.75
    return 0.0


def _plain_value(gap: str, value: str) -> bool:
    """Whether an ordinary word stands where only the secret can stand."""
    if not re.fullmatch(r"[\w'.-]{4,40}", value):
        return False
    if re.search(r"(?:[:=]|\bww\b|->|→|//|/)\s*['\"]?$", gap):
        return not re.search(r"[.!?\n]", gap) and not value[0].isdigit()
    return False
