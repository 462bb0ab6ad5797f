"""What the name model sees of every token: its own shape, the lists, and its neighbours."""

import random
import re
from collections.abc import Sequence

from bot.detection.names.lists import AMBIGUOUS, PARTICLES, first_names, is_word, last_names
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


def features(
    tokens: Sequence[Token], text: str, forget: random.Random | None = None
) -> list[list[str]]:
    """Feature strings per token; with `forget`, names drop off the lists at random (training)."""
    columns = [_column(token, forget) for token in tokens]
    starts = [_starts_sentence(tokens, text, i) for i in range(len(tokens))]
    rows: list[list[str]] = []
    for i, own in enumerate(columns):
        row = ["b", *own, f"s={starts[i]}", f"s={starts[i]} {own[1]} {own[2]}"]
        for step in (-2, -1, 1, 2):
            j = i + step
            near = columns[j] if 0 <= j < len(columns) else ["w=#", "c=#", "l=#"]
            row += [f"{step}:{part}" for part in (near if abs(step) == 1 else near[:3])]
        if i:
            row.append(f"j={text[tokens[i - 1].end : tokens[i].start]!r}"[:8])
            row.append(f"-1,0:{columns[i - 1][0]} {own[2]}")
        if i + 1 < len(columns):
            row.append(f"0,1:{own[2]} {columns[i + 1][0]}")
        rows.append(row)
    return rows


def _column(token: Token, forget: random.Random | None) -> list[str]:
    low = token.lower
    listed = _listed(low)
    if forget is not None and listed != "l=-" and forget.random() < 0.45:
        listed = "l=-"
    column = [f"w={low}", f"c={_case(token.text)}", listed, f"o={_ordinary(low)}"]
    column.append(f"{listed} {column[1]} {column[3]}")
    column += [f"e={low[-2:]}", f"e={low[-3:]}"] if len(low) > 3 else [f"n={len(low)}"]
    if low in _TITLE:
        column.append("title")
    if low in _KIN:
        column.append("kin")
    return column


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


def _ordinary(low: str) -> str:
    return "word" if is_word(low) else "unknown"


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
