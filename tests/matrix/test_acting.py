"""What the adapter does on a real Synapse."""

import contextlib
from dataclasses import replace

import pytest

from bot.adapters.base import (
    Button,
    File,
    LockGroup,
    Post,
    RemoveMessage,
    ShowPrivately,
    UnlockGroup,
)
from bot.adapters.matrix.values import account, chat
from bot.core.events import BotAdded, ButtonPressed, MessagePosted, Place, Refuse
from bot.errors import DeliveryError
from tests.matrix.conftest import World
from tests.matrix.people import RefusedError, eventually

ROWS = ((Button("Stuur naar team@", "token-a"), Button("Bewaar", "token-b")),)


async def test_a_whisper_is_in_a_room_of_two_and_a_reaction_presses_its_button(
    world: World,
) -> None:
    async with world.running() as adapter:
        await world.heard(BotAdded)
        done = await adapter.act(ShowPrivately(account(world.anna.user), "Psst", ROWS), "k1")
        again = await adapter.act(ShowPrivately(account(world.anna.user), "Psst", ROWS), "k1")
        told = await eventually(lambda: world.anna.told(world.bot.user))
        assert await world.bert.private(world.bot.user) is None
        await world.anna.presses(told[0], "Bewaar")
        pressed = await world.heard(ButtonPressed)
    assert done == again
    assert len(told) == 1
    assert (pressed.token, pressed.by.user) == ("token-b", world.anna.user)


async def test_a_typed_digit_presses_as_well(world: World) -> None:
    async with world.running() as adapter:
        await adapter.act(ShowPrivately(account(world.anna.user), "Psst", ROWS), "k1")
        told = await eventually(lambda: world.anna.told(world.bot.user))
        await world.anna.says(told[0]["room"], "1")
        pressed = await world.heard(ButtonPressed)
    assert pressed.token == "token-a"
    assert all(event.text != "1" for event in world.of(MessagePosted))


async def test_the_bot_offers_the_signs_itself_and_takes_them_back_when_the_buttons_go(
    world: World,
) -> None:
    async def signs(room: str) -> list[str]:
        return [
            event["content"]["m.relates_to"]["key"]
            for event in await world.anna.timeline(room)
            if event["type"] == "m.reaction" and event["content"]
        ]

    async with world.running() as adapter:
        show = ShowPrivately(account(world.anna.user), "Psst", ROWS)
        done = await adapter.act(show, "k1")
        told = await eventually(lambda: world.anna.told(world.bot.user))
        room = told[0]["room"]

        async def both() -> bool:
            return await signs(room) == ["1️⃣", "2️⃣"]

        async def none() -> bool:
            return await signs(room) == []

        await eventually(both)
        settled = replace(show, text="Verstuurd.", buttons=(), replaces=done.message)
        assert (await adapter.act(settled, "k2")).message == done.message
        await eventually(none)
        told = await world.anna.told(world.bot.user)
    assert [one["text"] for one in told] == ["Verstuurd."]


async def test_buttons_still_work_after_the_bot_was_started_again(world: World) -> None:
    async with world.running(listening=False) as adapter:
        await adapter.act(ShowPrivately(account(world.anna.user), "Psst", ROWS), "k1")
    told = await eventually(lambda: world.anna.told(world.bot.user))
    async with world.running():
        await world.anna.presses(told[0], "Stuur naar team@")
        pressed = await world.heard(ButtonPressed)
    assert pressed.token == "token-a"


async def test_a_refused_press_is_answered_in_the_private_room(world: World) -> None:
    world.receipt = Refuse("Die knop is al gebruikt.")
    async with world.running() as adapter:
        await adapter.act(ShowPrivately(account(world.anna.user), "Psst", ROWS), "k1")
        told = await eventually(lambda: world.anna.told(world.bot.user))
        await world.anna.presses(told[0], "Bewaar")

        async def answered() -> bool:
            told = await world.anna.told(world.bot.user)
            return any("al gebruikt" in one["text"] for one in told)

        await eventually(answered)


async def test_a_whisper_never_goes_where_a_third_can_read_it(world: World) -> None:
    async with world.running() as adapter:
        room = await world.anna.create(
            preset="trusted_private_chat", is_direct=True, invite=[world.bot.user]
        )
        await world.anna.says(room, "hoi")
        await world.said("hoi")
        path = await world.anna.at(room, "invite")
        await world.anna.call("POST", path, {"user_id": world.bert.user})
        whisper = ShowPrivately(account(world.anna.user), "alleen voor jou")
        with contextlib.suppress(DeliveryError):
            await adapter.act(whisper, "k1")
        await adapter.act(whisper, "k1")
        told = await eventually(lambda: world.anna.told(world.bot.user))
        assert "alleen voor jou" not in await world.anna.reads(room)
    assert told[-1]["room"] != room


async def test_a_pointer_is_a_notice_and_somebodys_words_are_not(world: World) -> None:
    async with world.running() as adapter:
        team = chat(world.team)
        await adapter.act(Post(team, "Een bericht is verplaatst.", silent=True), "k1")
        await adapter.act(Post(team, "Een bericht is verplaatst.", silent=True), "k1")
        await adapter.act(
            Post(team, "van Anna: hoi", author=account(world.anna.user),
                 files=(File("a.pdf", "application/pdf", b"pdf"),)), "k2",
        )  # fmt: skip
        timeline = await world.anna.timeline(world.team)
    said = [e["content"] for e in timeline if e["type"] == "m.room.message"]
    assert [one["msgtype"] for one in said] == ["m.notice", "m.text", "m.file"]
    assert await world.bert.media_status(said[2]["url"]) == 200


async def test_removing_takes_the_event_its_edits_and_its_upload(world: World) -> None:
    async with world.running() as adapter:
        first = await world.anna.file(world.team, "rapport.pdf", b"geheim", "application/pdf")
        url = (await world.anna.event(world.team, first))["content"]["url"]
        second = await world.anna.edits(world.team, first, "geheim één")
        third = await world.anna.edits(world.team, first, "geheim twee")
        deeper = await world.anna.edits(world.team, third, "geheim in een bewerking van een ander")
        assert await world.bert.media_status(url) == 200
        await adapter.act(RemoveMessage(chat(world.team), first), "k1")
        await adapter.act(RemoveMessage(chat(world.team), first), "k1")
        await adapter.act(RemoveMessage(chat(world.team), "$nooit:geweest"), "k2")
        late = await world.anna.edits(world.team, first, "geheim drie")
        latest = await world.anna.edits(world.team, third, "geheim vier")

        async def gone() -> bool:
            every = (first, second, third, deeper, late, latest)
            events = [await world.bert.event(world.team, one) for one in every]
            return all(event["content"] == {} for event in events)

        await eventually(gone)
        assert await world.bert.media_status(url) == 404


async def test_only_what_its_sender_uploaded_is_deleted_with_a_message(world: World) -> None:
    logo = await world.bert.upload(b"logo", "image/png")
    own = await world.anna.upload(b"foto", "image/png")
    async with world.running() as adapter:
        sent = await world.anna.file(
            world.team, "a.pdf", b"geheim", "application/pdf", info={"thumbnail_url": logo},
            format="org.matrix.custom.html", formatted_body=f"<img alt='x' src='{own}'>",
        )  # fmt: skip
        url = (await world.anna.event(world.team, sent))["content"]["url"]
        await adapter.act(RemoveMessage(chat(world.team), sent), "k1")
        found = [await world.bert.media_status(one) for one in (url, own, logo)]
    assert found == [404, 404, 200]


async def test_a_room_is_closed_and_opened_exactly_as_it_was(world: World) -> None:
    before = await world.boss.state(world.team, "m.room.power_levels")
    async with world.running() as adapter:
        await adapter.act(LockGroup(chat(world.team), "Het is rust tot 07:30."), "k1")
        await adapter.act(LockGroup(chat(world.team)), "k1")
        with pytest.raises(RefusedError, match="403"):
            await world.anna.says(world.team, "toch iets")
    async with world.running() as adapter:
        await adapter.act(UnlockGroup(chat(world.team)), "k2")
        await adapter.act(UnlockGroup(chat(world.team)), "k2")
    assert await world.boss.state(world.team, "m.room.power_levels") == before
    await world.anna.says(world.team, "goedemorgen")
    assert any("Het is rust tot 07:30." in said for said in await world.anna.reads(world.team))


async def test_what_was_changed_while_the_room_was_closed_stays_changed(world: World) -> None:
    before = await world.boss.state(world.team, "m.room.power_levels")
    async with world.running() as adapter:
        await adapter.act(LockGroup(chat(world.team)), "k1")
        closed = await world.boss.state(world.team, "m.room.power_levels")
        users = {**closed["users"], world.bert.user: 60}
        await world.boss.state(world.team, "m.room.power_levels", {**closed, "users": users})
        await adapter.act(UnlockGroup(chat(world.team)), "k2")
    after = await world.boss.state(world.team, "m.room.power_levels")
    assert after == {**before, "users": {**before["users"], world.bert.user: 60}}


async def test_a_bot_without_the_power_says_so_and_changes_nothing(bare: World) -> None:
    bare.team = await bare.room(bot_level=0)
    await bare.bot.join(bare.team)
    before = await bare.boss.state(bare.team, "m.room.power_levels")
    async with bare.running() as adapter:
        with pytest.raises(DeliveryError, match="power level") as refused:
            await adapter.act(LockGroup(chat(bare.team)), "k1")
        assert refused.value.permanent
        said = await bare.anna.says(bare.team, "hoi")
        with pytest.raises(DeliveryError, match="M_FORBIDDEN") as refused:
            await adapter.act(RemoveMessage(chat(bare.team), said), "k2")
        assert refused.value.permanent
    assert await bare.boss.state(bare.team, "m.room.power_levels") == before


async def test_the_creator_of_a_version_12_room_can_close_it_without_being_listed(
    bare: World,
) -> None:
    async with bare.running() as adapter:
        room = await bare.bot.create(preset="private_chat", invite=[bare.anna.user])
        await bare.anna.join(room)
        created = await bare.bot.state(room, "m.room.create")
        before = await bare.bot.state(room, "m.room.power_levels")
        assert created["room_version"] == "12"
        assert bare.bot.user not in before.get("users", {})
        await eventually(lambda: bare.of(BotAdded))
        await adapter.act(LockGroup(chat(room)), "k1")
        with pytest.raises(RefusedError, match="403"):
            await bare.anna.says(room, "toch iets")
        await adapter.act(UnlockGroup(chat(room)), "k2")
        assert await bare.bot.state(room, "m.room.power_levels") == before


async def test_a_room_the_bot_is_not_in_is_refused_for_good(world: World) -> None:
    async with world.running() as adapter:
        for action in (
            Post(chat("!elders:school.test"), "hoi"),
            Post(replace(chat("x"), platform="slack"), "hoi"),
            LockGroup(chat("!elders:school.test")),
        ):
            with pytest.raises(DeliveryError) as refused:
                await adapter.act(action, "k1")
            assert refused.value.permanent


async def test_what_we_say_names_commands_as_they_are_typed_here(world: World) -> None:
    async with world.running() as adapter:
        await adapter.act(ShowPrivately(account(world.anna.user), "Typ /help of /web."), "k1")
        await adapter.act(Post(chat(world.team), "Vragen? Typ /help."), "k2")
        quoted = Post(chat(world.team), "van Anna: typ /help", author=account(world.anna.user))
        await adapter.act(quoted, "k3")
        told = await eventually(lambda: world.anna.told(world.bot.user))
        said = await world.anna.reads(world.team)
    assert told[0]["text"] == "Typ !help of /web."
    assert said == ["Vragen? Typ !help.", "van Anna: typ /help"]


async def test_who_left_the_private_room_is_told_in_a_new_one(world: World) -> None:
    async with world.running() as adapter:
        await adapter.act(ShowPrivately(account(world.anna.user), "een"), "k1")
        first = (await eventually(lambda: world.anna.told(world.bot.user)))[0]["room"]
        await world.anna.call("POST", await world.anna.at(first, "leave"), {})
        with contextlib.suppress(DeliveryError):
            await adapter.act(ShowPrivately(account(world.anna.user), "twee"), "k2")
        await adapter.act(ShowPrivately(account(world.anna.user), "twee"), "k2")
        told = await eventually(lambda: world.anna.told(world.bot.user))
    assert [one["text"] for one in told] == ["twee"]
    assert told[0]["room"] != first


async def test_a_press_heard_before_the_buttons_were_known_counts_all_the_same(
    world: World,
) -> None:
    """As after being killed between sending a whisper and storing what its signs mean."""
    async with world.running(listening=False) as adapter:
        await adapter.act(ShowPrivately(account(world.anna.user), "Psst", ROWS), "k1")
    told = await eventually(lambda: world.anna.told(world.bot.user))
    del world.state.stored["marks"]
    await world.anna.presses(told[0], "Stuur naar team@")
    async with world.running() as adapter:
        await world.anna.says(told[0]["room"], "hallo?")
        await world.said("hallo?")
        assert world.of(ButtonPressed) == []
        await adapter.act(ShowPrivately(account(world.anna.user), "Psst", ROWS), "k1")
        pressed = await world.heard(ButtonPressed)
        await adapter.act(ShowPrivately(account(world.anna.user), "Psst", ROWS), "k1")
    assert pressed.token == "token-a"
    assert len(world.of(ButtonPressed)) == 1
    assert len(await world.anna.told(world.bot.user)) == 1


async def test_a_long_text_becomes_several_messages(world: World) -> None:
    async with world.running() as adapter:
        await adapter.act(Post(chat(world.team), "woord " * 6_000), "k1")
        said = await world.anna.reads(world.team)
    assert len(said) == 3
    assert " ".join(said).split() == ["woord"] * 6_000


async def test_a_token_of_somebody_else_is_said_at_the_start(world: World) -> None:
    adapter = world.make(user=world.anna.user)
    with pytest.raises(DeliveryError, match="another user") as refused:
        await adapter.connect()
    assert refused.value.permanent
    await adapter.close()


async def test_a_second_private_room_leaves_the_first_one_private(world: World) -> None:
    async with world.running() as adapter:
        await world.heard(BotAdded)
        await adapter.act(ShowPrivately(account(world.anna.user), "Psst", ROWS), "k1")
        told = await eventually(lambda: world.anna.told(world.bot.user))
        own = await world.anna.create(
            preset="trusted_private_chat", is_direct=True, invite=[world.bot.user]
        )
        await world.anna.says(own, "hier praat ik liever")
        await world.said("hier praat ik liever")
        await world.anna.says(told[0]["room"], "of toch hier")
        said = await world.said("of toch hier")
        await adapter.act(ShowPrivately(account(world.anna.user), "Nog iets"), "k2")
        assert "Nog iets" in await world.anna.reads(own)
    assert said.place is Place.PRIVATE
    assert len(world.of(BotAdded)) == 1
