"""The webhook: only Telegram is let in, and only what was taken in is answered with 200."""

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.adapters.telegram.webhook import HEADER, LARGEST_BODY
from bot.core.events import MessagePosted
from bot.errors import ConfigError
from tests.telegram.conftest import ANNA, TEAM, World

SECRET = "s3cret-of-this-webhook"


@pytest.fixture
async def hook(world: World) -> AsyncIterator[str]:
    """The address of a running webhook, announced to the fake."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    world.more = {
        "FLUISTER_TELEGRAM_MODE": "webhook",
        "FLUISTER_TELEGRAM_WEBHOOK_SECRET": SECRET,
        "FLUISTER_WEB_BIND": place,
        "FLUISTER_WEB_URL": f"http://{place}/",
    }
    async with world.running(), httpx.AsyncClient() as client:
        for _ in range(200):
            try:
                await client.get(f"http://{place}/telegram")
                break
            except httpx.ConnectError:
                await asyncio.sleep(0.02)
        yield f"http://{place}/telegram"


def update(number: int, text: str = "hoi") -> dict[str, object]:
    chat = {"id": TEAM, "type": "supergroup", "title": "Team"}
    who = {"id": ANNA, "is_bot": False, "first_name": "Anna"}
    message = {"message_id": number, "date": 1_795_000_000, "chat": chat, "from": who, "text": text}
    return {"update_id": number, "message": message}


async def test_what_telegram_sends_is_taken_in(world: World, hook: str) -> None:
    world.api.says(TEAM, ANNA, "hoi")
    assert (await world.heard(MessagePosted)).text == "hoi"
    await world.settled()
    assert world.api.webhook is not None
    assert world.api.webhook["url"] == hook


@pytest.mark.parametrize("forged", [None, "", "s3cret-of-this-webhooK", "é"])
async def test_a_forged_call_is_refused_and_nothing_of_it_is_heard(
    world: World, hook: str, forged: str | None
) -> None:
    headers = {} if forged is None else {HEADER: forged.encode()}
    async with httpx.AsyncClient() as client:
        answer = await client.post(hook, json=update(1), headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 403
    assert world.events == []


async def test_the_same_update_twice_is_heard_once(world: World, hook: str) -> None:
    async with httpx.AsyncClient(headers={HEADER: SECRET}) as client:
        answers = [await client.post(hook, json=update(7)) for _ in range(3)]
    assert [a.status_code for a in answers] == [200, 200, 200]
    assert len(world.events) == 1


async def test_what_was_not_taken_in_is_sent_again(world: World, hook: str) -> None:
    world.break_on = 2
    world.api.says(TEAM, ANNA, "blijft komen")
    assert (await world.heard(MessagePosted)).text == "blijft komen"
    await world.settled()
    assert len(world.events) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"\xff\x00", 400),
        (b"[" * 5000, 400),
        (b"[]", 400),
        (b'{"update_id": "x"}', 400),
        (b'{"update_id": 5}', 200),
        (b'{"update_id": 6, "message": 3}', 200),
        (b"x" * (LARGEST_BODY + 1), 413),
    ],
)
async def test_rubbish_gets_a_clear_answer(world: World, hook: str, body: bytes, code: int) -> None:
    async with httpx.AsyncClient(headers={HEADER: SECRET}) as client:
        assert (await client.post(hook, content=body)).status_code == code
    assert world.events == []


async def test_the_parts_of_an_album_that_come_together_are_one_message(
    world: World, hook: str
) -> None:
    photo = {"width": 1, "height": 1}
    for _ in range(3):
        world.api.says(TEAM, ANNA, photo=[world.api.file(b"p") | photo], media_group_id="g")
    event = await world.heard(MessagePosted)
    await world.settled()
    assert len(event.attachments) == 3
    assert len(world.events) == 1


@pytest.mark.parametrize("secret", ["", "short", "x" * 257, "with a space in it"])
async def test_without_a_good_secret_it_does_not_start(world: World, secret: str) -> None:
    world.more = {
        "FLUISTER_TELEGRAM_MODE": "webhook",
        "FLUISTER_WEB_URL": "https://fluister.example",
        "FLUISTER_TELEGRAM_WEBHOOK_SECRET": secret,
    }
    with pytest.raises(ConfigError, match="WEBHOOK_SECRET"):
        world.make()
