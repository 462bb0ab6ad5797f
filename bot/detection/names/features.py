"""What the name model sees of every token: its own shape, the lists, and its neighbours."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.detection.names.lists import (
    AMBIGUOUS,
    PARTICLES,
    first_names,
    is_place,
    is_proper,
    is_word,
    last_names,
)
from bot.detection.sheet import Token

_TITLE = frozenset(
    [
        "juf",
        "juffrouw",
        "meester",
        "mevrouw",
        "mevr",
        "mw",
        "dhr",
        "meneer",
        "mijnheer",
        "heer",
        "collega",
        "fam",
        "familie",
        "gezin",
        "mam",
        "pap",
    ]
)
_KIN = frozenset(
    [
        "moeder",
        "vader",
        "ouders",
        "oma",
        "opa",
        "tante",
        "oom",
        "broer",
        "broertje",
        "zus",
        "zusje",
        "mama",
        "papa",
        "voogd",
    ]
)
_END = frozenset(".!?:>\n")


@dataclass(frozen=True, slots=True)
class _Column:
    """What is seen of one token: by itself, and `beside` another so many places away."""

    own: tuple[str, ...]
    beside: dict[int, tuple[str, ...]]


def features(
    tokens: Sequence[Token], text: str, forget: random.Random | None = None
) -> list[list[str]]:
    """Feature strings per token; with `forget`, names drop off the lists at random (training)."""
    columns = [_column(token.text, _forgotten(token, forget)) for token in tokens]
    rows: list[list[str]] = []
    for i, column in enumerate(columns):
        own, starts = column.own, _starts_sentence(tokens, text, i)
        row = ["b", *own, f"s={starts}", f"s={starts} {own[1]} {own[2]}"]
        for step in _STEPS:
            j = i + step
            row += (columns[j] if 0 <= j < len(columns) else _NOTHING).beside[step]
        if i:
            row.append(f"j={text[tokens[i - 1].end : tokens[i].start]!r}"[:8])
            row.append(f"-1,0:{columns[i - 1].own[0]} {own[2]}")
        if i + 1 < len(columns):
            row.append(f"0,1:{own[2]} {columns[i + 1].own[0]}")
        rows.append(row)
    return rows


def _seen(own: Sequence[str]) -> _Column:
    near = {step: own if abs(step) == 1 else own[:3] for step in _STEPS}
    return _Column(
        tuple(own), {step: tuple(f"{step}:{part}" for part in near[step]) for step in _STEPS}
    )


_STEPS = (-2, -1, 1, 2)
_NOTHING = _seen(["w=#", "c=#", "l=#"])


def _forgotten(token: Token, forget: random.Random | None) -> bool:
    if forget is None or (_listed(token.lower) == "l=-" and not is_proper(token.lower)):
        return False
    return forget.random() < 0.45


@lru_cache(maxsize=1 << 14)
def _column(text: str, forgotten: bool) -> _Column:
    low = text.lower()
    listed = "l=-" if forgotten else _listed(low)
    own = [f"w={low}", f"c={_case(text)}", listed, f"o={_ordinary(low, forgotten)}"]
    own.append(f"{listed} {own[1]} {own[3]}")
    own += [f"e={low[-2:]}", f"e={low[-3:]}"] if len(low) > 3 else [f"n={len(low)}"]
    if low in _TITLE:
        own.append("title")
    if low in _KIN:
        own.append("kin")
    return _seen(own)


def _listed(low: str) -> str:
    if low in PARTICLES:
        return "l=particle"
    bare = low.removesuffix("'s").removesuffix("s") if low not in first_names() else low
    kinds = ("F" if low in first_names() or bare in first_names() else "") + (
        "L" if low in last_names() else ""
    )
    if kinds and low in AMBIGUOUS:
        kinds += "?"
    return f"l={kinds or '-'}"


def _ordinary(low: str, forgotten: bool) -> str:
    if is_word(low):
        return "word"
    if is_place(low):
        return "place"
    return "proper" if is_proper(low) and not forgotten else "unknown"


def _case(text: str) -> str:
    if not text[0].isalpha():
        return "digit" if text[0].isdigit() else text[:1]
    if len(text) == 1:
        return "X" if text.isupper() else "x"
    if text.isupper():
        return "XX"
    if text[0].isupper():
        return "XxX" if re.search(r"[a-z][A-Z]", text) else "Xx"
    return "xx"


def _starts_sentence(tokens: Sequence[Token], text: str, place: int) -> bool:
    if not place:
        return True
    before = tokens[place - 1]
    return before.text in _END or "\n" in text[before.end : tokens[place].start]
