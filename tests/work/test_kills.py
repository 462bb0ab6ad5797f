"""Processes killed without warning lose nothing, and repeat only what was in their hands."""

import asyncio
import os
import random
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

NODE = Path(__file__).with_name("node.py")
ROOT = Path(__file__).parents[2]
JOBS = 300 if os.environ.get("FLUISTER_TEST_SOAK") == "1" else 30
PART = JOBS // 3
IN_HAND = 8 + 2


class Sink:
    """Stands for the mail server: outlives every kill, and acknowledges what it recorded."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.lines: Counter[str] = Counter()
        self.order: list[str] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line = (await reader.readline()).decode().strip()
            self.lines[line] += 1
            self.order.append(line)
            await asyncio.sleep(self.delay)
            writer.write(b"ok\n")
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def sink(delay: float = 0.002) -> AsyncIterator[Sink]:
    sink = Sink(delay)
    server = await asyncio.start_server(sink.serve, "127.0.0.1", 0)
    sink.port = server.sockets[0].getsockname()[1]
    async with server:
        yield sink


class Node:
    """One working process, and the keys it said were durable."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.got: set[int] = set()
        self.reading = asyncio.create_task(self._read())
        self.ready = asyncio.Event()

    @classmethod
    async def start(cls, url: str, port: int, first: int, count: int) -> "Node":
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(NODE),
            *(url, str(port), str(first), str(count)),
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        node = cls(process)
        await asyncio.wait_for(node.ready.wait(), 60)
        return node

    async def kill(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
        await self.reading

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            word, _, number = line.decode().strip().partition(" ")
            if word == "got":
                self.got.add(int(number))
            else:
                self.ready.set()


async def all_arrived(sink: Sink, numbers: set[int], seconds: float) -> None:
    expected = {f"{what}:{n}" for n in numbers for what in ("sent", "noted")}
    async with asyncio.timeout(seconds):
        while not expected <= set(sink.lines):
            await asyncio.sleep(0.05)


async def test_what_a_killed_process_accepted_is_done_by_the_next(work_url):
    """What a process said was durable is never submitted again here, so a loss would show."""
    chance = random.Random(20261121)
    accepted: set[int] = set()
    kills = 3
    async with sink() as receiver:
        for part in range(kills):
            node = await Node.start(work_url, receiver.port, part * PART, PART)
            await asyncio.sleep(chance.uniform(0.02, 0.5) * (JOBS / 30))
            await node.kill()
            accepted |= node.got
        assert accepted
        node = await Node.start(work_url, receiver.port, JOBS, 0)
        try:
            await all_arrived(receiver, accepted, 30 + JOBS / 5)
        finally:
            await node.kill()
    repeated = sum(times - 1 for times in receiver.lines.values())
    assert repeated <= kills * IN_HAND
    if work_url.startswith("sqlite"):
        with sqlite3.connect(work_url.removeprefix("sqlite:///")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.postgres
async def test_a_living_node_takes_over_from_a_killed_one(postgres_work):
    async with sink(delay=0.3) as receiver:
        first = await Node.start(postgres_work, receiver.port, 0, PART)
        second = await Node.start(postgres_work, receiver.port, PART, PART)
        try:
            async with asyncio.timeout(30):
                while len(first.got) < PART or not receiver.lines:
                    await asyncio.sleep(0.01)
            await first.kill()
            await all_arrived(receiver, set(range(2 * PART)), 60 + JOBS / 2)
        finally:
            await first.kill()
            await second.kill()
    repeated = sum(times - 1 for times in receiver.lines.values())
    assert repeated <= IN_HAND


async def test_a_second_process_on_one_sqlite_file_is_refused(sqlite_work):
    async with sink() as receiver:
        node = await Node.start(sqlite_work, receiver.port, 0, 1)
        try:
            second = await asyncio.create_subprocess_exec(
                sys.executable,
                str(NODE),
                *(sqlite_work, str(receiver.port), "100", "1"),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )
            _, complaint = await asyncio.wait_for(second.communicate(), 60)
            assert second.returncode != 0
            assert b"ConfigError" in complaint
            assert b"another Fluister process" in complaint
            await all_arrived(receiver, {0}, 30)
        finally:
            await node.kill()
        assert "sent:100" not in receiver.lines
