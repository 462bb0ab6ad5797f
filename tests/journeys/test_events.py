"""Events told twice, late, out of order, or about what is not there any more."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.base import RemoveMessage
from bot.core.events import MessageDeleted, MessageEdited, Pass, Refuse
from bot.core.policy import Level
from tests.journeys.chat import TEAM
from tests.journeys.school import ADDRESS, DIAGNOSIS, School

pytestmark = pytest.mark.asyncio(loop_scope="module")
SEND = f"Stuur naar {ADDRESS}"
EVENING = 10.5


async def hold(school: School, text: str = "Wie rijdt er morgen mee naar Zwolle?"):
    """Write in the evening, on a platform that asks before it shows."""
    await school.later(hours=EVENING)
    event = school.posted(text, delivered=False)
    receipt = await school.tell(event)
    await school.settled()
    assert isinstance(receipt, Refuse)
    return event


async def test_the_same_message_told_twice_is_one_case_and_one_whisper(school: School) -> None:
    event = school.posted(DIAGNOSIS)
    await asyncio.gather(*(school.tell(event) for _ in range(4)))
    await school.tell(event)
    await school.settled()
    assert len(school.chat.whispers()) == 1
    assert school.chat.removed() == [event.message]


async def test_the_same_press_told_twice_is_one_mail(school: School) -> None:
    await school.say(DIAGNOSIS)
    token = school.button(SEND)
    assert isinstance(await school.press_token(token), Pass)
    assert isinstance(await school.press_token(token), Refuse)
    assert len(school.mails()) == 1


async def test_an_edit_of_a_message_nobody_knows_is_judged_as_a_new_one(school: School) -> None:
    event = school.posted("Ik zoek Sem even")
    await school.edit(event, DIAGNOSIS, 3)
    assert school.chat.removed() == [event.message]


async def test_an_original_told_after_its_edit_changes_nothing(school: School) -> None:
    event = school.posted(DIAGNOSIS)
    await school.edit(event, DIAGNOSIS + "!", 2)
    await school.tell(event)
    await school.tell(MessageEdited(replace(event, revision=1)))
    await school.settled()
    assert len(school.chat.whispers()) == 1
    assert (await school.case(event)).text == DIAGNOSIS + "!"


async def test_an_edit_told_twice_keeps_its_copy_and_its_buttons(school: School) -> None:
    await school.change(level=Level.TIP)
    event = await school.say("Ik zoek Sem even")
    await school.edit(event, DIAGNOSIS)
    await school.edit(event, DIAGNOSIS)
    assert (await school.case(event)).has_copy
    await school.press(SEND)
    assert len(school.mails()) == 1


async def test_an_edit_of_what_is_just_being_removed_is_kept_with_the_copy(
    school: School,
) -> None:
    event = await school.say(DIAGNOSIS)
    await school.edit(event, "Sem is er vandaag niet, ik bel straks")
    case = await school.case(event)
    assert case.text == "Sem is er vandaag niet, ik bel straks"
    await school.press("Niet vertrouwelijk")
    await school.press("Ja, zeker weten")
    assert [post.text for post in school.chat.posts()] == [case.text]


async def test_an_edit_by_somebody_else_leaves_the_copy_alone(school: School) -> None:
    event = await school.say(DIAGNOSIS)
    await school.edit(
        replace(event, sender=school.account("bert")), "Wie heeft de sleutel van het magazijn?"
    )
    assert (await school.case(event)).text == DIAGNOSIS
    renamed = replace(school.account("anna"), name="Anna de Vries")
    await school.edit(replace(event, sender=renamed), "Sem is er vandaag niet", 2)
    assert (await school.case(event)).text == "Sem is er vandaag niet"


async def test_at_tip_editing_the_secret_away_ends_the_case(school: School) -> None:
    await school.change(level=Level.TIP)
    event = await school.say(DIAGNOSIS)
    token = school.button(SEND)
    await school.edit(event, "Wie heeft de sleutel van het magazijn?")
    assert not (await school.case(event)).has_copy
    assert isinstance(await school.press_token(token), Refuse)
    assert school.mails() == []


async def test_hearing_of_its_own_removal_before_the_answer_loses_no_copy(
    school: School,
) -> None:
    async def echo(action: RemoveMessage) -> None:
        await school.tell(MessageDeleted(action.chat, action.message, school.clock.now()))

    school.chat.before = lambda action: echo(action) if isinstance(action, RemoveMessage) else None
    event = await school.say(DIAGNOSIS)
    assert (await school.case(event)).has_copy
    await school.delete(event)
    await school.press(SEND)
    assert len(school.mails()) == 1


async def test_deleting_an_open_message_destroys_the_copy_and_kills_its_buttons(
    school: School,
) -> None:
    await school.change(level=Level.TIP)
    event = await school.say(DIAGNOSIS)
    token = school.button(SEND)
    await school.delete(event)
    assert not (await school.case(event)).has_copy
    assert isinstance(await school.press_token(token), Refuse)
    assert school.mails() == []


async def test_deleting_what_nobody_knows_is_fine(school: School) -> None:
    assert await school.tell(MessageDeleted(TEAM, "unknown", school.clock.now())) == Pass()


async def test_a_held_message_is_delivered_as_it_was_last_edited(school: School) -> None:
    event = await hold(school)
    await school.edit(event, "Wie rijdt er morgen mee naar Assen?")
    await school.edit(event, "een oude versie", 0)
    await school.later(hours=11)
    await school.eventually(school.chat.posts)
    assert [post.text for post in school.chat.posts()] == ["Wie rijdt er morgen mee naar Assen?"]


async def test_a_held_message_that_becomes_confidential_is_not_delivered(school: School) -> None:
    event = await hold(school)
    await school.edit(replace(event, delivered=False), DIAGNOSIS)
    await school.later(hours=11)
    assert school.chat.posts() == []
    assert "vertrouwelijk" in school.heard() or "hoort bij ons niet" in school.heard()


async def test_deleting_a_held_message_means_it_is_never_delivered(school: School) -> None:
    event = await hold(school)
    token = school.button("Neem terug")
    await school.delete(event)
    await school.later(hours=11)
    assert school.chat.posts() == []
    assert not (await school.case(event)).has_copy
    assert isinstance(await school.press_token(token), Refuse)


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 10_000, "\0", "\ud800", "🙂" * 100])
async def test_an_unknown_button_gets_a_short_answer(school: School, token: str) -> None:
    receipt = await school.press_token(token)
    assert isinstance(receipt, Refuse)
    assert receipt.text == "Deze knop ken ik niet (meer)."


async def test_somebody_elses_button_does_nothing(school: School) -> None:
    event = await school.say(DIAGNOSIS)
    token = school.button(SEND)
    receipt = await school.press_token(token, "bert")
    assert isinstance(receipt, Refuse)
    assert "iemand anders" in receipt.text
    assert (await school.case(event)).has_copy
    assert school.mails() == []
    await school.press_token(token)
    assert len(school.mails()) == 1


async def test_an_expired_button_does_nothing(school: School) -> None:
    await school.say(DIAGNOSIS)
    token = school.button(SEND)
    school.clock.set(school.clock.now() + timedelta(days=32))
    receipt = await school.press_token(token)
    assert isinstance(receipt, Refuse)
    assert school.mails() == []


async def test_a_copy_nobody_chose_for_is_destroyed_and_its_author_told(school: School) -> None:
    event = await school.say(DIAGNOSIS)
    await school.later(days=31)
    assert not (await school.case(event)).has_copy
    assert "gewist" in school.heard()
    assert school.mails() == []
