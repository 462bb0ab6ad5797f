"""Coverage, difference and replay of policies, in words for the person who looks after them."""

from collections import Counter
from collections.abc import Iterable, Iterator

from bot.core.facts import Facts
from bot.core.policy import Policy
from bot.delivery.render import sentence
from bot.policies.coverage import Covered, Effect, accounted, coverage
from bot.policies.difference import (
    Change,
    Outcome,
    Way,
    differences,
    outcome,
    setting_changes,
)
from bot.storage.records import Incident
from bot.texts import has, text


def coverage_lines(policy: Policy, language: str = "nl", *, norms: bool = False) -> Iterator[str]:
    """What Fluister does per article, and the sum; with `norms` each norm on a line of its own."""
    yield text("policy.coverage.head", language, name=policy.name, version=policy.version)
    for layer in policy.layers[1:]:
        yield text("policy.coverage.layer", language, file=layer.file, version=layer.version)
    covered = coverage(policy)
    for one in covered:
        yield _article(one, language)
        for norm in one.norms if norms else ():
            effects = _effects(norm.effects, language)
            yield text("policy.coverage.norm", language, norm=norm.id, effects=effects)
    done, everything = accounted(covered)
    mains = Counter(norm.main for one in covered for norm in one.norms)
    parts = ", ".join(f"{_effects((e,), language)}: {mains[e]}" for e in Effect if mains[e])
    yield text("policy.coverage.sum", language, done=done, all=everything, parts=parts)


def _article(one: Covered, language: str) -> str:
    return text(
        "policy.coverage.article", language,
        article=one.article, effects=_effects(one.effects, language),
        rules=one.rules, examples=one.examples,
    )  # fmt: skip


def _effects(effects: Iterable[Effect], language: str) -> str:
    return ", ".join(text(f"policy.effect.{effect.value}", language) for effect in effects)


def difference_lines(old: Policy, new: Policy, language: str = "nl") -> Iterator[str]:
    """What changes for staff when `new` takes the place of `old`."""
    yield text(
        "policy.diff.head", language, old=old.name, old_version=old.version,
        new=new.name, new_version=new.version,
    )  # fmt: skip
    changes = differences(old, new)
    settings = setting_changes(old.settings, new.settings)
    if not changes and not settings:
        yield text("policy.diff.same", language)
    for way in Way:
        some = [change for change in changes if change.way is way]
        if some:
            yield text(f"policy.diff.{way.value}", language)
        for change in some:
            yield from _change(change, language)
    if settings:
        yield text("policy.diff.settings", language)
    for key, before, after in settings:
        values = {"before": _value(before, language), "after": _value(after, language)}
        yield text("policy.diff.setting", language, name=key, **values)


def _change(change: Change, language: str) -> Iterator[str]:
    yield text("policy.diff.line", language, says=change.says, rule=change.rule)
    if change.before is not None and change.after is not None:
        before, after = _outcome(change.before, language), _outcome(change.after, language)
        yield text("policy.diff.change", language, before=before, after=after)


def _outcome(what: Outcome, language: str) -> str:
    words = text(f"policy.outcome.{what.word}", language)
    terms = [_term(name, language) for name in what.conditions]
    if terms:
        words += " " + sentence(terms, language)
    if what.people:
        roles = [text(f"advice.role.{role}", language) for role in what.people]
        words += " " + text("policy.diff.people", language, people=sentence(roles, language))
    return words + (f" ({', '.join(what.articles)})" if what.articles else "")


def _term(name: str, language: str) -> str:
    known = [key for kind in ("condition", "provided") if has(key := f"advice.{kind}.{name}")]
    return text(known[0], language) if known else name


def _value(value: object, language: str) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or text("policy.diff.empty", language)
    if isinstance(value, dict):
        return ", ".join(f"{k}: {v}" for k, v in value.items()) or text("policy.diff.empty")
    return str(value) if value not in (None, "") else text("policy.diff.empty", language)


def replay_lines(
    incidents: Iterable[Incident], old: Policy, new: Policy, days: int, language: str = "nl"
) -> Iterator[str]:
    """How what was recorded would have gone under `new`; nobody and no text is in it."""
    seen = {i.case_id or i.id: i for i in incidents}
    kept = [Facts.read(incident.facts) for incident in seen.values() if incident.facts]
    named = {"days": days, "count": len(seen), "name": new.name, "version": new.version}
    yield text("policy.replay.head", language, **named)
    if not kept:
        yield text("policy.replay.none", language)
    went = Counter((outcome(old, facts), outcome(new, facts)) for facts in kept)
    same = sum(count for (a, b), count in went.items() if a.heart == b.heart)
    if same:
        yield text("policy.replay.same", language, count=same)
    for (before, after), count in went.most_common():
        if before.heart != after.heart:
            articles = ", ".join(dict.fromkeys(before.articles + after.articles)) or "-"
            yield text(
                "policy.replay.change", language, before=_outcome(before, language),
                after=_outcome(after, language), count=count, articles=articles,
            )  # fmt: skip
    if without := len(seen) - len(kept):
        yield text("policy.replay.old", language, count=without)
    yield text("policy.replay.blind", language)
