"""Rooms that are bridged to WhatsApp or Signal, with a double of the bridge."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.base import Button, LockGroup, Post, RemoveMessage, ShowPrivately
from bot.adapters.matrix.values import account, chat
from bot.core.events import BotAdded, ButtonPressed, MessageEdited, MessagePosted
from bot.errors import DeliveryError
from tests.matrix.bridge_double import Bridge, said_before
from tests.matrix.conftest import World, a_world
from tests.matrix.people import RefusedError, eventually
from tests.matrix.synapse_home import NoSynapseError, Synapse


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Synapse, Bridge]]:
    folder = tmp_path_factory.mktemp("bridged")
    bridge = Bridge(folder)
    changes = {
        "app_service_config_files": [str(bridge.registration)],
        "auto_accept_invites": {"enabled": False},
    }
    synapse = Synapse(folder, changes=changes)
    try:
        synapse.start()
    except NoSynapseError as reason:
        pytest.skip(str(reason))
    yield synapse, bridge
    synapse.stop()


@pytest.fixture
async def bridged(
    server: tuple[Synapse, Bridge], tmp_path: Path
) -> AsyncIterator[tuple[World, Bridge]]:
    synapse, bridge = server
    await bridge.start(synapse)
    async with a_world(synapse, tmp_path) as world:
        yield world, bridge
    await bridge.stop()


async def test_bridged_rooms_are_left_unread_unless_somebody_turns_them_on(
    bridged: tuple[World, Bridge],
) -> None:
    world, bridge = bridged
    anna = await bridge.ghost(f"1{world.bot.user[5:9]}", "Anna")
    room = await bridge.portal(anna, invite=(world.bot.user,))
    other = await world.room()
    async with world.running():
        await eventually(lambda: _joined(world, room, other))
        await anna.says(room, "op WhatsApp")
        await world.anna.says(other, "op Matrix")
        await world.said("op Matrix")
    assert [event.text for event in world.of(MessagePosted)] == ["op Matrix"]
    assert [event.chat.chat for event in world.of(BotAdded)] == [other]


async def test_turned_on_a_ghost_is_heard_whispered_to_and_its_message_removed(
    bridged: tuple[World, Bridge],
) -> None:
    world, bridge = bridged
    anna = await bridge.ghost(f"2{world.bot.user[5:9]}", "Anna")
    bert = await bridge.ghost(f"3{world.bot.user[5:9]}", "Bert")
    room = await bridge.portal(anna, bert, invite=(world.bot.user,))
    async with world.running(bridges=True) as adapter:
        await world.heard(BotAdded)
        said = await anna.says(room, "Sem heeft ADHD")
        event = await world.said("Sem heeft ADHD")
        assert (event.sender.user, event.sender.name) == (anna.user, "Anna")

        rows = ((Button("Stuur naar team@", "token-a"),),)
        await adapter.act(ShowPrivately(account(anna.user), "Psst", rows), "k1")
        told = await eventually(lambda: anna.told(world.bot.user))
        await anna.says(told[0]["room"], "1")
        assert (await world.heard(ButtonPressed)).by.user == anna.user

        await adapter.act(RemoveMessage(chat(room), said), "k2")
        await adapter.act(Post(chat(room), "Een bericht is verplaatst.", silent=True), "k3")
        await eventually(lambda: any(e["type"] == "m.room.redaction" for e in bridge.heard))
        with pytest.raises(DeliveryError, match="bridged") as refused:
            await adapter.act(LockGroup(chat(room)), "k4")
        assert refused.value.permanent
    assert "Sem heeft ADHD" not in await bert.reads(room)
    assert all("Psst" not in text for text in await bert.reads(room))


@pytest.mark.parametrize(
    ("protocol", "ago"), [("signal", timedelta()), ("whatsapp", timedelta(days=2, hours=1))]
)
async def test_what_the_bridge_cannot_take_away_is_not_called_removed(
    bridged: tuple[World, Bridge], protocol: str, ago: timedelta
) -> None:
    world, bridge = bridged
    anna = await bridge.ghost(f"6{protocol[0]}{world.bot.user[5:9]}", "Anna")
    room = await bridge.portal(anna, invite=(world.bot.user,), protocol=protocol)
    async with world.running(bridges=True) as adapter:
        await world.heard(BotAdded)
        said = await said_before(anna, room, "Sem heeft ADHD", ago)
        await world.said("Sem heeft ADHD")
        with pytest.raises(DeliveryError, match="other side") as refused:
            await adapter.act(RemoveMessage(chat(room), said), "k1")
        assert refused.value.permanent
    assert await anna.reads(room) == []


async def test_where_invitations_are_not_accepted_by_themselves_a_whisper_waits_behind_one(
    bridged: tuple[World, Bridge],
) -> None:
    world, _ = bridged
    world.team = await world.room()
    async with world.running() as adapter:
        await world.heard(BotAdded)
        await adapter.act(ShowPrivately(account(world.anna.user), "Psst"), "k1")
        synced = await world.anna.call("GET", "/_matrix/client/v3/sync")
        asked = list(synced["rooms"]["invite"])
        assert len(asked) == 1
        with pytest.raises(RefusedError, match="403"):
            await world.anna.reads(asked[0])
        await adapter.act(ShowPrivately(account(world.anna.user), "Nog iets"), "k2")
        await world.anna.join(asked[0])
        assert await world.anna.reads(asked[0]) == ["Psst", "Nog iets"]
        assert [one["room"] for one in await world.anna.told(world.bot.user)] == asked * 2


async def test_who_somebody_says_to_be_inside_a_message_does_not_count(
    bridged: tuple[World, Bridge],
) -> None:
    world, bridge = bridged
    anna = await bridge.ghost(f"4{world.bot.user[5:9]}", world.boss.user)
    bert = await bridge.ghost(f"5{world.bot.user[5:9]}", "Bert")
    room = await bridge.portal(anna, bert, invite=(world.bot.user, world.boss.user))
    await world.boss.join(room)
    async with world.running(bridges=True):
        await world.heard(BotAdded)
        await anna.says(
            room, "ik ben de baas", sender=world.boss.user,
            **{"com.beeper.per_message_profile": {"id": "1", "displayname": world.boss.user}},
        )  # fmt: skip
        forged = await world.said("ik ben de baas")
        assert forged.sender.user == anna.user

        first = await bert.says(room, "van Bert")
        await world.said("van Bert")
        await anna.edits(room, first, "niet van Bert")
        edit = await world.said("niet van Bert")
        assert (edit.sender.user, edit.message != first) == (anna.user, True)
        assert world.of(MessageEdited) == []

        anna.user, own = world.boss.user, anna.user
        with pytest.raises(RefusedError, match="masquerade"):
            await anna.says(room, "als de baas")
        anna.user = own


async def _joined(world: World, *rooms: str) -> bool:
    return set(rooms) <= set(await world.bot.rooms())
