"""Laws of the one rule engine, over facts and rules of any kind."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.facts import UNKNOWN, VOCABULARY, Facts
from bot.core.judge import judge
from bot.core.policy import Outcome, Policy, Rule, VerdictKind
from bot.policies import load_policy
from bot.policies.layers import strictness

FOLDER = Path(__file__).parents[2] / "policies"
FACTS = ("event", "channel", "audience", "content", "urgent", "agreed")


@cache
def shipped(file):
    return load_policy(file)


def values(name):
    some = st.sampled_from((*VOCABULARY[name], UNKNOWN))
    return st.frozensets(some, min_size=1, max_size=3)


@st.composite
def conditions(draw):
    names = draw(st.lists(st.sampled_from(FACTS), min_size=1, max_size=3, unique=True))
    return {name: draw(values(name)) for name in names}


@st.composite
def rules(draw, rule_id):
    return Rule(
        rule_id, draw(st.sampled_from(["1", "2"])), "s",
        when=tuple(draw(st.lists(conditions(), min_size=1, max_size=2))),
        then=Outcome(draw(st.sampled_from([None, *VerdictKind]))),
        overrides=tuple(draw(st.lists(st.sampled_from("ABCDE"), max_size=2))),
    )  # fmt: skip


@st.composite
def cases(draw):
    chosen = tuple(draw(rules(rule_id)) for rule_id in "ABCDE"[: draw(st.integers(0, 5))])
    return Policy("a", "A", "1", "a.yaml", chosen), Facts(draw(conditions()))


@given(cases(), st.randoms())
@settings(max_examples=200, deadline=None)
def test_the_order_of_the_rules_never_matters(case, random):
    policy, facts = case
    mixed = list(policy.rules)
    random.shuffle(mixed)
    one, other = judge(policy, facts), judge(replace(policy, rules=tuple(mixed)), facts)
    assert one.kind is other.kind
    for field in ("fired", "open", "overridden", "articles", "asks"):
        assert set(getattr(one, field)) == set(getattr(other, field))


@given(cases())
@settings(max_examples=200, deadline=None)
def test_a_rule_that_does_not_match_changes_nothing(case):
    policy, facts = case
    stranger = Rule(
        "Z", "9", "s",
        when=({"incident": frozenset({"network"})},), then=Outcome(VerdictKind.OUT_OF_SCOPE),
    )  # fmt: skip
    assert judge(replace(policy, rules=(*policy.rules, stranger)), facts) == judge(policy, facts)


@given(cases())
@settings(max_examples=200, deadline=None)
def test_there_is_always_an_answer_and_it_is_never_weaker_than_a_standing_rule(case):
    policy, facts = case
    verdict = judge(policy, facts)
    standing = [policy.rule(rule_id).then.verdict for rule_id in verdict.fired]
    assert all(verdict.kind >= (kind or VerdictKind.NO_RULE) for kind in standing)
    assert not set(verdict.asks) & set(facts.known)


STRICT = sorted(VerdictKind, key=strictness)


@st.composite
def tightened(draw):
    """A case, and its policy with one rule made stricter."""
    policy, facts = draw(cases().filter(lambda case: case[0].rules))
    place = draw(st.integers(0, len(policy.rules) - 1))
    old = policy.rules[place]
    now = old.then.verdict or VerdictKind.NO_RULE
    stricter = [kind for kind in STRICT if strictness(kind) >= strictness(now)]
    new = replace(old, then=replace(old.then, verdict=draw(st.sampled_from(stricter))))
    rules = (*policy.rules[:place], new, *policy.rules[place + 1 :])
    return policy, replace(policy, rules=rules), facts


@given(tightened())
@settings(max_examples=300, deadline=None)
def test_a_stricter_verdict_never_makes_an_answer_looser(case):
    before, after, facts = case
    old, new = judge(before, facts), judge(after, facts)
    assert strictness(new.kind) >= strictness(old.kind)


@given(cases(), rules("Z"))
@settings(max_examples=300, deadline=None)
def test_a_rule_that_is_added_and_silences_nothing_never_makes_an_answer_looser(case, added):
    """What nobody wrote down is asked of a person; a rule that allows it was asked for."""
    policy, facts = case
    added = replace(added, overrides=())
    old, new = judge(policy, facts), judge(replace(policy, rules=(*policy.rules, added)), facts)
    if added.then.verdict is VerdictKind.OUT_OF_SCOPE or old.kind is VerdictKind.NO_RULE:
        return
    assert strictness(new.kind) >= strictness(old.kind)


@given(cases(), st.integers(0, 4))
@settings(max_examples=300, deadline=None)
def test_dropping_an_override_never_makes_an_answer_looser(case, place):
    policy, facts = case
    if place >= len(policy.rules) or any(
        rule.then.verdict is VerdictKind.OUT_OF_SCOPE for rule in policy.rules
    ):
        return
    freed = replace(policy.rules[place], overrides=())
    rules = (*policy.rules[:place], freed, *policy.rules[place + 1 :])
    old, new = judge(policy, facts), judge(replace(policy, rules=rules), facts)
    if old.kind is not VerdictKind.NO_RULE:
        assert strictness(new.kind) >= strictness(old.kind)


@given(cases())
@settings(max_examples=100, deadline=None)
def test_the_same_question_gets_the_same_answer(case):
    policy, facts = case
    again = replace(policy, rules=tuple(replace(rule) for rule in policy.rules))
    assert judge(policy, facts) == judge(policy, facts) == judge(again, Facts(dict(facts.known)))


@given(cases())
@settings(max_examples=200, deadline=None)
def test_what_is_missing_is_never_known_and_all_that_is_asked_is_missing(case):
    policy, facts = case
    verdict = judge(policy, facts)
    assert not set(verdict.missing) & set(facts.known)
    for rule_id in verdict.overridden:
        assert rule_id not in verdict.fired


@st.composite
def any_facts(draw):
    """Anything the vocabulary can say."""
    names = draw(st.lists(st.sampled_from(sorted(VOCABULARY)), max_size=12, unique=True))
    return Facts({name: draw(values(name)) for name in names})


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yaml")), ids=lambda file: file.stem)
@given(facts=any_facts(), random=st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_shipped_policies_always_answer_whatever_the_order(file, facts, random):
    policy = shipped(file)
    mixed = list(policy.rules)
    random.shuffle(mixed)
    one, other = judge(policy, facts), judge(replace(policy, rules=tuple(mixed)), facts)
    assert (one.kind, one.acts) == (other.kind, other.acts)
    for field in ("fired", "open", "overridden", "articles", "asks", "conditions", "consult"):
        assert set(getattr(one, field)) == set(getattr(other, field))
    assert (one.policy, one.version) == (policy.file, policy.version)
