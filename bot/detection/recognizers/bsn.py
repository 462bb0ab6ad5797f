"""The citizen service number (BSN) and the school number (onderwijsnummer) that stands in for it."""  # noqa: E501

import re
from collections.abc import Iterator

from stdnum.nl import bsn, onderwijsnummer

from bot.detection.cues import near, words
from bot.detection.numbers import digits_only, spoken_numbers
from bot.detection.recognizers.around import PERSONAL, clause, made_up, named_near
from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.sheet import Hit, Sheet

_CUE = words(
    r"bsn\w*", r"b[. ]?s[. ]?n\.?", r"bu?r?gere? ?ser?vi\w*", r"sofi\w*(?: ?nummer)?", r"pgn\w*",
    r"ond(?:erw(?:ijs)?)?\.? ?n(?:ummer|r)\w*", r"persoonsgebonden n(?:umme)?r", r"service ?n(?:umme)?r",  # noqa: E501
    r"(?:citizen|social) (?:service|security) n(?:umber|o|r)",
)  # fmt: skip
_OTHER = words(
    r"\w*(?:order|bestel|factu|ticket|zaak|artikel|serie|klant|pakbon|track|kenmerk|isbn|kvk|rsin)\w*",
    r"\w*(?:meterstand|teller|polis|referentie|lotnummer|barcode|dossiernummer|vergadering|zoom)\w*",
    r"stroom|gas|code|codes|(?:meeting|user|game|teams|gebruikers?)[- ]?id|pi|versie|tel|stand",
)  # fmt: skip
_SOFT = words(
    r"digid", r"duo", r"identiteits?\w*", r"id", r"legitimatie\w*", r"paspoort", r"bron", r"persoonsnummer",  # noqa: E501
    r"(?:inschrijf|registratie|leerling)\w*",
)  # fmt: skip
_NUMBER = words(r"\w*nummers?|nrs?|cijfers")
_RUN = re.compile(
    r"(?:(?<![\w+-])(?<!\d[./,])|(?<=[Bb][Ss][Nn])|(?<=\d{9}/))"
    r"\d{9}(?!\w|[.-]\d|/\d(?!\d{8}(?!\d))|,\d(?!\d?-))"
)
_GROUPED = re.compile(
    r"(?<![\w./,+-])(?<!\d )(?:\d{3}([ .-])\d{3}\1\d{3}|\d{4}([ .])\d{2}\2\d{3})(?![\w/]|[ .,-]\d)"
)
_LOOSE = re.compile(r"(?<![\w+])\d(?:[ .-]{0,2}\d){7,8}(?![\w/]|[.,]\d)")
_EIGHT = re.compile(r"\d(?:[ .-]{0,2}\d){7}")  # digits, in any grouping
_DATE = re.compile(r"\d{1,2}[-. ]\d{1,2}[-. ](?:19|20)\d\d|(?:19|20)\d\d[-. ]\d{1,2}[-. ]\d{1,2}")
_BEFORE, _AFTER = 70, 30


def passes(digits: str) -> bool:
    """Whether nine digits (or eight, with the leading zero dropped) are eleven-proof."""
    padded = digits.zfill(9)
    return bool(bsn.is_valid(padded) or (padded[:2] == "10" and onderwijsnummer.is_valid(padded)))


class BsnRecognizer(DutchRecognizer):
    """Certain with a cue word; a bare eleven-proof number scores 0.55: one in eleven is chance."""

    ENTITIES = ("NL_BSN",)

    def spans(self, sheet: Sheet) -> Iterator[Hit]:
        """Cued numbers in any grouping and in words, and bare eleven-proof ones."""
        if not _EIGHT.search(sheet.text):
            yield from _spoken(sheet)
            return
        cued = _cued(sheet)
        seen: set[int] = set()
        for pattern in (_RUN, _GROUPED, *((_LOOSE,) if cued else ())):
            for match in pattern.finditer(sheet.text):
                if match.start() not in seen and (
                    hit := _judge(sheet, match.start(), match.end(), cued)
                ):
                    seen.add(match.start())
                    yield hit
        yield from _spoken(sheet)


def _cued(sheet: Sheet) -> bool:
    return sheet.once("bsn cue", lambda: bool(_CUE.search(sheet.text)))


def _judge(sheet: Sheet, start: int, end: int, cued: bool) -> Hit | None:
    digits = digits_only(sheet.text[start:end])
    if _DATE.fullmatch(sheet.text[start:end]):
        return None
    right = passes(digits)
    if cued and _cue_near(sheet, start, end):
        if right or not made_up(sheet, start, end):
            return Hit("NL_BSN", start, end, 0.99 if right else 0.7)
        return None
    if not right or len(digits) != 9 or near(sheet, _OTHER, start, 45):
        return None
    return Hit("NL_BSN", start, end, 0.85 if cued else _bare_score(sheet, start, end))


def _bare_score(sheet: Sheet, start: int, end: int) -> float:
    """An eleven-proof number without its name: "ask", unless it is said to be a person's number."""
    around = clause(sheet.text, start, end, 90, 40)
    if _SOFT.search(around):
        return 0.8
    person = PERSONAL.search(around) or named_near(sheet, start, end)
    return 0.75 if person and _NUMBER.search(around) else 0.55


def _cue_near(sheet: Sheet, start: int, end: int) -> bool:
    return near(sheet, _CUE, start, _BEFORE) or bool(_CUE.search(sheet.text, end, end + _AFTER))


def _spoken(sheet: Sheet) -> Iterator[Hit]:
    for number in spoken_numbers(sheet):
        start, end = number.start, number.end
        right = len(number.digits) in (8, 9) and passes(number.digits)
        if len(number.digits) in (8, 9) and _cued(sheet) and _cue_near(sheet, start, end):
            yield Hit("NL_BSN", start, end, 0.95 if right else 0.7)
        elif right and len(number.digits) == 9 and not near(sheet, _OTHER, start, 45):
            yield Hit("NL_BSN", start, end, _bare_score(sheet, start, end))
