"""From the moment the bot is added until it may read: nobody is read by accident."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.events import BotAdded, Place
from bot.detection.engine import Detector
from tests.journeys.chat import TEAM
from tests.journeys.school import ADDRESS, DIAGNOSIS, School, running


@pytest.fixture
async def unclaimed(tmp_path: Path, detector: Detector) -> AsyncIterator[School]:
    async with running(tmp_path, detector, level=None) as it:
        await it.tell(BotAdded(TEAM, it.clock.now(), Place.TEAM, "Team"))
        await it.settled()
        yield it


async def claim(school: School, who: str = "bert") -> str:
    code = await school.app.claim_code()
    assert code is not None
    return await school.write(who, code)


async def test_an_unclaimed_school_is_greeted_once_and_not_read(unclaimed: School) -> None:
    assert ["Ik doe nog niets" in post.text for post in unclaimed.chat.posts()] == [True]
    await unclaimed.tell(BotAdded(TEAM, unclaimed.clock.now(), Place.TEAM, "Team"))
    event = await unclaimed.say(DIAGNOSIS)
    assert not await unclaimed.known(event)
    assert len(unclaimed.chat.posts()) == 1
    assert unclaimed.chat.whispers() == []


async def test_the_walk_asks_everything_and_only_its_last_answer_opens_the_groups_ears(
    unclaimed: School,
) -> None:
    school = unclaimed
    assert "Welk protocol" in await claim(school)
    assert await school.app.claim_code() is None, "a claimed school cannot be claimed again"
    assert "Welk protocol" in await school.write("bert", "iets anders")
    assert any("Kies er een uit de lijst" in w.text for w in school.chat.whispers("bert"))
    await school.press("matthijsje.yaml", "bert")
    assert "mailadres" in school.heard("bert")
    assert "mailadres" in await school.write("bert", "team apenstaart school")
    assert "zes cijfers" in await school.write("bert", ADDRESS)
    (mail,) = school.mails()
    assert mail.to == (ADDRESS,)
    code = re.search(r"\b\d{6}\b", mail.text)
    assert code is not None
    wrong = f"{(int(code.group()) + 1) % 1_000_000:06d}"
    assert "zes cijfers" in await school.write("bert", wrong)
    assert any("kloppen niet" in w.text for w in school.chat.whispers("bert"))
    assert "Wanneer werkt het team" in await school.write("bert", code.group())
    assert "Wanneer werkt het team" in await school.write("bert", "altijd")
    assert "vakantieregio" in await school.write("bert", "ma-vr 07:30-17:30")
    await school.press("Midden", "bert")
    assert "Hoe ver" in school.heard("bert")
    await school.press("Weghalen", "bert")
    assert "MR" in school.heard("bert")
    assert not await school.known(await school.say(DIAGNOSIS)), "without consent nothing is read"
    assert "MR" in await school.write("bert", "31-02-2026")
    assert "MR" in await school.write("bert", "12-10-2199")
    assert "DPIA" in await school.write("bert", "12-10-2026")
    assert not await school.known(await school.say(DIAGNOSIS)), "without a DPIA nothing is read"
    await school.write("bert", "13-10-2026")
    settings = (await school.app.house.school()).school
    assert settings.team_address_confirmed
    event = await school.say(DIAGNOSIS)
    assert school.chat.removed() == [event.message]


async def test_a_code_works_once(unclaimed: School) -> None:
    code = await unclaimed.app.claim_code()
    assert code is not None
    await unclaimed.write("bert", code)
    assert "ken ik niet" in await unclaimed.write("anna", code)
    repository = unclaimed.app.house.repository
    assert await repository.is_admin(unclaimed.account("bert"))
    assert not await repository.is_admin(unclaimed.account("anna"))


async def test_after_five_wrong_tries_by_anybody_the_right_code_is_dead(unclaimed: School) -> None:
    code = await unclaimed.app.claim_code()
    assert code is not None
    for turn in range(5):
        await unclaimed.write("mallory", f"ABCDE-FGH2{turn + 2}")
    assert "te vaak geprobeerd" in await unclaimed.write("bert", code)
    assert not await unclaimed.app.house.repository.is_admin(unclaimed.account("bert"))


async def test_after_a_day_the_code_is_over(unclaimed: School) -> None:
    code = await unclaimed.app.claim_code()
    assert code is not None
    unclaimed.clock.set(unclaimed.clock.now() + timedelta(hours=24, minutes=1))
    assert "verlopen" in await unclaimed.write("bert", code)


async def test_an_address_nobody_confirmed_gets_no_mail(unclaimed: School) -> None:
    await claim(unclaimed)
    await unclaimed.press("matthijsje.yaml", "bert")
    await unclaimed.write("bert", "tem@schoolmatthijsje.nl")
    await unclaimed.press("Weet ik nog niet", "bert")
    assert (await unclaimed.app.house.school()).team_address == ""
