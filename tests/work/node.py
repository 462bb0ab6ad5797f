"""A process of its own that works: `node.py URL SINK_PORT SINK FIRST COUNT`.

Submits jobs FIRST … FIRST+COUNT-1, says `got KEY` on stdout once each is durable, and works until
it is killed. Every third job has a lane; every job has a follow-up.
"""

import asyncio
import sys

from bot.work.engine import Engine
from bot.work.jobs import Finished, Job, Outcome


async def main(url: str, port: int, first: int, count: int) -> None:
    async def send(ids: tuple[str, ...]) -> Outcome:
        await deliver(port, f"sent:{ids[0]}")
        return Finished("sent", then=(Job("note", f"note:{ids[0]}", ids),))

    async def note(ids: tuple[str, ...]) -> Outcome:
        await deliver(port, f"noted:{ids[0]}")
        return Finished("noted")

    engine = Engine(url, poll=0.02, tend_every=0.3, concurrency=8)
    engine.register("send", send)
    engine.register("note", note)
    await engine.launch()
    print("ready", flush=True)
    for number in range(first, first + count):
        lane = f"lane-{number % 2}" if number % 3 == 0 else None
        await engine.submit(Job("send", f"send:{number}", (str(number),), lane=lane, seq=number))
        print(f"got {number}", flush=True)
    await asyncio.Event().wait()


async def deliver(port: int, line: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{line}\n".encode())
    assert await reader.readline() == b"ok\n"
    writer.close()


if __name__ == "__main__":
    url, port, first, count = sys.argv[1:]
    asyncio.run(main(url, int(port), int(first), int(count)))
