"""Passwords, PINs and codes of doors, alarms and accounts: only the secret itself is the span."""

import re
from collections.abc import Iterator
from itertools import pairwise

from bot.detection.cues import MADE_UP, words
from bot.detection.numbers import spoken_numbers
from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.sheet import Hit, Sheet

_PASSWORD = words(
    r"ww", r"w8w", r"wachtw\w*", r"w\.?w\.?", r"paswoord\w*", r"pass(?:word|code)?", r"pw", r"pwd",
    r"\w*-?wachtwoord(?:en)?", r"wifi\w*", r"wi-fi", r"\w*inlog\w*", r"log ?in", r"ingelogd", r"inloggen",  # noqa: E501
    r"gebruikersnaam", r"digid", r"\w*account", r"herstel(?:sleutel|code)", r"admin", r"bitlocker",
    r"licentiesleutel", r"beheerder\w*",
)  # fmt: skip
_CODE = words(
    r"\w*pincode\w*", r"pin", r"pincodes?", r"pasje", r"schoolpas", r"bankpas", r"tankpas",
    r"(?:toegangs|deur|alarm|kluis|hek|poort|kopieer|sleutelkast|slot|cijfer|beveiligings|verificatie|2fa|sms|inlog|ontgrendel|bel|garage|kast|lift|berging|magazijn|fietsenhok|kelder|schoolhek|entree|print|scherm|tablet|telefoon)-?code\w*",
    r"alarm", r"\w*kluis(?:je)?", r"sleutelkast\w*", r"sleutelkluis\w*", r"\w*slot", r"cijferslot", r"\w*hek",  # noqa: E501
    r"(?:achter|voor|buiten|zij)?deur", r"code", r"codes", r"2fa", r"sms-code", r"verificatie\w*",
)  # fmt: skip
_SYSTEM = words(
    r"parnassys|esis|magister|somtoday|som|snappet|gynzy|basispoort|teams|office|afas|youforce|digibord",
    r"laptop\w*|chromebook\w*|ipad\w*|tablet\w*|pc|instagram|facebook|insta|canva|mail(?:box)?|kopieer\w*",
    r"printer|rooster\w*|portaal|examenportaal|cito|zermelo|social schools|parro|netflix|youtube|google",  # noqa: E501
)  # fmt: skip
_QUIZ = words(
    r"kahoot\w*|lesson ?up|quiz\w*|blooket|wordwall|mentimeter|menti|socrative|klascode|groepscode|gimkit",  # noqa: E501
    r"nearpod|escape ?room|speurtocht|meeting|vergader\w*|teams-\w+|zoom|join|deelnamecode|padlet|kluisjes",  # noqa: E501
    r"kortingscode\w*|klassencode|plickers|quizizz|quizlet|scratch",
)  # fmt: skip
_LOCK = words(
    r"alarm\w*", r"deur\w*", r"kluis\w*", r"ww", r"wachtwoord\w*", r"sleutelkast\w*", r"pas(?:je)?"
)
_USER = re.compile(
    r"[\s,;]{1,3}(?://?|en|met|oud|nieuw|\\|)? ?(?:ww|wachtwoord|pw|pass\w*|//?)(?!\w)", re.I
)
_CUE_ITSELF = re.compile(
    r"(?:gebruikersnaam|inlog\w*|wachtwoord\w*|\w*account|user(?:name)?|admin|login)", re.IGNORECASE
)
_LINK = re.compile(
    r"(?::|=|\bis\b|\bwordt\b|\bword\b|\bnaar\b|\bmet\b|\bgewoon\b|//?|->|→|\bwas\b|\bnu\b|>|\bww\b|\bpw\b)"
)
_CHUNK = re.compile(r"[^\s\"“”]+(?:'[^\s]+)?")
_DIGITS = re.compile(
    r"(?<![\w.,/:@€-])(?:\d{3,8}|\d{2,4}[- ]\d{2,4}(?:[- ]\d{2,4})?|\d(?:[ -]\d){3,7})(?![\w/:@]|[.,]\d|[- ]\d)(?: hekje| sterretje|[#*])?"  # noqa: E501
)
_TAGGED = re.compile(
    r"(?<![\w-])(?:[A-Z]-\d{4,8}|\d{4,8}(?:-\d{4,8}){2,}|[A-Z0-9]{2,5}(?:-[A-Z0-9]{2,5}){1,4})(?![\w-])"
)
_KNOWN = re.compile(
    r"(?:https?:|www\.|.*@.*\..*|\d{1,2}[.:]\d{2}u?|\d{1,2}u(?:ur)?|\d{1,2}[-/]\d{1,2}(?:[-/]\d{2,4})?|"
    r"[1-8][a-h]\d?|\d[a-z]{1,4}\d?|[a-z]{1,2}\d{1,3}|\d{4}-\d{4}|\d+[.,]?\d*(?:%|x|e|ste|de|min|uur|euro|cm|kg)|"
    r"€.*|\d{1,2}\.\d{1,2}|@.*|#[a-z]+|groep\d|covid-?19|h\d|\d+/\d+.*)",
    re.IGNORECASE,
)
_STATUS = frozenset(
    ["veranderd", "gewijzigd", "verlopen", "vergeten", "kwijt", "nieuw", "nieuwe", "aangepast", "niet", "bij", "te", "in", "weg", "gereset", "gekraakt", "geblokkeerd", "rood", "oranje", "geel", "groen", "bekend", "hetzelfde", "dezelfde", "weer", "nog", "al", "op", "via", "voor", "van", "de", "het", "een", "zoals", "altijd", "ook", "gewoon", "ergens", "daar", "hier", "mij", "jou", "mail", "mailen", "vragen", "onbekend", "verplicht", "fout", "goed", "juist", "kapot", "stuk", "dicht", "open", "nodig", "gegeven", "gedeeld", "geheim", "persoonlijk", "uit", "aan", "af", "hem", "haar", "je", "die", "dat", "wat", "wie", "waar", "hoe", "en", "of", "maar", "dus", "want", "te_halen", "moeten", "mag", "kan", "wil", "zo", "zelf", "binnen", "buiten", "morgen", "vandaag", "straks", "later", "eerst", "zeker", "veilig", "onveilig", "sterk", "zwak", "uniek", "klaar", "geregeld", "ingesteld", "terug", "doorgegeven", "veranderen", "wijzigen", "resetten", "opgehangen", "verstuurd", "gemaild", "beschikbaar", "gratis", "traag", "snel", "ziek", "vrij", "jarig"]  # noqa: E501
)  # fmt: skip
_REACH = 130


class CredentialRecognizer(DutchRecognizer):
    """A secret counts with its value; "het wachtwoord is gewijzigd" holds none."""

    ENTITIES = ("CREDENTIAL",)

    def spans(self, sheet: Sheet) -> Iterator[Hit]:
        """The values behind a word for a secret."""
        text = sheet.text
        if MADE_UP.search(text) or not (
            _PASSWORD.search(text) or _CODE.search(text) or _SYSTEM.search(text)
        ):
            return
        if _QUIZ.search(text) and not _LOCK.search(text):
            return
        taken: list[tuple[int, int]] = []
        for hit in (*_tagged(sheet), *_passwords(sheet), *_codes(sheet), *_spoken(sheet)):
            if not any(hit.start < e and s < hit.end for s, e in taken):
                taken.append((hit.start, hit.end))
                yield hit


def _before(sheet: Sheet, start: int, reach: int = _REACH) -> str:
    return sheet.text[max(0, start - reach) : start]


def _tagged(sheet: Sheet) -> Iterator[Hit]:
    for match in _TAGGED.finditer(sheet.text):
        value = match.group()
        before = _before(sheet, match.start())
        strong = _PASSWORD.search(before) or re.search(r"(?i)[\w-]+code\b|sleutel\b", before)
        if strong and sum(c.isdigit() for c in value) >= 2 and not _quizzed(before):
            yield Hit("CREDENTIAL", *match.span(), 0.85)


def _quizzed(before: str) -> bool:
    """Whether the nearest thing named before the value is a quiz."""
    quiz = max((m.end() for m in _QUIZ.finditer(before)), default=-1)
    lock = max((m.end() for m in _LOCK.finditer(before)), default=-1)
    return quiz > lock


def _passwords(sheet: Sheet) -> Iterator[Hit]:
    for chunk in _CHUNK.finditer(sheet.text):
        start, end = _trim(sheet.text, *chunk.span())
        if end - start < 3:
            continue
        before = _before(sheet, start)
        if _USER.match(sheet.text, end) or _CUE_ITSELF.fullmatch(sheet.text[start:end]):
            continue
        if not _quizzed(before) and (score := _password_score(before, sheet.text[start:end])):
            yield Hit("CREDENTIAL", start, end, score)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in "([{'\":,;=>/`":
        start += 1
    for sign in (
        "ww:",
        "ww=",
        "ww/",
        "wachtwoord:",
        "wachtwoord=",
        "pw:",
        "pass:",
        "pin:",
        "code:",
    ):
        if text[start:end].lower().startswith(sign):
            start += len(sign)
    while end > start and (text[end - 1] in ")]}'\",;.?:`" or ord(text[end - 1]) > 0x2000):
        end -= 1
    return start, end


def _password_score(before: str, value: str) -> float:
    if _KNOWN.fullmatch(value) or value.lower() in _STATUS:
        return 0.0
    last = max((m.end() for m in _PASSWORD.finditer(before)), default=-1)
    gap = before[last:] if last >= 0 else ""
    if last >= 0 and _mixed(value):
        return 0.95 if _LINK.search(gap) or len(gap) < 3 else 0.85
    if last >= 0 and _plain_value(gap, value):
        return 0.8
    system = max((m.end() for m in _SYSTEM.finditer(before)), default=-1)
    if (
        system >= 0
        and _mixed(value)
        and len(value) >= 6
        and re.search(r"(?:\bis|:|=|//?)\s*$", before)
    ):
        return 0.75
    return 0.0


def _mixed(value: str) -> bool:
    """Whether a chunk looks like a made secret: letters with figures, signs or odd capitals."""
    if len(value) < 4 or not any(c.isalpha() for c in value):
        return False
    digits = any(c.isdigit() for c in value)
    if value.rstrip("!?").isalpha() and value[1:].rstrip("!?").islower():
        return False
    signs = any(c in "!#$%&*+=@^~_?" for c in value[1:])
    capital = any(a.islower() and b.isupper() for a, b in pairwise(value))
    return (digits and not re.fullmatch(r"\d+[a-z]{1,3}", value)) or signs or capital


def _plain_value(gap: str, value: str) -> bool:
    """Whether an ordinary word stands where only the secret can stand."""
    if not re.fullmatch(r"[\w'-]{4,40}", value):
        return False
    if re.search(r"(?:[:=]|\bww\b|->|→|//|/)\s*['\"]?$", gap):
        return not re.search(r"[.!?\n]", gap) and not value[0].isdigit()
    return False


def _codes(sheet: Sheet) -> Iterator[Hit]:
    for match in _DIGITS.finditer(sheet.text):
        before = _before(sheet, match.start(), 110)
        if _quizzed(before):
            continue
        if score := _code_score(before, match.group(), sheet.text[match.end() : match.end() + 12]):
            yield Hit("CREDENTIAL", *match.span(), score)


def _code_score(before: str, value: str, behind: str) -> float:
    if re.match(r" ?(?:u\b|uur|euro|min|leerling|kinderen|x\b|stuks|t/m)", behind) or re.search(
        r"(?:€|\bom|\btot|\bvan) ?$", before
    ):
        return 0.0
    codes = list(_CODE.finditer(before))
    passwords = list(_PASSWORD.finditer(before))
    if (not codes and not passwords) or re.fullmatch(r"\d\d?-\d\d?-\d{2,4}", value):
        return 0.0
    last = max((m.end() for m in (*codes, *passwords)), default=0)
    gap = before[last:]
    if len(gap) < 3 or (
        len(gap) <= 75 and re.search(r"(?:[:=]|\bis|\bmet|\bnaar|\bwordt|\bnu|->|>)\s*$", gap)
    ):
        return 0.9
    return 0.0


def _spoken(sheet: Sheet) -> Iterator[Hit]:
    for number in spoken_numbers(sheet):
        before = _before(sheet, number.start, 110)
        secret = _CODE.search(before) or _PASSWORD.search(before)
        if (
            secret
            and 3 <= len(number.digits) <= 8
            and re.search(r"\b(?:is|met|:|dan|nu)\W*$", before)
            and not _quizzed(before)
        ):
            yield Hit("CREDENTIAL", number.start, number.end, 0.85)
