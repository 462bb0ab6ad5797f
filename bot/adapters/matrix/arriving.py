"""Coming and going: invitations, being removed, rooms that are replaced, members."""

import logging

from bot.adapters.base import AdapterState
from bot.adapters.matrix.calls import CLIENT, RefusedError, room_path, safe
from bot.adapters.matrix.crypto import Crypto
from bot.adapters.matrix.inbox import Inbox
from bot.adapters.matrix.locks import Locks
from bot.adapters.matrix.reading import Payload, moment, objects, part, words
from bot.adapters.matrix.room import Room
from bot.adapters.matrix.rooms import Rooms
from bot.adapters.matrix.sending import Sender
from bot.adapters.matrix.stored import Table
from bot.adapters.matrix.values import Settings, account
from bot.core.events import BotAdded, BotRemoved, MembersChanged, Place

MOST_ROOMS = 2_000
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

    async def load(self) -> None:
        await self._told.load()

    async def invited(self, room: str, invite: Payload) -> None:
        """Accept what a member of our own server asks, or where our group moved to."""
        events = list(objects(part(invite, "invite_state"), "events"))
        asking = next((e for e in events if e.get("state_key") == self._rooms.bot), {})
        by = words(asking, "sender")
        if not self._settings.is_local(by) and not self._rooms.replaced(room):
            _log.warning("matrix: an invitation from another server was declined")
            await self._permitted("POST", room_path(room, "leave"))
            return
        if not await self._permitted("POST", f"{CLIENT}/join/{safe(room)}"):
            return
        direct = part(asking, "content").get("is_direct") is True
        self._rooms.known(room).askers[self._rooms.bot] = (by, direct)

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
        if room in self._told and not (known is not None and known.replaced_by):
            await self._inbox.hand(BotRemoved(self._rooms.ref(room), moment({})))
        await self._told.drop(room)
        self._rooms.forget(room)

    async def state_changed(self, room: Room, event: Payload) -> None:
        """A member came or went, or the room was replaced by another."""
        kind = words(event, "type")
        if kind == "m.room.tombstone" and room.replaced_by:
            via = words(event, "sender").partition(":")[2]
            path = f"{CLIENT}/join/{safe(room.replaced_by)}"
            await self._permitted("POST", path, {"server_name": via})
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

    async def _permitted(self, method: str, path: str, query: dict[str, str] | None = None) -> bool:
        """Do it; false where the server will not have it, whatever we try."""
        try:
            await self._sender.calls.call(method, path, {}, query=query)
        except RefusedError as refused:
            if not refused.permanent:
                raise
            _log.warning("matrix: a room could not be entered or left (%s)", refused)
            return False
        return True
