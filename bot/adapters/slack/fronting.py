"""What members see of us apart from messages: the Home tab, and forms that open in time."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.base import Desk
from bot.adapters.slack.aside import Aside, patiently
from bot.adapters.slack.asking import Asking
from bot.adapters.slack.calls import asked
from bot.adapters.slack.consent import Consents
from bot.adapters.slack.forms import complaint, given_in, modal
from bot.adapters.slack.home import home
from bot.adapters.slack.people import People
from bot.adapters.slack.planning import Planning
from bot.adapters.slack.quieting import Quieting
from bot.adapters.slack.reading import Payload, part, parts, words
from bot.adapters.slack.values import (
    CONNECT_PATH,
    DISCONNECT,
    FORM,
    LEND,
    LEND_NOT,
    QUIET_OFF,
    QUIET_ON,
    Settings,
)
from bot.core.events import Account, CommandGiven
from bot.errors import DeliveryError

OPENS_WITHIN = 2.0
FORM_COMMANDS = frozenset({"stilte", "instellen"})
_FORGET = frozenset({"vergeetmij", "forgetme"})


@dataclass(kw_only=True)
class Fronting:
    """Answers what concerns this platform alone; everything else goes to the app."""

    settings: Settings
    client: AsyncWebClient
    people: People
    consents: Consents
    asking: Asking
    quieting: Quieting
    planning: Planning
    desk: Callable[[], Desk | None]
    _aside: Aside = field(default_factory=Aside, init=False, repr=False)

    async def close(self) -> None:
        await self._aside.close()

    def show_home(self, user: str) -> None:
        """Bring somebody's Home tab up to date, without anybody waiting for it."""
        if user:
            self._aside.run(lambda: self._home(user))

    async def pressed(self, user: str, body: Payload) -> bool:
        """Take a press on one of our own buttons; tell whether it was one."""
        value = next((v for a in parts(body, "actions") if (v := words(a, "value"))), "")
        if value.startswith(FORM):
            await self._opened(user, value.removeprefix(FORM), words(body, "trigger_id"))
            return True
        match value:
            case _ if value == DISCONNECT:
                await self._disconnect(user)
            case _ if value == QUIET_ON:
                await self.consents.choose(user, quiet=True)
            case _ if value == QUIET_OFF:
                await self.quieting.end(user)
                await self.consents.choose(user, quiet=False)
            case _ if value == LEND_NOT:
                await self.consents.choose(user, lends=False)
            case _ if value == LEND:
                if await self.people.is_admin(user):
                    await self.consents.choose(user, lends=True)
            case _:
                return False
        self.show_home(user)
        return True

    async def opened(self, given: CommandGiven, trigger: str) -> bool:
        """Answer a bare settings command with a form; where none opens, words will do."""
        if given.command not in FORM_COMMANDS or given.argument or not trigger:
            return False
        return await self._opened(given.by.user, given.command, trigger)

    async def filled(self, body: Payload) -> Mapping[str, object]:
        """Carry out a form that was sent; what is wrong is said under its fields."""
        desk, user = self.desk(), words(part(body, "user"), "id")
        if desk is None or not user:
            return {}
        name, given = given_in(part(body, "view"))
        wrong = await desk.filled(await self._account(user), name, given)
        if wrong:
            return complaint(wrong)
        self.show_home(user)
        return {}

    async def forgotten(self, given: CommandGiven) -> None:
        """Who wants to be forgotten is disconnected as well."""
        if given.command in _FORGET:
            await self._disconnect(given.by.user)

    async def _opened(self, user: str, name: str, trigger: str) -> bool:
        """Slack wants a form within three seconds of the press."""
        desk = self.desk()
        if desk is None or not user:
            return False
        try:
            async with asyncio.timeout(OPENS_WITHIN):
                form = await desk.form(await self._account(user), name)
                if form is None:
                    return False
                opening = self.client.views_open(trigger_id=trigger, view=modal(form))
                await asked("views.open", opening)
        except (DeliveryError, TimeoutError):
            return False
        return True

    async def _account(self, user: str) -> Account:
        return (await self.people.names([user])).account(user)

    async def _disconnect(self, user: str) -> None:
        """Let sounds through, forget the token, and tell Slack, as far as it listens."""
        await self.quieting.end(user)
        token = await self.consents.drop(user)
        if token:
            self._aside.run(lambda: self._given_back(token))

    async def _given_back(self, token: str) -> None:
        with contextlib.suppress(DeliveryError):
            await patiently(lambda: self.planning.take_back_all(token))
        await self.asking.revoke(token)

    async def _home(self, user: str) -> None:
        url = self.settings.web_url + CONNECT_PATH if self.settings.asks_consent else ""
        desk = self.desk()
        panel = await desk.panel(await self._account(user)) if desk else None
        admin = await self.people.is_admin(user)
        view = home(await self.consents.of(user), url, admin=admin, panel=panel)
        await asked("views.publish", self.client.views_publish(user_id=user, view=view))
