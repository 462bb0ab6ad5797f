"""Codes of figures: PINs, what a lock or an alarm opens with, a code read aloud."""

import re
from collections.abc import Iterator

from bot.detection.numbers import spoken_numbers
from bot.detection.recognizers import secret
from bot.detection.recognizers.secret_near import asked, last, quizzed, text_before
from bot.detection.sheet import Hit, Sheet

_DIGITS = re.compile(
    r"(?<![\w.,/:@€#+-])(?<!\w\*)(?:(?:(?<!\*)[#*])?\d{3,8}|\d{2,4}[- ]\d{2,4}(?:[- ]\d{2,4})?|\d(?:[ -]\d){3,7}|"  # noqa: E501
    r"\d{1,2}(?: ?- ?\d{1,2}){1,4}|\d{1,4}(?:\*\d{1,4}){1,4})(?![\w/:@]|[.,]\d|[- ]\d)(?: hekje| sterretje|[#*](?!\*))?"  # noqa: E501
)
_LETTERED = re.compile(
    r"(?<![\w@#.,/-])(?=[A-Z-]{0,8}\d)[A-Z0-9](?:-?[A-Z0-9]){2,8}(?![\w@-]|[.,]\d)"
)
_NEAR = 25  # code points from a lock to its code
_KEYS = ("#", "*", "hekje", "sterretje")  # what closes a code on a panel


def codes(sheet: Sheet) -> Iterator[Hit]:
    for match in _DIGITS.finditer(sheet.text):
        before = text_before(sheet, match.start(), 110)
        if quizzed(before) or secret.FULL_DATE.fullmatch(match.group()):
            continue
        behind = sheet.text[match.end() : match.end() + 40]
        if score := _code_score(sheet, before, match.group(), behind):
            yield Hit("CREDENTIAL", *match.span(), score)


def lettered(sheet: Sheet) -> Iterator[Hit]:
    """Codes of capitals and figures, as on a panel: never without a lock or a key stroke."""
    for match in _LETTERED.finditer(sheet.text):
        value, before = match.group(), text_before(sheet, match.start(), 110)
        if not any(c.isalpha() for c in value) or quizzed(before):
            continue
        behind = sheet.text[match.end() : match.end() + 40]
        locked = secret.LOCK.search(before) or secret.CODE.search(before)
        linked = re.search(r"(?::|=|\bmet|\btoets|, | is)\s?$", before[-14:])
        pressed = secret.PRESSED.match(behind)
        if (locked and linked and not secret.NO_SECRET.search(before)) or (
            pressed and (locked or asked(sheet))
        ):
            yield Hit("CREDENTIAL", *match.span(), 0.8)


def _code_score(sheet: Sheet, before: str, value: str, behind: str) -> float:
    if secret.UNIT_BEHIND.match(behind) or secret.COUNTED.search(before):
        return 0.0
    words_for = max(last(p, before) for p in (secret.CODE, secret.PASSWORD, secret.ACCOUNT))
    if words_for >= 0 and last(secret.NO_SECRET, before) < words_for:
        return _coded_score(before, words_for, value)
    digits = sum(c.isdigit() for c in value)
    if secret.OTHER_NUMBER.search(before) or re.match(r"0[89]00", value):
        return 0.0
    if secret.STARRED.fullmatch(value) or secret.SINGLES.fullmatch(value):
        locked = secret.LOCK.search(before) or secret.LOCK.search(behind)
        return 0.8 if locked or secret.TYPE_IT.search(before) else 0.0
    dated = secret.SHORT_DATE.fullmatch(value) or re.fullmatch(r"(?:19|20)\d\d", value)
    if secret.PRESSED.match(behind) and digits >= 4 and not dated:
        typed = secret.TYPE_IT.search(before) or secret.LOCK.search(before) or asked(sheet)
        return 0.85 if typed else 0.0
    if found := _locked_score(before, digits, dated=bool(dated)) or _keyed_score(before, value):
        return found
    short = len(sheet.text) <= len(value) + 25
    return 0.7 if asked(sheet) and digits >= 4 and not dated and short else 0.0


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
    lock = last(secret.LOCK, before)
    if lock < 0 or digits < 3:
        return 0.0
    gap = before[lock:]
    if len(gap) <= 60 and not dated and secret.OPENS.search(gap):
        return 0.85
    key_safe = last(secret.KEY_SAFE, before)
    if key_safe < 0 or digits < 4:
        return 0.0
    rest = before[key_safe:]
    beside = re.fullmatch(r"(?: (?:bij|naast|van|in|aan|achter) (?:\w+ ){1,3})|[ :]{1,2}", rest)
    said = len(rest) <= 40 and re.search(r"\b(?:is|was)\s?$", rest)
    typed = len(rest) <= 50 and secret.TYPE_IT.search(rest)
    return 0.85 if beside or ((said or typed) and not dated) else 0.0


def _keyed_score(before: str, value: str) -> float:
    """Behind a lock, and closed with a key of its panel: "het paneel links, 2591#"."""
    lock = last(secret.LOCK, before)
    near = lock >= 0 and len(before) - lock <= _NEAR
    return 0.85 if near and len(value) > 4 and value.endswith(_KEYS) else 0.0


def spoken(sheet: Sheet) -> Iterator[Hit]:
    for number in spoken_numbers(sheet):
        before = text_before(sheet, number.start, 110)
        behind = sheet.text[number.end : number.end + 40]
        if not 3 <= len(number.digits) <= 8 or quizzed(before):
            continue
        word = secret.CODE.search(before) or secret.PASSWORD.search(before)
        linked = re.search(r"\b(?:is|met|:|dan|nu)\W*$", before)
        lock = secret.LOCK.search(before) or secret.KEY_SAFE.search(before)
        pressed = secret.PRESSED.match(behind) and len(number.digits) >= 4
        if (word and (linked or len(number.digits) >= 4)) or (lock and linked) or pressed:
            yield Hit("CREDENTIAL", number.start, number.end, 0.85)
