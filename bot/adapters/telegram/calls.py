"""What Telegram's refusals mean, and a library that keeps texts and the token to itself."""

import logging
import warnings
from collections.abc import Mapping
from datetime import timedelta

import httpx
from telegram import Bot
from telegram.error import (
    BadRequest,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import BaseRequest
from telegram.warnings import PTBUserWarning

from bot.errors import DeliveryError

PLATFORM = "telegram"
TOKEN_WAIT = 300.0
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def keep_quiet() -> None:
    """Silence the library and httpx: their lines hold the token, and texts that do not parse."""
    for name in ("telegram", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    warnings.filterwarnings("ignore", message="Please use 'Bot.", category=PTBUserWarning)
    warnings.filterwarnings("ignore", message=".*attribute `retry_after`")


async def ask(bot: Bot, method: str, given: Mapping[str, object], *, wait: float = 0) -> object:
    """Call a method the library does not know, or whose answer it reads too strictly.

    `wait` is how long the answer may take, in seconds. The library says "no such method" for a
    token that is refused as well; here that is an `InvalidToken`. An answer without a result is a
    `TelegramError` like any other.
    """
    try:
        return await bot.do_api_request(
            method, api_kwargs=dict(given), read_timeout=wait or BaseRequest.DEFAULT_NONE
        )
    except EndPointNotFound as error:
        cause = error.__cause__
        if isinstance(cause, InvalidToken) and not says(cause, "not found"):
            raise cause from None
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise TelegramError(f"an answer without a result ({type(error).__name__})") from None


def refusal(error: Exception, what: str) -> DeliveryError:
    """Say what came of `what`; nothing of Telegram's own words is kept, they may hold a text."""
    name = f"telegram: {what}: {type(error).__name__}"
    if isinstance(error, RetryAfter):
        return DeliveryError(name, permanent=False, retry_after=seconds(error))
    if isinstance(error, BadRequest | Forbidden | EndPointNotFound):
        return DeliveryError(name, permanent=True)
    if isinstance(error, InvalidToken):
        return DeliveryError(name, permanent=False, retry_after=TOKEN_WAIT)
    if isinstance(error, Conflict):
        return DeliveryError(name, permanent=False)
    return DeliveryError(name, permanent=False, uncertain=not never_left(error))


def never_left(error: Exception) -> bool:
    """Whether the call certainly did nothing: refused by Telegram, or never on its way."""
    if isinstance(error, BadRequest | Forbidden | EndPointNotFound | InvalidToken | RetryAfter):
        return True
    if isinstance(error, NetworkError) and error.message.startswith("Too Many Requests"):
        return True
    return isinstance(error.__cause__, _NEVER_LEFT)


def seconds(error: RetryAfter) -> float:
    """How long Telegram wants us to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def says(error: TelegramError, *parts: str) -> bool:
    """Whether Telegram's description holds one of `parts`, whatever the case."""
    told = error.message.casefold()
    return any(part in told for part in parts)


def gone(error: TelegramError) -> bool:
    """Whether what was to be changed or removed is not there any more."""
    return says(error, "message to delete not found", "message to edit not found",
                "message_id_invalid", "message not found")  # fmt: skip


def unchanged(error: TelegramError) -> bool:
    """Whether it already was as wanted."""
    return says(error, "not modified", "not_modified")
