"""From what Slack tells to what the app is told, and the little that stays in the adapter."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import assert_never

from bot.adapters.base import OnIncoming
from bot.adapters.slack.aside import Aside
from bot.adapters.slack.channels import Channels
from bot.adapters.slack.consent import Consents
from bot.adapters.slack.fronting import Fronting
from bot.adapters.slack.people import People
from bot.adapters.slack.posting import Posting
from bot.adapters.slack.reading import Payload, instant, mentioned, part, words
from bot.adapters.slack.removing import Removing
from bot.adapters.slack.revisions import Revisions
from bot.adapters.slack.speaking import Speaking
from bot.adapters.slack.translate import (
    Self,
    button_event,
    command_event,
    message_event,
    people_in,
)
from bot.adapters.slack.values import PLATFORM
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

_log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Hearing:
    """Takes payloads in; returns once the app has what matters."""

    me: Self
    people: People
    channels: Channels
    fronting: Fronting
    speaking: Speaking
    posting: Posting
    removing: Removing
    consents: Consents
    on_incoming: OnIncoming
    _revisions: Revisions = field(default_factory=Revisions, init=False, repr=False)
    _aside: Aside = field(default_factory=Aside, init=False, repr=False)

    async def event(self, body: Payload) -> None:
        event = part(body, "event")
        at = instant(words(event, "event_ts")) or datetime.now(UTC)
        match words(event, "type"):
            case "message":
                await self._message(event, body)
            case "member_joined_channel" | "member_left_channel" as kind:
                await self._member(event, at, joined=kind == "member_joined_channel")
            case "channel_left" | "group_left" | "channel_deleted" | "group_deleted":
                await self.on_incoming(BotRemoved(_chat(words(event, "channel")), at))
            case "app_home_opened" if words(event, "tab") != "messages":
                self.fronting.show_home(words(event, "user"))
            case "channel_shared" | "channel_unshared":
                self.channels.forget(words(event, "channel"))
            case "tokens_revoked":
                await self._revoked(part(event, "tokens"))
            case "app_uninstalled":
                _log.error("slack: the app was taken out of the workspace")
                await self.consents.drop_all()
            case "user_change":
                self.people.forget(words(part(event, "user"), "id"))
            case _:
                pass

    async def button(self, body: Payload) -> None:
        """A pressed button; a refusal is shown to whoever pressed, and to nobody else."""
        user = words(part(body, "user"), "id")
        if await self.fronting.pressed(user, body):
            return
        box = part(body, "container")
        names = await self.people.names([user] if user else [])
        pressed = button_event(body, names, datetime.now(UTC))
        if pressed is None:
            return
        if box.get("is_ephemeral") is True or not part(body, "message"):
            ts = words(box, "message_ts")
            self.speaking.pressed(pressed.chat.chat, ts, words(body, "response_url"))
        else:
            self.speaking.pressed_privately(user)
        await self._hand_on(pressed, pressed.by, pressed.chat)

    async def command(self, body: Payload) -> None:
        users = [words(body, "user_id"), *mentioned(words(body, "text"))]
        names = await self.people.names([user for user in users if user])
        given = command_event(body, names, datetime.now(UTC))
        if given is None or await self.fronting.opened(given, words(body, "trigger_id")):
            return
        await self._hand_on(given, given.by, given.chat)
        await self.fronting.forgotten(given)

    async def close(self) -> None:
        await self._aside.close()
        await self.people.close()

    async def _message(self, event: Payload, body: Payload) -> None:
        if self._is_ours(event, body):
            return
        users = [user for user in people_in(event) if user != self.me.user]
        names, outsiders = await asyncio.gather(
            self.people.names(users), self._outsiders(event, body)
        )
        heard = message_event(event, self.me, names, outsiders=outsiders)
        match heard:
            case None:
                return
            case MessagePosted(chat=chat, message=ts, sender=sender):
                self.removing.wrote(chat.chat, ts, sender.user)
            case MessageEdited(posted):
                heard = self._revisions.numbered(heard, event)
                self.removing.wrote(posted.chat.chat, posted.message, posted.sender.user)
            case MessageDeleted(chat, ts):
                if await self.removing.gone(chat.chat, ts):
                    return
            case CommandGiven():
                await self.fronting.forgotten(heard)
            case _:
                assert_never(heard)
        await self.on_incoming(heard)

    def _is_ours(self, event: Payload, body: Payload) -> bool:
        """Whether we said it ourselves in a member's name: that was judged before."""
        if words(event, "subtype") not in ("", "thread_broadcast"):
            return False
        app = words(body, "api_app_id")
        if app and words(event, "app_id") == app:
            return True
        said = words(event, "channel"), words(event, "user"), words(event, "text")
        return self.posting.is_echo(*said)

    async def _outsiders(self, event: Payload, body: Payload) -> bool:
        """Whether people from elsewhere read along; a private conversation is not asked about."""
        channel = words(event, "channel")
        if not channel or words(event, "channel_type") in ("im", "mpim"):
            return False
        if body.get("is_ext_shared_channel") is True:
            return True
        return await self.channels.has_outsiders(channel)

    async def _hand_on(self, event: Incoming, by: Account, chat: ChatRef) -> None:
        receipt = await self.on_incoming(event)
        match receipt:
            case Pass():
                pass
            case Refuse(text):
                self._aside.run(lambda: self.speaking.note(by, chat, text))
            case _:
                assert_never(receipt)

    async def _member(self, event: Payload, at: datetime, *, joined: bool) -> None:
        channel, user = words(event, "channel"), words(event, "user")
        if not channel or not user:
            return
        if user == self.me.user:
            added = await self._added(channel, words(event, "inviter"), at) if joined else None
            if not joined or added is not None:
                await self.on_incoming(added or BotRemoved(_chat(channel), at))
            return
        who = ((await self.people.names([user])).account(user),)
        known = await self.channels.about(channel, fresh=True)
        size = known.people if known else None
        came, went = (who, ()) if joined else ((), who)
        await self.on_incoming(MembersChanged(_chat(channel), at, came, went, size))

    async def _added(self, channel: str, inviter: str, at: datetime) -> BotAdded | None:
        by = (await self.people.names([inviter])).account(inviter) if inviter else None
        known = await self.channels.about(channel, fresh=True)
        if known is not None and known.group_dm:
            return None
        return BotAdded(_chat(channel), at, title=known.name if known else "", by=by)

    async def _revoked(self, tokens: Payload) -> None:
        if tokens.get("bot"):
            _log.error("slack: our own token was revoked: FLUISTER_SLACK_BOT_TOKEN")
        revoked = tokens.get("oauth")
        for user in revoked if isinstance(revoked, list) else ():
            if isinstance(user, str):
                await self.consents.drop(user)


def _chat(channel: str) -> ChatRef:
    return ChatRef(PLATFORM, channel)
