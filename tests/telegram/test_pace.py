"""How fast Fluister speaks: within Telegram's limits, without being refused first."""

import pytest

from bot.adapters.base import Post, ShowPrivately
from bot.adapters.telegram.pace import IN_ALL, IN_GROUP, Pace
from bot.core.events import Account, ChatRef
from bot.errors import DeliveryError
from tests.telegram.conftest import ANNA, TEAM, Hurry, World

GROUP, OTHER = -1, -2


async def turns(pace: Pace, clock: Hurry, chat: int, count: int, *, urgent: bool = False) -> float:
    """Take `count` turns, waiting as told; how long that took."""
    began = clock.now
    for _ in range(count):
        while (wait := await _asked(pace, chat, urgent=urgent)) is not None:
            await clock.sleep(wait)
    return clock.now - began


async def _asked(pace: Pace, chat: int, *, urgent: bool) -> float | None:
    try:
        await pace.turn(chat, urgent=urgent)
    except DeliveryError as refused:
        return refused.retry_after
    return None


async def test_a_short_burst_goes_at_once_and_then_one_a_second() -> None:
    clock = Hurry()
    pace = clock.pace()
    assert await turns(pace, clock, ANNA, 4) == 0
    assert await turns(pace, clock, ANNA, 6) == pytest.approx(6)
    await clock.sleep(10)
    assert await turns(pace, clock, ANNA, 4) == 0


async def test_a_group_gets_twenty_messages_in_any_minute() -> None:
    clock = Hurry()
    pace, sent = clock.pace(), []
    for _ in range(3 * IN_GROUP):
        await turns(pace, clock, GROUP, 1)
        sent.append(clock.now)
    assert all(later - first >= 60 for first, later in zip(sent, sent[IN_GROUP:], strict=False))


async def test_all_chats_together_stay_below_thirty_a_second() -> None:
    clock = Hurry()
    pace, sent = clock.pace(), []
    for chat in range(1, 4 * IN_ALL):
        await turns(pace, clock, chat, 1)
        sent.append(clock.now)
    assert all(later - first >= 1 for first, later in zip(sent, sent[IN_ALL:], strict=False))


async def test_a_whisper_does_not_wait_for_the_groups_minute_but_counts() -> None:
    clock = Hurry()
    pace = clock.pace()
    await turns(pace, clock, GROUP, IN_GROUP)
    assert await turns(pace, clock, GROUP, 1, urgent=True) < 2
    assert await turns(pace, clock, OTHER, 1) == 0, "another group is not held up"
    with pytest.raises(DeliveryError) as caught:
        await pace.turn(GROUP)
    assert (caught.value.retry_after or 0) > 30


async def test_a_digest_of_many_parts_is_never_refused_by_telegram(world: World) -> None:
    group = ChatRef("telegram", str(TEAM))
    words = "\n".join("regel " * 600 for _ in range(25))
    async with world.running() as adapter:
        with pytest.raises(DeliveryError) as caught:
            await adapter.act(Post(group, words), "digest")
        assert len(world.api.texts(TEAM)) == IN_GROUP
        whisper = ShowPrivately(Account("telegram", str(ANNA)), "psst", (), group)
        await adapter.act(whisper, "w")
        assert caught.value.retry_after is not None
        world.hurry.now += 61
        world.api.now += 61
        await adapter.act(Post(group, words), "digest")
    assert "".join("".join(world.api.texts(TEAM)).split()) == "".join(words.split())
