"""HTTP mode and the way to a member's consent: signed, fresh, once, and bound to a browser."""

import asyncio
import json
import time
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest

from bot.adapters.base import Button, RemoveMessage, ShowPrivately
from bot.adapters.slack import asking
from bot.core.events import Account, ButtonPressed, ChatRef, CommandGiven, MessagePosted
from tests.slack.conftest import TEAMROOM, free_port
from tests.slack.fake_slack import CLIENT_ID, CLIENT_SECRET, TEAM


@pytest.fixture
def http(office, fake):
    """Settings of an installation that Slack reaches at its own address."""
    bind = f"127.0.0.1:{free_port()}"
    fake.events_url = f"http://{bind}/slack/events"
    return {"SLACK_MODE": "http", "WEB_BIND": bind}


@pytest.fixture
def consent(http):
    return {
        **http,
        "WEB_URL": f"http://{http['WEB_BIND']}",
        "SLACK_CLIENT_ID": CLIENT_ID,
        "SLACK_CLIENT_SECRET": CLIENT_SECRET,
    }


async def test_signed_events_buttons_and_commands_come_in(office, fake, http):
    async with office.open(**http):
        await fake.say(TEAMROOM, "UANNA", "hallo & <dag>")
        await office.next(MessagePosted)
        row = ((Button("Doe maar", "tok"),),)
        whisper = ShowPrivately(Account("slack", "UANNA"), "x", row, ChatRef("slack", TEAMROOM))
        await office.adapter.act(whisper, "k")
        await fake.press("UANNA", "Doe maar")
        assert (await office.next(ButtonPressed)).token == "tok"
        await fake.command("UANNA", TEAMROOM, "/dringend")
        assert (await office.next(CommandGiven)).command == "dringend"
        await office.eventually(lambda: len(fake.acks) >= 3)


async def test_a_repeated_request_is_handled_once(office, fake, http):
    fails = [True]

    def fails_once(event):
        if fails:
            fails.pop()
            raise RuntimeError
        return passes(event)

    passes, office.answer = office.answer, fails_once
    async with office.open(**http):
        await fake.say(TEAMROOM, "UANNA", "hallo")
        await office.eventually(lambda: fake.acks)
        body = json.dumps(_event("Ev1"))
        for retry in ("", "1", "2"):
            assert await _post(fake, body, **{"X-Slack-Retry-Num": retry}) == 200
    assert [event.text for event in office.heard] == ["hallo", "nog een"]


def _event(event_id):
    event = {"type": "message", "channel": TEAMROOM, "user": "UANNA", "text": "nog een",
             "ts": f"{int(time.time())}.000001", "channel_type": "channel"}  # fmt: skip
    return {"type": "event_callback", "team_id": TEAM, "event_id": event_id, "event": event}


async def _post(fake, body, signed=None, **headers):
    headers = {k: v for k, v in headers.items() if v}
    signed = fake.signed(body) if signed is None else signed
    headers = {"Content-Type": "application/json", **signed, **headers}
    async with (
        aiohttp.ClientSession() as session,
        session.post(fake.events_url, data=body.encode(), headers=headers) as response,
    ):
        return response.status


async def test_a_forged_an_old_and_an_unsigned_request_are_refused(office, fake, http):
    body = json.dumps(_event("Ev2"))
    async with office.open(**http):
        assert await _post(fake, body, fake.signed(body, secret="guessed")) == 401
        assert await _post(fake, body, fake.signed(body, at=time.time() - 600)) == 401
        assert await _post(fake, body, {}) == 401
        assert await _post(fake, body + " ", fake.signed(body)) == 401
    assert office.heard == []


async def test_slack_may_ask_whether_the_address_is_ours_when_it_signs_that(office, fake, http):
    body = json.dumps({"type": "url_verification", "token": "t", "challenge": "3eZbrw1aB"})
    async with office.open(**http), aiohttp.ClientSession() as session:
        headers = {"Content-Type": "application/json", **fake.signed(body)}
        async with session.post(fake.events_url, data=body, headers=headers) as response:
            assert response.status == 200
            assert "3eZbrw1aB" in await response.text()
        assert await _post(fake, body, {}) == 401


async def test_the_same_signed_request_sent_again_is_refused_as_a_replay(office, fake, http):
    body = json.dumps(_event("Ev3"))
    signed = fake.signed(body)
    async with office.open(**http):
        assert await _post(fake, body, signed) == 200
        assert await _post(fake, body, signed) == 401
        later = fake.signed(body, at=time.time() + 1)
        assert await _post(fake, body, later, **{"X-Slack-Retry-Num": "1"}) == 200
    assert [event.text for event in office.heard] == ["nog een"]


async def test_a_request_that_failed_may_come_again_just_as_it_was(office, fake, http):
    fails = [True]

    def fails_once(event):
        if fails:
            fails.pop()
            raise RuntimeError
        return passes(event)

    passes, office.answer = office.answer, fails_once
    body = json.dumps(_event("Ev4"))
    signed = fake.signed(body)
    async with office.open(**http):
        assert await _post(fake, body, signed) == 500
        assert await _post(fake, body, signed) == 200
    assert len(office.heard) == 1


@pytest.mark.parametrize(
    ("stamp", "signature"),
    [
        ("", "v0=00"),
        ("now", "v0=00"),
        ("1e9", "v0=00"),
        ("-1", "v0=00"),
        ("9" * 400, "v0=00"),
        ("\u0661\u0662", "v0=00"),
        ("{now}", ""),
        ("{now}", "v0=\u00e9\u00e9"),
        ("{now}", "v0=" + "0" * 5000),
    ],
)
async def test_headers_of_any_kind_are_refused_and_break_nothing(
    office, fake, http, stamp, signature
):
    body = json.dumps(_event("Ev5"))
    stamp = stamp.replace("{now}", str(int(time.time())))
    signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
    async with office.open(**http):
        assert await _post(fake, body, signed) == 401
        assert await _post(fake, body) == 200


async def test_bodies_that_are_too_large_or_no_text_are_refused(office, fake, http):
    giant = "x" * (3 * 1024 * 1024)
    broken = b'{"type":"event_callback","event":{"text":"\xff\xfe"}}'
    async with office.open(**http), aiohttp.ClientSession() as session:
        assert await _post(fake, giant, fake.signed(giant, secret="guessed")) == 413
        for charset in ("", "; charset=utf-8", "; charset=no-such-thing"):
            signed = fake.signed_bytes(broken)
            signed["Content-Type"] = "application/json" + charset
            async with session.post(fake.events_url, data=broken, headers=signed) as response:
                assert response.status in (400, 401)
        zipped = {**fake.signed("x"), "Content-Encoding": "gzip"}
        async with session.post(fake.events_url, data=b"no gzip", headers=zipped) as response:
            assert response.status == 400
        assert await _post(fake, json.dumps(_event("Ev6"))) == 200
    assert [event.text for event in office.heard] == ["nog een"]


async def test_a_press_and_a_command_told_again_are_taken_once_and_new_ones_anew(
    office, fake, http
):
    command = {"command": "/dringend", "text": "", "user_id": "UANNA", "channel_id": TEAMROOM,
               "team_id": TEAM, "trigger_id": "always.the.same"}  # fmt: skip
    press = {"type": "block_actions", "user": {"id": "UANNA"}, "team": {"id": TEAM},
             "channel": {"id": TEAMROOM}, "container": {"message_ts": "1.1"},
             "trigger_id": "always.the.same"}  # fmt: skip
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with office.open(**http):
        for number in (1, 1, 2):
            action = {"action_id": "a", "value": f"tok-{number}", "action_ts": f"{number}.1"}
            told = urlencode({"payload": json.dumps({**press, "actions": [action]})})
            signed = fake.signed(told, at=time.time() + next(fake._numbers)) | form
            assert await _post(fake, told, signed, **{"X-Slack-Retry-Num": "1"}) == 200
            told = urlencode({**command, "text": str(number)})
            signed = fake.signed(told, at=time.time() + next(fake._numbers)) | form
            assert await _post(fake, told, signed, **{"X-Slack-Retry-Num": "1"}) == 200
    assert [event.token for event in office.of(ButtonPressed)] == ["tok-1", "tok-2"]
    assert [event.argument for event in office.of(CommandGiven)] == ["1", "2"]


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"type": "message"},
        {"type": ["message"]},
        {"type": "message", "channel": 7, "user": {}, "text": None, "ts": []},
        {"type": "message", "channel": "C1", "user": "U1", "text": "x", "ts": "nu"},
        {"type": "message", "channel": "C1", "user": "U1", "ts": "1700000000.1", "files": "x"},
        {"type": "message", "subtype": "message_changed", "channel": "C1", "message": []},
        {"type": "message", "subtype": "message_deleted", "channel": "C1"},
        {"type": "tokens_revoked", "tokens": {"oauth": [1, None]}},
        {"type": "member_joined_channel"},
    ],
)
async def test_a_payload_of_another_shape_hurts_nobody(office, fake, http, event):
    async with office.open(**http):
        body = json.dumps({"type": "event_callback", "event_id": "Ev3", "event": event})
        assert await _post(fake, body) in (200, 400, 404, 500)
        after = {**_event("Ev4")["event"], "text": "a\x00\ud800b", "ts": "1700000001.000002"}
        assert await _post(fake, json.dumps({**_event("Ev4"), "event": after})) == 200
    assert office.of(MessagePosted)[-1].text == "a?b"


async def test_a_member_connects_and_their_message_goes(office, fake, consent):
    async with (
        office.open(**consent),
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser,
    ):
        async with browser.get(consent["WEB_URL"] + "/slack/connect") as page:
            assert page.status == 200, await page.text()
            assert "Gelukt" in await page.text()
        ts = await fake.say(TEAMROOM, "UANNA", "geheim")
        await office.next(MessagePosted)
        await office.adapter.act(RemoveMessage(ChatRef("slack", TEAMROOM), ts), "k")
        await office.eventually(lambda: fake.texts(TEAMROOM) == [])


async def test_slack_is_asked_for_the_two_rights_and_nothing_more(office, fake, consent):
    async with office.open(**consent), aiohttp.ClientSession() as browser:
        url = consent["WEB_URL"] + "/slack/connect"
        async with browser.get(url, allow_redirects=False) as page:
            query = parse_qs(urlsplit(page.headers["Location"]).query)
    assert query["user_scope"] == ["chat:write,dnd:write"]
    assert "scope" not in query
    assert query["redirect_uri"] == [consent["WEB_URL"] + "/slack/oauth"]


async def test_a_state_from_another_browser_or_used_twice_is_refused(office, fake, consent):
    base = consent["WEB_URL"]
    async with office.open(**consent), aiohttp.ClientSession() as browser:
        async with browser.get(base + "/slack/connect", allow_redirects=False) as page:
            state = parse_qs(urlsplit(page.headers["Location"]).query)["state"][0]
        back = f"{base}/slack/oauth?code=the-code&state={state}"
        for cookie in ({}, {"fluister_slack_state": state}):
            async with aiohttp.ClientSession(cookies=cookie) as other, other.get(back) as page:
                assert page.status == 400
    assert await office.adapter._consents.token("UANNA") is None


async def test_a_state_that_waited_too_long_is_refused(office, fake, consent, monkeypatch):
    base = consent["WEB_URL"]
    monkeypatch.setattr(asking, "STATE_LASTS", 0.05)
    async with (
        office.open(**consent),
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser,
    ):
        async with browser.get(base + "/slack/connect", allow_redirects=False) as page:
            state = parse_qs(urlsplit(page.headers["Location"]).query)["state"][0]
        await asyncio.sleep(0.1)
        async with browser.get(f"{base}/slack/oauth?code=the-code&state={state}") as page:
            assert page.status == 400
    assert await office.adapter._consents.users() == frozenset()


@pytest.mark.parametrize(
    "came_back", ["error=access_denied&state={}", "code=guessed&state={}", "code=the-code&state="]
)
async def test_who_says_no_or_comes_with_another_code_is_not_connected(
    office, fake, consent, came_back
):
    base = consent["WEB_URL"]
    async with (
        office.open(**consent),
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser,
    ):
        async with browser.get(base + "/slack/connect", allow_redirects=False) as page:
            state = parse_qs(urlsplit(page.headers["Location"]).query)["state"][0]
        async with browser.get(f"{base}/slack/oauth?{came_back.format(state)}") as page:
            assert page.status == 400
            assert "Dat lukte niet" in await page.text()
    assert await office.adapter._consents.users() == frozenset()


@pytest.mark.parametrize("granted", [{"scope": "dnd:write"}, {"team": {"id": "T0OTHER"}}])
async def test_a_consent_without_the_right_or_of_another_workspace_is_not_kept(
    office, fake, consent, granted
):
    fake.grants = granted
    async with (
        office.open(**consent),
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser,
        browser.get(consent["WEB_URL"] + "/slack/connect") as page,
    ):
        assert page.status == 400
    assert await office.adapter._consents.users() == frozenset()
    assert [t.alive for t in fake.tokens.values() if t.kind == "user"] == [False]


async def test_a_revoked_consent_is_forgotten_and_home_tells_how_it_stands(office, fake, consent):
    async with office.open(**consent):
        await office.adapter._consents.keep("UANNA", fake.own_token("UANNA"))
        opened = {"type": "app_home_opened", "user": "UANNA", "tab": "home", "channel": "D1"}
        await fake.tell(opened)
        await office.eventually(lambda: "Ontkoppelen" in str(fake.homes.get("UANNA")))
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": ["UANNA"], "bot": []}}
        await fake.tell(revoked)
        await office.eventually(lambda: "user-token:UANNA" not in office.state.kept)
        await fake.tell(opened)
        await office.eventually(lambda: "Koppel mijn account" in str(fake.homes["UANNA"]))


async def test_who_disconnects_is_forgotten_here_and_revoked_at_slack(office, fake, consent):
    async with office.open(**consent):
        token = fake.own_token("UANNA")
        await office.adapter._consents.keep("UANNA", token)
        button = {"action_id": "a", "type": "button", "value": "slack:disconnect"}
        payload = {"type": "block_actions", "user": {"id": "UANNA"}, "team": {"id": TEAM},
                   "trigger_id": "1.1", "actions": [button],
                   "container": {"type": "view"}}  # fmt: skip
        await fake._deliver("interactive", payload)
        await office.eventually(lambda: not fake.tokens[token].alive)
    assert await office.adapter._consents.token("UANNA") is None
    assert office.heard == []
