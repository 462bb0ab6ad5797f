"""Taking messages away and silencing people: both take a member's own token."""

import json
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.base import AdapterState, Done, RemoveMessage, Snooze
from bot.adapters.slack.calls import DEAD_TOKEN, SlackRefusedError, asked
from bot.adapters.slack.consent import Consents
from bot.adapters.slack.reading import parts, words
from bot.adapters.slack.speaking import channel_of, user_of
from bot.errors import DeliveryError

MOST_AUTHORS = 5_000
REMEMBERED = 3 * 86_400.0
_REMOVED = "removed"
_GONE = frozenset({"message_not_found", "thread_not_found"})


class Ours:
    """The messages we took away ourselves in the last days, in the adapter's state."""

    def __init__(self, state: AdapterState) -> None:
        self._state = state

    async def add(self, mark: str) -> None:
        await self._change(lambda marks: {**marks, mark: time.time()})

    async def drop(self, mark: str) -> None:
        await self._change(lambda marks: {k: v for k, v in marks.items() if k != mark})

    async def has(self, mark: str) -> bool:
        return mark in _marks(await self._state.get(_REMOVED))

    async def _change(self, to: Callable[[dict[str, float]], dict[str, float]]) -> None:
        """Write until nobody came in between; what is older than a few days goes as well."""
        while True:
            old = await self._state.get(_REMOVED)
            oldest = time.time() - REMEMBERED
            kept = {mark: at for mark, at in to(_marks(old)).items() if at > oldest}
            if await self._state.compare_and_set(_REMOVED, old, json.dumps(kept).encode()):
                return


def _marks(stored: bytes | None) -> dict[str, float]:
    try:
        loaded = json.loads(stored) if stored else {}
    except ValueError:
        return {}
    if not isinstance(loaded, dict):
        return {}
    return {str(mark): float(at) for mark, at in loaded.items() if isinstance(at, int | float)}


class Removing:
    """A bot's token deletes only the bot's own messages, so the author's own one is used."""

    def __init__(
        self, client: AsyncWebClient, consents: Consents, state: AdapterState, me: str
    ) -> None:
        self._client = client
        self._consents = consents
        self._ours = Ours(state)
        self._me = me
        self._authors: OrderedDict[tuple[str, str], str] = OrderedDict()

    def wrote(self, channel: str, ts: str, user: str) -> None:
        """Remember whose message this is."""
        self._authors[channel, ts] = user
        if len(self._authors) > MOST_AUTHORS:
            self._authors.popitem(last=False)

    async def gone(self, channel: str, ts: str) -> bool:
        """Hear that a message is gone; tell whether that was our doing, also before a restart."""
        self._authors.pop((channel, ts), None)
        return await self._ours.has(f"{channel}:{ts}")

    async def remove(self, action: RemoveMessage) -> Done:
        channel = channel_of(action.chat)
        author = self._authors.get((channel, action.message))
        if author is None:
            author = await self._author(channel, action.message)
        if not author:
            return Done()
        token = None
        if author != self._me:
            token = await self._own_token(author)
        # Slack tells of it before it answers, and nobody took this message back.
        mark = f"{channel}:{action.message}"
        await self._ours.add(mark)
        try:
            await self._delete(channel, action.message, author, token)
        except DeliveryError as refused:
            if not refused.uncertain:
                await self._ours.drop(mark)
            raise
        return Done()

    async def snooze(self, action: Snooze) -> Done:
        user = user_of(action.who)
        token = await self._own_token(user)
        minutes = math.ceil((action.until - datetime.now(UTC)).total_seconds() / 60)
        if minutes < 1:
            return Done()
        try:
            await asked(
                "dnd.setSnooze",
                self._client.dnd_setSnooze(token=token, num_minutes=min(minutes, 1440)),
            )
        except SlackRefusedError as refused:
            await self._died(user, refused)
            raise
        return Done()

    async def _own_token(self, user: str) -> str:
        token = await self._consents.token(user)
        if token is None:
            raise DeliveryError("slack: this member did not connect an account", permanent=True)
        return token

    async def _delete(self, channel: str, ts: str, author: str, token: str | None) -> None:
        own: dict[str, Any] = {} if token is None else {"token": token}
        try:
            await asked("chat.delete", self._client.chat_delete(channel=channel, ts=ts, **own))
        except SlackRefusedError as refused:
            if refused.code in _GONE:
                return
            if token is not None:
                await self._died(author, refused)
            raise

    async def _died(self, user: str, refused: SlackRefusedError) -> None:
        if refused.code in DEAD_TOKEN:
            await self._consents.drop(user)

    async def _author(self, channel: str, ts: str) -> str | None:
        """Ask Slack whose message it is; nobody's when it is gone."""
        try:
            answer = await asked(
                "conversations.replies",
                self._client.conversations_replies(
                    channel=channel, ts=ts, oldest=ts, latest=ts, inclusive=True, limit=10
                ),
            )
        except SlackRefusedError as refused:
            if refused.code in _GONE:
                return None
            raise
        found = next((m for m in parts(answer, "messages") if words(m, "ts") == ts), None)
        if found is None:
            raise DeliveryError("slack: the message could not be looked up", permanent=True)
        return None if words(found, "subtype") == "tombstone" else words(found, "user") or None
