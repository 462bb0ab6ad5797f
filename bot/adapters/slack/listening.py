"""Slack's socket: opened with the address we already have, watched, and come back to."""

import asyncio
import contextlib
import logging

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from bot.adapters.slack.calls import silent_logger

LOOK_EVERY = 5.0
PING_EVERY = 10.0
LOOKS_BEFORE_WORD = 6
_log = logging.getLogger(__name__)


async def listen(app: AsyncApp, app_token: str, address: str) -> None:
    """Listen until cancelled.

    `address` is what Slack gave when the app token was checked: it may be asked for about once a
    minute, and an address is good for one connection.
    """
    socket = AsyncSocketModeHandler(
        app, app_token, logger=silent_logger(), ping_interval=PING_EVERY
    )
    if address:
        socket.client.wss_uri = address
    connecting = asyncio.ensure_future(socket.connect_async())  # type: ignore[no-untyped-call]
    try:
        await _watch(socket)
    finally:
        await socket.close_async()  # type: ignore[no-untyped-call]
        connecting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await connecting


async def _watch(socket: AsyncSocketModeHandler) -> None:
    """Say when the connection is lost and when it is back; the library itself comes back.

    It tries one address for ever, so one that did not work is taken from it.
    """
    away, said = 0, False
    while True:
        await asyncio.sleep(LOOK_EVERY)
        if await socket.client.is_connected():
            if said:
                _log.info("slack: connected again")
            away, said = 0, False
            continue
        away += 1
        socket.client.wss_uri = None
        if away == LOOKS_BEFORE_WORD:
            _log.warning("slack: the connection is lost, trying to come back")
            said = True
