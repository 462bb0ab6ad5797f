"""The webhook: Telegram calls us, and proves with a secret that it is Telegram."""

import asyncio
import contextlib
import hmac
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, Update

from bot.adapters.telegram.albums import album_of
from bot.adapters.telegram.polling import SETTLE, readable

PATH = "/telegram"
LARGEST_BODY = 1_000_000
HEADER = "X-Telegram-Bot-Api-Secret-Token"
Take = Callable[[Sequence[Update]], Awaitable[None]]


class Webhook:
    """Answers 200 only once an update is taken in; otherwise Telegram sends it again."""

    def __init__(self, bot: Bot, secret: str, take: Take) -> None:
        self._bot = bot
        self._secret = secret.encode()
        self._take = take
        self._one_at_a_time = asyncio.Lock()
        self._albums: dict[tuple[int, str], list[Update]] = {}
        self._coming: dict[tuple[int, str], asyncio.Task[None]] = {}
        self.app = Starlette(routes=[Route(PATH, self._called, methods=["POST"])])

    async def serve(self, host: str, port: int) -> None:
        """Listen until cancelled."""
        config = uvicorn.Config(
            self.app, host, port, log_config=None, access_log=False, timeout_graceful_shutdown=5
        )
        server = _Server(config)
        task = asyncio.create_task(server.serve())
        try:
            await asyncio.shield(task)
        finally:
            server.should_exit = True
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _called(self, request: Request) -> Response:
        given = request.headers.get(HEADER, "").encode()
        if not hmac.compare_digest(given, self._secret):
            return Response(status_code=403)
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                return Response(status_code=413)
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            return Response(status_code=400)
        if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
            return Response(status_code=400)
        return await self._answer(raw)

    async def _answer(self, raw: dict[str, object]) -> Response:
        update = readable(self._bot, raw)
        if update is None:
            return Response(status_code=400)
        try:
            await self._take_in(update)
        except Exception:  # noqa: BLE001 - whatever it was, Telegram must send it again
            return Response(status_code=503)
        return Response(status_code=200)

    async def _take_in(self, update: Update) -> None:
        place = album_of(update)
        if place is None:
            async with self._one_at_a_time:
                await self._take([update])
            return
        self._albums.setdefault(place, []).append(update)
        if place not in self._coming:
            self._coming[place] = asyncio.create_task(self._album(place))
        await asyncio.shield(self._coming[place])

    async def _album(self, place: tuple[int, str]) -> None:
        """Wait until no more parts come, then take them as one; every caller gets the outcome."""
        count = 0
        while count < len(self._albums[place]):
            count = len(self._albums[place])
            await asyncio.sleep(SETTLE)
        parts = sorted(self._albums.pop(place), key=lambda update: update.update_id)
        del self._coming[place]
        async with self._one_at_a_time:
            await self._take(parts)


class _Server(uvicorn.Server):
    """A server that leaves signals to the command that runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
