"""A real Chromium for the browser tests, and the demo it looks at.

`FLUISTER_TEST_BROWSER` names the browser to use; otherwise the usual places are tried. Without
one the tests are skipped, saying so. `FLUISTER_TEST_DEMO_URL` lets them look at a demo that
already runs.
"""

import os
import queue
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

USUAL = (
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
STARTS_WITHIN = 90.0


def find_browser() -> str | None:
    asked = os.environ.get("FLUISTER_TEST_BROWSER")
    for candidate in (asked,) if asked else USUAL:
        found = shutil.which(candidate)
        if found:
            return found
    return None


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    path = find_browser()
    if path is None:
        pytest.skip("no Chromium found; set FLUISTER_TEST_BROWSER to one")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield running
        await running.close()


@pytest_asyncio.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A desktop page that fails its test when a script on it goes wrong or asks for the network."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    opened = await context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    opened.on("request", lambda request: _note_foreign(request.url, wrong))
    opened.set_default_timeout(10_000)
    yield opened
    await context.close()
    assert wrong == []


def _note_foreign(url: str, wrong: list[str]) -> None:
    if not re.match(r"(http://(127\.0\.0\.1|localhost):\d+/|data:|blob:)", url):
        wrong.append(f"asked for {url}")


@pytest.fixture
def demo_url() -> Iterator[str]:
    """The address of the real `fluister demo`, started for one test on a free port."""
    given = os.environ.get("FLUISTER_TEST_DEMO_URL")
    if given:
        yield given.rstrip("/")
        return
    command = [sys.executable, "-m", "bot", "demo", "--port", "0", "--no-open"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield _address(process)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(15)


def _address(process: subprocess.Popen[str]) -> str:
    """Read what the demo prints until it says where it is."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for line in process.stdout:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    said = []
    while True:
        try:
            line = lines.get(timeout=STARTS_WITHIN)
        except queue.Empty:
            line = None
        if line is None:
            raise RuntimeError("the demo did not start:\n" + "".join(said))
        said.append(line)
        found = re.search(r"http://[\w.\[\]:]+", line)
        if found:
            return found[0].rstrip("/")
