"""The whole story on real servers: Synapse, the app and its database, postfix and dovecot."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.demo import BEGIN, seed
from bot.detection.engine import Detector, build_detector
from tests.matrix.conftest import World
from tests.matrix.mail_home import MailServer
from tests.matrix.mails import Mail, text_of
from tests.matrix.people import Person, eventually
from tests.matrix.school import DIAGNOSIS, School

PDF = b"%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF"


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


@pytest.fixture
def school(world: World, mail: Mail, tmp_path: Path, detector: Detector) -> School:
    return School(world, mail, tmp_path / "data", detector)


async def test_a_confidential_file_is_whispered_about_mailed_and_gone(school: School) -> None:
    world, team = school.world, school.world.team
    anna, bert = world.anna, world.bert
    mark = team[1:8]
    async with school.running():
        await anna.says(team, "Wie heeft de sleutel van het magazijn?")
        await eventually(lambda: _reads(bert, team, "Ik ben Fluister"))
        first = await anna.file(team, "het verslag", PDF, "application/pdf", filename="verslag.pdf")
        content = (await anna.event(team, first))["content"]
        url, info = content["url"], content["info"]
        edit = await anna.edits(team, first, f"{DIAGNOSIS} ({mark})", msgtype="m.file",
                                filename="verslag.pdf", url=url, info=info)  # fmt: skip
        shown = await eventually(lambda: school.whispered(anna))
        await anna.presses(shown, "team@")
        mail = await eventually(school.mailed(mark))
        await eventually(lambda: _reads(bert, team, "verplaatst"))
        await eventually(lambda: _gone(bert, team, first, edit))

        async def deleted() -> bool:
            return await bert.media_status(url) == 404

        await eventually(deleted)
    attached = [part.get_content() for part in mail.iter_attachments()]
    assert attached == [PDF]
    assert DIAGNOSIS in text_of(mail)
    timeline = await bert.timeline(team)
    bots = [e["content"] for e in timeline if e["sender"] == world.bot.user and e["content"]]
    assert not any("anna" in str(content).casefold() for content in bots)
    pointers = [c for c in bots if "verplaatst" in str(c.get("body"))]
    assert [pointer["msgtype"] for pointer in pointers] == ["m.notice"]


async def test_killed_in_the_middle_the_next_run_finishes_without_a_second_mail(
    school: School,
) -> None:
    world, team = school.world, school.world.team
    mark = team[1:8]
    async with school.running() as app:
        await world.anna.says(team, "Wie heeft de sleutel?")
        await eventually(lambda: _reads(world.bert, team, "Ik ben Fluister"))
        before = await app.house.repository.adapter_state("matrix").get("since")
        await world.anna.says(team, f"{DIAGNOSIS} ({mark})")
        shown = await eventually(lambda: school.whispered(world.anna))
    await world.anna.presses(shown, "team@")
    async with school.running() as app:
        await eventually(school.mailed(mark))
        await eventually(lambda: _reads(world.bert, team, "verplaatst"))
    # The server tells everything once more, as after a crash before the token was stored.
    assert before is not None
    await school.put_back("since", before)
    async with school.running():
        await world.anna.says(team, f"{DIAGNOSIS} nog eens")
        await eventually(lambda: school.whispered(world.anna, "team@"))
    told = [m for m in school.mail.mails() if mark in text_of(m)]
    assert len(told) == 1
    assert len([t for t in await world.bert.reads(team) if "verplaatst" in t]) == 1


async def test_at_night_the_room_is_closed_and_opened_in_the_morning_with_what_was_kept(
    school: School,
) -> None:
    world, team = school.world, school.world.team
    before = await world.boss.state(team, "m.room.power_levels")
    async with school.running() as app:
        await seed(app)
        await world.anna.says(team, "goedemorgen")
        await eventually(lambda: _reads(world.bert, team, "Ik ben Fluister"))
        await school.at(app, BEGIN + timedelta(hours=10))

        async def closed() -> bool:
            return await world.boss.state(team, "m.room.power_levels") != before

        await eventually(closed)
        room = await world.anna.create(
            preset="trusted_private_chat", is_direct=True, invite=[world.bot.user]
        )
        await world.anna.says(room, "voor morgen: de gymzaal is dicht")
        await eventually(lambda: _reads(world.anna, room, "ewaard"))
        back = await world.anna.says(room, "voor morgen: er is taart")
        await eventually(lambda: _reads(world.anna, room, "ewaard", times=2))
        await world.anna.call("PUT", await world.anna.at(room, "redact", back, "t1"), {})
        assert not await _reads(world.bert, team, "gymzaal")
    async with school.running() as app:
        await school.at(app, BEGIN + timedelta(days=1))
        await eventually(lambda: _reads(world.bert, team, "gymzaal"))

        async def restored() -> bool:
            return await world.boss.state(team, "m.room.power_levels") == before

        await eventually(restored)
    told = await world.bert.reads(team)
    assert len([text for text in told if "gymzaal" in text]) == 1
    assert not any("taart" in text for text in told), "what was taken back is not posted"


def test_the_real_mail_server_is_used_where_there_is_one(mail: Mail) -> None:
    if not isinstance(mail, MailServer):
        pytest.skip("postfix and dovecot cannot run here: mail is read from our own server")
    assert isinstance(mail.mails(), list)


async def _reads(person: Person, room: str, part: str, times: int = 1) -> bool:
    return sum(part in text for text in await person.reads(room)) >= times


async def _gone(person: Person, room: str, *events: str) -> bool:
    return all([(await person.event(room, one))["content"] == {} for one in events])
