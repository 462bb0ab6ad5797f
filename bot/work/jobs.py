"""What durable work is made of: ids in, a label out, and what should happen next."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

MAX_ID_LENGTH = 400
MAX_IDS = 32
MAX_SEQ = 2**31 - 2


# Years in which every zone can still be told in UTC.
_EARLIEST, _LATEST = 1, 9999


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work to be done at least once, and recorded once under `key`.

    `ids` are identifiers only, never text: the engine stores them as they are, so anything with
    white space or control characters is refused with a ValueError that names the field and not
    the value. `at` is domain time (aware). Jobs of one `lane` run one at a time, lowest `seq`
    (0 to 2147483646) first; without `seq` the order inside one second is not promised.
    """

    kind: str
    key: str
    ids: tuple[str, ...] = ()
    at: datetime | None = None
    lane: str | None = None
    seq: int | None = None

    def __post_init__(self) -> None:
        _require_id("kind", self.kind)
        _require_id("key", self.key)
        if self.lane is not None:
            _require_id("lane", self.lane)
        _require_ids(self.ids)
        if self.at is not None and self.at.tzinfo is None:
            raise ValueError("job field 'at' needs a time zone; give an aware datetime in UTC")
        if self.at is not None and not _EARLIEST < self.at.year < _LATEST:
            raise ValueError("job field 'at' is not a moment anybody lives through")
        if self.seq is not None and not 0 <= self.seq <= MAX_SEQ:
            raise ValueError(f"job field 'seq' must be between 0 and {MAX_SEQ}")


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


def is_id(value: object) -> bool:
    """Whether `value` can be an identifier: short, printable, no white space, so never text."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= MAX_ID_LENGTH
        and value.isprintable()
        and " " not in value
    )


def _require_id(field: str, value: object) -> None:
    if not is_id(value):
        raise ValueError(
            f"job field {field!r} must be an identifier of 1 to {MAX_ID_LENGTH} printable "
            "characters without white space; text never travels in a job"
        )


def _require_ids(ids: tuple[str, ...]) -> None:
    if not isinstance(ids, tuple) or len(ids) > MAX_IDS:
        raise ValueError(f"job field 'ids' must be a tuple of at most {MAX_IDS} identifiers")
    for position, value in enumerate(ids):
        if value != "":
            _require_id(f"ids[{position}]", value)
