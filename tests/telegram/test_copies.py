"""A whisper nobody answered is said once more in private; the admin sees who cannot be told."""

from datetime import timedelta

import pytest

from bot.adapters.base import Button, LockGroup, Post, RemoveMessage, ShowPrivately, UnlockGroup
from bot.core.events import Account, ButtonPressed, ChatRef
from bot.errors import DeliveryError
from tests.telegram.conftest import ANNA, BERT, RIGHTS, TEAM, World

GROUP = ChatRef("telegram", str(TEAM))
TO_ANNA = Account("telegram", str(ANNA))
KEYS = ((Button("Stuur naar team@", "t1"), Button("Gooi weg", "t2")),)
WHISPER = ShowPrivately(TO_ANNA, "Even onder ons", KEYS, GROUP)


@pytest.fixture
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten minutes are over at once, and looked at all the time."""
    monkeypatch.setattr("bot.adapters.telegram.copies.UNANSWERED", timedelta(0))
    monkeypatch.setattr("bot.adapters.telegram.adapter.SAY_AGAIN_SECONDS", 0.01)


def private(world: World) -> list[str]:
    return [message["text"] for message in world.api.from_bot(ANNA)]


@pytest.mark.usefixtures("_soon")
async def test_a_whisper_nobody_answers_comes_in_private_once_and_silently(world: World) -> None:
    async with world.running() as adapter:
        world.api.starts(ANNA)
        await world.settled()
        shown = await adapter.act(WHISPER, "k")
        await world.eventually(lambda: private(world))
    async with world.running() as adapter:
        changed = ShowPrivately(TO_ANNA, "Gemaild.", (), GROUP, replaces=shown.message)
        await adapter.act(changed, "k2")
    assert private(world) == ["Gemaild."], "what changes in the group changes there too"
    assert [m["text"] for m in world.api.shown(ANNA)] == ["Gemaild."]
    call = next(c for c in world.api.called("sendMessage") if c["chat_id"] == ANNA)
    assert call["disable_notification"] is True
    assert len(call["reply_markup"]["inline_keyboard"][0]) == 2


async def test_before_ten_minutes_or_after_an_answer_nothing_comes_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.telegram.adapter.SAY_AGAIN_SECONDS", 0.01)
    async with world.running() as adapter:
        world.api.starts(ANNA)
        shown = await adapter.act(WHISPER, "k")
        await world.settled()
        assert b"onder ons" in world.state.stored["copies"]
        world.api.presses(ANNA, world.api.shown(ANNA)[0], "Stuur")
        await world.heard(ButtonPressed)
        await world.settled()
        assert b"onder ons" not in world.state.stored["copies"]
        more = ShowPrivately(TO_ANNA, "Naar wie?", KEYS, GROUP, replaces=shown.message)
        await adapter.act(more, "k2")
        assert b"Naar wie" not in world.state.stored["copies"], "they are there already"
    assert private(world) == []


@pytest.mark.usefixtures("_soon")
async def test_without_start_it_waits_for_start_and_the_group_is_shown_the_way(
    world: World,
) -> None:
    async with world.running() as adapter:
        await adapter.act(Post(GROUP, "Hallo!"), "hello")
        await adapter.act(WHISPER, "k")
        await world.eventually(lambda: b"onder ons" in world.state.stored.get("waiting", b""))
        await adapter.act(Post(GROUP, "Een bericht is verplaatst."), "p")
        world.api.starts(ANNA)
        await world.eventually(lambda: private(world))
        await world.settled()
    assert private(world) == ["Even onder ons"]
    assert "reply_markup" in world.api.from_bot(TEAM)[-1]


async def test_what_is_kept_is_erased_when_asked_and_after_three_days(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world.running() as adapter:
        await adapter.act(WHISPER, "k")
        world.api.says(TEAM, ANNA, "/vergeetmij")
        await world.settled()
        assert b"onder ons" not in world.state.stored["copies"]
        await adapter.act(WHISPER, "k2")
    monkeypatch.setattr("bot.adapters.telegram.copies.LASTS", timedelta(0))
    async with world.running():
        await world.eventually(lambda: b"onder ons" not in world.state.stored["copies"])


async def test_who_has_not_pressed_start_is_counted_across_restarts(world: World) -> None:
    world.api.person(13, "Carla")
    world.api.person(99, "Vreemde")
    world.team.members[13] = "member"
    async with world.running() as adapter:
        assert await adapter.unreached(GROUP) == 3
        world.api.starts(ANNA)
        world.api.starts(99)
        world.api.starts(BERT)
        await world.settled()
    async with world.running() as adapter:
        assert await adapter.unreached(GROUP) == 1, "somebody from outside does not count"
        world.api.blocks(BERT)
        await world.settled()
        assert await adapter.unreached(GROUP) == 2
        assert await adapter.unreached(ChatRef("telegram", "-999")) is None


async def test_a_group_that_moved_unheard_is_closed_where_it_went(world: World) -> None:
    small = world.api.group(-55, ANNA, rights=dict(RIGHTS), type="group")
    ref = ChatRef("telegram", "-55")
    async with world.running(listening=False) as adapter:
        await adapter.act(LockGroup(ref), "k")
        new = world.api.migrates(small, -100955)
        with pytest.raises(DeliveryError) as caught:
            await adapter.act(UnlockGroup(ref), "k2")
        assert not caught.value.permanent
        await adapter.act(UnlockGroup(ref), "k2")
        assert new.permissions["can_send_messages"] is True
        with pytest.raises(DeliveryError) as caught:
            await adapter.act(RemoveMessage(ref, "1"), "k3")
        assert caught.value.permanent, "what was said before the move stays out of reach"
