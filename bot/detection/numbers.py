"""Numbers as they are said: "nul zes achtentwintig" is 0628, "B X twee Hendrik" is BX2H."""

import re
from dataclasses import dataclass

from bot.detection.sheet import Sheet, Token

_UP_TO_NINETEEN = (
    "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien "
    "zestien zeventien achttien negentien"
)
_ONES = _UP_TO_NINETEEN.split()
_TENS = dict(
    zip(["twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig"], range(2, 10), strict=True)  # noqa: E501
)  # fmt: skip
_OTHER_WORDS = {
    "één": "1", "eén": "1", "zeuven": "7", "zeve": "7", "nege": "9", "dubbelnul": "00",
    "nulzes": "06", "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip


def _below_hundred() -> dict[str, str]:
    values = {word: str(number) for number, word in enumerate(_ONES)}
    for word, ten in _TENS.items():
        values[word] = f"{ten}0"
        for one in range(1, 10):
            for link in ("en", "ën"):
                values[f"{_ONES[one]}{link}{word}"] = f"{ten}{one}"
    return values


def _spoken() -> dict[str, str]:
    small = _below_hundred()
    values = small | _OTHER_WORDS
    heads = {_ONES[one] + "honderd": f"{one}00" for one in range(2, 10)} | {"honderd": "100"}
    heads |= {"negentienhonderd": "1900", "tweeduizend": "2000"}
    for head, number in heads.items():
        values[head] = number
        for word, rest in small.items():
            if rest != "0":
                for link in ("", "en"):
                    values[head + link + word] = str(int(number) + int(rest))
    return values


SPOKEN = _spoken()
_SPELLING_WORDS = (
    "anton bernard bernhard cornelis dirk eduard ferdinand gerard hendrik izaak isaak jan johan johannes karel "  # noqa: E501
    "lodewijk leo maria nico otto pieter quadraat quotient quirinus rudolf richard simon teunis theodoor utrecht "  # noqa: E501
    "victor willem xantippe ypsilon ijmuiden zacharias zaandam alfa alpha bravo charlie delta echo foxtrot golf "  # noqa: E501
    "hotel india juliet juliett kilo lima mike november oscar papa quebec romeo sierra tango uniform whiskey xray "  # noqa: E501
    "yankee zulu"
)
_ALPHABET = frozenset(_SPELLING_WORDS.split())
_DOUBLE = "dubbel"
_GAP = re.compile(r"[\s,.;-]{0,3}(?:(?:en|dan|en dan|streepje|spatie|eh|uh|uhm)[\s,.]{1,3})?")
_FEW = 3  # words; two that stand together are hardly ever a number of anything
_LONGEST = 40  # elements of one run; no number is longer


@dataclass(frozen=True, slots=True)
class SpokenNumber:
    """A run of so many number words, with its digits and half-open span."""

    digits: str
    start: int
    end: int
    words: int


@dataclass(frozen=True, slots=True)
class Spelled:
    """One element of something spelled out: the characters it stands for and its half-open span."""

    value: str
    start: int
    end: int


def spoken_numbers(sheet: Sheet) -> tuple[SpokenNumber, ...]:
    """The numbers said in words; digits in between, and a "06" in front, count along."""
    return sheet.once("spoken", lambda: tuple(n for n in _spoken_runs(sheet) if n.words >= _FEW))


def spoken_pairs(sheet: Sheet) -> tuple[SpokenNumber, ...]:
    """Two number words that stand together: "negentien drieëntachtig"."""
    return sheet.once(
        "spoken pairs", lambda: tuple(n for n in _spoken_runs(sheet) if n.words < _FEW)
    )


def _spoken_runs(sheet: Sheet) -> list[SpokenNumber]:
    return sheet.once("spoken runs", lambda: _runs(sheet))


def _runs(sheet: Sheet) -> list[SpokenNumber]:
    runs: list[SpokenNumber] = []
    run: list[Token] = []
    for token in sheet.tokens:
        if not _counts(token, bool(run)):
            continue
        if run and not _joined(sheet, run[-1].end, token.start):
            _close(sheet, run, runs)
            run = []
            if not _counts(token, running=False):
                continue
        run.append(token)
    _close(sheet, run, runs)
    return runs


def _counts(token: Token, running: bool) -> bool:
    if token.text.isdigit() and token.text.isascii():
        return running or token.text == "06"
    return token.lower in SPOKEN or token.lower == _DOUBLE


def _joined(sheet: Sheet, end: int, start: int) -> bool:
    return start - end <= 16 and bool(_GAP.fullmatch(sheet.text, end, start))


def _close(sheet: Sheet, run: list[Token], runs: list[SpokenNumber]) -> None:
    while run and run[-1].lower == _DOUBLE:
        run.pop()
    said = [token for token in run if token.lower in SPOKEN]
    if len(run) >= 2 and len(said) >= 2:
        runs.append(SpokenNumber(_digits(sheet, run), run[0].start, run[-1].end, len(run)))


def _digits(sheet: Sheet, run: list[Token]) -> str:
    """The digits of a run; "acht en zeventig" is 78 and "dubbel vier" 44."""
    out: list[str] = []
    twice = False
    for place, token in enumerate(run):
        if token.lower == _DOUBLE:
            twice = True
            continue
        value = SPOKEN.get(token.lower, token.text)
        if (
            out
            and token.lower in _TENS
            and _and_before(sheet, run, place)
            and out[-1] in "123456789"
        ):
            out[-1] = value[0] + out[-1]
            continue
        out.append(value * 2 if twice else value)
        twice = False
    return "".join(out)


def _and_before(sheet: Sheet, run: list[Token], place: int) -> bool:
    between = sheet.text[run[place - 1].end : run[place].start]
    return place > 0 and between.strip().lower() == "en"


def spelled_runs(sheet: Sheet) -> tuple[tuple[Spelled, ...], ...]:
    """Things read out letter by letter and figure by figure, at least four elements each.

    An element is a figure or number word, one to four capitals, a single letter or a word of the
    spelling alphabets. Ordinary text yields such runs too: a cue word must stand beside one.
    """
    return sheet.once("spelled", lambda: tuple(_spelled(sheet)))


def _spelled(sheet: Sheet) -> list[tuple[Spelled, ...]]:
    runs: list[tuple[Spelled, ...]] = []
    run: list[Spelled] = []
    for token in sheet.tokens:
        if (value := _element(token)) is None:
            continue
        if run and (len(run) == _LONGEST or not _joined(sheet, run[-1].end, token.start)):
            if len(run) >= 4:
                runs.append(tuple(run))
            run = []
        run.append(Spelled(value, token.start, token.end))
    if len(run) >= 4:
        runs.append(tuple(run))
    return runs


def _element(token: Token) -> str | None:
    text, low = token.text, token.lower
    if not text.isascii() and low not in SPOKEN:
        return None
    if text.isdigit():
        return text
    if low in SPOKEN:
        return SPOKEN[low]
    if len(text) == 1 and text.isalpha():
        return text.upper()
    if text.isupper() and len(text) <= 4:
        return text
    if low in ("nl", "be", "de"):
        return text.upper()
    return text[0].upper() if low in _ALPHABET else None


def digits_only(text: str) -> str:
    """The ASCII digits in a text."""
    return "".join(c for c in text if "0" <= c <= "9")
