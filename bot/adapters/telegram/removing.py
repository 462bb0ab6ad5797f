"""Taking messages away: one, or an album as a whole."""

from dataclasses import dataclass

from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.adapters.base import Done
from bot.adapters.telegram.albums import Albums
from bot.adapters.telegram.calls import gone, refusal
from bot.adapters.telegram.chats import Chats
from bot.core.events import ChatRef
from bot.errors import DeliveryError


@dataclass(frozen=True, slots=True)
class Removing:
    """Carries out `RemoveMessage`; already gone counts as done."""

    bot: Bot
    chats: Chats
    albums: Albums

    async def remove(self, ref: ChatRef, message: str) -> Done:
        """Delete every part; one that stays does not keep the others."""
        chat, number = self.chats.find(ref, message)
        stays: DeliveryError | None = None
        for part in self.albums.members(chat, number):
            try:
                await self.delete(chat, part)
            except DeliveryError as refused:
                if not refused.permanent:
                    raise
                stays = refused
        if stays is not None:
            raise stays
        await self.albums.removed(chat, number)
        return Done()

    async def delete(self, chat: int, number: int) -> None:
        """Delete one message."""
        try:
            await self.bot.delete_message(chat, number)
        except BadRequest as error:
            if not gone(error):
                raise refusal(error, "remove") from None
        except ChatMigrated as moved:
            # It stayed behind in the group that was; a bot cannot reach it there any more.
            await self.chats.moved(chat, moved.new_chat_id)
            raise DeliveryError("telegram: remove: the group moved", permanent=True) from None
        except TelegramError as error:
            raise refusal(error, "remove") from None
