"""What is well-formed but cannot be meant."""

from dataclasses import replace
from datetime import timedelta

from bot.core.findings import Assessment, Category, Detection
from bot.core.policy import Example, Outcome, Policy, Rule, Settings, VerdictKind
from bot.detection.reading import group_facts
from bot.detection.reading.events import deleted_facts, edited_facts, lesson_facts
from bot.policies import check_policy
from bot.policies.check import GROUP_TELLS

FOUND = Detection((), Assessment(0.9, (Category.HEALTH,)))

BOTH = (Example("a", True), Example("b", False))


def rule(rule_id, verdict, overrides=(), examples=BOTH, **when):
    facts = {fact: frozenset([value]) for fact, value in when.items()}
    return Rule(rule_id, "1", "s", when=(facts,), then=Outcome(VerdictKind[verdict]),
                overrides=overrides, examples=examples)  # fmt: skip


def kinds(*rules, team="team@school.nl"):
    policy = Policy("a", "A", "1", "a.yaml", rules, Settings(team_address=team))
    return {(problem.kind, problem.rule) for problem in check_policy(policy)}


def test_two_rules_that_say_the_opposite_contradict():
    found = kinds(rule("A", "ALLOW", event="plan"), rule("B", "REFUSE", event="plan"))
    assert ("contradiction", "A") in found


def test_an_override_settles_a_contradiction():
    one = rule("A", "ALLOW", overrides=("B",), event="plan")
    assert not {k for k, _ in kinds(one, rule("B", "REFUSE", event="plan"))} & {"contradiction"}


def test_a_rule_that_a_stronger_one_always_covers_never_decides():
    found = kinds(
        rule("A", "ALLOW", event="plan", channel="parro"), rule("B", "REFUSE", event="plan")
    )
    assert found == {("unreachable", "A")}


def test_a_narrower_stronger_rule_leaves_the_wider_one_alive():
    assert not kinds(
        rule("A", "ALLOW", event="plan"), rule("B", "REFUSE", event="plan", channel="parro")
    )


def test_unknown_circular_and_duplicate_ids_are_errors():
    one = rule("A", "ALLOW", overrides=("B", "Z"), event="plan")
    other = rule("B", "REFUSE", overrides=("A",), event="draft")
    found = kinds(one, other, rule("B", "REFUSE", event="edited"))
    assert {("unknown_override", "A"), ("circular_override", "A"), ("duplicate_id", "B")} <= found


def test_a_rule_that_acts_needs_a_hit_and_a_miss():
    assert kinds(rule("A", "ALLOW", examples=BOTH[:1], event="plan")) == {("examples", "A")}


def test_a_blank_contact_and_team_address_are_warnings():
    asks = rule("A", "CONSULT", event="plan")
    asks = replace(asks, then=replace(asks.then, consult=("leidinggevende",)))
    assert kinds(asks, team="") == {("contact", "A"), ("team_address", "")}


def test_a_rule_for_the_group_that_waits_for_what_no_message_tells_is_found():
    never = rule("A", "REFUSE", event="group_message", doubt="yes")
    assert ("never_told", "A") in kinds(never)
    assert not kinds(rule("A", "REFUSE", event="group_message", content="insult"))


def test_what_check_believes_of_the_group_is_what_is_read_from_it():
    read = set()
    for facts in (
        group_facts("groep 6 op kamp", FOUND, attachments=("photo",), quiet=True,
                    settings=Settings()),
        edited_facts("x", timedelta(hours=1)),
        deleted_facts(timedelta(hours=1)),
        lesson_facts(),
    ):  # fmt: skip
        read |= set(facts.known)
    assert read == GROUP_TELLS
