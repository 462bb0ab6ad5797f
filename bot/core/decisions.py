"""What can be decided: a closed union, each with its cause; texts are catalogue keys.

`at` (aware UTC) is the domain time before which a decision must not be carried out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.core.events import Account, ChatRef


@dataclass(frozen=True, slots=True)
class Rules:
    """Decided because these rules fired."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ByClock:
    """Decided because a moment came."""


@dataclass(frozen=True, slots=True)
class Person:
    """Decided because somebody asked for it (who is known to the case, not written here)."""


@dataclass(frozen=True, slots=True)
class Setup:
    """Decided because the bot was added, claimed or configured."""


Cause = Rules | ByClock | Person | Setup


class Choice(StrEnum):
    """Everything a button of ours can mean."""

    SEND_TEAM = "send_team"
    SEND_TO = "send_to"
    SEND_TO_COLLEAGUE = "send_to_colleague"
    SHOW_MAIL = "show_mail"
    REWRITE = "rewrite"
    POST_REWRITTEN = "post_rewritten"
    POST_ANYWAY = "post_anyway"
    POST_WITH_REASON = "post_with_reason"
    NOT_CONFIDENTIAL = "not_confidential"
    CONFIRM_NOT_CONFIDENTIAL = "confirm_not_confidential"
    TAKE_AWAY = "take_away"
    DISCARD = "discard"
    BREACH = "breach"
    BACK = "back"
    DELIVER_LATER = "deliver_later"
    URGENT = "urgent"
    WITHDRAW = "withdraw"
    ANSWER = "answer"
    SETUP = "setup"
    REST = "rest"
    READ_HELD = "read_held"
    CHANGE_HELD = "change_held"
    NOW_URGENT = "now_urgent"
    NOW_WITH_REASON = "now_with_reason"
    DELIVER_AGAIN = "deliver_again"
    STOP = "stop"
    ASK_MANAGER = "ask_manager"


URGENT_REASONS = ("illness", "safety", "building", "closed")
POST_REASONS = ("nobody_recognisable", "permission", "already_public", "safety")


@dataclass(frozen=True, slots=True)
class ButtonSpec:
    """A button to be made: `label` is a catalogue key, `argument` says which colleague or value.

    `url` opens instead of answering. `label_values` fill the label's gaps.
    """

    label: str
    choice: Choice | None = None
    argument: str = ""
    url: str = ""
    label_values: Mapping[str, object] = field(default_factory=dict, repr=False)


Rows = tuple[tuple[ButtonSpec, ...], ...]


@dataclass(frozen=True, slots=True)
class Whisper:
    """Tell one person alone, near the group it is about; `values` may hold private text.

    `if_kept` is said instead when the message could not be copied or taken away after all.
    """

    key: str
    cause: Cause
    values: Mapping[str, object] = field(default_factory=dict, repr=False)
    buttons: Rows = ()
    if_kept: "Whisper | None" = None


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer in the private chat."""

    key: str
    cause: Cause
    values: Mapping[str, object] = field(default_factory=dict, repr=False)
    buttons: Rows = ()
    to: Account | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask for one fact in the private chat; `options` are its values."""

    fact: str
    cause: Cause
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Copy:
    """Make the stored copy complete: fetch the files before anything is taken away."""

    cause: Cause


@dataclass(frozen=True, slots=True)
class Remove:
    """Take the message (with its edits and quoting replies) out of the group."""

    cause: Cause


@dataclass(frozen=True, slots=True)
class Repost:
    """Put the copy back in its author's name; `text` replaces it with the safe version."""

    cause: Cause
    text: str | None = field(default=None, repr=False)
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PostPointer:
    """Leave the nameless pointer; the same for every cause."""

    cause: Cause
    article: str
    moved: bool = True
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PostNotice:
    """Post a general notice in the group (hello, quiet hours begin)."""

    key: str
    cause: Cause
    values: Mapping[str, object] = field(default_factory=dict, repr=False)
    chat: ChatRef | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """Send the copy by mail: to team@ when `to` is empty, else to these colleagues (ids)."""

    cause: Cause
    to: tuple[str, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep the message until the group works again."""

    cause: Cause
    until: datetime


@dataclass(frozen=True, slots=True)
class Digest:
    """Deliver held messages (case ids, in order): one as it was, several as one readable post."""

    cause: Cause
    cases: tuple[str, ...]
    chat: ChatRef


@dataclass(frozen=True, slots=True)
class LockChat:
    cause: Cause
    until: datetime
    chat: ChatRef


@dataclass(frozen=True, slots=True)
class UnlockChat:
    cause: Cause
    chat: ChatRef


@dataclass(frozen=True, slots=True)
class SetDnd:
    """Silence the platform for the sender until then."""

    cause: Cause
    until: datetime


@dataclass(frozen=True, slots=True)
class Catchup:
    """Send one colleague what was said on their free days, as one readable post."""

    cause: Cause
    person: str
    to: Account


@dataclass(frozen=True, slots=True)
class Count:
    """Count that something was done, in the school as a whole and never per person."""

    cause: Cause
    name: str


@dataclass(frozen=True, slots=True)
class Erase:
    """Destroy the copy; `tell` says whether its author is told that it expired."""

    cause: Cause
    tell: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Write down that it happened: kinds and rule ids, never text."""

    cause: Cause
    event: str
    categories: tuple[str, ...] = ()
    detail: str = ""


Decision = (
    Whisper | Reply | Ask | Copy | Remove | Repost | PostPointer | PostNotice | Mail | Hold
    | Digest | LockChat | UnlockChat | SetDnd | Erase | Record | Catchup | Count
)  # fmt: skip
