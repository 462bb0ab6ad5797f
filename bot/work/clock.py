"""The one place time comes from: everything domain-timed asks a `Clock`."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Domain time. `now` is always aware and in UTC; `moves` counts how often it was set."""

    @property
    def moves(self) -> int: ...

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own time."""

    moves = 0

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """A clock a demo or a test can set; it keeps running from where it was put."""

    def __init__(self, start: datetime | None = None) -> None:
        self.moves = 0
        self._offset = timedelta(0)
        if start is not None:
            self._offset = start - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def set(self, instant: datetime) -> None:
        """Move to `instant` (aware); whoever waits for a moment must be told by the caller."""
        self._offset = instant.astimezone(UTC) - datetime.now(UTC)
        self.moves += 1
