"""A draft mailed to one colleague: chosen, shown, sent on a click, and to nobody else."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.core.drafts import draft_message
from bot.core.events import ChatRef, Pass, Place, Refuse
from bot.delivery.moments import colleagues, for_case
from bot.delivery.sweeping import Sweeping
from bot.detection.engine import build_detector
from bot.storage.records import Person
from tests.journeys.chat import NAME, TEAM
from tests.journeys.school import DOMAIN, School, running

pytestmark = pytest.mark.asyncio(loop_scope="module")
DRAFT = "Bram uit groep 7 heeft ADHD en begint maandag met medicatie"
ASKED = f'Mag dit in de teamapp: "{DRAFT}"'
MAIL_TO, CEL, SEND = "Mail aan een collega", "Cel Bakker", "Ja, verstuur"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[School]:
    folder: Path = tmp_path_factory.mktemp("school")
    async with running(folder, build_detector()) as it:
        yield it


@pytest_asyncio.fixture(loop_scope="module")
async def school(house: School) -> School:
    await house.as_new()
    return house


async def shown(school: School) -> str:
    """Ask, choose a colleague, and give back what the bot says then."""
    await school.write("anna", ASKED)
    await school.press(MAIL_TO)
    await school.press(CEL)
    return school.heard()


async def test_nothing_is_mailed_before_the_last_click(school: School) -> None:
    words = await shown(school)
    assert DRAFT in words
    assert school.mails() == []


async def test_the_chosen_colleague_gets_exactly_one_mail_and_nobody_else(school: School) -> None:
    words = await shown(school)
    token = school.button(SEND)
    await school.press_token(token)
    await school.press_token(token)
    (mail,) = school.mails()
    assert mail.to == (f"cel@{DOMAIN}",)
    assert DRAFT in mail.text
    assert mail.subject in words
    assert not any(name in mail.subject for name in ("Bram", "Anna", "Cel"))
    assert "in de groep staat niets" in school.heard().casefold()
    assert school.chat.posts() == []


async def test_the_draft_is_shown_in_private_and_destroyed_once_it_was_mailed(
    school: School,
) -> None:
    private = ChatRef(NAME, "private:anna")
    asked = await school.say(ASKED, chat=private, place=Place.PRIVATE)
    repository = school.app.house.repository
    for label in (MAIL_TO, CEL):
        await school.press(label)
    kept = await repository.case_for(TEAM, draft_message(asked.message))
    await school.press(SEND)
    gone = await repository.case_for(TEAM, draft_message(asked.message))
    assert all(one.near is None for one in school.chat.whispers())
    assert kept is not None
    assert kept.has_copy
    assert gone is not None
    assert not gone.has_copy


async def test_somebody_elses_button_is_refused_and_mails_nothing(school: School) -> None:
    await shown(school)
    assert isinstance(await school.press_token(school.button(SEND), "bert"), Refuse)
    assert school.mails() == []
    assert isinstance(await school.press(SEND), Pass)
    assert len(school.mails()) == 1


async def test_going_back_leaves_every_choice_open(school: School) -> None:
    await shown(school)
    await school.press("Terug")
    labels = school.labels()
    assert [MAIL_TO in label for label in labels].count(True) == 1
    assert "Stuur als mail" in labels


async def test_a_draft_not_chosen_for_is_destroyed_after_a_day(school: School) -> None:
    await shown(school)
    token = school.button(SEND)
    await school.later(hours=25)
    await Sweeping(school.app.house).run()
    assert isinstance(await school.press_token(token), Refuse)
    assert school.mails() == []


async def test_without_a_colleague_with_an_address_there_is_no_such_button(school: School) -> None:
    repository = school.app.house.repository
    org = (await school.app.house.school()).school.id
    others = [one for one in await repository.people(org) if not one.name.startswith("Anna")]
    for one in others:
        await repository.change_person(one.id, email="")
    try:
        await school.write("anna", ASKED)
        assert "Stuur als mail" in school.labels()
        assert not any(MAIL_TO in label for label in school.labels())
    finally:
        for one in others:
            await repository.change_person(one.id, email=one.email)


async def test_whom_the_article_sends_people_to_comes_first(school: School) -> None:
    now = await school.app.house.school()
    named = next(rule for rule in now.policy.rules if "leidinggevende" in rule.then.consult)
    people = tuple(
        Person(name, now.school.id, name, f"{name}@{DOMAIN}", "", roles)
        for name, roles in (("aad", ()), ("bep", ("ib",)), ("zus", ("Teamleider",)))
    )
    usual = [one.name for one in colleagues(now, people, None)]
    sent = [one.name for one in colleagues(now, people, None, (named.id,))]
    assert usual == ["aad", "bep", "zus"]
    assert sent == ["zus", "aad", "bep"]


async def test_the_chooser_offers_whom_the_article_names_first(school: School) -> None:
    house = school.app.house
    asked = await school.say(ASKED, chat=ChatRef(NAME, "private:anna"), place=Place.PRIVATE)
    kept = await house.repository.case_for(TEAM, draft_message(asked.message))
    now = await house.school()
    cel = next(one for one in await house.repository.people(now.school.id) if one.name == CEL)
    named = next(rule for rule in now.policy.rules if "leidinggevende" in rule.then.consult)
    assert kept is not None
    before = await for_case(house, now, kept)
    await house.repository.change_person(cel.id, roles=("leidinggevende",))
    try:
        after = await for_case(house, now, replace(kept, rule_ids=(named.id,)))
    finally:
        await house.repository.change_person(cel.id, roles=())
    assert [one.name for one in before.colleagues] == ["Bert Jansen", CEL]
    assert [one.name for one in after.colleagues] == [CEL, "Bert Jansen"]
