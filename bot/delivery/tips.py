"""Tips for what happens in the group beside what is written: a late change, a silent removal.

Who wrote a message is remembered in memory alone, without its text, and only for a day.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.decisions import Reply, Rules
from bot.core.events import Account, ChatRef, MessageDeleted, MessagePosted
from bot.core.facts import Facts
from bot.core.judge import judge
from bot.core.policy import Act, Level, Policy
from bot.core.respond import article_of
from bot.delivery.house import House
from bot.delivery.plans import drafts, first_job, plan_key
from bot.detection.reading.events import deleted_facts, edited_facts, lesson_facts
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
        self._sent[_key(event.chat, event.message)] = _Sent(event.sender, event.sent_at)
        while len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)

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
        plan = plan_key(key, chat.platform, chat.chat, message)
        if await self._house.repository.add_plan(plan, None, drafts(said)):
            await self._house.submit(first_job(plan, said))


def speaks_of_lessons(policy: Policy) -> bool:
    """Whether this protocol keeps the group quiet for who teaches."""
    return bool(judge(policy, lesson_facts()).acts & {Act.HOLD, Act.SILENCE, Act.NOTE})


def _key(chat: ChatRef, message: str) -> tuple[str, str, str]:
    return chat.platform, chat.chat, message
