"""How fast a bot may speak, kept to here so that Telegram need not refuse.

Telegram's own figures: 30 messages a second in all, one a second in a chat with short bursts, and
20 a minute in a group. Whatever it refuses all the same (429) keeps that chat still for as long as
it asked.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.errors import DeliveryError

IN_ALL, SECOND = 30, 1.0
IN_GROUP, MINUTE = 20, 60.0
BURST = 4
WAITS_HERE = 2.0
_REMEMBERED = 500


@dataclass(slots=True)
class _Line:
    """One chat: when it was last spoken in, how much of a burst is used, until when it is still."""

    sent: deque[float] = field(default_factory=deque)
    used: float = 0.0
    at: float = 0.0
    still_until: float = 0.0


class Pace:
    """Gives turns. `now` is a clock that only runs forward, in seconds."""

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._all: deque[float] = deque()
        self._lines: dict[int, _Line] = {}

    async def turn(self, chat: int, *, urgent: bool = False) -> None:
        """Wait for a turn in `chat`; a long wait is a `DeliveryError` that says how long.

        What is `urgent` (a whisper) counts, but does not wait for the group's minute.
        """
        line = self._line(chat)
        while (wait := self._wait(line, urgent=urgent)) > 0:
            if wait > WAITS_HERE:
                raise DeliveryError(
                    "telegram: so much at once is not allowed", permanent=False, retry_after=wait
                )
            await self._sleep(wait)
        now = self._now()
        self._all.append(now)
        if chat < 0:
            line.sent.append(now)
        line.used, line.at = self._burst(line, now) + 1, now

    def keep_still(self, chat: int, seconds: float) -> None:
        """Telegram asked for silence in a chat."""
        line = self._line(chat)
        line.still_until = max(line.still_until, self._now() + seconds)

    def _wait(self, line: _Line, *, urgent: bool) -> float:
        now = self._now()
        waits = [line.still_until - now, self._burst(line, now) - BURST + 1]
        waits.append(_until_free(self._all, IN_ALL, SECOND, now))
        group = _until_free(line.sent, IN_GROUP, MINUTE, now)
        return max([*waits, 0.0 if urgent else group])

    def _burst(self, line: _Line, now: float) -> float:
        """How much of a burst is still used: one message wears off each second."""
        return max(0.0, line.used - (now - line.at) / SECOND)

    def _line(self, chat: int) -> _Line:
        if chat not in self._lines and len(self._lines) >= _REMEMBERED:
            quiet = self._now() - MINUTE
            self._lines = {
                number: line
                for number, line in self._lines.items()
                if max(line.at, line.still_until) > quiet
            }
        return self._lines.setdefault(chat, _Line())


def _until_free(sent: deque[float], most: int, span: float, now: float) -> float:
    """Seconds until one more fits in a window of `span` seconds that holds `most`."""
    while sent and now - sent[0] >= span:
        sent.popleft()
    return 0.0 if len(sent) < most else sent[-most] + span - now
