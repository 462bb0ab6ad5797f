"""Members' own tokens: given once by themselves, kept sealed, dropped as soon as they die."""

import json
import secrets
import time
from collections.abc import Callable
from urllib.parse import urlencode

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.base import AdapterState
from bot.adapters.slack.calls import asked
from bot.adapters.slack.reading import part, words
from bot.adapters.slack.values import RETURN_PATH, USER_SCOPES, Settings
from bot.errors import DeliveryError

STATE_LASTS = 600.0
MOST_STATES = 1_000
_INDEX = "connected"


class Consents:
    """Who connected their account, and with which token; `changed` hears whether anybody did."""

    def __init__(self, state: AdapterState, changed: Callable[[bool], None]) -> None:
        self._state = state
        self._changed = changed

    async def load(self) -> None:
        """Tell once, at the start, whether anybody connected."""
        self._changed(bool(_users(await self._state.get(_INDEX))))

    async def token(self, user: str) -> str | None:
        """Return a member's own token, if they gave one."""
        return _token(await self._state.get(_key(user)))

    async def keep(self, user: str, token: str) -> None:
        stored = json.dumps({"access_token": token}).encode()
        await self._state.put(_key(user), stored)
        await self._listed(user, True)

    async def drop(self, user: str) -> str | None:
        """Forget a token and return it, so that it can be revoked."""
        stored = await self._state.get(_key(user))
        if stored is not None:
            await self._state.compare_and_set(_key(user), stored, None)
        await self._listed(user, False)
        return _token(stored)

    async def drop_all(self) -> None:
        """Forget everybody's token: the app was taken out of the workspace."""
        for user in _users(await self._state.get(_INDEX)):
            await self.drop(user)

    async def _listed(self, user: str, is_in: bool) -> None:
        while True:
            old = await self._state.get(_INDEX)
            users = _users(old) | {user} if is_in else _users(old) - {user}
            new = json.dumps(sorted(users)).encode()
            if new == old or await self._state.compare_and_set(_INDEX, old, new):
                self._changed(bool(users))
                return


class Asking:
    """The way to a member's consent: OAuth with a one-time state bound to the browser."""

    def __init__(
        self, settings: Settings, client: AsyncWebClient, consents: Consents, team: str
    ) -> None:
        self._settings = settings
        self._client = client
        self._consents = consents
        self._team = team
        self._open: dict[str, float] = {}

    def begin(self) -> tuple[str, str]:
        """Return a fresh state and the address of Slack's own page that asks."""
        now = time.monotonic()
        self._open = {state: until for state, until in self._open.items() if until > now}
        if len(self._open) >= MOST_STATES:
            self._open.pop(next(iter(self._open)))
        state = secrets.token_urlsafe(24)
        self._open[state] = now + STATE_LASTS
        query = {
            "client_id": self._settings.client_id,
            "user_scope": ",".join(USER_SCOPES),
            "redirect_uri": self._back(),
            "state": state,
            "team": self._team,
        }
        return state, f"{self._settings.authorize_url}?{urlencode(query)}"

    async def finish(self, state: str, cookie: str, code: str) -> bool:
        """Turn the code Slack sent along into a stored token; tell whether that was right."""
        until = self._open.pop(state, 0.0)
        if not state or not secrets.compare_digest(state.encode(), cookie.encode()):
            return False
        if until <= time.monotonic() or not code:
            return False
        try:
            answer = await asked(
                "oauth.v2.access",
                self._client.oauth_v2_access(
                    client_id=self._settings.client_id,
                    client_secret=self._settings.client_secret,
                    code=code,
                    redirect_uri=self._back(),
                ),
            )
        except DeliveryError:
            return False
        who = part(answer, "authed_user")
        user, token = words(who, "id"), words(who, "access_token")
        granted = set(words(who, "scope").split(","))
        ours = words(part(answer, "team"), "id") == self._team
        if not (user and token and ours and "chat:write" in granted):
            return False
        await self._consents.keep(user, token)
        return True

    def _back(self) -> str:
        return self._settings.web_url + RETURN_PATH


def _key(user: str) -> str:
    return f"user-token:{user}"


def _token(stored: bytes | None) -> str | None:
    try:
        return words(json.loads(stored), "access_token") or None if stored else None
    except ValueError:
        return None


def _users(stored: bytes | None) -> frozenset[str]:
    try:
        loaded = json.loads(stored) if stored else []
    except ValueError:
        return frozenset()
    if not isinstance(loaded, list):
        return frozenset()
    return frozenset(user for user in loaded if isinstance(user, str))
