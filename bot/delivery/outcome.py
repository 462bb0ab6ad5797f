"""What came of carrying out one decision."""

from dataclasses import dataclass

from bot.errors import DeliveryError
from bot.storage.records import Step, StepState
from bot.work.jobs import Job

MOST_ATTEMPTS = 60


@dataclass(frozen=True, slots=True)
class Result:
    """How a step ended; `again` (seconds) means it did not, `message` is what was posted.

    `stop` ends the plan here; `then` is handed to the work engine.
    """

    state: StepState = StepState.DONE
    label: str = "done"
    message: str | None = None
    again: float | None = None
    then: tuple[Job, ...] = ()
    stop: bool = False


DONE = Result()


def skipped(why: str) -> Result:
    """Nothing to do, and that is fine."""
    return Result(StepState.SKIPPED, why)


def for_good(refused: DeliveryError, step: Step) -> bool:
    """Whether a refusal ends the step, because trying again is pointless or was done enough."""
    return refused.permanent or step.attempts >= MOST_ATTEMPTS
