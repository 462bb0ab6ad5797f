"""The page for one's own days; nobody can see or change another's here."""

import asyncio
from datetime import date

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.core.events import Account
from bot.core.quiet_hours import local_day
from bot.delivery.house import House
from bot.delivery.resting import Resting
from bot.errors import SettingError
from bot.resting.agenda import read_agenda
from bot.resting.own import own_summary
from bot.storage.records import Person
from bot.web.admin.door import Door, Guest
from bot.web.admin.quiet import uploaded


class OwnPages:
    """Shows and changes the days of whoever is signed in, by the sentences of the chat."""

    def __init__(self, house: House, resting: Resting, door: Door) -> None:
        self._house = house
        self._resting = resting
        self._door = door

    async def page(self, request: Request, guest: Guest) -> Response:
        return self._door.page(request, "own.html", guest.language, guest, here="mijn")

    async def state(self, request: Request, guest: Guest) -> Response:
        """What is known of one's own days."""
        del request
        person = await self._house.person(_account(guest))
        return JSONResponse(await self._shape(person, guest.language))

    async def say(self, request: Request, guest: Guest) -> Response:
        """Carry out one sentence about one's own days."""
        form = await request.form(max_files=0, max_fields=2, max_part_size=4_000)
        account = _account(guest)
        await self._resting.say_own(account, str(form.get("say", "")))
        return JSONResponse(await self._shape(await self._house.person(account), guest.language))

    async def upload(self, request: Request, guest: Guest) -> Response:
        """Take the days of a calendar file as one's own leave."""
        account = _account(guest)
        data = await uploaded(request)
        agenda = await asyncio.to_thread(read_agenda, data, today=await self._today())
        if not agenda.days:
            raise SettingError("rest.agenda.empty")
        await self._resting.add_leave(account, agenda.leave())
        return JSONResponse(await self._shape(await self._house.person(account), guest.language))

    async def _shape(self, person: Person | None, language: str) -> dict[str, object]:
        today = await self._today()
        known = person or Person("", "")
        return {
            "today": today.isoformat(),
            "works": known.works,
            "digest": known.digest,
            "lessons": known.lessons,
            "undo": bool(known.past),
            "summary": own_summary(known, today, language),
            "leave": [
                {"start": str(one.start), "end": str(one.end or ""), "half": one.half.value}
                for one in known.leave
            ],
        }

    async def _today(self) -> date:
        school = await self._house.school()
        return local_day(school.calendar, self._house.clock.now())


def _account(guest: Guest) -> Account:
    if guest.account is None:
        raise SettingError("beheer.error.nobody")
    return guest.account
