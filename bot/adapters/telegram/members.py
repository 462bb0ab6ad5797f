"""Who is in a group: the bot itself coming and going, administrators, colleagues."""

import contextlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace

from telegram import (
    Bot,
    Chat,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberUpdated,
    Message,
    User,
)
from telegram.error import ChatMigrated, TelegramError

from bot.adapters.telegram.calls import ask, refusal
from bot.adapters.telegram.chats import Chats, whole
from bot.adapters.telegram.translate import GROUPS, person
from bot.adapters.wording import clean
from bot.core.events import (
    Account,
    BotAdded,
    BotRemoved,
    ChatRef,
    Incoming,
    MembersChanged,
)
from bot.errors import DeliveryError

# Numbers of supergroups and channels lie below this one.
SMALLEST = -1_000_000_000_000
_AWAY = (ChatMember.LEFT, ChatMember.BANNED)
_log = logging.getLogger(__name__)


class Members:
    """Turns changes of membership into events, asking Telegram what it leaves out."""

    def __init__(self, bot: Bot, chats: Chats, heard: Mapping[int, int]) -> None:
        self._bot = bot
        self._chats = chats
        self._heard = heard

    async def newly_heard(self, chat: Chat) -> None:
        """Ask whether a supergroup nobody knows is where a small group we were in went.

        Telegram tells of a move in a message, but what is said there may come before it.
        """
        if chat.type != Chat.SUPERGROUP or chat.id in self._heard or self._chats.continues(chat.id):
            return
        for old in [n for n in self._heard if SMALLEST < n < 0 and not self._chats.left_behind(n)]:
            try:
                await ask(self._bot, "getChat", {"chat_id": old})
            except ChatMigrated as moved:
                await self._chats.moved(old, moved.new_chat_id)
            except TelegramError:
                continue

    async def mine(self, change: ChatMemberUpdated) -> Incoming | None:
        """The bot's own membership changed."""
        chat = change.chat
        await self.newly_heard(chat)
        if chat.type not in GROUPS or self._chats.left_behind(chat.id):
            return None
        if self._chats.continues(chat.id) and _away(change.old_chat_member):
            return None
        ref = self._chats.ref(chat.id)
        if _away(change.new_chat_member):
            return None if _away(change.old_chat_member) else BotRemoved(ref, change.date)
        self._tell_rights(chat, change.new_chat_member)
        if not _away(change.old_chat_member):
            return None
        return BotAdded(
            ref,
            change.date,
            title=clean(chat.title or ""),
            by=person(change.from_user),
            admins=await self._admins(ref),
        )

    async def others(self, change: ChatMemberUpdated) -> Incoming | None:
        """Somebody else came or went."""
        who = person(change.new_chat_member.user)
        before, after = _away(change.old_chat_member), _away(change.new_chat_member)
        if change.chat.type not in GROUPS or before == after:
            return None
        event = MembersChanged(self._chats.ref(change.chat.id), change.date)
        event = replace(event, joined=(who,)) if before else replace(event, left=(who,))
        return replace(event, size=await self.count(event.chat))

    async def service(self, message: Message) -> Incoming | None:
        """The line "… joined the group", which is all a bot without rights gets to see."""
        joined = tuple(person(u) for u in message.new_chat_members if u.id != self._bot.id)
        gone = message.left_chat_member
        left = (person(gone),) if gone is not None and gone.id != self._bot.id else ()
        if not joined and not left:
            return None
        ref = self._chats.ref(message.chat.id)
        return MembersChanged(ref, message.date, joined, left, await self.count(ref))

    async def count(self, ref: ChatRef) -> int | None:
        """How many people, the bot itself not counted; nothing when Telegram does not say."""
        chat = self._chats.number(ref)
        try:
            found = await ask(self._bot, "getChatMemberCount", {"chat_id": chat})
            return max(0, found - 1) if isinstance(found, int) else None
        except ChatMigrated as moved:
            await self._chats.moved(chat, moved.new_chat_id)
            return None if self._chats.number(ref) == chat else await self.count(ref)
        except TelegramError:
            return None

    async def is_member(self, ref: ChatRef, user: int) -> bool:
        """Whether somebody is in a group now."""
        chat = self._chats.number(ref)
        try:
            found = await ask(self._bot, "getChatMember", {"chat_id": chat, "user_id": user})
        except ChatMigrated as moved:
            raise await self._chats.gone_on(chat, moved.new_chat_id) from None
        except TelegramError as error:
            refused = refusal(error, "look up a member")
            if refused.permanent:
                return False
            raise refused from None
        return isinstance(found, Mapping) and not _gone(found.get("status"), found.get("is_member"))

    async def has(self, ref: ChatRef, account: Account) -> bool | None:
        """Whether somebody is in a group now; nothing when Telegram does not say."""
        try:
            return await self.is_member(ref, whole(account.user))
        except DeliveryError as refused:
            if refused.permanent:
                raise
            return None

    async def _admins(self, ref: ChatRef) -> tuple[Account, ...]:
        chat = self._chats.number(ref)
        try:
            found = await ask(self._bot, "getChatAdministrators", {"chat_id": chat})
        except ChatMigrated as moved:
            await self._chats.moved(chat, moved.new_chat_id)
            return () if self._chats.number(ref) == chat else await self._admins(ref)
        except TelegramError as error:
            refused = refusal(error, "read the administrators")
            if refused.permanent:
                return ()
            raise refused from None
        return tuple(person(user) for user in _users(found) if not user.is_bot)

    def _tell_rights(self, chat: Chat, member: ChatMember) -> None:
        """Say in the log which right is missing: without it part of the work cannot be done."""
        wanted = ("can_delete_messages", "can_restrict_members")
        admin = isinstance(member, ChatMemberAdministrator)
        missing = [right for right in wanted if not (admin and getattr(member, right))]
        if missing:
            _log.warning("telegram: in group %s the bot lacks %s", chat.id, ", ".join(missing))


def _away(member: ChatMember) -> bool:
    return _gone(member.status, getattr(member, "is_member", True))


def _gone(status: object, inside: object) -> bool:
    """Whether a status means that somebody is out; who is restricted may be `inside` or not."""
    return inside is False if status == ChatMember.RESTRICTED else status in _AWAY


def _users(members: object) -> Iterator[User]:
    """Who stands in a list of members, whatever else is told about them."""
    for member in members if isinstance(members, list) else ():
        with contextlib.suppress(AttributeError, KeyError, TypeError, ValueError):
            yield User.de_json(dict(member["user"]))
