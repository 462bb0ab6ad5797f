"""What is written privately for a closed room: with its files, its edits, and taken back."""

from bot.adapters.base import LockGroup
from bot.adapters.matrix.values import chat
from bot.adapters.wording import NOT_ALONG
from bot.core.events import BotAdded, MessageDeleted, MessageEdited, MessagePosted, Place, Refuse
from tests.matrix.conftest import World
from tests.matrix.people import eventually


async def _private_room(world: World) -> str:
    room = await world.anna.create(
        preset="trusted_private_chat", is_direct=True, invite=[world.bot.user]
    )
    await eventually(lambda: world.anna.private(world.bot.user))
    return room


async def test_when_it_need_not_wait_its_files_go_along_and_a_lost_one_is_told_to_the_author(
    world: World,
) -> None:
    async with world.running() as adapter:
        await world.heard(BotAdded)
        await adapter.act(LockGroup(chat(world.team)), "k1")
        room = await _private_room(world)
        named = {"filename": "rooster.pdf"}
        kept = "voor morgen: het rooster"
        await world.anna.file(room, kept, b"het rooster", "application/pdf", **named)
        await eventually(lambda: _files(world))
        gone = {"msgtype": "m.file", "url": "mxc://school.test/gone", **named}
        await world.anna.send(room, {**gone, "body": "voor morgen: en dit"})
        await eventually(lambda: _was_told(world, NOT_ALONG))
    (file,) = await _files(world)
    assert file["filename"] == "rooster.pdf"
    assert [said.splitlines()[-1] for said in await world.bert.reads(world.team)] == [
        "het rooster",
        "rooster.pdf",
        "en dit",
    ]


async def test_an_edit_is_one_of_what_is_kept_and_taking_it_back_takes_that_back(
    world: World,
) -> None:
    async with world.running() as adapter:
        await world.heard(BotAdded)
        await adapter.act(LockGroup(chat(world.team)), "k1")
        world.receipt = Refuse("Bewaard tot 07:30.")
        room = await _private_room(world)
        first = await world.anna.says(room, "voor morgen: de gymzaal is dicht")
        kept = await world.heard(MessagePosted)
        world.receipt = Refuse("Dit is vertrouwelijk.")
        await world.anna.edits(room, first, "voor morgen: de gymzaal is open")
        edited = (await world.heard(MessageEdited)).posted
        await eventually(lambda: _was_told(world, "Dit is vertrouwelijk."))
        await world.anna.call("PUT", await world.anna.at(room, "redact", first, "t1"), {})
        await world.heard(MessageDeleted, 2)
    assert (kept.chat, kept.place, kept.delivered) == (chat(world.team), Place.OTHER, False)
    assert (edited.chat, edited.message, edited.text) == (
        kept.chat,
        kept.message,
        "de gymzaal is open",
    )
    assert edited.revision > kept.revision
    gone = [(event.chat, event.message) for event in world.of(MessageDeleted)]
    assert gone == [(chat(room), first), (kept.chat, kept.message)]


async def _files(world: World) -> list[dict[str, object]]:
    told = await world.bert.timeline(world.team)
    return [e["content"] for e in told if e["content"].get("msgtype") == "m.file"]


async def _was_told(world: World, text: str) -> bool:
    return any(text in told["text"] for told in await world.anna.told(world.bot.user))
