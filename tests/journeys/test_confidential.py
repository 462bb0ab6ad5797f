"""The main job: a confidential message becomes a whisper and a mail to team@."""

from pathlib import Path

import pytest

from bot.adapters.demo.values import TEAM, RoomFile
from tests.journeys.conftest import World

DIAGNOSIS = "Sem uit groep 6 heeft gisteren de diagnose ADHD gekregen"
ABSENT = "Lieke uit groep 2 is al drie weken niet op school geweest"


async def test_a_harmless_message_passes_and_nothing_is_written(world: World) -> None:
    world.stage.room.say("anna", TEAM, "Wie heeft de sleutel van het magazijn?")
    await world.settled()
    assert "Wie heeft de sleutel van het magazijn?" in world.group()
    assert world.whispers("anna") == []


async def test_a_confidential_message_leaves_the_group_and_only_its_sender_is_told(
    world: World,
) -> None:
    world.stage.room.say("anna", TEAM, DIAGNOSIS)
    await world.eventually(lambda: DIAGNOSIS not in world.group())
    await world.eventually(lambda: world.whispers("anna"))
    assert "Intern 3" in world.whispers("anna")[-1].text
    assert world.whispers("bert") == []
    assert world.whispers("celine") == []


async def test_send_to_team_mails_it_and_leaves_a_nameless_pointer(world: World) -> None:
    world.stage.room.say("anna", TEAM, DIAGNOSIS)
    await world.eventually(lambda: world.whispers("anna"))
    world.press("anna", "Stuur naar team@")
    await world.eventually(lambda: world.stage.mailbox.messages())
    mail = world.stage.mailbox.messages()[0]
    assert mail.to == ("team@schoolmatthijsje.nl",)
    assert DIAGNOSIS in mail.text
    assert "Sem" not in mail.subject
    await world.eventually(lambda: any("verplaatst naar de mail" in t for t in world.group()))
    pointer = next(t for t in world.group() if "verplaatst naar de mail" in t)
    assert pointer == "Een bericht is verplaatst naar de mail (Intern 3)."


async def test_send_to_a_colleague_mails_only_that_colleague(world: World) -> None:
    world.stage.room.say("anna", TEAM, DIAGNOSIS)
    await world.eventually(lambda: world.whispers("anna"))
    world.press("anna", "Stuur naar…")
    await world.eventually(lambda: "Celine Bakker" in world.labels("anna"))
    world.press("anna", "Celine Bakker")
    await world.eventually(lambda: world.stage.mailbox.messages())
    assert world.stage.mailbox.messages()[0].to == ("celine@schoolmatthijsje.nl",)


async def test_the_rewritten_version_is_shown_then_posted_in_the_senders_name(
    world: World,
) -> None:
    world.stage.room.say("anna", TEAM, DIAGNOSIS)
    await world.eventually(lambda: world.whispers("anna"))
    world.press("anna", "Herschrijf")
    await world.eventually(lambda: "Plaats deze versie" in world.labels("anna"))
    world.press("anna", "Plaats deze versie")
    await world.eventually(lambda: any("een leerling" in text for text in world.group()))
    line = next(line for line in world.group_lines() if "een leerling" in line.text)
    assert line.author == "anna"
    assert "ADHD" not in line.text


async def test_what_was_not_confidential_comes_back_in_the_senders_name(world: World) -> None:
    world.stage.room.say("anna", TEAM, DIAGNOSIS)
    await world.eventually(lambda: world.whispers("anna"))
    world.press("anna", "Niet vertrouwelijk")
    await world.eventually(lambda: "Ja, zeker weten" in world.labels("anna"))
    world.press("anna", "Ja, zeker weten")
    await world.eventually(lambda: DIAGNOSIS in world.group())
    assert next(x for x in world.group_lines() if x.text == DIAGNOSIS).author == "anna"
    await world.settled()
    assert DIAGNOSIS in world.group(), "what comes back is not judged again"


async def test_absence_goes_to_the_team_by_itself_after_ten_minutes_of_working_time(
    world: World,
) -> None:
    world.stage.room.say("bert", TEAM, ABSENT)
    await world.eventually(lambda: world.whispers("bert"))
    assert world.stage.mailbox.messages() == []
    await world.move_to("2026-11-24T10:27")
    await world.eventually(lambda: world.stage.mailbox.messages())
    assert ABSENT in world.stage.mailbox.messages()[0].text


async def test_a_button_works_once(world: World) -> None:
    world.stage.room.say("anna", TEAM, DIAGNOSIS)
    await world.eventually(lambda: world.whispers("anna"))
    button = world.whispers("anna")[-1].buttons[0][0]
    world.stage.room.press("anna", button.token)
    world.stage.room.press("anna", button.token)
    await world.eventually(lambda: world.stage.mailbox.messages())
    await world.settled()
    assert len(world.stage.mailbox.messages()) == 1


async def test_a_harmless_message_edited_into_a_confidential_one_is_judged_again(
    world: World,
) -> None:
    line = world.stage.room.say("anna", TEAM, "Ik zoek Sem even")
    await world.settled()
    world.stage.room.edit("anna", line.id, DIAGNOSIS)
    await world.eventually(lambda: DIAGNOSIS not in world.group())
    await world.eventually(lambda: world.whispers("anna"))


async def test_attachments_travel_along_to_the_mail(world: World) -> None:
    file = RoomFile("verslag Sem.pdf", "application/pdf", b"%PDF-1.4 inhoud")
    world.stage.room.say("anna", TEAM, "Het verslag van de psycholoog over Sem", [file])
    await world.eventually(lambda: world.whispers("anna"))
    world.press("anna", "Stuur naar team@")
    await world.eventually(lambda: world.stage.mailbox.messages())
    (received,) = world.stage.mailbox.messages()[0].files
    assert received.content == file.content


async def test_no_word_of_the_message_is_left_in_the_database_afterwards(
    world: World, tmp_path: Path
) -> None:
    world.stage.room.say("anna", TEAM, DIAGNOSIS)
    await world.eventually(lambda: world.whispers("anna"))
    world.press("anna", "Stuur naar team@")
    await world.eventually(lambda: any("verplaatst naar de mail" in t for t in world.group()))
    await world.settled()
    for file in tmp_path.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert b"ADHD" not in content, file.name
            assert b"diagnose" not in content, file.name


@pytest.mark.parametrize(
    "text",
    [
        "x" * 4_000,
        "🙂" * 4_000,
        "S\u200be\u200bm uit groep 6 heeft de diagnose A\u200bDHD",
        "\u202eSem uit groep 6 heeft de diagnose ADHD\u202c",
    ],
    ids=["long", "emoji", "zero-width", "right-to-left"],
)
async def test_odd_texts_end_in_a_clear_state(world: World, text: str) -> None:
    world.stage.room.say("anna", TEAM, text)
    await world.settled()
    if "groep 6" in text:
        await world.eventually(lambda: world.whispers("anna"))
