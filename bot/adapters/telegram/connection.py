"""How Telegram is spoken to: the bot the settings describe, and where it is called back."""

import ssl
from collections.abc import Mapping
from functools import cache

import httpx
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.adapters.telegram.webhook import PATH
from bot.errors import ConfigError

API = "https://api.telegram.org"
READ_SECONDS = 20.0


def bot_from(settings: Mapping[str, str]) -> Bot:
    """The bot, not yet signed in."""
    api = (settings.get("FLUISTER_TELEGRAM_API") or API).rstrip("/")
    return Bot(
        settings["FLUISTER_TELEGRAM_TOKEN"],
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=_transport(16),
        get_updates_request=_transport(1),
    )


def public_address(settings: Mapping[str, str]) -> str:
    """Where Telegram calls us; a `ConfigError` when a webhook cannot work like this."""
    address = settings.get("FLUISTER_WEB_URL", "")
    if not address or not _usable(settings.get("FLUISTER_TELEGRAM_WEBHOOK_SECRET", "")):
        raise ConfigError(
            "FLUISTER_TELEGRAM_MODE=webhook needs FLUISTER_WEB_URL (https) and"
            " FLUISTER_TELEGRAM_WEBHOOK_SECRET (16 to 256 letters, digits, _ or -)."
        )
    return address.rstrip("/") + PATH


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _transport(connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        read_timeout=READ_SECONDS,
        httpx_kwargs={"verify": _certificates()},
    )


def _usable(secret: str) -> bool:
    signs = secret.replace("_", "a").replace("-", "a")
    return 16 <= len(secret) <= 256 and signs.isascii() and signs.isalnum()
