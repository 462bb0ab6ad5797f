"""Where the Synapse module asks, before anybody sees a message, whether it may pass.

The connection stays on this machine. Both sides sign what they say with the shared secret: a
stranger's question is refused, and no other program's answer is believed. A question that is old
or was asked before is refused as well.
"""

import asyncio
import hashlib
import hmac
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.adapters.matrix.reading import Payload, part, whole, words
from bot.adapters.matrix.values import Settings
from bot.core.events import Receipt, Refuse
from bot.errors import ConfigError

ASK, HELLO = "/matrix/gate", "/matrix/hello"
TIME, SIGN = "X-Fluister-Time", "X-Fluister-Signature"
LARGEST = 512 * 1024
FRESH_SECONDS = 60
ALIVE_SECONDS = 60.0
REMEMBERED = 20_000
_log = logging.getLogger(__name__)

Judge = Callable[[Payload], Awaitable[Receipt]]


class Gate:
    """Answers the module once it is `ready`, and knows when it last spoke."""

    def __init__(self, settings: Settings, judge: Judge) -> None:
        self._settings = settings
        self._secret = settings.gate_secret.encode()
        self._judge = judge
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._heard = 0.0
        self._missed = 0
        self._runner: web.AppRunner | None = None
        self.ready = False

    @property
    def alive(self) -> bool:
        """Whether the module spoke in the last minute."""
        return bool(self._heard) and time.monotonic() - self._heard < ALIVE_SECONDS

    async def open(self) -> None:
        """Listen, if a secret is set."""
        if not self._secret:
            return
        app = web.Application(client_max_size=LARGEST)
        app.router.add_post(ASK, self._asked)
        app.router.add_post(HELLO, self._greeted)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._settings.gate_host, self._settings.gate_port)
        try:
            await site.start()
        except OSError as error:
            raise ConfigError(
                f"FLUISTER_MATRIX_GATE_BIND: cannot listen there ({type(error).__name__})"
            ) from None

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
        self._runner = None

    async def _asked(self, request: web.Request) -> web.Response:
        told = await self._trusted(request)
        if told is None:
            return web.Response(status=403)
        if not self.ready:
            return web.Response(status=503)
        self._spoke(told)
        try:
            receipt = await asyncio.shield(asyncio.ensure_future(self._judge(part(told, "event"))))
        except Exception as error:  # noqa: BLE001 - the module then does what it does without us
            _log.warning("matrix: a message could not be judged (%s)", type(error).__name__)
            return web.Response(status=503)
        verdict: Payload = {"pass": True}
        if isinstance(receipt, Refuse):
            verdict = {"pass": False, "text": receipt.text}
        return self._answer(request, verdict)

    async def _greeted(self, request: web.Request) -> web.Response:
        """The module says it is there; `doctor` may ask whether it did."""
        told = await self._trusted(request)
        if told is None:
            return web.Response(status=403)
        if not self.ready:
            return web.Response(status=503)
        if words(told, "from") != "doctor":
            self._spoke(told)
        return self._answer(request, {"module": self.alive, "missed": self._missed})

    def _spoke(self, told: Payload) -> None:
        self._heard = time.monotonic()
        missed = max(0, whole(told, "missed"))
        if missed:
            self._missed += missed
            _log.warning("matrix: %d messages passed the gate while we were away", missed)

    async def _trusted(self, request: web.Request) -> Payload | None:
        """What was asked, if the module asked it, now and for the first time."""
        try:
            body = await request.read()
        except web.HTTPException:
            return None
        at, given = request.headers.get(TIME, ""), request.headers.get(SIGN, "")
        expected = sign(self._secret, at.encode() + b"\n" + body)
        if not hmac.compare_digest(given.encode(), expected.encode()) or given in self._seen:
            return None
        if not at.isdecimal() or abs(int(at) - time.time()) > FRESH_SECONDS:
            return None
        self._seen[given] = None
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        try:
            return part(json.loads(body))
        except (ValueError, RecursionError):
            return None

    def _answer(self, request: web.Request, verdict: Payload) -> web.Response:
        body = json.dumps(verdict).encode()
        asked = request.headers[SIGN].encode()
        return web.Response(
            body=body,
            content_type="application/json",
            headers={SIGN: sign(self._secret, asked + b"\n" + body)},
        )


def sign(secret: bytes, what: bytes) -> str:
    return hmac.new(secret, what, hashlib.sha256).hexdigest()
