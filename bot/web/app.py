"""The web application around any pages: who may come in, and what every answer carries."""

import secrets
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.web.guards import AnswersWithHeaders, LimitsBodies, OnlyKnownHosts, OnlySameOrigin

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})


def web_app(
    pages: Sequence[BaseRoute],
    *,
    hosts: Iterable[str] = LOOPBACK_HOSTS,
    loopback_only: bool = True,
    body_limit: int = 65_536,
    body_limits: dict[str, int] | None = None,
) -> Starlette:
    """Build the application around `pages`; `/healthz` and `/static` come with it.

    `hosts` are the host names a request may ask for, without a port. `loopback_only` also refuses
    callers from another machine. `body_limit` is in bytes; `body_limits` names other paths' own.
    A page finds the token its forms must send back in `request.app.state.token`.
    """
    token = secrets.token_urlsafe(32)
    routes = [
        Route("/healthz", _healthy),
        Mount("/static", StaticFiles(directory=static_folder())),
        *pages,
    ]
    guards = [
        Middleware(AnswersWithHeaders),
        Middleware(OnlyKnownHosts, hosts=frozenset(hosts), loopback_only=loopback_only),
        Middleware(OnlySameOrigin, token=token),
        Middleware(LimitsBodies, limit=body_limit, limits=body_limits or {}),
    ]
    app = Starlette(routes=routes, middleware=guards)
    app.state.token = token
    return app


def static_folder() -> Path:
    """Return where the style, scripts, type and icons are; nothing comes from elsewhere."""
    return Path(str(resources.files(__package__))) / "static"


async def _healthy(request: Request) -> Response:
    del request
    return PlainTextResponse("ok")
