"""Telegram as a platform: connect, receive, act."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import assert_never

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.error import BadRequest, ChatMigrated, InvalidToken, TelegramError

from bot.adapters.base import (
    Action,
    AdapterState,
    Done,
    LockGroup,
    OnIncoming,
    Post,
    RemoveMessage,
    ShowPrivately,
    Snooze,
    UnlockGroup,
)
from bot.adapters.telegram.albums import Albums
from bot.adapters.telegram.calls import PLATFORM, gone, keep_quiet, refusal
from bot.adapters.telegram.chats import Chats
from bot.adapters.telegram.connection import bot_from, public_address
from bot.adapters.telegram.copies import Copies
from bot.adapters.telegram.cursor import Cursor
from bot.adapters.telegram.files import fetch
from bot.adapters.telegram.inbox import Inbox
from bot.adapters.telegram.journal import Journal
from bot.adapters.telegram.locks import Locks
from bot.adapters.telegram.members import Members
from bot.adapters.telegram.nights import HOW, Nights
from bot.adapters.telegram.pace import Pace
from bot.adapters.telegram.polling import LISTENED_TO, Poller
from bot.adapters.telegram.posts import Posts
from bot.adapters.telegram.reach import Reach
from bot.adapters.telegram.sending import Sender
from bot.adapters.telegram.translate import Reader
from bot.adapters.telegram.waiting import Waiting
from bot.adapters.telegram.webhook import Webhook
from bot.adapters.telegram.whispers import Whispers
from bot.adapters.telegram.words import ADMINS, DESCRIPTIONS, MEMBERS, PRIVATE
from bot.core.capabilities import Capabilities
from bot.core.events import Attachment, ChatRef
from bot.errors import DeliveryError, StorageError

CONNECT_ATTEMPTS = 6
SAY_AGAIN_SECONDS = 30.0
_log = logging.getLogger(__name__)


class TelegramAdapter:
    """One bot. Updates are confirmed only after they were taken in."""

    name = PLATFORM
    capabilities = Capabilities(
        delete_others=timedelta(hours=48),
        ephemeral=True,
        lock=True,
        silent=True,
        buttons=True,
        sees_edits=True,
    )

    def __init__(
        self,
        settings: Mapping[str, str],
        on_incoming: OnIncoming,
        state: AdapterState,
        pace: Pace | None = None,
    ) -> None:
        keep_quiet()
        self._settings = settings
        self._on_incoming = on_incoming
        self._bot = bot_from(settings)
        self._chats = Chats(state)
        self._cursor = Cursor(state)
        self._albums = Albums(state)
        self._journal = Journal(state)
        self._sender = Sender(self._bot, self._chats, self._journal, pace or Pace())
        self._members = Members(self._bot, self._chats)
        self._nights = Nights(state, Locks(self._bot, state, self._chats), self._members)
        self._waiting = Waiting(state)
        self._copies = Copies(state)
        self._reach = Reach(state, self._members)
        self._whispers = Whispers(
            self._sender, self._chats, self._waiting, self._copies, self._reach
        )
        self._posts = Posts(self._sender, state, self._chats, self._whispers)
        self._webhook = (
            self._hook() if settings.get("FLUISTER_TELEGRAM_MODE") == "webhook" else None
        )
        self._inbox: Inbox | None = None

    async def connect(self) -> None:
        """Check the token, load what is remembered, say how updates should come, set the menus."""
        await self._sign_in()
        for kept in (
            self._chats,
            self._cursor,
            self._albums,
            self._journal,
            self._nights,
            self._waiting,
            self._copies,
            self._reach,
        ):
            await kept.load()
        self._inbox = self._new_inbox()
        await self._announce()
        await self._menus()

    async def receive(self) -> None:
        """Hand events on until cancelled."""
        again = asyncio.create_task(self._say_again())
        try:
            await self._listen()
        finally:
            again.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await again

    async def _listen(self) -> None:
        if self._webhook is None:
            await Poller(self._bot, self._cursor, self._ready().take).run()
            return
        host, _, port = self._settings["FLUISTER_WEB_BIND"].rpartition(":")
        await self._webhook.serve(host.strip("[]"), int(port))

    async def _say_again(self) -> None:
        """Now and then, say in private what nobody answered; storage may be away for a while."""
        while True:
            with contextlib.suppress(StorageError):
                await self._whispers.say_again()
            await asyncio.sleep(SAY_AGAIN_SECONDS)

    async def act(self, action: Action, key: str) -> Done:
        """Carry one action out; only `DeliveryError` leaves."""
        self._ready()
        try:
            return await self._carry_out(action, key)
        except (DeliveryError, StorageError):
            raise
        except Exception as error:  # noqa: BLE001 - an answer the library cannot read
            raise DeliveryError(
                f"telegram: {type(action).__name__}: {type(error).__name__}",
                permanent=False,
                uncertain=True,
            ) from None

    async def _carry_out(self, action: Action, key: str) -> Done:
        match action:
            case ShowPrivately():
                return await self._whispers.show(action, key)
            case RemoveMessage(chat, message):
                return await self._remove(chat, message)
            case Post():
                return await self._posts.post(action, key)
            case LockGroup():
                return await self._lock(action, key)
            case UnlockGroup(chat):
                await self._nights.unlock(chat)
                return Done()
            case Snooze():
                raise DeliveryError("telegram: nobody can be silenced", permanent=True)
            case _:
                assert_never(action)

    async def fetch(self, attachment: Attachment) -> bytes:
        self._ready()
        return await fetch(self._bot, attachment)

    async def member_count(self, chat: ChatRef) -> int | None:
        return await self._members.count(chat)

    async def unreached(self, chat: ChatRef) -> int | None:
        """How many people of a group cannot be told anything in private: Start was not pressed."""
        return await self._reach.missing(chat)

    async def close(self) -> None:
        with contextlib.suppress(TelegramError, RuntimeError):
            await self._bot.shutdown()

    async def _remove(self, ref: ChatRef, message: str) -> Done:
        """Delete a message, an album as a whole; already gone counts as done."""
        chat, number = self._chats.find(ref, message)
        for part in self._albums.members(chat, number):
            try:
                await self._bot.delete_message(chat, part)
            except BadRequest as error:
                if not gone(error):
                    raise refusal(error, "remove") from None
            except ChatMigrated:
                # It stayed behind in the group that was; a bot cannot reach it there any more.
                raise DeliveryError("telegram: remove: the group moved", permanent=True) from None
            except TelegramError as error:
                raise refusal(error, "remove") from None
        return Done()

    async def _lock(self, action: LockGroup, key: str) -> Done:
        await self._nights.lock(action.chat)
        if not action.notice:
            return Done()
        self._whispers.to_invite.add(action.chat)
        notice = Post(action.chat, f"{action.notice}\n{HOW}", silent=True)
        return await self._posts.post(notice, key)

    def _new_inbox(self) -> Inbox:
        return Inbox(
            bot=self._bot,
            on_incoming=self._on_incoming,
            reader=Reader(self._bot.id, self._bot.username, self._chats),
            chats=self._chats,
            cursor=self._cursor,
            albums=self._albums,
            members=self._members,
            nights=self._nights,
            whispers=self._whispers,
            posts=self._posts,
            sender=self._sender,
            reach=self._reach,
        )

    def _ready(self) -> Inbox:
        if self._inbox is None:
            raise DeliveryError("telegram: not connected yet", permanent=False, retry_after=1.0)
        return self._inbox

    async def _sign_in(self) -> None:
        for attempt in range(CONNECT_ATTEMPTS):
            try:
                await self._bot.initialize()
            except InvalidToken:
                raise DeliveryError(
                    "telegram: FLUISTER_TELEGRAM_TOKEN is not valid; ask @BotFather with /token",
                    permanent=True,
                ) from None
            except TelegramError as error:
                if attempt == CONNECT_ATTEMPTS - 1:
                    raise refusal(error, "sign in") from None
                _log.warning("telegram: no answer yet (%s)", type(error).__name__)
                await asyncio.sleep(min(0.5 * 2**attempt, 8.0))
            else:
                return

    async def _announce(self) -> None:
        """Updates are asked for or sent, never both: Telegram refuses that with 409."""
        try:
            if self._webhook is None:
                await self._bot.delete_webhook(drop_pending_updates=False)
                return
            await self._bot.set_webhook(
                public_address(self._settings),
                secret_token=self._settings["FLUISTER_TELEGRAM_WEBHOOK_SECRET"],
                allowed_updates=list(LISTENED_TO),
                max_connections=10,
            )
        except TelegramError as error:
            raise refusal(error, "say how updates come") from None

    async def _menus(self) -> None:
        """The commands each kind of reader sees; a bot without a menu still works."""
        scopes: tuple[tuple[tuple[str, ...], BotCommandScope, bool], ...] = (
            (PRIVATE, BotCommandScopeAllPrivateChats(), False),
            (MEMBERS, BotCommandScopeAllGroupChats(), True),
            (ADMINS, BotCommandScopeAllChatAdministrators(), True),
        )
        for names, scope, aside in scopes:
            for language, told in DESCRIPTIONS.items():
                told_to = [(name, told[name]) for name in names]
                try:
                    await self._menu(told_to, scope, language, aside=aside)
                except TelegramError as error:
                    _log.warning("telegram: no command menu (%s)", type(error).__name__)
                    return

    async def _menu(
        self, told: list[tuple[str, str]], scope: BotCommandScope, language: str, *, aside: bool
    ) -> None:
        """Set one menu; `aside` asks for commands that only the bot gets to see."""
        extra = {"is_ephemeral": True} if aside else None
        menu = [BotCommand(name, text, api_kwargs=extra) for name, text in told]
        try:
            await self._bot.set_my_commands(menu, scope, language or None)
        except BadRequest:
            if not aside:
                raise
            await self._menu(told, scope, language, aside=False)

    def _hook(self) -> Webhook:
        public_address(self._settings)
        secret = self._settings["FLUISTER_TELEGRAM_WEBHOOK_SECRET"]

        async def take(unit: object) -> None:
            await self._ready().take(unit)  # type: ignore[arg-type]

        return Webhook(self._bot, secret, take)
