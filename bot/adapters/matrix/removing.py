"""Taking a message away: the event, its edits, and the files it brought.

What must go is written down first. A redaction takes the addresses of the files away, so a run
that died halfway could not find them again. Only what the sender uploaded is deleted: anybody can
write the address of somebody else's file, or of the school's logo, into a message.
"""

import logging
import time
from collections.abc import AsyncIterator, Collection, Iterable
from datetime import UTC, datetime, timedelta

from bot.adapters.base import AdapterState, Done, RemoveMessage
from bot.adapters.matrix.calls import RefusedError, media_path, room_path, safe
from bot.adapters.matrix.content import media_of
from bot.adapters.matrix.crypto import Crypto
from bot.adapters.matrix.reading import Payload, moment, objects, part, words
from bot.adapters.matrix.room import Room
from bot.adapters.matrix.rooms import Rooms
from bot.adapters.matrix.sending import Sender
from bot.adapters.matrix.stored import Table
from bot.adapters.matrix.words import REMOVED
from bot.errors import DeliveryError

REMEMBERED = 1_000
MOST_PAGES = 20
MOST_EDITS = 2_000
COPIED_AFTER = 3600.0
NOT_COPIED = "0"
# How long after it was sent a bridge takes somebody else's message away on the other side.
REACH = {"whatsapp": timedelta(days=2), "signal": timedelta(0)}
_ADMIN_MEDIA = "/_synapse/admin/v1/media"
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

    async def keep_media(self, event: Payload) -> None:
        """Write down which files a message brought that may never reach its room."""
        found = _brought(event)
        if found:
            await self._media.put(words(event, "event_id"), [NOT_COPIED, *found])

    async def remove(self, action: RemoveMessage, key: str) -> Done:
        """Take it away for everybody; already gone counts as done."""
        room = self._rooms.inside(action.chat)
        where, said = await self._found(room, action)
        # A server does not tell the edits of what was taken away, so they are kept like its files.
        row = (self._media.get(action.message) or [])[1:]
        row += [edit async for edit in self._all_edits(where, action.message) if edit not in row]
        targets = [action.message, *(one for one in row if one.startswith("$"))]
        for target in targets:
            row += [one for one in await self._media_in(where, target) if one not in row]
        if row:
            await self._media.put(action.message, [NOT_COPIED, *row])
        for target in targets:
            await self._removed.put(target, 1)
        for target in targets:
            await self.redact(where, target, key)
        await self._delete_all(row, room.bridge_bots)
        await self._media.drop(action.message)
        if words(said, "sender") != self._rooms.bot and out_of_reach(room, said):
            raise DeliveryError(
                "matrix: taken away here, but the bridge cannot do so on the other side",
                permanent=True,
            )
        return Done()

    async def _found(self, room: Room, action: RemoveMessage) -> tuple[str, Payload]:
        """The room it stands in, this chat's or one it replaced; and the event, if it is there."""
        for candidate in dict.fromkeys([room.id, action.chat.chat]):
            try:
                said = await self._sender.calls.get(room_path(candidate, "event", action.message))
            except RefusedError as refused:
                if not refused.permanent:
                    raise
            else:
                return candidate, said
        return room.id, {}

    async def redact(self, room: str, event: str, key: str) -> None:
        try:
            await self._sender.redact(room, event, f"{key} {event}", REMOVED)
        except RefusedError as refused:
            if refused.code != "M_NOT_FOUND":
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
                await self._delete_all(row[1:], ())
                await self._media.drop(event)

    async def _all_edits(self, room: str, event: str) -> AsyncIterator[str]:
        """The edits of a message, and what edits those: no client shows it, but it is there."""
        seen, open_ = {event}, [event]
        while open_ and len(seen) < MOST_EDITS:
            async for edit in self._edits(room, open_.pop()):
                if edit not in seen:
                    seen.add(edit)
                    open_.append(edit)
                    yield edit

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
        return _brought(found)

    async def _delete_all(self, brought: Iterable[str], bridge_bots: Collection[str]) -> None:
        """Delete what was brought; of a row's entries those with an "@" are who brought it."""
        row = list(brought)
        senders = {one for one in row if one.startswith("@")} | set(bridge_bots)
        for url in row:
            if url.startswith("mxc://"):
                await self._delete(url, senders)

    async def _delete(self, url: str, senders: Collection[str]) -> None:
        """Delete an upload; only an administrator of the server may, and else it is said."""
        try:
            path = f"{_ADMIN_MEDIA}/{media_path(url)}"
        except DeliveryError:
            return
        try:
            if await self._uploaded_by(path, senders):
                await self._sender.calls.call("DELETE", path)
                self.deletes_media = True
        except RefusedError as refused:
            if not refused.permanent:
                raise
            if refused.code != "M_NOT_FOUND" and self.deletes_media is not False:
                self.deletes_media = False
                _log.warning(
                    "matrix: files of removed messages stay on the server: the bot may not"
                    " delete uploads there (docs/matrix.md tells how to allow it)"
                )

    async def _uploaded_by(self, path: str, senders: Collection[str]) -> bool:
        """Whether it is theirs; a server too old to tell is believed to say so."""
        try:
            told = await self._sender.calls.get(path)
        except RefusedError as refused:
            if refused.code != "M_UNRECOGNIZED":
                raise
            return True
        return words(part(told, "media_info"), "user_id") in senders


def out_of_reach(room: Room, said: Payload) -> bool:
    """Whether what is taken away here stays on the other side of a bridge."""
    reach = REACH.get(room.protocol)
    return bool(said) and reach is not None and datetime.now(UTC) - moment(said) >= reach


def _brought(event: Payload) -> list[str]:
    """Who sent an event and the uploads in it; nothing where there are none."""
    found = list(media_of(part(event, "content")))
    return [words(event, "sender"), *found] if found else []
