"""Writing for the group while it is closed: "voor morgen: …" in the private chat.

Such a message takes the road of a message to the group that nobody has seen yet, so it is judged,
held and delivered in the morning like any other.
"""

import json

from bot.adapters.base import AdapterState
from bot.adapters.telegram.calls import PLATFORM
from bot.adapters.telegram.chats import whole
from bot.adapters.telegram.locks import Locks
from bot.adapters.telegram.members import Members
from bot.adapters.wording import for_group, unseen
from bot.core.events import ChatRef, MessagePosted
from bot.errors import DeliveryError

_KEY = "closed"


class Nights:
    """Knows which groups are closed, and what is meant for them."""

    def __init__(self, state: AdapterState, locks: Locks, members: Members) -> None:
        self._state = state
        self._locks = locks
        self._members = members
        self._closed: list[str] = []

    async def load(self) -> None:
        stored = await self._state.get(_KEY)
        self._closed = json.loads(stored) if stored else []

    async def lock(self, ref: ChatRef) -> None:
        await self._locks.lock(ref)
        if ref.chat not in self._closed:
            await self._write([*self._closed, ref.chat])

    async def unlock(self, ref: ChatRef) -> None:
        await self._locks.unlock(ref)
        if ref.chat in self._closed:
            await self._write([chat for chat in self._closed if chat != ref.chat])

    async def meant_for_group(self, said: MessagePosted) -> MessagePosted | None:
        """The message as one to the closed group its author is in, not yet seen by anybody."""
        text = for_group(said)
        group = None if text is None else await self._group_of(said)
        if text is None or group is None:
            return None
        return unseen(said, group, f"private-{said.chat.chat}-{said.message}", text)

    async def _group_of(self, said: MessagePosted) -> ChatRef | None:
        try:
            user = whole(said.sender.user)
        except DeliveryError:
            return None
        for chat in self._closed:
            ref = ChatRef(PLATFORM, chat)
            if await self._members.is_member(ref, user):
                return ref
        return None

    async def _write(self, closed: list[str]) -> None:
        self._closed = closed
        await self._state.put(_KEY, json.dumps(closed).encode())
