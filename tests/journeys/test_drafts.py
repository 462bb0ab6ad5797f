"""A draft shown in private first: mailed, or posted made safe, and never in the group itself."""

from bot.adapters.demo.values import private_chat
from tests.journeys.conftest import World

DRAFT = "Bram uit groep 7 heeft ADHD en begint maandag met medicatie"
ASKED = f'Mag dit in de teamapp: "{DRAFT}"'


async def offered(world: World, who: str = "anna") -> None:
    world.stage.room.say(who, private_chat(who), ASKED)
    await world.eventually(lambda: "Stuur als mail" in world.labels(who))


async def test_the_safe_version_is_posted_and_the_draft_is_not(world: World) -> None:
    await offered(world)
    world.press("anna", "Zet de veilige versie in de groep")
    await world.eventually(lambda: any("Er is iets te melden" in line for line in world.group()))
    assert not any("Bram" in line or "ADHD" in line for line in world.group())


async def test_a_draft_sent_as_mail_leaves_nothing_in_the_group(world: World) -> None:
    await offered(world)
    before = world.group()
    world.press("anna", "Stuur als mail")
    await world.eventually(lambda: any("per mail" in line.text for line in world.whispers("anna")))
    await world.settled()
    assert world.group() == before


async def test_why_and_what_is_known_are_answered_in_plain_words(world: World) -> None:
    world.stage.room.say("bert", private_chat("bert"), "wat weet je van mij?")
    await world.eventually(lambda: any("bewaar ik" in one.text for one in world.whispers("bert")))
