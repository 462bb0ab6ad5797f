"""Numbers as they are said: "nul zes achtentwintig" is 0628."""

import re
from dataclasses import dataclass

from bot.detection.sheet import Sheet, Token

_ONES = [
    "nul",
    "een",
    "twee",
    "drie",
    "vier",
    "vijf",
    "zes",
    "zeven",
    "acht",
    "negen",
    "tien",
    "elf",
    "twaalf",
    "dertien",
    "veertien",
    "vijftien",
    "zestien",
    "zeventien",
    "achttien",
    "negentien",
]
_TENS = dict(
    zip(["twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig"], range(2, 10), strict=True)  # noqa: E501
)  # fmt: skip


def _spoken() -> dict[str, str]:
    values = {word: str(number) for number, word in enumerate(_ONES)}
    values |= {"één": "1", "eén": "1", "zeuven": "7", "dubbelnul": "00"}
    for word, ten in _TENS.items():
        values[word] = f"{ten}0"
        for one in range(1, 10):
            for link in ("en", "ën"):
                values[f"{_ONES[one]}{link}{word}"] = f"{ten}{one}"
    return values


SPOKEN = _spoken()
_GAP = re.compile(r"[\s,.;-]{0,3}(?:(?:en|dan|en dan|streepje|eh|uh)[\s,]{1,2})?")


@dataclass(frozen=True, slots=True)
class SpokenNumber:
    """A run of at least three number words, with its digits and half-open span."""

    digits: str
    start: int
    end: int


def spoken_numbers(sheet: Sheet) -> tuple[SpokenNumber, ...]:
    """The numbers said in words; single digits in between count along."""
    return sheet.once("spoken", lambda: tuple(_runs(sheet)))


def _runs(sheet: Sheet) -> list[SpokenNumber]:
    runs: list[SpokenNumber] = []
    run: list[Token] = []
    for token in sheet.tokens:
        if not (token.lower in SPOKEN or (run and token.text.isdigit() and token.text.isascii())):
            continue
        if run and not _GAP.fullmatch(sheet.text[run[-1].end : token.start]):
            _close(run, runs)
            run = []
        run.append(token)
    _close(run, runs)
    return runs


def _close(run: list[Token], runs: list[SpokenNumber]) -> None:
    said = [token for token in run if token.lower in SPOKEN]
    if len(run) >= 3 and len(said) >= 2:
        digits = "".join(SPOKEN.get(token.lower, token.text) for token in run)
        runs.append(SpokenNumber(digits, run[0].start, run[-1].end))


def digits_only(text: str) -> str:
    """The ASCII digits in a text."""
    return "".join(c for c in text if "0" <= c <= "9")
