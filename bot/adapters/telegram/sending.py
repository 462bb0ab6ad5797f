"""Sending: one message at a time per chat, each once, lost answers settled by looking."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from telegram import Bot, InlineKeyboardMarkup, Message
from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    RetryAfter,
    TelegramError,
)

from bot.adapters.telegram.calls import ask, never_left, refusal, seconds, unchanged
from bot.adapters.telegram.chats import Chats
from bot.adapters.telegram.journal import Journal, Line
from bot.adapters.telegram.pace import Pace
from bot.adapters.telegram.translate import EPHEMERAL, alone
from bot.errors import DeliveryError

LOOK_AHEAD = 12
NO_MESSAGE = 2**31 - 1
Call = Callable[[int], Awaitable[Message]]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes: a chat, and the one person to see it if it is ephemeral."""

    chat: int
    only: int | None = None

    @property
    def place(self) -> str:
        return str(self.chat) if self.only is None else f"{self.chat}/{self.only}"


@dataclass(slots=True)
class Sender:
    """The one road by which messages leave."""

    bot: Bot
    chats: Chats
    journal: Journal
    pace: Pace
    seen: dict[int, int]
    _locks: defaultdict[int, asyncio.Lock] = field(
        default_factory=lambda: defaultdict(asyncio.Lock)
    )

    def saw(self, chat: int, message: int) -> None:
        """Note the highest number in a chat, from which the next ones are counted."""
        self.seen[chat] = max(self.seen.pop(chat, 0), message)

    async def once(
        self, key: str, target: Target, call: Call, markup: InlineKeyboardMarkup | None
    ) -> int:
        """Send unless this key was sent before; the number of the message."""
        async with self._locks[target.chat]:
            line = self.journal.find(key)
            if line is not None:
                found = line.message or await self._look(line, target, markup)
                if found is not None:
                    await self.journal.finish(key, found)
                    return found
            await self.pace.turn(target.chat, urgent=target.only is not None)
            if line is None:
                await self.journal.begin(key, target.place, self._last(target))
            number = await self._send(key, target, call)
            if line is not None and target.only is not None:
                await self._drop_twin(target, number)
            return number

    async def _drop_twin(self, target: Target, number: int) -> None:
        """Take back what was shown just before and not found: nobody told where numbers stood."""
        known = self.journal.numbers(target.place)
        where = {"chat_id": target.chat, "receiver_user_id": target.only}
        for twin in range(number - 1, max(0, number - 1 - LOOK_AHEAD), -1):
            if twin in known:
                continue
            try:
                await ask(self.bot, "deleteEphemeralMessage", {**where, EPHEMERAL: twin})
            except BadRequest:
                continue
            except TelegramError:
                return
            else:
                return

    async def _send(self, key: str, target: Target, call: Call) -> int:
        try:
            message = await call(target.chat)
        except ChatMigrated as moved:
            await self.journal.drop(key)
            raise await self.chats.gone_on(target.chat, moved.new_chat_id) from None
        except TelegramError as error:
            if never_left(error):
                await self.journal.drop(key)
            if isinstance(error, RetryAfter):
                self.pace.keep_still(target.chat, seconds(error))
            raise refusal(error, "send") from None
        except (KeyError, TypeError, ValueError) as error:
            # The library could not read the answer: it was sent.
            raise DeliveryError(f"telegram: send: {type(error).__name__}", permanent=False,
                                uncertain=True) from None  # fmt: skip
        number = await self._number(message, target, key)
        await self.journal.finish(key, number)
        return number

    async def _number(self, message: Message, target: Target, key: str) -> int:
        if target.only is None:
            self.saw(target.chat, message.message_id)
            return message.message_id
        number = alone(message)
        if number:
            return number
        await self._take_back(message)
        await self.journal.drop(key)
        raise DeliveryError("telegram: this server knows no ephemeral messages", permanent=True)

    async def _take_back(self, message: Message) -> None:
        """A server too old for ephemeral messages showed it to all: gone at once, and not again."""
        self.ephemeral = False
        for _ in range(3):
            try:
                await self.bot.delete_message(message.chat.id, message.message_id)
            except BadRequest:
                return
            except TelegramError:
                continue
            return

    ephemeral: bool = True
    _asked: bool = False

    async def tells_alone(self, chat: int) -> bool:
        """Whether the server knows ephemeral messages; one too old would show them to everybody."""
        if self.ephemeral and not self._asked:
            try:
                self.ephemeral = await knows_ephemeral(self.bot, chat)
            except ChatMigrated as moved:
                raise await self.chats.gone_on(chat, moved.new_chat_id) from None
            self._asked = True
        return self.ephemeral

    def _last(self, target: Target) -> int:
        if target.only is not None:
            return self.journal.last_shown()
        return max(self.seen.get(target.chat, 0), self.journal.last(target.place))

    async def _look(
        self, line: Line, target: Target, markup: InlineKeyboardMarkup | None
    ) -> int | None:
        """Find the message of a send without an answer: only our own can be edited."""
        for number in self._candidates(line, target):
            try:
                await self._touch(target, number, markup)
            except BadRequest as error:
                if unchanged(error):
                    return number
            except ChatMigrated as moved:
                raise await self.chats.gone_on(target.chat, moved.new_chat_id) from None
            except TelegramError as error:
                raise refusal(error, "look for a message") from None
            else:
                return number
        return None

    def _candidates(self, line: Line, target: Target) -> Iterator[int]:
        """Numbers it may have got: those that came next here, or in all private chats together.

        Private chats and small groups share one row of numbers, each supergroup has its own.
        """
        tried = set(self.journal.numbers(target.place))
        rows = [self._last(target)]
        if target.only is None:
            private = [number for chat, number in self.seen.items() if chat > 0]
            rows.append(max([self.journal.last_private(), *private]))
        for last in rows:
            end = max(line.after, last) + LOOK_AHEAD
            for number in range(max(line.after, end - 3 * LOOK_AHEAD) + 1, end + 1):
                if number not in tried:
                    tried.add(number)
                    yield number

    async def _touch(
        self, target: Target, number: int, markup: InlineKeyboardMarkup | None
    ) -> None:
        if target.only is None:
            await self.bot.edit_message_reply_markup(target.chat, number, reply_markup=markup)
            return
        where = {"chat_id": target.chat, "receiver_user_id": target.only, EPHEMERAL: number}
        extra = {} if markup is None else {"reply_markup": markup}
        await ask(self.bot, "editEphemeralMessageReplyMarkup", {**where, **extra})


async def knows_ephemeral(bot: Bot, chat: int) -> bool:
    """Ask to change ephemeral messages that do not exist; a server too old knows no such method."""
    asked = {"chat_id": chat, "receiver_user_id": bot.id, EPHEMERAL: NO_MESSAGE}
    for method in ("deleteEphemeralMessage", "editEphemeralMessageReplyMarkup"):
        try:
            await ask(bot, method, asked)
        except EndPointNotFound:
            continue
        except (BadRequest, Forbidden):
            return True
        except ChatMigrated:
            raise
        except TelegramError as error:
            raise refusal(error, "look for ephemeral messages") from None
        return True
    return False
