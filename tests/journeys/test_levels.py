"""How far Fluister goes: count only, tip, or act; per category where the school wants that."""

import pytest

from bot.core.policy import Level
from tests.journeys.school import ABSENT, ADDRESS, DIAGNOSIS, School

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_at_tip_the_message_stays_and_silence_changes_nothing(school: School) -> None:
    await school.change(level=Level.TIP)
    await school.say(DIAGNOSIS)
    assert "staat er nog" in school.heard()
    await school.later(days=6)
    assert school.chat.removed() == []
    assert school.mails() == []
    assert school.chat.posts() == []


async def test_at_tip_a_chosen_button_removes_and_mails(school: School) -> None:
    await school.change(level=Level.TIP)
    event = await school.say(DIAGNOSIS)
    await school.press(f"Stuur naar {ADDRESS}")
    assert school.chat.removed() == [event.message]
    assert [DIAGNOSIS in mail.text for mail in school.mails()] == [True]
    assert ["verplaatst" in post.text for post in school.chat.posts()] == [True]


async def test_at_tip_taking_it_away_mails_nothing(school: School) -> None:
    await school.change(level=Level.TIP)
    event = await school.say(DIAGNOSIS)
    await school.press("Haal weg")
    assert school.chat.removed() == [event.message]
    assert school.mails() == []
    assert [post.text for post in school.chat.posts()] == ["Een bericht is weggehaald (Intern 3)."]
    assert not (await school.case(event)).has_copy


async def test_at_observe_there_are_counts_and_nothing_else(school: School) -> None:
    await school.change(level=Level.OBSERVE)
    before = await school.counts()
    event = await school.say(DIAGNOSIS)
    after = await school.counts()
    assert sum(after.values()) > sum(before.values())
    assert not await school.known(event)
    assert school.chat.tried == []


async def test_at_observe_the_adviser_works(school: School) -> None:
    await school.change(level=Level.OBSERVE)
    answer = await school.write("anna", "Mag ik in de teamapp zetten dat Finn ADHD heeft?")
    assert answer.startswith("Nee")


async def test_a_category_can_have_its_own_level(school: School) -> None:
    await school.change(levels={"absence": Level.TIP})
    absent = await school.say(ABSENT)
    assert "staat er nog" in school.heard()
    diagnosis = await school.say(DIAGNOSIS)
    assert school.chat.removed() == [diagnosis.message] != [absent.message]
