"""One bot process for the kill test: `python -m tests.durability.node` with settings in JSON."""

import asyncio
import json
import os
import sys
from datetime import UTC, datetime, timedelta

from bot.adapters.base import (
    Action,
    AdapterState,
    Done,
    OnIncoming,
    Post,
    RemoveMessage,
    ShowPrivately,
)
from bot.app import App, opened
from bot.config import load
from bot.core.capabilities import Capabilities
from bot.core.events import (
    Account,
    Attachment,
    ButtonPressed,
    ChatRef,
    Incoming,
    MessagePosted,
    Place,
)
from bot.demo import seed
from bot.work.clock import MovableClock

CHAT = ChatRef("wire", "team")
ANNA = Account("wire", "anna", "Anna")
CELINE = Account("wire", "celine", "Celine")


class WireAdapter:
    """Talks to the test's chat server; one call at a time on one connection."""

    name = "wire"
    capabilities = Capabilities(
        delete_others=timedelta(days=2), ephemeral=True, post_as_author=True, buttons=True
    )

    def __init__(self, port: int, door: OnIncoming) -> None:
        self._port = port
        self._door = door
        self.strangers: set[str] = set()

    async def connect(self) -> None:
        """Nothing to check."""

    async def receive(self) -> None:
        offset = 0
        while True:
            answer = await self._call({"do": "updates", "offset": offset})
            offset = answer["offset"]
            for update in answer["updates"]:
                await self._door(to_event(update))
                offset += 1

    async def act(self, action: Action, key: str) -> Done:
        match action:
            case ShowPrivately():
                buttons = [[b.label, b.token] for row in action.buttons for b in row]
                at = datetime.now(UTC).isoformat()
                call = {"do": "whisper", "text": action.text, "buttons": buttons, "at": at,
                        "to": action.to.user}  # fmt: skip
            case RemoveMessage():
                call = {"do": "remove", "message": action.message}
            case Post():
                call = {"do": "post", "text": action.text}
            case _:
                call = {"do": "nothing"}
        return Done((await self._call({**call, "key": key}))["message"])

    async def _call(self, call: dict[str, object]) -> dict:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)
        try:
            writer.write(json.dumps(call).encode() + b"\n")
            return json.loads(await reader.readline())
        finally:
            writer.close()

    async def fetch(self, attachment: Attachment) -> bytes:
        raise NotImplementedError

    async def member_count(self, chat: ChatRef) -> int | None:
        return 3

    async def is_member(self, chat: ChatRef, account: Account) -> bool | None:
        return account.user not in self.strangers

    async def close(self) -> None:
        """Connections close themselves."""


def to_event(update: dict) -> Incoming:
    at = datetime.fromisoformat(update["sent_at"])
    if update["kind"] == "press":
        return ButtonPressed(CHAT, ANNA, update["token"], at)
    return MessagePosted(
        CHAT, update["id"], ANNA, at, Place.OTHER, update["text"], delivered=update["delivered"]
    )


async def part_timer(app: App) -> None:
    """Celine works on Monday, Tuesday and Thursday, and asked for what she misses."""
    repository = app.house.repository
    school = (await app.house.school()).school
    for person in await repository.people(school.id):
        if person.name.startswith("Celine") and CELINE not in person.accounts:
            await repository.change_person(person.id, works="ma di do", digest=True)
            await repository.link_account(person.id, CELINE)


async def main() -> None:
    settings = json.loads(sys.argv[1])
    clock = MovableClock(datetime.fromisoformat(settings["now"]))

    def make(door: OnIncoming, state: AdapterState) -> WireAdapter:
        del state
        return WireAdapter(settings["port"], door)

    config = load({**settings["environ"], "FLUISTER_SECRET_KEY": "k" * 40})
    async with opened(config, {"wire": make}, clock=clock) as app:
        school = await app.house.repository.school()
        if school is None or not school.claimed:
            await seed(app)
        await part_timer(app)
        # This process's clock was set by hand: what waits is put at its moment on it.
        await app.clock_moved()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await app.receive()


if __name__ == "__main__":
    os.environ.setdefault("TZ", "Pacific/Kiritimati")
    asyncio.run(main())
