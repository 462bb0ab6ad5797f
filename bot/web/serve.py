"""Serving pages on a socket for as long as a context lasts."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.applications import Starlette


class _Server(uvicorn.Server):
    """A server that leaves signals to the command that runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def served(site: Starlette, host: str, port: int) -> AsyncIterator[int]:
    """Serve `site` until the context ends, giving the port; 0 takes a free one.

    Raises `OSError` where the address cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((host, port))
        # Headers of a proxy may not say who calls: behind one on this machine, that is the proxy.
        config = uvicorn.Config(
            site, log_config=None, access_log=False, proxy_headers=False,
            timeout_graceful_shutdown=2,
        )  # fmt: skip
        server = _Server(config)
        task = asyncio.create_task(server.serve([door]))
        try:
            while not server.started:
                if task.done():
                    await task
                await asyncio.sleep(0.02)
            yield int(door.getsockname()[1])
        finally:
            server.should_exit = True
            await task
