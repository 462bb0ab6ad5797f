"""What Fluister does with each norm of a protocol, told per article."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.core.policy import Act, Policy, Rule, VerdictKind

_GROUP = frozenset({"group_message", "edited", "deleted"})
_REPORTS = frozenset({"report", "admin"})
_MOMENTS = frozenset({"quiet", "own_lesson", "exam"})


class Effect(StrEnum):
    """The eight things that can be done with a norm, the most active first."""

    ENFORCED = "enforced"
    SCHEDULED = "scheduled"
    ADVISED = "advised"
    ASKED = "asked"
    RECORDED = "recorded"
    REMINDED = "reminded"
    INFORMS = "informs"
    NOT_COVERED = "not_covered"


@dataclass(frozen=True, slots=True)
class Norm:
    """One norm (or, where the file lists none, one rule); `effects` has the main one first."""

    id: str
    effects: tuple[Effect, ...]

    @property
    def main(self) -> Effect:
        return self.effects[0]


@dataclass(frozen=True, slots=True)
class Covered:
    """One article: its norms, and how many rules and examples speak of it."""

    article: str
    norms: tuple[Norm, ...]
    rules: int
    examples: int

    @property
    def effects(self) -> tuple[Effect, ...]:
        return _ordered(effect for norm in self.norms for effect in norm.effects)


def coverage(policy: Policy) -> tuple[Covered, ...]:
    """Every article in the order of the protocol's own list, else of the rules."""
    articles = dict.fromkeys((*policy.articles, *(rule.article for rule in policy.rules)))
    return tuple(_covered(policy, article) for article in articles)


def accounted(covered: Iterable[Covered]) -> tuple[int, int]:
    """How many norms have a rule, out of how many."""
    mains = [norm.main for one in covered for norm in one.norms]
    return sum(main is not Effect.NOT_COVERED for main in mains), len(mains)


def _covered(policy: Policy, article: str) -> Covered:
    rules = [rule for rule in policy.rules if rule.article == article]
    listed = policy.articles.get(article)
    ids = listed if listed is not None else tuple(rule.id for rule in rules)
    norms = tuple(_norm(norm, rules, ids) for norm in ids)
    return Covered(article, norms, len(rules), sum(len(rule.examples) for rule in rules))


def _norm(norm: str, rules: list[Rule], ids: tuple[str, ...]) -> Norm:
    """A norm is covered by the rule of its name; rules named after it (`-3a`, `-3a2`) add to it."""
    own = [rule for rule in rules if _belongs(rule.id, norm, ids)]
    named = any(rule.id == norm for rule in own)
    effects = _ordered(effect_of(rule) for rule in own) if named else (Effect.NOT_COVERED,)
    return Norm(norm, effects)


def _belongs(rule_id: str, norm: str, ids: tuple[str, ...]) -> bool:
    """Whether no longer name in the list fits this rule better."""
    fitting = [other for other in ids if rule_id.startswith(other)]
    return bool(fitting) and max(fitting, key=len) == norm


def effect_of(rule: Rule) -> Effect:
    """What Fluister does when this rule counts."""
    if not rule.when:
        return Effect.INFORMS
    then, events = rule.then, frozenset().union(*(case.get("event", ()) for case in rule.when))
    group = bool(events & _GROUP)
    if _by_moment(rule):
        return Effect.SCHEDULED
    if group and (then.verdict is not None or then.acts):
        return Effect.ENFORCED
    if (then.record or then.escalate) and events & _REPORTS:
        return Effect.RECORDED
    if then.verdict is VerdictKind.ASK or (then.asks and then.verdict is None):
        return Effect.ASKED
    if then.verdict is not None or then.consult:
        return Effect.ADVISED
    return Effect.RECORDED if then.record or then.escalate else Effect.REMINDED


def _by_moment(rule: Rule) -> bool:
    """Whether it waits for a moment, or acts only at one."""
    if Act.HOLD in rule.then.acts:
        return True
    timed = any(
        {"group_message", "timer"} & case.get("event", frozenset())
        and _MOMENTS.issuperset(case.get("time", frozenset({""})))
        for case in rule.when
    )
    return timed and not rule.then.remind


def _ordered(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    found = set(effects)
    return tuple(effect for effect in Effect if effect in found)
