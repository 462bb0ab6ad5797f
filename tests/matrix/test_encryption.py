"""Encrypted rooms, with real clients that keep their own keys."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from nio import AsyncClient, AsyncClientConfig, MegolmEvent, RoomMessage, UnknownEvent
from nio.crypto.attachments import encrypt_attachment

from bot.adapters.base import Button, File, Post, RemoveMessage, ShowPrivately
from bot.adapters.matrix.calls import Calls
from bot.adapters.matrix.crypto import Crypto
from bot.adapters.matrix.values import Settings, account, chat
from bot.core.events import BotAdded, ButtonPressed, MessageEdited, MessagePosted
from bot.errors import DeliveryError
from tests.listening import State
from tests.matrix.conftest import World
from tests.matrix.people import Person, eventually

SEALED = [{"type": "m.room.encryption", "state_key": "",
           "content": {"algorithm": "m.megolm.v1.aes-sha2"}}]  # fmt: skip


class SecretClient:
    """A person's client with end-to-end encryption, syncing all the time."""

    def __init__(self, person: Person, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.person = person
        self.client = AsyncClient(
            person.url, person.user, store_path=str(folder), config=AsyncClientConfig()
        )
        self.client.restore_login(person.user, person.device, person.token)
        self.seen: list[tuple[str, str, dict[str, Any]]] = []
        self.unreadable: list[str] = []

    async def start(self) -> None:
        await self.client.sync(timeout=0, full_state=True)
        await self.client.keys_upload()
        self.client.add_event_callback(self._event, (RoomMessage, MegolmEvent, UnknownEvent))
        self.task = asyncio.create_task(self.client.sync_forever(timeout=10_000))

    async def stop(self) -> None:
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.task
        await self.client.close()

    async def _event(self, room: Any, event: Any) -> None:
        if isinstance(event, MegolmEvent):
            self.unreadable.append(event.event_id)
        else:
            self.seen.append((room.room_id, event.event_id, event.source["content"]))

    async def send(self, room: str, content: dict[str, Any]) -> str:
        await eventually(lambda: room in self.client.rooms and self.client.rooms[room].encrypted)
        await self.client.joined_members(room)
        sent = await self.client.room_send(
            room, "m.room.message", content, ignore_unverified_devices=True
        )
        return str(sent.event_id)

    async def says(self, room: str, text: str) -> str:
        return await self.send(room, {"msgtype": "m.text", "body": text})

    def reads(self, part: str) -> tuple[str, str, dict[str, Any]] | None:
        return next((one for one in self.seen if part in one[2].get("body", "")), None)


@pytest.fixture
async def secret(bare: World, tmp_path: Path) -> AsyncIterator[tuple[World, SecretClient]]:
    """An encrypted team room, and Anna with a client that can read it."""
    pytest.importorskip("vodozemac")
    bare.team = await bare.room(initial_state=SEALED)
    await bare.bot.join(bare.team)
    await bare.anna.close()
    bare.anna = Person(bare.synapse.url, bare.anna.user, *bare.synapse.login("anna"))
    bare.anna.earlier = set(await bare.anna.rooms()) - {bare.team}
    anna = SecretClient(bare.anna, tmp_path / "anna")
    await anna.start()
    yield bare, anna
    await anna.stop()
    await bare.anna.close()


async def test_an_encrypted_room_is_read_answered_and_cleaned_like_any_other(
    secret: tuple[World, SecretClient],
) -> None:
    world, anna = secret
    async with world.running() as adapter:
        await world.heard(BotAdded)
        first = await anna.says(world.team, "Sem heeft ADHD")
        said = await world.said("Sem heeft ADHD")
        assert (said.message, said.sender.user) == (first, world.anna.user)

        fresh = {"msgtype": "m.text", "body": "Sem heeft dyslexie"}
        edit = await anna.send(world.team, {
            **fresh, "m.new_content": fresh,
            "m.relates_to": {"rel_type": "m.replace", "event_id": first},
        })  # fmt: skip
        edited = (await world.heard(MessageEdited)).posted
        assert (edited.message, edited.text) == (first, "Sem heeft dyslexie")

        sealed, keys = encrypt_attachment(b"%PDF geheim")
        url = await world.anna.upload(sealed, "application/octet-stream")
        file = await anna.send(world.team, {
            "msgtype": "m.file", "body": "a.pdf", "file": {**keys, "url": url},
        })  # fmt: skip
        posted = await world.heard(MessagePosted, 2)
        assert await adapter.fetch(posted.attachments[0]) == b"%PDF geheim"

        for number, message in enumerate((first, file)):
            await adapter.act(RemoveMessage(chat(world.team), message), f"k{number}")
        for event in (first, edit, file):
            assert (await world.bert.event(world.team, event))["content"] == {}
        assert await world.bert.media_status(url) == 404

        await adapter.act(Post(chat(world.team), "Een bericht is verplaatst.", silent=True), "p")
        await adapter.act(
            Post(chat(world.team), "van Anna",
                 files=(File("b.txt", "text/plain", b"inhoud"),)), "q",
        )  # fmt: skip
        await eventually(lambda: anna.reads("verplaatst"))
        shown = await eventually(lambda: anna.reads("b.txt"))
        assert await world.anna.media_status(shown[2]["file"]["url"]) == 200
        timeline = await world.bert.timeline(world.team)
    assert not any("verplaatst" in str(event["content"].get("body")) for event in timeline)
    assert anna.unreadable == []


async def test_a_whisper_about_an_encrypted_room_is_encrypted_and_can_be_pressed(
    secret: tuple[World, SecretClient],
) -> None:
    world, anna = secret
    rows = ((Button("Stuur naar team@", "token-a"),),)
    async with world.running() as adapter:
        await world.heard(BotAdded)
        await adapter.act(ShowPrivately(account(world.anna.user), "Psst", rows), "k1")
        room, event, _ = await eventually(lambda: anna.reads("Psst"))
        await world.anna.reacts(room, event, "1️⃣")
        pressed = await world.heard(ButtonPressed)
    assert pressed.token == "token-a"
    assert not any("Psst" in text for text in await world.anna.reads(room))


async def test_after_a_restart_the_keys_are_still_there(
    secret: tuple[World, SecretClient],
) -> None:
    world, anna = secret
    async with world.running():
        await world.heard(BotAdded)
        await anna.says(world.team, "voor de herstart")
        await world.said("voor de herstart")
    await anna.says(world.team, "tijdens de herstart")
    async with world.running():
        await world.said("tijdens de herstart")
        await anna.says(world.team, "na de herstart")
        await world.said("na de herstart")
    assert b"herstart" not in b"".join(f.read_bytes() for f in world.folder.glob("*.db"))


async def test_what_cannot_be_decrypted_is_kept_for_later_and_holds_nothing_up(
    secret: tuple[World, SecretClient],
) -> None:
    world, anna = secret
    nonsense = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "eA", "session_id": "s",
                "device_id": "d", "sender_key": "k"}  # fmt: skip
    async with world.running() as adapter:
        await world.heard(BotAdded)
        sent = await world.anna.send(world.team, nonsense, "m.room.encrypted")
        await anna.says(world.team, "en door")
        await world.said("en door")
        assert sent in adapter._inbox.sealed.waiting()
        path = await world.anna.at(world.team, "redact", sent, "r1")
        await world.anna.call("PUT", path, {})
        await eventually(lambda: sent not in adapter._inbox.sealed.waiting())


@pytest.mark.parametrize("lost", ["file", "damaged", "key"])
async def test_lost_keys_are_said_and_the_rest_goes_on(
    secret: tuple[World, SecretClient],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    lost: str,
) -> None:
    world, _ = secret
    async with world.running():
        await world.heard(BotAdded)
    folder = tmp_path / "elders" if lost == "file" else world.folder
    if lost == "key":
        del world.state.stored["crypto-key"]
    for file in world.folder.glob("*.db") if lost == "damaged" else ():
        file.write_bytes(b"geen database" * 99)
    room = await world.room()
    await world.bot.join(room)
    async with world.running(folder=folder) as adapter:
        await world.anna.says(room, "in het open")
        await world.said("in het open")
        with pytest.raises(DeliveryError, match="encrypted") as refused:
            await adapter.act(Post(chat(world.team), "hoi"), "k1")
    assert refused.value.permanent
    assert "Make a new token" in caplog.text


async def test_an_event_the_library_cannot_read_costs_no_key_and_does_not_end_the_run(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pytest.importorskip("vodozemac")
    nobody = Settings("http://127.0.0.1:1", "@bot:school.test", "token", tmp_path)
    calls = Calls(nobody.homeserver, nobody.token)
    crypto = Crypto(nobody, State(), calls)
    crypto._had = lambda device: asyncio.sleep(0, False)
    await crypto.open("DEVICE")
    late = {"type": "m.room.encrypted", "event_id": "$1", "sender": "@a:b", "content": {},
            "origin_server_ts": "gisteren"}  # fmt: skip
    timeline = {"events": [late], "limited": False, "prev_batch": "p"}
    told = {
        "next_batch": "s2",
        "rooms": {"join": {"!a:b": {"timeline": timeline}}},
        "to_device": {"events": [7, {"type": []}, {"type": "m.room.encrypted", "content": []}]},
        "device_one_time_keys_count": {"signed_curve25519": 43},
    }
    await crypto.take(told)
    assert crypto._client.olm.uploaded_key_count == 43
    assert "keys could not be taken in (TypeError)" in caplog.text
    await crypto.close()
    await calls.close()
