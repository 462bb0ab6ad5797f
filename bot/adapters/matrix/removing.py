"""Taking a message away: the event, its edits, and the files it brought.

What must go is written down first. A redaction takes the addresses of the files away, so a run
that died halfway could not find them again.
"""

import logging
import time
from collections.abc import AsyncIterator

from bot.adapters.base import AdapterState, Done, RemoveMessage
from bot.adapters.matrix.calls import RefusedError, media_path, room_path, safe
from bot.adapters.matrix.content import media_of
from bot.adapters.matrix.crypto import Crypto
from bot.adapters.matrix.reading import Payload, objects, part, words
from bot.adapters.matrix.rooms import Rooms
from bot.adapters.matrix.sending import Sender
from bot.adapters.matrix.stored import Table
from bot.adapters.matrix.words import REMOVED
from bot.errors import DeliveryError

REMEMBERED = 1_000
MOST_PAGES = 20
COPIED_AFTER = 3600.0
NOT_COPIED = "0"
_log = logging.getLogger(__name__)


class Removing:
    """Redacts, and deletes uploads where the bot is allowed to."""

    def __init__(self, sender: Sender, rooms: Rooms, crypto: Crypto, state: AdapterState) -> None:
        self._sender = sender
        self._rooms = rooms
        self._crypto = crypto
        self._removed: Table[int] = Table(state, "removed", REMEMBERED)
        self._media: Table[list[str]] = Table(state, "media", REMEMBERED)
        self.deletes_media: bool | None = None

    async def load(self) -> None:
        await self._removed.load()
        await self._media.load()

    def gone(self, event: str) -> bool:
        """Whether this message was taken away by us, so that what belongs to it must go too."""
        return event in self._removed

    async def keep_media(self, event: str, content: Payload) -> None:
        """Write down which files a message brought that may never reach its room."""
        found = list(media_of(content))
        if found:
            await self._media.put(event, [NOT_COPIED, *found])

    async def remove(self, action: RemoveMessage, key: str) -> Done:
        """Take it away for everybody; already gone counts as done."""
        room = self._rooms.inside(action.chat).id
        where = await self._where(room, action)
        targets = [action.message, *[edit async for edit in self._edits(where, action.message)]]
        media = (self._media.get(action.message) or [])[1:]
        for target in targets:
            media += [url for url in await self._media_in(where, target) if url not in media]
        if media:
            await self._media.put(action.message, [NOT_COPIED, *media])
        await self._removed.put(action.message, 1)
        for target in targets:
            await self.redact(where, target, key)
        for url in media:
            await self._delete(url)
        await self._media.drop(action.message)
        return Done()

    async def _where(self, room: str, action: RemoveMessage) -> str:
        """The room it stands in: this chat's, or one it replaced."""
        for candidate in dict.fromkeys([room, action.chat.chat]):
            try:
                await self._sender.calls.get(room_path(candidate, "event", action.message))
            except RefusedError as refused:
                if not refused.permanent:
                    raise
            else:
                return candidate
        return room

    async def redact(self, room: str, event: str, key: str) -> None:
        try:
            await self._sender.redact(room, event, f"{key} {event}", REMOVED)
        except RefusedError as refused:
            if refused.status != 404:
                raise

    async def copied(self, url: str) -> None:
        """Note that we have this file ourselves."""
        for event, row in self._media.rows().items():
            if url in row[1:]:
                await self._media.put(event, [str(int(time.time())), *row[1:]])

    async def sweep(self) -> None:
        """Delete what messages brought that never reached their room, once we have it."""
        now = time.time()
        for event, row in self._media.rows().items():
            if row[0] != NOT_COPIED and now - float(row[0]) > COPIED_AFTER:
                for url in row[1:]:
                    await self._delete(url)
                await self._media.drop(event)

    async def _edits(self, room: str, event: str) -> AsyncIterator[str]:
        path = f"/_matrix/client/v1/rooms/{safe(room)}/relations/{safe(event)}/m.replace"
        query = {"limit": "100"}
        for _ in range(MOST_PAGES):
            try:
                answer = await self._sender.calls.get(path, query)
            except RefusedError as refused:
                if refused.permanent:
                    return
                raise
            for found in objects(answer, "chunk"):
                yield words(found, "event_id")
            following = words(answer, "next_batch")
            if not following:
                return
            query = {"limit": "100", "from": following}

    async def _media_in(self, room: str, event: str) -> list[str]:
        try:
            found = await self._sender.calls.get(room_path(room, "event", event))
        except RefusedError as refused:
            if refused.permanent:
                return []
            raise
        if words(found, "type") == "m.room.encrypted":
            found = self._crypto.decrypt(room, found) or {}
        return list(media_of(part(found, "content")))

    async def _delete(self, url: str) -> None:
        """Delete an upload; only an administrator of the server may, and else it is said."""
        try:
            path = media_path(url)
        except DeliveryError:
            return
        try:
            await self._sender.calls.call("DELETE", f"/_synapse/admin/v1/media/{path}")
        except RefusedError as refused:
            if not refused.permanent:
                raise
            if refused.status != 404 and self.deletes_media is not False:
                self.deletes_media = False
                _log.warning(
                    "matrix: files of removed messages stay on the server: the bot may not"
                    " delete uploads there (docs/matrix.md tells how to allow it)"
                )
        else:
            self.deletes_media = True
