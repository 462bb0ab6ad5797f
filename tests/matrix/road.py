"""The way between a bot and its homeserver, on which the bot can be killed at one call."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
from aiohttp import web
from yarl import URL

from tests.matrix.synapse_home import free_port

_KEPT = ("Authorization", "Content-Type")


@dataclass
class Cut:
    """A call at which the bot dies: unheard by the server, or `heard` but not answered."""

    method: str
    path: str
    heard: bool

    def meets(self, method: str, path: str) -> bool:
        return method == self.method and re.search(self.path, path) is not None


@dataclass
class Instead:
    """What something in front of the homeserver answers to the next call at `path`."""

    path: str
    status: int
    body: bytes = b""
    mime: str = "text/html"

    def __str__(self) -> str:
        return f"{self.status} {self.body[:20]!r}"


class Road:
    """Hands every call on to the homeserver; at a cut it calls `kill` instead of answering."""

    kill: Callable[[], None]

    def __init__(self, homeserver: str) -> None:
        self.homeserver = homeserver
        self.port = free_port()
        self.cuts: list[Cut] = []
        self.instead: list[Instead] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> "Road":
        self.session = aiohttp.ClientSession()
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self._pass)
        self.runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.5)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", self.port).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.runner.cleanup()
        await self.session.close()

    async def _pass(self, request: web.Request) -> web.Response:
        cut = next((c for c in self.cuts if c.meets(request.method, request.path)), None)
        if cut is not None:
            self.cuts.remove(cut)
            if not cut.heard:
                self.kill()
                return web.Response(status=502)
        other = next((one for one in self.instead if re.search(one.path, request.path)), None)
        if other is not None:
            self.instead.remove(other)
            return web.Response(status=other.status, body=other.body, content_type=other.mime)
        async with self.session.request(
            request.method,
            URL(self.homeserver + request.raw_path, encoded=True),
            data=await request.read(),
            headers={name: request.headers[name] for name in _KEPT if name in request.headers},
        ) as answer:
            content = await answer.read()
        if cut is not None:
            self.kill()
        return web.Response(
            status=answer.status, body=content, headers={"Content-Type": answer.content_type}
        )
