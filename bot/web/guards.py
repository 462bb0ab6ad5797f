"""What stands at the door of every page: host, origin, size, headers.

Plain ASGI, because an answer may be a stream that never ends.
"""

import hmac
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKEN_HEADER = "x-fluister-token"  # noqa: S105 (the name of a header)
_READING = frozenset({"GET", "HEAD", "OPTIONS"})

_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-frame-options": "DENY",
}


class AnswersWithHeaders:
    """Add the headers that keep a browser from being talked into anything.

    A page may set its own, stricter policy; it is left alone.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers)


class OnlyKnownHosts:
    """Refuse a request for a name that is not ours, so that no other name can point at us."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], loopback_only: bool) -> None:
        self._app = app
        self._hosts = hosts
        self._loopback_only = loopback_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            raise RuntimeError("only plain web requests are served")
        elif not self._caller_is_here(scope):
            await _refuse(403, "Only this computer can open this page.")(scope, receive, send)
        elif host_name(Headers(scope=scope).get("host", "")) not in self._hosts:
            await _refuse(421, "This address is not served here.")(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _caller_is_here(self, scope: Scope) -> bool:
        if not self._loopback_only:
            return True
        client = scope.get("client")
        return client is not None and _is_loopback(client[0])


class OnlySameOrigin:
    """Let nothing change unless our own page asked: its origin and its token must be right."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in _READING:
            headers = Headers(scope=scope)
            if not _same_origin(headers) or not self._token_is_right(headers):
                text = "This request did not come from this page. Reload the page and try again."
                await _refuse(403, text)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _token_is_right(self, headers: Headers) -> bool:
        sent = headers.get(TOKEN_HEADER, "")
        return hmac.compare_digest(sent.encode("utf-8", "replace"), self._token)


class LimitsBodies:
    """Refuse a body above its path's limit, whether or not it says its size."""

    def __init__(self, app: ASGIApp, limit: int, limits: Mapping[str, int]) -> None:
        self._app = app
        self._limit = limit
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limits.get(scope["path"], self._limit)
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdecimal() or int(length[:20]) > limit:
            await _too_big(limit)(scope, receive, send)
            return
        await self._counting(limit, scope, receive, send)

    async def _counting(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        seen, started = 0, False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise _TooMuchError
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, counted, noted)
        except _TooMuchError:
            if not started:
                await _too_big(limit)(scope, receive, send)


class _TooMuchError(Exception):
    """A body went on past its limit."""


def host_name(host: str) -> str:
    """Return the lower-case host of a Host header, without its port; IPv6 keeps its brackets."""
    name, colon, port = host.lower().rpartition(":")
    if colon and port.isdecimal() and not (name.startswith("[") and not name.endswith("]")):
        return name
    return host.lower()


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _same_origin(headers: Headers) -> bool:
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == headers.get("host")


def _refuse(status: int, text: str) -> PlainTextResponse:
    return PlainTextResponse(text, status_code=status)


def _too_big(limit: int) -> PlainTextResponse:
    return _refuse(413, f"This is more than the {limit} bytes that fit here.")
