"""A server that is slow to let us speak, goes away, and comes back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from bot.adapters.base import Button, Post, ShowPrivately
from bot.adapters.matrix.adapter import MatrixAdapter
from bot.adapters.matrix.values import account, chat
from bot.core.events import BotAdded, ButtonPressed, MessagePosted
from bot.errors import DeliveryError
from tests.matrix.conftest import World, a_world
from tests.matrix.people import Person, eventually
from tests.matrix.road import Road
from tests.matrix.synapse_home import NoSynapseError, Synapse

SLOW = {"per_second": 1.0, "burst_count": 4}


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synapse]:
    """A Synapse that limits how fast anybody may speak, like one out of the box."""
    server = Synapse(tmp_path_factory.mktemp("strict"), changes={"rc_message": SLOW})
    try:
        server.start()
    except NoSynapseError as reason:
        pytest.skip(str(reason))
    yield server
    server.stop()


@pytest.fixture
async def world(strict: Synapse, tmp_path: Path) -> AsyncIterator[World]:
    async with a_world(strict, tmp_path) as made:
        made.team = await made.room()
        await made.bot.join(made.team)
        yield made


async def test_told_to_slow_down_everything_is_posted_once_and_in_order(world: World) -> None:
    refusals: list[DeliveryError] = []
    async with world.running() as adapter:
        await world.heard(BotAdded)
        for number in range(7):
            post = Post(chat(world.team), f"regel {number}")
            while (refused := await refusal(adapter, post, f"k{number}")) is not None:
                refusals.append(refused)
                await asyncio.sleep(refused.retry_after or 0.0)
    assert refusals
    assert all(refused.retry_after and not refused.permanent for refused in refusals)
    said = await world.anna.reads(world.team)
    assert said == [f"regel {number}" for number in range(7)]


async def test_a_whisper_with_many_buttons_is_told_at_once_and_gets_its_signs_later(
    world: World,
) -> None:
    rows = tuple((Button(f"Keuze {n}", f"token-{n}"),) for n in range(1, 6))
    async with world.running() as adapter:
        await adapter.act(ShowPrivately(account(world.anna.user), "Psst", rows), "k1")
        told = await eventually(lambda: world.anna.told(world.bot.user))
        await world.anna.presses(told[0], "Keuze 5")
        assert (await world.heard(ButtonPressed)).token == "token-5"

        async def signs() -> int:
            events = await world.anna.timeline(told[0]["room"])
            mine = [e for e in events if e["sender"] == world.bot.user]
            return sum(event["type"] == "m.reaction" for event in mine)

        await eventually(lambda: _is(signs, 5))


async def test_a_server_that_was_away_is_waited_for_and_nothing_is_lost(
    world: World, strict: Synapse, caplog: pytest.LogCaptureFixture
) -> None:
    async with world.running() as adapter:
        await world.anna.says(world.team, "ervoor")
        await world.said("ervoor")
        strict.stop()
        await eventually(lambda: "connection is lost" in caplog.text)
        with pytest.raises(DeliveryError) as refused:
            await adapter.act(Post(chat(world.team), "nu niet"), "k1")
        assert not refused.value.permanent
        strict.start()
        again = Person(strict.url, world.anna.user, world.anna.token)
        await again.says(world.team, "erna")
        await again.close()
        await world.said("erna")
        await adapter.act(Post(chat(world.team), "nu wel"), "k1")
    assert [event.text for event in world.of(MessagePosted)] == ["ervoor", "erna"]
    assert world.bot.token not in caplog.text


async def test_a_server_that_is_away_at_the_start_is_waited_for(
    world: World, strict: Synapse, caplog: pytest.LogCaptureFixture
) -> None:
    road = Road(strict.url)
    async with world.running(homeserver=road.url) as adapter:
        assert "waiting for it" in caplog.text
        with pytest.raises(DeliveryError, match="not connected yet") as refused:
            await adapter.act(Post(chat(world.team), "te vroeg"), "k1")
        assert not refused.value.permanent
        async with road:
            await world.heard(BotAdded)
            await world.anna.says(world.team, "ben je daar?")
            await world.said("ben je daar?")
            await adapter.act(Post(chat(world.team), "ja"), "k2")


async def test_after_the_server_forgot_where_we_were_the_bot_starts_from_now(
    world: World,
) -> None:
    world.state.stored["since"] = b"s_onzin"
    async with world.running():
        await world.heard(BotAdded)
        await world.anna.says(world.team, "hoi")
        await world.said("hoi")


async def refusal(adapter: MatrixAdapter, post: Post, key: str) -> DeliveryError | None:
    try:
        await adapter.act(post, key)
    except DeliveryError as refused:
        return refused
    return None


async def _is(count: Callable[[], Awaitable[int]], wanted: int) -> bool:
    return await count() == wanted
