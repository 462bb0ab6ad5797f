"""Slack as a platform: check who we are, hear, hand on, act."""

import asyncio
import contextlib
import itertools
import logging
from collections import OrderedDict
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.base import (
    Action,
    AdapterState,
    Desk,
    Done,
    LockGroup,
    OnIncoming,
    Post,
    RemoveMessage,
    ShowPrivately,
    Snooze,
    UnlockGroup,
)
from bot.adapters.slack.calls import asked, web_client
from bot.adapters.slack.consent import Consents
from bot.adapters.slack.files import fetch
from bot.adapters.slack.listening import listen
from bot.adapters.slack.pages import pages, serve
from bot.adapters.slack.reading import words
from bot.adapters.slack.renewing import OurToken, Renewal
from bot.adapters.slack.translate import Self
from bot.adapters.slack.values import PLATFORM, Settings, channel_of, user_of
from bot.adapters.slack.workspace import Workspace
from bot.core.capabilities import Capabilities
from bot.core.events import Account, Attachment, ChatRef
from bot.errors import DeliveryError

KEYS_REMEMBERED = 5_000
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
_log = logging.getLogger(__name__)
NO_LIMIT = timedelta(days=36_500)
BARE = Capabilities(ephemeral=True, dm_first=True, buttons=True, sees_edits=True, sees_deletes=True)


class SlackAdapter:
    """One workspace. Everything that needs the network is made in `connect`."""

    name = PLATFORM

    def __init__(self, settings: Settings, on_incoming: OnIncoming, state: AdapterState) -> None:
        self._settings = settings
        self._on_incoming = on_incoming
        self.capabilities = Capabilities()
        self._can(False)
        self._state = state
        self._renewal = Renewal(settings)
        self._consents = Consents(state, self._renewal, self._can)
        self._token = OurToken(settings, state, self._renewal)
        self._desk: Desk | None = None
        self._done: OrderedDict[str, Done] = OrderedDict()
        self._connected: Workspace | None = None
        self._socket = ""

    def _can(self, somebody_consented: bool) -> None:
        """Removal and do-not-disturb exist once somebody may consent, or already did."""
        own_tokens = self._settings.asks_consent or somebody_consented
        removes = own_tokens or bool(self._settings.admin_token)
        self.capabilities = replace(
            BARE,
            delete_others=NO_LIMIT if removes else None,
            post_as_author=own_tokens,
            schedule=own_tokens,
            dnd=own_tokens,
        )

    def sit_at(self, desk: Desk) -> None:
        """Ask this desk for what the Home tab and forms show."""
        self._desk = desk

    async def means_for(self, who: Account) -> Capabilities:
        """What this member's own leave, or an administrator's, makes possible."""
        own = await self._consents.usable(user_of(who))
        lent = bool(self._settings.admin_token or await self._consents.lenders())
        return replace(
            BARE,
            delete_others=NO_LIMIT if own or lent else None,
            post_as_author=own is not None,
            schedule=own is not None,
            dnd=own is not None and own.silences,
        )

    async def schedule(self, post: Post, message: str, at: datetime) -> bool:
        return await self._here.planning.schedule(post, message, at)

    async def unschedule(self, chat: ChatRef, message: str) -> bool:
        return await self._here.planning.unschedule(chat, message)

    async def silenceable(self) -> tuple[Account, ...]:
        return tuple(Account(PLATFORM, user) for user in await self._consents.silenced())

    async def connect(self) -> None:
        """Sign in; Slack's own word is in the error.

        A Slack that is away for now stops nothing: `receive` keeps knocking.
        """
        try:
            await self._sign_in()
        except DeliveryError as refused:
            if refused.permanent:
                raise
            _log.warning("slack: not there yet (%s), trying again", refused)

    async def _knock(self) -> None:
        """Sign in as soon as Slack is there; what it refuses for good ends the run."""
        for attempt in itertools.count():
            if self._connected is not None:
                return
            try:
                await self._sign_in()
            except DeliveryError as refused:
                if refused.permanent:
                    raise
                wait = refused.retry_after or min(FIRST_WAIT * 2 ** min(attempt, 10), LONGEST_WAIT)
                await asyncio.sleep(wait)

    async def _sign_in(self) -> None:
        """Learn who we are and check the app token."""
        client = web_client(self._settings, await self._token.current())
        answer = await asked("auth.test", client.auth_test())
        me = Self(words(answer, "user_id"), words(answer, "bot_id"), words(answer, "team_id"))
        if not me.user:
            raise DeliveryError("slack: auth.test: says nothing about us", permanent=True)
        if not self._settings.http:
            self._socket = await self._address(client)
        await self._consents.load()
        await self.close()
        self._connected = Workspace(
            self._settings,
            client,
            me,
            self._consents,
            self._state,
            self._on_incoming,
            lambda: self._desk,
        )

    async def receive(self) -> None:
        """Listen until cancelled, over Slack's socket or as a web server."""
        await self._knock()
        here = self._here
        async with contextlib.AsyncExitStack() as stack:
            if self._settings.http or self._settings.asks_consent:
                site = pages(self._settings, here.inbox.app, here.asking)
                runner: web.AppRunner = await serve(site, self._settings)
                stack.push_async_callback(runner.cleanup)
            fresh = asyncio.create_task(self._token.keep_fresh(here.client))
            stack.callback(fresh.cancel)
            if not self._settings.http:
                address, self._socket = self._socket, ""
                await listen(here.inbox.app, self._settings.app_token, address)
            await asyncio.Event().wait()

    async def _address(self, client: AsyncWebClient) -> str:
        """Where the socket is; nothing when Slack was asked too often, as after a restart."""
        opening = client.apps_connections_open(app_token=self._settings.app_token)
        try:
            return words(await asked("apps.connections.open", opening), "url")
        except DeliveryError as refused:
            if refused.permanent:
                raise
        return ""

    async def act(self, action: Action, key: str) -> Done:
        """Carry out an action; within one run the same key is done once."""
        if key in self._done:
            return self._done[key]
        done = await self._carry_out(action, key)
        self._done[key] = done
        if len(self._done) > KEYS_REMEMBERED:
            self._done.popitem(last=False)
        return done

    async def _carry_out(self, action: Action, key: str) -> Done:
        here = self._here
        match action:
            case ShowPrivately():
                return await here.speaking.show(action, key)
            case RemoveMessage():
                return await here.removing.remove(action)
            case Post():
                return await here.posting.post(action, key)
            case LockGroup() | UnlockGroup():
                raise DeliveryError("slack: a channel cannot be locked", permanent=True)
            case Snooze():
                return await here.quieting.snooze(action)
            case _:
                assert_never(action)

    async def fetch(self, attachment: Attachment) -> bytes:
        return await fetch(attachment, self._settings, self._here.client, self._here.session)

    async def member_count(self, chat: ChatRef) -> int | None:
        """How many others are in a channel as Slack counts them, programs included."""
        known = await self._here.channels.about(channel_of(chat))
        return known.people if known else None

    async def is_member(self, chat: ChatRef, account: Account) -> bool | None:
        return await self._here.channels.has(channel_of(chat), user_of(account))

    async def close(self) -> None:
        if self._connected is not None:
            await self._connected.close()
        self._connected = None

    @property
    def _here(self) -> Workspace:
        if self._connected is None:
            raise DeliveryError("slack: not connected", permanent=False)
        return self._connected
