"""Tips for what happens in the group beside what is written: a late change, a silent removal.

Who wrote a message is remembered in memory alone, without its text, and only for a day.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.core.decisions import ByClock, Decision, Reply, Rules, Whisper
from bot.core.events import Account, ChatRef, MessageDeleted, MessagePosted
from bot.core.facts import Facts
from bot.core.judge import judge
from bot.core.policy import Act, Level, Policy
from bot.core.quiet_hours import ReasonKind, local_day, why
from bot.core.respond import article_of
from bot.delivery.house import House
from bot.delivery.plans import drafts, first_job, plan_key
from bot.detection.reading.events import deleted_facts, edited_facts, lesson_facts
from bot.people import teaching_time
from bot.settings import InForce

REMEMBERED = 2_000
REMEMBERED_FOR = timedelta(days=1)
_TIPPING = (Level.TIP, Level.ACT)


@dataclass(frozen=True, slots=True)
class _Sent:
    by: Account
    at: datetime


class Tips:
    """Says a kind word to the author, once per message; never to anybody else."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._sent: OrderedDict[tuple[str, str, str], _Sent] = OrderedDict()

    def posted(self, event: MessagePosted) -> None:
        """Remember whose message it is, and since when."""
        key = _key(event.chat, event.message)
        self._sent.setdefault(key, _Sent(event.sender, event.sent_at))
        while len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)

    async def passed(self, event: MessagePosted, school: InForce) -> None:
        """A message nothing had to be done about: a late change of one, or one from a lesson."""
        if event.revision:
            await self.edited(event, school)
            return
        self.posted(event)
        await self._in_lesson(event, school)

    async def nudge(
        self, to: Account, until: datetime | None, decisions: tuple[Decision, ...]
    ) -> None:
        """One warm sentence, once per person per evening; the message itself is not kept."""
        who = self._house.repository.account_mark(to)
        key = plan_key("nudge", who, until.isoformat() if until else "")
        said = tuple(
            Reply(d.key, d.cause, d.values, to=to) for d in decisions if isinstance(d, Whisper)
        )
        await self._plan(key, said)

    async def _in_lesson(self, event: MessagePosted, school: InForce) -> None:
        """Who writes while teaching, by their own timetable, hears so once that day."""
        people = await self._house.colleagues(school.school.id)
        me = next((one for one in people if one.lessons and event.sender in one.accounts), None)
        if me is None or school.level is Level.OBSERVE or not event.delivered:
            return
        now = self._house.clock.now()
        if why(teaching_time(me, school.calendar), now).kind is not ReasonKind.LESSON:
            return
        midnight = datetime.combine(local_day(school.calendar, now), time(0))
        await self.nudge(event.sender, midnight, (_lesson_word(school.policy),))

    async def edited(self, posted: MessagePosted, school: InForce) -> None:
        """Ask for a mark where a message changed that others had read already."""
        first = self._sent.get(_key(posted.chat, posted.message))
        began = first.at if first else posted.sent_at
        facts = edited_facts(posted.text, self._house.clock.now() - began)
        if facts is not None:
            await self._say("tip.edited", posted.chat, posted.message, posted.sender, facts, school)

    async def deleted(self, event: MessageDeleted, school: InForce) -> None:
        """Ask for a reason where a message went that others had read already."""
        sent = self._sent.pop(_key(event.chat, event.message), None)
        if sent is None or event.at - sent.at > REMEMBERED_FOR:
            return
        facts = deleted_facts(event.at - sent.at)
        if facts is not None:
            await self._say("tip.deleted", event.chat, event.message, sent.by, facts, school)

    async def _say(
        self, key: str, chat: ChatRef, message: str, to: Account, facts: Facts, school: InForce
    ) -> None:
        verdict = judge(school.policy, facts)
        if Act.NOTE not in verdict.acts or school.level not in _TIPPING:
            return
        article = {"article": article_of(verdict)}
        said = (Reply(key, Rules(verdict.deciding), article, to=to),)
        await self._plan(plan_key(key, chat.platform, chat.chat, message), said)

    async def _plan(self, plan: str, said: tuple[Reply, ...]) -> None:
        if await self._house.repository.add_plan(plan, None, drafts(said)):
            await self._house.submit(first_job(plan, said))


def _lesson_word(policy: Policy) -> Whisper:
    """With the article where the protocol speaks of lessons, else as a favour."""
    verdict = judge(policy, lesson_facts())
    if not verdict.acts & {Act.HOLD, Act.NOTE}:
        return Whisper("quiet.in_lesson", ByClock())
    return Whisper("tip.lesson", Rules(verdict.deciding), {"article": article_of(verdict)})


def _key(chat: ChatRef, message: str) -> tuple[str, str, str]:
    return chat.platform, chat.chat, message
