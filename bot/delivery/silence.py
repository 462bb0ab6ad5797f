"""Quiet phones: whoever asked for it gets no sounds until their own next working moment."""

from datetime import datetime

from bot.adapters.base import Adapter, OnBehalf, Snooze
from bot.core.events import Account
from bot.core.quiet_hours import WorkingTime, next_working
from bot.delivery.house import House
from bot.errors import DeliveryError
from bot.people import working_time
from bot.settings import InForce


class Silence:
    """Keeps every willing phone quiet; a platform that refuses is asked again the next time."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def keep(self, school: InForce, now: datetime) -> None:
        """Silence whoever is free at `now`; once per free stretch and day."""
        if not school.rest_on:
            return
        for platform, adapter in self._house.adapters.items():
            own = self._house.on_behalf(platform)
            for who in await _willing(own) if own else ():
                await self._one(adapter, who, school, now)

    async def _one(self, adapter: Adapter, who: Account, school: InForce, now: datetime) -> None:
        person = await self._house.person(who)
        time = working_time(person, school.calendar) if person else WorkingTime(school.calendar)
        until = next_working(time, now)
        if until is None or until <= now:
            return
        key = f"dnd:{who.user}:{until.isoformat()}:{now.date().isoformat()}"
        try:
            await adapter.act(Snooze(who, until), key)
        except DeliveryError:
            return


async def _willing(adapter: OnBehalf) -> tuple[Account, ...]:
    try:
        return await adapter.silenceable()
    except DeliveryError:
        return ()
