"""Members' own tokens: given once by themselves, kept sealed, renewed, dropped when they die."""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from bot.adapters.base import AdapterState
from bot.adapters.slack.calls import DEAD_TOKEN, SlackRefusedError
from bot.adapters.slack.reading import part, words
from bot.adapters.slack.renewing import Renewal, Renewed, renewed_from
from bot.adapters.slack.values import USER_SCOPES
from bot.errors import DeliveryError

RENEW_BEFORE = 600.0
_DEAD = DEAD_TOKEN | {"invalid_refresh_token"}
_INDEX = "connected"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Consent:
    """One member's leave: `expires` is in seconds since 1970, 0 for a token that stays.

    `quiet` lets us silence their phone; `lends` lets an administrator's token remove what others
    wrote.
    """

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    expires: float = 0.0
    scopes: frozenset[str] = frozenset(USER_SCOPES)
    quiet: bool = True
    lends: bool = False

    @property
    def silences(self) -> bool:
        return self.quiet and "dnd:write" in self.scopes


class Consents:
    """Who connected their account, and with which token; `changed` hears whether anybody did."""

    def __init__(
        self, state: AdapterState, renewal: Renewal, changed: Callable[[bool], None]
    ) -> None:
        self._state = state
        self._renewal = renewal
        self._changed = changed
        self._renewing = asyncio.Lock()

    async def load(self) -> None:
        """Tell once, at the start, whether anybody connected."""
        self._changed(bool(await self.users()))

    async def users(self) -> frozenset[str]:
        """Everybody who connected."""
        return _users(await self._state.get(_INDEX))

    async def of(self, user: str) -> Consent | None:
        """A member's leave, if they gave one."""
        return _read(await self._state.get(_key(user)))

    async def token(self, user: str) -> str | None:
        """Return a member's own token, if they gave one; one that ends soon is renewed first."""
        known = await self.of(user)
        if known is None or not _ends_soon(known):
            return known.access if known else None
        return await self._renew(user)

    async def usable(self, user: str) -> Consent | None:
        """A member's leave, unless their token is not renewed; where Slack is away it still is."""
        with contextlib.suppress(DeliveryError):
            if await self.token(user) is None:
                return None
        return await self.of(user)

    async def lenders(self) -> tuple[str, ...]:
        """The administrators who let their right be used for everybody, in a steady order."""
        known = {user: await self.of(user) for user in sorted(await self.users())}
        return tuple(user for user, one in known.items() if one is not None and one.lends)

    async def silenced(self) -> tuple[str, ...]:
        """Who let us silence their phone."""
        known = {user: await self.of(user) for user in sorted(await self.users())}
        return tuple(user for user, one in known.items() if one is not None and one.silences)

    async def keep(self, user: str, token: str, renewed: Renewed | None = None) -> None:
        """Store a fresh leave; what was chosen before stays chosen."""
        before = await self.of(user) or Consent("")
        fresh = replace(before, access=token, refresh="", expires=0.0)
        if renewed is not None:
            fresh = replace(
                fresh,
                refresh=renewed.refresh,
                expires=renewed.expires,
                scopes=renewed.scopes or fresh.scopes,
            )
        await self._state.put(_key(user), _written(fresh))
        await self._listed(user, True)

    async def choose(self, user: str, **choice: bool) -> None:
        """Change `quiet` or `lends`; nothing for somebody who is not connected."""
        stored = await self._state.get(_key(user))
        known = _read(stored)
        if known is not None:
            changed = Consent(
                known.access,
                known.refresh,
                known.expires,
                known.scopes,
                choice.get("quiet", known.quiet),
                choice.get("lends", known.lends),
            )
            await self._state.compare_and_set(_key(user), stored, _written(changed))

    async def drop(self, user: str) -> str | None:
        """Forget a token and return it, so that it can be revoked."""
        stored = await self._state.get(_key(user))
        if stored is not None:
            await self._state.compare_and_set(_key(user), stored, None)
        await self._listed(user, False)
        known = _read(stored)
        return known.access if known else None

    async def drop_all(self) -> None:
        """Forget everybody's token: the app was taken out of the workspace."""
        for user in await self.users():
            await self.drop(user)

    async def refused(self, user: str, refused: SlackRefusedError) -> None:
        """Hear that Slack refused a token: one that ended is renewed, a dead one forgotten.

        Raises a temporary `DeliveryError` when it is worth another try with the new one.
        """
        if refused.code not in DEAD_TOKEN:
            return
        known = await self.of(user)
        if refused.code == "token_expired" and known is not None and known.refresh:
            if await self._renew(user, known.access) is not None:
                raise DeliveryError("slack: a token was renewed", permanent=False) from None
            return
        await self.drop(user)

    async def _renew(self, user: str, seen: str = "") -> str | None:
        """Trade the refresh token, one at a time: Slack takes each only once."""
        async with self._renewing:
            known = await self.of(user)
            if known is None:
                return None
            if not _ends_soon(known) and known.access != seen:
                return known.access
            try:
                fresh = await self._renewal.renew(known.refresh)
            except SlackRefusedError as refused:
                if not refused.permanent:
                    raise
                if refused.code in _DEAD:
                    await self.drop(user)
                else:
                    _log.error("slack: a member's token is not renewed (%s)", refused.code)
                return None
            await self.keep(user, fresh.access, fresh)
            return fresh.access

    async def _listed(self, user: str, is_in: bool) -> None:
        while True:
            old = await self._state.get(_INDEX)
            users = _users(old) | {user} if is_in else _users(old) - {user}
            new = json.dumps(sorted(users)).encode()
            if new == old or await self._state.compare_and_set(_INDEX, old, new):
                self._changed(bool(users))
                return


def granted(answer: Mapping[str, object]) -> tuple[str, Renewed | None]:
    """The member and the token in an answer of `oauth.v2.access`; nothing without a token."""
    who = part(answer, "authed_user")
    return words(who, "id"), renewed_from(who)


def _ends_soon(known: Consent) -> bool:
    return bool(known.refresh) and 0 < known.expires < time.time() + RENEW_BEFORE


def _key(user: str) -> str:
    return f"user-token:{user}"


def _written(known: Consent) -> bytes:
    return json.dumps(
        {
            "access_token": known.access,
            "refresh_token": known.refresh,
            "expires": known.expires,
            "scopes": sorted(known.scopes),
            "quiet": known.quiet,
            "lends": known.lends,
        }
    ).encode()


def _read(stored: bytes | None) -> Consent | None:
    try:
        loaded = json.loads(stored) if stored else None
    except ValueError:
        return None
    access = words(loaded, "access_token")
    if not access or not isinstance(loaded, dict):
        return None
    expires, scopes = loaded.get("expires"), loaded.get("scopes")
    return Consent(
        access,
        words(loaded, "refresh_token"),
        float(expires) if isinstance(expires, int | float) else 0.0,
        frozenset(map(str, scopes)) if isinstance(scopes, list) else frozenset(USER_SCOPES),
        loaded.get("quiet") is not False,
        loaded.get("lends") is True,
    )


def _users(stored: bytes | None) -> frozenset[str]:
    try:
        loaded = json.loads(stored) if stored else []
    except ValueError:
        return frozenset()
    if not isinstance(loaded, list):
        return frozenset()
    return frozenset(user for user in loaded if isinstance(user, str))
