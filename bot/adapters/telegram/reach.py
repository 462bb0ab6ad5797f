"""Who pressed Start: only to them can the bot write in private."""

import asyncio
import json
import time

from bot.adapters.base import AdapterState
from bot.adapters.telegram.members import Members
from bot.core.events import ChatRef
from bot.errors import DeliveryError

_KEY = "started"
KNOWN_FOR = 3600.0
AT_ONCE = 8


class Reach:
    """The private chats that are open, as numbers, in the encrypted state."""

    def __init__(self, state: AdapterState, members: Members) -> None:
        self._state = state
        self._members = members
        self._open: set[int] = set()
        self._inside: dict[tuple[ChatRef, int], tuple[bool, float]] = {}

    async def load(self) -> None:
        stored = await self._state.get(_KEY)
        self._open = set(json.loads(stored)) if stored else set()

    def is_open(self, user: int) -> bool:
        """Whether somebody pressed Start, as far as is known."""
        return user in self._open

    async def opened(self, user: int) -> None:
        if user not in self._open:
            await self._write({*self._open, user})

    async def closed(self, user: int) -> None:
        """Somebody blocked the bot, or asked to be forgotten."""
        if user in self._open:
            await self._write(self._open - {user})

    async def missing(self, ref: ChatRef) -> int | None:
        """How many people of a group did not press Start; nothing when Telegram does not say."""
        size = await self._members.count(ref)
        if size is None:
            return None
        limit = asyncio.Semaphore(AT_ONCE)

        async def inside(user: int) -> bool:
            async with limit:
                return await self._is_inside(ref, user)

        try:
            found = await asyncio.gather(*(inside(user) for user in self._open))
        except DeliveryError:
            return None
        return max(0, size - sum(found))

    async def _is_inside(self, ref: ChatRef, user: int) -> bool:
        """Whether somebody is in a group; asked at most once an hour."""
        known, at = self._inside.get((ref, user), (False, -KNOWN_FOR))
        if time.monotonic() - at < KNOWN_FOR:
            return known
        inside = await self._members.is_member(ref, user)
        self._inside[ref, user] = inside, time.monotonic()
        return inside

    async def _write(self, users: set[int]) -> None:
        self._open = users
        await self._state.put(_KEY, json.dumps(sorted(users)).encode())
