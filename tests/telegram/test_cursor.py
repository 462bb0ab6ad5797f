"""Where Fluister is in Telegram's queue: kept across restarts, and given up when it is too old."""

import time

import pytest

from bot.adapters.telegram.cursor import HOLDS_SECONDS, KEPT, Cursor
from bot.core.events import ButtonPressed, CommandGiven, Incoming, MessagePosted, Receipt
from tests.listening import State
from tests.telegram.conftest import ANNA, TEAM, World


async def reread(state: State) -> Cursor:
    cursor = Cursor(state)
    await cursor.load()
    return cursor


async def test_the_place_in_the_queue_outlives_a_restart() -> None:
    state = State()
    cursor = Cursor(state)
    await cursor.did(7)
    await cursor.confirm(7)
    again = await reread(state)
    assert (again.next, again.handled(7), again.handled(8)) == (8, True, False)


async def test_after_a_week_of_silence_counting_may_begin_anew_at_a_lower_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state = State()
    await Cursor(state).confirm(900_000)
    cursor = await reread(state)
    later = time.time() + HOLDS_SECONDS + 1
    monkeypatch.setattr("bot.adapters.telegram.cursor.time.time", lambda: later)
    assert cursor.next is None
    for update in range(900_000 - KEPT, 900_000):
        await cursor.did(update, soon=True)
    await cursor.did(5)
    assert cursor.handled(5), "a lower number is remembered like any other"


async def test_what_may_not_be_told_twice_is_stored_at_once_the_rest_soon() -> None:
    state = State()
    cursor = Cursor(state)
    await cursor.did(1)
    await cursor.did(2, soon=True)
    assert not (await reread(state)).handled(2)
    await cursor.did(3)
    stored = await reread(state)
    assert stored.handled(2)
    assert stored.handled(3)


async def test_a_command_in_a_batch_that_is_cut_off_is_not_carried_out_twice(
    world: World,
) -> None:
    world.api.starts(ANNA)
    world.api.says(TEAM, ANNA, "hoi")
    handed = world.on_incoming

    async def cut_off(event: Incoming) -> Receipt:
        if not isinstance(event, MessagePosted):
            return await handed(event)
        raise RuntimeError("killed")

    world.on_incoming = cut_off  # type: ignore[method-assign]
    async with world.running():
        await world.heard(CommandGiven)
    world.on_incoming = handed  # type: ignore[method-assign]
    async with world.running():
        await world.heard(MessagePosted)
        await world.settled()
    assert len(world.of(CommandGiven)) == 1


async def test_a_button_whose_message_telegram_leaves_out_still_counts(world: World) -> None:
    async with world.running():
        world.api._tell(
            "callback_query",
            {"id": "q", "from": world.api.people[ANNA], "chat_instance": "1", "data": "t0ken"},
        )
        pressed = await world.heard(ButtonPressed)
    assert (pressed.token, pressed.by.user, pressed.chat.chat) == ("t0ken", str(ANNA), str(ANNA))
