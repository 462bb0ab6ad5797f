"""From a room's events to ours: handed on in order, each at least once."""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from bot.adapters.base import AdapterState, OnIncoming, RemoveMessage
from bot.adapters.kept import Kept
from bot.adapters.matrix.calls import RefusedError, room_path
from bot.adapters.matrix.crypto import Crypto
from bot.adapters.matrix.marks import Marks
from bot.adapters.matrix.nights import Nights
from bot.adapters.matrix.reading import Payload, moment, part, words
from bot.adapters.matrix.removing import Removing
from bot.adapters.matrix.room import Room
from bot.adapters.matrix.rooms import Rooms
from bot.adapters.matrix.sealed import Sealed
from bot.adapters.matrix.sending import Sender
from bot.adapters.matrix.stored import Table
from bot.adapters.matrix.translate import (
    Where,
    command,
    edited,
    posted,
    reaction,
    redacted,
    replaces,
)
from bot.adapters.matrix.values import account
from bot.adapters.matrix.whispers import Whispers
from bot.adapters.wording import said_aloud
from bot.core.events import (
    ButtonPressed,
    CommandGiven,
    Incoming,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Receipt,
    Refuse,
)
from bot.errors import FluisterError

REMEMBERED = 20_000
REFUSED = 500
# What programs say in a private chat, such as a bridge that could not pass something on: answering
# that would be two programs talking.
_UNASKED = ("m.notice", "m.key.verification.request")
_STRANGE = (AttributeError, LookupError, OverflowError, TypeError, ValueError, RecursionError)
_log = logging.getLogger(__name__)
_V = TypeVar("_V")


class NotTakenInError(FluisterError):
    """What was handed on could not be taken in; it must come again."""


class Inbox:
    """Takes the events of a room's timeline, one by one."""

    def __init__(
        self,
        on_incoming: OnIncoming,
        state: AdapterState,
        rooms: Rooms,
        crypto: Crypto,
        sender: Sender,
        whispers: Whispers,
        kept: Kept,
        marks: Marks,
        removing: Removing,
        nights: Nights,
        *,
        bridges: bool,
    ) -> None:
        self._on_incoming = on_incoming
        self._rooms = rooms
        self._crypto = crypto
        self._sender = sender
        self._whispers = whispers
        self._marks = marks
        self._kept = kept
        self._removing = removing
        self._nights = nights
        self._bridges = bridges
        self._done: OrderedDict[str, None] = OrderedDict()
        self._authors: OrderedDict[str, str] = OrderedDict()
        self._revisions: OrderedDict[str, int] = OrderedDict()
        self.refused: Table[str] = Table(state, "refused", REFUSED)
        self.sealed = Sealed(state)
        marks.press = self.again
        self.settled: Callable[[str], Awaitable[None]] | None = None

    async def load(self) -> None:
        await self.refused.load()
        await self.sealed.load()

    def reads(self, room: Room) -> bool:
        """Whether what is said here is for us: a group, or a private chat that still is one."""
        if room.space or (room.bridged and not self._bridges):
            return False
        return self._rooms.is_private(room) or not self._rooms.was_private(room)

    async def hand(self, event: Incoming) -> Receipt:
        """Hand on; whatever is raised inside means "not taken in", never "not readable"."""
        try:
            return await self._on_incoming(event)
        except Exception as error:
            raise NotTakenInError(type(error).__name__) from error

    async def take(self, room: Room, event: Payload) -> None:
        """Take one event in; what raises was not taken in and must be offered again."""
        name = words(event, "event_id")
        if not name or name in self._done or words(event, "sender") == self._rooms.bot:
            return
        try:
            await self._one(room, event)
        except _STRANGE as error:
            # A shape nobody knows: it would hold up every other message for ever.
            _log.warning("matrix: an event was not readable (%s)", type(error).__name__)
        _remember(self._done, name, None)

    async def opened(self) -> None:
        """Look again at what could not be decrypted before."""
        for name, (room_id, event) in self.sealed.waiting().items():
            room = self._rooms.find(room_id)
            if room is None:
                await self.sealed.drop(name)
                continue
            if self._crypto.decrypt(room_id, event) is not None:
                self._done.pop(name, None)
                await self.take(room, event)
                await self.sealed.drop(name)

    async def again(self, room_id: str, event: Payload) -> None:
        """Take in once more what could not be understood when it came."""
        room = self._rooms.find(room_id)
        if room is not None:
            self._done.pop(words(event, "event_id"), None)
            await self.take(room, event)

    async def _one(self, room: Room, event: Payload) -> None:
        if not self.reads(room):
            return
        if words(event, "type") == "m.room.encrypted":
            opened = self._crypto.decrypt(room.id, event)
            if opened is None:
                await self.sealed.keep(room.id, event)
                return
            event = opened
        name = words(event, "event_id")
        _remember(self._authors, name, words(event, "sender"))
        if self.settled is not None:
            await self.settled(name)
        if name in self.refused:
            await self._too_late(room, event)
            return
        await self._read(room, event)

    async def _read(self, room: Room, event: Payload) -> None:
        where = self.where(room, words(event, "sender"))
        gone = redacted(event)
        pressed = reaction(event)
        if gone:
            await self.sealed.drop(gone)
            await self._gone(where, MessageDeleted(where.chat, gone, moment(event)), event)
        elif pressed is not None:
            token = self._marks.token(room.id, *pressed)
            if token is None and where.private:
                await self._marks.pressed_early(room.id, pressed[0], event)
            await self._pressed(where, event, token)
        elif replaces(event):
            await self._edited(room, where, event)
        else:
            await self._said(room, where, event)

    async def _gone(self, where: Where, gone: MessageDeleted, event: Payload) -> None:
        await self.hand(gone)
        held = self._nights.taken_back(gone, words(event, "sender")) if where.private else None
        if held is not None:
            await self.hand(held)

    def where(self, room: Room, sender: str) -> Where:
        private = self._rooms.is_private(room)
        return Where(self._rooms.ref(room.id), private, room.members.get(sender, ""))

    async def _said(self, room: Room, where: Where, event: Payload) -> None:
        read = posted(event, where)
        if read is None or (where.private and words(part(event, "content"), "msgtype") in _UNASKED):
            return
        token = self._marks.typed(room.id, read.text) if where.private else None
        if token is not None:
            await self._pressed(where, event, token)
            return
        asked = command(event, where)
        if asked is not None:
            await self.hand(asked)
            read = _aloud(asked, read)
        if read is not None:
            await self._posted(read)

    async def _posted(self, read: MessagePosted) -> None:
        for_group = self._nights.meant_for_group(read)
        if for_group is None:
            await self.hand(read)
            return
        await self._kept.answer(for_group, await self.hand(for_group))

    async def _edited(self, room: Room, where: Where, event: Payload) -> None:
        """An edit counts for whoever wrote the first message; anybody else's is a message."""
        first, name = replaces(event), words(event, "event_id")
        read = edited(event, where, self._revision(first, event))
        if read is not None and await self.author(room, first) == words(event, "sender"):
            await self._changed(read)
        elif read is not None:
            await self._posted(replace(read, message=name, revision=0))
        if self._removing.gone(first):
            await self._removing.remove(RemoveMessage(where.chat, name), f"edit {name}")

    async def _changed(self, read: MessagePosted) -> None:
        for_group = self._nights.meant_for_group(read)
        receipt = await self.hand(MessageEdited(for_group or read))
        if for_group is not None and isinstance(receipt, Refuse):
            await self._kept.tell(for_group, receipt.text)

    def _revision(self, first: str, event: Payload) -> int:
        """Higher than any before: seconds since 1970, one more where that is not enough."""
        revision = max(int(moment(event).timestamp()), self._revisions.get(first, 0) + 1)
        _remember(self._revisions, first, revision)
        return revision

    async def author(self, room: Room, event: str) -> str:
        """Who wrote an event, as the server says; nobody where it is not there."""
        known = self._authors.get(event)
        if known is not None:
            return known
        try:
            found = await self._sender.calls.get(room_path(room.id, "event", event))
        except RefusedError as refused:
            if not refused.permanent:
                raise
            return ""
        _remember(self._authors, event, words(found, "sender"))
        return words(found, "sender")

    async def _pressed(self, where: Where, event: Payload, token: str | None) -> None:
        if token is None or not where.private:
            return
        by = account(words(event, "sender"), where.name)
        receipt = await self.hand(ButtonPressed(where.chat, by, token, moment(event)))
        if isinstance(receipt, Refuse):
            key = f"press {words(event, 'event_id')}"
            await self._whispers.try_to_tell(by.user, receipt.text, key)

    async def _too_late(self, room: Room, event: Payload) -> None:
        """The gate kept it, but the server did not wait for that: it goes now."""
        name = words(event, "event_id")
        ref = self._rooms.ref(room.id)
        await self._removing.keep_media(event)
        await self._removing.remove(RemoveMessage(ref, name), f"late {name}")


def _aloud(asked: CommandGiven, read: MessagePosted) -> MessagePosted | None:
    """A question asked aloud in a group is a message to that group as well."""
    return replace(read, text=asked.argument) if said_aloud(asked) else None


def _remember(table: "OrderedDict[str, _V]", name: str, value: _V) -> None:
    table[name] = value
    table.move_to_end(name)
    while len(table) > REMEMBERED:
        table.popitem(last=False)
