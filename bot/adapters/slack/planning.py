"""Messages that Slack itself will post later, in the name of who wrote them.

A plan is written down before Slack is asked, and its end before it is told: whenever we die, the
next try finds out what came of it, and the message is in the channel once.
"""

import hashlib
import json
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.base import AdapterState, Post
from bot.adapters.slack.blocks import escaped
from bot.adapters.slack.calls import SlackRefusedError, asked
from bot.adapters.slack.consent import Consents
from bot.adapters.slack.looking import said_since
from bot.adapters.slack.marks import Marks
from bot.adapters.slack.reading import Payload, as_typed, part, parts, words
from bot.adapters.slack.values import channel_of, user_of
from bot.core.events import ChatRef
from bot.errors import DeliveryError

LONGEST = 12_000
# Slack takes nothing back in the last minute, and may be as late with posting.
MARGIN = 60
MOST_PAGES = 10
_OVER = frozenset({"invalid_scheduled_message_id", "message_not_found"})

now = time.time


@dataclass(frozen=True, slots=True)
class _Plan:
    """Whose, when (seconds since 1970), a print of the words, and Slack's number once known."""

    user: str
    at: int
    print: str
    thread: str
    id: str = ""


class Planning:
    """One plan for each message it takes the place of."""

    def __init__(self, client: AsyncWebClient, consents: Consents, state: AdapterState) -> None:
        self._client = client
        self._consents = consents
        self._state = state
        self._posted = Marks(state, "posted-as-planned")
        self._taken = Marks(state, "plans-taken-back")

    async def schedule(self, post: Post, message: str, at: datetime) -> bool:
        """Plan a post; told twice it is planned once."""
        if post.author is None or not post.text.strip() or len(post.text) > LONGEST:
            return False
        channel, user = channel_of(post.chat), user_of(post.author)
        token = await self._consents.token(user)
        if token is None:
            return False
        key = _key(channel, message)
        plan = _read(await self._state.get(key))
        if plan is None:
            plan = _Plan(user, int(at.timestamp()), _print(post.text), post.conversation)
        elif plan.id or plan.at <= now():
            return True
        elif known := await self._found(channel, plan, token):
            await self._note(key, replace(plan, id=known))
            return True
        await self._new(key, plan, channel, post.text, token)
        return True

    async def _new(self, key: str, plan: _Plan, channel: str, text: str, token: str) -> None:
        await self._note(key, plan)
        try:
            answer = await asked(
                "chat.scheduleMessage",
                self._client.chat_scheduleMessage(
                    channel=channel,
                    text=escaped(text),
                    post_at=plan.at,
                    thread_ts=plan.thread or None,
                    token=token,
                ),
            )
        except SlackRefusedError as refused:
            if refused.permanent:
                await self._over(key)
            await self._consents.refused(plan.user, refused)
            raise
        await self._note(key, replace(plan, id=words(answer, "scheduled_message_id")))

    async def unschedule(self, chat: ChatRef, message: str) -> bool:
        """Take a plan back; tell whether Slack posted it, the same however often this is asked."""
        channel = channel_of(chat)
        key = _key(channel, message)
        if await self._posted.has(key):
            return True
        plan = _read(await self._state.get(key))
        if plan is None:
            return False
        posted = await self._came(channel, plan)
        if posted:
            await self._posted.add(key)
        await self._over(key)
        return posted

    async def take_back_all(self, token: str) -> None:
        """Take back whatever somebody planned: they no longer want us to write in their name."""
        async for one in self._listed(token):
            try:
                await self._delete(words(one, "channel_id"), words(one, "id"), token)
            except SlackRefusedError as refused:
                if refused.code not in _OVER:
                    raise

    async def _came(self, channel: str, plan: _Plan) -> bool:
        """Whether Slack posts it whatever we do; where nobody can tell, the channel can."""
        in_time = now() < plan.at - MARGIN
        token = await self._consents.token(plan.user)
        posted = await self._too_late(channel, plan, token) if token else None
        if posted is not None:
            return posted
        return not in_time and await self._stands(channel, plan)

    async def _too_late(self, channel: str, plan: _Plan, token: str) -> bool | None:
        """Take it out of Slack's list; nothing where it is no longer, or never was, in there."""
        known = plan.id or await self._found(channel, plan, token)
        if not known:
            return None
        before = await self._taken.has(known)
        try:
            await self._delete(channel, known, token)
        except SlackRefusedError as refused:
            if refused.code in _OVER:
                return None if before else True
            if not refused.permanent:
                raise
            await self._consents.refused(plan.user, refused)
            return None
        return False

    async def _delete(self, channel: str, known: str, token: str) -> None:
        await self._taken.add(known)
        await asked(
            "chat.deleteScheduledMessage",
            self._client.chat_deleteScheduledMessage(
                channel=channel, scheduled_message_id=known, token=token
            ),
        )

    async def _stands(self, channel: str, plan: _Plan) -> bool:
        """Look whether it was posted, once Slack must have done so."""
        wait = plan.at + MARGIN - now()
        if wait > 0:
            said = "slack: a planned message may still come"
            raise DeliveryError(said, permanent=False, retry_after=wait)
        since, until = plan.at - MARGIN, plan.at + 10 * MARGIN
        found = await said_since(self._client, channel, plan.thread, since, until)
        return any(words(m, "user") == plan.user and _same(m, plan) for m in found)

    async def _found(self, channel: str, plan: _Plan, token: str) -> str:
        """A plan whose answer never came: Slack lists what this member has planned."""
        try:
            async for one in self._listed(token, channel):
                if one.get("post_at") == plan.at and _same(one, plan):
                    return words(one, "id")
        except SlackRefusedError as refused:
            if not refused.permanent:
                raise
            await self._consents.refused(plan.user, refused)
        return ""

    async def _listed(self, token: str, channel: str | None = None) -> AsyncIterator[Payload]:
        cursor = ""
        for _ in range(MOST_PAGES):
            asking = self._client.chat_scheduledMessages_list(
                channel=channel, cursor=cursor or None, token=token
            )
            answer = await asked("chat.scheduledMessages.list", asking)
            for one in parts(answer, "scheduled_messages", most=1_000):
                yield one
            cursor = words(part(answer, "response_metadata"), "next_cursor")
            if not cursor:
                return

    async def _note(self, key: str, plan: _Plan) -> None:
        await self._state.put(key, json.dumps(asdict(plan)).encode())

    async def _over(self, key: str) -> None:
        stored = await self._state.get(key)
        if stored is not None:
            await self._state.compare_and_set(key, stored, None)


def _key(channel: str, message: str) -> str:
    return f"planned:{channel}:{message}"


def _same(message: Payload, plan: _Plan) -> bool:
    return _print(as_typed(words(message, "text"))) == plan.print


def _print(text: str) -> str:
    """Enough to know words again by, and no more."""
    return hashlib.sha256(text.strip().encode()).hexdigest()


def _read(stored: bytes | None) -> _Plan | None:
    try:
        loaded = json.loads(stored) if stored else None
    except ValueError:
        return None
    user, at = words(loaded, "user"), loaded.get("at") if isinstance(loaded, dict) else None
    if not user or not isinstance(at, int):
        return None
    return _Plan(user, at, *(words(loaded, name) for name in ("print", "thread", "id")))
