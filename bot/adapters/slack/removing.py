"""Taking messages away and silencing people: both take a member's own token."""

import math
from collections import OrderedDict
from datetime import UTC, datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.base import Done, RemoveMessage, Snooze
from bot.adapters.slack.calls import DEAD_TOKEN, SlackRefusedError, asked
from bot.adapters.slack.consent import Consents
from bot.adapters.slack.reading import parts, words
from bot.adapters.slack.speaking import channel_of, user_of
from bot.errors import DeliveryError

MOST_AUTHORS = 5_000
_GONE = frozenset({"message_not_found", "thread_not_found"})


class Removing:
    """A bot's token deletes only the bot's own messages, so the author's own one is used."""

    def __init__(self, client: AsyncWebClient, consents: Consents, me: str) -> None:
        self._client = client
        self._consents = consents
        self._me = me
        self._authors: OrderedDict[tuple[str, str], str] = OrderedDict()

    def wrote(self, channel: str, ts: str, user: str) -> None:
        """Remember whose message this is."""
        self._authors[channel, ts] = user
        if len(self._authors) > MOST_AUTHORS:
            self._authors.popitem(last=False)

    def gone(self, channel: str, ts: str) -> None:
        self._authors.pop((channel, ts), None)

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
        await self._delete(channel, action.message, author, token)
        self.gone(channel, action.message)
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
