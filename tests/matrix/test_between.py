"""What stands between the bot and its homeserver may answer anything: nothing is lost by it."""

from dataclasses import replace

import pytest

from bot.adapters.base import Post, RemoveMessage
from bot.adapters.matrix import adapter as adapting
from bot.adapters.matrix import syncing
from bot.adapters.matrix.values import chat
from bot.core.events import BotAdded, MessageEdited, MessagePosted
from bot.errors import DeliveryError
from tests.matrix.conftest import World
from tests.matrix.people import eventually
from tests.matrix.road import Instead, Road

PAGE = b"<html><h1>Even geduld</h1></html>"
JSON = "application/json"
ANSWERS = (
    Instead("", 502, PAGE),
    Instead("", 520, PAGE),
    Instead("", 404, PAGE),
    Instead("", 400, PAGE),
    Instead("", 403, PAGE),
    Instead("", 302),
    Instead("", 200, PAGE),
    Instead("", 200),
    Instead("", 200, b'{"next_batch": "s1', JSON),
    Instead("", 200, b"{}", JSON),
    Instead("", 200, b"[" * 20_000, JSON),
    Instead("", 500, b"[" * 20_000, JSON),
    Instead("", 429, b'{"errcode": "M_LIMIT_EXCEEDED"}', JSON),
)


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting is shown elsewhere."""
    monkeypatch.setattr(adapting, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(syncing, "FIRST_PAUSE", 0.05)


async def test_a_sync_that_is_answered_by_something_else_is_asked_again(world: World) -> None:
    async with Road(world.synapse.url) as road, world.running(homeserver=road.url):
        await world.heard(BotAdded)
        for answer in ANSWERS:
            road.instead.append(replace(answer, path="/sync$"))
            await world.anna.says(world.team, f"voor {answer}")
            await eventually(lambda: not road.instead)
        await world.anna.says(world.team, "na alles")
        await world.said("na alles")
    wanted = [*(f"voor {answer}" for answer in ANSWERS), "na alles"]
    assert [event.text for event in world.of(MessagePosted)] == wanted


@pytest.mark.parametrize("path", ["/whoami$", "/sync$"])
async def test_a_start_that_is_answered_by_something_else_forgets_nothing(
    world: World, path: str
) -> None:
    async with world.running():
        await world.heard(BotAdded)
    async with Road(world.synapse.url) as road:
        for answer in ANSWERS:
            await world.anna.says(world.team, f"voor {answer}")
            road.instead.append(replace(answer, path=path))
            async with world.running(homeserver=road.url):
                await world.said(f"voor {answer}")
    assert {e.text for e in world.of(MessagePosted)} == {f"voor {answer}" for answer in ANSWERS}


async def test_what_something_else_answered_is_neither_done_nor_refused_for_good(
    world: World,
) -> None:
    said = await world.anna.says(world.team, "Sem heeft een IQ van 78")
    remove, post = RemoveMessage(chat(world.team), said), Post(chat(world.team), "hoi")
    async with Road(world.synapse.url) as road, world.running(homeserver=road.url) as adapter:
        await world.heard(BotAdded)
        for number, answer in enumerate(ANSWERS):
            for action, path in ((remove, "/redact/"), (post, "/send/")):
                if path == "/redact/" and answer.status == 200 and answer.body == b"{}":
                    continue
                road.instead.append(replace(answer, path=path))
                with pytest.raises(DeliveryError) as refused:
                    await adapter.act(action, f"{path} {number}")
                assert not refused.value.permanent, (path, answer)
        assert "body" in (await world.boss.event(world.team, said))["content"]
        await adapter.act(remove, "nu")
        await adapter.act(post, "nu")
    assert (await world.boss.event(world.team, said))["content"] == {}
    assert await world.anna.reads(world.team) == ["hoi"]


async def test_the_author_of_an_edit_is_asked_again_when_something_else_answered(
    world: World,
) -> None:
    async with world.running():
        said = await world.anna.says(world.team, "eerst")
        await world.said("eerst")
    async with Road(world.synapse.url) as road:
        road.instead += [Instead("/event/", 404, PAGE), Instead("/event/", 200)]
        async with world.running(homeserver=road.url):
            await world.anna.edits(world.team, said, "later")
            edit = await world.heard(MessageEdited)
    assert (edit.posted.message, edit.posted.text) == (said, "later")


async def test_a_token_that_expired_while_the_bot_was_away_is_said_and_waited_for(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Ending would only have the bot started again by whoever watches over it, for ever."""
    async with world.running():
        await world.heard(BotAdded)
    await world.bot.call("POST", "/_matrix/client/v3/logout", {})
    await world.anna.says(world.team, "hoort iemand dit?")
    async with world.running() as adapter:
        assert "FLUISTER_MATRIX_TOKEN" in caplog.text
        with pytest.raises(DeliveryError) as refused:
            await adapter.act(Post(chat(world.team), "hoi"), "k1")
        assert not refused.value.permanent
    assert world.bot.token not in caplog.text
    name = world.bot.user[1:].partition(":")[0]
    async with world.running(token=world.synapse.login(name)[0]):
        await world.said("hoort iemand dit?")
