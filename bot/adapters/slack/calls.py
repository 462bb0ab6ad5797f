"""Calling Slack's Web API: one client, and every refusal as a `DeliveryError` without content."""

import logging
import re
from collections.abc import Awaitable, Mapping
from typing import cast

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.values import Settings
from bot.errors import DeliveryError

TIMEOUT = 10
TOKEN_AGAIN = 900.0
_CODE = re.compile(r"[a-z0-9_]{1,60}")
_FOR_NOW = frozenset(
    {
        "fatal_error",
        "internal_error",
        "ratelimited",
        "rate_limited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)
DEAD_TOKEN = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"}
)

_log = logging.getLogger(__name__)


class SlackRefusedError(DeliveryError):
    """Slack said no; `code` is its own word for it, such as "cant_delete_message"."""

    def __init__(self, what: str, code: str, **kind: object) -> None:
        super().__init__(f"slack: {what}: {code}", **kind)  # type: ignore[arg-type]
        self.code = code


def silent_logger() -> logging.Logger:
    """A logger for Slack's libraries that says nothing: what they tell holds texts and tokens."""
    for name in ("slack_sdk", "slack_bolt"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    logger = logging.getLogger("bot.adapters.slack.library")
    logger.disabled = True
    logger.setLevel(logging.CRITICAL + 1)
    return logger


def web_client(settings: Settings, token: str | None = None) -> AsyncWebClient:
    """A client that never tries again by itself: the dispatcher decides about that."""
    return AsyncWebClient(
        token=settings.bot_token if token is None else token,
        base_url=settings.api,
        timeout=TIMEOUT,
        logger=silent_logger(),
        retry_handlers=[],
    )


async def asked(what: str, calling: Awaitable[object]) -> Mapping[str, object]:
    """Await one call of the Web API and return its answer.

    Raises `SlackRefusedError` for what Slack refuses, and an uncertain, temporary
    `DeliveryError` when there was no answer.
    """
    try:
        answer = await calling
    except SlackApiError as error:
        raise _refusal(what, error) from None
    except (
        TimeoutError,
        aiohttp.ClientError,
        OSError,
        SlackClientError,
        ValueError,
        AttributeError,  # what the library makes of an answer that is bare text
    ):
        raise DeliveryError(f"slack: {what}: no answer", permanent=False, uncertain=True) from None
    data = getattr(answer, "data", answer)
    if not isinstance(data, dict):
        raise DeliveryError(f"slack: {what}: not an answer", permanent=False, uncertain=True)
    return cast("Mapping[str, object]", data)


async def asked_as_us(what: str, calling: Awaitable[object]) -> Mapping[str, object]:
    """Ask with our own token.

    When that token has ended nothing is lost: it is said in the log, and worth another try once
    somebody put a new one in its place.
    """
    try:
        return await asked(what, calling)
    except SlackRefusedError as refused:
        if refused.code not in DEAD_TOKEN:
            raise
        _log.error("slack: our own token is refused (%s): FLUISTER_SLACK_BOT_TOKEN", refused.code)
        raise DeliveryError(str(refused), permanent=False, retry_after=TOKEN_AGAIN) from None


def _refusal(what: str, error: SlackApiError) -> SlackRefusedError:
    """What Slack's word means; an answer without one is not Slack's, but of something between."""
    response = error.response
    data = getattr(response, "data", None)
    status = getattr(response, "status_code", None) or getattr(response, "status", 0)
    given = data.get("error") if isinstance(data, dict) else None
    code = given if isinstance(given, str) and _CODE.fullmatch(given) else f"http_{status}"
    if status == 429 or code in ("ratelimited", "rate_limited"):
        wait = _seconds(getattr(response, "headers", None))
        return SlackRefusedError(what, "ratelimited", permanent=False, retry_after=wait)
    again = code in _FOR_NOW or not given or (isinstance(status, int) and status >= 500)
    return SlackRefusedError(what, code, permanent=not again, uncertain=again)


def _seconds(headers: object) -> float:
    """How long to stay away; half a minute where Slack did not say."""
    if not isinstance(headers, Mapping):
        return 30.0
    given = next((v for k, v in headers.items() if str(k).lower() == "retry-after"), "")
    text = str(given).strip("[]'\" ")
    return float(text) if text.isdecimal() and len(text) < 6 else 30.0
