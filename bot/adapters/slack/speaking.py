"""Showing and posting: whispers in the channel or in private, replaced in place where possible."""

import contextlib
import time
from collections import OrderedDict
from collections.abc import Awaitable
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.base import Button, Done, File, Post, ShowPrivately, WayTo
from bot.adapters.slack.blocks import LONGEST_TEXT, Block, blocks, escaped, pieces
from bot.adapters.slack.calls import DEAD_TOKEN, SlackRefusedError, asked
from bot.adapters.slack.consent import Consents
from bot.adapters.slack.reading import part, words
from bot.adapters.slack.values import PLATFORM, Settings
from bot.core.events import Account, ChatRef
from bot.errors import DeliveryError

LONGEST_POST = 7_000
ANSWERABLE = 29 * 60.0
MOST_ANSWERS = 2_000
ECHO_LASTS = 120.0
READS_FOR = 120.0
_EPHEMERAL = "~"
_NO_THREAD = frozenset({"thread_not_found", "cannot_reply_to_message", "invalid_thread_ts"})


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
        consents: Consents,
    ) -> None:
        self._settings = settings
        self._consents = consents
        self._echoes: OrderedDict[tuple[str, str, str], float] = OrderedDict()
        self._client = client
        self._session = session
        self._private_readers: OrderedDict[str, float] = OrderedDict()
        self._private: dict[str, str] = {}
        self._answers: OrderedDict[str, tuple[str, float]] = OrderedDict()

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

    async def show(self, action: ShowPrivately) -> Done:
        user = user_of(action.to)
        text = escaped(action.text[:LONGEST_TEXT])
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
        return Done(await self._nearby(user, channel_of(action.near), text, shown))

    async def note(self, account: Account, chat: ChatRef, text: str) -> None:
        """A short answer to one person where they are, which need not last."""
        await self._ephemeral(user_of(account), channel_of(chat), escaped(text), blocks(text, ()))

    async def _link(self, about: WayTo) -> tuple[tuple[Button, ...], ...]:
        """The way to a message of theirs; a message that is gone has none."""
        asking = self._client.chat_getPermalink(
            channel=channel_of(about.chat), message_ts=about.message
        )
        try:
            url = words(await asked("chat.getPermalink", asking), "permalink")
        except DeliveryError:
            return ()
        return ((Button(about.label, url=url),),) if url.startswith("https://") else ()

    async def post(self, action: Post) -> Done:
        """Post in its author's name where they gave leave, else as ourselves; files follow."""
        channel = channel_of(action.chat)
        thread = action.conversation or action.reply_to or ""
        author = user_of(action.author) if action.author and not action.files else ""
        token = await self._consents.token(author) if author else None
        first = ""
        for piece in pieces(action.text, LONGEST_POST):
            if token is None:
                ts = await self._post(channel, escaped(piece), thread)
            else:
                ts = await self._as_author(channel, escaped(piece), thread, author, token)
            first = first or ts
        if action.files:
            await self._upload(channel, thread, action.files)
        return Done(first or None)

    async def _as_author(
        self, channel: str, text: str, thread: str, author: str, token: str
    ) -> str:
        """Say it with the author's own token; it comes back as an event, which is not theirs."""
        self._echoes[channel, author, text] = time.monotonic() + ECHO_LASTS
        if len(self._echoes) > MOST_ANSWERS:
            self._echoes.popitem(last=False)
        try:
            return await self._post(channel, text, thread, token)
        except SlackRefusedError as refused:
            self._echoes.pop((channel, author, text), None)
            await self._consents.refused(author, refused)
            if refused.code in DEAD_TOKEN:
                # The next attempt says whose it is in words.
                raise DeliveryError("slack: a consent has ended", permanent=False) from None
            raise

    def is_echo(self, channel: str, author: str, text: str) -> bool:
        """Whether a message is what we just posted in this person's name."""
        return self._echoes.pop((channel, author, text), 0.0) > time.monotonic()

    async def _post(self, channel: str, text: str, thread: str, token: str = "") -> str:
        try:
            return await self._said(channel, text, None, thread, token)
        except SlackRefusedError as refused:
            if not thread or refused.code not in _NO_THREAD:
                raise
        return await self._said(channel, text, None, "", token)

    async def _said(
        self, channel: str, text: str, shown: list[Block] | None, thread: str, token: str = ""
    ) -> str:
        own: dict[str, Any] = {"token": token} if token else {}
        answer = await asked(
            "chat.postMessage",
            self._client.chat_postMessage(
                channel=channel,
                text=text,
                blocks=shown,
                thread_ts=thread or None,
                mrkdwn=False,
                unfurl_links=False,
                unfurl_media=False,
                **own,
            ),
        )
        return words(answer, "ts")

    async def _upload(self, channel: str, thread: str, files: tuple[File, ...]) -> None:
        uploads = [{"filename": file.name, "content": file.content} for file in files]
        await asked(
            "files.upload",
            _uploaded(
                self._client.files_upload_v2(
                    channel=channel, thread_ts=thread or None, file_uploads=uploads
                )
            ),
        )

    async def _nearby(self, user: str, channel: str, text: str, shown: list[Block]) -> str:
        ts = await self._ephemeral(user, channel, text, shown)
        ids = [f"{_EPHEMERAL}{channel}:{ts}"]
        # Slack does not promise to show an ephemeral message, and forgets it when one reloads.
        with contextlib.suppress(DeliveryError):
            ids.append(await self._privately(user, text, shown))
        return "|".join(ids)

    async def _ephemeral(self, user: str, channel: str, text: str, shown: list[Block]) -> str:
        answer = await asked(
            "chat.postEphemeral",
            self._client.chat_postEphemeral(channel=channel, user=user, text=text, blocks=shown),
        )
        return words(answer, "message_ts")

    async def _privately(self, user: str, text: str, shown: list[Block]) -> str:
        channel = await self._private_chat(user)
        try:
            ts = await self._said(channel, text, shown, "")
        except SlackRefusedError as refused:
            self._private.pop(user, None)
            if refused.code != "channel_not_found":
                raise
            channel = await self._private_chat(user)
            ts = await self._said(channel, text, shown, "")
        return f"{channel}:{ts}"

    async def _private_chat(self, user: str) -> str:
        known = self._private.get(user)
        if known:
            return known
        answer = await asked("conversations.open", self._client.conversations_open(users=[user]))
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
            await asked(
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


async def _uploaded(uploading: Awaitable[object]) -> object:
    await uploading
    return {"ok": True}


def channel_of(chat: ChatRef) -> str:
    if chat.platform != PLATFORM or not chat.chat:
        raise DeliveryError(f"slack: {chat.platform!r} is another platform", permanent=True)
    return chat.chat


def user_of(account: Account) -> str:
    if account.platform != PLATFORM or not account.user:
        raise DeliveryError(f"slack: {account.platform!r} is another platform", permanent=True)
    return account.user
