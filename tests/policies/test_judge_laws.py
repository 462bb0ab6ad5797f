"""Laws of the one rule engine, over facts and rules of any kind."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.facts import UNKNOWN, VOCABULARY, Facts
from bot.core.judge import judge
from bot.core.policy import Outcome, Policy, Rule, VerdictKind

FACTS = ("event", "channel", "audience", "content", "urgent", "agreed")


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
