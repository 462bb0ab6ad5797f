"""Column types that refuse what must not reach a database, on either engine alike."""

import json
from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator

from bot.errors import StorageError

LONGEST_LINE = 800
LONGEST_WORDS = 20_000


class UnfitError(StorageError, DontWrapMixin):
    """A value that no column can hold; the message tells the kind of fault, never the value."""


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored and given back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise UnfitError("an instant without a time zone cannot be stored; give it in UTC")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Line(TypeDecorator[str]):
    """Short plain text: an identifier, a kind, a state."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else fit(value)


class Words(TypeDecorator[tuple[str, ...]]):
    """Several identifiers in order, as a JSON list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        del dialect
        if value is None:
            return None
        return fit(json.dumps(list(value), ensure_ascii=False), LONGEST_WORDS)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        del dialect
        return None if value is None else tuple(json.loads(value))


def fit(value: str, longest: int = LONGEST_LINE) -> str:
    """Return `value`, or raise `UnfitError` when a text column cannot hold it (limit in bytes)."""
    if not isinstance(value, str):
        raise UnfitError(f"a text column was given a {type(value).__name__}")
    if "\0" in value:
        raise UnfitError("an identifier holds a NUL character")
    try:
        size = len(value.encode("utf-8"))
    except UnicodeEncodeError:
        raise UnfitError("an identifier is not valid Unicode") from None
    if size > longest:
        raise UnfitError(f"an identifier has {size} bytes; {longest} is the most")
    return value
