"""Dates of birth: a full date with a cue, or right behind a person's name."""

import re
from collections.abc import Iterator

from bot.detection.cues import words
from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.recognizers.person import person_spans
from bot.detection.sheet import Hit, Sheet

_MONTH = (
    r"(?:jan(?:uari)?|feb(?:ruari)?|mrt|maart|apr(?:il)?|mei|jun[i]?|jul[i]?|aug(?:ustus)?|"
    r"sep(?:t(?:ember)?)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = re.compile(
    r"(?<![\w./-])(?:(?P<d>\d{1,2})(?P<s>[-/. ])(?P<m>\d{1,2})(?P=s)'?(?P<y>\d{4}|\d{2})|"
    r"(?P<d2>\d{1,2}) " + _MONTH + r" '?(?P<y2>\d{4}|\d{2})|"
    r"(?P<y3>(?:19|20)\d\d)-(?P<m3>\d\d)-(?P<d3>\d\d))(?![\w/-]|\.\d)",
    re.IGNORECASE,
)
_CUE = words(
    r"geb(?:oren|oortedatum|\.? ?dat(?:um)?|dd)?\.?", r"gebdat", r"geboortedag", r"dob", r"gb\.?",
    r"born",
)  # fmt: skip
_STAR = re.compile(r"\*\s*$")
_NO_BIRTH = re.compile(
    r"\b(?:op|tot(?: en met)?|t/m|van|vanaf|per|voor|v[oó][oó]r|sinds|datum|d\.d\.|dd\.?|uiterlijk|versie|om|deadline)\s*$",  # noqa: E501
    re.IGNORECASE,
)


class BirthDateRecognizer(DutchRecognizer):
    """A bare date is never one; a class-mate's "jarig op 12 maart" is none either."""

    ENTITIES = ("DATE_OF_BIRTH",)

    def spans(self, sheet: Sheet) -> Iterator[Hit]:
        """Full dates of somebody between two and a hundred years of age."""
        for match in _DATE.finditer(sheet.text):
            if _possible(match) and (score := _score(sheet, *match.span())):
                yield Hit("DATE_OF_BIRTH", *match.span(), score)


def _possible(match: re.Match[str]) -> bool:
    day = int(match["d"] or match["d2"] or match["d3"])
    month = int(match["m"] or match["m3"] or 1)
    year = int(match["y"] or match["y2"] or match["y3"])
    if year < 100:
        year += 2000 if year < 30 else 1900
    return 1 <= day <= 31 and 1 <= month <= 12 and 1925 <= year <= 2035


def _score(sheet: Sheet, start: int, end: int) -> float:
    before = sheet.text[max(0, start - 40) : start]
    if _CUE.search(before) or _STAR.search(before):
        return 0.95
    if _CUE.search(sheet.text, end, end + 14):
        return 0.85
    if _NO_BIRTH.search(before) or not _grown(sheet.text[start:end]):
        return 0.0
    window = range(max(0, start - 45), end + 12)
    beside = any(
        e > window.start and s < window.stop and "\n" not in sheet.text[e:start]
        for s, e in person_spans(sheet)
    )
    return 0.8 if beside else 0.0


def _grown(date: str) -> bool:
    """Whether the year lies far enough back for a pupil's or an adult's birth."""
    years = re.findall(r"\d{4}|\d{2}$", date)
    year = int(years[-1]) if years else 0
    if year < 100:
        year += 2000 if year < 30 else 1900
    return 1930 <= year <= 2022
