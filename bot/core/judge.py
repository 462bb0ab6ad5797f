"""The one rule engine: the same for a group message, an edit and a private question.

Total and deterministic: the order of the rules in the file never matters.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from bot.core.facts import ASKABLE, ASKED_CONTENT, ASKING_ORDER, Facts
from bot.core.policy import Act, Policy, Rule, VerdictKind

_NO: Final = 0
_OPEN: Final = 1
_FIRES: Final = 2
_SILENT: Final = VerdictKind.NO_RULE
_NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the protocol says, and how it came to say so.

    `asks` are the facts worth asking about, the cheapest first; `missing` are all facts that keep
    an open rule from firing. `fired`, `overridden` and `open` are rule ids, sorted as they stand
    in the policy. `content` and `attachment` are those facts as they were judged.
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
    missing: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    acts: frozenset[Act] = frozenset()
    redirect: tuple[str, ...] = ()
    consult: tuple[str, ...] = ()
    record: tuple[str, ...] = ()
    escalate: tuple[str, ...] = ()
    remind: tuple[str, ...] = ()
    permits: bool = False
    content: frozenset[str] = frozenset()
    attachment: frozenset[str] = frozenset()


def judge(policy: Policy, facts: Facts) -> Verdict:
    """Say what `policy` says about `facts`; always an answer, `NO_RULE` being one."""
    matched = [(rule, _match_rule(rule, facts)) for rule in policy.rules_for(facts.get("event"))]
    fired = [rule for rule, match in matched if match == _FIRES]
    beaten = {target for rule in fired for target in rule.overrides}
    return _verdict(
        policy,
        facts,
        standing=[rule for rule in fired if rule.id not in beaten],
        overridden=[rule for rule, match in matched if match and rule.id in beaten],
        open_rules=[r for r, match in matched if match == _OPEN and r.id not in beaten],
    )


def _verdict(
    policy: Policy,
    facts: Facts,
    *,
    standing: list[Rule],
    overridden: list[Rule],
    open_rules: list[Rule],
) -> Verdict:
    kind = max((r.then.verdict or VerdictKind.NO_RULE for r in standing), default=_SILENT)
    deciding = [rule for rule in standing if rule.then.verdict is kind]
    told = deciding or standing
    lacking = {rule.id: _lacking(rule, facts) for rule in open_rules}
    worth_asking = [rule for rule in open_rules if _could_change(rule, kind)]
    return Verdict(
        kind=kind,
        policy=policy.file,
        version=policy.version,
        fired=_ids(standing),
        overridden=_ids(overridden),
        open=_ids(open_rules),
        deciding=_ids(told),
        articles=_unique(rule.article for rule in told),
        asks=_asks(facts, deciding, [lacking[rule.id] for rule in worth_asking]),
        missing=_in_order(frozenset().union(*lacking.values())),
        conditions=_unique(c for rule in standing for c in rule.then.conditions),
        acts=frozenset(act for rule in standing for act in rule.then.acts),
        redirect=_unique(c for rule in standing for c in rule.then.redirect),
        consult=_unique(r for rule in standing for r in rule.then.consult),
        record=_unique(r for rule in standing for r in rule.then.record),
        escalate=_unique(r for rule in standing for r in rule.then.escalate),
        remind=_unique(t for rule in standing for t in rule.then.remind),
        permits=bool(deciding) and all(rule.then.permits for rule in deciding),
        content=facts.known.get("content", _NOTHING),
        attachment=facts.known.get("attachment", _NOTHING),
    )


def _match_rule(rule: Rule, facts: Facts) -> int:
    best = _NO
    for condition in rule.when:
        match = _match(condition, facts)
        if match == _FIRES:
            return _FIRES
        best = max(best, match)
    return best


def _match(condition: Mapping[str, frozenset[str]], facts: Facts) -> int:
    result = _FIRES
    known = facts.known
    for fact, wanted in condition.items():
        values = known.get(fact)
        if values is None:
            if not _can_tell(fact, wanted):
                return _NO
            result = _OPEN
        elif values.isdisjoint(wanted):
            return _NO
    return result


def _can_tell(fact: str, wanted: frozenset[str]) -> bool:
    """Whether a person could be asked if it is so."""
    return fact in ASKABLE and (fact != "content" or not ASKED_CONTENT.isdisjoint(wanted))


def _could_change(rule: Rule, kind: VerdictKind) -> bool:
    """Whether asking is worth a person's time: the rule would make the answer stricter or new."""
    outcome = rule.then.verdict
    if outcome is None:
        return False
    return outcome > kind


def _lacking(rule: Rule, facts: Facts) -> frozenset[str]:
    """The facts that keep an open rule from firing."""
    return frozenset(
        fact
        for condition in rule.when
        if _match(condition, facts) == _OPEN
        for fact in condition
        if fact not in facts.known
    )


def _asks(facts: Facts, deciding: list[Rule], lacking: Iterable[frozenset[str]]) -> tuple[str, ...]:
    wanted = {fact for rule in deciding for fact in rule.then.asks if fact not in facts.known}
    return _in_order(wanted.union(*lacking))


def _in_order(wanted: AbstractSet[str]) -> tuple[str, ...]:
    return tuple(fact for fact in ASKING_ORDER if fact in wanted) if wanted else ()


def _ids(rules: list[Rule]) -> tuple[str, ...]:
    return tuple(rule.id for rule in rules)


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
