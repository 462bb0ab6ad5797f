"""Taking messages away: a bot cannot, so it takes the token of somebody who may."""

from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.base import AdapterState, Done, RemoveMessage
from bot.adapters.slack.calls import SlackRefusedError, asked, asked_as_us
from bot.adapters.slack.consent import Consents
from bot.adapters.slack.marks import Marks
from bot.adapters.slack.reading import parts, words
from bot.adapters.slack.values import channel_of
from bot.errors import DeliveryError

MOST_AUTHORS = 5_000
MOST_LENDERS = 3
_GONE = frozenset({"message_not_found", "thread_not_found"})


@dataclass(frozen=True, slots=True)
class Key:
    """A token that may delete, and whose it is; empty for our own."""

    token: str = field(default="", repr=False)
    user: str = ""


class Removing:
    """A bot's token deletes only the bot's own messages, so a member's is used: their own first."""

    def __init__(
        self,
        client: AsyncWebClient,
        consents: Consents,
        state: AdapterState,
        me: str,
        admin_token: str = "",
    ) -> None:
        self._client = client
        self._admin_token = admin_token
        self._consents = consents
        self._ours = Marks(state, "removed")
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
        keys = [Key()] if author == self._me else [key async for key in self._keys(author)]
        if not keys:
            raise DeliveryError("slack: this member did not connect an account", permanent=True)
        # Slack tells of it before it answers, and nobody took this message back.
        mark = f"{channel}:{action.message}"
        await self._ours.add(mark)
        try:
            await self._with_any(keys, channel, action.message)
        except DeliveryError as refused:
            if not refused.uncertain:
                await self._ours.drop(mark)
            raise
        return Done()

    async def _keys(self, author: str) -> AsyncIterator[Key]:
        """The author's own token first; then those of administrators who lend their right."""
        own = await self._consents.token(author)
        if own is not None:
            yield Key(own, author)
        for lender in (await self._consents.lenders())[:MOST_LENDERS]:
            token = await self._consents.token(lender) if lender != author else None
            if token is not None:
                yield Key(token, lender)
        if self._admin_token:
            yield Key(self._admin_token)

    async def _with_any(self, keys: Sequence[Key], channel: str, ts: str) -> None:
        """Try each until one may; what Slack refuses for now is not tried with another."""
        for last, key in enumerate(keys, 1 - len(keys)):
            try:
                await self._delete(channel, ts, key)
            except SlackRefusedError as refused:
                if not refused.permanent or last == 0:
                    raise
            else:
                return

    async def _delete(self, channel: str, ts: str, key: Key) -> None:
        own: dict[str, Any] = {"token": key.token} if key.token else {}
        try:
            asking = asked if key.token else asked_as_us
            await asking("chat.delete", self._client.chat_delete(channel=channel, ts=ts, **own))
        except SlackRefusedError as refused:
            if refused.code in _GONE:
                return
            if key.user:
                await self._consents.refused(key.user, refused)
            raise

    async def _author(self, channel: str, ts: str) -> str | None:
        """Ask Slack whose message it is; nobody's when it is gone."""
        try:
            answer = await asked_as_us(
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
