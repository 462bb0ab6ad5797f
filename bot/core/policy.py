"""A school's protocol as values: settings and rules, each rule tied to its article."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from types import MappingProxyType

from bot.core.findings import Category


class VerdictKind(IntEnum):
    """What a rule, or all rules together, say; the higher one wins."""

    NO_RULE = 0
    ALLOW = 1
    ALLOW_IF = 2
    CONSULT = 3
    ASK = 4
    REFUSE = 5
    OUT_OF_SCOPE = 6


class Act(StrEnum):
    """What a rule wants done; acts of several rules add up."""

    WITHDRAW = "withdraw"
    NOTE = "note"
    REWRITE = "rewrite"
    HOLD = "hold"


CHANNELS = ("mail", "parro", "phone", "leidinggevende")
CONDITIONS = (
    "show_capacity", "name_employment", "name_function", "name_self", "disclaimer", "source",
    "mark_edit", "reason", "practical_only", "mail_rest", "purpose_apps",
    "consent_first", "permission_first", "short_only",
    "nothing_confidential", "call_first", "no_answer_expected", "nobody_recognisable",
    "no_discussion", "really_needed", "not_about_school",
    "no_harm", "explicit_consent", "written_consent", "portrait_photo",
    "talk_first", "tell_parents", "nothing_personal",
)  # fmt: skip
TOPICS = (
    "permanence", "realtime", "audience", "confusion", "representative", "good_name", "risk",
    "terms", "reactions", "portrait", "settings", "handover", "mail_rest", "monitor",
    "conversation", "correct_self", "parents_informed", "climate", "measures", "capacity",
    "disclaimer", "phone",
)  # fmt: skip
ROLES = (
    "leidinggevende", "leraar", "mentor", "directie", "communicatiemedewerker",
    "college_van_bestuur", "vertrouwensinspecteur", "politie", "beheerder", "aangewezene",
    "privacy_contact",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows when a rule fires."""

    verdict: VerdictKind | None = None
    conditions: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ()
    redirect: tuple[str, ...] = ()
    consult: tuple[str, ...] = ()
    record: tuple[str, ...] = ()
    escalate: tuple[str, ...] = ()
    remind: tuple[str, ...] = ()
    permits: bool = False  # the person to consult can grant permission


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that must hit, or must not hit, its rule when it runs as a test.

    `group` tells a group message from a private question. `given` adds facts the sentence cannot
    show (such as the answer to a question Fluister asked).
    """

    text: str = field(repr=False)
    hits: bool
    group: bool = False
    attachment: str | None = None
    given: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """One norm of the protocol; `says` is our own paraphrase in Dutch, `gloss` in English.

    `when` lists alternatives: one of them must match as a whole. A rule without `when` only
    informs: it never fires, but it is told when asked about.
    """

    id: str
    article: str
    says: str
    gloss: str = ""
    when: tuple[Mapping[str, frozenset[str]], ...] = ()
    then: Outcome = Outcome()
    overrides: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    keywords: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)  # where it stands in its file, from 1


class Level(StrEnum):
    """How far Fluister goes; `off` reads nothing at all."""

    OFF = "off"
    OBSERVE = "observe"
    TIP = "tip"
    ACT = "act"


class Redirect(StrEnum):
    """When a copy goes to the mail by itself."""

    AT_ONCE = "at_once"
    AFTER_GRACE = "after_grace"
    ON_CLICK = "on_click"


DEFAULT_REDIRECTS: Mapping[Category, Redirect] = MappingProxyType(
    {
        category: (
            Redirect.AFTER_GRACE
            if category in (Category.PUPIL_IDENTITY_WITH_DETAIL, Category.ABSENCE)
            else Redirect.ON_CLICK
        )
        for category in Category
    }
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the school chose, apart from the rules; times in minutes, hours and days.

    `quiet` are the short sentences of the chat about quiet time, such as "ma-vr 07:30-17:30".
    """

    team_address: str = ""
    contacts: Mapping[str, str] = field(default_factory=dict)
    redirects: Mapping[Category, Redirect] = field(default_factory=lambda: DEFAULT_REDIRECTS)
    grace_minutes: int = 10
    keep_working_hours: int = 72
    incident_days: int = 30
    held_days: int = 14
    length_limit: int | None = None
    social_media_channels: tuple[str, ...] = ("social_media", "linkedin_group")
    closed_apps: tuple[str, ...] = ("parro",)
    own_domains: tuple[str, ...] = ()
    disclaimer: str = ""  # the words the protocol itself gives or asks for
    quiet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """One file a policy is made of."""

    file: str
    version: str


@dataclass(frozen=True, slots=True)
class Policy:
    """One protocol: `file` and `version` are named in every verdict.

    `base` is the policy this one extends, as it stands alone; `rules` and `settings` already hold
    what comes from it. `articles` gives for each article of the protocol the ids of its norms, so
    that what no rule covers is noticed; empty where the file keeps no such list.
    """

    id: str
    name: str
    version: str
    file: str
    rules: tuple[Rule, ...]
    settings: Settings = Settings()
    articles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    base: "Policy | None" = field(default=None, repr=False)
    _by_id: Mapping[str, Rule] = field(init=False, repr=False, compare=False)
    _by_event: dict[frozenset[str] | None, tuple[Rule, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        # The first of two rules with one id counts, as it would when looked for in the file.
        by_id = {rule.id: rule for rule in reversed(self.rules)}
        object.__setattr__(self, "_by_id", by_id)

    def rule(self, rule_id: str) -> Rule:
        """The rule with this id; `KeyError` when the policy has none."""
        return self._by_id[rule_id]

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The files it is made of, the school's own first."""
        own = (Layer(self.file, self.version),)
        return own if self.base is None else own + self.base.layers

    def rules_for(self, events: frozenset[str] | None) -> tuple[Rule, ...]:
        """The rules that could speak of such an event, in the order of the file."""
        found = self._by_event.get(events)
        if found is None:
            found = tuple(rule for rule in self.rules if _speaks_of(rule, events))
            self._by_event[events] = found
        return found


def _speaks_of(rule: Rule, events: frozenset[str] | None) -> bool:
    return any(
        "event" not in case or (events is not None and not events.isdisjoint(case["event"]))
        for case in rule.when
    )
