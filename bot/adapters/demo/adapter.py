"""The demo room as a platform like any other: hear, hand on, act."""

import asyncio
from collections import OrderedDict
from typing import assert_never

from bot.adapters.base import (
    Action,
    Done,
    LockGroup,
    OnIncoming,
    Post,
    RemoveMessage,
    ShowPrivately,
    Snooze,
    UnlockGroup,
)
from bot.adapters.demo.room import DELETE_UP_TO, Room
from bot.adapters.demo.translate import to_event
from bot.adapters.demo.values import PLATFORM, TEAM, Happening, RoomFile, Said, private_chat
from bot.core.capabilities import Capabilities
from bot.core.events import Account, Attachment, ChatRef, Pass, Receipt, Refuse
from bot.errors import DeliveryError

_KEYS_REMEMBERED = 5_000


class DemoAdapter:
    """One `Room` as a platform. Events come one at a time, in order, at least once."""

    name = PLATFORM
    capabilities = Capabilities(
        delete_others=DELETE_UP_TO,
        ephemeral=True,
        dm_first=True,
        lock=True,
        post_as_author=True,
        silent=True,
        buttons=True,
        sees_edits=True,
        sees_deletes=True,
    )

    def __init__(self, room: Room, on_incoming: OnIncoming, invited_by: str = "anna") -> None:
        self._room = room
        self._on_incoming = on_incoming
        self._invited_by = invited_by
        self._done: OrderedDict[str, Done] = OrderedDict()

    async def connect(self) -> None:
        """There is nothing to sign in to."""

    async def receive(self) -> None:
        """Hand on what happens; what `on_incoming` raised on is heard again by the next call."""
        self._room.invite(self._invited_by)
        names = {person.id: person.name for person in self._room.people}
        while True:
            happening = await self._room.hear()
            receipt = await self._on_incoming(to_event(happening, self._room.title, names))
            self._answer(happening, receipt)
            self._room.heard()

    async def act(self, action: Action, key: str) -> Done:
        await asyncio.sleep(0)
        if key in self._done:
            return self._done[key]
        done = self._carry_out(action)
        self._done[key] = done
        if len(self._done) > _KEYS_REMEMBERED:
            self._done.popitem(last=False)
        return done

    async def fetch(self, attachment: Attachment) -> bytes:
        line_id, _, index = attachment.ref.rpartition("/")
        line = self._room.line(line_id)
        if line is None or not index.isdecimal() or int(index) >= len(line.files):
            raise DeliveryError("demo: the file is not there any more", permanent=True)
        return line.files[int(index)].content

    async def member_count(self, chat: ChatRef) -> int | None:
        if chat.platform != PLATFORM or not self._room.has_chat(chat.chat):
            return None
        return len(self._room.people) if chat.chat == TEAM else 1

    async def is_member(self, chat: ChatRef, account: Account) -> bool | None:
        if chat.platform != PLATFORM or not self._room.has_chat(chat.chat):
            return None
        known = bool(self._room.name_of(_member(account)))
        return known and chat.chat in (TEAM, private_chat(account.user))

    async def close(self) -> None:
        self._room.changes.close()

    def _answer(self, happening: Happening, receipt: Receipt) -> None:
        if not isinstance(happening, Said):
            return
        match receipt:
            case Pass():
                self._room.let_through(happening.line.id)
            case Refuse(note):
                self._room.refuse(happening.line.id, note)
            case _:
                assert_never(receipt)

    def _carry_out(self, action: Action) -> Done:
        match action:
            case ShowPrivately():
                return self._whisper(action)
            case RemoveMessage(chat, message):
                self._room.remove(_ours(chat), message)
                return Done()
            case Post():
                return self._post(action)
            case LockGroup(chat, notice):
                _group(chat)
                self._room.lock(notice)
                return Done()
            case UnlockGroup(chat):
                _group(chat)
                self._room.unlock()
                return Done()
            case Snooze():
                raise DeliveryError("demo: nobody can be silenced here", permanent=True)
            case _:
                assert_never(action)

    def _whisper(self, action: ShowPrivately) -> Done:
        to = _member(action.to)
        if action.near is not None:
            _group(action.near)
        shown = self._room.whisper(
            to, action.text, action.buttons, action.near is not None, action.replaces
        )
        return Done(shown)

    def _post(self, action: Post) -> Done:
        author = None if action.author is None else _member(action.author)
        files = [RoomFile(file.name, file.mime, file.content) for file in action.files]
        posted = self._room.post(
            _ours(action.chat), action.text, author, files, action.reply_to, action.silent
        )
        return Done(posted)


def _ours(chat: ChatRef) -> str:
    if chat.platform != PLATFORM:
        raise DeliveryError(f"demo: {chat.platform!r} is another platform", permanent=True)
    return chat.chat


def _group(chat: ChatRef) -> None:
    if _ours(chat) != TEAM:
        raise DeliveryError("demo: only the team group can be used for this", permanent=True)


def _member(who: Account) -> str:
    if who.platform != PLATFORM:
        raise DeliveryError(f"demo: {who.platform!r} is another platform", permanent=True)
    return who.user
