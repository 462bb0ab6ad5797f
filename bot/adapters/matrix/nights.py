"""A group at rest: closed by the Synapse module where there is one, else by its power levels.

With the module nothing changes in the room: what somebody sends is kept before anybody sees it.
Without it nobody can post, and what is meant for the group is written privately: "voor morgen: …".
"""

import re
from dataclasses import replace

from bot.adapters.base import AdapterState, LockGroup
from bot.adapters.matrix.locks import Locks
from bot.adapters.matrix.reading import words
from bot.adapters.matrix.rooms import Rooms
from bot.adapters.matrix.stored import Table
from bot.adapters.matrix.words import HOW_TO_HOLD
from bot.core.events import ChatRef, MessagePosted, Place
from bot.errors import DeliveryError

MOST = 200
_FOR_LATER = re.compile(r"\s*(?:voor morgen|voor de groep|for tomorrow|for the group)\s*:\s*", re.I)


class Nights:
    """Which chats are at rest, and how it is said to who writes all the same."""

    def __init__(self, state: AdapterState, locks: Locks, rooms: Rooms) -> None:
        self._locks = locks
        self._rooms = rooms
        self._closed: Table[dict[str, str]] = Table(state, "closed", MOST)

    async def load(self) -> None:
        await self._closed.load()

    async def lock(self, action: LockGroup, *, gate: bool) -> str:
        """Let the group rest; what is to be told in it, if anything."""
        room = self._rooms.inside(action.chat)
        if room.bridged:
            raise DeliveryError(
                "matrix: closing this room would not close the chat it is bridged to",
                permanent=True,
            )
        if not gate:
            await self._locks.lock(room)
        await self._closed.put(action.chat.chat, {"says": action.notice})
        return "" if gate or not action.notice else f"{action.notice}\n{HOW_TO_HOLD}"

    async def unlock(self, ref: ChatRef) -> None:
        await self._locks.unlock(self._rooms.inside(ref))
        await self._closed.drop(ref.chat)

    def rests(self, ref: ChatRef) -> bool:
        return ref.chat in self._closed

    def answer(self, ref: ChatRef) -> str:
        """What is said to somebody whose message cannot be kept, because it is encrypted."""
        says = words(self._closed.get(ref.chat), "says")
        return "\n".join(filter(None, [says, HOW_TO_HOLD]))

    def meant_for_group(self, said: MessagePosted) -> MessagePosted | None:
        """A private message as one to the resting group of its author, not yet seen by anybody."""
        begin = _FOR_LATER.match(said.text)
        if begin is None or said.place is not Place.PRIVATE:
            return None
        group = self._group_of(said.sender.user)
        if group is None:
            return None
        return replace(
            said,
            chat=group,
            message=f"private-{said.message}",
            place=Place.OTHER,
            text=said.text[begin.end() :],
            reply_to=None,
            delivered=False,
        )

    def _group_of(self, user: str) -> ChatRef | None:
        for name in self._closed.rows():
            ref = ChatRef(self._rooms.ref(name).platform, name)
            room = self._rooms.find(self._rooms.now(ref))
            if room is not None and user in room.members:
                return ref
        return None
