"""Looks for what is well-formed but cannot be meant: rules that contradict or never decide."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from bot.core.policy import Policy, Rule, VerdictKind
from bot.policies.coverage import Effect, coverage
from bot.policies.layers import covers, loosenings

GROUP_EVENTS = frozenset({"group_message", "edited", "deleted"})
# What is read from a message in the group, from its change or removal, or from the hour.
GROUP_TELLS = frozenset(
    {
        "event", "channel", "audience", "author", "time", "urgent", "length", "attachment",
        "content", "about", "recognisable", "action", "disclosed", "permission",
        "permission_from",
    }
)  # fmt: skip
_ANYTHING = frozenset({"*"})


class Weight(StrEnum):
    """An error makes the policy unusable; a warning is for the admin to settle."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to settle: `kind` is a fixed word, `rule` the id it is about (or empty)."""

    weight: Weight
    kind: str
    rule: str
    detail: str

    def __str__(self) -> str:
        return f"{self.weight}: {self.rule or 'policy'}: {self.detail}"


def check_policy(policy: Policy) -> tuple[Problem, ...]:
    """Everything a person should look at before the policy is used; errors first."""
    problems = [
        *_ids(policy),
        *_contradictions(policy),
        *_never_decide(policy),
        *_never_told(policy),
        *_examples(policy),
        *_contacts(policy),
        *_articles(policy),
        *(Problem(Weight.WARNING, "loosens", *found) for found in loosenings(policy)),
    ]
    return tuple(sorted(problems, key=lambda problem: problem.weight is not Weight.ERROR))


def _ids(policy: Policy) -> Iterator[Problem]:
    seen: set[str] = set()
    ids = {rule.id for rule in policy.rules}
    for rule in policy.rules:
        if rule.id in seen:
            yield Problem(Weight.ERROR, "duplicate_id", rule.id, "two rules have this id")
        seen.add(rule.id)
        for target in rule.overrides:
            if target not in ids:
                detail = f"overrides {target}, which is not in the policy"
                yield Problem(Weight.ERROR, "unknown_override", rule.id, detail)
            elif rule.id in policy.rule(target).overrides:
                detail = f"overrides {target}, which overrides it too"
                yield Problem(Weight.ERROR, "circular_override", rule.id, detail)


def _contradictions(policy: Policy) -> Iterator[Problem]:
    for one, other in combinations(policy.rules, 2):
        if _settled(one, other) or not (_permits(one) ^ _permits(other)):
            continue
        if any(a == b for a in one.when for b in other.when):
            detail = f"says the opposite of {other.id} in the same case"
            yield Problem(Weight.ERROR, "contradiction", one.id, detail)


def _permits(rule: Rule) -> bool:
    return rule.then.verdict in (VerdictKind.ALLOW, VerdictKind.ALLOW_IF)


def _settled(one: Rule, other: Rule) -> bool:
    verdicts = (one.then.verdict, other.then.verdict)
    return None in verdicts or other.id in one.overrides or one.id in other.overrides


def _never_decide(policy: Policy) -> Iterator[Problem]:
    for rule in policy.rules:
        stronger = next((o for o in policy.rules if _always_beaten(rule, o)), None)
        if stronger is not None:
            detail = f"never decides: {stronger.id} always wins"
            yield Problem(Weight.ERROR, "unreachable", rule.id, detail)


def _never_told(policy: Policy) -> Iterator[Problem]:
    """Cases that wait for a fact which a message in the group cannot show."""
    for rule in policy.rules:
        for case in rule.when:
            if not case.get("event", _ANYTHING) <= GROUP_EVENTS:
                continue
            for fact in sorted(case.keys() - GROUP_TELLS):
                detail = f"never counts: a message in the group does not tell {fact!r}"
                yield Problem(Weight.ERROR, "never_told", rule.id, detail)


def _always_beaten(rule: Rule, other: Rule) -> bool:
    if rule is other or not rule.when or other.id in rule.overrides:
        return False
    if rule.when == other.when and rule.id not in other.overrides:
        return False  # the same case twice is a contradiction, and told as one
    wins = rule.id in other.overrides
    verdict, winning = rule.then.verdict, other.then.verdict
    if verdict is not None and winning is not None:
        wins = wins or (winning > verdict and _only_verdict(rule))
    return wins and all(any(covers(b, a) for b in other.when) for a in rule.when)


def _only_verdict(rule: Rule) -> bool:
    then = rule.then
    return not (then.acts or then.redirect or then.remind or then.consult or then.record)


def _examples(policy: Policy) -> Iterator[Problem]:
    for rule in policy.rules:
        kinds = {example.hits for example in rule.examples}
        if kinds != {True, False}:
            missing = "one that hits" if True not in kinds else "one that misses"
            yield Problem(Weight.ERROR, "examples", rule.id, f"needs an example: {missing}")


def _contacts(policy: Policy) -> Iterator[Problem]:
    needed: dict[str, str] = {}
    for rule in policy.rules:
        for role in (*rule.then.consult, *rule.then.record, *rule.then.escalate):
            needed.setdefault(role, rule.id)
    for role, rule_id in needed.items():
        if not policy.settings.contacts.get(role):
            detail = f"nobody is named for {role}; fill in settings: contacts"
            yield Problem(Weight.WARNING, "contact", rule_id, detail)
    if not policy.settings.team_address:
        yield Problem(Weight.WARNING, "team_address", "", "no team address is filled in")


def _articles(policy: Policy) -> Iterator[Problem]:
    for covered in coverage(policy):
        for norm in covered.norms:
            if norm.main is Effect.NOT_COVERED:
                detail = f"{norm.id} of {covered.article} stands in the list, but has no rule"
                yield Problem(Weight.ERROR, "not_covered", norm.id, detail)
