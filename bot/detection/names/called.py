"""Names that stand where only names do: behind a title, or behind whose child somebody is."""

import re
from collections.abc import Iterator

from bot.detection.names.lists import (
    NOT_NAMES,
    PARTICLE,
    first_names,
    is_place,
    is_word,
    last_names,
)
from bot.detection.names.nobody import is_staged

_WORD = r"[^\W\d_]+(?:['-][^\W\d_]+)*"
_NAME = rf"(?P<name>(?:{PARTICLE} )*{_WORD})(?![\w@])"
_TITLE = r"(?:mw|mevr|dhr|fam)\b\.?|(?:mevrouw|meneer|mijnheer|heer|familie)\b"
_KIN = (
    r"(?:moeder|vader|ouders|oma|opa|tante|oom|broer(?:tje)?s?|zus(?:je)?s?|zussen|mama|papa|mam|pap"
    r"|collega(?:'s)?|buurman|buurvrouw|heren|gezin|tweeling|kinderen|dochter|zoon(?:tje)?|jongste|oudste|kleine)\b"
)
_CALLED = re.compile(
    rf"(?<![\w'\"-])(?:(?P<title>{_TITLE})|(?P<kin>{_KIN})(?P<of>(?-i: (?:van|v\.?)))?) {_NAME}",
    re.IGNORECASE,
)
_CAPITAL_PARTICLE = re.compile(r"(?:Van|De|Den|Ten|Ter|El|Al|Aït|Ait) ")


def called(text: str) -> Iterator[tuple[int, int]]:
    """The half-open spans of names that are called so, where nobody is made up."""
    found = [m.span("name") for m in _CALLED.finditer(text) if _is_name(m)]
    if found and not is_staged(text):
        yield from found


def _is_name(match: re.Match[str]) -> bool:
    name = match["name"]
    last = name.split(" ")[-1]
    low = last.lower()
    if not last[0].isupper() or last.isupper() or low in NOT_NAMES or len(last) < 3:
        return False
    if _CAPITAL_PARTICLE.match(name):
        return low in last_names() or not match["of"]
    if name != last:
        return low in last_names()
    return _fits(match, low)


def _fits(match: re.Match[str], low: str) -> bool:
    """Whether one word with a capital may be who is called, by what it is called with."""
    if match["title"] or low in first_names() or low in last_names():
        return True
    small = (match["kin"] or "").lower() == "kleine"  # of a thing as often
    return not small and not is_word(low) and not is_place(low)
