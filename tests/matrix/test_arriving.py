"""Who may ask the bot in, and what happens while a room cannot be entered."""

import time
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.matrix import arriving
from bot.adapters.matrix.arriving import Arriving
from bot.adapters.matrix.calls import RefusedError
from bot.adapters.matrix.rooms import Rooms
from bot.adapters.matrix.values import Settings
from bot.core.events import BotRemoved, Incoming
from tests.listening import State

BOT, BOSS, ROOM = "@fluister:school.test", "@boss:school.test", "!kamer:school.test"


class Server:
    """Records what it is asked, and refuses as it is told."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.refusals: list[RefusedError] = []

    async def call(self, method: str, path: str, body: object, *, query: object = None) -> object:
        self.asked.append(path.rpartition("v3/")[2].replace("%21", "!").replace("%3A", ":"))
        if self.refusals:
            raise self.refusals.pop(0)
        return {}

    async def post(self, path: str, body: object) -> object:
        return await self.call("POST", path, body)


class Said:
    """Takes the place of what hands events on."""

    def __init__(self) -> None:
        self.events: list[Incoming] = []

    async def hand(self, event: Incoming) -> None:
        self.events.append(event)


class Desk:
    """An `Arriving` on a server that is not there."""

    def __init__(self, folder: Path, state: State) -> None:
        self.server, self.said, self.rooms = Server(), Said(), Rooms(state, BOT)
        settings = Settings("http://127.0.0.1:1", BOT, "token", folder)
        calls: Any = type("Sender", (), {"calls": self.server})()
        nothing: Any = None
        said: Any = self.said
        self.arriving = Arriving(settings, state, self.rooms, calls, nothing, nothing, said)


def invitation(*senders: str) -> dict[str, Any]:
    events = [
        {"type": "m.room.member", "state_key": BOT, "sender": sender,
         "content": {"membership": "invite"}} for sender in senders
    ]  # fmt: skip
    return {"invite_state": {"events": events}}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, State())


@pytest.mark.parametrize(
    ("senders", "asked"),
    [
        ((BOSS,), [f"join/{ROOM}"]),
        (("@x:elders.test",), [f"rooms/{ROOM}/leave"]),
        ((BOSS, "@x:elders.test"), [f"rooms/{ROOM}/leave"]),
        (("@x:elders.test", BOSS), [f"rooms/{ROOM}/leave"]),
        ((), [f"rooms/{ROOM}/leave"]),
    ],
)
async def test_an_invitation_with_a_colleague_forged_into_it_is_declined(
    desk: Desk, senders: tuple[str, ...], asked: list[str]
) -> None:
    await desk.arriving.invited(ROOM, invitation(*senders))
    assert desk.server.asked == asked


async def test_a_piece_of_state_that_only_names_the_bot_is_no_invitation(desk: Desk) -> None:
    forged = {"type": "m.room.topic", "state_key": BOT, "sender": BOSS, "content": {}}
    real = invitation("@x:elders.test")
    real["invite_state"]["events"].insert(0, forged)
    await desk.arriving.invited(ROOM, real)
    assert desk.server.asked == [f"rooms/{ROOM}/leave"]


async def test_an_invitation_the_server_accepted_meanwhile_is_one_all_the_same(desk: Desk) -> None:
    accepted = invitation(BOT)
    accepted["invite_state"]["events"][0]["content"] = {"membership": "join"}
    await desk.arriving.invited(ROOM, accepted)
    assert desk.server.asked == [f"join/{ROOM}"]


async def test_a_room_that_cannot_be_entered_now_is_tried_again_later_also_after_a_restart(
    tmp_path: Path,
) -> None:
    state = State()
    first = Desk(tmp_path, state)
    first.server.refusals = [RefusedError("POST join", 502, "M_UNKNOWN")]
    await first.arriving.invited(ROOM, invitation(BOSS))
    await first.arriving.waiting()
    assert first.server.asked == [f"join/{ROOM}"]
    again = Desk(tmp_path, state)
    await again.arriving.load()
    await again.arriving.waiting()
    await again.arriving.waiting()
    assert again.server.asked == [f"join/{ROOM}"]
    assert again.rooms.known(ROOM).askers[BOT] == (BOSS, False)


async def test_a_room_that_can_never_be_entered_is_given_up(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "LONGEST_WAIT", 0.0)
    desk.server.refusals = [RefusedError("POST join", 502, "M_UNKNOWN") for _ in range(99)]
    await desk.arriving.invited(ROOM, invitation(BOSS))
    begun = time.monotonic()
    for _ in range(60):
        await desk.arriving.waiting()
    assert len(desk.server.asked) == arriving.MOST_TRIES + 1
    assert time.monotonic() - begun < 5


async def test_a_room_the_bot_may_not_enter_is_not_tried_again(desk: Desk) -> None:
    desk.server.refusals = [RefusedError("POST join", 403, "M_FORBIDDEN")]
    await desk.arriving.invited(ROOM, invitation(BOSS))
    await desk.arriving.waiting()
    assert desk.server.asked == [f"join/{ROOM}"]


@pytest.mark.parametrize("moved", [False, True])
async def test_leaving_the_room_that_was_replaced_is_not_leaving_the_chat(
    tmp_path: Path, moved: bool
) -> None:
    state = State()
    desk = Desk(tmp_path, state)
    await state.put("told", b'{"!kamer:school.test": 1}')
    await desk.arriving.load()
    if moved:
        await desk.rooms.move(ROOM, "!nieuw:school.test")
    await desk.arriving.removed(ROOM)
    assert [type(event) for event in desk.said.events] == ([] if moved else [BotRemoved])
