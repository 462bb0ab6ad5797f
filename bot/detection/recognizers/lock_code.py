"""Codes of figures: PINs, what a lock or an alarm opens with, a code read aloud."""

import re
from collections.abc import Iterator

from bot.detection.numbers import SPOKEN, SpokenNumber, spoken_numbers, spoken_pairs
from bot.detection.recognizers import secret
from bot.detection.recognizers.plate import dashed_plate
from bot.detection.recognizers.secret_near import asked, last, quizzed, text_before, user_name
from bot.detection.sheet import Hit, Sheet

_DIGITS = re.compile(
    r"(?<![\w.,/@€#+-])(?<![\d/]:)(?<!\w\*)(?:(?:(?<!\*)[#*])?\d{3,8}|\d{2,4}[- ]\d{2,4}(?:[- ]\d{2,4})?|\d(?:[ -]\d){3,7}|"  # noqa: E501
    r"\d{1,2}(?: ?- ?\d{1,2}){1,4}|\d{1,4}(?:\*\d{1,4}){1,4})(?![\w/:@]|[.,]\d|[- ]\d|-[A-Z])(?: hekje| sterretje|[#*](?!\*))?"  # noqa: E501
)
_LETTERED = re.compile(
    r"(?<![\w@#.,/-])(?=[A-Z-]{0,8}\d)[A-Z0-9](?:-?[A-Z0-9]){2,8}(?![\w@-]|[.,]\d)"
)
_IN_A_ROW = re.compile(
    r"\s?(?:[,;/]|en|of|\n)(?: en)?\s{0,2}(?:[-*•] ?)?((?:[^\W\d_][\w'-]{1,20}[ :=]{1,3}){0,3})",
    re.IGNORECASE,
)
_SAID = re.compile(r"\b(?:is|met|:|dan|nu)\W*$|[:=]\W*$")
_TIMES = re.compile(
    r"(?<!\w)(?:[2-8]|twee|drie|vier|vijf|zes|zeven|acht) ?(?:keer|maal|x) "
    r"(?:de |het |een )?(\d{1,2}|[a-zë]{3,12})(?!\w)",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"(?: (?:bij|naast|van|in|aan|achter) (?:\w+ ){1,3})|[ :=]{1,3}")
_STILL = re.compile(
    r"\b(?:is|was)(?: het| dat)?((?: (?:nog|steeds|gewoon|weer|nu)){0,3})\s?$", re.IGNORECASE
)
_NEXT = 50  # code points from a safe for keys to the words that link its code
_ROW = 75  # code points between two codes in one row
_BEHIND = 60  # code points
_NEAR = 25  # code points from a lock to its code
_KEYS = ("#", "*", "hekje", "sterretje")  # what closes a code on a panel


def codes(sheet: Sheet) -> Iterator[Hit]:
    last_end = -1
    for match in _DIGITS.finditer(sheet.text):
        before = text_before(sheet, match.start(), 110)
        if quizzed(before) or secret.FULL_DATE.fullmatch(match.group()):
            continue
        behind = sheet.text[match.end() : match.end() + _BEHIND]
        score = _code_score(sheet, before, match.group(), behind)
        near = last_end >= 0 and match.start() - last_end <= _ROW
        if not score and near:
            score = _series_score(sheet.text[last_end : match.start()], match.group(), behind)
        if score and not user_name(sheet, match.end()):
            last_end = match.end()
            yield Hit("CREDENTIAL", *match.span(), score)


def _series_score(gap: str, value: str, behind: str) -> float:
    """Behind another code, in one row with it: "2580, 1470 en 33120", "alarm 2580, poort 1470"."""
    row = _IN_A_ROW.fullmatch(gap)
    if row is None or secret.UNIT_BEHIND.match(behind) or secret.counted(gap):
        return 0.0
    thing = row[1] or ""
    of_lock = any(p.search(thing) for p in (secret.LOCK, secret.PLACE, secret.DEVICE))
    return 0.8 if of_lock or not (thing or secret.dated(value)) else 0.0


def lettered(sheet: Sheet) -> Iterator[Hit]:
    """Codes of capitals and figures, as on a panel: never without a lock or a key stroke."""
    for match in _LETTERED.finditer(sheet.text):
        value, before = match.group(), text_before(sheet, match.start(), 110)
        if not any(c.isalpha() for c in value) or quizzed(before):
            continue
        if dashed_plate(value) and not secret.CODE.search(before):
            continue
        behind = sheet.text[match.end() : match.end() + 40]
        locked = secret.LOCK.search(before) or secret.CODE.search(before)
        code = last(secret.CODE, before)
        linked = bool(re.search(r"(?::|=|\bmet|\btoets|, | is)\s?$", before[-14:]))
        linked = linked or (code >= 0 and secret.of_a_thing(before[code:]))
        pressed = secret.PRESSED.match(behind)
        if (
            (locked and linked and not secret.NO_SECRET.search(before))
            or (pressed and (locked or asked(sheet)))
            or secret.opens(before, behind)
        ):
            yield Hit("CREDENTIAL", *match.span(), 0.8)


def _code_score(sheet: Sheet, before: str, value: str, behind: str) -> float:
    if secret.UNIT_BEHIND.match(behind) or secret.counted(before):
        return 0.0
    digits = sum(c.isdigit() for c in value)
    dated = secret.dated(value)
    if digits >= 4 and not dated and _told(before, value, behind):
        return 0.85
    words_for = max(last(p, before) for p in (secret.CODE, secret.PASSWORD, secret.ACCOUNT))
    if words_for >= 0 and last(secret.NO_SECRET, before) < words_for:
        return _coded_score(before, words_for, value)
    if secret.OTHER_NUMBER.search(before) or re.match(r"0[89]00", value):
        return 0.0
    if secret.STARRED.fullmatch(value) or secret.SINGLES.fullmatch(value):
        locked = secret.LOCK.search(before) or secret.LOCK.search(behind)
        return 0.8 if locked or secret.TYPE_IT.search(before) else 0.0
    if secret.PRESSED.match(behind) and digits >= 4 and not dated:
        typed = any(p.search(before) for p in (secret.TYPE_IT, secret.LOCK, secret.PLACE))
        typed = typed or asked(sheet)
        return 0.85 if typed else 0.0
    if found := _locked_score(before, value) or _keyed_score(before, value, behind):
        return found
    short = len(sheet.text) <= len(value) + 25 or (not before and behind[:1] in tuple(",.!"))
    return 0.7 if asked(sheet) and digits >= 4 and not dated and short else 0.0


def _told(before: str, value: str, behind: str) -> bool:
    """Whether it is said outright that this is a code, or what a lock is opened with or set to."""
    if secret.named_behind(behind) and not secret.OTHER_NUMBER.search(before[-30:]):
        return True
    return secret.opens(before, behind) or secret.on_a_lock(before, value, behind)


def _coded_score(before: str, last: int, value: str) -> float:
    """Behind a word for a code: right behind it, or linked to it."""
    gap = before[last:]
    strong = secret.STRONGLY_LINKED.search(gap)
    short_date = secret.SHORT_DATE.fullmatch(value) and secret.dated(value)
    if len(gap) > 75 or (short_date and not (strong and len(gap) < 12)):
        return 0.0
    if re.fullmatch(r"(?:19|20)\d\d", value) and not strong:
        return 0.9 if len(gap) < 3 else 0.0
    if len(gap) < 3 or strong or secret.STARRED.fullmatch(value) or secret.SINGLES.fullmatch(value):
        return 0.9
    if re.search(r"(?:account|inlog(?!code)\w*|wifi|ingelogd)$", before[:last], re.IGNORECASE):
        return 0.9 if re.search(r"[,?] ?$", gap) else 0.0
    if secret.of_a_thing(gap):
        return 0.9
    own = re.search(r"(?:\bpin|\bpuk|\w{3}code)$", before[:last], re.IGNORECASE)
    beside = own and len(value) >= 4 and re.fullmatch(r"(?: \w+){1,3} \(?", gap)
    return 0.9 if beside or secret.ENDS_LINKED.search(gap) else 0.0


def _locked_score(before: str, value: str) -> float:
    """Behind a lock: what it opens with, or stands on; "kluis 214" is a number on a door."""
    digits, dated = sum(c.isdigit() for c in value), secret.dated(value)
    lock = last(secret.LOCK, before)
    gap = before[lock:]
    if lock >= 0 and digits >= 3 and len(gap) <= 60 and secret.OPENS.search(gap):
        said = re.search(r"[.!?] .*\bmet $", gap) is None  # "... open? Hij komt met 300 broodjes"
        if said and (not dated or re.search(r"\bstaat (?:\w+ )?op $", gap)):
            return 0.85
    key_safe = last(secret.KEY_SAFE, before)
    of_slot = before[:key_safe].lower().endswith(("slot", "slotje"))
    if key_safe < 0 or digits < (3 if of_slot else 4):
        return 0.0
    rest = before[key_safe:]
    beside = _BESIDE.fullmatch(rest) and not (dated and "-" in value)
    if beside or (not dated and secret.of_a_thing(rest)):
        return 0.85
    still = _STILL.search(rest)
    if len(rest) <= _NEXT and still and (still[1] or not dated):
        return 0.85
    return 0.85 if len(rest) <= _NEXT and not dated and secret.TYPE_IT.search(rest) else 0.0


def _keyed_score(before: str, value: str, behind: str) -> float:
    """Beside a lock, and closed with a key of its panel: "het paneel links, 2591#"."""
    lock = last(secret.LOCK, before)
    near = (lock >= 0 and len(before) - lock <= _NEAR) or secret.LOCK.search(behind[:_NEAR])
    return 0.85 if near and len(value) > 4 and value.endswith(_KEYS) else 0.0


def spoken(sheet: Sheet) -> Iterator[Hit]:
    """Codes read aloud, figure by figure or as one does a year."""
    for number in (*spoken_numbers(sheet), *spoken_pairs(sheet)):
        before = text_before(sheet, number.start, 110)
        behind = sheet.text[number.end : number.end + _BEHIND]
        if not quizzed(before) and _said_as_code(number, before, behind):
            yield Hit("CREDENTIAL", number.start, number.end, 0.85)


def _said_as_code(number: SpokenNumber, before: str, behind: str) -> bool:
    size = len(number.digits)
    word = secret.CODE.search(before) or secret.PASSWORD.search(before)
    linked = _SAID.search(before)
    lock = secret.LOCK.search(before) or secret.KEY_SAFE.search(before)
    if number.words == 2:
        return bool(size == 4 and linked and (word or lock) and secret.ends(behind))
    pressed = secret.PRESSED.match(behind) and size >= 4
    said = (word and (linked or size >= 4)) or (lock and linked) or pressed
    return 3 <= size <= 8 and bool(said)


def times(sheet: Sheet) -> Iterator[Hit]:
    """Codes told as "4 keer de 7"."""
    for match in _TIMES.finditer(sheet.text):
        figure = match[1].lower()
        if not (figure.isdigit() or figure in SPOKEN):
            continue
        before = text_before(sheet, match.start(), 110)
        behind = sheet.text[match.end() : match.end() + _BEHIND]
        named = any(p.search(before) for p in (secret.CODE, secret.PASSWORD, secret.LOCK))
        goes_on = behind.startswith(" en ") and not secret.PRESSED.match(behind)
        told = named and _SAID.search(before) and secret.ends(behind) and not goes_on
        if told and not quizzed(before):
            yield Hit("CREDENTIAL", *match.span(), 0.8)
