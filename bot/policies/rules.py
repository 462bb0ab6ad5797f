"""The `rules` part of a policy file: each rule with its article, its case and what follows."""

from collections.abc import Mapping as Map

from bot.core.facts import UNKNOWN, VOCABULARY
from bot.core.policy import (
    CHANNELS,
    CONDITIONS,
    ROLES,
    TOPICS,
    Act,
    Example,
    Outcome,
    Policy,
    Rule,
    VerdictKind,
)
from bot.policies.faults import Ledger
from bot.policies.fields import Fields, show, words_of
from bot.policies.nodes import Mapping, Node, Sequence

RULE = (
    "id", "article", "says", "gloss", "when", "then", "informs", "overrides", "examples",
    "keywords",
)  # fmt: skip
THEN = (
    "verdict", "conditions", "ask", "acts", "redirect", "consult", "permits", "record",
    "escalate", "remind",
)  # fmt: skip
EXAMPLE = ("hit", "miss", "group", "attachment", "given")
VERDICTS = tuple(kind.name.lower() for kind in VerdictKind if kind is not VerdictKind.NO_RULE)
ATTACHMENTS = ("photo", "document", "voice", "video", "other")
MAX_RULES = 500
MAX_SHOWN = 12
Articles = Map[str, tuple[str, ...]]


def read_rules(
    top: Fields, ledger: Ledger, articles: Articles, base: Policy | None
) -> tuple[Rule, ...]:
    """The file's own rules over those of `base`: one with the same id takes its place."""
    nodes = top.nodes("rules")
    if not nodes and top.get("extends") is None:
        ledger.add(top.node.place, "the file has no rules")
    if len(nodes) > MAX_RULES:
        ledger.add(nodes[MAX_RULES].place, f"more than {MAX_RULES} rules")
        return ()
    read = [Fields.of(node, ledger, "a rule", RULE) for node in nodes]
    own = tuple(_rule(fields, ledger) for fields in read)
    rules = own if base is None else layered(base.rules, own)
    _check_ids(read, own, {rule.id for rule in rules}, ledger)
    if articles:
        _check_articles(read, own, articles, ledger)
    return rules


def layered(below: tuple[Rule, ...], own: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The rules below, replaced by those of the same id, and then what is new."""
    ours = {rule.id: rule for rule in own}
    known = {rule.id for rule in below}
    replaced = tuple(ours.get(rule.id, rule) for rule in below)
    return replaced + tuple(rule for rule in own if rule.id not in known)


def _check_ids(read: list[Fields], rules: tuple[Rule, ...], ids: set[str], ledger: Ledger) -> None:
    seen: set[str] = set()
    for fields, rule in zip(read, rules, strict=True):
        place = place_of(fields, "id")
        if rule.id and rule.id in seen:
            ledger.add(place, "two rules have this id", found=rule.id)
        seen.add(rule.id)
        for target in rule.overrides:
            if target not in ids or target == rule.id:
                where = place_of(fields, "overrides")
                others = _near(target, sorted(ids - {rule.id, ""}))
                ledger.add(where, "overrides a rule not in this file", found=target, allowed=others)


def _check_articles(
    read: list[Fields], rules: tuple[Rule, ...], articles: Articles, ledger: Ledger
) -> None:
    home = {norm: article for article, norms in articles.items() for norm in norms}
    for fields, rule in zip(read, rules, strict=True):
        place = place_of(fields, "article")
        if rule.article and rule.article not in articles:
            what = "the protocol's list of articles does not know this one"
            ledger.add(place, what, found=rule.article, allowed=tuple(articles))
        elif home.get(rule.id, rule.article) != rule.article:
            what = f"{rule.id} stands under {home[rule.id]!r} in the list of articles"
            ledger.add(place, what, found=rule.article)


def _near(word: str, words: list[str]) -> list[str]:
    """At most `MAX_SHOWN` ids, those of the same family first."""
    stem = word.rsplit("-", 1)[0]
    return sorted(words, key=lambda other: (not other.startswith(stem), other))[:MAX_SHOWN]


def place_of(fields: Fields, key: str) -> tuple[int, int]:
    node = fields.get(key)
    return fields.node.place if node is None else node.place


def _rule(fields: Fields, ledger: Ledger) -> Rule:
    rule = Rule(
        id=fields.need("id"),
        article=fields.need("article"),
        says=fields.need("says"),
        gloss=fields.text("gloss"),
        when=_when(fields, ledger),
        then=_then(fields, ledger),
        overrides=fields.some_of("overrides"),
        examples=tuple(_example(node, ledger) for node in fields.nodes("examples")),
        keywords=fields.some_of("keywords"),
        line=fields.node.place[0],
    )
    _check_shape(fields, rule, ledger)
    return rule


def _check_shape(fields: Fields, rule: Rule, ledger: Ledger) -> None:
    acts = fields.get("when") is not None or fields.get("then") is not None
    if fields.flag("informs"):
        if acts:
            ledger.add(fields.node.place, "a rule that informs has no 'when' and no 'then'")
        if not rule.keywords:
            ledger.add(fields.node.place, "a rule that informs needs 'keywords' to be found by")
    elif fields.get("when") is None or fields.get("then") is None:
        ledger.add(fields.node.place, "a rule has 'when' and 'then', or says 'informs: true'")


def _when(fields: Fields, ledger: Ledger) -> tuple[Map[str, frozenset[str]], ...]:
    node = fields.get("when")
    if node is None:
        return ()
    cases = node.items if isinstance(node, Sequence) else [node]
    if not cases:
        ledger.add(node.place, "'when' holds no case")
    return tuple(facts_of(case, ledger, "when") for case in cases)


def facts_of(node: Node, ledger: Ledger, where: str) -> Map[str, frozenset[str]]:
    """A mapping of facts to their values, all of the closed vocabulary."""
    if not isinstance(node, Mapping) or not node.pairs:
        ledger.add(node.place, f"{where!r} is a mapping of facts to values", found=show(node))
        return {}
    facts: dict[str, frozenset[str]] = {}
    for fact, value in node.pairs.items():
        if fact not in VOCABULARY:
            ledger.add(node.keys[fact], "there is no such fact", found=fact, allowed=VOCABULARY)
            continue
        words = words_of(value, ledger, fact, (*VOCABULARY[fact], UNKNOWN))
        if words:
            facts[fact] = frozenset(words)
    return facts


def _then(fields: Fields, ledger: Ledger) -> Outcome:
    node = fields.get("then")
    if node is None:
        return Outcome()
    then = Fields.of(node, ledger, "then", THEN)
    verdict = then.one_of("verdict", VERDICTS)
    if isinstance(node, Mapping) and not node.pairs:
        ledger.add(node.place, "'then' says nothing")
    return Outcome(
        verdict=VerdictKind[verdict.upper()] if verdict else None,
        conditions=then.some_of("conditions", CONDITIONS),
        asks=then.some_of("ask", tuple(VOCABULARY)),
        acts=tuple(Act(word) for word in then.some_of("acts", tuple(Act))),
        redirect=then.some_of("redirect", CHANNELS),
        consult=then.some_of("consult", ROLES),
        record=then.some_of("record", ROLES),
        escalate=then.some_of("escalate", ROLES),
        remind=then.some_of("remind", TOPICS),
        permits=then.flag("permits"),
    )


def _example(node: Node, ledger: Ledger) -> Example:
    fields = Fields.of(node, ledger, "an example", EXAMPLE)
    kinds = [key for key in ("hit", "miss") if fields.get(key) is not None]
    if len(kinds) != 1:
        ledger.add(node.place, "an example has either 'hit' or 'miss'")
    given = fields.get("given")
    return Example(
        text=fields.need(kinds[0]) if kinds else "",
        hits=kinds[:1] == ["hit"],
        group=fields.flag("group"),
        attachment=fields.one_of("attachment", ATTACHMENTS),
        given={} if given is None else facts_of(given, ledger, "given"),
    )
