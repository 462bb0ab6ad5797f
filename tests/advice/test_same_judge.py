"""The adviser and the group never contradict each other: one judge, one answer."""

from pathlib import Path

import pytest

from bot.core.judge import judge
from bot.core.policy import Act, VerdictKind
from bot.delivery.advise import advise
from bot.detection.corpus import rows
from bot.detection.reading import group_facts
from bot.policies import load_policy

SCHOOLS = ("matthijsje", "hogeland", "kalisto", "aloysius", "omo")
EVERY = 37  # of the corpus; all of it is asked by hand, see docs/adviseur.md


@pytest.fixture(scope="module")
def messages():
    return [rows.render(row.marked).text for row in list(rows.rows())[::EVERY]]


@pytest.mark.parametrize("school", SCHOOLS)
def test_what_the_group_would_take_away_is_refused_beforehand_and_the_rest_is_not(
    school, messages, detect
):
    policy = load_policy(Path(__file__).parents[2] / "policies" / f"{school}.yaml")
    contradicted = [text for text in messages if contradicts(policy, detect, text)]
    assert len(contradicted) == 0, contradicted


def contradicts(policy, detect, text):
    facts = group_facts(text, detect(text), quiet=False, settings=policy.settings)
    verdict = judge(policy, facts)
    answer = advise(policy, detect, f'Mag dit in de groep: "{text}"').kind.value
    if Act.WITHDRAW in verdict.acts:
        return answer != "no"
    refused = verdict.kind is VerdictKind.REFUSE
    return (answer == "yes" and refused) or (answer == "no" and not refused)
