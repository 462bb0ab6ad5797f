"""A mail server that refuses, stumbles or dies: nothing is lost and nothing goes twice unseen."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.detection.engine import Detector
from bot.storage.records import CaseState
from tests.journeys.school import ADDRESS, DIAGNOSIS, DOMAIN, School, running
from tests.mail.faulty_smtp import FaultySmtp, Script

pytestmark = pytest.mark.asyncio(loop_scope="module")
SEND = f"Stuur naar {ADDRESS}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server() -> AsyncIterator[FaultySmtp]:
    async with FaultySmtp(Script()) as it:
        yield it


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(
    tmp_path_factory: pytest.TempPathFactory, detector: Detector, server: FaultySmtp
) -> AsyncIterator[School]:
    url = server.url(query="?starttls=never")
    async with running(tmp_path_factory.mktemp("mail"), detector, smtp_url=url) as it:
        yield it


@pytest_asyncio.fixture(loop_scope="module")
async def school(house: School, server: FaultySmtp) -> School:
    server.script = Script()
    server.mails.clear()
    await house.as_new()
    return house


def told(school: School, words: str) -> int:
    return sum(words in whisper.text for whisper in school.chat.whispers())


async def test_refused_for_now_it_is_tried_again_and_arrives_once(
    school: School, server: FaultySmtp
) -> None:
    server.script.rcpt[ADDRESS] = "451 4.3.0 later"
    event = await school.say(DIAGNOSIS)
    await school.tell_press(SEND)
    await school.eventually(lambda: sum("RCPT" in line for line in server.commands) >= 2)
    assert server.mails == []
    server.script.rcpt.clear()
    await school.eventually(lambda: server.mails)
    await school.settled()
    assert len(server.mails) == 1
    assert not (await school.case(event)).has_copy
    assert told(school, "Geregeld") == 1


async def test_a_server_that_is_down_at_first_gets_the_mail_once_it_is_up(
    school: School, server: FaultySmtp
) -> None:
    server.script.close = "greeting"
    event = await school.say(DIAGNOSIS)
    await school.tell_press(SEND)
    while (await school.case(event)).state is not CaseState.REDIRECTING:
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.3)
    server.script.close = ""
    await school.eventually(lambda: server.mails)
    await school.settled()
    assert len(server.mails) == 1


async def test_refused_for_good_the_sender_gets_the_text_back_and_loses_nothing(
    school: School, server: FaultySmtp
) -> None:
    server.script.rcpt[ADDRESS] = "550 5.1.1 nobody here"
    event = await school.say(DIAGNOSIS)
    await school.press(SEND)
    assert DIAGNOSIS in school.heard()
    assert "550" in school.heard()
    assert (await school.case(event)).has_copy
    assert school.chat.posts() == [], "nothing was moved, so no pointer"
    server.script.rcpt.clear()
    await school.press("Probeer opnieuw")
    assert len(server.mails) == 1
    assert "Geregeld" in school.heard()


async def test_refused_by_the_team_it_can_go_to_a_colleague(
    school: School, server: FaultySmtp
) -> None:
    server.script.rcpt[ADDRESS] = "550 5.1.1 nobody here"
    await school.say(DIAGNOSIS)
    await school.press(SEND)
    await school.press("Stuur naar…")
    await school.press("Bert Jansen")
    assert len(server.mails) == 1
    assert f"To: bert@{DOMAIN}".encode() in server.mails[0]


async def test_a_mail_whose_answer_was_lost_is_uncertain_and_goes_again_only_when_asked(
    school: School, server: FaultySmtp
) -> None:
    server.script.close = "answer"
    event = await school.say(DIAGNOSIS)
    await school.press(SEND)
    server.script.close = ""
    sent = sum(line.startswith("DATA") for line in server.commands)
    assert "niet zeker" in school.heard()
    assert (await school.case(event)).has_copy
    await school.later(hours=3)
    assert server.mails == []
    await school.press("Stuur opnieuw")
    assert len(server.mails) == 1
    assert sum(line.startswith("DATA") for line in server.commands) == sent + 1
    assert "Geregeld" in school.heard()


async def test_an_uncertain_mail_to_one_colleague_never_goes_to_all_afterwards(
    school: School, server: FaultySmtp
) -> None:
    server.script.close = "answer"
    await school.say(DIAGNOSIS)
    await school.press("Stuur naar…")
    await school.press("Bert Jansen")
    server.script.close = ""
    await school.press("Stuur opnieuw")
    (mail,) = server.mails
    assert f"To: bert@{DOMAIN}".encode() in mail
    assert f"To: {ADDRESS}".encode() not in mail


async def test_an_uncertain_mail_of_a_draft_goes_again_to_that_colleague_alone(
    school: School, server: FaultySmtp
) -> None:
    server.script.close = "answer"
    await school.write("anna", f'Mag dit in de teamapp: "{DIAGNOSIS}"')
    for label in ("Mail aan een collega", "Bert Jansen", "Ja, verstuur"):
        await school.press(label)
    server.script.close = ""
    assert "niet zeker" in school.heard()
    assert server.mails == []
    await school.press("Stuur opnieuw")
    (mail,) = server.mails
    assert f"To: bert@{DOMAIN}".encode() in mail
    assert f"To: {ADDRESS}".encode() not in mail


async def test_after_a_failure_the_copy_can_still_be_wiped(
    school: School, server: FaultySmtp
) -> None:
    server.script.rcpt[ADDRESS] = "550 5.1.1 nobody here"
    event = await school.say(DIAGNOSIS)
    await school.press(SEND)
    await school.press("wis het")
    assert not (await school.case(event)).has_copy
    assert server.mails == []


async def test_a_school_without_an_address_offers_no_mail_to_the_team(school: School) -> None:
    await school.change(team_address=ADDRESS, team_address_confirmed=False)
    await school.say(DIAGNOSIS)
    assert SEND not in school.labels()
    assert "Ik bewaar het even voor je" in school.heard()
