"""What the adapter hears on a real Synapse."""

import asyncio
import contextlib

import pytest

from bot.adapters.base import Post
from bot.adapters.matrix import syncing
from bot.adapters.matrix.values import account, chat
from bot.core.events import (
    AttachmentKind,
    BotAdded,
    BotRemoved,
    CommandGiven,
    MembersChanged,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Place,
)
from tests.matrix.conftest import World
from tests.matrix.people import RefusedError, eventually


async def test_the_bot_joins_when_a_colleague_invites_it_and_tells_who_has_the_say(
    bare: World,
) -> None:
    async with bare.running():
        bare.team = await bare.room()
        added = await bare.heard(BotAdded)
        await bare.anna.says(bare.team, "goedemorgen")
        said = await bare.heard(MessagePosted)
    assert added.chat.chat == bare.team
    assert added.title == "Team"
    assert [admin.user for admin in added.admins] == [bare.boss.user]
    assert (said.text, said.sender.user, said.place) == ("goedemorgen", bare.anna.user, Place.OTHER)
    assert said.sender.name.startswith("anna")
    assert len(bare.of(BotAdded)) == 1


async def test_what_was_said_before_the_bot_came_is_not_read(bare: World) -> None:
    bare.team = await bare.room()
    await bare.anna.says(bare.team, "van voor jouw tijd")
    async with bare.running():
        await bare.heard(BotAdded)
        await bare.anna.says(bare.team, "na jouw komst")
        await bare.said("na jouw komst")
    assert [event.text for event in bare.of(MessagePosted)] == ["na jouw komst"]


async def test_a_reply_keeps_what_it_repeats_apart(world: World) -> None:
    async with world.running():
        first = await world.anna.says(world.team, "Sem heeft ADHD")
        body = f"> <{world.anna.user}> Sem heeft ADHD\n\nweet ik"
        rich = (
            "<mx-reply><blockquote><a href='x'>In reply to</a> Sem heeft ADHD</blockquote>"
            "</mx-reply>weet ik"
        )
        await world.bert.says(
            world.team, body, format="org.matrix.custom.html", formatted_body=rich,
            **{"m.relates_to": {"m.in_reply_to": {"event_id": first}}},
        )  # fmt: skip
        reply = await world.said("weet ik")
    assert reply.reply_to == first
    assert "Sem heeft ADHD" in reply.quoted


async def test_an_edit_is_the_first_message_with_a_higher_revision(world: World) -> None:
    async with world.running():
        first = await world.anna.says(world.team, "een")
        await world.said("een")
        await world.anna.edits(world.team, first, "twee")
        await world.anna.edits(world.team, first, "drie")
        await world.heard(MessageEdited, 2)
    two, three = (event.posted for event in world.of(MessageEdited))
    assert (two.message, two.text) == (first, "twee")
    assert (three.message, three.text) == (first, "drie")
    assert 0 < two.revision < three.revision


async def test_somebody_elses_edit_is_a_message_of_their_own(world: World) -> None:
    async with world.running():
        first = await world.anna.says(world.team, "van Anna")
        forged = await world.bert.edits(world.team, first, "van Bert")
        said = await world.said("van Bert")
    assert (said.message, said.sender.user) == (forged, world.bert.user)
    assert world.of(MessageEdited) == []


async def test_files_images_and_voice_are_told_apart_and_can_be_fetched(world: World) -> None:
    async with world.running() as adapter:
        await world.anna.file(world.team, "verslag.pdf", b"%PDF-1.4 x", "application/pdf")
        await world.anna.file(world.team, "klas.jpg", b"jpg", "image/jpeg", msgtype="m.image",
                              filename="IMG_1.jpg")  # fmt: skip
        await world.anna.file(world.team, "a.ogg", b"ogg", "audio/ogg", msgtype="m.audio",
                              **{"org.matrix.msc3245.voice": {}})  # fmt: skip
        await world.heard(MessagePosted, 3)
        pdf, photo, voice = world.of(MessagePosted)
        assert await adapter.fetch(pdf.attachments[0]) == b"%PDF-1.4 x"
    kinds = [event.attachments[0].kind for event in (pdf, photo, voice)]
    assert kinds == [AttachmentKind.DOCUMENT, AttachmentKind.PHOTO, AttachmentKind.VOICE]
    assert (pdf.text, pdf.attachments[0].name, pdf.attachments[0].size) == ("", "verslag.pdf", 10)
    assert (photo.text, photo.attachments[0].name) == ("klas.jpg", "IMG_1.jpg")


async def test_a_removed_message_is_told(world: World) -> None:
    async with world.running():
        first = await world.anna.says(world.team, "oeps")
        path = await world.anna.at(world.team, "redact", first, "x1")
        await world.anna.call("PUT", path, {})
        gone = await world.heard(MessageDeleted)
    assert gone.message == first


async def test_a_private_chat_is_private_and_commands_are_read_there(world: World) -> None:
    async with world.running():
        room = await world.anna.create(
            preset="trusted_private_chat", is_direct=True, invite=[world.bot.user]
        )
        await eventually(lambda: _in(world, room))
        await world.anna.says(room, "!help")
        asked = await world.heard(CommandGiven)
        for kind in ("m.notice", "m.key.verification.request"):
            told = {"msgtype": kind, "body": "dit zegt een programma"}
            await world.anna.send(room, told)
        await world.anna.says(room, "mag ik dit delen?")
        said = await world.said("mag ik dit delen?")
    assert len(world.of(MessagePosted)) == 1
    assert (asked.command, asked.place) == ("help", Place.PRIVATE)
    assert said.place is Place.PRIVATE
    assert all(event.chat.chat != room for event in world.of(BotAdded))


async def test_a_private_chat_where_a_third_comes_in_is_not_read_any_more(world: World) -> None:
    async with world.running():
        room = await world.anna.create(
            preset="trusted_private_chat", is_direct=True, invite=[world.bot.user]
        )
        await eventually(lambda: _in(world, room))
        await world.anna.says(room, "met zijn tweeën")
        await world.said("met zijn tweeën")
        path = await world.anna.at(room, "invite")
        await world.anna.call("POST", path, {"user_id": world.bert.user})
        await world.bert.join(room)
        await world.bert.says(room, "met zijn drieën")
        await world.anna.says(world.team, "klaar")
        await world.said("klaar")
    assert "met zijn drieën" not in [event.text for event in world.of(MessagePosted)]


async def test_who_comes_and_goes_is_told_with_the_number_of_people(world: World) -> None:
    async with world.running() as adapter:
        await world.anna.says(world.team, "hoi")
        await world.said("hoi")
        await world.bert.call("POST", await world.bert.at(world.team, "leave"), {})
        left = await world.heard(MembersChanged)
        two = [account(one.user) for one in (world.anna, world.bert)]
        assert [await adapter.is_member(chat(world.team), one) for one in two] == [True, False]
        assert await adapter.is_member(chat("!elders:school.test"), two[0]) is None
    assert [who.user for who in left.left] == [world.bert.user]
    assert left.size == 2


async def test_the_bot_thrown_out_stops_and_says_so_and_may_come_back(world: World) -> None:
    async with world.running():
        await world.heard(BotAdded)
        path = await world.boss.at(world.team, "kick")
        await world.boss.call("POST", path, {"user_id": world.bot.user})
        gone = await world.heard(BotRemoved)
        await world.anna.says(world.team, "zonder jou")
        path = await world.boss.at(world.team, "invite")
        await world.boss.call("POST", path, {"user_id": world.bot.user})
        await world.heard(BotAdded, 2)
        await world.anna.says(world.team, "weer met jou")
        await world.said("weer met jou")
    assert gone.chat.chat == world.team
    assert [event.text for event in world.of(MessagePosted)] == ["weer met jou"]


async def test_after_a_stop_everything_is_heard_once_and_in_order(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = syncing._FILTER.replace(f'"limit": {syncing.LIMIT}', '"limit": 3')
    assert few != syncing._FILTER
    monkeypatch.setattr(syncing, "_FILTER", few)
    monkeypatch.setattr(syncing, "LIMIT", 4)
    async with world.running():
        await world.anna.says(world.team, "nul")
        await world.said("nul")
    for number in range(17):
        await world.anna.says(world.team, f"nummer {number}")
    world.events.clear()
    async with world.running():
        await world.said("nummer 16")
    texts = [event.text for event in world.of(MessagePosted)]
    assert [text for text in texts if text != "nul"] == [f"nummer {n}" for n in range(17)]


async def test_what_could_not_be_taken_in_comes_again_and_nothing_is_lost(world: World) -> None:
    async with world.running():
        await world.anna.says(world.team, "eerst")
        await world.said("eerst")
        world.break_on = 2
        await world.anna.says(world.team, "lastig")
        await world.anna.says(world.team, "daarna")
        await world.said("daarna")
    assert [event.text for event in world.of(MessagePosted)] == ["eerst", "lastig", "daarna"]


async def test_malformed_and_giant_events_hold_nothing_up(world: World) -> None:
    strange: list[dict[str, object]] = [
        {"msgtype": 7, "body": ["x"]},
        {"body": None},
        {"msgtype": "m.text", "body": "x", "m.relates_to": "nee"},
        {"msgtype": "m.text", "body": {"a": 1}, "m.relates_to": {"rel_type": "m.replace"}},
        {"msgtype": "m.file", "body": "x", "file": {"url": 3, "key": []}},
        {"msgtype": "m.text", "body": "x" * 64_500},
        {"msgtype": "m.text", "body": "nul \x00 en \ud83d"},
        {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$x", "key": 4}},
    ]
    async with world.running():
        for content in strange:
            with contextlib.suppress(RefusedError, UnicodeEncodeError):
                await world.anna.send(world.team, content)
        await world.anna.send(world.team, {"a": 1}, "nl.anders")
        await world.anna.send(world.team, {"m.relates_to": {"rel_type": "m.annotation"}},
                              "m.reaction")  # fmt: skip
        for kind, odd in (
            ("m.room.topic", {"topic": ["x"]}),
            ("m.room.name", {"name": 7}),
            ("m.room.history_visibility", {"history_visibility": "shared", "x": "y" * 60_000}),
        ):
            with contextlib.suppress(RefusedError):
                await world.boss.state(world.team, kind, odd)
        await world.anna.says(world.team, "en verder")
        await world.said("en verder")
    assert any(len(event.text) == 64_500 for event in world.of(MessagePosted))


async def test_a_replaced_room_stays_the_same_chat(world: World) -> None:
    async with world.running():
        await world.heard(BotAdded)
        path = await world.boss.at(world.team, "upgrade")
        fresh = (await world.boss.call("POST", path, {"new_version": "11"}))["replacement_room"]
        invite = await world.boss.at(fresh, "invite")
        for who in (world.bot, world.anna):
            await world.boss.call("POST", invite, {"user_id": who.user})
        await world.anna.join(fresh)
        await world.anna.says(fresh, "in de nieuwe kamer")
        await eventually(lambda: _in(world, fresh))
        await world.anna.says(fresh, "en nu")
        said = await world.said("en nu")
    kick = await world.boss.at(world.team, "kick")
    await world.boss.call("POST", kick, {"user_id": world.bot.user})
    async with world.running():
        await world.anna.says(fresh, "nog steeds hier")
        still = await world.said("nog steeds hier")
    assert said.chat.chat == still.chat.chat == world.team
    assert len(world.of(BotAdded)) == 1
    assert world.of(BotRemoved) == []


async def test_a_token_that_expired_is_said_and_does_not_end_the_run(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async with world.running():
        await world.anna.says(world.team, "hoi")
        await world.said("hoi")
        await world.bot.call("POST", "/_matrix/client/v3/logout", {})
        await world.anna.says(world.team, "hoort iemand dit?")
        await eventually(lambda: "not valid any more" in caplog.text)
        await asyncio.sleep(0.2)
    assert "hoort iemand dit?" not in caplog.text
    assert caplog.text.count("not valid any more") == 1
    name = world.bot.user[1:].partition(":")[0]
    async with world.running(token=world.synapse.login(name)[0]):
        await world.said("hoort iemand dit?")
    assert [event.text for event in world.of(MessagePosted)] == ["hoi", "hoort iemand dit?"]


async def test_a_room_that_says_it_moved_to_nowhere_holds_nothing_up(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async with world.running() as adapter:
        await world.heard(BotAdded)
        for moved in ({"replacement_room": 7}, {"replacement_room": "!nergens:elders.test"}):
            await world.boss.state(world.team, "m.room.tombstone", {"body": "weg", **moved})
        await world.anna.says(world.team, "zijn we er nog?")
        said = await world.said("zijn we er nog?")
        await adapter.act(Post(said.chat, "ja"), "k1")
        assert "ja" in await world.anna.reads(world.team)
    assert said.chat.chat == world.team
    assert world.of(BotRemoved) == []
    assert "could not be entered" in caplog.text


async def _in(world: World, room: str) -> bool:
    return room in await world.bot.rooms()
