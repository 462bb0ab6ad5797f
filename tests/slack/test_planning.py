"""A message that Slack is to post in somebody's name is in the channel once, whatever dies when."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.base import Post
from bot.adapters.slack import planning
from bot.core.events import Account, ChatRef
from bot.errors import DeliveryError
from tests.slack.conftest import TEAMROOM

ANNA = Account("slack", "UANNA")
TEAM = ChatRef("slack", TEAMROOM)
HOUR = 3600


@pytest.fixture
def at():
    return datetime.now(UTC) + timedelta(hours=1)


@pytest.fixture
def later(monkeypatch):
    """Let our clock be so many seconds ahead."""

    def move(seconds: float) -> None:
        monkeypatch.setattr(planning, "now", lambda: time.time() + seconds)

    return move


async def plan(office, text, message, at):
    return await office.adapter.schedule(Post(TEAM, text, author=ANNA), message, at)


async def connect(office, fake):
    await office.adapter._consents.keep("UANNA", fake.own_token("UANNA"))


@pytest.mark.parametrize("lost", ["lost_calls", "lost_answers"])
async def test_two_messages_for_the_same_moment_are_two_plans(office, fake, at, lost):
    fake.page = 1
    async with office.open():
        await connect(office, fake)
        await plan(office, "zie http://school.nl", "1.1", at)
        getattr(fake, lost)["chat.scheduleMessage"] = 1
        with pytest.raises(DeliveryError):
            await plan(office, "tot morgen", "1.2", at)
        assert await plan(office, "tot morgen", "1.2", at)
    assert sorted(one["text"] for one in fake.planned.values()) == [
        "tot morgen",
        "zie http://school.nl",
    ]


async def test_taking_back_what_was_never_planned_leaves_the_other_alone(office, fake, at):
    async with office.open():
        await connect(office, fake)
        await plan(office, "de eerste", "1.1", at)
        fake.lost_calls["chat.scheduleMessage"] = 1
        with pytest.raises(DeliveryError):
            await plan(office, "de tweede", "1.2", at)
        assert await office.adapter.unschedule(TEAM, "1.2") is False
    assert [one["text"] for one in fake.planned.values()] == ["de eerste"]


async def test_who_asks_again_whether_it_was_posted_hears_the_same(office, fake, at):
    async with office.open():
        await connect(office, fake)
        await plan(office, "morgen", "1.1", at)
        await fake.time_comes()
        assert await office.adapter.unschedule(TEAM, "1.1") is True
    fake.a_minute_later()
    async with office.open():
        assert await office.adapter.unschedule(TEAM, "1.1") is True


async def test_a_plan_taken_back_without_an_answer_was_not_posted(office, fake, at):
    async with office.open():
        await connect(office, fake)
        await plan(office, "morgen", "1.1", at)
        fake.lost_answers["chat.deleteScheduledMessage"] = 1
        with pytest.raises(DeliveryError):
            await office.adapter.unschedule(TEAM, "1.1")
        assert await office.adapter.unschedule(TEAM, "1.1") is False
    assert fake.planned == {}


@pytest.mark.parametrize("lost", ["lost_calls", "lost_answers"])
async def test_after_its_moment_the_channel_tells_what_came_of_a_plan(
    office, fake, at, later, lost
):
    async with office.open():
        await connect(office, fake)
        await plan(office, "zie school.nl", "1.1", at)
        getattr(fake, lost)["chat.deleteScheduledMessage"] = 1
        with pytest.raises(DeliveryError):
            await office.adapter.unschedule(TEAM, "1.1")
        for one in fake.planned.values():
            one["text"] = "zie <http://school.nl|school.nl>"
        await fake.time_comes()
        later(HOUR)
        with pytest.raises(DeliveryError) as early:
            await office.adapter.unschedule(TEAM, "1.1")
        assert 50 < early.value.retry_after <= 61
        later(HOUR + 61)
        posted = lost == "lost_calls"
        assert await office.adapter.unschedule(TEAM, "1.1") is posted
    assert len(fake.texts(TEAMROOM)) == posted


async def test_a_plan_posted_before_its_answer_came_is_not_said_again(office, fake, at, later):
    async with office.open():
        await connect(office, fake)
        fake.lost_answers["chat.scheduleMessage"] = 1
        with pytest.raises(DeliveryError):
            await plan(office, "morgen", "1.1", at)
        await fake.time_comes()
        later(HOUR + 61)
        assert await plan(office, "morgen", "1.1", at)
        assert await office.adapter.unschedule(TEAM, "1.1") is True
    assert fake.texts(TEAMROOM) == ["morgen"]


async def test_with_a_token_that_died_the_channel_tells_as_well(office, fake, at, later):
    async with office.open():
        await connect(office, fake)
        await plan(office, "morgen", "1.1", at)
        await fake.time_comes()
        for token in fake.tokens.values():
            token.alive = token.kind != "user"
        later(HOUR + 61)
        assert await office.adapter.unschedule(TEAM, "1.1") is True


async def test_who_disconnects_takes_back_what_was_planned_in_their_name(office, fake, at, later):
    async with office.open():
        await connect(office, fake)
        await plan(office, "een", "1.1", at)
        await plan(office, "twee", "1.2", at)
        payload = {"user": {"id": "UANNA"}, "actions": [{"value": "slack:disconnect"}]}
        await office.adapter._here.fronting.pressed("UANNA", payload)
        own = next(token for token in fake.tokens.values() if token.kind == "user")
        await office.eventually(lambda: not own.alive)
        assert fake.planned == {}
        await connect(office, fake)
        later(HOUR + 61)
        assert await office.adapter.unschedule(TEAM, "1.1") is False
