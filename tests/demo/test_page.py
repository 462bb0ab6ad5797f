"""The demo's page answers this computer and its own origin, and tells what it refuses."""

import asyncio
import json
import re

import httpx
import pytest

from bot.adapters.base import Button
from bot.adapters.demo.room import Room
from bot.adapters.demo.values import TEAM, Kind, RoomFile, private_chat
from bot.texts import catalogue
from bot.web.app import web_app
from bot.web.demo import SAY_LIMIT, demo_routes
from bot.web.guards import host_name
from bot.work.clock import MovableClock
from tests.demo.harness import BEGIN, pretence

SCRIPTS = (
    "bar.js",
    "composer.js",
    "demo.js",
    "kit.js",
    "lines.js",
    "phone.js",
    "story.js",
)
ORIGIN = "http://127.0.0.1:8000"


class EmptyMailbox:
    def messages(self):
        return []

    def message(self, number):
        return None

    def mark_read(self, number):
        pass

    def on_mail(self, listener):
        pass


class Site:
    """The demo's site over no network at all."""

    def __init__(self) -> None:
        self.clock = MovableClock(BEGIN)
        self.moved = 0
        self.room = Room(self.clock.now)
        self.room.invite("anna")
        routes = demo_routes(self.room, EmptyMailbox(), self.clock, self._moved)
        self.app = web_app(routes, body_limits={"/say": SAY_LIMIT})

    async def _moved(self) -> None:
        self.moved += 1

    def client(self, address: str = "127.0.0.1", base: str = ORIGIN) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, client=(address, 1234))
        return httpx.AsyncClient(transport=transport, base_url=base)

    async def post(self, path: str, data=None, headers=None, **rest) -> httpx.Response:
        own = {"origin": ORIGIN, "x-fluister-token": self.app.state.token}
        async with self.client() as client:
            return await client.post(path, data=data, headers=own | (headers or {}), **rest)

    async def get(self, path: str, **rest) -> httpx.Response:
        async with self.client() as client:
            return await client.get(path, **rest)

    def said(self, chat: str = TEAM) -> list[str]:
        return [line.text for line in self.room.lines(chat) if line.kind is Kind.SAID]


@pytest.fixture
def site() -> Site:
    return Site()


async def test_the_page_shows_three_phones_and_needs_nothing_from_elsewhere(site):
    page = await site.get("/")
    assert page.status_code == 200
    for who in ("anna", "bert", "celine"):
        assert f'data-testid="phone-{who}"' in page.text
    links = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert [link for link in links if not link.startswith(("/", "#"))] == []
    for link in {link.partition("#")[0] for link in links if link.startswith("/static/")}:
        assert (await site.get(link)).status_code == 200, link


async def test_scripts_and_styles_ask_for_nothing_from_elsewhere(site):
    for name in ("base.css", "demo.css", *SCRIPTS):
        text = (await site.get(f"/static/{name}")).text
        foreign = [url for url in re.findall(r"https?://[^\s\"'`)]+", text) if "w3.org" not in url]
        assert foreign == [], name


async def test_every_text_and_icon_the_page_asks_for_is_there(site):
    page = (await site.get("/")).text
    scripts = [(await site.get(f"/static/{name}")).text for name in SCRIPTS]
    sprite = (await site.get("/static/icons.svg")).text
    icons = set(re.findall(r"icons\.svg#([\w-]+)", page))
    icons |= {name for text in scripts for name in re.findall(r'icon\("([\w-]+)"\)', text)}
    assert {name for name in icons if f'id="{name}"' not in sprite} == set()
    asked = {
        key for text in scripts for key in re.findall(r'text\("((?:live|story)\.[\w.]+)"', text)
    }
    assert {key for key in asked if f"demo.{key}" not in catalogue("nl")} == set()


async def test_every_answer_carries_the_headers_that_keep_a_browser_safe(site):
    for path in ("/", "/state", "/static/demo.js", "/nowhere", "/healthz"):
        headers = (await site.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


async def test_the_page_has_no_inline_script_or_style(site):
    page = (await site.get("/")).text
    for opening in re.findall(r"<script[^>]*>", page):
        assert "src=" in opening or 'type="application/json"' in opening
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)


@pytest.mark.parametrize("address", ["192.168.1.7", "10.0.0.1", "2001:db8::1", "testclient"])
async def test_another_computer_is_refused(site, address):
    async with site.client(address) as client:
        assert (await client.get("/")).status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil", ""])
async def test_a_name_that_points_here_but_is_not_ours_is_refused(site, host):
    answer = await site.get("/", headers={"host": host})
    assert answer.status_code == 421


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("127.0.0.1:8000", "127.0.0.1"),
        ("LOCALHOST", "localhost"),
        ("[::1]:8000", "[::1]"),
        ("[::1]", "[::1]"),
        ("a:b", "a:b"),
    ],
)
def test_a_host_is_read_without_its_port(host, name):
    assert host_name(host) == name


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"x-fluister-token": "wrong"},
        {"x-fluister-token": ""},
    ],
)
async def test_a_post_from_another_page_changes_nothing(site, headers):
    answer = await site.post("/say", {"who": "anna", "chat": "group", "text": "x"}, headers)
    assert answer.status_code == 403
    assert site.said() == []


async def test_a_post_without_any_origin_is_refused(site):
    async with site.client() as client:
        headers = {"x-fluister-token": site.app.state.token}
        answer = await client.post("/say", data={"who": "anna"}, headers=headers)
    assert answer.status_code == 403


async def test_a_body_that_is_too_big_is_refused_whether_or_not_it_says_so(site):
    big = b"x" * 70_000
    assert (await site.post("/press", content=big)).status_code == 413

    async def unsized():
        for _ in range(70):
            yield b"x" * 1_000

    form = {"content-type": "application/x-www-form-urlencoded"}
    assert (await site.post("/press", content=unsized(), headers=form)).status_code == 413


async def test_somebody_writes_with_a_file_and_another_fetches_it(site):
    answer = await site.post(
        "/say",
        {"who": "anna", "chat": "group", "text": "foto"},
        files={"file": ("a.png", b"\x89PNG", "image/png")},
    )
    assert answer.json() == {"ok": True}
    (line,) = [line for line in site.room.lines(TEAM) if line.kind is Kind.SAID]
    fetched = await site.get(f"/file/{line.id}/0")
    assert (fetched.content, fetched.headers["content-type"]) == (b"\x89PNG", "image/png")
    assert "sandbox" in fetched.headers["content-security-policy"]


async def test_a_file_that_is_no_picture_is_only_ever_a_download(site):
    line = site.room.say("anna", TEAM, "", [RoomFile("x.html", "text/html", b"<script>")])
    fetched = await site.get(f"/file/{line.id}/0")
    assert fetched.headers["content-type"] == "application/octet-stream"
    assert fetched.headers["content-disposition"] == "attachment"
    assert (await site.get(f"/file/{line.id}/1")).status_code == 404
    assert (await site.get("/file/none/0")).status_code == 404


@pytest.mark.parametrize(
    ("path", "data", "key"),
    [
        ("/say", {"who": "anna", "chat": "group", "text": ""}, "empty"),
        ("/say", {"who": "mallory", "chat": "group", "text": "x"}, "person"),
        ("/say", {"who": "anna", "chat": "group", "text": "a\x00"}, "unreadable"),
        ("/edit", {"who": "anna", "line": "none", "text": "x"}, "gone"),
        ("/delete", {"who": "anna", "line": "none"}, "gone"),
        ("/press", {"who": "anna", "token": "none"}, "button"),
        ("/clock", {"moment": "someday"}, "moment"),
        ("/story", {"do": "dance"}, "unknown"),
        ("/say", {}, "person"),
    ],
)
async def test_what_cannot_be_done_is_told_in_the_readers_language(site, path, data, key):
    answer = await site.post(path, data)
    assert (answer.status_code, answer.json()["error"]) == (
        422,
        catalogue("nl")[f"demo.errors.{key}"],
    )
    english = await site.post(path, data, {"cookie": "fluister_language=en"})
    assert english.json()["error"] == catalogue("en")[f"demo.errors.{key}"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"\xff\xfe not a form"),
        ("multipart/form-data", b"--x"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="who"\r\n\r\n\xff\xff\r\n--x--',
        ),
        ("application/x-www-form-urlencoded", b"who=%ff%fe&text=%00"),
        ("application/json", b'{"who": "anna"}'),
        ("", b""),
    ],
)
async def test_a_body_that_is_no_form_is_refused_kindly(site, kind, body):
    answer = await site.post("/say", content=body, headers={"content-type": kind})
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert site.said() == []


async def test_the_clock_is_moved_and_the_app_is_told(site):
    assert (await site.post("/clock", {"moment": "evening"})).status_code == 200
    state = (await site.get("/state")).json()
    assert state["clock"]["now"].startswith("2026-11-24T19:30")
    assert (state["clock"]["sky"], site.moved) == ("night", 1)


async def test_one_persons_private_chat_and_held_lines_are_not_on_anothers_phone(site):
    site.room.whisper("anna", "psst")
    site.room.lock()
    site.room.say("celine", TEAM, "later")
    state = (await site.get("/state")).json()
    assert [line["text"] for line in state["private"]["anna"]] == ["psst"]
    assert state["private"]["bert"] == []
    assert [line["text"] for line in state["own"]["celine"]] == ["later"]
    assert state["own"]["anna"] == []
    assert "later" not in json.dumps(state["team"])


async def test_a_reply_does_not_repeat_what_was_removed(site):
    first = site.room.say("anna", TEAM, "geheim")
    site.room.say("bert", TEAM, "echt?", reply_to=first.id)
    site.room.remove(TEAM, first.id)
    state = await site.get("/state")
    assert "geheim" not in state.text


async def test_a_button_may_only_open_what_is_safe_to_open(site):
    row = (Button("bel", url="tel:112"), Button("nee", url="javascript:alert(1)"))
    site.room.whisper("anna", "kies", (row,))
    state = (await site.get("/state")).json()
    assert [button["url"] for button in state["private"]["anna"][0]["buttons"][0]] == [
        "tel:112",
        "",
    ]


async def test_the_language_is_remembered_and_a_strange_one_is_dutch(site):
    english = await site.get("/?lang=en")
    assert '<html lang="en">' in english.text
    assert "samesite=strict" in english.headers["set-cookie"].lower()
    assert '<html lang="nl">' in (await site.get("/?lang=../x")).text


def test_every_text_of_the_demo_is_there_in_english_too():
    theirs = {key for key in catalogue("nl") if key.startswith("demo.")}
    missing = theirs - set(catalogue("en"))
    assert {key for key in missing if not key.endswith(".sample")} == set()


async def test_what_happens_reaches_an_open_page_by_itself_and_a_new_one_sees_it_all():
    async with pretence() as running, httpx.AsyncClient(base_url=running.url) as client:

        async def states():
            async with client.stream("GET", "/live") as stream:
                assert stream.headers["content-type"].startswith("text/event-stream")
                async for text in stream.aiter_lines():
                    if text.startswith("data: "):
                        yield json.loads(text[6:])

        async with asyncio.timeout(10):
            watching = states()
            first = await anext(watching)
            assert "hallo" not in json.dumps(first)
            running.room.say("bert", TEAM, "hallo")
            async for state in watching:
                if "hallo" in json.dumps(state["team"]):
                    break
            again = states()
            assert "hallo" in json.dumps((await anext(again))["team"])
            running.room.say("bert", private_chat("bert"), "mag dit?")
            async for state in watching:
                if len(state["private"]["bert"]) == 2:
                    break
            await watching.aclose()
            await again.aclose()
