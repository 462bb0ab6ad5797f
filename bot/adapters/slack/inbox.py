"""Where Slack's requests come in, through Bolt: told twice is handled once, and in order.

Nothing is acknowledged before it was taken in; what fails is not acknowledged, so that Slack
tells it again.
"""

import asyncio
import hashlib
import json
import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.calls import silent_logger
from bot.adapters.slack.reading import Payload, part, words
from bot.adapters.slack.translate import Self
from bot.adapters.slack.values import Settings

MOST_REMEMBERED = 20_000
_ANY = re.compile(r"(?s).*")
_log = logging.getLogger(__name__)

Take = Callable[[Payload], Awaitable[None]]
Fill = Callable[[Payload], Awaitable[Mapping[str, object]]]


class Once:
    """Does the work of each key once; who asks while it is being done waits for the same end."""

    def __init__(self) -> None:
        self._done: OrderedDict[str, None] = OrderedDict()
        self._doing: dict[str, asyncio.Task[None]] = {}

    async def do(self, key: str, work: Callable[[], Awaitable[None]]) -> None:
        """Work that raises is not done: the next time it is tried again."""
        if key and key in self._done:
            return
        task = self._doing.get(key) if key else None
        if task is None:
            task = asyncio.ensure_future(_run(work))
            if key:
                self._doing[key] = task
                task.add_done_callback(lambda done: self._over(key, done))
        await asyncio.shield(task)

    def _over(self, key: str, task: asyncio.Task[None]) -> None:
        self._doing.pop(key, None)
        if task.cancelled() or task.exception() is not None:
            return
        self._done[key] = None
        if len(self._done) > MOST_REMEMBERED:
            self._done.popitem(last=False)


async def _run(work: Callable[[], Awaitable[None]]) -> None:
    await work()


class Turns:
    """One at a time within a channel, in the order of arrival; channels do not wait for others.

    What somebody presses or commands waits for that person alone: a form must open in time.
    """

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    async def take(self, lane: str, work: Callable[[], Awaitable[None]]) -> None:
        lock, waiting = self._locks.get(lane, (asyncio.Lock(), 0))
        self._locks[lane] = (lock, waiting + 1)
        try:
            async with lock:
                await work()
        finally:
            _, waiting = self._locks[lane]
            if waiting == 1:
                del self._locks[lane]
            else:
                self._locks[lane] = (lock, waiting - 1)


class Inbox:
    """The Bolt app: verifies, acknowledges and hands four kinds of payloads on."""

    def __init__(
        self,
        settings: Settings,
        client: AsyncWebClient,
        me: Self,
        *,
        event: Take,
        button: Take,
        command: Take,
        filled: Fill,
    ) -> None:
        self._once = Once()
        self._turns = Turns()
        self._event, self._button, self._command = event, button, command
        self._filled = filled
        self.app = AsyncApp(
            name="fluister",
            logger=silent_logger(),
            client=client,
            authorize=_as_ourselves(client, me),
            signing_secret=settings.signing_secret,
            process_before_response=True,
            request_verification_enabled=settings.http,
            ignoring_self_events_enabled=False,
        )
        self.app.middleware(_limited)
        self.app.event(_ANY)(self._on_event)
        self.app.action(_ANY)(self._on_button)
        self.app.command(_ANY)(self._on_command)
        self.app.view(_ANY)(self._on_form)
        self.app.error(self._failed)

    async def _on_event(self, body: dict[str, object]) -> BoltResponse:
        event = part(body, "event")
        channel = words(event, "channel") or words(part(event, "channel"), "id")
        await self._in_turn(words(body, "event_id"), channel, self._event, body)
        return BoltResponse(status=200)

    async def _on_button(self, body: dict[str, object]) -> BoltResponse:
        user = words(part(body, "user"), "id")
        await self._in_turn(_print_of(body), user, self._button, body)
        return BoltResponse(status=200)

    async def _on_command(self, body: dict[str, object]) -> BoltResponse:
        await self._in_turn(_print_of(body), words(body, "user_id"), self._command, body)
        return BoltResponse(status=200)

    async def _on_form(self, body: dict[str, object]) -> BoltResponse:
        """A form told again is carried out again, which changes nothing more."""
        answer = await self._filled(body)
        if not answer:
            return BoltResponse(status=200)
        return BoltResponse(status=200, body=dict(answer))

    async def _in_turn(self, key: str, lane: str, take: Take, body: Payload) -> None:
        await self._once.do(key, lambda: self._turns.take(lane, lambda: take(body)))

    async def _failed(self, error: Exception) -> BoltResponse:
        _log.warning("slack: something could not be taken in (%s)", type(error).__name__)
        return BoltResponse(status=500)


async def _limited(
    body: dict[str, object],
    next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002
) -> BoltResponse:
    """Say it when Slack tells us less than there is; it is no event of anybody's."""
    if body.get("type") != "app_rate_limited":
        return await next()
    _log.warning("slack: too many events, for a minute some are not told")
    return BoltResponse(status=200)


def _print_of(body: Payload) -> str:
    """What tells one press or command from the next: all of it, since none has a number."""
    shown = json.dumps(body, sort_keys=True, default=str)
    return hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()


def _as_ourselves(
    client: AsyncWebClient, me: Self
) -> Callable[[str | None], Awaitable[AuthorizeResult]]:
    """One workspace, whose token was checked at the start: no call for every request."""

    async def authorize(team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=team_id or me.team,
            bot_user_id=me.user,
            bot_id=me.bot,
            bot_token=client.token,
        )

    return authorize
