"""Reading what a server sent as it is: a value of another kind than expected counts as absent."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from bot.adapters.wording import clean

Payload = Mapping[str, object]
_NOTHING: Payload = {}
_LATEST = 32_503_680_000_000  # the year 3000, in milliseconds


def part(value: object, *path: str) -> Payload:
    """An object inside `value`, empty where there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else _NOTHING


def words(value: object, name: str) -> str:
    """A text inside `value`, without what cannot be stored: NUL and half characters."""
    found = value.get(name) if isinstance(value, Mapping) else None
    return clean(found) if isinstance(found, str) else ""


def whole(value: object, name: str, otherwise: int = 0) -> int:
    """A whole number inside `value`."""
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, int) and not isinstance(found, bool) else otherwise


def objects(value: object, name: str) -> Iterator[Payload]:
    """The objects in a list inside `value`."""
    found = value.get(name) if isinstance(value, Mapping) else None
    if isinstance(found, list):
        yield from (item for item in found if isinstance(item, Mapping))


def moment(event: Payload) -> datetime:
    """When an event was sent, as its server says; a time that cannot be is now."""
    milliseconds = whole(event, "origin_server_ts", -1)
    if not 0 <= milliseconds <= _LATEST:
        return datetime.now(UTC)
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
