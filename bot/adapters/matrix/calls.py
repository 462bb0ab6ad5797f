"""Calling the homeserver, and what its refusals mean. Nothing it says is kept but its error code.

Sends carry a transaction id made from our key, so that doing them again changes nothing.
"""

import hashlib
import json
import logging
from collections.abc import Mapping
from typing import cast
from urllib.parse import quote

import aiohttp

from bot.adapters.matrix.reading import Payload, objects, whole, words
from bot.errors import DeliveryError

CLIENT = "/_matrix/client/v3"
SECONDS = 30.0
UPLOAD_SECONDS = 180.0
LARGEST_ANSWER = 64 * 1024 * 1024
LONGEST_WAIT = 300.0
_RETRY = frozenset({408, 425, 429})
_EXPIRED = frozenset({"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_LOCKED"})
_NOT_JSON = "matrix: an answer that is no JSON"


class RefusedError(DeliveryError):
    """The homeserver said no; `code` is its word for why, such as M_FORBIDDEN.

    Without such a word it was not the homeserver that answered but something in front of it, so
    what was asked may succeed later. What it never lets through stays refused: large bodies, and
    the addresses for administrators.
    """

    def __init__(self, what: str, status: int, code: str, retry_after: float | None = None) -> None:
        in_front = not code and status != 413 and "_synapse" not in what
        again = status >= 500 or status in _RETRY or code in _EXPIRED or in_front
        super().__init__(
            f"matrix: {what}: {status} {code}".rstrip(),
            permanent=not again,
            retry_after=retry_after,
        )
        self.status = status
        self.code = code

    @property
    def expired(self) -> bool:
        """Whether the access token is not valid (any more, or for now)."""
        return self.code in _EXPIRED


class Calls:
    """One bot's connection. Everything raises `DeliveryError`, and nothing else."""

    def __init__(self, homeserver: str, token: str) -> None:
        self._base = homeserver
        self._token = token
        self._session: aiohttp.ClientSession | None = None

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Payload:
        return await self.call("GET", path, query=query)

    async def put(self, path: str, body: Payload) -> Payload:
        return await self.call("PUT", path, body)

    async def post(self, path: str, body: Payload) -> Payload:
        return await self.call("POST", path, body)

    async def call(
        self,
        method: str,
        path: str,
        body: Payload | None = None,
        *,
        query: Mapping[str, str] | None = None,
        seconds: float = SECONDS,
    ) -> Payload:
        """Ask for `path`, below the homeserver's address, as JSON."""
        data = None if body is None else json.dumps(body).encode()
        read = await self._ask(method, path, data, "application/json", query, seconds)
        try:
            answer = json.loads(read)
        except (ValueError, RecursionError):
            raise DeliveryError(_NOT_JSON, permanent=False, uncertain=method != "GET") from None
        return cast(Payload, answer) if isinstance(answer, dict) else {}

    async def listed(self, path: str) -> list[Payload]:
        """Ask for `path`, which is answered with a list of objects."""
        read = await self._ask("GET", path, None, "", None, SECONDS)
        try:
            return list(objects({"list": json.loads(read)}, "list"))
        except (ValueError, RecursionError):
            raise DeliveryError(_NOT_JSON, permanent=False) from None

    async def upload(self, content: bytes, mime: str) -> str:
        """Store a file; its mxc address. Its name stays out of the address and the logs."""
        read = await self._ask(
            "POST", "/_matrix/media/v3/upload", content, mime, None, UPLOAD_SECONDS
        )
        try:
            url = words(json.loads(read), "content_uri")
        except (ValueError, RecursionError):
            url = ""
        if not url.startswith("mxc://"):
            raise DeliveryError("matrix: an upload without an address", permanent=False)
        return url

    async def download(self, url: str, largest: int) -> bytes:
        """The bytes behind an mxc address; too large is a permanent error."""
        path = f"/_matrix/client/v1/media/download/{media_path(url)}"
        return await self._ask("GET", path, None, "", None, UPLOAD_SECONDS, largest)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
        self._session = None

    async def _ask(
        self,
        method: str,
        path: str,
        data: bytes | None,
        mime: str,
        query: Mapping[str, str] | None,
        seconds: float,
        largest: int = LARGEST_ANSWER,
    ) -> bytes:
        headers = {"Authorization": f"Bearer {self._token}"}
        if data is not None:
            headers["Content-Type"] = mime
        try:
            async with self._opened().request(
                method,
                self._base + path,
                data=data,
                params=query,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=seconds),
                allow_redirects=False,
            ) as response:
                return await _read(response, largest, _short(method, path))
        except aiohttp.ClientConnectorError as error:
            raise DeliveryError(
                f"matrix: no connection ({type(error).__name__})", permanent=False
            ) from None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise DeliveryError(
                f"matrix: {_short(method, path)}: {type(error).__name__}",
                permanent=False,
                uncertain=method != "GET",
            ) from None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=20), auto_decompress=True
            )
        return self._session


async def _read(response: aiohttp.ClientResponse, largest: int, what: str) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_chunked(65_536):
        content += chunk
        if len(content) > largest:
            raise DeliveryError(f"matrix: {what}: larger than {largest} bytes", permanent=True)
    if response.status == 200:
        return bytes(content)
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        told = {}
    wait = whole(told, "retry_after_ms") / 1000 or _seconds(response.headers.get("Retry-After"))
    wait = min(LONGEST_WAIT, max(0.0, wait))
    raise RefusedError(what, response.status, words(told, "errcode")[:40], wait or None)


def _seconds(header: str | None) -> float:
    return float(header) if header is not None and header.isdecimal() else 0.0


def _short(method: str, path: str) -> str:
    """What was asked for, without rooms, people or messages."""
    parts = [p for p in path.split("/") if p.replace("_", "").replace(".", "").isalnum()]
    return f"{method} {'/'.join(p for p in parts[:9] if len(p) < 24)}"


def safe(value: str) -> str:
    """An id as it may stand in an address."""
    return quote(value, safe="")


def room_path(room: str, *rest: str) -> str:
    return "/".join([f"{CLIENT}/rooms/{safe(room)}", *(safe(one) for one in rest)])


def media_path(url: str) -> str:
    """The server and id of an mxc address."""
    server, slash, media = url.removeprefix("mxc://").partition("/")
    if not url.startswith("mxc://") or not slash or not server or not media or "/" in media:
        raise DeliveryError("matrix: an address that is no upload", permanent=True)
    return f"{safe(server)}/{safe(media)}"


def transaction(key: str) -> str:
    """The same id for the same key, telling nothing about it."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def keep_quiet() -> None:
    """Silence the libraries: their lines may hold addresses, ids and contents."""
    for name in ("nio", "aiohttp.client", "aiohttp.access", "peewee"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
