"""What came of carrying out one decision."""

from dataclasses import dataclass

from bot.storage.records import StepState
from bot.work.jobs import Job


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
