"""The one rule engine: the same for a group message, an edit and a private question.

Total and deterministic: the order of the rules in the file never matters.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from bot.core.facts import ASKABLE, ASKED_CONTENT, ASKING_ORDER, Facts
from bot.core.policy import Act, Policy, Rule, VerdictKind

Known = Mapping[str, frozenset[str]]
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
    known = facts.known
    gaps = [(rule, _gap(rule, known)) for rule in policy.rules_for(known.get("event"))]
    fired = [rule for rule, gap in gaps if gap is not None and not gap]
    beaten = {target for rule in fired for target in rule.overrides}
    return _verdict(
        policy,
        facts,
        standing=[rule for rule in fired if rule.id not in beaten],
        overridden=[rule for rule, gap in gaps if gap is not None and rule.id in beaten],
        open_rules=[(rule, gap) for rule, gap in gaps if gap and rule.id not in beaten],
    )


def _verdict(
    policy: Policy,
    facts: Facts,
    *,
    standing: list[Rule],
    overridden: list[Rule],
    open_rules: list[tuple[Rule, AbstractSet[str]]],
) -> Verdict:
    kind = max((r.then.verdict or VerdictKind.NO_RULE for r in standing), default=_SILENT)
    deciding = [rule for rule in standing if rule.then.verdict is kind]
    told = deciding or standing
    worth_asking = [gap for rule, gap in open_rules if _could_change(rule, kind)]
    return Verdict(
        kind=kind,
        policy=policy.file,
        version=policy.version,
        fired=_ids(standing),
        overridden=_ids(overridden),
        open=_ids([rule for rule, _ in open_rules]),
        deciding=_ids(told),
        articles=_unique(rule.article for rule in told),
        asks=_asks(facts, deciding, worth_asking),
        missing=_in_order(_NOTHING.union(*(gap for _, gap in open_rules))),
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


def _gap(rule: Rule, known: Known) -> AbstractSet[str] | None:
    """The facts that keep a rule from firing: none where it fires, `None` where it cannot."""
    gap: AbstractSet[str] | None = None
    for condition in rule.when:
        lacking = _lacking(condition, known)
        if lacking is None:
            continue
        if not lacking:
            return lacking
        gap = lacking if gap is None else gap | lacking
    return gap


def _lacking(condition: Known, known: Known) -> AbstractSet[str] | None:
    lacking: AbstractSet[str] = _NOTHING
    for fact, wanted in condition.items():
        values = known.get(fact)
        if values is None:
            if not _can_tell(fact, wanted):
                return None
            lacking = {*lacking, fact}
        elif values.isdisjoint(wanted):
            return None
    return lacking


def _can_tell(fact: str, wanted: frozenset[str]) -> bool:
    """Whether a person could be asked if it is so."""
    return fact in ASKABLE and (fact != "content" or not ASKED_CONTENT.isdisjoint(wanted))


def _could_change(rule: Rule, kind: VerdictKind) -> bool:
    """Whether asking is worth a person's time: the rule would make the answer stricter or new."""
    outcome = rule.then.verdict
    if outcome is None:
        return False
    return outcome > kind


def _asks(
    facts: Facts, deciding: list[Rule], lacking: Iterable[AbstractSet[str]]
) -> tuple[str, ...]:
    wanted = {fact for rule in deciding for fact in rule.then.asks if fact not in facts.known}
    return _in_order(wanted.union(*lacking))


def _in_order(wanted: AbstractSet[str]) -> tuple[str, ...]:
    return tuple(fact for fact in ASKING_ORDER if fact in wanted) if wanted else ()


def _ids(rules: list[Rule]) -> tuple[str, ...]:
    return tuple(rule.id for rule in rules)


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
