"""Changes of form that leave what a message says as it was.

Every change takes a text, the spans that must keep their letters (values such as numbers), and a
source of chance; the same seed gives the same text.
"""

import random
import re
from collections.abc import Callable, Sequence

Span = tuple[int, int]
Change = Callable[[str, Sequence[Span], random.Random], str]

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
ALIKE = str.maketrans("aceiopxyABCEHKMOPTX", "асеіорхуАВСЕНКМОРТХ")  # Latin to Cyrillic
NUMBERS_FOR_LETTERS = str.maketrans("oeia", "0314")
EMOJI = "😀😢🙏👍🎉😅"
QUOTED = "> Kim: wie heeft de sleutel van het speellokaal gezien?\n"
_WORD = re.compile(r"[^\W\d_]{4,}")


def words(text: str, kept: Sequence[Span], chance: random.Random, share: float) -> list[Span]:
    """Some of the longer words outside what is kept, one at least where there is one, in order."""
    free = [
        m.span()
        for m in _WORD.finditer(text)
        if not any(m.start() < end and start < m.end() for start, end in kept)
    ]
    if not free:
        return []
    count = max(1, round(share * len(free)))
    return sorted(chance.sample(free, count))


def _in_words(make: Callable[[str, random.Random], str], share: float) -> Change:
    def change(text: str, kept: Sequence[Span], chance: random.Random) -> str:
        for start, end in reversed(words(text, kept, chance, share)):
            text = text[:start] + make(text[start:end], chance) + text[end:]
        return text

    return change


def _between(signs: str) -> Callable[[str, random.Random], str]:
    def put(word: str, chance: random.Random) -> str:
        place = chance.randrange(1, len(word))
        return word[:place] + chance.choice(signs) + word[place:]

    return put


def _doubled(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word))
    return word[: place + 1] + word[place:]


def _numbered(word: str, chance: random.Random) -> str:
    places = [place for place, letter in enumerate(word) if letter in "oeia"]
    if not places:
        return word
    place = chance.choice(places)
    return word[:place] + word[place].translate(NUMBERS_FOR_LETTERS) + word[place + 1 :]


def _around(before: str, behind: str) -> Callable[[str, random.Random], str]:
    return lambda word, _: f"{before}{word}{behind}"


def _outside(change: Callable[[str], str]) -> Change:
    """A change of every character outside what is kept; lengths stay."""

    def made(text: str, kept: Sequence[Span], chance: random.Random) -> str:
        del chance
        changed = change(text)
        if len(changed) != len(text):
            return text
        for start, end in kept:
            changed = changed[:start] + text[start:end] + changed[end:]
        return changed

    return made


def _whole(change: Callable[[str], str]) -> Change:
    return lambda text, *_: change(text)


def _alternating(text: str) -> str:
    return "".join(c.upper() if place % 2 else c.lower() for place, c in enumerate(text))


CHANGES: dict[str, Change] = {
    "all small letters": _outside(str.lower),
    "ALL CAPITALS": _outside(str.upper),
    "mIxEd CaSe": _outside(_alternating),
    "last full stop off": _whole(lambda t: re.sub(r"[.!]\s*$", "", t)),
    "'hoi allemaal, ' in front": _whole(lambda t: "hoi allemaal, " + t),
    "another message quoted above": _whole(lambda t: QUOTED + t),
    "invisible characters in words": _in_words(_between(INVISIBLE), 0.5),
    "letters of another alphabet": _in_words(lambda w, _: w.translate(ALIKE), 0.5),
    "a letter doubled in a word of four": _in_words(_doubled, 0.25),
    "a number for a letter in a word of four": _in_words(_numbered, 0.25),
    "an emoji inside a word of four": _in_words(_between(EMOJI), 0.25),
    "HTML around words": _in_words(_around("<b>", "</b>"), 0.25),
    "Markdown around words": _in_words(_around("**", "**"), 0.25),
}
