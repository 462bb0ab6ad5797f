"""`fluister run` serves the admin pages where it may, and never stumbles over them."""

import socket
from pathlib import Path

import httpx
import pytest

from bot.app import App, opened
from bot.config import Config, load
from bot.running import pages, pages_bind
from tests.web.test_admin import SeesNothing


def settings(folder: Path, **more: str) -> Config:
    given = {f"FLUISTER_{name}": value for name, value in more.items()}
    return load({"FLUISTER_DATA_DIR": str(folder), **given})


async def served(config: Config):
    return opened(config, {}, detector=SeesNothing())  # type: ignore[arg-type]


async def test_the_pages_are_found_where_they_are_said_to_be(tmp_path: Path) -> None:
    config = settings(tmp_path, ADMIN_BIND="127.0.0.1:0")
    async with await served(config) as app, pages(app, config), httpx.AsyncClient() as browser:
        home = app.house.web.url
        answer = await browser.get(f"{home}/", follow_redirects=True)
        assert (answer.status_code, "Aanmelden bij Fluister" in answer.text) == (401, True)
        assert (await browser.get(f"{home}/healthz")).text == "ok"
        elsewhere = await browser.get(f"{home}/beheer", headers={"host": "evil.example"})
        assert elsewhere.status_code == 421


async def test_the_public_address_is_what_links_use(tmp_path: Path) -> None:
    config = settings(
        tmp_path, ADMIN_BIND="127.0.0.1:0", WEB_URL="https://fluister.school.example/"
    )
    async with await served(config) as app, pages(app, config):
        assert app.house.web.url == "https://fluister.school.example"


async def test_who_comes_through_a_proxy_on_this_machine_is_let_in(tmp_path: Path) -> None:
    public = "https://fluister.school.example"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = settings(tmp_path, ADMIN_BIND=f"127.0.0.1:{port}", WEB_URL=public)
    adds = {"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https"}
    async with await served(config) as app, pages(app, config), httpx.AsyncClient() as proxy:
        for host, status in (("fluister.school.example", 200), ("evil.example", 421)):
            asked = {**adds, "host": host}
            answer = await proxy.get(f"http://127.0.0.1:{port}/healthz", headers=asked)
            assert answer.status_code == status


async def test_an_address_that_is_taken_stops_nothing(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        config = settings(tmp_path, ADMIN_BIND=f"127.0.0.1:{taken.getsockname()[1]}")
        async with await served(config) as app, pages(app, config):
            assert isinstance(app, App)
            assert app.house.web.url == ""


SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s"}


@pytest.mark.parametrize(
    ("given", "bind"),
    [
        ({}, ("127.0.0.1", 8765)),
        ({"WEB_BIND": "0.0.0.0:9000"}, ("0.0.0.0", 9000)),
        ({"WEB_BIND": "[::1]:9000"}, ("::1", 9000)),
        ({"TELEGRAM_MODE": "webhook"}, None),
        ({"SLACK_MODE": "http"}, None),
        (SLACK | {"WEB_URL": "https://school.nl"}, None),
        (SLACK, ("127.0.0.1", 8765)),
        ({"SLACK_MODE": "http", "ADMIN_BIND": "127.0.0.1:8766"}, ("127.0.0.1", 8766)),
    ],
)
def test_the_pages_never_take_the_place_of_a_platform(tmp_path: Path, given, bind) -> None:
    assert pages_bind(settings(tmp_path, **given)) == bind
