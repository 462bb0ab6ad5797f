"""Messages that Slack itself will post later, in the name of who wrote them."""

import json
from datetime import datetime

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.base import AdapterState, Post
from bot.adapters.slack.blocks import escaped
from bot.adapters.slack.calls import SlackRefusedError, asked
from bot.adapters.slack.consent import Consents
from bot.adapters.slack.reading import Payload, parts, words
from bot.adapters.slack.values import channel_of, user_of
from bot.core.events import ChatRef

LONGEST = 12_000
_OVER = frozenset({"invalid_scheduled_message_id", "message_not_found"})


class Planning:
    """One plan for each message it takes the place of, written down before Slack is asked."""

    def __init__(self, client: AsyncWebClient, consents: Consents, state: AdapterState) -> None:
        self._client = client
        self._consents = consents
        self._state = state

    async def schedule(self, post: Post, message: str, at: datetime) -> bool:
        """Plan a post; told twice it is planned once."""
        if post.author is None or not post.text.strip() or len(post.text) > LONGEST:
            return False
        channel, user = channel_of(post.chat), user_of(post.author)
        token = await self._consents.token(user)
        if token is None:
            return False
        key, when = _key(channel, message), int(at.timestamp())
        before = _plan(await self._state.get(key))
        if words(before, "id"):
            return True
        if before:
            known = await self._found(channel, when, token)
            return (
                await self._noted(key, user, when, known)
                if known
                else await self._new(key, post, user, when, token)
            )
        return await self._new(key, post, user, when, token)

    async def _new(self, key: str, post: Post, user: str, when: int, token: str) -> bool:
        await self._noted(key, user, when, "")
        try:
            answer = await asked(
                "chat.scheduleMessage",
                self._client.chat_scheduleMessage(
                    channel=channel_of(post.chat),
                    text=escaped(post.text),
                    post_at=when,
                    thread_ts=post.conversation or None,
                    token=token,
                ),
            )
        except SlackRefusedError as refused:
            if refused.permanent:
                await self._over(key)
            await self._consents.refused(user, refused)
            raise
        return await self._noted(key, user, when, words(answer, "scheduled_message_id"))

    async def unschedule(self, chat: ChatRef, message: str) -> bool:
        """Take a plan back; Slack no longer knowing it means that it was posted."""
        channel = channel_of(chat)
        key = _key(channel, message)
        plan = _plan(await self._state.get(key))
        user = words(plan, "user")
        token = await self._consents.token(user) if user else None
        if token is None:
            await self._over(key)
            return False
        known = words(plan, "id") or await self._found(channel, _when(plan), token)
        gone = bool(known) and not await self._taken(channel, known, user, token)
        await self._over(key)
        return gone

    async def _taken(self, channel: str, known: str, user: str, token: str) -> bool:
        try:
            await asked(
                "chat.deleteScheduledMessage",
                self._client.chat_deleteScheduledMessage(
                    channel=channel, scheduled_message_id=known, token=token
                ),
            )
        except SlackRefusedError as refused:
            if refused.code in _OVER:
                return False
            if not refused.permanent:
                raise
            await self._consents.refused(user, refused)
        return True

    async def _found(self, channel: str, when: int, token: str) -> str:
        """A plan whose answer never came: Slack lists what this member has planned."""
        answer = await asked(
            "chat.scheduledMessages.list",
            self._client.chat_scheduledMessages_list(channel=channel, token=token),
        )
        for one in parts(answer, "scheduled_messages"):
            if one.get("post_at") == when:
                return str(one.get("id", ""))
        return ""

    async def _noted(self, key: str, user: str, when: int, known: str) -> bool:
        plan = {"user": user, "at": when, "id": known}
        await self._state.put(key, json.dumps(plan).encode())
        return True

    async def _over(self, key: str) -> None:
        stored = await self._state.get(key)
        if stored is not None:
            await self._state.compare_and_set(key, stored, None)


def _key(channel: str, message: str) -> str:
    return f"planned:{channel}:{message}"


def _plan(stored: bytes | None) -> Payload:
    try:
        loaded = json.loads(stored) if stored else {}
    except ValueError:
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _when(plan: Payload) -> int:
    at = plan.get("at")
    return at if isinstance(at, int) else 0
