"""What the gate asks: may this event pass? Judged like every message, before it is seen.

Encrypted messages cannot be read here, so they are judged by time alone. Private chats and bridged
rooms always pass: the first are for the bot, and what stands in the second was already seen
elsewhere.
"""

import asyncio
from dataclasses import replace

from bot.adapters.matrix.inbox import Inbox
from bot.adapters.matrix.nights import Nights
from bot.adapters.matrix.reading import Payload, moment, words
from bot.adapters.matrix.removing import Removing
from bot.adapters.matrix.room import Room
from bot.adapters.matrix.rooms import Rooms
from bot.adapters.matrix.translate import Where, command, edited, posted, replaces
from bot.adapters.wording import said_aloud
from bot.core.events import MessageEdited, Pass, Receipt, Refuse


class Judging:
    """Asks on behalf of the gate; `settled` lets the sync wait for an answer underway."""

    def __init__(self, inbox: Inbox, rooms: Rooms, removing: Removing, nights: Nights) -> None:
        self._inbox = inbox
        self._rooms = rooms
        self._removing = removing
        self._nights = nights
        self._underway: dict[str, asyncio.Future[None]] = {}

    async def judge(self, event: Payload) -> Receipt:
        """Say whether it may pass; a refusal is stored before it is told."""
        room = self._rooms.find(words(event, "room_id"))
        sender, name = words(event, "sender"), words(event, "event_id")
        if room is None or not name or sender == self._rooms.bot or not self._gated(room, sender):
            return Pass()
        self._underway[name] = asyncio.get_running_loop().create_future()
        try:
            receipt = await self._judge(room, event)
            if isinstance(receipt, Refuse):
                await self._inbox.refused.put(name, room.id)
                await self._removing.keep_media(event)
            return receipt
        finally:
            self._underway.pop(name).set_result(None)

    async def settled(self, event: str) -> None:
        waiting = self._underway.get(event)
        if waiting is not None:
            await asyncio.shield(waiting)

    def _gated(self, room: Room, sender: str) -> bool:
        if room.bridged or self._rooms.was_private(room) or not self._inbox.reads(room):
            return False
        return sender in room.members

    async def _judge(self, room: Room, event: Payload) -> Receipt:
        where = self._inbox.where(room, words(event, "sender"))
        if words(event, "type") == "m.room.encrypted":
            rests = self._nights.rests(where.chat)
            return Refuse(self._nights.answer(where.chat)) if rests else Pass()
        if replaces(event):
            return await self._edited(room, where, event)
        said = posted(event, where)
        asked = command(event, where)
        if asked is not None and not said_aloud(asked):
            return Pass()
        if said is None:
            return Pass()
        text = asked.argument if asked is not None else said.text
        receipt = await self._inbox.hand(replace(said, text=text, delivered=False))
        if asked is not None and isinstance(receipt, Refuse):
            await self._inbox.hand(asked)
        return receipt

    async def _edited(self, room: Room, where: Where, event: Payload) -> Receipt:
        """An edit counts for whoever wrote the first message; anybody else's is a message."""
        read = edited(event, where, int(moment(event).timestamp()))
        if read is None:
            return Pass()
        seen = replace(read, delivered=False)
        if await self._inbox.author(room, read.message) == words(event, "sender"):
            return await self._inbox.hand(MessageEdited(seen))
        return await self._inbox.hand(replace(seen, message=words(event, "event_id"), revision=0))
