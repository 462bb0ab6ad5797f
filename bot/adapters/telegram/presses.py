"""Buttons that were pressed: handed on, and always answered so that the hourglass stops."""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from telegram import Bot, CallbackQuery, MaybeInaccessibleMessage
from telegram.error import TelegramError

from bot.adapters.telegram.translate import GROUPS, Reader, alone
from bot.adapters.telegram.whispers import Whispers
from bot.core.events import Incoming, Receipt, Refuse

LONGEST_ALERT = 200
Hand = Callable[[Incoming], Awaitable[Receipt]]


@dataclass(frozen=True, slots=True)
class Presses:
    """Reads callback queries; what stands in one was chosen by whoever sent it."""

    bot: Bot
    reader: Reader
    whispers: Whispers

    async def pressed(self, query: CallbackQuery, hand: Hand) -> None:
        """Hand a press on and answer it."""
        pressed = self.reader.pressed(query, datetime.now(UTC))
        receipt: Receipt | None = None
        if pressed is not None:
            if query.message is not None and query.message.chat.type in GROUPS:
                await self._seen(query.message, query.from_user.id)
            receipt = await hand(pressed)
        text = receipt.text[:LONGEST_ALERT] if isinstance(receipt, Refuse) else None
        await self._answer(query, text)

    async def _seen(self, message: MaybeInaccessibleMessage, user: int) -> None:
        """Somebody pressed a button in a group: what is said next can be shown there."""
        self.whispers.heard_aside(message.chat.id, user)
        await self.whispers.answered(user, message.chat.id, alone(message) or None)

    async def _answer(self, query: CallbackQuery, text: str | None) -> None:
        """Stop the button's hourglass; too late for that is no harm."""
        with contextlib.suppress(TelegramError):
            if text is None:
                await self.bot.answer_callback_query(query.id)
            else:
                await self.bot.answer_callback_query(query.id, text=text, show_alert=True)
