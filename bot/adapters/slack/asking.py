"""The way to a member's consent: OAuth with a one-time state bound to the browser."""

import contextlib
import secrets
import time
from urllib.parse import urlencode

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.calls import asked, web_client
from bot.adapters.slack.consent import Consents, granted
from bot.adapters.slack.reading import part, words
from bot.adapters.slack.values import RETURN_PATH, USER_SCOPES, Settings
from bot.errors import DeliveryError

STATE_LASTS = 600.0
MOST_STATES = 1_000


class Asking:
    """Sends a member to Slack's own page and takes them in when they come back."""

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
        user, given = granted(answer)
        if given is None:
            return False
        ours = words(part(answer, "team"), "id") == self._team
        if not user or not ours or "chat:write" not in given.scopes:
            # What we do not keep should open nothing at Slack either.
            with contextlib.suppress(DeliveryError):
                await self.revoke(given.access)
            return False
        await self._consents.keep(user, given.access, given)
        return True

    async def revoke(self, token: str) -> None:
        """Tell Slack that a token is not to be used any more."""
        await asked("auth.revoke", web_client(self._settings, token).auth_revoke())

    def _back(self) -> str:
        return self._settings.web_url + RETURN_PATH
