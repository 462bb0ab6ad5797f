"""Names to put into training messages: from the lists, words that are names, or made of syllables."""  # noqa: E501

import random
import re

from bot.detection.names.lists import AMBIGUOUS, PARTICLES, first_names, last_names

_OPENINGS = tuple("b d f g h j k l m n p r s t v w z ch sh th fl br dr kr y".split())  # noqa: SIM905
_VOWELS = tuple("a e i o u aa ie ee oe ei ou y ai ay".split())  # noqa: SIM905
_ENDINGS = ["", "n", "l", "s", "r", "m", "t", "k", ""]
_LINKS = ["", "", "", "van ", "de ", "van der ", "van den ", "El ", "ter ", "'t ", "v.d. ", "vd "]
_LETTERS = "ABCDEFGHIJKLMNOPRSTVWYZ"


class NameSource:
    """Names by chance; one in three first names is on no list, one in twelve is a word too."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._first = sorted(first_names())
        self._last = sorted(last_names())
        self._words = sorted(w for w in AMBIGUOUS if w in first_names() or w in last_names())

    def first(self) -> str:
        """A first name."""
        draw = self._chance.random()
        if draw < 0.33:
            return self.invented()
        if draw < 0.41:
            return self._chance.choice(self._words).title()
        return self._chance.choice(self._first).title()

    def invented(self) -> str:
        """A name made of syllables, on no list."""
        made = "".join(
            self._chance.choice(_OPENINGS) + self._chance.choice(_VOWELS)
            for _ in range(self._chance.randint(2, 3))
        )
        return (made + self._chance.choice(_ENDINGS)).title()

    def last(self) -> str:
        """A surname without particles."""
        listed = self._chance.random() < 0.7
        return self._chance.choice(self._last).title() if listed else self.invented()

    def surname(self) -> str:
        """A surname with or without particles."""
        return self._chance.choice(_LINKS) + self.last()

    def full(self) -> str:
        """A name as people write it: mostly a first name, sometimes a surname or initials behind it."""  # noqa: E501
        name, draw = self.first(), self._chance.random()
        if draw < 0.68:
            return name
        if draw < 0.84:
            return f"{name} {self.surname()}"
        if draw < 0.9:
            return f"{name} {self.last()[0]}."
        return f"{name[0]}. {self.surname()}" if draw < 0.96 else self.initials()

    def initials(self) -> str:
        """Initials as staff write them."""
        a, b = self._chance.choice(_LETTERS), self._chance.choice(_LETTERS)
        forms = (
            f"{a}.{b}.",
            f"{a}. {b}.",
            f"{a}. de {b}.",
            f"{a}. {self.surname()}",
            f"{a}. van {b}.",
        )
        return self._chance.choice(forms)

    def like(self, name: str) -> str:
        """Another name of the same make: initials for initials, a surname for a surname."""
        words = re.split(r"[\s-]+", name)
        if re.fullmatch(r"(?:[A-Za-z]\.? ?){1,3}", name):
            return self.initials() if len(name) > 2 else name
        if len(words) == 1:
            made = self.first()
        elif words[0].lower() in PARTICLES:
            made = self._chance.choice([link for link in _LINKS if link]) + self.last()
        elif len(words[0].rstrip(".")) == 1:
            made = f"{words[0]} {self.surname()}"
        else:
            made = f"{self.first()} {self.surname()}"
        return made.lower() if name.islower() else made
