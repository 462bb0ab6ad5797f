"""Albums: Telegram sends each photo as a message of its own; they are judged and removed as one."""

import json
from collections import OrderedDict, deque
from collections.abc import Sequence

from telegram import Message, Update

from bot.adapters.base import AdapterState

KEPT = 200
_KEY = "albums"
_IN_MEMORY = 50


class Albums:
    """Which messages belong together: ids are stored, their contents only kept in memory."""

    def __init__(self, state: AdapterState) -> None:
        self._state = state
        self._ids: deque[tuple[int, str, list[int]]] = deque(maxlen=KEPT)
        self._gone: deque[tuple[int, str]] = deque(maxlen=KEPT)
        self._parts: OrderedDict[tuple[int, str], dict[int, Message]] = OrderedDict()

    async def load(self) -> None:
        stored = await self._state.get(_KEY)
        for chat, group, ids, *gone in json.loads(stored) if stored else []:
            self._ids.append((chat, group, ids))
            if any(gone):
                self._gone.append((chat, group))

    async def add(self, parts: Sequence[Message]) -> tuple[Message, ...]:
        """Add what came of one album; all of it that is known, in order."""
        first = parts[0]
        place = (first.chat.id, str(first.media_group_id))
        known = self._parts.setdefault(place, {})
        known.update({part.message_id: part for part in parts})
        while len(self._parts) > _IN_MEMORY:
            self._parts.popitem(last=False)
        await self._store(place, sorted(known))
        return tuple(known[number] for number in sorted(known))

    async def _store(self, place: tuple[int, str], ids: list[int]) -> None:
        have = self._find(place)
        if have is None:
            self._ids.append((*place, ids))
        elif set(ids) <= set(have):
            return
        else:
            have[:] = [have[0], *sorted({*have, *ids} - {have[0]})]
        await self._write()

    async def _write(self) -> None:
        rows = [(*place, ids, tuple(place) in self._gone) for *place, ids in self._ids]
        await self._state.put(_KEY, json.dumps(rows).encode())

    async def removed(self, chat: int, message: int) -> None:
        """Note that an album was taken away, so that what comes of it later goes as well."""
        for where, group, ids in self._ids:
            if where == chat and message in ids and (chat, group) not in self._gone:
                self._gone.append((chat, group))
                await self._write()
                return

    def is_gone(self, message: Message) -> bool:
        """Whether the album this is a part of was taken away."""
        return (message.chat.id, str(message.media_group_id)) in self._gone

    def known(self, message: Message) -> bool:
        """Whether an album was handed on before this part of it came."""
        return self._find((message.chat.id, str(message.media_group_id))) is not None

    def first(self, message: Message) -> int:
        """The number under which an album was handed on."""
        have = self._find((message.chat.id, str(message.media_group_id)))
        return have[0] if have else message.message_id

    def members(self, chat: int, message: int) -> tuple[int, ...]:
        """Every message that must go when this one goes."""
        for where, _, ids in self._ids:
            if where == chat and message in ids:
                return tuple(ids)
        return (message,)

    def _find(self, place: tuple[int, str]) -> list[int] | None:
        return next((ids for chat, group, ids in self._ids if (chat, group) == place), None)


def units(updates: Sequence[Update]) -> list[list[Update]]:
    """Updates in order, the new parts of one album together."""
    made: list[list[Update]] = []
    albums: dict[tuple[int, str], list[Update]] = {}
    for update in updates:
        place = album_of(update)
        if place is None:
            made.append([update])
        elif place in albums:
            albums[place].append(update)
        else:
            albums[place] = [update]
            made.append(albums[place])
    return made


def album_of(update: Update) -> tuple[int, str] | None:
    """The album a new message belongs to."""
    message = update.message
    if message is None or message.media_group_id is None:
        return None
    return message.chat.id, message.media_group_id
