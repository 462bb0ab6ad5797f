"""How fast Fluister is on Slack: `python -m bench.slack`.

Slack's double on this machine, the real app, detector and database, over HTTP with signatures.
Beside it, in the same run, an app on the same library that does nothing but acknowledge: what a
message costs more than that is ours. Everything shares the machine's cores. Slack's rate limits are
lifted: what is measured is us, not how long Slack would make us wait.
"""

import asyncio
import contextlib
import json
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bench.machine import describe
from bench.talk import DIAGNOSIS, SAID, spread
from bot.adapters.registry import platforms
from bot.adapters.slack.adapter import SlackAdapter
from bot.app import App, opened
from bot.config import load
from bot.detection.engine import build_detector
from bot.running import makers_for
from tests.slack.conftest import MANIFEST, TEAMROOM, free_port
from tests.slack.fake_slack import BOT_TOKEN, ME, SECRET, TEAM, FakeSlack, slack

WARM, MEASURED, CONFIDENTIAL, AT_ONCE = 20, 400, 20, 16
LONGEST = 30.0
RESULTS = Path(__file__).parent / "results" / "slack.json"
Tell = Callable[[str], Awaitable[float]]


async def main() -> None:
    async with slack() as fake:
        fake.unlimited = True
        fake.install(yaml.safe_load(MANIFEST.read_text("utf-8")))
        fake.person("UANNA", "Anna de Vries")
        fake.channel(TEAMROOM, "team", "UANNA", ME)
        async with bare(fake) as url:
            echo = await harmless(fake, url)
        with tempfile.TemporaryDirectory() as folder:
            async with fluister(fake, Path(folder)) as (url, app):
                ours = await harmless(fake, url)
                whispered = await confidential(fake, url, gone=False)
                await adapter_of(app)._consents.keep("UANNA", fake.own_token("UANNA"))
                removed = await confidential(fake, url, gone=True)
    one, other = ours["acknowledged_ms"], echo["acknowledged_ms"]
    added = {name: round(one[name] - other[name], 1) for name in ("p50", "p99")}
    report = {
        "machine": describe(),
        "acknowledging_only": echo,
        "fluister": ours,
        "added_ms": added,
        "post_to_whisper_ms": spread(whispered),
        "post_to_removed_ms": spread(removed),
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    print(json.dumps(report, indent=2, ensure_ascii=False))


@contextlib.asynccontextmanager
async def bare(fake: FakeSlack) -> AsyncIterator[str]:
    """The same library with an empty listener."""
    client = AsyncWebClient(token=BOT_TOKEN, base_url=fake.api)
    app = AsyncApp(token=BOT_TOKEN, signing_secret=SECRET, client=client)

    @app.event("message")
    async def _(ack: Callable[[], Awaitable[object]]) -> None:
        await ack()

    async def handle(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    site = web.Application()
    site.router.add_post("/slack/events", handle)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{port}/slack/events"
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def fluister(fake: FakeSlack, folder: Path) -> AsyncIterator[tuple[str, App]]:
    bind = f"127.0.0.1:{free_port()}"
    config = load(
        {
            "FLUISTER_DATA_DIR": str(folder),
            "FLUISTER_LEVEL": "act",
            "FLUISTER_SLACK_BOT_TOKEN": BOT_TOKEN,
            "FLUISTER_SLACK_SIGNING_SECRET": SECRET,
            "FLUISTER_SLACK_MODE": "http",
            "FLUISTER_SLACK_API": fake.api,
            "FLUISTER_WEB_BIND": bind,
        }
    )
    makers = {k: v for k, v in makers_for(config, platforms()).items() if k == "slack"}
    async with opened(config, makers, detector=build_detector()) as app:
        listening = asyncio.create_task(app.receive())
        await asyncio.sleep(1)
        try:
            yield f"http://{bind}/slack/events", app
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening


async def harmless(fake: FakeSlack, url: str) -> dict[str, Any]:
    """One after the other for the time it takes, then many at once for how many fit."""
    async with aiohttp.ClientSession() as session:

        async def one(number: int) -> float:
            return await told(fake, session, url, SAID[number % len(SAID)])

        alone = [await one(number) for number in range(WARM + MEASURED)][WARM:]
        begun = time.perf_counter()
        for first in range(0, MEASURED, AT_ONCE):
            await asyncio.gather(*(one(first + number) for number in range(AT_ONCE)))
        rate = MEASURED / (time.perf_counter() - begun)
    return {"acknowledged_ms": spread(alone), "events_per_second": round(rate)}


def adapter_of(app: App) -> SlackAdapter:
    adapter = app.adapters["slack"]
    assert isinstance(adapter, SlackAdapter)
    return adapter


async def confidential(fake: FakeSlack, url: str, *, gone: bool) -> list[float]:
    """From the moment Slack tells of it until the whisper is with Slack, or the message gone."""
    took, room = [], fake.channels[TEAMROOM].messages
    async with aiohttp.ClientSession() as session:
        for number in range(CONFIDENTIAL):
            seen, begun = len(fake.ephemerals), time.perf_counter()
            text = DIAGNOSIS.format(group=number % 8 + 1, mark=secrets.token_hex(3))
            await told(fake, session, url, text)
            async with asyncio.timeout(LONGEST):
                while fake.said in room if gone else len(fake.ephemerals) == seen:
                    await asyncio.sleep(0.002)
                took.append(time.perf_counter() - begun)
                while len(fake.ephemerals) == seen:
                    await asyncio.sleep(0.002)
    return took


async def told(fake: FakeSlack, session: aiohttp.ClientSession, url: str, text: str) -> float:
    """Seconds until one signed event was acknowledged."""
    ts = fake.said = fake.ts()
    event = {"type": "message", "channel": TEAMROOM, "channel_type": "channel", "user": "UANNA",
             "text": text, "ts": ts, "event_ts": ts}  # fmt: skip
    fake.channels[TEAMROOM].messages[ts] = event
    body = json.dumps({"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{ts}",
                       "event": event})  # fmt: skip
    headers = {"Content-Type": "application/json", **fake.signed(body)}
    begun = time.perf_counter()
    async with session.post(url, data=body, headers=headers) as response:
        assert response.status == 200, response.status
    return time.perf_counter() - begun


if __name__ == "__main__":
    asyncio.run(main())
