"""Keeps a confidential draft for a day, so that its author can mail it or post it made safe."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.core.advice import AdviceKind, answer
from bot.core.decisions import Reply
from bot.core.drafts import draft_message, offer
from bot.core.events import Account, MessagePosted
from bot.core.judge import Verdict, judge
from bot.core.policy import Policy
from bot.core.rewrite import safe_version
from bot.delivery import moments
from bot.delivery.advise import read
from bot.delivery.belonging import belongs
from bot.delivery.house import House
from bot.delivery.plans import drafts, first_job, plan_key
from bot.detection.reading import Detect, Reading
from bot.settings import InForce
from bot.storage.records import Chat, NewCase

KEPT = timedelta(days=1)


class Drafting:
    """From a private question with a draft in it to the buttons under its answer."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def offer(self, event: MessagePosted, words: str) -> None:
        """Offer what else can be done with a draft that may not stand in the group as it is."""
        school = await self._house.school()
        chat = await self._house.repository.team_chat(school.school.id)
        if chat is None or chat.ref.platform != event.chat.platform:
            return
        if not await belongs(self._house, event.sender):
            return
        detect = partial(self._house.detect, own_domains=school.own_domains)
        reading, verdict = await asyncio.to_thread(_refused, school.policy, detect, words)
        if verdict is None:
            return
        await self._keep(event, school, chat, reading, verdict)

    async def _keep(
        self, event: MessagePosted, school: InForce, chat: Chat, reading: Reading, verdict: Verdict
    ) -> None:
        text = reading.draft
        detection = self._house.detect(text, own_domains=school.own_domains)
        categories = detection.assessment.categories
        again = partial(self._house.detect, own_domains=school.own_domains)
        safe = safe_version(text, detection.findings, categories, again)
        now = self._house.clock.now()
        reply = await self._offer(safe, event.sender, school)
        new = NewCase(
            org=school.school.id,
            chat=chat.ref,
            message=draft_message(event.message),
            sender=event.sender,
            sent_at=event.sent_at,
            seen_at=now,
            expires_at=now + KEPT,
            categories=tuple(category.value for category in categories),
            rule_ids=verdict.deciding,
            articles=verdict.articles,
            level=moments.level_of(school, categories).value,
            secret=any(f.entity_type in moments.SECRETS for f in detection.findings),
            delivered=False,
            text=text,
            findings=detection.findings,
        )
        key = plan_key("draft", event.chat.platform, event.chat.chat, event.message)
        await self._house.repository.add_case(new, drafts((reply,)), key)
        await self._house.submit(first_job(key, (reply,)))

    async def _offer(self, safe: str, to: Account, school: InForce) -> Reply:
        bare = moments.bare(self._house, school, to)
        situation = await moments.completed(self._house, school, to, bare)
        offered = offer(safe, situation.team_address, colleagues=bool(situation.colleagues))
        return replace(offered, to=to)


def _refused(policy: Policy, detect: Detect, words: str) -> tuple[Reading, Verdict | None]:
    """The reading, with the verdict where a confidential draft may not stand in the group."""
    reading = read(policy, detect, words, None, None)
    facts = reading.facts
    private = "confidential" in (facts.get("content") or ())
    group = "team_group" in (facts.get("channel") or ())
    if not (reading.draft and private and group):
        return reading, None
    verdict = judge(policy, facts)
    refused = answer(policy, verdict, facts).kind is AdviceKind.NO
    return reading, verdict if refused else None
