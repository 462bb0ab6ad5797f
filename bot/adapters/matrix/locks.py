"""Closing a room for the night and opening it exactly as it was.

A room is closed by raising what an event asks for above what members may. Only the values that
were raised are put back: who was made an administrator during the night stays one.
"""

import json
from typing import cast

from bot.adapters.base import AdapterState
from bot.adapters.matrix.calls import RefusedError, room_path
from bot.adapters.matrix.reading import Payload, part, whole
from bot.adapters.matrix.room import Room
from bot.adapters.matrix.sending import Sender
from bot.errors import DeliveryError

LEVELS = "m.room.power_levels"
HIGHEST = 100
_TALK = ("m.room.message", "m.room.encrypted", "m.reaction", "m.sticker", "m.poll.start",
         "org.matrix.msc3381.poll.start", "m.call.invite")  # fmt: skip


class Locks:
    """What stood there is stored before anything is changed, and kept until it is back."""

    def __init__(self, sender: Sender, state: AdapterState, bot: str) -> None:
        self._sender = sender
        self._state = state
        self._bot = bot

    async def lock(self, room: Room) -> None:
        """Let nobody below the bot post; told twice changes nothing."""
        current = await self._current(room)
        if await self._saved(room) is None:
            level = self._level(room, current)
            pair = [current, closed(current, level)]
            await self._state.compare_and_set(_key(room), None, json.dumps(pair).encode())
        saved = await self._saved(room)
        wanted = reclosed(current, *saved) if saved is not None else current
        if wanted == current:
            return
        try:
            await self._sender.state(room.id, LEVELS, wanted)
        except RefusedError as refused:
            if refused.permanent:
                await self._forget(room)
            raise

    async def unlock(self, room: Room) -> None:
        """Put back what stood there; a room that was not closed stays as it is."""
        saved = await self._saved(room)
        if saved is None:
            return
        current = await self._current(room)
        wanted = reopened(current, *saved)
        if wanted != current:
            await self._sender.state(room.id, LEVELS, wanted)
        await self._forget(room)

    async def moved(self, before: str, now: str) -> None:
        """A room that was replaced while closed is opened in its new shape."""
        stored = await self._state.get(f"levels:{before}")
        if stored is not None:
            await self._state.compare_and_set(f"levels:{now}", None, stored)

    async def _current(self, room: Room) -> Payload:
        """As the server has it, with every value a library would not know."""
        try:
            return await self._sender.calls.get(room_path(room.id, "state", LEVELS) + "/")
        except RefusedError as refused:
            if refused.status == 404:
                return {}
            raise

    def _level(self, room: Room, current: Payload) -> int:
        room.levels = current
        mine = room.power(self._bot)
        if mine < room.needed(LEVELS) or mine <= whole(current, "users_default"):
            raise DeliveryError(
                "matrix: the bot may not close this room; give it a power level that may change"
                " m.room.power_levels",
                permanent=True,
            )
        return min(mine, HIGHEST)

    async def _saved(self, room: Room) -> tuple[Payload, Payload] | None:
        stored = await self._state.get(_key(room))
        if not stored:
            return None
        before, after = json.loads(stored)
        return cast(Payload, before), cast(Payload, after)

    async def _forget(self, room: Room) -> None:
        await self._state.compare_and_set(_key(room), await self._state.get(_key(room)), None)


def closed(current: Payload, level: int) -> Payload:
    """The power levels with every way of talking raised to `level`."""
    events = dict(part(current, "events"))
    for kind, needed in events.items():
        if kind in _TALK and isinstance(needed, int) and needed < level:
            events[kind] = level
    default = max(level, whole(current, "events_default"))
    changed = {**current, "events_default": default}
    return {**changed, "events": events} if "events" in current else changed


def reclosed(current: Payload, before: Payload, after: Payload) -> Payload:
    """`current` with what closing changes raised again, and nothing else touched."""
    if current == before:
        return after
    shut = dict(current)
    shut["events_default"] = max(whole(current, "events_default"), whole(after, "events_default"))
    events = dict(part(current, "events"))
    raised, earlier = part(after, "events"), part(before, "events")
    for kind in events.keys() & raised.keys():
        if raised[kind] != earlier.get(kind) and events[kind] == earlier.get(kind):
            events[kind] = raised[kind]
    return {**shut, "events": events} if "events" in current else shut


def reopened(current: Payload, before: Payload, after: Payload) -> Payload:
    """`current` with what closing changed put back, and nothing else touched."""
    if current == after:
        return before
    opened = dict(current)
    if current.get("events_default") == after.get("events_default"):
        _put_back(opened, before, "events_default")
    events = dict(part(current, "events"))
    raised, earlier = part(after, "events"), part(before, "events")
    for kind in raised:
        if raised[kind] != earlier.get(kind) and events.get(kind) == raised[kind]:
            _put_back(events, earlier, kind)
    return {**opened, "events": events} if "events" in current else opened


def _put_back(into: dict[str, object], before: Payload, name: str) -> None:
    if name in before:
        into[name] = before[name]
    else:
        into.pop(name, None)


def _key(room: Room) -> str:
    return f"levels:{room.id}"
