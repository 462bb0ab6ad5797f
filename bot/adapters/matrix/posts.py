"""Posting in a chat: words and files, in a thread, as a reply; by default without a sound."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.adapters.base import Done, File, Post
from bot.adapters.matrix.reading import Payload
from bot.adapters.matrix.room import Room
from bot.adapters.matrix.rooms import Rooms
from bot.adapters.matrix.sending import Sender, pieces
from bot.adapters.matrix.values import LARGEST_FILE
from bot.adapters.matrix.words import as_typed_here
from bot.errors import DeliveryError


@dataclass(frozen=True, slots=True)
class _Part:
    """One event of a post: words or a file."""

    text: str = field(default="", repr=False)
    file: File | None = None


class Posts:
    """Carries out `Post`. What the bot says itself is a notice, which no phone rings for."""

    def __init__(self, sender: Sender, rooms: Rooms) -> None:
        self._sender = sender
        self._rooms = rooms

    async def post(self, action: Post, key: str) -> Done:
        """Send every part; the id of the first."""
        room = self._rooms.inside(action.chat)
        parts = list(_parts(action))
        if not parts:
            raise DeliveryError("matrix: there is nothing to post", permanent=True)
        first = ""
        for index, part in enumerate(parts):
            content = await self._content(room, part, action)
            reply = action.reply_to if index == 0 else None
            content |= _relation(action.conversation, reply)
            event = await self._sender.send(room, "m.room.message", content, f"{key}#{index}")
            first = first or event
        return Done(first)

    async def _content(self, room: Room, part: _Part, action: Post) -> dict[str, object]:
        if part.file is not None:
            return await self._sender.file(room, part.file)
        quiet = action.silent or action.author is None
        return {"msgtype": "m.notice" if quiet else "m.text", "body": part.text, "m.mentions": {}}


def _parts(action: Post) -> Iterator[_Part]:
    for file in action.files:
        if len(file.content) > LARGEST_FILE:
            raise DeliveryError("matrix: a file larger than 20 MB", permanent=True)
    text = action.text if action.author is not None else as_typed_here(action.text)
    yield from (_Part(piece) for piece in pieces(text))
    yield from (_Part(file=file) for file in action.files)


def _relation(thread: str, reply: str | None) -> Payload:
    """Where it belongs. Nothing of the other message is repeated: that would outlive it."""
    relates: dict[str, object] = {}
    if thread:
        relates = {"rel_type": "m.thread", "event_id": thread, "is_falling_back": reply is None}
    if reply or thread:
        relates["m.in_reply_to"] = {"event_id": reply or thread}
    return {"m.relates_to": relates} if relates else {}
