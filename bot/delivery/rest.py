"""Quiet hours as they come and go: lock where a platform can, and deliver what was held."""

from datetime import datetime

from bot.core.decisions import ByClock, Decision, Digest, LockChat, UnlockChat
from bot.core.events import ChatRef
from bot.core.policy import Level
from bot.core.quiet_hours import next_boundary, next_open, team_open
from bot.delivery.house import House
from bot.delivery.plans import drafts, first_job, plan_key, step_job
from bot.settings import InForce
from bot.storage.records import Case, Chat
from bot.work.jobs import Finished, Job, Outcome

RELEASE = "release"


def release_job(case: Case, at: datetime) -> Job:
    """The job that delivers a held message, together with all others then due in its chat."""
    return Job(RELEASE, f"{RELEASE}:{case.id}:{at.isoformat()}", (case.id,), at=at)


class Rest:
    """Locks, unlocks and releases; every tick may come twice without harm."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._known: InForce | None = None

    def next_at(self, after: datetime) -> datetime | None:
        """The next instant at which the team's working time begins or ends, as last known."""
        if self._known is None or not self._known.rest_on:
            return None
        return next_boundary(self._known.calendar, after)

    async def look(self) -> None:
        """Look at this moment; also how changed hours come to be known."""
        await self.tick(self._house.clock.now())

    async def tick(self, now: datetime) -> None:
        """Bring every team chat into the state that belongs to `now`."""
        school = self._known = await self._house.school()
        open_now = team_open(school.calendar, now) or not school.rest_on
        for chat in await self._house.repository.chats(school.school.id):
            adapter = self._house.adapters.get(chat.ref.platform)
            if adapter is None or not adapter.capabilities.lock or not chat.is_team:
                continue
            if open_now and chat.locked_until is not None:
                await self._plan(chat, UnlockChat(ByClock(), chat.ref), now)
            elif not open_now and chat.locked_until is None and school.level is not Level.OBSERVE:
                until = next_open(school.calendar, now)
                if until is not None and school.level is not Level.OFF:
                    await self._plan(chat, LockChat(ByClock(), until, chat.ref), now)

    async def _plan(self, chat: Chat, decision: Decision, now: datetime) -> None:
        """Plan it under a key of this boundary, so that two nodes plan it once."""
        school = await self._house.school()
        boundary = next_boundary(school.calendar, now)
        when = boundary.isoformat() if boundary else "never"
        moved = str(self._house.clock.moves)
        key = plan_key(type(decision).__name__, chat.ref.platform, chat.ref.chat, when, moved)
        await self._house.repository.add_plan(key, None, drafts((decision,)))
        await self._house.submit(first_job(key, (decision,)))

    async def release(self, ids: tuple[str, ...]) -> Outcome:
        """Deliver what is due in the chat of case `ids[0]`: one as it is, several as a digest."""
        case_id = ids[0]
        mine = await self._house.repository.case(case_id)
        if mine is None:
            return Finished("gone")
        now = self._house.clock.now()
        school = await self._house.school()
        opens = next_open(school.calendar, now) if school.rest_on else now
        if opens is not None and opens > now:
            # The school changed its hours, or the clock went back: wait for the next moment.
            return Finished("not_yet", (release_job(mine, opens),))
        key = f"{RELEASE}:{case_id}"
        held = await self._house.repository.held_cases(mine.chat, now)
        decisions = _deliver(mine.chat, held)
        if decisions and any(case.id == case_id for case in held):
            await self._house.repository.add_plan(key, None, drafts(decisions))
        begin: tuple[Job, ...] = ()
        if await self._house.repository.step(key, 0) is not None:
            begin = (step_job(key, 0, None),)
        return Finished("released" if begin else "nothing_due", begin)


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
