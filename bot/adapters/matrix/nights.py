"""A group at rest: closed by the Synapse module where there is one, else by its power levels.

With the module nothing changes in the room: what somebody sends is kept before anybody sees it.
Without it nobody can post, and what is meant for the group is written privately: "voor morgen: …".
"""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace

from bot.adapters.base import AdapterState, LockGroup, Post
from bot.adapters.matrix.locks import Locks
from bot.adapters.matrix.reading import words
from bot.adapters.matrix.rooms import Rooms
from bot.adapters.matrix.stored import Table
from bot.adapters.matrix.values import PLATFORM
from bot.adapters.wording import HOW_TO_HOLD, for_group, unseen
from bot.core.events import ChatRef, MessageDeleted, MessagePosted
from bot.errors import DeliveryError

MOST = 200
_log = logging.getLogger(__name__)


class Nights:
    """Which chats are at rest, and how it is said to who writes all the same."""

    def __init__(self, state: AdapterState, locks: Locks, rooms: Rooms) -> None:
        self._locks = locks
        self._rooms = rooms
        self._closed: Table[dict[str, str]] = Table(state, "closed", MOST)

    async def load(self) -> None:
        await self._closed.load()

    async def lock(self, action: LockGroup, key: str, *, gate: bool) -> Post | None:
        """Let the group rest; what is to be told in it, if anything."""
        room = self._rooms.inside(action.chat)
        if room.bridged:
            raise DeliveryError(
                "matrix: closing this room would not close the chat it is bridged to",
                permanent=True,
            )
        if not gate:
            await self._locks.lock(room)
        row = {"says": action.notice, "key": key, "shut": "" if gate else "yes"}
        await self._closed.put(action.chat.chat, row)
        return None if gate else _told(action.chat, action.notice)

    async def guard(self) -> AsyncIterator[tuple[Post, str]]:
        """Close what rests by its power levels as well, when no module holds messages any more.

        Gives what is to be told there and its key; it is remembered only once that was told.
        """
        for name, row in self._closed.rows().items():
            ref = ChatRef(PLATFORM, name)
            if row.get("shut"):
                continue
            shut = "yes"
            try:
                await self._locks.lock(self._rooms.inside(ref))
            except DeliveryError as refused:
                if not refused.permanent:
                    raise
                shut = "cannot"
                _log.warning("matrix: a group that rests could not be closed (%s)", refused)
            told = _told(ref, words(row, "says"))
            if told is not None and shut == "yes":
                yield told, words(row, "key")
            await self._closed.put(name, {**row, "shut": shut})

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
        text = for_group(said)
        group = None if text is None else self._group_of(said.sender.user)
        if text is None or group is None:
            return None
        return unseen(said, group, _name(said.message), text)

    def taken_back(self, gone: MessageDeleted, user: str) -> MessageDeleted | None:
        """A private message taken back, as the one to the resting group that it may be."""
        group = self._group_of(user)
        return None if group is None else replace(gone, chat=group, message=_name(gone.message))

    def _group_of(self, user: str) -> ChatRef | None:
        for name in self._closed.rows():
            ref = ChatRef(PLATFORM, name)
            room = self._rooms.find(self._rooms.now(ref))
            if room is not None and user in room.members:
                return ref
        return None


def _name(message: str) -> str:
    """What a private message is called in the group it is meant for."""
    return f"private-{message}"


def _told(ref: ChatRef, notice: str) -> Post | None:
    return Post(ref, f"{notice}\n{HOW_TO_HOLD}", silent=True) if notice else None
