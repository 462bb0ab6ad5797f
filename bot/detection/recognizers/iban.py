"""Bank account numbers (IBAN), with their check digits."""

import re
from collections.abc import Iterator

from stdnum import iban

from bot.detection.allow import allowed
from bot.detection.cues import words
from bot.detection.numbers import Spelled, spelled_runs
from bot.detection.recognizers.around import made_up
from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.sheet import Hit, Sheet

_HEAD = re.compile(r"(?<![A-Za-z0-9])(?:[Ii][Bb][Aa][Nn])?([A-Za-z]{2}\d{2})(?=[ .-]?[A-Za-z0-9])")
_LENGTHS = {
    "NL": 18, "BE": 16, "DE": 22, "PL": 28, "TR": 26, "FR": 27, "ES": 24, "IT": 27, "GB": 22,
    "PT": 25, "RO": 24, "BG": 22, "HU": 28, "CZ": 24, "SK": 24, "LT": 20, "LV": 21, "EE": 20,
    "AT": 20, "CH": 21, "LU": 20, "DK": 18, "SE": 24, "NO": 15, "FI": 18, "IE": 22, "GR": 27,
    "HR": 21, "SI": 19, "UA": 29, "MA": 28, "CY": 28, "MT": 31, "IS": 26,
}  # fmt: skip
_DUTCH_BANKS = frozenset(
    [
        "ABNA",
        "ADYB",
        "ANDL",
        "ARBN",
        "ASNB",
        "BITS",
        "BUNQ",
        "FVLB",
        "INGB",
        "KNAB",
        "NTSB",
        "RABO",
        "RBRB",
        "REVO",
        "SNSB",
        "TRIO",
    ]
)
_CUE = words(r"iban\w*", r"rek(?:ening)?\w*", r"overmaken", r"tnv", r"t\.n\.v\.")


class IbanNumberRecognizer(DutchRecognizer):
    """Right check digits are enough; wrong ones need a Dutch bank code and a cue word."""

    ENTITIES = ("IBAN_CODE",)

    def spans(self, sheet: Sheet) -> Iterator[Hit]:
        """The account numbers, in any grouping and case."""
        for start, end, score in iban_spans(sheet):
            if not allowed(sheet, "iban", sheet.text[start:end]):
                yield Hit("IBAN_CODE", start, end, score)


def iban_spans(sheet: Sheet) -> tuple[tuple[int, int, float], ...]:
    """Where account numbers stand, the school's own too, so that others keep off their digits."""
    return sheet.once("iban", lambda: tuple(_find(sheet)))


def _find(sheet: Sheet) -> Iterator[tuple[int, int, float]]:
    for head in _HEAD.finditer(sheet.text):
        length = _LENGTHS.get(head[1][:2].upper())
        end = _stretch(sheet.text, head.start(1), length) if length else None
        if end is None:
            continue
        value = re.sub(r"[ .-]", "", sheet.text[head.start(1) : end]).upper()
        if iban.is_valid(value, check_country=False):
            yield head.start(1), end, 0.99
        elif value[4:8] in _DUTCH_BANKS and _meant(sheet):
            yield head.start(1), end, 0.7
    for run in spelled_runs(sheet):
        for place, element in enumerate(run):
            if element.value in _LENGTHS and (found := _spelled(sheet, run[place:])):
                yield found


def _spelled(sheet: Sheet, run: tuple[Spelled, ...]) -> tuple[int, int, float] | None:
    """An account number read aloud, from its country on."""
    value, length = "", _LENGTHS[run[0].value]
    for element in run:
        value += element.value
        if len(value) < length:
            continue
        right = len(value) == length and iban.is_valid(value, check_country=False)
        near_miss = len(value) == length and value[4:8] in _DUTCH_BANKS and _meant(sheet)
        if right or near_miss:
            return run[0].start, element.end, 0.97 if right else 0.7
        return None
    return None


def _meant(sheet: Sheet) -> bool:
    """Whether a number with wrong check digits is still somebody's account: a typing error leaks."""  # noqa: E501
    cued = sheet.once("iban cue", lambda: bool(_CUE.search(sheet.text)))
    return cued and not made_up(sheet)


def _stretch(text: str, start: int, length: int) -> int | None:
    """Where `length` letters and digits from `start` end, with at most one separator between."""
    position, count, gap = start, 0, 0
    while position < len(text) and count < length:
        char = text[position]
        if char.isascii() and char.isalnum():
            count, gap = count + 1, 0
        elif char in " .-" and not gap:
            gap = 1
        else:
            return None
        position += 1
    follows = text[position : position + 1]
    return position if count == length and not follows.isalnum() else None
