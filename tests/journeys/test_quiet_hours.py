"""A message in quiet hours is held and delivered when the team works again."""

from bot.adapters.demo.values import TEAM
from tests.journeys.conftest import World

HELLO = "Wie rijdt er morgen mee naar Zwolle?"
EVENING = "2026-11-24T20:30"
MORNING = "2026-11-25T07:31"


async def locked(world: World) -> None:
    await world.move_to(EVENING)
    await world.eventually(lambda: world.stage.room.locked)


async def test_in_the_evening_the_group_is_locked_and_opens_in_the_morning(world: World) -> None:
    await locked(world)
    await world.move_to(MORNING)
    await world.eventually(lambda: not world.stage.room.locked)


async def test_an_evening_message_waits_and_comes_in_the_morning_in_its_authors_name(
    world: World,
) -> None:
    await locked(world)
    world.stage.room.say("celine", TEAM, HELLO)
    await world.eventually(lambda: world.whispers("celine"))
    assert HELLO not in world.group("bert")
    await world.move_to(MORNING)
    await world.eventually(lambda: HELLO in world.group("bert"))
    line = next(line for line in world.group_lines("bert") if line.text == HELLO)
    assert line.author == "celine"


async def test_several_held_messages_come_as_one_digest_in_order(world: World) -> None:
    await locked(world)
    for number in range(4):
        world.stage.room.say(("anna", "bert")[number % 2], TEAM, f"Vraag nummer {number}?")
    await world.eventually(lambda: len(world.whispers("bert")) >= 2)
    await world.move_to(MORNING)
    await world.eventually(lambda: any("Vraag nummer 3?" in t for t in world.group("celine")))
    digests = [text for text in world.group("celine") if "Vraag nummer" in text]
    assert len(digests) == 1
    places = [digests[0].index(f"Vraag nummer {number}?") for number in range(4)]
    assert places == sorted(places)
    assert "Anna de Vries" in digests[0]


async def test_a_held_message_can_be_taken_back(world: World) -> None:
    await locked(world)
    world.stage.room.say("celine", TEAM, HELLO)
    await world.eventually(lambda: world.whispers("celine"))
    world.press("celine", "Neem terug")
    await world.eventually(lambda: "Teruggenomen" in world.whispers("celine")[-1].text)
    await world.move_to(MORNING)
    await world.settled()
    assert HELLO not in world.group("bert")


async def test_confidential_is_judged_before_it_is_held(world: World) -> None:
    await locked(world)
    secret = "Sem uit groep 6 heeft gisteren de diagnose ADHD gekregen"
    world.stage.room.say("celine", TEAM, secret)
    await world.eventually(lambda: world.whispers("celine"))
    await world.move_to(MORNING)
    await world.settled()
    assert not any("ADHD" in text for text in world.group("bert"))


async def test_the_same_evening_twice_delivers_twice_what_was_written_twice(world: World) -> None:
    for turn in range(2):
        await locked(world)
        world.stage.room.say("celine", TEAM, f"{HELLO} {turn}")
        await world.eventually(lambda t=turn: len(world.whispers("celine")) >= t + 1)
        await world.move_to(MORNING)
        await world.eventually(lambda t=turn: f"{HELLO} {t}" in world.group("bert"))
    assert [text for text in world.group("bert") if HELLO in text] == [f"{HELLO} 0", f"{HELLO} 1"]


async def test_urgent_gets_the_phone_list(world: World) -> None:
    await locked(world)
    world.stage.room.say("celine", TEAM, "DRINGEND: de verwarming lekt, wie kan komen?")
    await world.eventually(lambda: world.whispers("celine"))
    await world.eventually(lambda: any("Bert Jansen" in label for label in world.labels("celine")))
