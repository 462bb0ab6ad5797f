"""Posting where everybody reads it: in its author's name where they gave leave, once."""

import time
from collections import OrderedDict
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.base import AdapterState, Done, File, Post
from bot.adapters.slack.blocks import Block, escaped, pieces
from bot.adapters.slack.calls import DEAD_TOKEN, SlackRefusedError, asked, asked_as_us
from bot.adapters.slack.consent import Consents
from bot.adapters.slack.looking import said_since
from bot.adapters.slack.posted import Posted
from bot.adapters.slack.progress import cut
from bot.adapters.slack.reading import Payload, as_typed, parts, words
from bot.adapters.slack.values import channel_of, user_of
from bot.errors import DeliveryError

LONGEST_POST = 7_000
ECHO_LASTS = 120.0
_NO_THREAD = frozenset({"thread_not_found", "cannot_reply_to_message", "invalid_thread_ts"})


@dataclass(frozen=True, slots=True)
class _Voice:
    """Whose words these are: with a member's token theirs, without one ours."""

    author: str = ""
    token: str = field(default="", repr=False)


class Posting:
    """Everything that shows words to a whole channel."""

    def __init__(
        self, client: AsyncWebClient, consents: Consents, state: AdapterState, me: str
    ) -> None:
        self._client = client
        self._consents = consents
        self._me = me
        self._echoes: OrderedDict[tuple[str, str, str], float] = OrderedDict()
        self._posted: OrderedDict[str, None] = OrderedDict()
        self._gone: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._marks = Posted(state)

    async def post(self, action: Post, key: str) -> Done:
        """Post in its author's name where they gave leave, else as ourselves; files follow.

        Another try with the same key goes on where the last one ended, also after a crash.
        """
        channel = channel_of(action.chat)
        thread = action.conversation or action.reply_to or ""
        voice = await self._voice(action)
        first = ""
        for number, piece in enumerate(pieces(action.text, LONGEST_POST)):
            ts = await self._piece(key, str(number), channel, escaped(piece), thread, voice)
            first = first or ts
        if action.files:
            await self._marks.once(
                f"{key}:files", lambda since: self._files(channel, thread, action.files, since)
            )
        return Done(first or None)

    async def _voice(self, action: Post) -> _Voice:
        author = user_of(action.author) if action.author and not action.files else ""
        token = await self._consents.token(author) if author else None
        return _Voice(author, token) if token else _Voice()

    async def _piece(
        self, key: str, part: str, channel: str, text: str, thread: str, voice: _Voice
    ) -> str:
        async def work(since: float | None) -> str:
            if since is not None:
                found = await self._already(channel, text, thread, voice, since)
                if found:
                    return found
            if voice.token:
                return await self._as_author(channel, text, thread, voice)
            return await self._post(channel, text, thread, voice)

        ts = await self._marks.once(f"{key}:{part}", work)
        self._posted[ts] = None
        cut(self._posted)
        return ts

    async def _already(
        self, channel: str, text: str, thread: str, voice: _Voice, since: float
    ) -> str:
        """Look whether words whose answer got lost are there after all; their id if so."""
        found = await said_since(self._client, channel, thread, since)
        who = voice.author or self._me
        same = (m for m in found if words(m, "user") == who and _says(m, text))
        return next((ts for m in same if (ts := words(m, "ts")) not in self._posted), "")

    async def _as_author(self, channel: str, text: str, thread: str, voice: _Voice) -> str:
        """Say it with the author's own token; it comes back as an event, which is not theirs."""
        echo = channel, voice.author, text
        self._echoes[echo] = time.monotonic() + ECHO_LASTS
        cut(self._echoes)
        try:
            return await self._post(channel, text, thread, voice)
        except SlackRefusedError as refused:
            self._echoes.pop(echo, None)
            await self._consents.refused(voice.author, refused)
            if refused.code in DEAD_TOKEN:
                # The next attempt says whose it is in words.
                raise DeliveryError("slack: a consent has ended", permanent=False) from None
            raise

    def is_echo(self, channel: str, author: str, text: str) -> bool:
        """Whether a message is what we just posted in this person's name."""
        return self._echoes.pop((channel, author, text), 0.0) > time.monotonic()

    async def _post(self, channel: str, text: str, thread: str, voice: _Voice) -> str:
        if thread and (channel, thread) not in self._gone:
            try:
                return await said(self._client, channel, text, None, thread, voice.token)
            except SlackRefusedError as refused:
                if refused.code not in _NO_THREAD:
                    raise
            # Known at the next try: Slack counts this one too, and may not take two at once.
            self._gone[channel, thread] = None
            cut(self._gone)
        return await said(self._client, channel, text, None, "", voice.token)

    async def _files(
        self, channel: str, thread: str, files: tuple[File, ...], since: float | None
    ) -> str:
        """Upload files, unless they are there after all; what carries them needs no id."""
        if since is not None:
            names = sorted(file.name for file in files)
            for message in await said_since(self._client, channel, thread, since):
                theirs = sorted(words(file, "name") for file in parts(message, "files"))
                if words(message, "user") == self._me and theirs == names:
                    return ""
        return await self._upload(channel, thread, files)

    async def _upload(self, channel: str, thread: str, files: tuple[File, ...]) -> str:
        uploads = [{"filename": file.name, "content": file.content} for file in files]
        await asked_as_us(
            "files.upload",
            _uploaded(
                self._client.files_upload_v2(
                    channel=channel, thread_ts=thread or None, file_uploads=uploads
                )
            ),
        )
        return ""


async def said(
    client: AsyncWebClient,
    channel: str,
    text: str,
    shown: list[Block] | None,
    thread: str,
    token: str = "",
) -> str:
    """Post words, as ourselves or with a member's token, and return their id."""
    own: dict[str, Any] = {"token": token} if token else {}
    calling = client.chat_postMessage(
        channel=channel,
        text=text,
        blocks=shown,
        thread_ts=thread or None,
        mrkdwn=False,
        unfurl_links=False,
        unfurl_media=False,
        **own,
    )
    answer = await (asked if token else asked_as_us)("chat.postMessage", calling)
    return words(answer, "ts")


def _says(message: Payload, text: str) -> bool:
    return as_typed(words(message, "text")).strip() == as_typed(text).strip()


async def _uploaded(uploading: Awaitable[object]) -> object:
    await uploading
    return {"ok": True}
