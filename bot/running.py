"""Running the app on real platforms: from keys to adapters, and until somebody says stop."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial
from urllib.parse import urlsplit

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.adapters.base import Adapter, AdapterState, OnIncoming
from bot.adapters.registry import Factory, Platform
from bot.app import App, Make
from bot.config import Config
from bot.web.admin.site import UPLOADS, admin_routes
from bot.web.app import LOOPBACK_HOSTS, web_app
from bot.web.serve import served

# What makes a platform listen on FLUISTER_WEB_BIND itself.
LISTENING = {"FLUISTER_TELEGRAM_MODE": "webhook", "FLUISTER_SLACK_MODE": "http"}
# With all of these Slack does so in either mode: members come back there after they connected.
CONSENTING = (
    "FLUISTER_SLACK_BOT_TOKEN",
    "FLUISTER_SLACK_CLIENT_ID",
    "FLUISTER_SLACK_CLIENT_SECRET",
    "FLUISTER_WEB_URL",
)

_log = structlog.get_logger()


def makers_for(config: Config, known: Sequence[Platform]) -> Mapping[str, Make]:
    """How to make the adapter of each platform whose keys are all set."""
    return {
        platform.name: partial(_make, platform.make, config)
        for platform in known
        if all(config.get(key) for key in platform.keys)
    }


def _make(factory: Factory, config: Config, door: OnIncoming, state: AdapterState) -> Adapter:
    return factory(config.values, door, state)


def pages_bind(config: Config) -> tuple[str, int] | None:
    """Where the admin pages listen: a place of their own, or the one no platform listens on."""
    given = config.get("FLUISTER_ADMIN_BIND")
    taken = any(config.get(key) == value for key, value in LISTENING.items())
    if not given and (taken or all(config.get(key) for key in CONSENTING)):
        return None
    host, _, port = (given or config.get("FLUISTER_WEB_BIND")).rpartition(":")
    return host.strip("[]"), int(port)


async def _to_pages(request: Request) -> Response:
    del request
    return RedirectResponse("/beheer", 303)


@contextlib.asynccontextmanager
async def pages(app: App, config: Config) -> AsyncIterator[None]:
    """Serve the admin pages; where their address is taken, say so and go on without them."""
    bind = pages_bind(config)
    if bind is None:
        yield
        return
    host, port = bind
    public = config.get("FLUISTER_WEB_URL").rstrip("/")
    at_home = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    routes = admin_routes(app.house, app.rest, app.resting, app.groups, app.leftovers)
    site = web_app(
        [Route("/", _to_pages), *routes],
        hosts={*LOOPBACK_HOSTS, host, urlsplit(public).hostname or "localhost"},
        loopback_only=host in LOOPBACK_HOSTS,
        body_limits=UPLOADS,
    )
    async with contextlib.AsyncExitStack() as stack:
        try:
            taken = await stack.enter_async_context(served(site, host, port))
        except OSError as error:
            _log.warning("the admin pages are not served", error=type(error).__name__, port=port)
        else:
            app.house.web.url = public or f"http://{at_home}:{taken}"
        yield


async def run_until(app: App, stop: asyncio.Event) -> None:
    """Listen until `stop`; an adapter that breaks ends the run with its error."""
    listening = asyncio.create_task(app.receive())
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait({listening, stopping}, return_when=asyncio.FIRST_COMPLETED)
    for task in (listening, stopping):
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            if task not in done or task is stopping:
                await task
    if listening in done:
        listening.result()
