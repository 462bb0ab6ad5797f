"""What durable work is made of: ids in, a label out, and what should happen next."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work to be done at least once, and recorded once under `key`.

    `ids` are identifiers only, never text: the engine stores them as they are. `at` is domain
    time (aware UTC). Jobs of one `lane` run one at a time, lowest `seq` first.
    """

    kind: str
    key: str
    ids: tuple[str, ...] = ()
    at: datetime | None = None
    lane: str | None = None
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The job is over; `label` says how in a word, `then` is submitted durably afterwards."""

    label: str
    then: tuple[Job, ...] = ()


@dataclass(frozen=True, slots=True)
class Again:
    """Not yet: call the handler again after so many seconds of real time."""

    after: float


Outcome = Finished | Again
Handler = Callable[[tuple[str, ...]], Awaitable[Outcome]]
