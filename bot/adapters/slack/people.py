"""Who people are: names looked up once and kept for a while, never waited for long."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.calls import asked
from bot.adapters.slack.reading import part, words
from bot.adapters.slack.translate import Names
from bot.errors import DeliveryError

KEPT = 6 * 3600.0
KEPT_UNKNOWN = 60.0
MOST = 5_000
PATIENCE = 1.0


@dataclass(frozen=True, slots=True)
class _Known:
    name: str = field(repr=False)
    bot: bool
    admin: bool
    found: bool
    until: float


class People:
    """Names by user id; somebody whose name does not come in time has none this time."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._looking: dict[str, asyncio.Task[None]] = {}

    async def names(self, users: Iterable[str]) -> Names:
        """Look these people up, together within a second."""
        wanted = list(dict.fromkeys(users))
        missing = [user for user in wanted if self._fresh(user) is None]
        if missing:
            await asyncio.wait([self._looked_up(user) for user in missing], timeout=PATIENCE)
        known = {user: self._known[user] for user in wanted if user in self._known}
        return Names(
            {user: who.name for user, who in known.items() if who.found},
            frozenset(user for user, who in known.items() if who.bot),
        )

    async def is_admin(self, user: str) -> bool:
        """Whether somebody administers the workspace, which lets their token remove messages."""
        await self.names([user])
        known = self._known.get(user)
        return known is not None and known.admin

    def forget(self, user: str) -> None:
        """Look this person up again next time."""
        self._known.pop(user, None)

    async def close(self) -> None:
        """Stop looking."""
        for task in tuple(self._looking.values()):
            task.cancel()
        await asyncio.gather(*self._looking.values(), return_exceptions=True)

    def _looked_up(self, user: str) -> asyncio.Task[None]:
        """The one look-up of this person that is going on; what comes late serves the next."""
        task = self._looking.get(user)
        if task is None:
            task = asyncio.create_task(self._look(user))
            self._looking[user] = task
            task.add_done_callback(lambda _: self._looking.pop(user, None))
        return task

    def _fresh(self, user: str) -> _Known | None:
        known = self._known.get(user)
        return known if known is not None and known.until > time.monotonic() else None

    async def _look(self, user: str) -> None:
        now = time.monotonic()
        try:
            answer = await asked("users.info", self._client.users_info(user=user))
        except DeliveryError:
            found = self._known.get(user)
            known = found or _Known("", bot=False, admin=False, found=False, until=0.0)
            self._keep(user, replace(known, until=now + KEPT_UNKNOWN))
            return
        person = part(answer, "user")
        profile = part(person, "profile")
        name = (
            words(profile, "real_name")
            or words(person, "real_name")
            or words(profile, "display_name")
            or words(person, "name")
        )
        admin = any(person.get(name) is True for name in ("is_admin", "is_owner"))
        bot = person.get("is_bot") is True
        self._keep(user, _Known(name[:200], bot, admin, found=True, until=now + KEPT))

    def _keep(self, user: str, known: _Known) -> None:
        self._known[user] = known
        self._known.move_to_end(user)
        if len(self._known) > MOST:
            self._known.popitem(last=False)
