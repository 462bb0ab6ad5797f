"""From a verdict to an answer for a person: yes, no, yes if, or ask your manager."""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.facts import ASKABLE, ASKED_CONTENT, VOCABULARY, Facts
from bot.core.judge import Verdict
from bot.core.policy import Act, Policy, Rule, VerdictKind

_MOST_OPTIONS = 8
_TOLD_ABOUT = 3
_PERMITTING = (VerdictKind.ALLOW, VerdictKind.ALLOW_IF)
_SPEAKING = (VerdictKind.CONSULT, VerdictKind.ASK, VerdictKind.REFUSE)
# What can still turn out well: whoever is asked can see to it.
_CURABLE = frozenset(
    {"consent", "consent_from", "permission", "maker_permission", "recognisable", "content"}
)


class AdviceKind(StrEnum):
    """The four answers there are."""

    YES = "yes"
    NO = "no"
    YES_IF = "yes_if"
    ASK_MANAGER = "ask_manager"


@dataclass(frozen=True, slots=True)
class Advice:
    """An answer, still without words of its own.

    `rules` are the ids it rests on, the deciding ones first; `says` and `gloss` are the first
    one's own sentence in Dutch and English. `conditions` and `provided` (facts that must turn out
    well) belong to `yes_if`. `ways` are the roads that stay open. `ask` is the fact worth asking
    about next, with `options` as its values. `informs` says that it tells about the protocol,
    `outside` that the protocol is not about this, `reminds` that it only reminds of something.
    `hints` are small helps: a crop, the words of a disclaimer.
    """

    kind: AdviceKind
    protocol: str
    version: str
    rules: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    says: str = ""
    gloss: str = ""
    conditions: tuple[str, ...] = ()
    provided: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    team_address: str = ""
    disclaimer: str = ""
    consult: tuple[str, ...] = ()
    remind: tuple[str, ...] = ()
    ask: str | None = None
    options: tuple[str, ...] = ()
    informs: bool = False
    outside: bool = False
    reminds: bool = False
    hints: tuple[str, ...] = ()


def answer(policy: Policy, verdict: Verdict, facts: Facts) -> Advice:
    """Turn a verdict on these facts into an answer; always one of the four."""
    near = _nearly(policy, verdict, facts)
    outside = verdict.kind is VerdictKind.OUT_OF_SCOPE
    kind = _outside(policy, verdict) if outside else _kind(verdict, near)
    rules = tuple(policy.rule(rule_id) for rule_id in verdict.deciding)
    if kind is AdviceKind.YES_IF and verdict.kind < VerdictKind.ALLOW_IF:
        rules = near
    ask = next(iter(worth_asking(verdict, policy)), None)
    return Advice(
        kind=kind,
        protocol=policy.name,
        version=policy.version,
        rules=tuple(rule.id for rule in rules),
        articles=tuple(dict.fromkeys(rule.article for rule in rules)),
        says=rules[0].says if rules else "",
        gloss=rules[0].gloss if rules else "",
        conditions=_conditions(kind, verdict, rules),
        provided=_provided(kind, verdict, rules, facts),
        ways=_ways(kind, verdict, facts),
        team_address=policy.settings.team_address,
        disclaimer=policy.settings.disclaimer,
        consult=verdict.consult if kind is AdviceKind.ASK_MANAGER else (),
        remind=verdict.remind if kind in (AdviceKind.YES, AdviceKind.YES_IF) else (),
        ask=ask,
        options=options(policy, ask) if ask else (),
        outside=outside,
        hints=_hints(kind, verdict, rules, facts),
        reminds=verdict.kind is VerdictKind.NO_RULE and bool(rules) and rules != near,
    )


def _hints(
    kind: AdviceKind, verdict: Verdict, rules: tuple[Rule, ...], facts: Facts
) -> tuple[str, ...]:
    """What helps at once: other people in a picture, and the words of a disclaimer."""
    shown = verdict.attachment & {"image", "video"}
    people = (facts.get("about") or frozenset()) & {"pupil", "parent", "colleague"}
    crop = shown and people and kind in (AdviceKind.NO, AdviceKind.YES_IF)
    disclaim = "disclaimer" in _conditions(kind, verdict, rules)
    return (("crop",) if crop else ()) + (("disclaimer",) if disclaim else ())


def _outside(policy: Policy, verdict: Verdict) -> AdviceKind:
    """What the protocol is not about it does not forbid, unless another rule still speaks."""
    others = (policy.rule(rule_id).then.verdict for rule_id in verdict.fired)
    private = not verdict.content.isdisjoint({"confidential", "personal_data"})
    doubtful = private or any(other in _SPEAKING for other in others)
    return AdviceKind.ASK_MANAGER if doubtful else AdviceKind.YES


def _kind(verdict: Verdict, near: tuple[Rule, ...]) -> AdviceKind:
    match verdict.kind:
        case VerdictKind.REFUSE:
            return AdviceKind.ASK_MANAGER if verdict.permits else AdviceKind.NO
        case VerdictKind.ASK | VerdictKind.ALLOW_IF:
            return AdviceKind.YES_IF
        case VerdictKind.ALLOW:
            return AdviceKind.YES_IF if near else AdviceKind.YES
        case VerdictKind.NO_RULE if near:
            return AdviceKind.YES_IF
        case _:
            return AdviceKind.ASK_MANAGER


def _nearly(policy: Policy, verdict: Verdict, facts: Facts) -> tuple[Rule, ...]:
    """Rules that one more fact would make fire and that would change the answer."""
    if verdict.kind not in (VerdictKind.NO_RULE, VerdictKind.ALLOW):
        return ()
    rules = (policy.rule(rule_id) for rule_id in verdict.open)
    askable = worth_asking(verdict)
    near = [
        rule
        for rule in rules
        if _changes(rule, verdict)
        and _lacks_one(rule, facts, askable)
        and not _elsewhere(rule, facts)
    ]
    permitting = [rule for rule in near if rule.then.verdict in _PERMITTING]
    curable = [rule for rule in near if set(missing(rule, facts)) <= _CURABLE]
    if verdict.kind is VerdictKind.NO_RULE and not permitting:
        near = curable
    return tuple(sorted(near, key=lambda rule: rule.then.verdict not in _PERMITTING))


def _changes(rule: Rule, verdict: Verdict) -> bool:
    return rule.then.verdict is not None and rule.then.verdict > verdict.kind


def _elsewhere(rule: Rule, facts: Facts) -> bool:
    """What is done with a pupil in a place nobody knows is not thereby meant for the group."""
    places = frozenset[str]().union(*(condition.get("channel", ()) for condition in rule.when))
    pupil = "pupil" in (facts.get("about") or ())
    return pupil and places == {"team_group"} and missing(rule, facts) == ("channel",)


def worth_asking(verdict: Verdict, policy: Policy | None = None) -> tuple[str, ...]:
    """The facts that could change the answer and that a person can tell, the cheapest first.

    What the deciding rule itself asks about comes before all else. Where a rule already allows
    it, "what kind of message is it" would only cast doubt.
    """
    settled = ("content", "disclosed") if verdict.kind is VerdictKind.ALLOW else ()
    asks = [fact for fact in verdict.asks if fact in ASKABLE and fact not in settled]
    if policy is not None and verdict.kind is VerdictKind.ASK:
        own = {fact for name in verdict.deciding for fact in policy.rule(name).then.asks}
        asks.sort(key=lambda fact: fact not in own)
    return tuple(asks)


def _lacks_one(rule: Rule, facts: Facts, askable: tuple[str, ...]) -> bool:
    lacking = missing(rule, facts)
    return len(lacking) == 1 and lacking[0] in askable


def missing(rule: Rule, facts: Facts) -> tuple[str, ...]:
    """The facts that keep the rule from firing, for the case that needs the fewest."""
    cases = []
    for condition in rule.when:
        known = {fact: facts.get(fact) for fact in condition}
        if all(values is None or values & condition[fact] for fact, values in known.items()):
            cases.append(tuple(fact for fact, values in known.items() if values is None))
    return min(cases, key=len, default=())


def _conditions(kind: AdviceKind, verdict: Verdict, rules: tuple[Rule, ...]) -> tuple[str, ...]:
    if kind is not AdviceKind.YES_IF:
        return ()
    of_rules = [c for rule in rules for c in rule.then.conditions]
    return tuple(dict.fromkeys((*verdict.conditions, *of_rules)))


def _provided(
    kind: AdviceKind, verdict: Verdict, rules: tuple[Rule, ...], facts: Facts
) -> tuple[str, ...]:
    if kind is not AdviceKind.YES_IF or verdict.kind in _PERMITTING[1:]:
        return ()
    return tuple(dict.fromkeys(fact for rule in rules for fact in missing(rule, facts)))


def _ways(kind: AdviceKind, verdict: Verdict, facts: Facts) -> tuple[str, ...]:
    if kind is AdviceKind.YES:
        return ()
    if "phone" in verdict.redirect:
        return ("phone",)
    team = "team" in (facts.get("audience") or ())
    private = Act.WITHDRAW in verdict.acts
    mail = "mail_team" if team and not private else "mail"
    ways = tuple(mail if way == "mail" else way for way in verdict.redirect)
    # Other words help where the words are the matter, and nothing else stands in the way.
    other = kind is AdviceKind.NO and Act.REWRITE in verdict.acts and not ways
    return ("rewrite",) if other else ways


def options(policy: Policy, fact: str) -> tuple[str, ...]:
    """The values of a fact that the policy speaks of, in the order of the vocabulary."""
    used: set[str] = set()
    for rule in policy.rules:
        for condition in rule.when:
            used |= condition.get(fact, frozenset())
    if fact == "content":
        used &= ASKED_CONTENT
    return tuple(value for value in VOCABULARY[fact] if value in used)[:_MOST_OPTIONS]


def about(policy: Policy, words: str) -> Advice | None:
    """What the protocol says on a subject, from the rules' keywords; `None` when nothing."""
    scored = [(_score(rule, words.casefold()), rule) for rule in policy.rules]
    best = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])[:_TOLD_ABOUT]
    if not best:
        return None
    rules = [rule for score, rule in best if score == best[0][0]]
    return Advice(
        kind=AdviceKind.ASK_MANAGER,
        protocol=policy.name,
        version=policy.version,
        rules=tuple(rule.id for rule in rules),
        articles=tuple(dict.fromkeys(rule.article for rule in rules)),
        says=" ".join(dict.fromkeys(rule.says for rule in rules)),
        gloss=" ".join(dict.fromkeys(rule.gloss for rule in rules)),
        informs=True,
    )


def _score(rule: Rule, words: str) -> int:
    """Longer keywords say more about the subject; a rule that only informs goes first."""
    found = sum(len(keyword) for keyword in rule.keywords if keyword.casefold() in words)
    return found * 2 + (0 if rule.when else 1) if found else 0
