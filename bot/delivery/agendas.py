"""Calendar files in the private chat: somebody's own days, or by an admin the school's."""

import asyncio
from collections.abc import Sequence
from datetime import date

from bot.core.decisions import Person as ByPerson
from bot.core.decisions import Reply
from bot.core.events import Account, Attachment
from bot.core.quiet_hours import local_day
from bot.delivery.house import House
from bot.delivery.resting import Resting
from bot.errors import DeliveryError, SettingError
from bot.resting.agenda import LARGEST, read_agenda

_TIMETABLE = ("lessen", "lestijden", "rooster", "lessons", "timetable")
_TYPES = ("text/calendar", "application/ics")
Replies = tuple[Reply, ...]


class Agendas:
    """Fetches a calendar file, reads it within bounds and keeps its days."""

    def __init__(self, house: House, resting: Resting) -> None:
        self._house = house
        self._resting = resting

    async def sent(self, account: Account, file: Attachment, words: str) -> Replies:
        """Take the days of a file over; "rooster" beside it means lesson times."""
        try:
            data = await self._fetched(account, file)
            lessons = words.strip().casefold().startswith(_TIMETABLE)
            count = await self._kept(account, data, lessons=lessons)
        except SettingError as wrong:
            return (Reply(wrong.key, ByPerson(), wrong.values),)
        return (await self._resting.own_told(account, "rest.own.imported", count=count),)

    async def _fetched(self, account: Account, file: Attachment) -> bytes:
        if file.size is not None and file.size > LARGEST:
            raise SettingError("rest.agenda.too_large")
        try:
            return await self._house.adapter(account.platform).fetch(file)
        except DeliveryError as refused:
            if not refused.permanent:
                raise
            raise SettingError("rest.agenda.not_calendar") from None

    async def _kept(self, account: Account, data: bytes, *, lessons: bool) -> int:
        agenda = await asyncio.to_thread(read_agenda, data, today=await self._today())
        if lessons and not agenda.hours:
            raise SettingError("rest.agenda.empty")
        if lessons:
            await self._resting.say_own(account, f"lessen {agenda.lessons()}")
            return len(agenda.hours)
        if not agenda.days:
            raise SettingError("rest.agenda.empty")
        await self._resting.add_leave(account, agenda.leave())
        return len(agenda.days)

    async def _today(self) -> date:
        school = await self._house.school()
        return local_day(school.calendar, self._house.clock.now())


def calendar_file(attachments: Sequence[Attachment]) -> Attachment | None:
    """The calendar among what was sent, if there is one."""
    for file in attachments:
        if file.name.casefold().endswith(".ics") or file.mime.partition(";")[0] in _TYPES:
            return file
    return None
