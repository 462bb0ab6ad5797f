"""Carries decisions out, one step at a time, each once; durable through the work engine.

A step is marked as started before the outside call. What the outside refuses for now is tried
again with back-off; what it refuses for good is said to the person concerned, never swallowed.
"""

from bot.core.decisions import Decision, Hold, Mail, Record
from bot.delivery.acts import Acts
from bot.delivery.codec import decode
from bot.delivery.house import House
from bot.delivery.mailing import Mailing
from bot.delivery.outcome import Result, for_good
from bot.delivery.plans import step_job
from bot.delivery.rest import release_job
from bot.errors import DeliveryError
from bot.storage.records import Step, StepState
from bot.work.jobs import Again, Finished, Job, Outcome

FIRST_WAIT = 2.0
LONGEST_WAIT = 900.0
_OVER = (StepState.DONE, StepState.SKIPPED, StepState.FAILED)


class Dispatcher:
    """The handler of every "step" job."""

    def __init__(self, house: House, acts: Acts, mailing: Mailing) -> None:
        self._house = house
        self._acts = acts
        self._mailing = mailing

    async def run(self, ids: tuple[str, ...]) -> Outcome:
        """Carry out step `ids[1]` of plan `ids[0]`, then hand on the next one."""
        plan, seq = ids[0], int(ids[1])
        step = await self._house.repository.step(plan, seq)
        if step is None:
            return Finished("gone")
        if step.state not in _OVER and not step.plan_over:
            # Another plan may end it in this very moment, and then there is nothing left to read.
            step = await self._house.repository.start_step(plan, seq)
        if step.state in _OVER:
            return Finished(step.state.value, await self._next(step))
        if step.plan_over or not step.payload:
            await self._house.repository.finish_step(plan, seq, StepState.SKIPPED, "superseded")
            return Finished("superseded")
        return await self._attempt(step)

    async def _attempt(self, started: Step) -> Outcome:
        decision = decode(started.payload)
        try:
            result = await self._carry_out(decision, started)
        except DeliveryError as refused:
            if not for_good(refused, started):
                return Again(refused.retry_after or wait_after(started.attempts))
            await self._acts.failed(decision, started)
            result = Result(StepState.FAILED, "refused")
        if result.again is not None:
            return Again(result.again)
        await self._house.repository.finish_step(
            started.plan_key, started.seq, result.state, result.label, result.message
        )
        follow = await self._held(decision, started)
        following = () if result.stop else await self._next(started)
        return Finished(result.label, (*follow, *result.then, *following))

    async def _carry_out(self, decision: Decision, step: Step) -> Result:
        if isinstance(decision, Mail):
            result = await self._mailing.send(decision, step)
            if result.state is StepState.DONE and result.again is None:
                await self._acts.carry_out(Record(decision.cause, "mailed"), step)
            return result
        return await self._acts.carry_out(decision, step)

    async def _held(self, decision: Decision, step: Step) -> tuple[Job, ...]:
        if not isinstance(decision, Hold) or step.case_id is None:
            return ()
        case = await self._house.repository.case(step.case_id)
        return () if case is None else (release_job(case, decision.until),)

    async def _next(self, step: Step) -> tuple[Job, ...]:
        if step.last:
            return ()
        following = await self._house.repository.step(step.plan_key, step.seq + 1)
        if following is None:
            return ()
        return (step_job(step.plan_key, following.seq, following.at),)

    async def resume(self) -> int:
        """Hand every unfinished plan to the engine again; harmless where it already has it.

        Closes the one gap left: a process that died after storing and before submitting.
        """
        unfinished = await self._house.repository.unfinished_plans()
        for plan, seq, at in unfinished:
            await self._house.submit(step_job(plan, seq, at))
        return len(unfinished)


def wait_after(attempts: int) -> float:
    """Seconds of real time before the next attempt: doubling, a quarter of an hour at most."""
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempts - 1, 20))
