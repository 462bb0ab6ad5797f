"""Telegram as a platform: connect, receive, act."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import assert_never

from telegram.error import TelegramError

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
from bot.adapters.kept import Kept
from bot.adapters.telegram.albums import Albums
from bot.adapters.telegram.arrival import announce, keep_hook, set_menus, sign_in
from bot.adapters.telegram.calls import PLATFORM, keep_quiet
from bot.adapters.telegram.chats import Chats
from bot.adapters.telegram.connection import bot_from, public_address
from bot.adapters.telegram.copies import Copies
from bot.adapters.telegram.cursor import Cursor
from bot.adapters.telegram.files import fetch
from bot.adapters.telegram.inbox import Inbox
from bot.adapters.telegram.journal import Journal
from bot.adapters.telegram.locks import Locks
from bot.adapters.telegram.members import Members
from bot.adapters.telegram.nights import Nights
from bot.adapters.telegram.pace import Pace
from bot.adapters.telegram.polling import LONGEST_WAIT, Poller
from bot.adapters.telegram.posts import Posts
from bot.adapters.telegram.presses import Presses
from bot.adapters.telegram.reach import Reach
from bot.adapters.telegram.removing import Removing
from bot.adapters.telegram.sending import Sender
from bot.adapters.telegram.translate import Reader
from bot.adapters.telegram.waiting import Waiting
from bot.adapters.telegram.webhook import Webhook
from bot.adapters.telegram.whispers import Whispers
from bot.adapters.wording import HOW_TO_HOLD
from bot.core.capabilities import Capabilities
from bot.core.events import Account, Attachment, ChatRef
from bot.errors import DeliveryError, StorageError

CONNECT_ATTEMPTS = 4
WAITS_AT_START = 5.0
SAY_AGAIN_SECONDS = 30.0
LOOK_AT_HOOK_SECONDS = 300.0
MENUS_AGAIN_SECONDS = 30.0
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
        self._removing = Removing(self._bot, self._chats, self._albums)
        self._journal = Journal(state)
        self._sender = Sender(
            self._bot, self._chats, self._journal, pace or Pace(), self._cursor.highest
        )
        self._members = Members(self._bot, self._chats, self._cursor.highest)
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
        self._has_menus = False
        self._wait = 0.0

    async def connect(self) -> None:
        """Load what is remembered and get in touch with Telegram.

        Where Telegram cannot be reached it is tried again while receiving: the rest of Fluister
        must not wait for it. Raises `DeliveryError` when trying again is pointless.
        """
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
        for attempt in range(CONNECT_ATTEMPTS):
            if await self._arrived(attempt) or self._wait > WAITS_AT_START:
                return

    async def _arrived(self, attempt: int) -> bool:
        """Wait as was asked the last time, sign in and begin; false when that has to wait again."""
        await asyncio.sleep(self._wait)
        try:
            await sign_in(self._bot)
            await announce(self._bot, self._settings, hooked=self._webhook is not None)
        except DeliveryError as refused:
            if refused.permanent:
                raise
            self._wait = refused.retry_after or min(0.5 * 2 ** min(attempt, 10), LONGEST_WAIT)
            _log.warning("%s; again in %.1f s", refused, self._wait)
            return False
        self._inbox = self._new_inbox()
        self._has_menus = await set_menus(self._bot)
        return True

    async def receive(self) -> None:
        """Hand events on until cancelled."""
        attempt = CONNECT_ATTEMPTS
        while self._inbox is None and not await self._arrived(attempt):
            attempt += 1
        works = (self._say_again, self._keep_hook, self._keep_menus)
        beside = [asyncio.create_task(work()) for work in works]
        try:
            await self._listen()
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def _listen(self) -> None:
        if self._webhook is None:
            await Poller(self._bot, self._cursor, self._ready().take).run()
            return
        host, _, port = self._settings["FLUISTER_WEB_BIND"].rpartition(":")
        await self._webhook.serve(host.strip("[]"), int(port))

    async def _keep_menus(self) -> None:
        while not self._has_menus:
            await asyncio.sleep(MENUS_AGAIN_SECONDS)
            self._has_menus = await set_menus(self._bot)

    async def _keep_hook(self) -> None:
        """Now and then, look whether updates are still sent to us."""
        while self._webhook is not None:
            await asyncio.sleep(LOOK_AT_HOOK_SECONDS)
            await keep_hook(self._bot, self._settings)

    async def _say_again(self) -> None:
        """Now and then, say in private what nobody answered; whatever fails is tried again."""
        while True:
            try:
                await self._whispers.say_again()
            except Exception as error:  # noqa: BLE001 - it must go on the next time
                _log.warning("telegram: nothing was said again (%s)", type(error).__name__)
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
                return await self._removing.remove(chat, message)
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

    async def is_member(self, chat: ChatRef, account: Account) -> bool | None:
        return await self._members.has(chat, account)

    async def unreached(self, chat: ChatRef) -> int | None:
        """How many people of a group cannot be told anything in private: Start was not pressed."""
        return await self._reach.missing(chat)

    async def close(self) -> None:
        with contextlib.suppress(TelegramError, RuntimeError):
            await self._bot.shutdown()

    async def _lock(self, action: LockGroup, key: str) -> Done:
        await self._nights.lock(action.chat)
        if not action.notice:
            return Done()
        self._whispers.to_invite.add(action.chat)
        notice = Post(action.chat, f"{action.notice}\n{HOW_TO_HOLD}", silent=True)
        return await self._posts.post(notice, key)

    def _new_inbox(self) -> Inbox:
        reader = Reader(self._bot.id, self._bot.username, self._chats)
        return Inbox(
            on_incoming=self._on_incoming,
            reader=reader,
            chats=self._chats,
            cursor=self._cursor,
            albums=self._albums,
            members=self._members,
            nights=self._nights,
            whispers=self._whispers,
            kept=Kept(self._posts.post, self.fetch, self._whispers.answer),
            presses=Presses(self._bot, reader, self._whispers),
            sender=self._sender,
            reach=self._reach,
            delete=self._removing.delete,
        )

    def _ready(self) -> Inbox:
        if self._inbox is None:
            raise DeliveryError("telegram: not connected yet", permanent=False)
        return self._inbox

    def _hook(self) -> Webhook:
        public_address(self._settings)
        secret = self._settings["FLUISTER_TELEGRAM_WEBHOOK_SECRET"]

        async def take(unit: object) -> None:
            await self._ready().take(unit)  # type: ignore[arg-type]

        return Webhook(self._bot, secret, take)
