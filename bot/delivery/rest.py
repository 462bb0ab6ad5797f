"""Quiet hours as they come and go: lock where a platform can, and deliver what was held."""

from datetime import UTC, datetime, timedelta

from bot.core.decisions import ByClock, Decision, Digest, LockChat, UnlockChat
from bot.core.events import ChatRef
from bot.core.policy import Level
from bot.core.quiet_hours import SchoolCalendar, next_boundary, next_open, team_open
from bot.delivery.catchup import Catching
from bot.delivery.handover import STUCK_WAIT
from bot.delivery.house import House
from bot.delivery.moments import kept_until
from bot.delivery.planned import Planned
from bot.delivery.plans import drafts, first_job, plan_key, step_job, stuck_key
from bot.delivery.silence import Silence
from bot.errors import DeliveryError
from bot.resting.value import How
from bot.settings import InForce
from bot.storage.records import Case, CaseState, Chat
from bot.storage.repository import Repository
from bot.work.jobs import Finished, Job, Outcome

RELEASE = "release"
FORCED = "forced"
GRACE = timedelta(minutes=2)
EVERYTHING = timedelta(days=800)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def release_job(case: Case, at: datetime, *, forced: bool = False) -> Job:
    """The job that delivers a held message, together with all others then due in its chat.

    `forced` delivers what is due even where the calendar says that nobody works.
    """
    ids = (case.id, FORCED) if forced else (case.id,)
    return Job(RELEASE, ":".join((RELEASE, *ids, at.isoformat())), ids, at=at)


def is_late(case: Case, now: datetime, *, team_works: bool) -> bool:
    """Whether it should have been in the group: its moment came, or the team works already."""
    return team_works or case.due_at is None or case.due_at < now


def asked(now: datetime) -> datetime:
    """The moment an admin on the server gives to what is late: whoever runs delivers it next.

    In the first year of computer time, and another one each time, as every attempt is its own.
    """
    return _LONG_AGO + (now - _LONG_AGO) / 1000


def was_asked(case: Case) -> bool:
    """Whether an admin on the server asked to deliver it."""
    return case.due_at is not None and case.due_at < asked(_LONG_AGO + timedelta(days=365_000))


class Rest:
    """Locks, unlocks and releases; every tick may come twice without harm."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._catching = Catching(house)
        self._silence = Silence(house)
        self._planned = Planned(house)
        self._known: InForce | None = None

    def next_at(self, after: datetime) -> datetime | None:
        """The next instant at which the team's working time begins or ends, as last known."""
        if self._known is None or not self._known.rest_on:
            return None
        return next_boundary(self._known.calendar, after)

    def next_morning(self, after: datetime) -> datetime:
        """The next moment at which the team's day begins, as last known."""
        calendar = self._known.calendar if self._known else SchoolCalendar()
        opens = next_open(calendar, after)
        if opens is not None and opens <= after:
            opens = next_open(calendar, next_boundary(calendar, after) or after)
        return opens or after

    async def look(self) -> None:
        """Look at this moment; also how changed hours and people come to be known."""
        self._house.people_changed()
        await self.tick(self._house.clock.now())

    async def tick(self, now: datetime) -> None:
        """Bring every team chat into the state that belongs to `now`."""
        school = self._known = await self._house.school()
        open_now = _works(school, now)
        acts = school.level not in (Level.OBSERVE, Level.OFF)
        closed = not open_now and school.rest.how == How.HOLD.value and acts
        until = next_open(school.calendar, now)
        for chat in await self._house.repository.chats(school.school.id):
            adapter = self._house.adapters.get(chat.ref.platform)
            if adapter is None or not adapter.capabilities.lock:
                continue
            # One that became another place while it was locked is opened again.
            shut = closed and chat.is_team
            if not shut and chat.locked_until is not None:
                await self._plan(chat, UnlockChat(ByClock(), chat.ref), now)
            elif shut and chat.locked_until is None and until is not None:
                await self._plan(chat, LockChat(ByClock(), until, chat.ref), now)
        if open_now:
            await self._release_late(school, now)
        elif until is not None:
            await self._wait_longer(school, now, until)
        await self._release_asked(school, now)
        await self._catching.look()
        await self._silence.keep(school, now)

    async def _release_late(self, school: InForce, now: datetime) -> None:
        """Deliver what still waits though the team works: hours were changed, or it was stuck."""
        begun: set[ChatRef] = set()
        held = await self._held(school)
        # One that was refused while this tick was under way waits from a moment after it began.
        now = max(now, self._house.clock.now())
        for case in held:
            fresh = case.due_at is not None and now - GRACE < case.due_at <= now
            if case.chat not in begun and not fresh and not _refused(case, now):
                begun.add(case.chat)
                await self._house.submit(release_job(case, now))

    async def _wait_longer(self, school: InForce, now: datetime, until: datetime) -> None:
        """Move what would come before the team works, because its hours were changed meanwhile.

        Its words are kept as long after the new moment as they were to be after the old one.
        """
        for case in await self._held(school):
            early = case.due_at is not None and now < case.due_at < until
            if not early or await self._was_stuck(case):
                continue
            try:
                await self._move(case, until, kept_until(school, until))
            except DeliveryError:
                continue  # the next look tries again

    async def _move(self, case: Case, until: datetime, expires: datetime) -> None:
        repository = self._house.repository
        if await self._planned.taken_back(case):
            return  # the platform posted it by itself; the release that comes finds that out
        await repository.update_case(case.id, due_at=until, expires_at=expires)
        await self._planned.plan(case, until)

    async def _was_stuck(self, case: Case) -> bool:
        return await self._house.repository.step(stuck_key(case.id), 0) is not None

    async def _release_asked(self, school: InForce, now: datetime) -> None:
        """Deliver what an admin asked for on the server, where nobody could hand us the job."""
        for case in await self._held(school):
            if was_asked(case):
                await self._house.submit(release_job(case, now, forced=True))

    async def _held(self, school: InForce) -> tuple[Case, ...]:
        return await self._house.repository.cases_in((CaseState.HELD,), school.school.id)

    async def waiting(self, school: InForce | None = None) -> tuple[Case, ...]:
        """Everything that is not in the group yet, in the order it was written.

        What a platform refuses for now is among it: it is tried again and not over.
        """
        school = school or await self._house.school()
        return await waiting_in(self._house.repository, school.school.id)

    async def late(self, school: InForce | None = None) -> tuple[Case, ...]:
        """What of it should have been there by now."""
        school, now = school or await self._house.school(), self._house.clock.now()
        works = _works(school, now)
        waiting = await self.waiting(school)
        return tuple(case for case in waiting if is_late(case, now, team_works=works))

    async def release_all(self) -> int:
        """Deliver now what is late, and everything while the team works; an admin asked for it."""
        now = self._house.clock.now()
        late = [case for case in await self.late() if case.state is CaseState.HELD]
        for case in late:
            await self._house.repository.update_case(case.id, due_at=now)
        for case in {case.chat: case for case in reversed(late)}.values():
            await self._house.submit(release_job(case, now, forced=True))
        return len(late)

    async def _plan(self, chat: Chat, decision: Decision, now: datetime) -> None:
        """Plan it under a key of this boundary, so that two nodes plan it once."""
        school = await self._house.school()
        boundary = next_boundary(school.calendar, now)
        when = boundary.isoformat() if boundary else "never"
        moved = f"{self._house.clock.moves}.{school.school.version}"
        if isinstance(decision, UnlockChat):
            moved += f".{now:%dT%H}"  # nobody may stay locked out for a day by one refusal
        key = plan_key(type(decision).__name__, chat.ref.platform, chat.ref.chat, when, moved)
        await self._house.repository.add_plan(key, None, drafts((decision,)))
        await self._house.submit(first_job(key, (decision,)))

    async def release(self, ids: tuple[str, ...]) -> Outcome:
        """Deliver what is due in the chat of case `ids[0]`: one as it is, several as a digest."""
        repository, forced = self._house.repository, FORCED in ids
        mine = await repository.case(ids[0])
        if mine is None:
            return Finished("gone")
        school = await self._house.school()
        due_by = self._house.clock.now() + (timedelta() if forced else EVERYTHING)
        held = await repository.held_cases(mine.chat, due_by)
        # Read again with the others: meanwhile it may have been tried, and refused, with them.
        mine = next((case for case in held if case.id == mine.id), None)
        if mine is None:
            return Finished("nothing_due")
        now = self._house.clock.now()
        later = None if forced else _later(mine, school, now)
        if later is not None and later > now:
            return Finished("not_yet", (release_job(mine, later),))
        # Whoever of them comes first makes the plan for all. Hold them again and their moment
        # changes, so that another attempt is a plan of its own.
        first = held[0]
        key = f"{RELEASE}:{first.id}:{first.due_at.isoformat() if first.due_at else 'now'}"
        await repository.add_plan(key, None, drafts(_deliver(mine.chat, held)))
        return Finished("released", (step_job(key, 0, None),))


def _refused(case: Case, now: datetime) -> bool:
    """Whether it looks as if it waits for another attempt."""
    return case.due_at is not None and now < case.due_at <= now + STUCK_WAIT


def _later(case: Case, school: InForce, now: datetime) -> datetime | None:
    """When it may come, if not now."""
    if _refused(case, now):
        return case.due_at  # a moment ago, together with another of its chat
    # The school changed its hours, or the clock went back.
    return next_open(school.calendar, now) if school.rest_on else None


def _works(school: InForce, now: datetime) -> bool:
    return not school.rest_on or team_open(school.calendar, now)


async def waiting_in(repository: Repository, org: str) -> tuple[Case, ...]:
    """What a school's group still waits for: held, or on its way there and not to the mail."""
    found = await repository.cases_in((CaseState.HELD, CaseState.REDIRECTING), org)
    return tuple(
        case
        for case in found
        if case.state is CaseState.HELD or (case.due_at is not None and not case.categories)
    )


def _deliver(ref: ChatRef, held: tuple[Case, ...]) -> tuple[Decision, ...]:
    """One digest for plain texts; a message with files or alone goes by itself."""
    if len(held) == 1:
        return (Digest(ByClock(), (held[0].id,), ref),)
    decisions: list[Decision] = []
    together: list[str] = []
    for case in held:
        if case.attachments:
            if together:
                decisions.append(Digest(ByClock(), tuple(together), ref))
                together = []
            decisions.append(Digest(ByClock(), (case.id,), ref))
        else:
            together.append(case.id)
    if together:
        decisions.append(Digest(ByClock(), tuple(together), ref))
    return tuple(decisions)
