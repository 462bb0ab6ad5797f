"""Pressed buttons: one-time, bound to one person, never holding content themselves."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.core.choices import CaseView, choose, removed_by_author
from bot.core.decisions import Choice, Decision, Digest, Erase, Hold, Mail, Repost
from bot.core.drafts import choose_draft, is_draft
from bot.core.events import ButtonPressed, Pass, Receipt, Refuse
from bot.core.findings import Category
from bot.core.rewrite import safe_version
from bot.delivery import moments
from bot.delivery.holding import Holding
from bot.delivery.house import House
from bot.delivery.mail_text import draft_subject
from bot.delivery.planned import Planned
from bot.delivery.plans import drafts, first_job
from bot.delivery.private import Private
from bot.settings import InForce
from bot.storage.records import Case, CaseState, Refusal, TakenButton
from bot.texts import text

_FINAL = (Mail, Repost, Erase, Hold, Digest)
A_DAY = timedelta(days=1)
_ALIVE = (CaseState.OPEN, CaseState.HELD)


class Buttons:
    """From a token to what its press decides."""

    def __init__(self, house: House, private: Private, holding: Holding) -> None:
        self._house = house
        self._private = private
        self._holding = holding
        self._planned = Planned(house)

    async def pressed(self, event: ButtonPressed) -> Receipt:
        """Carry out a press once; a second press, or somebody else's, gets a short answer."""
        taken = await self._house.repository.take_button(
            event.token, event.by, self._house.clock.now()
        )
        language = (await self._house.school()).school.language
        if isinstance(taken, Refusal):
            return Refuse(text(f"button_refused.{taken.value}", language))
        if taken.again and await self._already(event.token):
            return Refuse(text("button_refused.used", language))
        if taken.case_id is None:
            return await self._private.answered(event, taken)
        case = await self._house.repository.case(taken.case_id)
        if case is None or case.state not in _ALIVE:
            return Refuse(text("button_refused.settled", language))
        if not await self._choose(event.token, case, taken):
            return Refuse(text("button_refused.settled", language))
        return Pass()

    async def _already(self, token: str) -> bool:
        """Whether a press told again was planned before we died; its plan is handed on then."""
        key = self._key(token)
        if await self._house.repository.step(key, 0) is None:
            return False
        await self._house.submit(first_job(key, ()))
        return True

    def _key(self, token: str) -> str:
        return f"press:{self._house.repository.token_id(token)}"

    async def _choose(self, token: str, case: Case, taken: TakenButton) -> bool:
        """Plan what a choice leads to; false where the message was settled just before."""
        school = await self._house.school()
        situation = await moments.for_case(self._house, school, case)
        view = self._view(case, school)
        choice = Choice(taken.choice)
        if is_draft(case.message):
            response = choose_draft(choice, taken.argument, view, situation)
        else:
            response = choose(choice, taken.argument, view, situation)
        key = self._key(token)
        repository = self._house.repository
        steps = drafts(response.decisions)
        if choice is Choice.WITHDRAW and any(isinstance(d, Erase) for d in response.decisions):
            # Nobody may deliver it between the press and our word that it is gone.
            if not await repository.withdraw_case(case.id, key, steps):
                return False
        else:
            await repository.add_plan(key, case.id, steps)
        if _settles(response.decisions):
            await repository.supersede_plans(case.id, keep=key)
        await self._comes_back(case, response.decisions)
        if any(isinstance(decision, Hold) for decision in response.decisions):
            await repository.move_case(case.id, {CaseState.OPEN}, CaseState.HELD)
        if choice is Choice.CHANGE_HELD and case.state is CaseState.HELD:
            await self._holding.begin(case)
        await self._house.submit(first_job(key, response.decisions))
        return True

    async def _comes_back(self, case: Case, decisions: tuple[Decision, ...]) -> None:
        """Keep what is put back later until then, and a day for when the group refuses it.

        It is held no more: what is released must not be the words that its author replaced.
        """
        repository = self._house.repository
        for decision in decisions:
            if not isinstance(decision, Repost):
                continue
            await repository.move_case(case.id, {CaseState.HELD}, CaseState.OPEN)
            if decision.at is not None:
                kept = max(case.expires_at, decision.at + A_DAY)
                await repository.update_case(case.id, expires_at=kept)

    def _view(self, case: Case, school: InForce) -> CaseView:
        return CaseView(
            article=case.articles[0] if case.articles else "",
            in_group=case.delivered and case.removed_at is None,
            held=case.state is CaseState.HELD,
            safe=self._safe(case, school) if case.categories else "",
            text=case.text,
            subject=draft_subject(case.id, school.school.language),
            id=case.id,
            chat=case.chat,
        )

    def _safe(self, case: Case, school: InForce) -> str:
        """The rewritten version; when the detector still sees something, only the announcement."""
        categories = tuple(Category(name) for name in case.categories)
        detect = partial(self._house.detect, own_domains=school.own_domains)
        return safe_version(case.text, case.findings, categories, detect)

    async def removed(self, case: Case, at: datetime) -> None:
        """Thank the author for removing what we could not; the copy still awaits their choice."""
        repository = self._house.repository
        await repository.update_case(case.id, removed_at=at)
        gone = replace(case, removed_at=at)
        situation = await moments.for_case(self._house, await self._house.school(), gone)
        decisions = removed_by_author(situation).decisions
        plan = f"deleted:{case.id}"
        await repository.add_plan(plan, case.id, drafts(decisions))
        await self._house.submit(first_job(plan, decisions))

    async def close(self, case: Case, to: CaseState) -> None:
        """End a case because its author changed or removed the message."""
        repository = self._house.repository
        await self.unplanned(case)
        if await repository.move_case(case.id, set(_ALIVE), to):
            await repository.supersede_plans(case.id, keep=None)
            await repository.drop_buttons(case.id)
            await repository.erase_copy(case.id)

    async def unplanned(self, case: Case) -> None:
        """Keep the platform from posting words that are no longer the author's."""
        if case.state is CaseState.HELD:
            await self._planned.taken_back(case)


def _settles(decisions: tuple[Decision, ...]) -> bool:
    """Whether the choice ends the waiting, so that timers of earlier plans must not run."""
    return any(isinstance(decision, _FINAL) for decision in decisions)
