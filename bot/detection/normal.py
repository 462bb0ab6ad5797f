"""One spelling for matching: NFKC without invisible characters, with the way back to the original."""  # noqa: E501

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.detection.markup import marks
from bot.detection.spelling import slips

_TYPOGRAPHY = {
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "`": "'", "´": "'", "ʼ": "'",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
    "\xa0": " ", "\u2007": " ", "\u2009": " ", "\u202f": " ", "\u3000": " ", "\t": " ",
    "\r": "\n", "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n",
}  # fmt: skip
_TABLE = {ord(k): v for k, v in _TYPOGRAPHY.items()}
# Letters of other alphabets that look like ours, one for one.
_ALIKE = str.maketrans(
    "асеіјорѕхуһԁкмтАВСЕНІЈКМОРЅТХαοιρυνΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aceijopsxyhdkmtABCEHIJKMOPSTXaoipuvABEZHIKMNOPTYX",
)
_FOREIGN = re.compile("[\u0370-\u052f]")
_WORD = re.compile(r"[^\W\d_]+")
_OURS = re.compile("[A-Za-z]")
_LOOSE = re.compile(r"(?<![\w@./-])[^\W\d_]{2,}(?![\w@/-])")  # words that are no part of a code
_ZIGZAG = re.compile(r"[a-z][A-Z]|[A-Z][a-z](?=[A-Z])")
_LONG_ENOUGH, _SHOUTED, _ZIGZAGGED = 12, 0.8, 0.5  # letters; shares of letters and of words
_UNSEEN = re.compile("[\ufe00-\ufe0f\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]")  # yet "printable"
_BASE_LIMIT = 30  # marks composed onto one base; what comes after them is dropped for matching


def _invisible(char: str) -> bool:
    if char in "\n\t\r\x0b\x0c\x85":
        return False
    category = unicodedata.category(char)
    if category in ("Cc", "Cf"):
        return True
    return bool(_UNSEEN.match(char))


@dataclass(frozen=True, slots=True)
class Normal:
    """A text as it is matched; `starts[i]`/`ends[i]` are the original code points of `text[i]`.

    Empty maps mean that the text was already in its one spelling, position for position.
    """

    text: str = field(repr=False)
    starts: tuple[int, ...] = field(default=(), repr=False)
    ends: tuple[int, ...] = field(default=(), repr=False)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span in the original for a non-empty half-open span of `text`."""
        if not self.starts:
            return start, end
        return self.starts[start], self.ends[end - 1]


def normalise(text: str) -> Normal:
    """Bring a text of any content (NUL, lone surrogates) into its one spelling."""
    normal = _without_marks(text)
    odd = slips(normal.text)
    return _mended(normal, odd) if odd else normal


def _without_marks(text: str) -> Normal:
    marked = marks(text)
    if marked:
        return _mapped(text, marked)
    if text.isascii() and text.isprintable():
        return Normal(_calm(text))
    same = text.translate(_TABLE)
    if len(same) == len(text) and _plain(same):
        return Normal(_calm(_in_our_letters(same)))
    return _mapped(text, marked)


def _mended(normal: Normal, odd: Mapping[int, str]) -> Normal:
    size = range(len(normal.text))
    read = [odd.get(place, normal.text[place]) for place in size]
    kept = [place for place in size if read[place]]
    spans = [normal.original(place, place + 1) for place in kept]
    return Normal("".join(read), tuple(s for s, _ in spans), tuple(e for _, e in spans))


def _in_our_letters(text: str) -> str:
    """A text with foreign letters that pass for ours, in ours; other alphabets stay as they are."""
    if not _FOREIGN.search(text) or not _OURS.search(text):
        return text
    whole = text.translate(_ALIKE)
    return whole if not _FOREIGN.search(whole) else _WORD.sub(_mixed, text)


def _mixed(word: re.Match[str]) -> str:
    letters = word.group()
    return letters.translate(_ALIKE) if _OURS.search(letters) else letters


def _calm(text: str) -> str:
    """A text without the capitals of shouting or of play, which say nothing; codes keep theirs."""
    if not _loud(text):
        return text
    return _LOOSE.sub(lambda m: low if len(low := m[0].lower()) == len(m[0]) else m[0], text)


def _loud(text: str) -> bool:
    capitals = sum(map(str.isupper, text))
    letters = capitals + sum(map(str.islower, text))
    if letters < _LONG_ENOUGH or capitals * 3 < letters:
        return False
    if capitals >= _SHOUTED * letters:
        return True
    words = [w for w in _WORD.findall(text) if len(w) > 2]
    return sum(len(_ZIGZAG.findall(w)) > 1 for w in words) >= max(2, _ZIGZAGGED * len(words))


def _plain(text: str) -> bool:
    if not unicodedata.is_normalized("NFKC", text):
        return False
    return text.replace("\n", "").isprintable() and not _UNSEEN.search(text)


def _mapped(text: str, marked: Mapping[int, tuple[int, str]]) -> Normal:
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, visible in _visible(text, marked):
        for char in unicodedata.normalize("NFKC", visible).translate(_TABLE):
            out.append("\ufffd" if "\ud800" <= char <= "\udfff" else char)
            starts.append(start)
            ends.append(end)
    return Normal(_calm(_in_our_letters("".join(out))), tuple(starts), tuple(ends))


def _visible(text: str, marked: Mapping[int, tuple[int, str]]) -> Iterator[tuple[int, int, str]]:
    """The spans of a text, each with what it says; a mark is one span."""
    behind = 0
    for start, end in _clusters(text):
        if start in marked:
            behind, said = marked[start]
            yield start, behind, said
        elif start >= behind:
            yield start, end, "".join(c for c in text[start:end] if not _invisible(c))


def _clusters(text: str) -> list[tuple[int, int]]:
    """A base character with the combining marks on it, as spans; invisible ones stand alone."""
    clusters: list[tuple[int, int]] = []
    position = 0
    while position < len(text):
        end = position + 1
        limit = min(len(text), position + _BASE_LIMIT)
        while end < limit and unicodedata.combining(text[end]):
            end += 1
        clusters.append((position, end))
        position = end
    return clusters
