"""The Synapse module and our end of its connection, in a real Synapse."""

import asyncio
import importlib.util
import json
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.adapters.base import LockGroup, UnlockGroup
from bot.adapters.matrix.gate import ASK, HELLO, SIGN, TIME, sign
from bot.adapters.matrix.values import chat, settings_from
from bot.core.events import BotAdded, MessageEdited, MessagePosted, Pass, Receipt, Refuse
from bot.demo import BEGIN, seed
from bot.detection.engine import build_detector
from bot.errors import ConfigError
from tests.matrix.conftest import World, a_world
from tests.matrix.mail_memory import Memory
from tests.matrix.people import Person, RefusedError, eventually
from tests.matrix.school import DIAGNOSIS, School
from tests.matrix.synapse_home import MODULE, SERVER, NoSynapseError, Synapse, free_port

SECRET = "een-geheim-van-ruim-tweeendertig-tekens"
BOT = f"@fluister:{SERVER}"
WAITS = 3


@dataclass(frozen=True)
class Gated:
    """A Synapse with the module, the port where it asks, and whom it tells of itself."""

    server: Synapse
    port: int
    head: tuple[str, str, str]
    office: str

    async def told(self) -> list[str]:
        """What the head of the school reads in the room of theirs and the bot's."""
        head = Person(self.server.url, *self.head)
        try:
            return await head.reads(self.office)
        finally:
            await head.close()


@pytest.fixture(scope="module")
def gated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gated]:
    """One bot for all tests here: its name is in the configuration."""
    port = free_port()
    config: dict[str, Any] = {
        "bot": BOT,
        "url": f"http://127.0.0.1:{port}",
        "secret": SECRET,
        "timeout": WAITS,
        "hello": 0.3,
    }
    module = {"module": "fluister_gate.FluisterGate", "config": config}
    server = Synapse(tmp_path_factory.mktemp("gated"),
                     changes={"modules": [module], "use_frozen_dicts": True})  # fmt: skip
    try:
        server.start()
    except NoSynapseError as reason:
        pytest.skip(str(reason))
    server.user("fluister", admin=True)
    head = (f"@hoofd:{SERVER}", *server.user("hoofd"))
    config["tell_room"] = asyncio.run(_office(server, head))
    server.stop()
    server.start()
    yield Gated(server, port, head, config["tell_room"])
    server.stop()


async def _office(server: Synapse, head: tuple[str, str, str]) -> str:
    """The private chat of the school's head with the bot."""
    person = Person(server.url, *head)
    try:
        return await person.create(preset="trusted_private_chat", is_direct=True, invite=[BOT])
    finally:
        await person.close()


@pytest.fixture
async def world(gated: Gated, tmp_path: Path) -> AsyncIterator[World]:
    login = gated.server.login("fluister")
    async with a_world(gated.server, tmp_path, bot=(BOT, *login)) as made:
        made.settings = {"gate_secret": SECRET, "gate_port": gated.port}
        made.team = await made.room()
        await made.bot.join(made.team)
        yield made
        for room in set(await made.bot.rooms()) - {gated.office}:
            await made.bot.call("POST", await made.bot.at(room, "leave"), {})


async def test_a_refused_message_is_seen_by_nobody_and_only_its_sender_is_told(
    world: World,
) -> None:
    async with world.running() as adapter:
        await world.heard(BotAdded)
        await eventually(lambda: adapter.gate_alive)
        world.receipt = Refuse("Bewaard tot 07:30.")
        with pytest.raises(RefusedError) as refused:
            await world.anna.says(world.team, "tot morgen")
        world.receipt = Pass()
        said = await world.anna.says(world.team, "en dit mag")
    assert refused.value.status == 403
    assert refused.value.told["error"] == "Bewaard tot 07:30."
    assert await world.bert.reads(world.team) == ["en dit mag"]
    held, passed = world.of(MessagePosted)[:2]
    assert (held.text, held.delivered) == ("tot morgen", False)
    assert (passed.message, passed.delivered) == (said, False)


async def test_edits_go_through_the_gate_as_well(world: World) -> None:
    async with world.running() as adapter:
        await world.heard(BotAdded)
        await eventually(lambda: adapter.gate_alive)
        first = await world.anna.says(world.team, "een")
        world.receipt = Refuse("Nee.")
        with pytest.raises(RefusedError, match="Nee"):
            await world.anna.edits(world.team, first, "twee")
    edit = world.of(MessageEdited)[0].posted
    assert (edit.message, edit.text, edit.delivered) == (first, "twee", False)
    assert await world.bert.reads(world.team) == ["een"]


async def test_at_the_gate_somebody_elses_edit_is_a_message_of_their_own(world: World) -> None:
    async with world.running() as adapter:
        await world.heard(BotAdded)
        await eventually(lambda: adapter.gate_alive)
        first = await world.anna.says(world.team, "van Anna")
        edit = await world.bert.edits(world.team, first, "niet van Anna")
    assert world.of(MessageEdited) == []
    heard = next(event for event in world.of(MessagePosted) if event.text == "niet van Anna")
    assert (heard.sender.user, heard.message) == (world.bert.user, edit)
    assert (heard.revision, heard.delivered) == (0, False)


async def test_rooms_without_the_bot_and_private_chats_are_not_asked_about(world: World) -> None:
    async with world.running() as adapter:
        await world.heard(BotAdded)
        await eventually(lambda: adapter.gate_alive)
        own = await world.anna.create(preset="private_chat", invite=[world.bert.user])
        private = await world.anna.create(
            preset="trusted_private_chat", is_direct=True, invite=[world.bot.user]
        )
        await world.anna.says(private, "hoi")
        await world.said("hoi")
        world.receipt = Refuse("Nee.")
        await world.anna.says(own, "tussen ons")
        await world.anna.says(private, "mag dit?")
        await world.said("mag dit?")
    assert all(event.text != "tussen ons" for event in world.of(MessagePosted))


async def test_at_rest_encrypted_messages_are_judged_by_time_alone(world: World) -> None:
    sealed = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x", "session_id": "s",
              "device_id": "d", "sender_key": "k"}  # fmt: skip
    before = await world.boss.state(world.team, "m.room.power_levels")
    async with world.running() as adapter:
        await world.heard(BotAdded)
        await eventually(lambda: adapter.gate_alive)
        await world.anna.send(world.team, sealed, "m.room.encrypted")
        await adapter.act(LockGroup(chat(world.team), "Rust tot 07:30."), "k1")
        with pytest.raises(RefusedError, match=r"Rust tot 07:30"):
            await world.anna.send(world.team, sealed, "m.room.encrypted")
        assert await world.boss.state(world.team, "m.room.power_levels") == before
        await adapter.act(UnlockGroup(chat(world.team)), "k2")
        await world.anna.send(world.team, sealed, "m.room.encrypted")
    assert await world.boss.state(world.team, "m.room.power_levels") == before


async def test_when_fluister_is_down_messages_pass_are_told_of_and_judged_afterwards(
    world: World, gated: Gated
) -> None:
    async def told() -> int:
        return sum("ongezien door" in text for text in await gated.told())

    async def told_again() -> bool:
        return await told() > before

    async with world.running() as adapter:
        await world.heard(BotAdded)
        await eventually(lambda: adapter.gate_alive)
        await world.anna.says(world.team, "ervoor")
        before = await told()
    await eventually(told_again)
    said = await world.anna.says(world.team, "terwijl je weg was")
    assert "terwijl je weg was" in await world.bert.reads(world.team)
    async with world.running() as adapter:
        event = await world.said("terwijl je weg was")
        assert (event.message, event.delivered) == (said, True)
        await eventually(lambda: adapter.gate_alive)
        await eventually(lambda: adapter._gate._missed == 1)


async def test_when_the_module_goes_silent_at_night_the_room_is_closed_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.matrix.adapter.GUARD_SECONDS", 0.1)
    before = await world.boss.state(world.team, "m.room.power_levels")

    async def closed() -> bool:
        return await world.boss.state(world.team, "m.room.power_levels") != before

    async def announced() -> int:
        return sum("Rust tot 07:30." in text for text in await world.bert.reads(world.team))

    async with world.running() as adapter:
        await world.heard(BotAdded)
        await eventually(lambda: adapter.gate_alive)
        await adapter.act(LockGroup(chat(world.team), "Rust tot 07:30."), "k1")
        assert not await closed()
        monkeypatch.setattr("bot.adapters.matrix.gate.ALIVE_SECONDS", 0.0)
        await eventually(announced)
        assert await closed()
        with pytest.raises(RefusedError, match="403"):
            await world.anna.says(world.team, "toch iets")
        await asyncio.sleep(0.3)
        await adapter.act(UnlockGroup(chat(world.team)), "k2")
    assert not await closed()
    assert await announced() == 1


async def test_a_message_the_server_did_not_wait_for_is_taken_away_when_it_was_kept(
    world: World,
) -> None:
    async with world.running() as adapter:
        await world.heard(BotAdded)
        await eventually(lambda: adapter.gate_alive)
        held = asyncio.Event()
        inside = adapter._inbox._on_incoming

        async def slow(event: Any) -> Receipt:
            await inside(event)
            held.set()
            await asyncio.sleep(WAITS + 1)  # longer than the module waits
            return Refuse("Bewaard.")

        adapter._inbox._on_incoming = slow
        said = await world.anna.says(world.team, "te laat")
        adapter._inbox._on_incoming = inside

        async def gone() -> bool:
            return (await world.bert.event(world.team, said))["content"] == {}

        await eventually(gone)
    assert len(world.of(MessagePosted)) == 1


async def test_a_refused_upload_is_deleted_once_it_was_copied(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.matrix.removing.COPIED_AFTER", -10.0)
    async with world.running() as adapter:
        await world.heard(BotAdded)
        await eventually(lambda: adapter.gate_alive)
        world.receipt = Refuse("Nee.")
        url = await world.anna.upload(b"geheim", "application/pdf")
        with pytest.raises(RefusedError):
            await world.anna.send(world.team, {"msgtype": "m.file", "body": "a.pdf", "url": url})
        kept = world.of(MessagePosted)[0]
        await adapter._removing.sweep()
        assert await world.bert.media_status(url) == 200
        assert await adapter.fetch(kept.attachments[0]) == b"geheim"
        await adapter._removing.sweep()
        assert await world.bert.media_status(url) == 404


async def test_strangers_and_old_questions_are_refused(world: World) -> None:
    async def ask(at: int, secret: str, body: bytes, path: str = ASK) -> int:
        signature = sign(secret.encode(), f"{at}".encode() + b"\n" + body)
        url = f"http://127.0.0.1:{world.settings['gate_port']}{path}"
        headers = {TIME: str(at), SIGN: signature}
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=body, headers=headers) as answer,
        ):
            return answer.status

    now = int(time.time())
    async with world.running():
        body = json.dumps({"event": {}}).encode()
        assert await ask(now, SECRET, body) == 200
        assert await ask(now, SECRET, body) == 403, "told twice"
        assert await ask(now, "iets-anders-van-minstens-32-tekens!!", body) == 403
        assert await ask(now - 3600, SECRET, body) == 403
        assert await ask(now, SECRET, b"geen json") == 403
        assert await ask(now, SECRET, b"[]" + b" " * 600_000) == 403
        assert await ask(now, SECRET, b'{"event": [1]}') == 200
        assert await ask(now, SECRET, b'{"from": "doctor"}', HELLO) == 200


def test_the_gate_listens_on_this_machine_only_and_wants_a_real_secret() -> None:
    given = {
        "FLUISTER_MATRIX_HOMESERVER": "http://127.0.0.1:1",
        "FLUISTER_MATRIX_USER": BOT,
        "FLUISTER_MATRIX_TOKEN": "t",
        "FLUISTER_DATA_DIR": "x",
    }
    for wrong in (
        {"FLUISTER_MATRIX_GATE_BIND": "0.0.0.0:8766"},
        {"FLUISTER_MATRIX_GATE_SECRET": "kort"},
        {"FLUISTER_MATRIX_USER": "fluister"},
    ):
        with pytest.raises(ConfigError, match=next(iter(wrong))):
            settings_from({**given, **wrong})
    assert settings_from(given).gate_port == 8766


async def test_at_night_the_gate_holds_a_message_with_its_file_and_delivers_it_in_the_morning(
    world: World, tmp_path: Path
) -> None:
    mail = Memory()
    school = School(world, mail, tmp_path / "data", build_detector())
    school.more = {
        "FLUISTER_MATRIX_GATE_SECRET": SECRET,
        "FLUISTER_MATRIX_GATE_BIND": f"127.0.0.1:{world.settings['gate_port']}",
    }
    team = world.team
    before = await world.boss.state(team, "m.room.power_levels")
    with mail:
        async with school.running() as app:
            await seed(app)
            await world.anna.says(team, "goedemorgen")
            adapter: Any = app.adapters["matrix"]
            await eventually(lambda: adapter.gate_alive)

            async def reads(part: str) -> bool:
                return any(part in text for text in await world.bert.reads(team))

            await eventually(lambda: reads("Ik ben Fluister"))
            with pytest.raises(RefusedError) as refused:
                await world.anna.says(team, DIAGNOSIS)
            await eventually(lambda: school.whispered(world.anna, "team@"))
            await school.at(app, BEGIN + timedelta(hours=10))
            await eventually(lambda: adapter._nights.rests(chat(team)))
            with pytest.raises(RefusedError) as held:
                await world.anna.file(team, "de gymzaal is dicht", b"rooster", "text/plain",
                                      filename="rooster.txt")  # fmt: skip
            await eventually(lambda: school.whispered(world.anna, "07:30"))
            assert not await reads("gymzaal")
            assert await world.boss.state(team, "m.room.power_levels") == before
            await school.at(app, BEGIN + timedelta(days=1))
            await eventually(lambda: reads("gymzaal"))
            await eventually(lambda: reads("rooster.txt"))
    assert "ADHD" not in str(refused.value.told)
    assert refused.value.told["nl.fluister.held"] is True
    assert "bewaard" in held.value.told["error"].casefold()
    assert not any("ADHD" in text for text in await world.bert.reads(team))


async def test_told_to_refuse_nothing_passes_while_fluister_is_down_and_admins_are_told(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    port = free_port()
    config: dict[str, Any] = {
        "bot": BOT, "url": f"http://127.0.0.1:{port}", "secret": SECRET, "hello": 0.3,
        "when_down": "refuse",
    }  # fmt: skip
    module = {"module": "fluister_gate.FluisterGate", "config": config}
    server = Synapse(tmp_path_factory.mktemp("strict"), changes={"modules": [module]})
    try:
        server.start()
    except NoSynapseError as reason:
        pytest.skip(str(reason))
    server.user("fluister", admin=True)
    try:
        async with a_world(server, tmp_path, bot=(BOT, *server.login("fluister"))) as world:
            world.team = await world.room()
            await world.bot.join(world.team)
            config["tell_room"] = await world.boss.create(invite=[BOT])
            await world.bot.join(config["tell_room"])
            with pytest.raises(RefusedError, match="niet bereikbaar"):
                await world.anna.says(world.team, "hallo?")
            server.stop()
            server.start()
            world.settings = {"gate_secret": SECRET, "gate_port": port}

            async def told(part: str) -> bool:
                return any(part in text for text in await world.boss.reads(config["tell_room"]))

            await eventually(lambda: told("antwoordt niet"))
            async with world.running():
                await eventually(lambda: told("antwoordt weer"))
                await world.anna.says(world.team, "hallo!")
                await world.said("hallo!")
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"bot": "fluister"}, "bot:"),
        ({"secret": "kort"}, "secret:"),
        ({"secret_path": "/bestaat/niet"}, "secret_path:"),
        ({"url": "http://192.168.1.4:8766"}, "url:"),
        ({"url": "https://elders.nl"}, "url:"),
        ({"when_down": "misschien"}, "when_down:"),
        ({"timeout": 0}, "timeout:"),
        ({"texts": {"x": "y"}}, "texts:"),
        ({"tell_room": "#beheer:school.test"}, "tell_room:"),
        ({"whendown": "pass"}, "unknown: whendown"),
    ],
)
def test_the_modules_settings_say_what_is_wrong_and_what_is_allowed(
    wrong: dict[str, Any], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = MODULE / "fluister_gate" / "settings.py"
    spec = importlib.util.spec_from_file_location("gate_settings", source)
    assert spec is not None
    assert spec.loader is not None
    settings = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "gate_settings", settings)
    spec.loader.exec_module(settings)
    with pytest.raises(ValueError, match=says):
        settings.read({"bot": BOT, "secret": SECRET, **wrong})
    assert settings.read({"bot": BOT, "secret": SECRET}).when_down == "pass"
    assert SECRET not in repr(settings.read({"bot": BOT, "secret": SECRET}))
