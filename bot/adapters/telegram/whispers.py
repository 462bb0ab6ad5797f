"""Telling one person something: ephemeral in the group, or in the private chat.

The private chat exists only once somebody pressed Start. What could not be told then is kept,
encrypted, for three days, and told when they do.
"""

import contextlib
from collections import OrderedDict
from datetime import UTC, datetime, timedelta

from telegram import InlineKeyboardMarkup, Message
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.adapters.base import Done, ShowPrivately
from bot.adapters.telegram.calls import PLATFORM, ask, refusal, unchanged
from bot.adapters.telegram.chats import Chats, whole
from bot.adapters.telegram.copies import Copies, Copy
from bot.adapters.telegram.parts import keyboard, pieces, with_numbers
from bot.adapters.telegram.reach import Reach
from bot.adapters.telegram.sending import Sender, Target
from bot.adapters.telegram.shown import Shown
from bot.adapters.telegram.translate import EPHEMERAL
from bot.adapters.telegram.waiting import Rows, Waiting
from bot.core.events import Account, ChatRef, MessagePosted
from bot.errors import DeliveryError

ASIDE_LASTS = timedelta(minutes=10)
_REMEMBERED = 2_000


class Whispers:
    """Shows, edits in place, and keeps for later what nobody could be told yet."""

    def __init__(
        self, sender: Sender, chats: Chats, waiting: Waiting, copies: Copies, reach: Reach
    ) -> None:
        self._sender = sender
        self._chats = chats
        self._waiting = waiting
        self._copies = copies
        self._reach = reach
        self._topics: OrderedDict[tuple[int, int], int] = OrderedDict()
        self._asides: OrderedDict[int, tuple[int, datetime]] = OrderedDict()
        self._unreached: dict[int, ChatRef] = {}
        self.to_invite: set[ChatRef] = set()

    def heard(self, chat: int, user: int, topic: int | None) -> None:
        """Note in which topic somebody last spoke: a whisper is shown there."""
        if topic is None:
            self._topics.pop((chat, user), None)
            return
        self._topics[chat, user] = topic
        while len(self._topics) > _REMEMBERED:
            self._topics.popitem(last=False)

    def heard_aside(self, chat: int, user: int) -> None:
        """Note that somebody spoke to the bot alone in a group: there the answer can be shown."""
        self._asides[user] = (chat, datetime.now(UTC))
        while len(self._asides) > _REMEMBERED:
            self._asides.popitem(last=False)

    async def show(self, action: ShowPrivately, key: str) -> Done:
        """Edit what stands there, else show anew; a permanent error means: another way."""
        await self._waiting.sweep()
        user = _user(action.to)
        text = with_numbers(action.text, action.buttons)
        markup = keyboard(action.buttons)
        earlier = Shown.read(action.replaces) if action.replaces else None
        if earlier and earlier.user == user and await self._edit(earlier, text, markup):
            there = await self._copies.changed(earlier.write(), action.text, action.buttons)
            await self._edit_copy(there, text, markup)
            return Done(action.replaces)
        if action.near is None:
            return await self._private(action, user, markup, key)
        done = await self._near(action.near, user, text, markup, key)
        there = await self._copies.shown(
            done.message or "", user, action.text, action.buttons, action.replaces or ""
        )
        await self._edit_copy(there, text, markup)
        return done

    async def _edit_copy(self, there: str, text: str, markup: InlineKeyboardMarkup | None) -> None:
        """Change what stands in private as well; removed there is no harm."""
        copy = Shown.read(there)
        if copy is not None:
            await self._edit(copy, text, markup)

    async def say_again(self) -> None:
        """Say in private what nobody answered in the group; without a private chat it waits.

        What could not be said at Start, because Telegram refused for now, is said as well.
        """
        for user in self._waiting.people():
            if self._reach.is_open(user):
                await self._tell_kept(user)
        for copy in await self._copies.due():
            try:
                await self._say_again(copy)
            except DeliveryError:
                continue

    async def _say_again(self, copy: Copy) -> None:
        text, markup = with_numbers(copy.text, copy.rows), keyboard(copy.rows)
        try:
            done = await self._all(
                Target(copy.user), text, markup, f"again:{copy.shown}:{copy.at}", silent=True
            )
        except DeliveryError as refused:
            if not refused.permanent:
                raise
            shown = Shown.read(copy.shown)
            if shown is not None:
                self._unreached[copy.user] = self._chats.ref(shown.target.chat)
            await self._keep(copy.user, copy.text, copy.rows)
            await self._copies.drop(copy)
            return
        await self._copies.said(copy, done.message or "")

    async def answered(self, user: int, chat: int, number: int | None) -> None:
        """Somebody pressed a button in a group: they saw what was shown to them there."""
        shown = "" if number is None else Shown(Target(chat, user), number).write()
        await self._copies.answered(user, shown)

    async def _edit(self, shown: Shown, text: str, markup: InlineKeyboardMarkup | None) -> bool:
        """Change it in place; false when it is not there any more."""
        parts = list(pieces(text))
        if len(parts) != 1:
            return False
        try:
            await self._change(shown, parts[0], markup)
        except BadRequest as error:
            return unchanged(error)
        except Forbidden:
            return False
        except ChatMigrated as moved:
            # It stayed behind in the group that was: shown anew where the group went.
            await self._chats.moved(shown.target.chat, moved.new_chat_id)
            return False
        except TelegramError as error:
            raise refusal(error, "change a whisper") from None
        return True

    async def _change(self, shown: Shown, text: str, markup: InlineKeyboardMarkup | None) -> None:
        target = shown.target
        if target.only is None:
            await self._sender.bot.edit_message_text(
                text, target.chat, shown.number, reply_markup=markup
            )
            return
        where = {"chat_id": target.chat, "receiver_user_id": target.only, EPHEMERAL: shown.number}
        extra = {} if markup is None else {"reply_markup": markup}
        asked = {**where, "text": text, **extra}
        await ask(self._sender.bot, "editEphemeralMessageText", asked)

    async def _near(
        self, near: ChatRef, user: int, text: str, markup: InlineKeyboardMarkup | None, key: str
    ) -> Done:
        chat = self._chats.number(near)
        if not await self._sender.tells_alone(chat):
            self._unreached[user] = near
            raise DeliveryError("telegram: no ephemeral messages here", permanent=True)
        try:
            return await self._all(Target(chat, user), text, markup, key)
        except DeliveryError as refused:
            if refused.permanent:
                self._unreached[user] = near
            raise

    async def _private(
        self, action: ShowPrivately, user: int, markup: InlineKeyboardMarkup | None, key: str
    ) -> Done:
        text = with_numbers(action.text, action.buttons)
        try:
            done = await self._all(Target(user), text, markup, key)
        except DeliveryError as refused:
            if not refused.permanent:
                raise
            await self._reach.closed(user)
            chat = self._aside(user)
            if chat is not None and await self._sender.tells_alone(chat):
                return await self._all(Target(chat, user), text, markup, f"{key}:aside")
            await self._keep(user, action.text, action.buttons)
            raise
        self._unreached.pop(user, None)
        return done

    async def _all(
        self,
        target: Target,
        text: str,
        markup: InlineKeyboardMarkup | None,
        key: str,
        *,
        silent: bool = False,
    ) -> Done:
        """Send every piece, the buttons under the last one."""
        parts = list(pieces(text))
        if not parts:
            raise DeliveryError("telegram: there is nothing to say", permanent=True)
        number = 0
        for index, part in enumerate(parts):
            buttons = markup if index == len(parts) - 1 else None
            number = await self._part(target, part, buttons, f"{key}#{index}", silent=silent)
        return Done(Shown(target, number).write())

    async def _part(
        self,
        target: Target,
        text: str,
        markup: InlineKeyboardMarkup | None,
        key: str,
        *,
        silent: bool,
    ) -> int:
        only = target.only
        extra = {"ephemeral_message_parameters": {"receiver_user_id": only}} if only else None

        async def put(chat: int, topic: int | None) -> Message:
            return await self._sender.bot.send_message(
                chat,
                text,
                message_thread_id=topic,
                reply_markup=markup,
                disable_notification=silent or None,
                api_kwargs=extra,
            )

        async def send(chat: int) -> Message:
            topic = self._topics.get((chat, only)) if only else None
            try:
                return await put(chat, topic)
            except BadRequest:
                if topic is None:
                    raise
                # The topic is gone or closed: in the group's own line it is still seen.
                return await put(chat, None)

        return await self._sender.once(key, target, send, markup)

    def _aside(self, user: int) -> int | None:
        chat, at = self._asides.get(user, (None, None))
        if chat is None or at is None or datetime.now(UTC) - at > ASIDE_LASTS:
            return None
        return chat

    async def _keep(self, user: int, text: str, rows: Rows) -> None:
        """Keep it for when Start is pressed, and have the group shown the way once."""
        await self._waiting.put(user, text, rows)
        group = self._unreached.pop(user, None)
        if group is not None:
            self.to_invite.add(group)

    async def started(self, user: int) -> None:
        """Tell somebody who opened the private chat what was waiting for them."""
        await self._reach.opened(user)
        await self._tell_kept(user)

    async def _tell_kept(self, user: int) -> None:
        """Tell what was waiting; refused for now it waits on, nobody else waits for it."""
        while waiting := await self._waiting.get(user):
            kept = waiting[0]
            text, markup = with_numbers(kept.text, kept.rows), keyboard(kept.rows)
            try:
                await self._all(Target(user), text, markup, f"kept:{user}:{kept.at}")
            except DeliveryError as refused:
                if refused.permanent:
                    await self._reach.closed(user)
                return
            await self._waiting.told(user, kept)

    async def forget(self, user: int) -> None:
        """Erase what waits for somebody, and that they pressed Start."""
        await self._waiting.drop(user)
        await self._copies.forget(user)
        await self._reach.closed(user)

    async def answer(self, held: MessagePosted, text: str) -> None:
        """Tell the author what became of what they wrote for the group, where they can be told."""
        with contextlib.suppress(DeliveryError):
            key = f"gate:{held.message}:{held.revision}"
            await self._all(Target(_user(held.sender)), text, None, key)


def _user(account: Account) -> int:
    """A person's number; who writes as a group or channel cannot be told anything privately."""
    if account.platform != PLATFORM:
        raise DeliveryError(f"telegram: {account.platform!r} is another platform", permanent=True)
    user = whole(account.user)
    if user <= 0:
        raise DeliveryError("telegram: nobody knows who writes as a group", permanent=True)
    return user
