"""The tables. Columns named `sealed`, `copy` or `…_sealed` hold ciphertext, `…_mark` keyed hashes.

Everything else is identifiers, states, kinds and times, and never what somebody wrote.
"""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.storage.types import Instant, Line, Words


class Row(SQLModel):
    """The base of every row; its `repr` tells the kind and no more."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    __str__ = __repr__


class KeyCheckRow(Row, table=True):
    """A sealed constant that shows at the start whether the secret fits this database."""

    __tablename__ = "key_checks"
    id: str = Field(primary_key=True, sa_type=Line)
    sealed: bytes


class SchoolRow(Row, table=True):
    __tablename__ = "schools"
    id: str = Field(primary_key=True, sa_type=Line)
    version: int = 1
    created_at: datetime = Field(sa_type=Instant)
    sealed: bytes


class SchoolChangeRow(Row, table=True):
    __tablename__ = "school_changes"
    id: str = Field(primary_key=True, sa_type=Line)
    org: str = Field(foreign_key="schools.id", ondelete="CASCADE", index=True, sa_type=Line)
    at: datetime = Field(sa_type=Instant)
    by: str = Field(sa_type=Line)
    key: str = Field(sa_type=Line)
    value: str = Field(default="", sa_type=Line)


class ChatRow(Row, table=True):
    __tablename__ = "chats"
    platform: str = Field(primary_key=True, sa_type=Line)
    chat: str = Field(primary_key=True, sa_type=Line)
    org: str = Field(foreign_key="schools.id", ondelete="CASCADE", index=True, sa_type=Line)
    place: str = Field(sa_type=Line)
    title_sealed: bytes
    locked_until: datetime | None = Field(default=None, sa_type=Instant)
    size: int | None = None
    removed: bool = False
    created_at: datetime = Field(sa_type=Instant)


class LaneRow(Row, table=True):
    """The last number given out in a chat."""

    __tablename__ = "lanes"
    platform: str = Field(primary_key=True, sa_type=Line)
    chat: str = Field(primary_key=True, sa_type=Line)
    seq: int = 0


class CaseRow(Row, table=True):
    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("platform", "chat", "message", "revision", name="uq_cases_message"),
    )
    id: str = Field(primary_key=True, sa_type=Line)
    org: str = Field(index=True, sa_type=Line)
    platform: str = Field(sa_type=Line)
    chat: str = Field(sa_type=Line)
    message: str = Field(sa_type=Line)
    revision: int
    seq: int
    sender_mark: str = Field(index=True, sa_type=Line)
    sender_sealed: bytes
    person_id: str | None = Field(default=None, sa_type=Line)
    place: str = Field(sa_type=Line)
    conversation: str = Field(default="", sa_type=Line)
    sent_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    state: str = Field(index=True, sa_type=Line)
    claimed_by: str | None = Field(default=None, sa_type=Line)
    categories: tuple[str, ...] = Field(default=(), sa_type=Words)
    rule_ids: tuple[str, ...] = Field(default=(), sa_type=Words)
    articles: tuple[str, ...] = Field(default=(), sa_type=Words)
    facts: tuple[str, ...] = Field(default=(), sa_type=Words)
    level: str = Field(sa_type=Line)
    secret: bool = False
    delivered: bool = True
    reply_to: str | None = Field(default=None, sa_type=Line)
    copy_sealed: bytes | None = None
    complete: bool = False
    expires_at: datetime = Field(index=True, sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    removed_at: datetime | None = Field(default=None, sa_type=Instant)
    mailed_at: datetime | None = Field(default=None, sa_type=Instant)
    whisper_message: str | None = Field(default=None, sa_type=Line)
    group_size: int | None = None


class FileRow(Row, table=True):
    __tablename__ = "case_files"
    case_id: str = Field(primary_key=True, foreign_key="cases.id", ondelete="CASCADE", sa_type=Line)
    index: int = Field(primary_key=True)
    label_sealed: bytes
    sealed: bytes


class PlanRow(Row, table=True):
    __tablename__ = "plans"
    key: str = Field(primary_key=True, sa_type=Line)
    org: str = Field(default="", sa_type=Line)
    case_id: str | None = Field(
        default=None, foreign_key="cases.id", ondelete="CASCADE", index=True, sa_type=Line
    )
    state: str = Field(index=True, sa_type=Line)
    created_at: datetime = Field(sa_type=Instant)


class StepRow(Row, table=True):
    __tablename__ = "steps"
    plan_key: str = Field(
        primary_key=True, foreign_key="plans.key", ondelete="CASCADE", sa_type=Line
    )
    seq: int = Field(primary_key=True)
    kind: str = Field(sa_type=Line)
    sealed: bytes | None = None
    at: datetime | None = Field(default=None, sa_type=Instant)
    state: str = Field(sa_type=Line)
    attempts: int = 0
    last: bool = False
    label: str = Field(default="", sa_type=Line)
    result_sealed: bytes | None = None


class ButtonRow(Row, table=True):
    __tablename__ = "buttons"
    token_mark: str = Field(primary_key=True, sa_type=Line)
    group: str = Field(index=True, sa_type=Line)
    account_mark: str = Field(index=True, sa_type=Line)
    case_id: str | None = Field(
        default=None, foreign_key="cases.id", ondelete="CASCADE", index=True, sa_type=Line
    )
    choice: str = Field(sa_type=Line)
    sealed: bytes
    expires_at: datetime = Field(index=True, sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    pressed: bool = False


class MailRow(Row, table=True):
    __tablename__ = "mails"
    message_id: str = Field(primary_key=True, sa_type=Line)
    case_id: str = Field(foreign_key="cases.id", ondelete="CASCADE", index=True, sa_type=Line)
    org: str = Field(sa_type=Line)
    state: str = Field(sa_type=Line)
    code: int = 0
    attempts: int = 0


class IncidentRow(Row, table=True):
    __tablename__ = "incidents"
    id: str = Field(primary_key=True, sa_type=Line)
    key: str | None = Field(default=None, index=True, unique=True, sa_type=Line)
    org: str = Field(index=True, sa_type=Line)
    case_id: str | None = Field(default=None, sa_type=Line)
    event: str = Field(sa_type=Line)
    categories: tuple[str, ...] = Field(default=(), sa_type=Words)
    rule_ids: tuple[str, ...] = Field(default=(), sa_type=Words)
    articles: tuple[str, ...] = Field(default=(), sa_type=Words)
    facts: tuple[str, ...] = Field(default=(), sa_type=Words)
    detail: str = Field(default="", sa_type=Line)
    seen_at: datetime = Field(sa_type=Instant)
    at: datetime = Field(sa_type=Instant)
    removed_at: datetime | None = Field(default=None, sa_type=Instant)
    mailed_at: datetime | None = Field(default=None, sa_type=Instant)
    group_size: int | None = None
    sender_mark: str | None = Field(default=None, index=True, sa_type=Line)
    expires_at: datetime = Field(index=True, sa_type=Instant)


class CountRow(Row, table=True):
    __tablename__ = "counts"
    org: str = Field(primary_key=True, sa_type=Line)
    day: date = Field(primary_key=True)
    name: str = Field(primary_key=True, sa_type=Line)
    count: int = 0


class DialogueRow(Row, table=True):
    __tablename__ = "dialogues"
    account_mark: str = Field(primary_key=True, sa_type=Line)
    sealed: bytes
    expires_at: datetime = Field(index=True, sa_type=Instant)


class StateRow(Row, table=True):
    """What an adapter must remember; the name is hashed, for it may hold somebody's id."""

    __tablename__ = "adapter_states"
    platform: str = Field(primary_key=True, sa_type=Line)
    name_mark: str = Field(primary_key=True, sa_type=Line)
    sealed: bytes


class PersonRow(Row, table=True):
    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("org", "email_mark", name="uq_people_email"),)
    id: str = Field(primary_key=True, sa_type=Line)
    org: str = Field(foreign_key="schools.id", ondelete="CASCADE", index=True, sa_type=Line)
    email_mark: str | None = Field(default=None, sa_type=Line)
    sealed: bytes


class AccountRow(Row, table=True):
    """A colleague's account on a platform; one account is one person's."""

    __tablename__ = "accounts"
    account_mark: str = Field(primary_key=True, sa_type=Line)
    person_id: str = Field(foreign_key="people.id", ondelete="CASCADE", index=True, sa_type=Line)
    sealed: bytes


class CatchupRow(Row, table=True):
    """What was said while somebody was free, for their first working day."""

    __tablename__ = "catchups"
    person_id: str = Field(
        primary_key=True, foreign_key="people.id", ondelete="CASCADE", sa_type=Line
    )
    platform: str = Field(primary_key=True, sa_type=Line)
    chat: str = Field(primary_key=True, sa_type=Line)
    message: str = Field(primary_key=True, sa_type=Line)
    org: str = Field(index=True, sa_type=Line)
    sender_mark: str = Field(index=True, sa_type=Line)
    sealed: bytes
    sent_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(index=True, sa_type=Instant)
    claimed_by: str | None = Field(default=None, index=True, sa_type=Line)


class PupilRow(Row, table=True):
    __tablename__ = "pupils"
    org: str = Field(primary_key=True, foreign_key="schools.id", ondelete="CASCADE", sa_type=Line)
    name_mark: str = Field(primary_key=True, sa_type=Line)


class CodeRow(Row, table=True):
    """A one-time code; `subject` says for whom: a person's id."""

    __tablename__ = "codes"
    code_mark: str = Field(primary_key=True, sa_type=Line)
    purpose: str = Field(index=True, sa_type=Line)
    org: str = Field(sa_type=Line)
    subject: str | None = Field(default=None, sa_type=Line)
    sealed: bytes | None = None
    tries: int = 0
    expires_at: datetime = Field(index=True, sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class TriesRow(Row, table=True):
    """Wrong codes typed from one account."""

    __tablename__ = "code_tries"
    account_mark: str = Field(primary_key=True, sa_type=Line)
    tries: int = 0
    expires_at: datetime = Field(index=True, sa_type=Instant)


class AdminRow(Row, table=True):
    """An admin, or with `suggested` somebody the platform calls one and nobody confirmed."""

    __tablename__ = "admins"
    org: str = Field(primary_key=True, foreign_key="schools.id", ondelete="CASCADE", sa_type=Line)
    account_mark: str = Field(primary_key=True, sa_type=Line)
    sealed: bytes
    suggested: bool = False


class SessionRow(Row, table=True):
    __tablename__ = "sessions"
    token_mark: str = Field(primary_key=True, sa_type=Line)
    account_mark: str | None = Field(default=None, index=True, sa_type=Line)
    sealed: bytes
    expires_at: datetime = Field(index=True, sa_type=Instant)
