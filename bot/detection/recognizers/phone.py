"""Private phone numbers, in figures and in words; public lines are no finding."""

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import PhoneNumberType

from bot.detection.allow import allowed
from bot.detection.cues import ADULT, KIN, PUBLIC_PHONE, line_of, near, words
from bot.detection.numbers import digits_only, spoken_numbers
from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.recognizers.iban import iban_spans
from bot.detection.sheet import Hit, Sheet

_MOBILE = re.compile(
    r"(?<![\w+.,/-])(?:(?:\+|00)31[ .-]{0,2}(?:\(0\))?[ .-]{0,2}|\(0(?=6\))|0)6\)?(?:[ .\-/]{0,3}\d){8}(?!\d)"  # noqa: E501
)
_FIXED = re.compile(
    r"(?<![\w+.,/-])(?:\(0\d{2,3}\)|0\d{2,3}|(?:\+|00)31[ .-]?(?:\(0\))?\d{2,3})[ .\-/]{0,3}"
    r"\d(?:[ .-]{0,2}\d){5,6}(?![\w]|[.,/-]\d)"
)
_ABROAD = re.compile(r"(?<![\w+])(?:\+|00)[1-9]\d{0,2}(?:[ .()-]{0,2}\d){7,12}(?!\d)")
_ACCOUNT = re.compile(r"[A-Z]{2}\d\d[ .]?[A-Z]{4}[ .]?$")
_CUE = words(
    r"bel\w*", r"tel\w*", r"nummer\w*", r"06", r"mobiel\w*", r"bereik\w*", r"app\w*", r"nr"
)
_PRIVATE = (PhoneNumberType.MOBILE, PhoneNumberType.PERSONAL_NUMBER)
_LINES = (PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


class PhoneNlRecognizer(DutchRecognizer):
    """Mobile numbers always; landlines unless the line around them is an organisation's."""

    ENTITIES = ("PHONE_NUMBER",)

    def spans(self, sheet: Sheet) -> Iterator[Hit]:
        """Numbers that lead to a person."""
        taken: list[tuple[int, int]] = [(s, e) for s, e, _ in iban_spans(sheet)]
        for pattern in (_MOBILE, _FIXED, _ABROAD):
            for match in pattern.finditer(sheet.text):
                span = match.span()
                if not _overlaps(span, taken) and (score := _score(sheet, *span)):
                    taken.append(span)
                    yield Hit("PHONE_NUMBER", *span, score)
        yield from _spoken(sheet)


def _overlaps(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in taken)


def _score(sheet: Sheet, start: int, end: int) -> float:
    value = sheet.text[start:end]
    if allowed(sheet, "phone", value) or _ACCOUNT.search(sheet.text[max(0, start - 12) : start]):
        return 0.0
    kind = _kind(value)
    if kind in _PRIVATE:
        return 0.95
    return _fixed_score(sheet, start, end) if kind in _LINES else 0.0


def _kind(value: str) -> int | None:
    try:
        number = phonenumbers.parse(value.replace("(0)", ""), "NL")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return int(phonenumbers.number_type(number))


def _fixed_score(sheet: Sheet, start: int, end: int) -> float:
    line = line_of(sheet.text, start)
    if KIN.search(line) or near(sheet, ADULT, start, 40, end - start + 30):
        return 0.9
    return 0.0 if PUBLIC_PHONE.search(line) else 0.75


def _spoken(sheet: Sheet) -> Iterator[Hit]:
    for number in spoken_numbers(sheet):
        digits = digits_only(number.digits)
        mobile = digits.startswith("06") and len(digits) == 10
        if mobile or (8 <= len(digits) <= 11 and digits.startswith("06")):
            score = 0.95 if mobile else 0.7
        elif len(digits) == 8 and re.search(r"06\W*$", sheet.text[: number.start]):
            score = 0.9
        else:
            continue
        if mobile or near(sheet, _CUE, number.start, 80):
            yield Hit("PHONE_NUMBER", number.start, number.end, score)
