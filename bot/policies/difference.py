"""What changes for staff when one policy takes the place of another.

Both are asked the same situations: those their own rules speak of. So two protocols whose rules
have nothing in common but the subject can be compared as well as two versions of one file.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from bot.core.advice import AdviceKind, answer
from bot.core.facts import UNKNOWN, VOCABULARY, Facts
from bot.core.judge import judge
from bot.core.policy import Act, Policy, Rule, Settings

_USUAL = {
    "event": "plan", "author": "medewerker", "urgent": "no", "doubt": "no", "duty": "no",
    "time": "working", "length": "short", "attachment": "none",
}  # fmt: skip
_GROUP_ACTS = (Act.WITHDRAW, Act.HOLD, Act.NOTE)
_RANKS = {AdviceKind.YES: 0, AdviceKind.YES_IF: 1, AdviceKind.ASK_MANAGER: 2, AdviceKind.NO: 3}
_REPORTS = frozenset({"report", "admin", "timer"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What somebody notices: `word` is the last part of a text key, `rank` how strict it is."""

    word: str
    rank: int
    articles: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def heart(self) -> tuple[object, ...]:
        """What makes two outcomes the same to whoever is told, whatever the article is called."""
        return (self.word, frozenset(self.conditions), frozenset(self.people))


class Way(StrEnum):
    """Which way something changes."""

    STRICTER = "stricter"
    LOOSER = "looser"
    OTHERWISE = "otherwise"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Change:
    """One change; `says` is the sentence of the rule it is about, with its article."""

    way: Way
    rule: str
    article: str
    says: str
    before: Outcome | None = None
    after: Outcome | None = None


def outcome(policy: Policy, facts: Facts) -> Outcome:
    """What `policy` does or answers, as somebody in the group or in the private chat sees it."""
    verdict = judge(policy, facts)
    events = facts.get("event") or frozenset()
    if events & _REPORTS:
        people = tuple(dict.fromkeys((*verdict.escalate, *verdict.record, *verdict.consult)))
        told = bool(people or verdict.remind)
        return Outcome("told" if told else "nothing", int(told), verdict.articles, (), people)
    if not events & {"plan", "draft", "question"}:
        found = [act for act in _GROUP_ACTS if act in verdict.acts]
        phone = not found and "phone" in verdict.redirect
        word = "phone" if phone else found[0].value if found else "nothing"
        rank = len(_GROUP_ACTS) - _GROUP_ACTS.index(found[0]) if found else 0
        return Outcome(word, rank, verdict.articles if found or phone else ())
    advice = answer(policy, verdict, facts)
    silent = advice.kind is AdviceKind.ASK_MANAGER and not advice.rules
    word = "silent" if silent else advice.kind.value
    return Outcome(
        word, _RANKS[advice.kind], advice.articles, advice.conditions + advice.provided,
        advice.consult,
    )  # fmt: skip


def differences(old: Policy, new: Policy) -> tuple[Change, ...]:
    """Every change, the same one told once; first what becomes stricter, then what looser."""
    found: dict[tuple[str, object, object], Change] = {}
    for change in (*_answers(old, new), *_told(old, new)):
        before = change.before.heart if change.before else None
        after = change.after.heart if change.after else None
        found.setdefault((change.rule, before, after), change)
    order = list(Way)
    return tuple(sorted(found.values(), key=lambda change: order.index(change.way)))


def setting_changes(old: Settings, new: Settings) -> tuple[tuple[str, object, object], ...]:
    """Each setting that differs: its key, what it was and what it becomes."""
    keys = (field.name for field in fields(Settings))
    pairs = ((key, getattr(old, key), getattr(new, key)) for key in keys)
    return tuple((key, before, after) for key, before, after in pairs if before != after)


def _answers(old: Policy, new: Policy) -> Iterator[Change]:
    seen: set[tuple[tuple[str, frozenset[str]], ...]] = set()
    for rule, facts in (*_situations(new), *_situations(old)):
        key = tuple(sorted(facts.known.items()))
        if key in seen:
            continue
        seen.add(key)
        before, after = outcome(old, facts), outcome(new, facts)
        if before.heart != after.heart:
            way = _way(before, after)
            yield Change(way, rule.id, rule.article, rule.says, before, after)


def _way(before: Outcome, after: Outcome) -> Way:
    if before.rank == after.rank:
        return Way.OTHERWISE
    return Way.STRICTER if after.rank > before.rank else Way.LOOSER


def _situations(policy: Policy) -> Iterator[tuple[Rule, Facts]]:
    """The plainest case of every dash of every rule."""
    for rule in policy.rules:
        for case in rule.when:
            yield rule, plainest(case)


def plainest(case: Mapping[str, frozenset[str]]) -> Facts:
    """Facts in which this case holds and nothing else is out of the ordinary."""
    chosen = {fact: _first(fact, values) for fact, values in case.items()}
    event = chosen.get("event", "plan")
    usual = _USUAL if event in ("plan", "draft", "question") else {"time": "working"}
    if event == "draft":
        chosen["event"] = ("draft", "plan", "question")
    elif event == "plan":
        chosen["event"] = ("plan", "question")
    return Facts.of(**{**usual, **chosen})


def _first(fact: str, values: Iterable[str]) -> str | tuple[str, ...]:
    return min(values, key=(*VOCABULARY[fact], UNKNOWN).index)


def _told(old: Policy, new: Policy) -> Iterator[Change]:
    """Rules that only inform, by their sentence: ids differ between protocols."""
    before = {rule.says for rule in old.rules}
    after = {rule.says for rule in new.rules}
    for rule in new.rules:
        if not rule.when and rule.says not in before:
            yield Change(Way.NEW, rule.id, rule.article, rule.says)
    for rule in old.rules:
        if not rule.when and rule.says not in after:
            yield Change(Way.GONE, rule.id, rule.article, rule.says)
