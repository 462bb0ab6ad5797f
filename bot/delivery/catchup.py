"""What was said while a part-timer was free, sent to them when their own work begins.

Only for colleagues who asked for it. Ordinary words are kept sealed until then and destroyed
once delivered; confidential ones are never kept for anybody.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.decisions import ByClock
from bot.core.decisions import Catchup as Decided
from bot.core.events import Account, ChatRef
from bot.core.quiet_hours import next_open, next_working
from bot.delivery.belonging import belongs
from bot.delivery.house import House
from bot.delivery.plans import drafts, first_job, plan_key
from bot.people import working_time
from bot.settings import InForce
from bot.storage.records import Case, Person

LONGEST_WAIT = timedelta(days=31)


class Catching:
    """Keeps what is said for whoever is free, and hands it over at their first working moment."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def said(
        self,
        school: InForce,
        chat: ChatRef,
        message: str,
        sender: Account,
        text: str,
        at: datetime | None = None,
    ) -> None:
        """Keep an ordinary message of `at`, or of now, for all who start later than the team."""
        if not (school.rest.digests and school.rest_on and text.strip()):
            return
        now = self._house.clock.now()
        at = min(at or now, now)
        wanted = await self._wanted(school, chat.platform, sender, at)
        if wanted:
            await self._house.repository.add_catchup(
                school.school.id, wanted, chat, message, sender, text, at
            )

    async def wanting(self, ids: Sequence[str]) -> dict[str, dict[str, datetime]]:
        """Who is free while these held messages are delivered, and when each of them begins."""
        school = await self._house.school()
        if not (school.rest.digests and school.rest_on):
            return {}
        found = [await self._house.repository.case(one) for one in ids]
        return {
            case.id: await self._wanted(school, case.chat.platform, case.sender, self._lands(case))
            for case in found
            if case is not None and case.text.strip()
        }

    def _lands(self, case: Case) -> datetime:
        """When it comes into the group; what a platform posts by itself comes without us."""
        now = self._house.clock.now()
        planned = self._house.on_behalf(case.chat.platform) is not None
        return min(case.due_at, now) if planned and case.due_at else now

    async def _wanted(
        self, school: InForce, platform: str, sender: Account, at: datetime
    ) -> dict[str, datetime]:
        people = await self._house.colleagues(school.school.id)
        asked = [
            one
            for one in people
            if one.digest and account_on(one, platform) and sender not in one.accounts
        ]
        opens = next_open(school.calendar, at) if asked else None
        wanted = {one.id: next_working(working_time(one, school.calendar), at) for one in asked}
        return {
            person: begins
            for person, begins in wanted.items()
            if begins is not None and opens is not None and opens < begins <= at + LONGEST_WAIT
        }

    async def look(self) -> None:
        """Send what waits to whoever works now; forget it for who no longer wants it."""
        school = await self._house.school()
        waiting = await self._house.repository.catchups_waiting(school.school.id)
        if not waiting:
            return
        people = {one.id: one for one in await self._house.repository.people(school.school.id)}
        for (person_id, platform), mark in waiting.items():
            person = people.get(person_id)
            if person is None or not (person.digest and school.rest.digests):
                await self._house.repository.drop_catchups_of(person_id)
            elif self._works_now(school, person):
                await self._send(person, platform, mark)

    def _works_now(self, school: InForce, person: Person) -> bool:
        now = self._house.clock.now()
        begins = next_working(working_time(person, school.calendar), now)
        return not school.rest_on or (begins is not None and begins <= now)

    async def _send(self, person: Person, platform: str, mark: str) -> None:
        """Plan the digest under a key of what waits, so that two nodes plan it once."""
        account = account_on(person, platform)
        if account is None:
            return
        if not await belongs(self._house, account):
            await self._house.repository.drop_catchups_of(person.id)
            return
        day = f"{self._house.clock.now().date().isoformat()}:{self._house.clock.moves}"
        key = plan_key("catchup", person.id, platform, mark, day)
        decided = (Decided(ByClock(), person.id, account),)
        await self._house.repository.add_plan(key, None, drafts(decided))
        await self._house.submit(first_job(key, decided))


def account_on(person: Person, platform: str) -> Account | None:
    """Where somebody can be reached on a platform."""
    return next((one for one in person.accounts if one.platform == platform), None)
