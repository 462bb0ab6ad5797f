"""Where every event comes in: detect, store what needs action, and only then say "received".

A harmless message ends here: nothing is written. What needs action is stored encrypted in one
transaction, under a key made from platform, chat, message and revision, so that the same event
told twice changes nothing; then its first step is handed to the work engine.
"""

import asyncio
from datetime import datetime, timedelta
from typing import assert_never

from bot.core.decisions import Decision, Hold, Record
from bot.core.events import (
    BotAdded,
    BotRemoved,
    ButtonPressed,
    ChatRef,
    CommandGiven,
    Incoming,
    MembersChanged,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Pass,
    Place,
    Receipt,
    Refuse,
)
from bot.core.facts import Facts
from bot.core.findings import Detection, FailedCheck
from bot.core.judge import Verdict, judge
from bot.core.policy import Level
from bot.core.respond import respond
from bot.core.situation import Response
from bot.delivery import moments
from bot.delivery.buttons import Buttons
from bot.delivery.catchup import Catching
from bot.delivery.groups import Groups
from bot.delivery.house import House
from bot.delivery.let_pass import LetPass
from bot.delivery.plans import drafts, first_job, plan_key
from bot.delivery.private import Private
from bot.delivery.recent import Recent
from bot.delivery.render import render
from bot.delivery.tips import Tips
from bot.detection.reading import group_facts
from bot.settings import InForce
from bot.storage.records import Case, CaseState, NewCase

LONGEST_TEXT = 100_000
BEYOND = "beyond_length"


class Intake:
    """The `on_incoming` of every adapter; returns once what matters is durable."""

    def __init__(self, house: House, private: Private, buttons: Buttons, groups: Groups) -> None:
        self._house = house
        self._private = private
        self._buttons = buttons
        self._groups = groups
        self._recent = Recent()
        self._let_pass = LetPass(house)
        self._catching = Catching(house)
        self._tips = Tips(house)

    async def on_incoming(self, event: Incoming) -> Receipt:
        """Take one event in; errors are raised to the adapter, which must then not confirm it."""
        match event:
            case MessagePosted(place=Place.PRIVATE):
                return await self._private.said(event)
            case MessagePosted():
                return await self._posted(event)
            case MessageEdited(posted=posted):
                return await self._edited(posted)
            case MessageDeleted():
                return await self._deleted(event)
            case ButtonPressed():
                return await self._buttons.pressed(event)
            case CommandGiven():
                return await self._commanded(event)
            case BotAdded():
                return await self._groups.added(event)
            case BotRemoved():
                return await self._groups.removed(event)
            case MembersChanged():
                return await self._groups.changed(event)
            case _:
                assert_never(event)

    async def _commanded(self, event: CommandGiven) -> Receipt:
        if await self._groups.named(event):
            return await self._private.saved(event)
        return await self._private.commanded(event)

    async def _posted(self, event: MessagePosted) -> Receipt:
        if await self._groups.place_of(event.chat) is not Place.TEAM:
            return await self._groups.unread(event)
        if await self._let_pass.arrived(event):
            return Pass()
        school = await self._house.school()
        if school.level is Level.OFF:
            return Pass()
        return self._let_pass.asked(event, await self._judge(event, school))

    async def _edited(self, posted: MessagePosted) -> Receipt:
        """Judge the new text; a copy we keep follows the edit, so that nothing stale is sent."""
        if posted.place is Place.PRIVATE:
            return await self._private.said(posted)
        known = await self._house.repository.case_for(posted.chat, posted.message)
        if known is None or known.revision >= posted.revision:
            return await self._posted(posted)
        if known.state is CaseState.HELD:
            return await self._edit_held(known, posted)
        if known.state is CaseState.OPEN and known.removed_at is not None:
            return await self._follow(known, posted)
        if known.state is CaseState.OPEN:
            await self._buttons.close(known, CaseState.DISMISSED)
        return await self._posted(posted)

    async def _follow(self, kept: Case, posted: MessagePosted) -> Receipt:
        """Edited while it was being taken away: only our copy is left, so that is what follows."""
        found = await self._detect(posted, await self._house.school())
        kinds = tuple(c.value for c in found.assessment.categories) or kept.categories
        await self._house.repository.replace_copy(
            kept.id, posted.revision, posted.text, posted.attachments, found.findings, kinds
        )
        return Pass()

    async def _edit_held(self, held: Case, posted: MessagePosted) -> Receipt:
        school = await self._house.school()
        detection = await self._detect(posted, school)
        if detection.confidential:
            await self._buttons.close(held, CaseState.DISMISSED)
            return await self._judge(posted, school)
        await self._buttons.unplanned(held)
        await self._house.repository.replace_copy(
            held.id, posted.revision, posted.text, posted.attachments, detection.findings, ()
        )
        return Pass()

    async def _deleted(self, event: MessageDeleted) -> Receipt:
        """Respect that somebody took a message back: an open copy is destroyed."""
        await self._house.repository.drop_catchup(event.chat, event.message)
        known = await self._house.repository.case_for(event.chat, event.message)
        if known is None:
            await self._tips.deleted(event, await self._house.school())
        if known is None or known.removed_at is not None:
            return Pass()
        if known.state is CaseState.OPEN and Level(known.level) is Level.ACT:
            await self._buttons.removed(known, event.at)
            return Pass()
        if known.state in (CaseState.OPEN, CaseState.HELD):
            await self._buttons.close(known, CaseState.WITHDRAWN)
        return Pass()

    async def _judge(self, event: MessagePosted, school: InForce) -> Receipt:
        detection = await self._detect(event, school)
        situation = moments.for_message(self._house, school, event, detection)
        facts = group_facts(
            event.text,
            detection,
            attachments=tuple(a.kind.value for a in event.attachments),
            quiet=situation.quiet_until is not None,
            settings=school.policy.settings,
            outsiders=event.outsiders,
        )
        verdict = judge(school.policy, facts)
        response = respond(verdict, situation)
        await self._count_unchecked(school, detection)
        await self._remember(event, school, detection, response)
        if not response.keep:
            await self._tips.passed(event, school)
            return Pass()
        if all(isinstance(decision, Record) for decision in response.decisions):
            return await self._observe(school, response)
        whole = await moments.completed(self._house, school, event.sender, situation)
        response = respond(verdict, whole)
        if response.explanation == ("means.nudge",):
            await self._tips.nudge(event.sender, situation.quiet_until, response.decisions)
            return Pass()
        return await self._keep(event, school, detection, verdict, response, facts)

    async def _remember(
        self, event: MessagePosted, school: InForce, detection: Detection, response: Response
    ) -> None:
        """Keep ordinary words for colleagues who are free and asked for it; nothing else ever."""
        ordinary = not (detection.confidential or detection.assessment.unsure or detection.failed)
        if not ordinary:
            await self._house.repository.drop_catchup(event.chat, event.message)
        elif event.delivered or not response.refuse:
            sender, text = event.sender, event.text[:LONGEST_TEXT]
            # An edit counts from now: who has read it in a digest is not sent it again.
            at = event.sent_at if event.revision == 0 else None
            await self._catching.said(school, event.chat, event.message, sender, text, at)

    async def _detect(self, event: MessagePosted, school: InForce) -> Detection:
        """Look at the text and at what it quotes: repeating a secret spreads it too."""
        conversation = (event.chat.platform, event.chat.chat, event.conversation)
        before = self._recent.before(conversation, event.sent_at)
        self._recent.add(conversation, event.text, event.sent_at)
        found = await asyncio.to_thread(
            self._house.detect,
            event.text[:LONGEST_TEXT],
            attachments=tuple(a.kind.value for a in event.attachments),
            file_names=tuple(a.name for a in event.attachments),
            context=before,
            own_domains=school.own_domains,
        )
        if len(event.text) > LONGEST_TEXT:
            return _not_all(found)
        if event.quoted and not found.confidential:
            quoted = await asyncio.to_thread(
                self._house.detect,
                event.quoted[:LONGEST_TEXT],
                own_domains=school.own_domains,
            )
            if quoted.confidential:
                return Detection((), quoted.assessment, found.failed, found.unchecked)
        return found

    async def _count_unchecked(self, school: InForce, detection: Detection) -> None:
        day = self._house.clock.now().date()
        for kind in detection.unchecked:
            await self._house.repository.count(school.school.id, day, f"unchecked.{kind}")
        for failed in detection.failed:
            await self._house.repository.count(school.school.id, day, f"failed.{failed.recognizer}")

    async def _observe(self, school: InForce, response: Response) -> Receipt:
        """At *observe* only counts are kept: no text, no sender."""
        day = self._house.clock.now().date()
        for decision in response.decisions:
            if isinstance(decision, Record):
                for name in decision.categories or ("none",):
                    await self._house.repository.count(
                        school.school.id, day, f"{decision.event}.{name}"
                    )
        return Pass()

    async def _keep(
        self,
        event: MessagePosted,
        school: InForce,
        detection: Detection,
        verdict: Verdict,
        response: Response,
        facts: Facts,
    ) -> Receipt:
        known = await self._house.repository.case_for(event.chat, event.message)
        if known is not None and known.revision > event.revision:
            return Pass()  # told late: what it became is already in hand
        new = await self._new_case(event, school, detection, verdict, response, facts)
        key = _key(event)
        await self._house.repository.add_case(new, drafts(response.decisions), key)
        # Submitted even when the event was told before: the process may have died in between.
        await self._house.submit(first_job(key, response.decisions))
        if response.refuse is None or event.delivered:
            return Pass()
        return Refuse(self._say(response, school))

    def _say(self, response: Response, school: InForce) -> str:
        return render(
            response.refuse or "",
            response.refuse_values,
            language=school.school.language,
            zone=school.school.zone,
            now=self._house.clock.now(),
        )

    async def _new_case(
        self,
        event: MessagePosted,
        school: InForce,
        detection: Detection,
        verdict: Verdict,
        response: Response,
        facts: Facts,
    ) -> NewCase:
        now = self._house.clock.now()
        situation_level = moments.level_of(school, detection.assessment.categories)
        due = _due(response.decisions)
        person = await self._house.person(event.sender)
        return NewCase(
            org=school.school.id,
            chat=event.chat,
            message=event.message,
            revision=event.revision,
            sender=event.sender,
            person_id=person.id if person else None,
            place=Place.TEAM,
            conversation=event.conversation,
            sent_at=event.sent_at,
            seen_at=now,
            state=CaseState.HELD if due else CaseState.OPEN,
            categories=tuple(c.value for c in detection.assessment.categories),
            rule_ids=verdict.deciding,
            articles=verdict.articles,
            facts=facts.words(),
            level=situation_level.value,
            secret=any(f.entity_type in moments.SECRETS for f in detection.findings),
            delivered=event.delivered,
            reply_to=event.reply_to,
            text=event.text,
            quoted=event.quoted,
            attachments=event.attachments,
            findings=detection.findings,
            expires_at=_kept_until(due, school, now),
            due_at=due,
            group_size=await self._size(event.chat),
        )

    async def _size(self, chat: ChatRef) -> int | None:
        return await self._house.size(chat)


def _key(event: MessagePosted) -> str:
    chat = event.chat
    return plan_key("case", chat.platform, chat.chat, event.message, str(event.revision))


def _due(decisions: tuple[Decision, ...]) -> datetime | None:
    return next((d.until for d in decisions if isinstance(d, Hold)), None)


def _kept_until(due: datetime | None, school: InForce, now: datetime) -> datetime:
    if due is None:
        return moments.expires(school, now) + timedelta(hours=1)
    return moments.kept_until(school, due)


def _not_all(found: Detection) -> Detection:
    """A text too long to look at whole is a failed check, never "nothing found"."""
    failed = (*found.failed, FailedCheck(BEYOND, "TooLong"))
    return Detection(found.findings, found.assessment, failed, found.unchecked)
