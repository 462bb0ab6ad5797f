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
EVERY = 37  # of the corpus; docs/adviseur.md says how much of the rest was asked by hand


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


@pytest.mark.parametrize(
    "text",
    [
        "We hebben beloofd dat zijn begeleider in de klas mag meekijken, hij weet ervan",
        "schandalig hoe goed die soep is",
        "De loten zijn getrokken door de wijkagent zelf, zodat niemand kan zeuren",
        "'k Heb Sander geblokkeerd, hij appt me dingen die niks met werk te maken hebben",
        "Wat zegt het protocol als een leerling mij filmt en het online zet?",
        "vragenlijst over werkdruk, anoniem, link staat in het document",
    ],
)
@pytest.mark.parametrize("school", SCHOOLS)
def test_a_message_between_quotes_is_never_read_as_the_question_itself(school, text, detect):
    policy = load_policy(Path(__file__).parents[2] / "policies" / f"{school}.yaml")
    assert not contradicts(policy, detect, text)


def contradicts(policy, detect, text):
    facts = group_facts(text, detect(text), quiet=False, settings=policy.settings)
    verdict = judge(policy, facts)
    answer = advise(policy, detect, f'Mag dit in de groep: "{text}"').kind.value
    if Act.WITHDRAW in verdict.acts:
        return answer != "no"
    refused = verdict.kind is VerdictKind.REFUSE
    return (answer == "yes" and refused) or (answer == "no" and not refused)
