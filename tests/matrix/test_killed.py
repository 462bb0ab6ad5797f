"""`fluister run`, killed at the worst moments of the whole story on real servers."""

import asyncio
import contextlib
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests.matrix.conftest import World
from tests.matrix.mails import Mail, text_of
from tests.matrix.people import eventually
from tests.matrix.road import Cut, Road
from tests.matrix.school import DIAGNOSIS, settings_of
from tests.matrix.synapse_home import ROOT

PDF = b"%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF"


# Reads everything once, then is `fluister run` in a process of its own for each line it is given.
_STARTER = """
import os, sys
import bot.adapters.matrix.adapter, bot.app, bot.cli
sys.argv = ["fluister", "run"]
for _ in sys.stdin:
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)
        try:
            bot.cli.main()
        finally:
            os._exit(1)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Run:
    """One school's `fluister run`; whoever kills it finds it started again."""

    def __init__(self, settings: dict[str, str], log: Path) -> None:
        outside = {name: value for name, value in os.environ.items() if "FLUISTER" not in name}
        self.log = log
        with log.open("wb") as errors:
            self.starter = subprocess.Popen(
                [sys.executable, "-c", _STARTER], cwd=ROOT, stderr=errors,
                env={**outside, **settings, "FLUISTER_ADMIN_BIND": "127.0.0.1:0"},
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
            )  # fmt: skip
        self.process = 0
        self.starts = 0

    def start(self) -> None:
        assert self.starter.stdin is not None
        self.starter.stdin.write(b"\n")
        self.process = self._said()
        self.starts += 1

    def kill(self) -> None:
        os.kill(self.process, signal.SIGKILL)
        assert self._said() == -signal.SIGKILL
        self.process = 0

    def close(self) -> None:
        if self.process:
            self.kill()
        self.starter.kill()
        self.starter.communicate()

    def _said(self) -> int:
        assert self.starter.stdout is not None
        return int(self.starter.stdout.readline())

    def _ended(self) -> bool:
        """Whether the starter has something to say that nobody asked for."""
        return bool(select.select([self.starter.stdout], [], [], 0)[0])

    async def until(self, holds: Callable[[], Awaitable[Any]]) -> Any:
        """What `holds` gives, with a run for as long as that takes."""

        async def looked() -> Any:
            if not self.process:
                self.start()
            assert not self._ended(), f"it stopped by itself: {self.log.read_text()[-2000:]}"
            return await holds()

        return await eventually(looked, 240)


async def test_killed_at_every_step_of_the_story_nothing_is_lost_and_nothing_is_done_twice(
    world: World, mail: Mail, tmp_path: Path
) -> None:
    team, anna, bert, bot = world.team, world.anna, world.bert, world.bot
    mark, room = team[1:8], re.escape(team)
    road = Road(world.synapse.url)
    settings = settings_of(world, mail, tmp_path / "data")
    run = Run({**settings, "FLUISTER_MATRIX_HOMESERVER": road.url}, tmp_path / "run.log")
    road.kill = run.kill

    async def reads(part: str) -> bool:
        return any(part in text for text in await bert.reads(team))

    async def whispered(part: str) -> dict[str, Any] | None:
        return next((w for w in await anna.told(bot.user) if part in w["text"]), None)

    async def mailed() -> Any:
        return next((m for m in await asyncio.to_thread(mail.mails) if mark in text_of(m)), None)

    with contextlib.closing(run):
        async with road:
            await run.until(lambda: reads("Ik ben Fluister"))
            road.cuts = [
                Cut("PUT", "/redact/", heard=True),
                Cut("DELETE", "/admin/v1/media/", heard=False),
                Cut("PUT", f"/rooms/{room}/send/m.room.message/", heard=True),
                Cut("POST", "/createRoom", heard=True),
                Cut("PUT", f"/rooms/(?!{room})[^/]+/send/m.room.message/", heard=True),
            ]
            first = await anna.file(
                team, "het verslag", PDF, "application/pdf", filename="verslag.pdf"
            )
            sent = (await anna.event(team, first))["content"]
            fresh = {"msgtype": "m.file", "filename": "verslag.pdf"}
            edit = await anna.edits(team, first, f"{DIAGNOSIS} ({mark})", url=sent["url"],
                                    info=sent["info"], **fresh)  # fmt: skip
            shown = await run.until(lambda: whispered("team@"))
            # She presses at once, whether the bot lives or not.
            road.cuts.append(Cut("PUT", f"/rooms/(?!{room})[^/]+/send/m.room.message/", False))
            await anna.presses(shown, "team@")
            found = await run.until(mailed)

            async def alive() -> bool:
                return True

            async def settled() -> bool:
                now = await whispered("")
                return now is not None and "team@" not in now["text"].partition("1️⃣")[2]

            async def gone() -> bool:
                events = [await bert.event(team, one) for one in (first, edit)]
                return all(event["content"] == {} for event in events)

            async def deleted() -> bool:
                return await bert.media_status(sent["url"]) == 404

            for holds in (settled, gone, deleted, lambda: reads("verplaatst")):
                await run.until(holds)
            assert road.cuts == [], "it was killed at every step"
            await run.until(alive)  # also after a kill when nothing was left to do
            assert run.starts == 7
            await asyncio.sleep(1)  # whatever would be done twice
    assert [part.get_content() for part in found.iter_attachments()] == [PDF]
    assert DIAGNOSIS in text_of(found)
    assert len([m for m in mail.mails() if mark in text_of(m)]) == 1
    assert len([text for text in await bert.reads(team) if "verplaatst" in text]) == 1
    assert len([text for text in await bert.reads(team) if "Ik ben Fluister" in text]) == 1
    assert len(await anna.told(bot.user)) == 1
    assert len(set(await anna.rooms()) - anna.earlier - {team}) == 1
    assert "Sem" not in run.log.read_text()
    assert "Traceback" not in run.log.read_text()
