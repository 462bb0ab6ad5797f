"""Tokens that end: trading a refresh token for the next pair, for members and for ourselves."""

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.base import AdapterState
from bot.adapters.slack.calls import asked, web_client
from bot.adapters.slack.reading import part, words
from bot.adapters.slack.values import Settings
from bot.errors import DeliveryError

BEFORE = 1_800.0
AGAIN = 60.0
LOOK_EVERY = 600.0
_OURS = "bot-token"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Renewed:
    """A token with what keeps it alive; `expires` in seconds since 1970, 0 for never."""

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    expires: float = 0.0
    scopes: frozenset[str] = frozenset()


def renewed_from(answer: Mapping[str, object]) -> Renewed | None:
    """Read a token and its end from what Slack answered."""
    access = words(answer, "access_token")
    if not access:
        return None
    lasts = answer.get("expires_in")
    ends = time.time() + lasts if isinstance(lasts, int | float) and lasts > 0 else 0.0
    scopes = frozenset(filter(None, words(answer, "scope").split(",")))
    return Renewed(access, words(answer, "refresh_token"), ends, scopes)


class Renewal:
    """Asks Slack for the next token."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def renew(self, refresh: str) -> Renewed:
        client = web_client(self._settings, "")
        answer = await asked(
            "oauth.v2.access",
            client.oauth_v2_access(
                client_id=self._settings.client_id,
                client_secret=self._settings.client_secret,
                grant_type="refresh_token",
                refresh_token=refresh,
            ),
        )
        fresh = renewed_from(answer) or renewed_from(part(answer, "authed_user"))
        if fresh is None:
            raise DeliveryError("slack: oauth.v2.access: no token", permanent=False)
        return fresh


class OurToken:
    """The bot's own token, where the app's tokens rotate; else it stays as it was given."""

    def __init__(self, settings: Settings, state: AdapterState, renewal: Renewal) -> None:
        self._settings = settings
        self._state = state
        self._renewal = renewal
        self._known: Renewed | None = None

    async def current(self) -> str:
        """The token to begin with; what was given by hand is traded in at the first start."""
        if not self._settings.refresh_token:
            return self._settings.bot_token
        self._known = self._known or _stored(await self._state.get(_OURS), self._origin())
        if self._known is None:
            return (await self._trade(self._settings.refresh_token)).access
        if _ends(self._known, BEFORE):
            return (await self._trade(self._known.refresh)).access
        return self._known.access

    async def keep_fresh(self, client: AsyncWebClient) -> None:
        """Renew in time, until cancelled; a refusal is tried again while the token lives.

        The clock is looked at now and then, for a machine may have slept.
        """
        while self._known is not None and self._known.expires:
            wait = self._known.expires - BEFORE - time.time()
            await asyncio.sleep(min(max(AGAIN, wait), LOOK_EVERY))
            if not _ends(self._known, BEFORE):
                continue
            try:
                await self._trade(self._known.refresh)
            except DeliveryError as refused:
                _log.warning("slack: our own token is not renewed (%s)", refused)
            except Exception as error:  # noqa: BLE001  (without this, nothing renews any more)
                _log.warning("slack: what was renewed is not stored (%s)", type(error).__name__)
            client.token = self._known.access

    async def _trade(self, refresh: str) -> Renewed:
        # Known before it is stored: the one before it is of no use any more.
        fresh = self._known = await self._renewal.renew(refresh)
        stored = {
            "origin": self._origin(),
            "access_token": fresh.access,
            "refresh_token": fresh.refresh,
            "expires": fresh.expires,
        }
        await self._state.put(_OURS, json.dumps(stored).encode())
        return fresh

    def _origin(self) -> str:
        """Which token by hand this began with: a newer one wins over what is stored."""
        return hashlib.sha256(self._settings.refresh_token.encode()).hexdigest()


def _ends(token: Renewed, within: float) -> bool:
    return 0 < token.expires < time.time() + within


def _stored(stored: bytes | None, origin: str) -> Renewed | None:
    try:
        loaded = json.loads(stored) if stored else None
    except ValueError:
        return None
    if not isinstance(loaded, dict) or loaded.get("origin") != origin:
        return None
    expires = loaded.get("expires")
    ends = float(expires) if isinstance(expires, int | float) else 0.0
    access, refresh = words(loaded, "access_token"), words(loaded, "refresh_token")
    return Renewed(access, refresh, ends) if access and refresh else None
