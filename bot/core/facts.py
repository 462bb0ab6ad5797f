"""The closed vocabulary in which rules speak about a message, a plan or a question.

A fact is known (one or more values), known not to be known ("weet ik niet": `UNKNOWN`), or
simply absent. A rule that needs an absent fact is *open*, not false.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

UNKNOWN = "unknown"


def _words(line: str) -> tuple[str, ...]:
    return tuple(line.split())


VOCABULARY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "event": _words("draft plan question group_message edited deleted report timer admin"),
        "author": _words("medewerker leidinggevende bestuur leerling ouder"),
        "action": _words(
            "publish reply forward befriend follow make_group join_group make_account change_login"
            " choose_profile introduce_app require_app use_in_lesson share_login use_network"
            " correct remove answer_press join_press take_measure leave_job"
        ),
        "audience": _words("colleague team pupil class parent class_parents press public outsider"),
        "channel": _words(
            "team_group whatsapp mail parro closed_app social_media linkedin_group phone"
        ),
        "about": _words("nobody self pupil parent colleague school third_party"),
        "recognisable": _words("yes no"),
        "content": _words(
            "general practical announcement substantive confidential personal_data opinion"
            " against_mission harms_name disrespect insult threat bullying discrimination obscene"
            " hate claim rumour figures quote others_work official_tone embarrassing argument trade"
            " link login error criticism accountable left_out official_news"
        ),
        "attachment": _words("none image video audio document logo music"),
        "length": _words("short long"),
        "urgent": _words("yes no"),
        "capacity": _words("personal school"),
        "account": _words("private professional mixed work_owned alias lookalike"),
        "sender": _words("own official alias lookalike"),
        "disclosed": _words(
            "nothing capacity employment function name source edit_mark reason purpose"
        ),
        "disclaimer": _words("none own prescribed"),
        "consent": _words("none oral explicit written elsewhere"),
        "consent_from": _words("depicted audible parent"),
        "harm": _words("none expected"),
        "permission": _words("none afterwards prior"),
        "permission_from": _words("schoolleiding leraar aangewezene"),
        "maker_permission": _words("yes no"),
        "agreed": _words("yes no"),
        "needed": _words("yes no"),
        "doubt": _words("yes no"),
        "duty": _words("yes no waived"),
        "school_link": _words("yes no"),
        "app_managed": _words("yes no"),
        "own_class": _words("yes no"),
        "recorded": _words("yes no"),
        "time": _words("working quiet own_lesson exam before_post after_post period_start"),
        "incident": _words(
            "conduct derailing misrepresentation public_post transgressive criminal breach_staff"
            " breach_pupil breach_parent unlawful_material network removal_request error_reported"
        ),
    }
)

# What it costs a person to answer: the one thing they surely know first, judgements last.
ASKING_ORDER: tuple[str, ...] = (
    "audience", "channel", "attachment", "action", "capacity", "agreed", "needed", "own_class",
    "recognisable", "account", "sender", "app_managed", "author", "urgent", "consent",
    "consent_from", "permission", "permission_from", "maker_permission", "disclosed", "disclaimer",
    "doubt", "duty", "about", "content", "harm", "school_link", "length", "incident", "recorded",
    "time", "event",
)  # fmt: skip

# What a person can be asked. The rest is read from the message or the clock; what was not seen
# of it is not so, and no rule stays open for it.
ASKABLE: tuple[str, ...] = (
    "audience", "channel", "attachment", "capacity", "agreed", "needed", "own_class",
    "recognisable", "account", "app_managed", "consent", "consent_from", "permission",
    "maker_permission", "disclosed", "about", "content", "harm",
)  # fmt: skip

# The kinds of content that a person is asked about; the special ones (an insult, a quotation, a
# claim …) are seen in what they wrote, or are not there.
ASKED_CONTENT = frozenset({"general", "practical", "confidential", "personal_data", "opinion"})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known; values of one fact stand side by side (a message may be long *and* urgent)."""

    known: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for fact, values in self.known.items():
            _check(fact, values)

    @classmethod
    def of(cls, **values: str | Iterable[str]) -> "Facts":
        """Build from `fact="value"` or `fact=("a", "b")`."""
        return cls(
            {
                fact: frozenset([value] if isinstance(value, str) else value)
                for fact, value in values.items()
            }
        )

    def get(self, fact: str) -> frozenset[str] | None:
        """The known values, or `None` where nothing is known."""
        return self.known.get(fact)

    def words(self) -> tuple[str, ...]:
        """As words of the vocabulary ("content=confidential"), which never hold a text."""
        return tuple(
            f"{fact}={value}" for fact in sorted(self.known) for value in sorted(self.known[fact])
        )

    @classmethod
    def read(cls, words: Iterable[str]) -> "Facts":
        """Back from `words`; what the vocabulary no longer knows is left out."""
        known: dict[str, set[str]] = {}
        for word in words:
            fact, _, value = word.partition("=")
            if value in (*VOCABULARY.get(fact, ()), UNKNOWN) and fact in VOCABULARY:
                known.setdefault(fact, set()).add(value)
        return cls({fact: frozenset(values) for fact, values in known.items()})

    def with_(self, **values: str | Iterable[str]) -> "Facts":
        """A copy in which these facts replace what was known of them."""
        return Facts({**self.known, **Facts.of(**values).known})


def _check(fact: str, values: frozenset[str]) -> None:
    allowed = VOCABULARY.get(fact)
    if allowed is None:
        raise ValueError(f"unknown fact {fact!r}")
    wrong = values.difference(allowed, (UNKNOWN,))
    if wrong or not values:
        raise ValueError(f"{fact}: {sorted(wrong) or 'no value'} is not one of {allowed}")
