"""What storage hands out: plain values, with everything private kept out of every `repr`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.core.events import Account, Attachment, ChatRef, Place
from bot.core.findings import Finding
from bot.core.policy import Level
from bot.core.quiet_hours import Leave


@dataclass(frozen=True, slots=True)
class School:
    """One school and what it chose; `version` rises with every change.

    `quiet` is JSON text, `settings` whatever else was chosen. `level` is `None` until chosen.
    """

    id: str
    version: int
    name: str = field(default="", repr=False)
    language: str = "nl"
    zone: str = "Europe/Amsterdam"
    region: str = ""
    policy_file: str = ""
    team_address: str = field(default="", repr=False)
    team_address_confirmed: bool = False
    claimed: bool = False
    level: Level | None = None
    levels: Mapping[str, Level] = field(default_factory=dict)
    quiet: str = ""
    pmr_on: date | None = None
    dpia_on: date | None = None
    settings: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class SchoolChange:
    """One line of the audit trail: who (hashed) changed what; values only where they are dry."""

    at: datetime
    by: str
    key: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Chat:
    """A group the bot is in; only the team's is ever read."""

    ref: ChatRef
    org: str
    place: Place
    title: str = field(default="", repr=False)
    locked_until: datetime | None = None
    size: int | None = None

    @property
    def is_team(self) -> bool:
        return self.place is Place.TEAM


class CaseState(StrEnum):
    """Where a kept message stands; from the first two it can still be claimed."""

    OPEN = "open"
    HELD = "held"
    RELEASING = "releasing"
    REDIRECTING = "redirecting"
    MAILED = "mailed"
    REPOSTED = "reposted"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    DISMISSED = "dismissed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A message that needs action, as it must be stored. All instants are aware UTC."""

    org: str
    chat: ChatRef
    message: str
    sender: Account
    sent_at: datetime
    seen_at: datetime
    expires_at: datetime
    revision: int = 0
    person_id: str | None = None
    place: Place = Place.TEAM
    conversation: str = ""
    state: CaseState = CaseState.OPEN
    categories: tuple[str, ...] = ()
    rule_ids: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    level: str = Level.OBSERVE.value
    secret: bool = False
    delivered: bool = True
    reply_to: str | None = None
    text: str = field(default="", repr=False)
    quoted: str = field(default="", repr=False)
    attachments: tuple[Attachment, ...] = ()
    findings: tuple[Finding, ...] = ()
    due_at: datetime | None = None
    group_size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(NewCase):
    """A stored message. After its copy is erased the texts are empty and `has_copy` is false.

    `seq` rises per chat. `complete` says that every file of it is stored as well.
    """

    id: str
    seq: int
    complete: bool
    has_copy: bool = True
    removed_at: datetime | None = None
    mailed_at: datetime | None = None
    whisper_message: str | None = None


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a case; `index` is its place among the message's attachments."""

    index: int
    name: str = field(repr=False)
    mime: str = field(repr=False)
    content: bytes = field(repr=False)


class StepState(StrEnum):
    PLANNED = "planned"
    STARTED = "started"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


class PlanState(StrEnum):
    ACTIVE = "active"
    DONE = "done"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class StepDraft:
    """A step to be stored; `at` is the domain time it must wait for."""

    kind: str
    payload: bytes = field(repr=False)
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A stored step; `payload` is empty once it is done or skipped. `seq` counts from 0."""

    plan_key: str
    seq: int
    case_id: str | None
    kind: str
    payload: bytes = field(repr=False)
    at: datetime | None
    state: StepState
    attempts: int
    last: bool
    plan_state: PlanState

    @property
    def plan_over(self) -> bool:
        return self.plan_state is not PlanState.ACTIVE


class Refusal(StrEnum):
    """Why a button or code did not work; false in a condition. EXPIRED: also tried too often."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"
    NOT_YOURS = "not_yours"

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class NewButton:
    """A one-time button for one person; pressing one uses up its whole `group`."""

    token: str = field(repr=False)
    group: str
    account: Account
    case_id: str | None
    choice: str
    argument: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TakenButton:
    """A pressed button; `again` says that this very press was taken before."""

    group: str
    case_id: str | None
    choice: str
    argument: str = field(repr=False)
    again: bool = False


class MailState(StrEnum):
    """How far a mail came; UNCERTAIN: the server's answer was lost."""

    NEW = "new"
    STARTED = "started"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Incident:
    """What happened, without a word of the message; `sender_mark` is a keyed hash."""

    id: str
    case_id: str | None
    event: str
    categories: tuple[str, ...]
    rule_ids: tuple[str, ...]
    articles: tuple[str, ...]
    detail: str
    seen_at: datetime
    at: datetime
    removed_at: datetime | None
    mailed_at: datetime | None
    group_size: int | None
    sender_mark: str | None
    facts: tuple[str, ...] = ()

    @property
    def exposure(self) -> timedelta | None:
        """How long the message stood in the group; `None` while it still does."""
        return None if self.removed_at is None else self.removed_at - self.seen_at


@dataclass(frozen=True, slots=True)
class Counted:
    """How often something happened in the school on one day; never per person."""

    day: date
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague; anything may be missing. `works` is text such as "ma di wo-ochtend".

    `lessons` is text such as "ma 08:30-12:00", `digest` says that they asked for what was said
    on their free days. `past` holds their own earlier choices, `version` counts changes.
    """

    id: str
    org: str
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    roles: tuple[str, ...] = ()
    works: str = field(default="", repr=False)
    leave: tuple[Leave, ...] = field(default=(), repr=False)
    digest: bool = False
    accounts: tuple[Account, ...] = field(default=(), repr=False)
    lessons: str = field(default="", repr=False)
    past: tuple[str, ...] = field(default=(), repr=False)
    version: int = 1


@dataclass(frozen=True, slots=True)
class CatchupItem:
    """One message kept for a colleague who was free."""

    chat: ChatRef
    sender: Account
    text: str = field(repr=False)
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did; `rejected` holds (line from 1, column, reason key), never values."""

    added: int = 0
    changed: int = 0
    rejected: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser; without an account it was opened from the terminal."""

    token: str = field(repr=False)
    csrf: str = field(repr=False)
    account: Account | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What a sweep destroyed: `expired` were still waiting for somebody's choice."""

    expired: tuple[Case, ...] = ()
    removed: int = 0
