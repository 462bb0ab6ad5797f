"""The page for the school's quiet time: a week to drag, a year to mark, who is reachable when."""

import asyncio
from datetime import date

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.core.quiet_hours import local_day, school_year
from bot.delivery.house import House
from bot.delivery.rest import Rest as Nights
from bot.errors import SettingError
from bot.resting.agenda import read_agenda
from bot.resting.publish import quiet_calendar
from bot.resting.school import change_school_rest, stored
from bot.resting.sentences import with_agenda
from bot.web.admin.door import Door, Guest
from bot.web.admin.shapes import held_shape, monday_of, reach_shape, rest_shape, year_shape


class QuietPages:
    """Shows and changes the school's quiet time; the sentences are those of the chat."""

    def __init__(self, house: House, nights: Nights, door: Door) -> None:
        self._house = house
        self._nights = nights
        self._door = door

    async def page(self, request: Request, guest: Guest) -> Response:
        """The page itself; everything in it comes from `state`."""
        return self._door.page(request, "quiet.html", guest.language, guest, here="rusttijd")

    async def state(self, request: Request, guest: Guest) -> Response:
        """Everything the page shows."""
        return JSONResponse(await self._state(request, guest))

    async def _state(self, request: Request, guest: Guest) -> dict[str, object]:
        school = await self._house.school()
        today = await self._today()
        year = request.query_params.get("year", "")
        if not (len(year) == 9 and year[:4].isdecimal() and 2020 <= int(year[:4]) <= 2050):
            year = school_year(today)
        people = await self._house.repository.people(school.school.id)
        monday = monday_of(school.calendar, request.query_params.get("week", ""), today)
        waiting, late = await self._nights.waiting(school), await self._nights.late(school)
        return {
            "today": today.isoformat(),
            "rest": rest_shape(school, today, guest.language),
            "year": year_shape(school.calendar, school.rest, year),
            "reach": reach_shape(school, people, monday),
            "held": held_shape(waiting, late),
        }

    async def say(self, request: Request, guest: Guest) -> Response:
        """Carry out one sentence, if nobody changed anything since the page was shown."""
        form = await request.form(max_files=0, max_fields=4, max_part_size=4_000)
        sentence = str(form.get("say", ""))
        now = await self._house.school()
        school = now.school
        if str(form.get("version", "")) != str(school.version):
            raise SettingError("setup.changed_meanwhile")
        today = await self._today()
        change = change_school_rest(school, sentence, today=today, rest=now.rest)
        await self._house.repository.change_school(
            school.version, change, by=self._door.mark(guest)
        )
        await self._nights.look()
        return JSONResponse(await self._state(request, guest))

    async def release(self, request: Request, guest: Guest) -> Response:
        """Deliver what is stuck."""
        del request, guest
        return JSONResponse({"count": await self._nights.release_all()})

    async def upload(self, request: Request, guest: Guest) -> Response:
        """Take the closed days of a calendar file over as the school's own."""
        data = await uploaded(request)
        agenda = await asyncio.to_thread(read_agenda, data, today=await self._today())
        school = await self._house.school()
        if not agenda.days:
            raise SettingError("rest.agenda.empty")
        change = stored(school.school, with_agenda(school.rest, agenda.days))
        await self._house.repository.change_school(
            school.school.version, change, by=self._door.mark(guest)
        )
        await self._nights.look()
        return JSONResponse(await self._state(request, guest))

    async def download(self, request: Request, guest: Guest) -> Response:
        """The quiet calendar as a file."""
        del request
        school = await self._house.school()
        now = self._house.clock.now()
        made = quiet_calendar(school.rest, await self._today(), now, guest.language)
        name = {"content-disposition": 'attachment; filename="rusttijd.ics"'}
        return Response(made, media_type="text/calendar", headers=name)

    async def _today(self) -> date:
        school = await self._house.school()
        return local_day(school.calendar, self._house.clock.now())


async def uploaded(request: Request) -> bytes:
    """The one file of a form; `SettingError` where there is none."""
    form = await request.form(max_files=1, max_fields=2, max_part_size=4_000)
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise SettingError("rest.agenda.not_calendar")
    return await file.read()
