"""Telling one person something: in a room where only they and the bot are.

The bot makes that room and asks them in. Where the homeserver accepts such invitations by itself
they can read it at once; elsewhere the invitation waits for them, and what was said is readable
from there on. Nobody can be asked in by anybody else, and before every word it is looked at
whether somebody did come in.
"""

import asyncio
import logging
from collections import defaultdict

from bot.adapters.base import Done, ShowPrivately
from bot.adapters.matrix.calls import CLIENT, RefusedError, room_path, safe
from bot.adapters.matrix.marks import Marks, with_legend
from bot.adapters.matrix.reading import part, words
from bot.adapters.matrix.room import MADE_FOR, Room
from bot.adapters.matrix.rooms import Rooms
from bot.adapters.matrix.sending import Sender, pieces
from bot.adapters.matrix.values import user_of
from bot.adapters.matrix.words import PRIVATE_ROOM, PRIVATE_TOPIC, as_typed_here
from bot.core.events import MessagePosted
from bot.errors import DeliveryError

_DIRECT = "m.direct"
_log = logging.getLogger(__name__)


class Whispers:
    """Shows in private rooms, and changes there what it showed."""

    def __init__(self, sender: Sender, rooms: Rooms, marks: Marks, encrypts: bool = False) -> None:
        self._sender = sender
        self._rooms = rooms
        self._marks = marks
        self.encrypts = encrypts
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def show(self, action: ShowPrivately, key: str) -> Done:
        """Change what stands there, else show anew; the id of the message with the buttons."""
        user = user_of(action.to)
        parts = list(pieces(with_legend(as_typed_here(action.text), action.buttons)))
        if not parts:
            raise DeliveryError("matrix: there is nothing to say", permanent=True)
        async with self._locks[user]:
            room = await self._room(user)
            shown = await self._edit(room, action.replaces, parts, key)
            fresh = shown is None
            if fresh:
                for index, text in enumerate(parts):
                    content = {"msgtype": "m.text", "body": text}
                    shown = await self._sender.send(
                        room, "m.room.message", content, f"{key}#{index}"
                    )
            assert shown is not None  # noqa: S101 (there is at least one part)
            await self._marks.under(room, shown, action.buttons)
            if fresh:
                self._marks.first_shown(shown)
        return Done(shown)

    async def tell(self, user: str, text: str, key: str) -> None:
        """Say something short in somebody's private room."""
        async with self._locks[user]:
            room = await self._room(user)
            content = {"msgtype": "m.notice", "body": as_typed_here(text)}
            await self._sender.send(room, "m.room.message", content, key)

    async def answer(self, held: MessagePosted, text: str) -> None:
        """Tell the author what became of what they wrote for the group, where they can be told."""
        await self.try_to_tell(held.sender.user, text, f"gate {held.message} {held.revision}")

    async def try_to_tell(self, user: str, text: str, key: str) -> None:
        """Say something short that nothing depends on."""
        try:
            await self.tell(user, text, key)
        except DeliveryError as refused:
            _log.warning("matrix: an answer did not arrive (%s)", refused)

    async def _edit(
        self, room: Room, earlier: str | None, parts: list[str], key: str
    ) -> str | None:
        """Change an earlier message; nothing when it does not stand in this room."""
        if earlier is None or len(parts) != 1:
            return None
        try:
            await self._sender.calls.get(room_path(room.id, "event", earlier))
        except RefusedError as refused:
            if refused.permanent:
                return None
            raise
        fresh = {"msgtype": "m.text", "body": parts[0]}
        content = {
            **fresh,
            "body": f"* {parts[0]}",
            "m.new_content": fresh,
            "m.relates_to": {"rel_type": "m.replace", "event_id": earlier},
        }
        await self._sender.send(room, "m.room.message", content, f"{key}#edit")
        return earlier

    async def _room(self, user: str) -> Room:
        """The private room of somebody, who is in it or was asked in."""
        room = self._rooms.private_with(user)
        if room is None:
            room = await self._make(user)
        await self._checked(room, user)
        if self._must_encrypt(user) and not room.encrypted:
            content = {"algorithm": "m.megolm.v1.aes-sha2"}
            await self._sender.state(room.id, "m.room.encryption", content)
            room.encrypted = True
        return room

    async def _checked(self, room: Room, user: str) -> None:
        """Ask the server who is in it right now; anybody else makes it no private room."""
        answer = await self._sender.calls.get(room_path(room.id, "members"))
        found = answer.get("chunk")
        for event in found if isinstance(found, list) else []:
            room.apply(part(event))
        if not room.is_between(self._rooms.bot, user):
            raise DeliveryError("matrix: that room is not private any more", permanent=False)

    def _must_encrypt(self, user: str) -> bool:
        """What is encrypted in a group is not told about in the open."""
        return self.encrypts and any(
            room.encrypted and user in room.members for room in self._rooms.all()
        )

    async def _make(self, user: str) -> Room:
        state: list[object] = [
            {"type": "m.room.history_visibility", "content": {"history_visibility": "invited"}},
            {"type": "m.room.guest_access", "content": {"guest_access": "forbidden"}},
        ]
        body = {
            "preset": "private_chat",
            "is_direct": True,
            "invite": [user],
            "name": PRIVATE_ROOM,
            "topic": PRIVATE_TOPIC,
            "creation_content": {MADE_FOR: user},
            "initial_state": state,
            "power_level_content_override": {"invite": 100, "kick": 100, "ban": 100},
        }
        made = await self._sender.calls.post(f"{CLIENT}/createRoom", body)
        room = self._rooms.known(words(made, "room_id"))
        room.members.setdefault(self._rooms.bot, "")
        room.invited.add(user)
        await self._rooms.talks(user, room.id)
        await self._mark_direct(user, room.id)
        return room

    async def _mark_direct(self, user: str, room: str) -> None:
        path = f"{CLIENT}/user/{safe(self._rooms.bot)}/account_data/{_DIRECT}"
        try:
            known = dict(await self._sender.calls.get(path))
        except RefusedError:
            known = {}
        await self._sender.calls.put(path, {**known, user: [room]})
