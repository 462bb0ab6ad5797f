"""Coming and going: invitations, being removed, rooms that are replaced, members."""

import logging
import time
from collections.abc import Iterator

from bot.adapters.base import AdapterState
from bot.adapters.matrix.calls import CLIENT, RefusedError, room_path, safe
from bot.adapters.matrix.crypto import Crypto
from bot.adapters.matrix.inbox import Inbox
from bot.adapters.matrix.locks import Locks
from bot.adapters.matrix.reading import Payload, moment, objects, part, whole, words
from bot.adapters.matrix.room import Room
from bot.adapters.matrix.rooms import Rooms
from bot.adapters.matrix.sending import Sender
from bot.adapters.matrix.stored import Table
from bot.adapters.matrix.values import Settings, account
from bot.core.events import BotAdded, BotRemoved, MembersChanged, Place
from bot.errors import DeliveryError

MOST_ROOMS = 2_000
MOST_ASKED = 100
MOST_TRIES = 20
LONGEST_WAIT = 300.0
_log = logging.getLogger(__name__)


class Arriving:
    """Joins where somebody of the school asks it to, and tells of it once."""

    def __init__(
        self,
        settings: Settings,
        state: AdapterState,
        rooms: Rooms,
        sender: Sender,
        crypto: Crypto,
        locks: Locks,
        inbox: Inbox,
    ) -> None:
        self._settings = settings
        self._rooms = rooms
        self._sender = sender
        self._crypto = crypto
        self._locks = locks
        self._inbox = inbox
        self._told: Table[int] = Table(state, "told", MOST_ROOMS)
        self._asked: Table[Payload] = Table(state, "asked", MOST_ASKED)
        self._not_before: dict[str, float] = {}

    async def load(self) -> None:
        await self._told.load()
        await self._asked.load()

    async def invited(self, room: str, invite: Payload) -> None:
        """Accept what a member of our own server asks, or where our group moved to."""
        asking = list(self._invitations(invite))
        by = words(asking[-1], "sender") if asking else ""
        local = bool(asking) and all(self._settings.is_local(words(e, "sender")) for e in asking)
        if not local and not self._rooms.replaced(room):
            _log.warning("matrix: an invitation from another server was declined")
            await self._decline(room)
            return
        direct = bool(asking) and part(asking[-1], "content").get("is_direct") is True
        await self._enter(room, {"by": by, "direct": direct, "via": "", "tries": 0})

    async def waiting(self) -> None:
        """Try again to enter the rooms whose server did not let us in before."""
        for room, row in self._asked.rows().items():
            if time.monotonic() >= self._not_before.get(room, 0.0):
                await self._enter(room, row)

    async def _enter(self, room: str, row: Payload) -> None:
        """Join; what fails now is tried beside everything else, for an hour at least."""
        tries, via = whole(row, "tries"), words(row, "via")
        await self._asked.put(room, {**row, "tries": tries + 1})
        self._not_before[room] = time.monotonic() + min(LONGEST_WAIT, 2.0**tries)
        query = {"server_name": via} if via else None
        try:
            await self._sender.calls.call("POST", f"{CLIENT}/join/{safe(room)}", {}, query=query)
        except DeliveryError as refused:
            _log.warning("matrix: a room could not be entered (%s)", refused)
            if not refused.permanent and tries < MOST_TRIES:
                return
        else:
            asked = (words(row, "by"), row.get("direct") is True)
            self._rooms.known(room).askers[self._rooms.bot] = asked
        await self._asked.drop(room)

    def _invitations(self, invite: Payload) -> Iterator[Payload]:
        """Who asks the bot in; another server may add any it likes to the one that is real."""
        for event in objects(part(invite, "invite_state"), "events"):
            if (event.get("type"), event.get("state_key")) == ("m.room.member", self._rooms.bot):
                yield event

    async def present(self, room: Room) -> None:
        """Tell once that the bot is in this group; remember a private chat as one."""
        bot = self._rooms.bot
        asked_by, direct = room.askers.get(bot, ("", False))
        if direct and not self._rooms.was_private(room) and room.is_between(bot, asked_by):
            await self._rooms.talks(asked_by, room.id)
        if room.id in self._told or self._rooms.was_private(room) or not self._inbox.reads(room):
            return
        before = room.predecessor
        old = self._rooms.find(before) if before else None
        if old is not None and old.replaced_by == room.id:
            await self._locks.moved(before, room.id)
            await self._rooms.move(before, room.id)
            await self._told.put(room.id, 1)
            return
        by = account(asked_by, room.members.get(asked_by, "")) if asked_by else None
        admins = tuple(account(user, room.members[user]) for user in room.admins(bot))
        await self._inbox.hand(
            BotAdded(
                self._rooms.ref(room.id),
                moment({}),
                place=Place.OTHER,
                title=room.name,
                by=by,
                admins=tuple(a for a in admins if self._settings.is_local(a.user)),
            )
        )
        await self._told.put(room.id, 1)

    async def removed(self, room: str) -> None:
        """The bot was taken out, or left."""
        known = self._rooms.find(room)
        ref = self._rooms.ref(room)
        moved = self._rooms.now(ref) != room or (known is not None and known.replaced_by)
        if room in self._told and not moved:
            await self._inbox.hand(BotRemoved(ref, moment({})))
        await self._told.drop(room)
        self._rooms.forget(room)

    async def state_changed(self, room: Room, event: Payload) -> None:
        """A member came or went, or the room was replaced by another."""
        kind = words(event, "type")
        if kind == "m.room.tombstone" and room.replaced_by:
            via = words(event, "sender").partition(":")[2]
            row = {"by": "", "direct": False, "via": via, "tries": 0}
            await self._enter(room.replaced_by, row)
        if kind == "m.room.member":
            await self._member(room, event)

    async def _member(self, room: Room, event: Payload) -> None:
        who = words(event, "state_key")
        now = words(part(event, "content"), "membership")
        before = words(part(event, "unsigned", "prev_content"), "membership")
        if who == self._rooms.bot or (now == "join") == (before == "join"):
            return
        self._crypto.members_changed(room.id)
        if not self._inbox.reads(room) or self._rooms.was_private(room):
            return
        person = (account(who, words(part(event, "content"), "displayname")),)
        await self._inbox.hand(
            MembersChanged(
                self._rooms.ref(room.id),
                moment(event),
                joined=person if now == "join" else (),
                left=person if now != "join" else (),
                size=len(room.people(self._rooms.bot)),
            )
        )

    async def _decline(self, room: str) -> None:
        try:
            await self._sender.calls.post(room_path(room, "leave"), {})
        except RefusedError as refused:
            _log.warning("matrix: an invitation could not be declined (%s)", refused)
