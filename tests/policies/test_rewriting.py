"""A no about the words themselves comes with the way that is open: other words."""

import pytest

from bot.core.advice import AdviceKind, answer
from bot.core.facts import Facts
from bot.core.judge import judge
from bot.core.policy import Act, Outcome, Policy, Rule, VerdictKind
from bot.delivery.advise import render

ASKED = Facts.of(event="plan", content="disrespect")


def advice(verdict=VerdictKind.REFUSE, **then):
    case = {"event": frozenset({"plan"}), "content": frozenset({"disrespect"})}
    rule = Rule("A", "1", "Blijf aardig.", when=(case,), then=Outcome(verdict, **then))
    policy = Policy("a", "A", "1", "a.yaml", (rule,))
    return answer(policy, judge(policy, ASKED), ASKED)


def test_a_rule_that_wants_other_words_says_so():
    told = advice(acts=(Act.REWRITE,))
    assert told.kind is AdviceKind.NO
    assert "Anders schrijven helpt" in render(told)


@pytest.mark.parametrize(
    "then",
    [
        {},
        {"acts": (Act.REWRITE,), "redirect": ("mail",)},
        {"acts": (Act.REWRITE,), "verdict": VerdictKind.ALLOW},
    ],
)
def test_other_words_are_not_offered_where_they_do_not_help(then):
    assert "Anders schrijven" not in render(advice(**then))
