"""Which groups are read, and who may say so."""

import re

import pytest

from bot.core.events import BotAdded, BotRemoved, ChatRef, Place
from bot.core.policy import Level
from tests.journeys.chat import NAME, TEAM
from tests.journeys.school import ADDRESS, DIAGNOSIS, School

pytestmark = pytest.mark.asyncio(loop_scope="module")
SECOND = ChatRef(NAME, "second group")


async def test_a_second_group_stays_unread_until_an_admin_names_it(school: School) -> None:
    await school.tell(BotAdded(SECOND, school.clock.now(), Place.TEAM, "Nog een groep"))
    event = await school.say(DIAGNOSIS, chat=SECOND)
    assert not await school.known(event)
    await school.command("anna", "/teamgroep", ref=SECOND)
    assert not await school.known(await school.say(DIAGNOSIS, chat=SECOND)), "anna is no admin"
    await school.command("bert", "/teamgroep", ref=SECOND)
    assert await school.known(await school.say(DIAGNOSIS, chat=SECOND))
    await school.command("bert", "/negeer", ref=SECOND)
    assert not await school.known(await school.say(DIAGNOSIS, chat=SECOND))


async def test_removed_from_the_group_it_stops_and_tells_the_admins(school: School) -> None:
    gone = BotRemoved(TEAM, school.clock.now())
    await school.tell(gone)
    await school.tell(gone)
    await school.settled()
    assert [w.text for w in school.chat.whispers("bert")] == [
        "Ik zit niet meer in de groep en lees daar niets meer."
    ]
    assert school.chat.whispers("anna") == []
    assert not await school.known(await school.say(DIAGNOSIS)), "a message told late"
    await school.tell(BotAdded(TEAM, school.clock.now(), Place.TEAM, "Team"))
    assert await school.known(await school.say(DIAGNOSIS)), "asked back, it reads again"


async def test_a_platforms_administrator_is_suggested_and_no_more(school: School) -> None:
    chief = school.account("chief")
    await school.tell(BotAdded(SECOND, school.clock.now(), admins=(chief,)))
    assert not await school.app.house.repository.is_admin(chief)
    assert "beheerder" in await school.command("chief", "/niveau", "act")


async def test_an_admin_changes_the_level_and_others_do_not(school: School) -> None:
    await school.command("anna", "/niveau", "observe")
    assert (await school.app.house.school()).level is Level.ACT
    await school.command("bert", "/niveau", "observe")
    assert (await school.app.house.school()).level is Level.OBSERVE
    assert "Kies uit" in await school.command("bert", "/niveau", "streng")


async def test_a_new_address_is_used_once_its_mail_was_read_back(school: School) -> None:
    assert "zes cijfers" in await school.command("bert", "/teamadres", f"nieuw.{ADDRESS}")
    assert (await school.app.house.school()).team_address == ""
    code = re.search(r"\b\d{6}\b", school.mails()[0].text)
    assert code is not None
    assert "Opgeslagen" in await school.write("bert", code.group())
    assert (await school.app.house.school()).team_address == f"nieuw.{ADDRESS}"


async def test_the_only_admin_is_not_forgotten_before_somebody_else_is_one(school: School) -> None:
    repository = school.app.house.repository
    assert "enige beheerder" in await school.command("bert", "/vergeetmij")
    assert await repository.is_admin(school.account("bert"))
    org = (await school.app.house.school()).school.id
    await repository.add_admin(org, school.account("anna"))
    assert "Gewist" in await school.command("bert", "/vergeetmij")
    assert not await repository.is_admin(school.account("bert"))
