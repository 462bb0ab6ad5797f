"""Reading Slack's payloads: nothing in them is believed to have the shape it should have."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

Payload = Mapping[str, object]
EMPTY: Payload = {}
MOST_IN_A_MESSAGE = 50
MOST_PIECES = 1_000
_TS = re.compile(r"(\d{9,11})(?:\.(\d{1,6}))?")
_MARK = re.compile(r"<([^<>\n]{1,3000})>")
_MENTION = re.compile(r"<@([A-Z0-9]{2,20})(?:\|[^<>]*)?>")
_MOST_BLOCKS_DEEP = 8
_ONE_LINE = frozenset({"rich_text_section", "rich_text_quote", "rich_text_preformatted"})


def part(payload: object, name: str) -> Payload:
    """The mapping under `name`, or an empty one."""
    found = payload.get(name) if isinstance(payload, Mapping) else None
    return cast("Payload", found) if isinstance(found, Mapping) else EMPTY


def parts(payload: object, name: str, *, most: int = MOST_IN_A_MESSAGE) -> tuple[Payload, ...]:
    """The mappings in the list under `name`, so many at most."""
    found = payload.get(name) if isinstance(payload, Mapping) else None
    if not isinstance(found, Sequence) or isinstance(found, str):
        return ()
    return tuple(cast("Payload", one) for one in found if isinstance(one, Mapping))[:most]


def words(payload: object, name: str) -> str:
    """The text under `name`, without what no database takes, or nothing."""
    found = payload.get(name) if isinstance(payload, Mapping) else None
    return clean(found) if isinstance(found, str) else ""


def clean(text: str) -> str:
    """Without NUL and without halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def instant(ts: str) -> datetime | None:
    """A Slack timestamp ("1763700000.000100", seconds since 1970) as aware UTC."""
    found = _TS.fullmatch(ts)
    if found is None:
        return None
    micros = int((found.group(2) or "0").ljust(6, "0"))
    try:
        return datetime.fromtimestamp(int(found.group(1)), UTC).replace(microsecond=micros)
    except (ValueError, OverflowError, OSError):
        return None


def mentioned(text: str) -> tuple[str, ...]:
    """The users a text mentions, each once, twenty at most."""
    return tuple(dict.fromkeys(_MENTION.findall(text)))[:20]


def plain(text: str, name_of: Callable[[str], str]) -> str:
    """Slack's markup as people read it: names for mentions, labels and addresses for links."""

    def shown(found: re.Match[str]) -> str:
        target, _, label = found.group(1).partition("|")
        if target.startswith("@"):
            return "@" + (name_of(target[1:]) or label or target[1:])
        if target.startswith("#"):
            return "#" + (label or target[1:])
        if target.startswith("!"):
            return label or "@" + target[1:].partition("^")[0]
        address = target.removeprefix("mailto:").removeprefix("tel:")
        return address if not label or label in (address, target) else f"{label} ({address})"

    return _unescaped(_MARK.sub(shown, text))


def as_typed(text: str) -> str:
    """What came back from Slack as it was sent: without the links it made of addresses in it."""

    def bare(found: re.Match[str]) -> str:
        target, _, label = found.group(1).partition("|")
        return label or target.removeprefix("mailto:").removeprefix("tel:")

    return _unescaped(_MARK.sub(bare, text))


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def text_of_blocks(message: Payload) -> str:
    """What blocks say, for messages that have no text of their own."""
    return "\n".join(_said(list(parts(message, "blocks")), 0))[:100_000]


def _piece(element: Payload) -> str:
    """One piece of a line of rich text, as people see it."""
    match words(element, "type"):
        case "user":
            return "@" + words(element, "user_id")
        case "broadcast":
            return "@" + words(element, "range")
        case "emoji":
            return f":{words(element, 'name')}:"
        case "link" if words(element, "text"):
            return f"{words(element, 'text')} ({words(element, 'url')})"
        case "link":
            return words(element, "url")
        case _:
            return words(element, "text")


def _said(blocks: Sequence[object], depth: int) -> Iterator[str]:
    if depth > _MOST_BLOCKS_DEEP:
        return
    for block in blocks[:MOST_IN_A_MESSAGE]:
        if not isinstance(block, Mapping):
            continue
        text = block.get("text")
        if block.get("type") in _ONE_LINE:
            yield "".join(_piece(one) for one in parts(block, "elements", most=MOST_PIECES))
            continue
        if isinstance(text, str):
            yield clean(text)
        elif isinstance(text, Mapping):
            yield words(text, "text")
        for name in ("elements", "fields"):
            inner = block.get(name)
            if isinstance(inner, Sequence) and not isinstance(inner, str):
                yield from _said(inner, depth + 1)
