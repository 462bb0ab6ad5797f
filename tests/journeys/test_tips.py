"""What a protocol asks of the group beside confidentiality: a word to the author alone."""

from pathlib import Path

import pytest

from bot.core.facts import Facts
from bot.core.policy import Level
from bot.delivery.policy_words import replay_lines
from bot.delivery.sweeping import Sweeping
from bot.policies import load_policy
from tests.journeys.school import DIAGNOSIS, School

pytestmark = pytest.mark.asyncio(loop_scope="module")
POLICIES = Path(__file__).parents[2] / "policies"
PLAIN = "De vergadering van donderdag is om 15.00 uur in lokaal 4"
INSULT = "Wat een eikel, die monteur van de kopieermachine."


async def test_a_late_change_without_a_mark_brings_one_friendly_question(school: School) -> None:
    event = await school.say(PLAIN)
    await school.later(minutes=20)
    await school.edit(event, PLAIN.replace("15.00", "16.00"))
    assert "veranderd" in school.heard()
    assert "Achtergrond 3" in school.heard()
    await school.edit(event, PLAIN.replace("15.00", "17.00"), revision=2)
    assert len(school.chat.whispers("anna")) == 1
    assert not school.chat.whispers("bram")
    assert not await school.known(event)


@pytest.mark.parametrize("text", [f"{PLAIN} (aangepast: stond 14.00)", PLAIN])
async def test_a_marked_change_or_a_slip_mended_at_once_is_nobodys_business(
    school: School, text: str
) -> None:
    event = await school.say(PLAIN)
    await school.later(minutes=20 if "aangepast" in text else 1)
    await school.edit(event, text)
    assert school.heard() == ""


async def test_a_late_removal_brings_one_friendly_question(school: School) -> None:
    event = await school.say(PLAIN)
    await school.later(minutes=20)
    await school.delete(event)
    assert "Vertel dan kort waarom" in school.heard()


async def test_a_removal_at_once_or_at_observe_stays_unremarked(school: School) -> None:
    await school.delete(await school.say(PLAIN))
    await school.change(level=Level.OBSERVE)
    event = await school.say(PLAIN)
    await school.later(minutes=20)
    await school.delete(event)
    assert school.heard() == ""


async def test_an_insult_stays_and_only_its_author_hears_about_it(school: School) -> None:
    event = await school.say(INSULT)
    assert "teamkamer" in school.heard()
    assert not school.chat.whispers("bram")
    assert (await school.case(event)).removed_at is None
    assert not [i for i in await school.incidents() if i.case_id == (await school.case(event)).id]
    assert not school.mails()


async def test_nobody_hears_again_of_a_mere_tip(school: School) -> None:
    event = await school.say(INSULT)
    told = len(school.chat.whispers())
    await school.later(days=20)
    await Sweeping(school.app.house).run()
    await school.settled()
    assert len(school.chat.whispers()) == told
    assert not (await school.case(event)).has_copy


async def test_an_incident_keeps_facts_that_a_changed_policy_can_be_tried_on(
    school: School, tmp_path: Path
) -> None:
    event = await school.say(DIAGNOSIS)
    case = await school.case(event)
    incident = next(i for i in await school.incidents() if i.case_id == case.id)
    assert {"content=confidential", "event=group_message"} <= set(incident.facts)
    assert Facts.read(incident.facts).words() == incident.facts
    assert not {"Sem", "ADHD"} & set(" ".join(incident.facts).split())
    now = load_policy(POLICIES / "matthijsje.yaml")
    file = tmp_path / "soepel.yaml"
    file.write_text(
        (POLICIES / "matthijsje.yaml").read_text("utf-8").replace("[withdraw, note]", "[note]"),
        "utf-8",
    )
    told = "\n".join(replay_lines([incident], now, load_policy(file), 30))
    assert "gaat uit de groep" in told
    assert "wordt: tip aan de schrijver" in told
    assert "Sem" not in told
