"""What was kept is handed over: into the group, or to one colleague. Each message once."""

from collections.abc import Sequence
from datetime import timedelta

from bot.adapters.base import Post, ShowPrivately
from bot.core.decisions import (
    ButtonSpec,
    ByClock,
    Catchup,
    Choice,
    Decision,
    Digest,
    Reply,
    Whisper,
)
from bot.core.situation import rows
from bot.delivery.catchup import Catching
from bot.delivery.digests import digest_pages, personal_pages, single_post
from bot.delivery.house import House
from bot.delivery.outcome import Result, for_good, skipped
from bot.delivery.planned import Planned
from bot.delivery.plans import drafts, first_job, stuck_key
from bot.delivery.voices import Voices
from bot.errors import DeliveryError
from bot.storage.records import Case, CaseState, Step

STUCK_WAIT = timedelta(hours=1)
STUCK_BUTTONS = rows(
    ButtonSpec("button.deliver_again", Choice.DELIVER_AGAIN),
    ButtonSpec("button.read_held", Choice.READ_HELD),
    ButtonSpec("button.change_held", Choice.CHANGE_HELD),
    ButtonSpec("button.withdraw", Choice.WITHDRAW),
)


class Handover:
    """Delivers held messages and personal digests.

    A refusal for now leaves everything as it is: the step comes back with the same posts under
    the same keys. A refusal for good half-way ends what stands in an earlier post already.
    """

    def __init__(self, house: House, voices: Voices) -> None:
        self._house = house
        self._voices = voices
        self._catching = Catching(house)
        self._planned = Planned(house)

    async def digest(self, decision: Digest, step: Step) -> Result:
        """Deliver what nobody withdrew meanwhile; each message belongs to one delivery only."""
        repository = self._house.repository
        wanting = await self._catching.wanting(decision.cases)
        mine = await repository.take_held(decision.cases, step.plan_key, wanting)
        found = [await repository.case(case_id) for case_id in mine]
        cases = [case for case in found if case is not None]
        if not cases:
            return skipped("nothing_left")
        ours = [case for case in cases if not await self._posted_already(case)]
        message = await self._post(ours, step) if ours else None
        if wanting:
            await self._catching.look()
        return Result(label=f"delivered_{len(cases)}", message=message)

    async def _posted_already(self, case: Case) -> bool:
        """Whether the platform delivered it as planned; then it is over for us at once."""
        if not await self._planned.taken_back(case):
            return False
        await self._house.repository.held_delivered({case.id: None})
        return True

    async def _post(self, cases: Sequence[Case], step: Step) -> str | None:
        if len(cases) == 1:
            post = await single_post(self._house, self._voices, cases[0])
            message = await self._act(cases[0].chat.platform, post, step, 0)
            await self._house.repository.held_delivered({cases[0].id: message})
            return message
        return await self._pages(cases, step)

    async def _pages(self, cases: Sequence[Case], step: Step) -> str | None:
        posted: dict[str, str | None] = {}
        message = None
        try:
            for part, page in enumerate(await digest_pages(self._voices, cases)):
                post = Post(cases[0].chat, page.text)
                message = await self._act(post.chat.platform, post, step, part)
                posted |= {case.id: message for case in cases[len(posted) : page.ends]}
        except DeliveryError as refused:
            if for_good(refused, step):
                await self._house.repository.held_delivered(posted)
            raise
        await self._house.repository.held_delivered(posted)
        return message

    async def catchup(self, decision: Catchup, step: Step) -> Result:
        """Send somebody what they missed; it is destroyed once it was sent."""
        repository, platform = self._house.repository, decision.to.platform
        items = await repository.claim_catchup(decision.person, step.plan_key, platform)
        if not items:
            return skipped("nothing_left")
        told = 0
        try:
            for part, page in enumerate(await personal_pages(self._house, self._voices, items)):
                await self._act(platform, ShowPrivately(decision.to, page.text), step, part)
                told = page.ends
        except DeliveryError as refused:
            if for_good(refused, step):
                await repository.catchup_told(step.plan_key, self._house.clock.now(), told)
            raise
        await repository.catchup_told(step.plan_key, self._house.clock.now())
        return Result(label=f"caught_up_{len(items)}")

    async def _act(
        self, platform: str, action: Post | ShowPrivately, step: Step, part: int
    ) -> str | None:
        key = f"{step.plan_key}:{step.seq}:{part}"
        return (await self._house.adapter(platform).act(action, key)).message

    async def stuck(self, decision: Digest, step: Step) -> None:
        """Hold again what could not be delivered, and say so once to author and admins.

        What somebody pressed for is said each time, instead of what their plan would say next.
        """
        repository = self._house.repository
        again = self._house.clock.now() + STUCK_WAIT
        await repository.give_back(decision.cases, step.plan_key, again)
        for case_id in decision.cases:
            case = await repository.case(case_id)
            if case is None or case.state is not CaseState.HELD:
                continue
            told: tuple[Decision, ...] = (Whisper("quiet.stuck", ByClock(), {}, STUCK_BUTTONS),)
            admins = await repository.admins(case.org)
            told += tuple(Reply("rest.held.stuck_admin", ByClock(), to=one) for one in admins)
            key = stuck_key(case_id)
            new = await repository.add_plan(key, case_id, drafts(told))
            if step.case_id is not None:
                # Its author pressed for it: each press gets an answer, and not "it is there".
                if not new:
                    key, told = f"back:{step.plan_key}:{step.seq}", told[:1]
                    await repository.add_plan(key, case_id, drafts(told))
                await repository.supersede_plans(case_id, keep=key)
            await self._house.submit(first_job(key, told))
