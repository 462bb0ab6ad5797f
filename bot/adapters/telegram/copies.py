"""A second way for whispers nobody answered.

Telegram does not promise that an ephemeral message arrives at somebody who is offline. So one that
asks for an answer is kept, encrypted; when none came in ten minutes it is said once more, silently,
in the private chat.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.adapters.base import AdapterState, Button
from bot.adapters.telegram.waiting import LASTS, Rows

UNANSWERED = timedelta(minutes=10)
_KEY = "copies"


@dataclass(frozen=True, slots=True)
class Copy:
    """The words of one ephemeral message; `copy` is where they stand in private, once said there.

    `at` is when it was shown, as text in UTC.
    """

    shown: str
    user: int
    at: str
    text: str = field(repr=False)
    rows: Rows = field(repr=False)
    copy: str = ""


class Copies:
    """At most one for each ephemeral message, for three days."""

    def __init__(self, state: AdapterState) -> None:
        self._state = state
        self._all: dict[str, Copy] = {}

    async def load(self) -> None:
        stored = await self._state.get(_KEY)
        for shown, user, at, text, rows, copy in json.loads(stored) if stored else []:
            buttons = tuple(tuple(Button(*button) for button in row) for row in rows)
            self._all[shown] = Copy(shown, int(user), at, text, buttons, copy)

    async def shown(self, shown: str, user: int, text: str, rows: Rows, before: str = "") -> str:
        """Keep what asks for an answer; where the one it took the place of stands in private."""
        earlier = self._all.pop(before, None)
        there = earlier.copy if earlier is not None else ""
        if rows or earlier is not None:
            at = datetime.now(UTC).isoformat()
            self._all[shown] = Copy(shown, user, at, text, rows, there)
            await self._write()
        return there

    async def changed(self, shown: str, text: str, rows: Rows) -> str:
        """Follow a change of what is kept; where it stands in private. An answer ends that."""
        kept = self._all.get(shown)
        if kept is None:
            return ""
        self._all[shown] = replace(kept, text=text, rows=rows)
        await self._write()
        return kept.copy

    async def said(self, copy: Copy, private: str) -> None:
        """Note that it stands in the private chat as well."""
        if copy.shown in self._all:
            self._all[copy.shown] = replace(self._all[copy.shown], copy=private)
            await self._write()

    async def answered(self, user: int, shown: str = "") -> None:
        """Somebody answered: what they saw need not be said again."""
        seen = [
            one.shown
            for one in self._all.values()
            if one.user == user and not one.copy and shown in ("", one.shown)
        ]
        await self._drop(seen)

    async def forget(self, user: int) -> None:
        """Erase everything kept for somebody."""
        await self._drop([one.shown for one in self._all.values() if one.user == user])

    async def drop(self, copy: Copy) -> None:
        await self._drop([copy.shown])

    async def due(self) -> tuple[Copy, ...]:
        """What must be said in private now; what is older than three days is erased."""
        now = datetime.now(UTC)
        oldest, ripe = (now - LASTS).isoformat(), (now - UNANSWERED).isoformat()
        await self._drop([one.shown for one in self._all.values() if one.at < oldest])
        return tuple(one for one in self._all.values() if not one.copy and one.at <= ripe)

    async def _drop(self, shown: list[str]) -> None:
        for name in shown:
            self._all.pop(name, None)
        if shown:
            await self._write()

    async def _write(self) -> None:
        rows = [
            [
                one.shown,
                one.user,
                one.at,
                one.text,
                [[[b.label, b.token, b.url] for b in row] for row in one.rows],
                one.copy,
            ]
            for one in self._all.values()
        ]
        await self._state.put(_KEY, json.dumps(rows).encode())
