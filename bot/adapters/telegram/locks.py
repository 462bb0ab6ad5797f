"""Closing a group for the night and opening it exactly as it was."""

import json
from collections.abc import Mapping
from typing import cast

from telegram import Bot, ChatPermissions
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.adapters.base import AdapterState
from bot.adapters.telegram.calls import ask, refusal, unchanged
from bot.adapters.telegram.chats import Chats
from bot.core.events import ChatRef
from bot.errors import DeliveryError

_TALKING = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
)
Rights = dict[str, bool]


class Locks:
    """The earlier rights are stored before the group is closed, and kept until it is open again."""

    def __init__(self, bot: Bot, state: AdapterState, chats: Chats) -> None:
        self._bot = bot
        self._state = state
        self._chats = chats

    async def lock(self, ref: ChatRef) -> None:
        """Take away every right to send; told twice changes nothing."""
        chat = self._chats.number(ref)
        saved = await self._saved(ref)
        earlier = saved or await self._rights(chat)
        mine = saved is None and await self._state.compare_and_set(
            _key(ref), None, json.dumps(earlier).encode()
        )
        try:
            await self._set(chat, {**earlier, **dict.fromkeys(_TALKING, False)})
        except ChatMigrated as moved:
            raise await self._chats.gone_on(chat, moved.new_chat_id) from None
        except (BadRequest, Forbidden) as error:
            if mine:
                await self._forget(ref)
            raise refusal(error, "close a group") from None
        except TelegramError as error:
            raise refusal(error, "close a group") from None

    async def unlock(self, ref: ChatRef) -> None:
        """Give back what was taken; without a stored lock there is nothing to give back."""
        saved = await self._saved(ref)
        if saved is None:
            return
        chat = self._chats.number(ref)
        try:
            await self._set(chat, saved)
        except ChatMigrated as moved:
            raise await self._chats.gone_on(chat, moved.new_chat_id) from None
        except TelegramError as error:
            raise refusal(error, "open a group") from None
        await self._forget(ref)

    async def locked(self, ref: ChatRef) -> bool:
        return await self._saved(ref) is not None

    async def _set(self, chat: int, rights: Rights) -> None:
        permissions = ChatPermissions.de_json(dict(rights), self._bot)
        try:
            await self._bot.set_chat_permissions(
                chat, permissions, use_independent_chat_permissions=True
            )
        except BadRequest as error:
            if not unchanged(error):
                raise

    async def _rights(self, chat: int) -> Rights:
        try:
            found = await ask(self._bot, "getChat", {"chat_id": chat})
        except ChatMigrated as moved:
            raise await self._chats.gone_on(chat, moved.new_chat_id) from None
        except TelegramError as error:
            raise refusal(error, "read a group's rights") from None
        rights = found.get("permissions") if isinstance(found, Mapping) else None
        if not isinstance(rights, Mapping):
            raise DeliveryError("telegram: the group's rights are not told", permanent=True)
        return {right: held for right, held in rights.items() if isinstance(held, bool)}

    async def _saved(self, ref: ChatRef) -> Rights | None:
        stored = await self._state.get(_key(ref))
        return cast("Rights", json.loads(stored)) if stored else None

    async def _forget(self, ref: ChatRef) -> None:
        stored = await self._state.get(_key(ref))
        if stored is not None:
            await self._state.compare_and_set(_key(ref), stored, None)


def _key(ref: ChatRef) -> str:
    return f"lock:{ref.chat}"
