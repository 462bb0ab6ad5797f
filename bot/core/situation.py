"""What `respond` needs to know besides the verdict: the means, the moment and the school's will."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.capabilities import Capabilities
from bot.core.decisions import ButtonSpec, Decision
from bot.core.policy import Level, Redirect


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to phone; `label` is a name or role, `phone` as the school wrote it."""

    label: str = field(repr=False)
    phone: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a copy can be mailed to."""

    id: str
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Situation:
    """One moment in one group; all instants are aware UTC.

    `quiet_until` is `None` while the group works or quiet hours are off. `grace_ends` is when an
    automatic mail may go, `expires` when a copy nobody chose for is destroyed. `age` is how long
    the message has been in the group; `delivered` is false before anybody saw it. `breach` says
    that it is about a data breach, whose 72 hours run on in free time. `tell_only` and `urgent` are
    the school's will: only say a kind word in quiet time; deliver at once with a reason.
    `outsiders` says that people from outside the school read along.
    """

    caps: Capabilities
    now: datetime
    level: Level
    redirect: Redirect
    grace_ends: datetime
    expires: datetime
    quiet_until: datetime | None = None
    delivered: bool = True
    age: timedelta = timedelta(0)
    has_files: bool = False
    secret: bool = False
    unsure: bool = False
    failed: bool = False
    breach: bool = False
    tell_only: bool = False
    urgent: bool = False
    outsiders: bool = False
    categories: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    team_address: str = ""
    colleagues: tuple[Colleague, ...] = ()
    call_list: tuple[Contact, ...] = ()
    privacy_contact: str = ""

    @property
    def can_remove(self) -> bool:
        """Whether the bot itself may take this message away."""
        limit = self.caps.delete_others
        return not self.delivered or (limit is not None and self.age < limit)


@dataclass(frozen=True, slots=True)
class Response:
    """The decisions in order, and why.

    `refuse` is the catalogue key a pre-delivery gate shows the sender, with its values.
    `keep` says whether the message must be stored before anything is done.
    """

    decisions: tuple[Decision, ...] = ()
    explanation: tuple[str, ...] = ()
    refuse: str | None = None
    refuse_values: Mapping[str, object] = field(default_factory=dict)

    @property
    def keep(self) -> bool:
        return bool(self.decisions)


def rows(*buttons: ButtonSpec | None) -> tuple[tuple[ButtonSpec, ...], ...]:
    """One button a row, those that are `None` left out."""
    return tuple((button,) for button in buttons if button is not None)
