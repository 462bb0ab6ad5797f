"""From what Slack tells to what the app is told, and the little that stays in the adapter."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import assert_never

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.base import OnIncoming
from bot.adapters.slack.calls import asked, web_client
from bot.adapters.slack.consent import Consents
from bot.adapters.slack.home import home
from bot.adapters.slack.people import People
from bot.adapters.slack.reading import Payload, instant, mentioned, part, parts, words
from bot.adapters.slack.removing import Removing
from bot.adapters.slack.speaking import Speaking
from bot.adapters.slack.translate import (
    Self,
    button_event,
    command_event,
    message_event,
    people_in,
)
from bot.adapters.slack.values import CONNECT_PATH, DISCONNECT, PLATFORM, Settings
from bot.core.events import (
    Account,
    BotAdded,
    BotRemoved,
    ChatRef,
    CommandGiven,
    Incoming,
    MembersChanged,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Pass,
    Refuse,
)
from bot.errors import DeliveryError

TITLE_PATIENCE = 1.5
_log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Hearing:
    """Takes payloads in; returns once the app has what matters."""

    settings: Settings
    client: AsyncWebClient
    me: Self
    people: People
    speaking: Speaking
    removing: Removing
    consents: Consents
    on_incoming: OnIncoming
    count: Callable[[str], Awaitable[int | None]]
    _aside: set[asyncio.Task[None]] = field(default_factory=set, init=False, repr=False)

    async def event(self, body: Payload) -> None:
        event = part(body, "event")
        at = instant(words(event, "event_ts")) or datetime.now(UTC)
        match words(event, "type"):
            case "message":
                await self._message(event)
            case "member_joined_channel" | "member_left_channel" as kind:
                await self._member(event, at, joined=kind == "member_joined_channel")
            case "channel_left" | "group_left" | "channel_deleted" | "group_deleted":
                await self.on_incoming(BotRemoved(_chat(words(event, "channel")), at))
            case "app_home_opened" if words(event, "tab") != "messages":
                self._later(self._home(words(event, "user")))
            case "tokens_revoked":
                await self._revoked(part(event, "tokens"))
            case "app_uninstalled":
                await self.consents.drop_all()
            case "user_change":
                self.people.forget(words(part(event, "user"), "id"))
            case _:
                pass

    async def button(self, body: Payload) -> None:
        """A pressed button; a refusal is shown to whoever pressed, and to nobody else."""
        user = words(part(body, "user"), "id")
        if any(words(action, "value") == DISCONNECT for action in parts(body, "actions")):
            await self._disconnect(user)
            return
        box = part(body, "container")
        names = await self.people.names([user] if user else [])
        pressed = button_event(body, names, datetime.now(UTC))
        if pressed is None:
            return
        if box.get("is_ephemeral") is True or not part(body, "message"):
            ts = words(box, "message_ts")
            self.speaking.pressed(pressed.chat.chat, ts, words(body, "response_url"))
        await self._hand_on(pressed, pressed.by, pressed.chat)

    async def command(self, body: Payload) -> None:
        users = [words(body, "user_id"), *mentioned(words(body, "text"))]
        names = await self.people.names([user for user in users if user])
        given = command_event(body, names, datetime.now(UTC))
        if given is not None:
            await self._hand_on(given, given.by, given.chat)

    async def close(self) -> None:
        for task in tuple(self._aside):
            task.cancel()
        await asyncio.gather(*self._aside, return_exceptions=True)
        await self.people.close()

    async def _message(self, event: Payload) -> None:
        users = [user for user in people_in(event) if user != self.me.user]
        heard = message_event(event, self.me, await self.people.names(users))
        match heard:
            case None:
                return
            case MessagePosted(chat=chat, message=ts, sender=sender):
                self.removing.wrote(chat.chat, ts, sender.user)
            case MessageEdited(posted):
                self.removing.wrote(posted.chat.chat, posted.message, posted.sender.user)
            case MessageDeleted(chat, ts):
                if await self.removing.gone(chat.chat, ts):
                    return
            case CommandGiven():
                pass
            case _:
                assert_never(heard)
        await self.on_incoming(heard)

    async def _hand_on(self, event: Incoming, by: Account, chat: ChatRef) -> None:
        receipt = await self.on_incoming(event)
        match receipt:
            case Pass():
                pass
            case Refuse(text):
                self._later(self.speaking.note(by, chat, text))
            case _:
                assert_never(receipt)

    async def _member(self, event: Payload, at: datetime, *, joined: bool) -> None:
        channel, user = words(event, "channel"), words(event, "user")
        if not channel or not user:
            return
        if user == self.me.user:
            added = await self._added(channel, words(event, "inviter"), at) if joined else None
            await self.on_incoming(added or BotRemoved(_chat(channel), at))
            return
        who = ((await self.people.names([user])).account(user),)
        size = await self.count(channel)
        came, went = (who, ()) if joined else ((), who)
        await self.on_incoming(MembersChanged(_chat(channel), at, came, went, size))

    async def _added(self, channel: str, inviter: str, at: datetime) -> BotAdded:
        by = (await self.people.names([inviter])).account(inviter) if inviter else None
        title = ""
        with contextlib.suppress(DeliveryError, TimeoutError):
            async with asyncio.timeout(TITLE_PATIENCE):
                asking = self.client.conversations_info(channel=channel)
                title = words(part(await asked("conversations.info", asking), "channel"), "name")
        return BotAdded(_chat(channel), at, title=title, by=by)

    async def _revoked(self, tokens: Payload) -> None:
        revoked = tokens.get("oauth")
        for user in revoked if isinstance(revoked, list) else ():
            if isinstance(user, str):
                await self.consents.drop(user)

    async def _disconnect(self, user: str) -> None:
        """Forget the token first; Slack is told as well, as far as it listens."""
        token = await self.consents.drop(user)
        if token:
            self._later(self._revoke(token))
        self._later(self._home(user))

    async def _revoke(self, token: str) -> None:
        await asked("auth.revoke", web_client(self.settings, token).auth_revoke())

    async def _home(self, user: str) -> None:
        connected = await self.consents.token(user) is not None
        url = self.settings.web_url + CONNECT_PATH if self.settings.asks_consent else ""
        view = home(connected, url)
        await asked("views.publish", self.client.views_publish(user_id=user, view=view))

    def _later(self, work: Coroutine[object, object, None]) -> None:
        """Do something nobody has to wait for; what comes of it is only counted in the log."""
        task = asyncio.create_task(work)
        self._aside.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._aside.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.warning("slack: a side task failed (%s)", type(task.exception()).__name__)


def _chat(channel: str) -> ChatRef:
    return ChatRef(PLATFORM, channel)
