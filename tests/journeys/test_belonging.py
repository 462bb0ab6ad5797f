"""Whoever finds the bot may talk to it; only who belongs to the school hears of the school."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.delivery.belonging import belongs
from bot.resting.value import Rest
from tests.journeys.school import School
from tests.journeys.test_resting import move_to

pytestmark = pytest.mark.asyncio(loop_scope="module")
NO = "alleen voor collega's"
DRAFT = 'Mag dit in de teamapp: "Bram uit groep 7 heeft ADHD en begint maandag met medicatie"'


@pytest_asyncio.fixture(loop_scope="module")
async def visited(school: School) -> AsyncIterator[School]:
    """A school with quiet hours, and somebody from outside who found the bot."""
    await school.change(quiet=Rest(on=True, urgent=True).write())
    school.chat.strangers = {"vreemd"}
    yield school
    await school.change(quiet=Rest().write())


async def names(school: School) -> set[str]:
    org = (await school.app.house.school()).school.id
    return {person.name for person in await school.app.house.repository.people(org)}


@pytest.mark.parametrize("command", ["dringend", "vrij", "stilte", "web", "samenvatting"])
async def test_a_stranger_hears_nothing_of_the_school(visited: School, command: str) -> None:
    assert NO in await visited.command("vreemd", command, "aan")
    assert not visited.buttons("vreemd")


@pytest.mark.parametrize("words", ["werkdagen vr", "wie kan ik nu bellen?", "stilte"])
async def test_a_stranger_is_not_made_a_colleague_by_their_own_words(
    visited: School, words: str
) -> None:
    before = await names(visited)
    assert NO in await visited.write("vreemd", words)
    assert await names(visited) == before


async def test_a_stranger_may_ask_but_gets_no_colleagues_to_mail_to(visited: School) -> None:
    told = await visited.write("vreemd", DRAFT)
    assert told.startswith("Nee")
    await visited.write("anna", DRAFT)
    assert "Stuur als mail" in visited.labels("anna")
    assert "Stuur als mail" not in visited.labels("vreemd")


async def test_who_left_the_group_is_sent_nothing_that_was_kept_for_them(visited: School) -> None:
    await visited.command("gast", "vrij", "werkdagen ma di do")
    await visited.command("gast", "vrij", "samenvatting aan")
    before = len(visited.chat.whispers("gast"))
    await move_to(visited, "2026-11-25T10:00")
    await visited.say("De gymles begint vrijdag een half uur later")
    visited.chat.strangers = {"gast"}
    await move_to(visited, "2026-11-26T07:31")
    assert len(visited.chat.whispers("gast")) == before


async def test_an_admin_and_who_used_a_code_belong_wherever_they_are(visited: School) -> None:
    visited.chat.strangers = {"bert", "cel", "vreemd"}
    house = visited.app.house
    assert await belongs(house, visited.account("bert"))
    assert await belongs(house, visited.account("cel"))
    assert not await belongs(house, visited.account("vreemd"))


async def test_while_the_platform_does_not_say_only_known_people_belong(visited: School) -> None:
    visited.chat.size_fails = True
    house = visited.app.house
    assert not await belongs(house, visited.account("vreemd"))
    assert await belongs(house, visited.account("cel"))
