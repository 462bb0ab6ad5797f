"""Reactions as buttons: under a whisper stand 1️⃣ 2️⃣ 3️⃣, and a tap on one is a press.

Which sign means which button is stored as soon as the whisper has an id. A press that was heard
earlier, because the bot was stopped in between, is kept until then. The bot's own reactions come
afterwards and may be late where the server limits how fast a bot may speak; a digit typed in the
private room means the same.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence

from bot.adapters.base import AdapterState, Button
from bot.adapters.matrix.reading import Payload, part, words
from bot.adapters.matrix.room import Room
from bot.adapters.matrix.sending import Sender
from bot.adapters.matrix.stored import Table
from bot.adapters.matrix.words import HOW_TO_PRESS
from bot.errors import DeliveryError, FluisterError

SIGNS = ("1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣", "8️⃣", "9️⃣", "🔟")
KEPT = 400
EARLY = 50
ATTEMPTS = 20
_log = logging.getLogger(__name__)

Rows = Sequence[Sequence[Button]]


class Marks:
    """Which whisper has which buttons; a row is [room, tokens, ids of our own reactions]."""

    def __init__(self, sender: Sender, state: AdapterState) -> None:
        self._sender = sender
        self._shown: Table[list[object]] = Table(state, "marks", KEPT)
        self._early: Table[dict[str, object]] = Table(state, "early", EARLY)
        self.press: Callable[[str, Payload], Awaitable[None]] | None = None
        self._last: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def load(self) -> None:
        await self._shown.load()
        await self._early.load()
        self._last = {str(row[0]): event for event, row in self._shown.rows().items()}

    async def under(self, room: Room, event: str, rows: Rows) -> None:
        """Make `rows` the buttons of a whisper that was just shown or changed."""
        tokens = [button.token for button in pressable(rows)]
        before = self._shown.get(event)
        if before is not None and before[1] == tokens:
            return
        if before is not None:
            self._later(self._take_away(room, _texts(before[2])))
        if not tokens:
            await self._shown.drop(event)
            if self._last.get(room.id) == event:
                del self._last[room.id]
            return
        await self._shown.put(event, [room.id, tokens, []])
        self._last[room.id] = event
        self._later(self._offer(room, event, tokens))

    async def pressed_early(self, room: str, shown: str, event: Payload) -> None:
        """Keep a press on a whisper of which we do not know the buttons, for when we do."""
        if shown not in self._shown:
            await self._early.put(shown, {"room": room, "event": dict(event)})

    def first_shown(self, event: str) -> None:
        """A whisper was sent anew, and its buttons are known: see whether one was pressed."""
        if event in self._early:
            self._later(self._press(event))

    async def _press(self, event: str) -> None:
        row, press = self._early.get(event), self.press
        if row is None or press is None:
            return
        for attempt in range(ATTEMPTS):
            try:
                await press(words(row, "room"), part(row, "event"))
                await self._early.drop(event)
            except FluisterError:
                await asyncio.sleep(min(60.0, 2.0**attempt))
            else:
                return

    def token(self, room: str, event: str, sign: str) -> str | None:
        """The button a reaction presses."""
        row = self._shown.get(event)
        if row is None or row[0] != room:
            return None
        tokens, place = _texts(row[1]), _place(sign)
        return tokens[place] if place is not None and place < len(tokens) else None

    def typed(self, room: str, text: str) -> str | None:
        """The button somebody means who types its digit."""
        event = self._last.get(room)
        return self.token(room, event, text.strip()) if event else None

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _offer(self, room: Room, event: str, tokens: list[str]) -> None:
        ours: list[str] = []
        for sign in SIGNS[: len(tokens)]:
            relates = {"rel_type": "m.annotation", "event_id": event, "key": sign}
            content = {"m.relates_to": relates}
            mark = await self._patiently(room, content, f"mark {event} {tokens[0]} {sign}")
            if mark is None:
                return
            ours.append(mark)
            row = self._shown.get(event)
            if row is None or row[1] != tokens:
                await self._take_away(room, ours)
                return
            await self._shown.put(event, [room.id, tokens, list(ours)])

    async def _patiently(self, room: Room, content: Payload, key: str) -> str | None:
        for attempt in range(ATTEMPTS):
            try:
                return await self._sender.send(room, "m.reaction", content, key)
            except DeliveryError as refused:
                if refused.permanent:
                    return None
                await asyncio.sleep(refused.retry_after or min(60.0, 2.0**attempt))
        return None

    async def _take_away(self, room: Room, ours: list[str]) -> None:
        for mark in ours:
            with contextlib.suppress(DeliveryError):
                await self._sender.redact(room.id, mark, f"unmark {mark}")


def pressable(rows: Rows) -> Iterator[Button]:
    """The buttons that can be pressed, in order, as many as there are signs."""
    found = [button for row in rows for button in row if button.token]
    yield from found[: len(SIGNS)]


def with_legend(text: str, rows: Rows) -> str:
    """The text with a line for each button, and for each number to dial or page to open."""
    buttons = list(pressable(rows))
    lines = [f"{sign}  {button.label}" for sign, button in zip(SIGNS, buttons, strict=False)]
    lines += [_link(button) for row in rows for button in row if button.url]
    how = [HOW_TO_PRESS] if buttons else []
    return "\n".join([text, *([""] if lines else []), *lines, *how])


def _link(button: Button) -> str:
    where = button.url.removeprefix("tel:")
    return button.label if where in button.label else f"{button.label}: {where}"


def _place(sign: str) -> int | None:
    """The place of a sign or typed digit, with or without the emoji's invisible marks."""
    bare = sign.replace("\ufe0f", "").replace("\u20e3", "")
    if bare in ("🔟", "10"):
        return 9
    return int(bare) - 1 if len(bare) == 1 and bare in "123456789" else None


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
