"""What Slack reaches over HTTP: events in HTTP mode, and the way to a member's own consent."""

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from bot.adapters.slack.asking import STATE_LASTS, Asking
from bot.adapters.slack.home import CONNECTED, NOT_CONNECTED, page
from bot.adapters.slack.signing import Signatures
from bot.adapters.slack.values import CONNECT_PATH, EVENTS_PATH, RETURN_PATH, Settings

COOKIE = "fluister_slack_state"
LARGEST_BODY = 2 * 1024 * 1024
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_log = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def pages(settings: Settings, bolt: AsyncApp, asking: Asking) -> web.Application:
    """Only what the chosen mode needs exists; everything else is a 404."""
    site = web.Application(client_max_size=LARGEST_BODY)
    if settings.http:
        site.router.add_post(EVENTS_PATH, _events(bolt, Signatures(settings.signing_secret)))
    if settings.asks_consent:
        site.router.add_get(CONNECT_PATH, _connect(settings, asking))
        site.router.add_get(RETURN_PATH, _return(asking))
    return site


async def serve(site: web.Application, settings: Settings) -> web.AppRunner:
    """Listen; addresses with codes in them are written to no log."""
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, settings.host, settings.port).start()
    return runner


def _events(bolt: AsyncApp, signatures: Signatures) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            body = await request.read()
        except web.HTTPException:
            raise
        except Exception as error:  # noqa: BLE001  (a body may be compressed, cut off or worse)
            _log.warning("slack: a request could not be read (%s)", type(error).__name__)
            return web.Response(status=400)
        if not signatures.right(request.headers, body) or signatures.replayed(request.headers):
            return web.Response(status=401)
        answer = await _answer(bolt, request)
        if answer.status == 200:
            signatures.taken(request.headers)
        return answer

    return handle


async def _answer(bolt: AsyncApp, request: web.Request) -> web.Response:
    try:
        asked = await to_bolt_request(request)
        return await to_aiohttp_response(await bolt.async_dispatch(asked))
    except Exception as error:  # noqa: BLE001  (what Slack signed may still be no text at all)
        _log.warning("slack: a request could not be read (%s)", type(error).__name__)
        return web.Response(status=400)


def _connect(settings: Settings, asking: Asking) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        del request
        state, url = asking.begin()
        response = web.Response(status=302, headers={**_HEADERS, "Location": url})
        response.set_cookie(
            COOKIE,
            state,
            max_age=int(STATE_LASTS),
            httponly=True,
            samesite="Lax",
            secure=settings.web_url.startswith("https://"),
            path=RETURN_PATH,
        )
        return response

    return handle


def _return(asking: Asking) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        query = request.query
        good = await asking.finish(
            query.get("state", ""), request.cookies.get(COOKIE, ""), query.get("code", "")
        )
        response = web.Response(
            status=200 if good else 400,
            text=page(CONNECTED if good else NOT_CONNECTED),
            content_type="text/html",
            headers=_HEADERS,
        )
        response.del_cookie(COOKIE, path=RETURN_PATH)
        return response

    return handle
