"""Posting in a chat: words, files, in a topic, as a reply; the way to the private chat once."""

import contextlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.error import BadRequest

from bot.adapters.base import AdapterState, Done, File, Post
from bot.adapters.telegram.chats import Chats, whole
from bot.adapters.telegram.parts import LONGEST_CAPTION, pieces, width
from bot.adapters.telegram.sending import Sender, Target
from bot.adapters.telegram.whispers import Whispers
from bot.adapters.telegram.words import START_LABEL, START_PAYLOAD
from bot.adapters.wording import clean
from bot.errors import DeliveryError

LARGEST = 50 * 1024 * 1024
LARGEST_PHOTO = 10 * 1024 * 1024
UPLOAD_SECONDS = 120.0
_PHOTOS = ("image/jpeg", "image/png")


@dataclass(frozen=True, slots=True)
class _Part:
    """One message of a post: words, or a file with a caption."""

    text: str = field(repr=False)
    file: File | None = None


@dataclass(frozen=True, slots=True)
class _Manner:
    """How a part is sent."""

    topic: int | None
    reply: ReplyParameters | None
    silent: bool
    markup: InlineKeyboardMarkup | None


class Posts:
    """Carries out `Post`."""

    def __init__(
        self, sender: Sender, state: AdapterState, chats: Chats, whispers: Whispers
    ) -> None:
        self._sender = sender
        self._state = state
        self._chats = chats
        self._whispers = whispers

    async def post(self, action: Post, key: str) -> Done:
        """Send every part; the id of the first."""
        target = Target(self._chats.number(action.chat))
        parts = list(_parts(action))
        if not parts:
            raise DeliveryError("telegram: there is nothing to post", permanent=True)
        first: int | None = None
        for index, part in enumerate(parts):
            manner = await self._manner(action, last=index == len(parts) - 1, first=index == 0)
            number = await self._once(target, part, manner, f"{key}#{index}")
            first = number if first is None else first
        await self._invited(action)
        return Done(self._chats.message(target.chat, first or 0))

    async def _once(self, target: Target, part: _Part, manner: _Manner, key: str) -> int:
        async def send(chat: int) -> Message:
            try:
                return await self._send(chat, part, manner)
            except BadRequest:
                if manner.topic is None:
                    raise
                # The topic is gone or closed: the group's own line is better than silence.
                bare = _Manner(None, manner.reply, manner.silent, manner.markup)
                return await self._send(chat, part, bare)

        return await self._sender.once(key, target, send, manner.markup)

    async def _send(self, chat: int, part: _Part, manner: _Manner) -> Message:
        bot = self._sender.bot
        file = part.file
        if file is None:
            return await bot.send_message(
                chat,
                part.text,
                message_thread_id=manner.topic,
                reply_parameters=manner.reply,
                disable_notification=manner.silent,
                reply_markup=manner.markup,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        if file.mime in _PHOTOS and len(file.content) <= LARGEST_PHOTO:
            # What Telegram cannot show as a photo (too long, damaged) is still a file.
            with contextlib.suppress(BadRequest):
                return await self._send_file(bot.send_photo, chat, file, part, manner)
        return await self._send_file(bot.send_document, chat, file, part, manner)

    async def _send_file(
        self,
        send: Callable[..., Awaitable[Message]],
        chat: int,
        file: File,
        part: _Part,
        manner: _Manner,
    ) -> Message:
        return await send(
            chat,
            file.content,
            caption=part.text or None,
            filename=clean(file.name)[:200] or "bestand",
            message_thread_id=manner.topic,
            reply_parameters=manner.reply,
            disable_notification=manner.silent,
            reply_markup=manner.markup,
            write_timeout=UPLOAD_SECONDS,
        )

    async def _manner(self, action: Post, *, last: bool, first: bool) -> _Manner:
        reply = None
        if first and action.reply_to is not None:
            chat, number = self._chats.find(action.chat, action.reply_to)
            if chat == self._chats.number(action.chat):
                reply = ReplyParameters(number, allow_sending_without_reply=True)
        return _Manner(
            topic=whole(action.conversation) if action.conversation else None,
            reply=reply,
            silent=action.silent,
            markup=await self._way_in(action) if last else None,
        )

    async def _way_in(self, action: Post) -> InlineKeyboardMarkup | None:
        """The button to the private chat: under our first words, and when somebody needs it."""
        if not await self._shows_way(action):
            return None
        link = f"https://t.me/{self._sender.bot.username}?start={START_PAYLOAD}"
        return InlineKeyboardMarkup([[InlineKeyboardButton(START_LABEL, url=link)]])

    async def _shows_way(self, action: Post) -> bool:
        if action.author is not None or self._chats.number(action.chat) > 0:
            return False
        if action.chat in self._whispers.to_invite:
            return True
        return await self._state.get(_greeted(action)) is None

    async def _invited(self, action: Post) -> None:
        if await self._shows_way(action):
            self._whispers.to_invite.discard(action.chat)
            await self._state.put(_greeted(action), b"1")


def _parts(action: Post) -> Iterator[_Part]:
    words = list(pieces(action.text))
    files = list(action.files)
    for file in files:
        if len(file.content) > LARGEST:
            raise DeliveryError("telegram: a file larger than 50 MB", permanent=True)
    if len(files) == 1 and len(words) == 1 and width(words[0]) <= LONGEST_CAPTION:
        yield _Part(words[0], files[0])
        return
    yield from (_Part(text) for text in words)
    yield from (_Part("", file) for file in files)


def _greeted(action: Post) -> str:
    return f"greeted:{action.chat.chat}"
