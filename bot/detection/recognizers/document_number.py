"""Numbers of passports, identity cards, driving licences, residence cards and V-numbers."""

import re
from collections.abc import Iterator

from bot.detection.cues import near, words
from bot.detection.numbers import digits_only, spelled_runs
from bot.detection.recognizers.around import made_up
from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.sheet import Hit, Sheet

_CUE = words(
    r"paspoort\w*", r"passport", r"id[- ]?kaart\w*", r"ids?", r"id'?s", r"identiteits\w*", r"legitim\w*",  # noqa: E501
    r"rijbewijs\w*", r"verblijfs?(?:pas|vergunning|document|kaart)\w*", r"w-?document\w*",
    r"v[- ]?n(?:umme)?rs?\.?", r"vreemdelingen\w*", r"reisdocument\w*", r"document ?n(?:r|um)\w*", r"ind-?nummer",  # noqa: E501
    r"visum", r"dni",
)  # fmt: skip
_ALNUM = re.compile(r"(?<![\w-])(?:[A-Z]{1,3} ?(?=[A-Z0-9]*\d)[A-Z0-9]{5,9})(?![\w-])")
_LOOSE = re.compile(r"(?<![\w-])(?=\w*\d\w*\d)[a-z]{2}[a-z0-9]{7}(?![\w-])")
_TEN = re.compile(
    r"(?<![\w+.-])(?<!\d )(?:V ?-?)?(?:\d{10}|\d{3,4}([ .-])\d{2,3}\1(?:\d{3,4}|\d\d\1\d\d))"
    r"(?!\w|[ .,-]\d)"
)
_BEHIND_LETTER = re.compile(r"(?<![\w-])(?:[XYZ]?\d{7,8}-?[A-Z])(?![\w-])")  # as in Spain
_TEN_CUE = words(
    r"rijbewijs\w*",
    r"v[- ]?n(?:umme)?rs?\.?",
    r"vreemdelingen\w*",
    r"w-?document\w*",
    r"ind-?nummer",
)
_REACH, _CLOSE = 160, 45
_ANSWER = 60  # code points; a longer text is no bare answer to a question


class DocumentNumberRecognizer(DutchRecognizer):
    """No check digit exists, so a cue word before or just behind the number is compulsory."""

    ENTITIES = ("ID_DOCUMENT",)

    def spans(self, sheet: Sheet) -> Iterator[Hit]:
        """Numbers near the name of a document."""
        asked = len(sheet.text) <= _ANSWER and bool(_CUE.search("".join(sheet.context[-1:])))
        if not (asked or _CUE.search(sheet.text)) or made_up(sheet):
            return
        for match in _ALNUM.finditer(sheet.text):
            if _shape(match.group()) and (asked or _near(sheet, _CUE, match)):
                yield Hit("ID_DOCUMENT", *match.span(), 0.9)
        for match in _LOOSE.finditer(sheet.text):
            if _near(sheet, _CUE, match):
                yield Hit("ID_DOCUMENT", *match.span(), 0.75)
        for match in _BEHIND_LETTER.finditer(sheet.text):
            if near(sheet, _CUE, match.start(), _CLOSE):
                yield Hit("ID_DOCUMENT", *match.span(), 0.85)
        for match in _TEN.finditer(sheet.text):
            digits = digits_only(match.group())
            if len(digits) == 10 and not _phone(match.group()) and _near(sheet, _TEN_CUE, match):
                yield Hit("ID_DOCUMENT", *match.span(), 0.9)
        yield from _spelled(sheet)


def _spelled(sheet: Sheet) -> Iterator[Hit]:
    """Numbers read aloud close behind the name of a document."""
    for run in spelled_runs(sheet):
        value = "".join(element.value for element in run)
        shape = re.fullmatch(r"[A-Z]{2}[A-Z0-9]{5,7}\d", value) or re.fullmatch(r"\d{10}", value)
        if shape and near(sheet, _CUE, run[0].start, 60):
            yield Hit("ID_DOCUMENT", run[0].start, run[-1].end, 0.85)


def _phone(value: str) -> bool:
    """Whether ten digits are grouped or begin as those of a telephone."""
    return value.startswith("06" if value.isdigit() else "0")


def _shape(value: str) -> bool:
    bare = value.replace(" ", "")
    digits = sum(c.isdigit() for c in bare)
    return 7 <= len(bare) <= 10 and digits >= 2 and not re.fullmatch(r"[1-9]\d{3}[A-Z]{2}", bare)


def _near(sheet: Sheet, cue: re.Pattern[str], match: re.Match[str]) -> bool:
    before = cue.search(sheet.text, max(0, match.start() - _REACH), match.start())
    return bool(before or cue.search(sheet.text, match.end(), match.end() + 40))
