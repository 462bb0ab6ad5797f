"""The private chat: "mag ik dit delen?", commands, and nothing leaks to the group."""

from bot.adapters.demo.values import private_chat
from tests.journeys.conftest import World


async def ask(world: World, who: str, text: str) -> str:
    before = len(world.whispers(who))
    world.stage.room.say(who, private_chat(who), text)
    await world.eventually(lambda: len(world.whispers(who)) > before)
    return world.whispers(who)[-1].text


async def test_a_question_about_a_diagnosis_is_answered_with_the_article(world: World) -> None:
    question = "Mag ik in de teamapp zetten dat Finn morgen naar de kinderpsychiater gaat?"
    answer = await ask(world, "anna", question)
    assert answer.startswith("Nee")
    assert "Intern 3" in answer


async def test_a_practical_question_is_allowed(world: World) -> None:
    answer = await ask(world, "anna", "Kan het rooster van de studiedag in de app?")
    assert answer.startswith("Ja")


async def test_help_tells_what_can_be_asked(world: World) -> None:
    assert "Mag ik dit delen?" in await ask(world, "bert", "/help")


async def test_the_urgent_command_lists_whom_to_phone(world: World) -> None:
    await ask(world, "celine", "/dringend")
    assert any("Bert Jansen" in label for label in world.labels("celine"))


async def test_in_the_weekend_somebody_hears_when_work_begins_again(world: World) -> None:
    await world.move_to("2026-11-28T11:00")
    answer = await ask(world, "bert", "/vrij")
    assert "ma 07:30" in answer


async def test_only_an_admin_changes_the_hours(world: World) -> None:
    answer = await ask(world, "celine", "/stilte ma-vr 08:00-16:00")
    assert "beheerder" in answer
