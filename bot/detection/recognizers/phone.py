"""Private phone numbers, in figures and in words; public lines are no finding."""

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import PhoneNumberType

from bot.detection.allow import allowed
from bot.detection.cues import ADULT, PUBLIC_PHONE, near, words
from bot.detection.numbers import SpokenNumber, digits_only, spoken_numbers
from bot.detection.recognizers.around import (
    ORGANISATION,
    PERSONAL,
    Mask,
    clause,
    named_near,
)
from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.recognizers.iban import iban_spans
from bot.detection.sheet import Hit, Sheet, spoken

_MOBILE = re.compile(
    r"(?=[+(0Oo3])(?:(?<![\w+-])|(?<=(?i:tel))|(?<=(?i:mob))|(?<=(?i:nr)))(?<!\+\d\d )"
    r"(?:(?<!\d[.,/])|(?<=\d{5}[,/]))(?:(?:\+|00 ?)31[ .-]{0,2}(?:\(0\)|0(?=[ .-]{0,2}6))?[ .-]{0,2}|\(0(?=6\))|[0Oo] ?|31(?=6\d{8}(?!\d)))6\)?"  # noqa: E501
    r"(?:[:,](?=\d{8}))?(?:[ .\-/_]{0,3}\d){8}(?!\d|[:.]\d|/[1-9])"
)
_LOOSE = re.compile(r"(?<![\w+.,/-])0[1-9](?:[ .-]{0,3}\d){7,9}(?!\w|[:/]\d|[.,-]\d)")
_FIXED = re.compile(
    r"(?<![\w+.,/-])(?:\(0\d{2,3}\)|0\d{2,3}|(?:\+|00)31[ .-]?(?:\(0\))?\d{2,3})[ .\-/]{0,3}"
    r"\d(?:[ .-]{0,2}\d){5,6}(?![\w]|[.,/-]\d)"
)
_ABROAD = re.compile(r"(?<![\w+])(?:\+|00)[1-9]\d{0,2}(?:[ .()-]{0,2}\d){7,12}(?!\d)")
_ACCOUNT = re.compile(r"[A-Z]{2}\d\d[ .]?[A-Z]{4}[ .]?$")
_DATES = re.compile(
    r"06 ?([-/.]) ?\d{1,2} ?\1 ?(?:19|20)\d\d(?!\d)|06[-/]\d\d[ .]{1,2}\d\d[-/]\d\d[ .]{1,2}\d\d"
)
_CUE = words(
    r"bel\w*", r"gebeld", r"tel\w*", r"nummer\w*", r"nr", r"06", r"mobiel\w*", r"bereik\w*",
    r"app\w*", r"sms\w*", r"call", r"phone", r"whatsapp\w*", r"terugbel\w*", r"noodcontact", r"gsm",
    r"num(?:ber|ero|éro|ara\w*|mer)",
)  # fmt: skip
_OTHER = words(
    r"\w*(?:bestel|factu|ticket|artikel|serie|pakbon|track|kenmerk|isbn|transactie)"
    r"(?:ing)?(?:nummer|nr)?\.?",
    r"\w*(?:order|klant|bon|lot)(?:nummer|nr)\.?",
    r"order|klant|(?:kassa|af ?haal)?bon",
)
_ORDERED = re.compile(
    r"\b(?:na)?bestelling(?: (?:is|met|nr\.?|nummer))?[ :#=]{1,3}$", re.IGNORECASE
)
_COUNTED = "01234567890"  # said aloud by who counts
_SCHOOLS_OWN = words(
    r"(?:school|kamp|nood|dienst|piket|groeps|team)-?(?:telefoon|mobiel\w*|gsm|toestel)",
    r"(?:telefoon|mobiel\w*|gsm|toestel|nummer) van (?:de |het |onze |ons )?(?:school|locatie|receptie|balie|administratie|kampleiding)",  # noqa: E501
    r"school (?:is|blijft) .{0,25}bereikbaar",
)  # fmt: skip
_OWN = words(r"eigen (?:mobiel|nummer|telefoon|toestel|06)\w*", r"(?:mijn|mn|m'n)")
_TRADE = words(
    r"loodgieter\w*", r"slotenmaker", r"glaszetter", r"monteur", r"elektricien", r"installateur",
    r"\w*(?:dienst|bedrijf|centrale|verhuur|kantoor|winkel)",
)  # fmt: skip
_PRIVATE = (PhoneNumberType.MOBILE, PhoneNumberType.PERSONAL_NUMBER)
_LINES = (PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
_UNSURE = 0.55  # "ask": it may be anybody's


class PhoneNlRecognizer(DutchRecognizer):
    """Mobile numbers always; landlines unless the words around them are an organisation's."""

    ENTITIES = ("PHONE_NUMBER",)

    def spans(self, sheet: Sheet) -> Iterator[Hit]:
        """Numbers that lead to a person."""
        taken = Mask(len(sheet.text))
        for start, end, _ in iban_spans(sheet):
            taken.take(start, end)
        for pattern, judge in (
            (_MOBILE, _mobile_score),
            (_FIXED, _fixed_score),
            (_ABROAD, _abroad_score),
            (_LOOSE, _loose_score),
        ):
            for match in pattern.finditer(sheet.text):
                span = match.span()
                if taken.free(*span) and not _skipped(sheet, *span) and (s := judge(sheet, *span)):
                    taken.take(*span)
                    yield Hit("PHONE_NUMBER", *span, s)
        yield from _spoken(sheet)


def _skipped(sheet: Sheet, start: int, end: int) -> bool:
    before = spoken(sheet.text[max(0, start - 24) : start])
    return (
        allowed(sheet, "phone", sheet.text[start:end])
        or bool(_ACCOUNT.search(before))
        or bool(_OTHER.search(before))
        or bool(_ORDERED.search(before))
    )


def _mobile_score(sheet: Sheet, start: int, end: int) -> float:
    """A mobile number leads to a person, assigned or not, unless it is the school's own."""
    around = clause(sheet.text, start, end, 90, 40)
    if _DATES.match(sheet.text, start) and not _CUE.search(around):
        return 0.0
    if not spoken(around):
        return 0.95
    if PERSONAL.search(around) or _OWN.search(around) or named_near(sheet, start, end):
        return 0.95
    if _SCHOOLS_OWN.search(clause(sheet.text, start, end, 60, 12)):
        return 0.0
    return _UNSURE if _TRADE.search(around) else 0.95


def _fixed_score(sheet: Sheet, start: int, end: int) -> float:
    kind = _kind(sheet.text[start:end])
    if kind in _PRIVATE:
        return _mobile_score(sheet, start, end)
    around = clause(sheet.text, start, end)
    organised = ORGANISATION.search(around) or PUBLIC_PHONE.search(around)
    if kind not in _LINES and not (
        _possible(sheet.text[start:end]) and _personal(sheet, start, end)
    ):
        return 0.0
    if _personal(sheet, start, end):
        return 0.9
    if organised or digits_only(sheet.text[start:end]).endswith("00"):
        return 0.0
    return 0.75 if near(sheet, ADULT, start, 40, end - start + 30) else _UNSURE


def _personal(sheet: Sheet, start: int, end: int) -> bool:
    """Whether a line is somebody's at home: kin or home close by, or a name without a trade."""
    close = clause(sheet.text, start, end, 60, 40)
    if PERSONAL.search(close):
        return True
    around = clause(sheet.text, start, end)
    organised = ORGANISATION.search(around) or PUBLIC_PHONE.search(around)
    return not organised and named_near(sheet, start, end, 30, 20)


def _possible(value: str) -> bool:
    digits = digits_only(value)
    return len(digits) == 10 and not digits.startswith(
        ("06", "080", "090", "085", "088", "084", "097")
    )


def _kind(value: str) -> int | None:
    try:
        number = phonenumbers.parse(value.replace("(0)", ""), "NL")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return int(phonenumbers.number_type(number))


def _abroad_score(sheet: Sheet, start: int, end: int) -> float:
    kind = _kind(sheet.text[start:end])
    if kind in _PRIVATE:
        return 0.95
    return _fixed_score(sheet, start, end) if kind in _LINES else 0.0


def _loose_score(sheet: Sheet, start: int, end: int) -> float:
    """A number with a figure too many or too few: a typing error leaks as well."""
    digits = digits_only(sheet.text[start:end])
    around = clause(sheet.text, start, end, 50, 30)
    wrong = (digits[1] == "6" and len(digits) != 10) or (digits[1] == "5" and len(digits) == 11)
    if not wrong or _DATES.match(sheet.text, start):
        return 0.0
    return 0.8 if PERSONAL.search(around) or _CUE.search(around) else 0.0


def _spoken(sheet: Sheet) -> Iterator[Hit]:
    for number in spoken_numbers(sheet):
        if score := _said_score(sheet, number):
            yield Hit("PHONE_NUMBER", number.start, number.end, score)


def _said_score(sheet: Sheet, number: SpokenNumber) -> float:
    digits = number.digits
    if allowed(sheet, "phone", digits) or digits in _COUNTED:
        return 0.0
    if (digits.startswith("06") and len(digits) == 10) or re.fullmatch(r"(?:00)?316\d{8}", digits):
        return 0.95
    cued = near(sheet, _CUE, number.start, 80, number.end - number.start + 40)
    if digits.startswith("06") and 8 <= len(digits) <= 12 and cued:
        return 0.7
    if digits.startswith("0") and len(digits) == 10 and not digits.startswith(("08", "09")):
        around = clause(sheet.text, number.start, number.end)
        if PERSONAL.search(around):
            return 0.85
        organised = ORGANISATION.search(around) or PUBLIC_PHONE.search(around)
        return 0.0 if organised else 0.6 * cued
    return 0.0
