"""How a job and its handler's answer look while they rest in the work database.

Only JSON values made of identifiers, instants and counters: whoever reads the database learns
which kinds of work there were, and nothing that anybody said.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypedDict, assert_never

from bot.work.jobs import Again, Finished, Job, Outcome, is_id


class Task(TypedDict):
    """A job on its way: `turn` counts handler calls over restarts of the wait, from 1.

    `failures` counts unexpected errors in a row. `at` is ISO 8601 in UTC, or None when the
    job has no domain instant to wait for (any more).
    """

    kind: str
    key: str
    ids: list[str]
    at: str | None
    lane: str | None
    seq: int | None
    turn: int
    failures: int


@dataclass(frozen=True, slots=True)
class Raised:
    """The handler failed unexpectedly; only the class of the error is kept."""

    error: str


Reply = Finished | Again | Raised

# A key holds no space, so no other job's key can ever look like a later turn of this one.
_TURN_MARK = " turn "


def pack(job: Job) -> Task:
    return Task(
        kind=job.kind,
        key=job.key,
        ids=list(job.ids),
        at=None if job.at is None else job.at.astimezone(UTC).isoformat(),
        lane=job.lane,
        seq=job.seq,
        turn=1,
        failures=0,
    )


def next_turn(task: Task, *, failures: int) -> Task:
    """The same job again, after a wait in real time."""
    later = task.copy()
    later["at"] = None
    later["turn"] = task["turn"] + 1
    later["failures"] = failures
    return later


def workflow_id(task: Task) -> str:
    if task["turn"] == 1:
        return task["key"]
    return f"{turn_prefix(task['key'])}{task['turn']}"


def turn_prefix(key: str) -> str:
    """What the ids of all later turns of `key` begin with."""
    return f"{key}{_TURN_MARK}"


def key_of(workflow_id: str) -> str:
    return workflow_id.partition(_TURN_MARK)[0]


def instant(task: Task) -> datetime | None:
    at = task["at"]
    return None if at is None else datetime.fromisoformat(at)


def encode(reply: Outcome | Raised) -> dict[str, Any]:
    match reply:
        case Finished(label, then):
            # A label that reads like text is dropped: the deed is done, so failing would repeat it.
            word = label if is_id(label) else "finished"
            return {"finished": word, "then": [pack(job) for job in then]}
        case Again(after):
            return {"again": max(0.0, float(after))}
        case Raised(error):
            return {"raised": error}
        case _:
            assert_never(reply)


def decode(stored: dict[str, Any]) -> tuple[Reply, tuple[Task, ...]]:
    """Undo `encode`; follow-up jobs come back as tasks beside a `Finished` without them."""
    if "finished" in stored:
        return Finished(stored["finished"]), tuple(stored["then"])
    if "again" in stored:
        return Again(stored["again"]), ()
    return Raised(stored["raised"]), ()
