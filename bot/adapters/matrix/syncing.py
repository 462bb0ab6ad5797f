"""Hearing: one sync after the other, each confirmed only once all of it was taken in.

What cannot be taken in is offered again until it can, and nothing behind it is confirmed. After a
stop the same token is used again, so that nothing between is lost; where the server left out the
middle of a long absence, it is asked for.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

from bot.adapters.base import AdapterState
from bot.adapters.matrix.arriving import Arriving
from bot.adapters.matrix.calls import CLIENT, Calls, RefusedError, room_path
from bot.adapters.matrix.crypto import Crypto
from bot.adapters.matrix.inbox import Inbox, NotTakenInError
from bot.adapters.matrix.reading import Payload, objects, part, words
from bot.adapters.matrix.room import Room
from bot.adapters.matrix.rooms import Rooms
from bot.errors import DeliveryError, StorageError

WAIT = 25.0
LIMIT = 100
MOST_PAGES = 200
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
EXPIRED_PAUSE = 300.0
EXPIRED = (
    "matrix: the access token is not valid any more. Make a new one (deploy/matrix/register.py),"
    " set FLUISTER_MATRIX_TOKEN and start again. Nothing is lost: what was said meanwhile is read"
    " then."
)
_KEY = "since"
_NONE: dict[str, object] = {"types": []}
_FILTER = json.dumps(
    {
        "presence": _NONE,
        "account_data": _NONE,
        "room": {
            "timeline": {"limit": LIMIT, "lazy_load_members": False},
            "state": {"lazy_load_members": False},
            "ephemeral": _NONE,
            "account_data": _NONE,
        },
    }
)
_log = logging.getLogger(__name__)


class Syncing:
    """The loop that hears. `start` learns the rooms; `run` takes events in until cancelled."""

    def __init__(
        self,
        calls: Calls,
        state: AdapterState,
        rooms: Rooms,
        crypto: Crypto,
        inbox: Inbox,
        arriving: Arriving,
    ) -> None:
        self._calls = calls
        self._state = state
        self._rooms = rooms
        self._crypto = crypto
        self._inbox = inbox
        self._arriving = arriving
        self._since = ""
        self._first: Payload | None = None
        self._pause = 0.0

    async def start(self) -> None:
        """Ask for everything since the last time, with all rooms as they are now."""
        self._since = (await self._state.get(_KEY) or b"").decode()
        try:
            self._first = await self._ask(whole=True)
        except RefusedError as refused:
            if not self._since or not refused.permanent or refused.status not in (400, 404):
                raise
            _log.warning("matrix: the server does not know where we were; starting from now")
            self._since = ""
            self._first = await self._ask(whole=True)
        for name, told in _rooms(self._first, "join"):
            room = self._rooms.known(name)
            for event in [*objects(part(told, "state"), "events"), *_timeline(told)]:
                room.apply(event)
        await self._crypto.take(self._first)

    async def run(self) -> None:
        """Take in what `start` brought, then whatever comes."""
        fresh = not self._since
        while True:
            answer = self._first or await self._heard()
            if self._first is None:
                await self._crypto.take(answer)
            self._first = None
            await self._taken(answer, history=not fresh)
            fresh = False
            self._since = words(answer, "next_batch")
            await self._persist()

    async def _persist(self) -> None:
        await self._patiently(partial(self._state.put, _KEY, self._since.encode()))

    async def _heard(self) -> Payload:
        """The next answer; a server that is away is waited for, however long."""
        while True:
            try:
                answer = await self._ask(whole=False)
            except DeliveryError as refused:
                await self._lost(refused)
            else:
                if self._pause:
                    _log.warning("matrix: connected again")
                self._pause = 0.0
                return answer

    async def _lost(self, refused: DeliveryError) -> None:
        if isinstance(refused, RefusedError) and refused.expired:
            _log.error(EXPIRED)
            await asyncio.sleep(EXPIRED_PAUSE)
            return
        if not self._pause:
            _log.warning("matrix: the connection is lost, trying to come back (%s)", refused)
        self._pause = min(LONGEST_PAUSE, self._pause * 2 or FIRST_PAUSE)
        await asyncio.sleep(max(self._pause, refused.retry_after or 0.0))

    async def _ask(self, *, whole: bool) -> Payload:
        query = {"filter": _FILTER, "set_presence": "offline"}
        if self._since:
            query["since"] = self._since
        if whole:
            query["full_state"] = "true"
        else:
            query["timeout"] = str(int(WAIT * 1000))
        answer = await self._calls.call("GET", f"{CLIENT}/sync", query=query, seconds=WAIT + 60)
        if not words(answer, "next_batch"):
            raise DeliveryError("matrix: GET sync: an answer that is none", permanent=False)
        return answer

    async def _taken(self, answer: Payload, *, history: bool) -> None:
        """Everything in one answer, in order, however often a part must be tried again."""
        for name, told in _rooms(answer, "invite"):
            await self._patiently(partial(self._arriving.invited, name, told))
        for name, told in _rooms(answer, "join"):
            await self._room(self._rooms.known(name), told, history=history)
        for name, _ in _rooms(answer, "leave"):
            await self._patiently(partial(self._arriving.removed, name))
        if any(objects(part(answer, "to_device"), "events")):
            await self._patiently(self._inbox.opened)
        await self._patiently(self._arriving.waiting)

    async def _room(self, room: Room, told: Payload, *, history: bool) -> None:
        was_in = self._rooms.bot in room.members
        for event in objects(part(told, "state"), "events"):
            room.apply(event)
        events = list(_timeline(told))
        for event in events:
            if "state_key" in event:
                room.apply(event)
        await self._patiently(partial(self._arriving.present, room))
        if not history:
            return
        if part(told, "timeline").get("limited") is True and was_in:
            events = [*await self._between(room, told), *events]
        for event in self._meant_for_us(room, events):
            await self._event(room, event)

    async def _event(self, room: Room, event: Payload) -> None:
        if "state_key" in event:
            await self._patiently(partial(self._arriving.state_changed, room, event))
        else:
            await self._patiently(partial(self._inbox.take, room, event))

    def _meant_for_us(self, room: Room, events: list[Payload]) -> list[Payload]:
        """What was said before the bot came in is not for it; in private, since it was asked."""
        begin = "invite" if self._rooms.is_private(room) else "join"
        for index in range(len(events) - 1, -1, -1):
            if _becomes(events[index], self._rooms.bot, begin):
                return events[index + 1 :]
        return events

    async def _between(self, room: Room, told: Payload) -> list[Payload]:
        """What the server left out between the last time and this answer, oldest first."""
        found: list[Payload] = []
        async for event in self._pages(room, words(part(told, "timeline"), "prev_batch")):
            found.append(event)
            if _becomes(event, self._rooms.bot, "join"):
                break
        return found[::-1]

    async def _pages(self, room: Room, begin: str) -> AsyncIterator[Payload]:
        for _ in range(MOST_PAGES if begin and self._since else 0):
            query = {"dir": "b", "from": begin, "to": self._since, "limit": str(LIMIT)}
            answer: Payload = {}

            async def ask(query: dict[str, str] = query) -> None:
                nonlocal answer
                answer = await self._calls.get(room_path(room.id, "messages"), query)

            await self._patiently(ask)
            for event in objects(answer, "chunk"):
                yield event
            begin = words(answer, "end")
            if not begin:
                return

    async def _patiently(self, do: Callable[[], Awaitable[None]]) -> None:
        """Do it until it is done; what the platform refuses for good is said and left."""
        pause = FIRST_PAUSE
        while True:
            try:
                await do()
            except (NotTakenInError, StorageError) as error:
                _log.warning("matrix: an event could not be taken in (%s)", error)
            except DeliveryError as refused:
                if refused.permanent:
                    _log.warning("matrix: something was refused (%s)", refused)
                    return
                if isinstance(refused, RefusedError) and refused.expired:
                    _log.error(EXPIRED)
                    pause = EXPIRED_PAUSE
                pause = max(pause, refused.retry_after or 0.0)
            else:
                return
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)


def _rooms(answer: Payload, kind: str) -> list[tuple[str, Payload]]:
    found = part(answer, "rooms", kind)
    return [(name, part(found, name)) for name in found]


def _timeline(told: Payload) -> list[Payload]:
    return list(objects(part(told, "timeline"), "events"))


def _becomes(event: Payload, user: str, what: str) -> bool:
    """Whether somebody's membership became this, and not only their name changed."""
    if event.get("type") != "m.room.member" or event.get("state_key") != user:
        return False
    before = words(part(event, "unsigned", "prev_content"), "membership")
    return words(part(event, "content"), "membership") == what and before != what
