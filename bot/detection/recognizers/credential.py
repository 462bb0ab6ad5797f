"""Passwords, PINs and codes of doors, alarms and accounts: only the secret itself is the span."""

import re
from collections.abc import Iterator

from bot.detection.cues import words
from bot.detection.numbers import SPOKEN, spoken_numbers
from bot.detection.recognizers import secret
from bot.detection.recognizers.around import Mask, made_up
from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.sheet import Hit, Sheet

_QUIZ_OR_LOCK = words(
    r"alarm\w*", r"deur\w*", r"kluis\w*", r"ww", r"wachtwoord\w*", r"sleutelkast\w*", r"pas(?:je)?",
    r"host ?key", r"account",
)  # fmt: skip
_USER = re.compile(
    r"[\s,;]{1,3}(?://?|en|met|oud|nieuw|\|)? ?(?:ww|wachtwoord|pw|pass\w*|//?)(?!\w)", re.I
)
_CUE_ITSELF = re.compile(
    r"(?:gebruikersnaam|inlog\w*|wachtw\w*|\w*account|user(?:name)?|admin|login|hotspot|netwerk)",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"[A-Za-z]{2,30}[=:/](?=\w)(?!//)")
_CHUNK = re.compile(r"[^\s\"“”]+(?:'[^\s]+)?")
_DIGITS = re.compile(
    r"(?<![\w.,/:@€#+-])(?<!\w\*)(?:(?:(?<!\*)[#*])?\d{3,8}|\d{2,4}[- ]\d{2,4}(?:[- ]\d{2,4})?|\d(?:[ -]\d){3,7}|"  # noqa: E501
    r"\d{1,2}(?: ?- ?\d{1,2}){1,4}|\d{1,4}(?:\*\d{1,4}){1,4})(?![\w/:@]|[.,]\d|[- ]\d)(?: hekje| sterretje|[#*](?!\*))?"  # noqa: E501
)
_LETTERED = re.compile(
    r"(?<![\w@#.,/-])(?=[A-Z-]{0,8}\d)[A-Z0-9](?:-?[A-Z0-9]){2,8}(?![\w@-]|[.,]\d)"
)
_TAGGED = re.compile(
    r"(?<![\w-])(?:[A-Z]-\d{4,8}|\d{4,8}(?:-\d{4,8}){2,6}|[A-Z0-9]{2,5}(?:-[A-Z0-9]{2,5}){1,4})(?![\w-])"
)
_CODE_NAMED = re.compile(r"[\w-]code\b|sleutel\b", re.IGNORECASE)
_PHRASE = re.compile(
    r"\b(?:passphrase|wachtzin)(?: is)?[: ]{1,2}([a-z]+(?: [a-z]+){2,7})", re.IGNORECASE
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
    r"[ ,]{0,2}(?:\w+ ){0,4}?(?:is|was|wordt|blijft) (?:(?:nu|weer|gewoon|nog|steeds|altijd|dus|sinds jaar en dag) ){0,3}$"  # noqa: E501
)
_NO_NOUN = re.compile(
    r"(?:ge|ver|be|ont|her|aan|in|op|uit|af)\w*(?:d|t|en)|\w+(?:lijk|ig|baar|loos|end|isch|ing|er|st)|\w{1,3}",
    re.IGNORECASE,
)
_STATUS = frozenset(
    ["veranderd", "gewijzigd", "verlopen", "vergeten", "kwijt", "nieuw", "nieuwe", "aangepast", "niet", "bij", "te", "in", "weg", "gereset", "gekraakt", "geblokkeerd", "rood", "oranje", "geel", "groen", "bekend", "hetzelfde", "dezelfde", "weer", "nog", "al", "op", "via", "voor", "van", "de", "het", "een", "zoals", "altijd", "ook", "gewoon", "ergens", "daar", "hier", "mij", "jou", "mail", "mailen", "vragen", "onbekend", "verplicht", "fout", "goed", "juist", "kapot", "stuk", "dicht", "open", "nodig", "gegeven", "gedeeld", "geheim", "persoonlijk", "uit", "aan", "af", "hem", "haar", "je", "die", "dat", "wat", "wie", "waar", "hoe", "en", "of", "maar", "dus", "want", "te_halen", "moeten", "mag", "kan", "wil", "zo", "zelf", "binnen", "buiten", "morgen", "vandaag", "straks", "later", "eerst", "zeker", "veilig", "onveilig", "sterk", "zwak", "uniek", "klaar", "geregeld", "ingesteld", "terug", "doorgegeven", "veranderen", "wijzigen", "resetten", "opgehangen", "verstuurd", "gemaild", "beschikbaar", "gratis", "traag", "snel", "ziek", "vrij", "jarig", "lang", "kort", "simpel", "raar", "stom", "leeg", "waardeloos", "toch", "hoor", "jullie", "allemaal", "iedereen", "niemand", "iemand", "anders", "helaas", "alleen", "misschien", "eigenlijk", "meestal", "dezelfde", "oude", "vraag", "melden", "help", "onder", "naast", "achter", "boven", "tussen", "tegen", "zonder", "met", "volgens", "staat", "hangt", "ligt"]  # noqa: E501
)  # fmt: skip
_VALUE = re.compile(
    r"\d|\w[#$%&*+=@^~_!?]\w|[a-z][A-Z]|(?i:ww|w\.w|wacht|woord|pass|pw|code|beveilig|account|log|wifi)"
)
_REACH = 130
_NEAR = 25  # code points from a lock to its code
_KEYS = ("#", "*", "hekje", "sterretje")  # what closes a code on a panel
_ANSWER = 60  # code points; a longer text is no bare answer to a question


class CredentialRecognizer(DutchRecognizer):
    """A secret counts with its value; "het wachtwoord is gewijzigd" holds none."""

    ENTITIES = ("CREDENTIAL",)

    def spans(self, sheet: Sheet) -> Iterator[Hit]:
        """The values behind a word for a secret, a lock or an account."""
        if not (_VALUE.search(sheet.text) or spoken_numbers(sheet) or _asked(sheet)):
            return
        if made_up(sheet) or not (_said_something(sheet) or _asked(sheet) or _made(sheet)):
            return
        quiz = secret.QUIZ.search(sheet.text) or secret.QUIZ.search("".join(sheet.context[-1:]))
        if quiz and not _QUIZ_OR_LOCK.search(sheet.text):
            return
        taken = Mask(len(sheet.text))
        for rule in (_tagged, _phrases, _passwords, _codes, _lettered, _spoken):
            for hit in rule(sheet):
                if taken.free(hit.start, hit.end):
                    taken.take(hit.start, hit.end)
                    yield hit


def _said_something(sheet: Sheet) -> bool:
    patterns = (secret.PASSWORD, secret.ACCOUNT, secret.CODE, secret.LOCK, secret.DEVICE)
    return any(pattern.search(sheet.spoken) for pattern in patterns) or bool(
        re.search(r"toets|open|\bvoer|probeer|beveiligd", sheet.lower)
    )


def _made(sheet: Sheet) -> bool:
    return any(secret.made(chunk.group()) for chunk in _CHUNK.finditer(sheet.text))


def _asked(sheet: Sheet) -> bool:
    """Whether a short message answers a question about a secret."""

    def look() -> bool:
        before = "".join(sheet.context[-1:])
        wanted: object = secret.PASSWORD.search(before) or secret.CODE.search(before)
        if "?" in before:  # a door or an account is only asked about in a question
            wanted = wanted or secret.LOCK.search(before) or secret.ACCOUNT.search(before)
        wanted = wanted or re.search(r"\bhoe kom (?:ik|je|we) ", before)
        return bool(wanted) and len(sheet.text) <= _ANSWER and not secret.NO_SECRET.search(before)

    return sheet.once("asked for a secret", look)


def _before(sheet: Sheet, start: int, reach: int = _REACH) -> str:
    """What stands before a value, without the quotes and the markup that open around it."""
    return sheet.text[max(0, start - reach) : start].rstrip("*~`'\"")


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.end() for match in pattern.finditer(text)), default=-1)


def _quizzed(before: str) -> bool:
    """Whether the nearest thing named before the value is a quiz."""
    return _last(secret.QUIZ, before) > _last(_QUIZ_OR_LOCK, before)


def _tagged(sheet: Sheet) -> Iterator[Hit]:
    for match in _TAGGED.finditer(sheet.text):
        value = match.group()
        if secret.FULL_DATE.fullmatch(value) or secret.SHORT_DATE.fullmatch(value):
            continue
        before = _before(sheet, match.start())
        named = secret.PASSWORD.search(before) or _CODE_NAMED.search(before)
        strong = named and not secret.NO_SECRET.search(before)
        if strong and sum(c.isdigit() for c in value) >= 2 and not _quizzed(before):
            yield Hit("CREDENTIAL", *match.span(), 0.85)


def _phrases(sheet: Sheet) -> Iterator[Hit]:
    """Secrets of several words: a pass phrase, or a word and a number said aloud."""
    for match in _PHRASE.finditer(sheet.text):
        yield Hit("CREDENTIAL", *match.span(1), 0.8)
    if not secret.PASSWORD.search(sheet.text):
        return
    for match in _SAID_WORD.finditer(sheet.text):
        before = _before(sheet, match.start())
        linked = re.search(r"\b(?:is|dan|wordt|:)\s?$", before) and secret.PASSWORD.search(before)
        if linked and match.group(2) in SPOKEN and match.group(1).lower() not in SPOKEN:
            yield Hit("CREDENTIAL", *match.span(), 0.8)


def _passwords(sheet: Sheet) -> Iterator[Hit]:
    plain = _plain_may_be_secret(sheet)
    for chunk in _CHUNK.finditer(sheet.text):
        start, end = _trim(sheet.text, *chunk.span())
        if not 3 <= end - start <= 60 or not (plain or secret.mixed(sheet.text[start:end])):
            continue
        before = _before(sheet, start)
        if _USER.match(sheet.text, end) or _CUE_ITSELF.fullmatch(sheet.text[start:end]):
            continue
        if not _quizzed(before) and (score := _password_score(sheet, before, start, end)):
            yield Hit("CREDENTIAL", start, end, score)


def _plain_may_be_secret(sheet: Sheet) -> bool:
    """Whether anything is said that makes a secret of an ordinary word."""
    said = (secret.PASSWORD, secret.ACCOUNT, _KEPT_SAFE)
    return any(pattern.search(sheet.text) for pattern in said) or _asked(sheet)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in "([{'\":,;=>/`":
        start += 1
    if label := _LABELLED.match(text, start, min(end, start + 40)):
        known = re.match(r"(?:ww|wachtwoord|pw|pass|pin|code)[=:/]", text[start:end], re.IGNORECASE)
        start = label.end() if known or "=" in label.group() else start
    while end > start and (text[end - 1] in ")]}'\",;.?:`" or ord(text[end - 1]) > 0x2000):
        end -= 1
    return start, end


def _password_score(sheet: Sheet, before: str, start: int, end: int) -> float:
    value = sheet.text[start:end]
    if secret.KNOWN.fullmatch(value) or value.lower() in _STATUS or secret.COUNTED.search(before):
        return 0.0
    word, account = _last(secret.PASSWORD, before), _last(secret.ACCOUNT, before)
    if secret.mixed(value):
        return _mixed_score(sheet, before, max(word, account), value, sheet.text[end : end + 30])
    if word >= 0 and _plain_value(before[max(0, word - 3) :], value):
        return 0.8
    ends = not re.match(r"\s*\w", sheet.text[end : end + 3]) or sheet.text[end : end + 2] == " ("
    noun = re.fullmatch(r"[A-Za-z]{4,30}", value) and not _NO_NOUN.fullmatch(value)
    if noun and ends and word >= 0 and _IS_WORD.fullmatch(before[word:]):
        return 0.6
    if ends and _GUARDED.search(before):
        return 0.75
    said = noun and ends and _asked(sheet) and re.search(r"\b(?:is|was) (?:gewoon |nog )?$", before)
    slashed = account >= 0 and re.fullmatch(r"[\w ]{0,20}[:,]? [\w.@-]{3,30} / ?", before[account:])
    return 0.8 if (noun and _ANSWERED.search(before)) or said or slashed else 0.0


def _mixed_score(sheet: Sheet, before: str, cue: int, value: str, behind: str) -> float:
    gap = before[cue:] if cue >= 0 else ""
    if cue >= 0:
        return 0.95 if secret.LINK.search(gap) or len(gap) < 3 else 0.85
    if secret.OTHER_NUMBER.search(before[-60:]):
        return 0.0
    digits = sum(c.isdigit() for c in value)
    if secret.made(value) or (digits and _TRIED.match(behind)):
        return 0.75
    if len(value) < 6 or not (digits or _asked(sheet)):
        return 0.0
    opened = re.search(r"\bop(?:en|ent)\b[^.!?\n]{0,25}\bmet $|\bmet code $", before)
    device = _last(secret.DEVICE, before)
    linked = device >= 0 and re.search(r"(?:\bis|:|=|//?|,|\bmet|\bdan)\s*$", before[device:])
    if opened or (linked and value[0].isalpha() and digits >= 2) or _asked(sheet):
        return 0.75
    return 0.0


def _plain_value(gap: str, value: str) -> bool:
    """Whether an ordinary word stands where only the secret can stand."""
    if not re.fullmatch(r"[\w'.-]{4,40}", value):
        return False
    if re.search(r"(?:[:=]|\bww\b|->|→|//|/)\s*['\"]?$", gap):
        return not re.search(r"[.!?\n]", gap) and not value[0].isdigit()
    return False


def _codes(sheet: Sheet) -> Iterator[Hit]:
    for match in _DIGITS.finditer(sheet.text):
        before = _before(sheet, match.start(), 110)
        if _quizzed(before) or secret.FULL_DATE.fullmatch(match.group()):
            continue
        behind = sheet.text[match.end() : match.end() + 40]
        if score := _code_score(sheet, before, match.group(), behind):
            yield Hit("CREDENTIAL", *match.span(), score)


def _lettered(sheet: Sheet) -> Iterator[Hit]:
    """Codes of capitals and figures, as on a panel: never without a lock or a key stroke."""
    for match in _LETTERED.finditer(sheet.text):
        value, before = match.group(), _before(sheet, match.start(), 110)
        if not any(c.isalpha() for c in value) or _quizzed(before):
            continue
        behind = sheet.text[match.end() : match.end() + 40]
        locked = secret.LOCK.search(before) or secret.CODE.search(before)
        linked = re.search(r"(?::|=|\bmet|\btoets|, | is)\s?$", before[-14:])
        pressed = secret.PRESSED.match(behind)
        if (locked and linked and not secret.NO_SECRET.search(before)) or (
            pressed and (locked or _asked(sheet))
        ):
            yield Hit("CREDENTIAL", *match.span(), 0.8)


def _code_score(sheet: Sheet, before: str, value: str, behind: str) -> float:
    if secret.UNIT_BEHIND.match(behind) or secret.COUNTED.search(before):
        return 0.0
    words_for = max(_last(p, before) for p in (secret.CODE, secret.PASSWORD, secret.ACCOUNT))
    if words_for >= 0 and _last(secret.NO_SECRET, before) < words_for:
        return _coded_score(before, words_for, value)
    digits = sum(c.isdigit() for c in value)
    if secret.OTHER_NUMBER.search(before) or re.match(r"0[89]00", value):
        return 0.0
    if secret.STARRED.fullmatch(value) or secret.SINGLES.fullmatch(value):
        locked = secret.LOCK.search(before) or secret.LOCK.search(behind)
        return 0.8 if locked or secret.TYPE_IT.search(before) else 0.0
    dated = secret.SHORT_DATE.fullmatch(value) or re.fullmatch(r"(?:19|20)\d\d", value)
    if secret.PRESSED.match(behind) and digits >= 4 and not dated:
        typed = secret.TYPE_IT.search(before) or secret.LOCK.search(before) or _asked(sheet)
        return 0.85 if typed else 0.0
    if found := _locked_score(before, digits, dated=bool(dated)) or _keyed_score(before, value):
        return found
    short = len(sheet.text) <= len(value) + 25
    return 0.7 if _asked(sheet) and digits >= 4 and not dated and short else 0.0


def _coded_score(before: str, last: int, value: str) -> float:
    """Behind a word for a code: right behind it, or linked to it."""
    gap = before[last:]
    strong = secret.STRONGLY_LINKED.search(gap)
    if len(gap) > 75 or (secret.SHORT_DATE.fullmatch(value) and not (strong and len(gap) < 12)):
        return 0.0
    if re.fullmatch(r"(?:19|20)\d\d", value) and not strong:
        return 0.9 if len(gap) < 3 else 0.0
    if len(gap) < 3 or strong or secret.STARRED.fullmatch(value) or secret.SINGLES.fullmatch(value):
        return 0.9
    if re.search(r"(?:account|inlog\w*|wifi|ingelogd)$", before[:last], re.IGNORECASE):
        return 0.9 if re.search(r"[,?] ?$", gap) else 0.0
    own = re.search(r"(?:\bpin|\bpuk|\w{3}code)$", before[:last], re.IGNORECASE)
    beside = own and len(value) >= 4 and re.fullmatch(r"(?: \w+){1,3} ", gap)
    return 0.9 if beside or secret.ENDS_LINKED.search(gap) else 0.0


def _locked_score(before: str, digits: int, *, dated: bool) -> float:
    """Behind a lock: what it opens with, or stands on; "kluis 214" is a number on a door."""
    lock = _last(secret.LOCK, before)
    if lock < 0 or digits < 3:
        return 0.0
    gap = before[lock:]
    if len(gap) <= 60 and not dated and secret.OPENS.search(gap):
        return 0.85
    key_safe = _last(secret.KEY_SAFE, before)
    if key_safe < 0 or digits < 4:
        return 0.0
    rest = before[key_safe:]
    beside = re.fullmatch(r"(?: (?:bij|naast|van|in|aan|achter) (?:\w+ ){1,3})|[ :]{1,2}", rest)
    said = len(rest) <= 40 and re.search(r"\b(?:is|was)\s?$", rest)
    typed = len(rest) <= 50 and secret.TYPE_IT.search(rest)
    return 0.85 if beside or ((said or typed) and not dated) else 0.0


def _keyed_score(before: str, value: str) -> float:
    """Behind a lock, and closed with a key of its panel: "het paneel links, 2591#"."""
    lock = _last(secret.LOCK, before)
    near = lock >= 0 and len(before) - lock <= _NEAR
    return 0.85 if near and len(value) > 4 and value.endswith(_KEYS) else 0.0


def _spoken(sheet: Sheet) -> Iterator[Hit]:
    for number in spoken_numbers(sheet):
        before = _before(sheet, number.start, 110)
        behind = sheet.text[number.end : number.end + 40]
        if not 3 <= len(number.digits) <= 8 or _quizzed(before):
            continue
        word = secret.CODE.search(before) or secret.PASSWORD.search(before)
        linked = re.search(r"\b(?:is|met|:|dan|nu)\W*$", before)
        lock = secret.LOCK.search(before) or secret.KEY_SAFE.search(before)
        pressed = secret.PRESSED.match(behind) and len(number.digits) >= 4
        if (word and (linked or len(number.digits) >= 4)) or (lock and linked) or pressed:
            yield Hit("CREDENTIAL", number.start, number.end, 0.85)
