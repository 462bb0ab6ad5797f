"""The one rule engine: the same for a group message, an edit and a private question.

Total and deterministic: the order of the rules in the file never matters.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from bot.core.facts import ASKABLE, ASKED_CONTENT, ASKING_ORDER, Facts
from bot.core.policy import Act, Policy, Rule, VerdictKind


class _Match(Enum):
    NO = 0
    OPEN = 1
    FIRES = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the protocol says, and how it came to say so.

    `asks` are the facts worth asking about, the cheapest first. `fired`, `overridden` and `open`
    are rule ids, sorted as they stand in the policy.
    """

    kind: VerdictKind
    policy: str
    version: str
    fired: tuple[str, ...] = ()
    overridden: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    deciding: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    acts: frozenset[Act] = frozenset()
    redirect: tuple[str, ...] = ()
    consult: tuple[str, ...] = ()
    record: tuple[str, ...] = ()
    escalate: tuple[str, ...] = ()
    remind: tuple[str, ...] = ()
    permits: bool = False


def judge(policy: Policy, facts: Facts) -> Verdict:
    """Say what `policy` says about `facts`; always an answer, `NO_RULE` being one."""
    matches = {rule.id: _match_rule(rule, facts) for rule in policy.rules}
    fired = [rule for rule in policy.rules if matches[rule.id] is _Match.FIRES]
    beaten = {target for rule in fired for target in rule.overrides}
    standing = [rule for rule in fired if rule.id not in beaten]
    open_rules = [
        rule for rule in policy.rules if matches[rule.id] is _Match.OPEN and rule.id not in beaten
    ]
    kind = max((rule.then.verdict or VerdictKind.NO_RULE for rule in standing), default=None)
    kind = VerdictKind.NO_RULE if kind is None else kind
    return _verdict(policy, facts, kind, standing, open_rules, beaten)


def _verdict(
    policy: Policy,
    facts: Facts,
    kind: VerdictKind,
    standing: list[Rule],
    open_rules: list[Rule],
    beaten: set[str],
) -> Verdict:
    deciding = [rule for rule in standing if rule.then.verdict is kind]
    told = deciding or standing
    worth_asking = [rule for rule in open_rules if _could_change(rule, kind)]
    return Verdict(
        kind=kind,
        policy=policy.file,
        version=policy.version,
        fired=_ids(standing),
        overridden=tuple(rule.id for rule in policy.rules if rule.id in beaten),
        open=_ids(open_rules),
        deciding=_ids(told),
        articles=_unique(rule.article for rule in told),
        asks=_asks(facts, deciding, worth_asking),
        conditions=_unique(c for rule in standing for c in rule.then.conditions),
        acts=frozenset(act for rule in standing for act in rule.then.acts),
        redirect=_unique(c for rule in standing for c in rule.then.redirect),
        consult=_unique(r for rule in standing for r in rule.then.consult),
        record=_unique(r for rule in standing for r in rule.then.record),
        escalate=_unique(r for rule in standing for r in rule.then.escalate),
        remind=_unique(t for rule in standing for t in rule.then.remind),
        permits=bool(deciding) and all(rule.then.permits for rule in deciding),
    )


def _match_rule(rule: Rule, facts: Facts) -> _Match:
    results = [_match(condition, facts) for condition in rule.when]
    return max(results, key=lambda match: match.value, default=_Match.NO)


def _match(condition: Mapping[str, frozenset[str]], facts: Facts) -> _Match:
    result = _Match.FIRES
    for fact, wanted in condition.items():
        known = facts.get(fact)
        if known is None and _can_tell(fact, wanted):
            result = _Match.OPEN
        elif known is None or not known & wanted:
            return _Match.NO
    return result


def _can_tell(fact: str, wanted: frozenset[str]) -> bool:
    """Whether a person could be asked if it is so."""
    return fact in ASKABLE and (fact != "content" or bool(wanted & ASKED_CONTENT))


def _could_change(rule: Rule, kind: VerdictKind) -> bool:
    """Whether asking is worth a person's time: the rule would make the answer stricter or new."""
    outcome = rule.then.verdict
    if outcome is None:
        return False
    return outcome > kind


def _asks(facts: Facts, deciding: list[Rule], open_rules: list[Rule]) -> tuple[str, ...]:
    wanted = {fact for rule in deciding for fact in rule.then.asks if facts.get(fact) is None}
    for rule in open_rules:
        for condition in rule.when:
            if _match(condition, facts) is _Match.OPEN:
                wanted.update(fact for fact in condition if facts.get(fact) is None)
    return tuple(fact for fact in ASKING_ORDER if fact in wanted)


def _ids(rules: list[Rule]) -> tuple[str, ...]:
    return tuple(rule.id for rule in rules)


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
