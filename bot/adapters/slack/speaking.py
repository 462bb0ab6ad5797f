"""Showing and posting: whispers in the channel or in private, replaced in place where possible."""

import time
from collections import OrderedDict

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.base import Button, Done, ShowPrivately, WayTo
from bot.adapters.slack.blocks import LONGEST_TEXT, Block, blocks, escaped
from bot.adapters.slack.calls import SlackRefusedError, asked_as_us
from bot.adapters.slack.posting import said
from bot.adapters.slack.progress import Progress
from bot.adapters.slack.reading import part, words
from bot.adapters.slack.values import Settings, channel_of, user_of
from bot.core.events import Account, ChatRef
from bot.errors import DeliveryError

ANSWERABLE = 29 * 60.0
MOST_ANSWERS = 2_000
READS_FOR = 120.0
_EPHEMERAL = "~"
_COPY_TRIES = 5


class Speaking:
    """Everything that shows words.

    The id of what was shown is "channel:ts"; an ephemeral one begins with "~", and Slack lets
    nobody edit that except through the button that was pressed on it.
    """

    def __init__(
        self,
        settings: Settings,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
    ) -> None:
        self._settings = settings
        self._client = client
        self._session = session
        self._private_readers: OrderedDict[str, float] = OrderedDict()
        self._private: dict[str, str] = {}
        self._answers: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._progress = Progress()

    def pressed(self, channel: str, ts: str, response_url: str) -> None:
        """Remember where an ephemeral message can be replaced, for the half hour that counts."""
        if not response_url or not ts or not self._settings.trusts(response_url):
            return
        key = f"{channel}:{ts}"
        self._answers[key] = (response_url, time.monotonic() + ANSWERABLE)
        self._answers.move_to_end(key)
        if len(self._answers) > MOST_ANSWERS:
            self._answers.popitem(last=False)

    def pressed_privately(self, user: str) -> None:
        """Remember that somebody reads us in private now: there is where the answer belongs."""
        self._private_readers[user] = time.monotonic() + READS_FOR
        self._private_readers.move_to_end(user)
        if len(self._private_readers) > MOST_ANSWERS:
            self._private_readers.popitem(last=False)

    def _shown_anew(self, user: str, kept: list[str], near: ChatRef | None) -> bool:
        """Whether the group's own whisper could not be replaced for somebody who looks there."""
        reads_private = self._private_readers.get(user, 0.0) > time.monotonic()
        replaced = any(one.startswith(_EPHEMERAL) for one in kept)
        return near is not None and not replaced and not reads_private

    async def show(self, action: ShowPrivately, key: str) -> Done:
        """Show it in the channel and in private; another try does what is still to be done."""
        user = user_of(action.to)
        text = escaped(action.text)[:LONGEST_TEXT]
        link = await self._link(action.about) if action.about else ()
        shown = blocks(action.text, (*link, *action.buttons))
        kept = await self._replace(action.replaces or "", text, shown)
        if kept and not self._shown_anew(user, kept, action.near):
            return Done("|".join(kept))
        if kept and action.near is not None:
            channel = channel_of(action.near)
            ts = await self._ephemeral(user, channel, text, shown)
            return Done("|".join((f"{_EPHEMERAL}{channel}:{ts}", *kept)))
        if action.near is None:
            return Done(await self._privately(user, text, shown))
        done = Done(await self._nearby(user, channel_of(action.near), text, shown, key))
        self._progress.over(key)
        return done

    async def note(self, account: Account, chat: ChatRef, text: str) -> None:
        """A short answer to one person where they are, or in private where we are not."""
        user, plainly, shown = user_of(account), escaped(text), blocks(text, ())
        try:
            await self._ephemeral(user, channel_of(chat), plainly, shown)
        except SlackRefusedError as refused:
            if not refused.permanent:
                raise
            await self._privately(user, plainly, shown)

    async def _link(self, about: WayTo) -> tuple[tuple[Button, ...], ...]:
        """The way to a message of theirs; a message that is gone has none."""
        asking = self._client.chat_getPermalink(
            channel=channel_of(about.chat), message_ts=about.message
        )
        try:
            url = words(await asked_as_us("chat.getPermalink", asking), "permalink")
        except DeliveryError as refused:
            if refused.retry_after is not None:
                raise
            return ()
        return ((Button(about.label, url=url),),) if url.startswith("https://") else ()

    async def _nearby(
        self, user: str, channel: str, text: str, shown: list[Block], key: str
    ) -> str:
        ts = await self._progress.once(
            key, "channel", lambda: self._ephemeral(user, channel, text, shown)
        )
        ids = [f"{_EPHEMERAL}{channel}:{ts}"]
        # Slack does not promise to show an ephemeral message, and forgets it when one reloads.
        try:
            ids.append(await self._privately(user, text, shown))
        except DeliveryError as refused:
            if not refused.permanent and self._progress.tried(key) < _COPY_TRIES:
                raise
        return "|".join(ids)

    async def _ephemeral(self, user: str, channel: str, text: str, shown: list[Block]) -> str:
        answer = await asked_as_us(
            "chat.postEphemeral",
            self._client.chat_postEphemeral(channel=channel, user=user, text=text, blocks=shown),
        )
        return words(answer, "message_ts")

    async def _privately(self, user: str, text: str, shown: list[Block]) -> str:
        channel = await self._private_chat(user)
        try:
            ts = await said(self._client, channel, text, shown, "")
        except SlackRefusedError as refused:
            self._private.pop(user, None)
            if refused.code != "channel_not_found":
                raise
            channel = await self._private_chat(user)
            ts = await said(self._client, channel, text, shown, "")
        return f"{channel}:{ts}"

    async def _private_chat(self, user: str) -> str:
        known = self._private.get(user)
        if known:
            return known
        answer = await asked_as_us(
            "conversations.open", self._client.conversations_open(users=[user])
        )
        channel = words(part(answer, "channel"), "id")
        if not channel:
            raise DeliveryError("slack: conversations.open: no channel", permanent=False)
        self._private[user] = channel
        return channel

    async def _replace(self, earlier: str, text: str, shown: list[Block]) -> list[str]:
        return [one for one in earlier.split("|") if one and await self._edit(one, text, shown)]

    async def _edit(self, earlier: str, text: str, shown: list[Block]) -> bool:
        where = earlier.removeprefix(_EPHEMERAL)
        if earlier.startswith(_EPHEMERAL):
            return await self._answer(where, text, shown)
        channel, _, ts = where.partition(":")
        try:
            await asked_as_us(
                "chat.update",
                self._client.chat_update(channel=channel, ts=ts, text=text, blocks=shown),
            )
        except SlackRefusedError as refused:
            if refused.permanent:
                return False
            raise
        return True

    async def _answer(self, where: str, text: str, shown: list[Block]) -> bool:
        """Replace an ephemeral message through the address its pressed button came with."""
        url, until = self._answers.get(where, ("", 0.0))
        if not url or until < time.monotonic():
            return False
        body = {"replace_original": True, "text": text, "blocks": shown}
        try:
            async with self._session.post(
                url, json=body, allow_redirects=False, timeout=aiohttp.ClientTimeout(total=5)
            ) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False
