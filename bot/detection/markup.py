"""Signs that only make words bold, slanted or struck through: Markdown and plain HTML tags."""

import re

# A tag with attributes is left: they may say something.
_TAG = (
    r"</?(?:b|i|s|u|p|br|li|ol|ul|em|del|div|ins|pre|sub|sup|code|mark|span|small|strong|strike"
    r"|blockquote|h[1-6])[ ]?/?>"
)
_BEFORE = r"(?<![^\W_])(?<![*~_])[*~_]{1,4}(?=[^\s*~_])"
_BEHIND = r"(?<=[^\s*~_])[*~_]{1,4}(?![^\W_])(?![*~_])"
_MARK = re.compile(f"{_TAG}|{_BEFORE}|{_BEHIND}", re.IGNORECASE)
_KEY_STROKE = re.compile(r"\d[*](?!\w)")  # "1973*" on a panel, where no star was opened
_NEW_LINE = re.compile(r"</?(?:p|br|li|div|blockquote|h)", re.IGNORECASE)
_SIGNS = frozenset("<*~_")


def marks(text: str) -> dict[int, tuple[int, str]]:
    """Where each mark starts: where it ends, and what it says to a reader (nothing, or a line)."""
    if _SIGNS.isdisjoint(text):
        return {}
    found: dict[int, tuple[int, str]] = {}
    opened: set[str] = set()
    for mark in _MARK.finditer(text):
        sign = mark.group()
        if sign[0] != "<":
            if sign not in opened and _KEY_STROKE.match(text, mark.start() - 1):
                continue
            opened ^= {sign}
        found[mark.start()] = (mark.end(), "\n" if _NEW_LINE.match(sign) else "")
    return found
