"""A small stateful Slack on 127.0.0.1: Web API, Socket Mode, Events API over HTTP, OAuth.

It keeps workspaces' rules as documented: scopes, token types, membership, ephemeral messages for
members only, a bot that may delete only its own messages, signed requests, envelopes that come
again until they are acknowledged within three seconds, events of the subscribed kinds only. Every
call is checked against `methods.yaml`: names, types and presence of arguments, JSON or form, the
kind of token, its scopes, and the rate limits, without the bursts Slack tolerates. Every answer of
ours is checked as well: which fields, of which kind; what lies inside an object is abridged. What
is wrong lands in `violations`; too many calls get a 429 (`refused_for_now`), which is none.

What it does not prove: that the real Slack agrees with its documentation; what people see (an
ephemeral message is shown to active members only, here always kept); real timing, ordering between
sockets; how real limits are counted; Enterprise Grid and Slack Connect; that an ephemeral message's
`container.message_ts` equals the `message_ts` that posting it returned; that a deleted message's
files stay reachable. It was written by those who wrote the adapter, so a misreading of the
documentation can stand in both.
"""

# ruff: noqa: A001, A002, N802  (methods and fields are called what Slack calls them)

import asyncio
import base64
import contextlib
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from tests.slack.methods import FAMILY, METHODS, Method, Rates, answer_faults, faults
from tests.slack.slack_rules import bad_blocks, bad_modal

BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-the-bot", "xapp-the-app", "signing-secret-of-the-fake"
TEAM, ME, BOT_ID, API_APP = "T0TEAM001", "U0FLUISTER", "B0FLUISTER", "A0APP0001"
CLIENT_ID, CLIENT_SECRET = "111.222", "client-secret"


@dataclass
class Token:
    user: str
    kind: str
    scopes: frozenset[str]
    alive: bool = True
    expired: bool = False
    ended: str = "token_revoked"


@dataclass
class Channel:
    id: str
    name: str
    kind: str = "channel"
    members: set[str] = field(default_factory=set)
    shared: bool = False
    messages: dict[str, dict] = field(default_factory=dict)


@dataclass
class Shown:
    """What one person sees alone in a channel."""

    channel: str
    user: str
    ts: str
    text: str
    blocks: list = field(default_factory=list)
    response_url: str = ""


class SlackError(Exception):
    pass


class FakeSlack:
    def __init__(self) -> None:
        self.tokens: dict[str, Token] = {}
        self.channels: dict[str, Channel] = {}
        self.users: dict[str, dict] = {}
        self.ephemerals: list[Shown] = []
        self.homes: dict[str, dict] = {}
        self.snoozed: dict[str, int] = {}
        self.files: dict[str, dict] = {}
        self.calls: list[tuple[str, dict]] = []
        self.violations: list[str] = []
        self.acks: list[str] = []
        self.limited: dict[str, int] = {}
        self.refused_for_now: list[str] = []
        self.lost_answers: dict[str, int] = {}
        self.lost_calls: dict[str, int] = {}
        self.instead: dict[str, tuple[int, str, str]] = {}
        self.bad_tickets = 0
        self.said = ""
        self.unlimited = False
        self.grants: dict = {}
        self.slow: dict[str, float] = {}
        self.subscribed: frozenset[str] = frozenset()
        self.commands: frozenset[str] = frozenset()
        self._rates = Rates()
        self.planned: dict[str, dict] = {}
        self.page = 100
        self.modals: list[dict] = []
        self.answered: dict[str, dict] = {}
        self._asked: dict[str, str] = {}
        self.refreshes: dict[str, str] = {}
        self.longest_snooze = 10**6
        self.rotating = False
        self.lasts: int | None = 43_200
        self.triggers: dict[str, float] = {}
        self.events_url = ""
        self.ack_within = 3.0
        self.agreeing = "UANNA"
        self._numbers = itertools.count(1)
        self._tickets: set[str] = set()
        self._sockets: list[web.WebSocketResponse] = []
        self._unacked: dict[str, asyncio.Event] = {}
        self._answers: dict[str, tuple[Shown, int]] = {}
        self._sending: set[asyncio.Task] = set()

    async def start(self) -> None:
        site = web.Application(client_max_size=32 * 1024 * 1024)
        site.router.add_route("*", "/api/{method}", self._call)
        site.router.add_get("/socket/{ticket}", self._socket)
        site.router.add_post("/answer/{id}", self._answered)
        site.router.add_get("/files/{id}", self._file)
        site.router.add_post("/upload/{id}", self._upload)
        site.router.add_get("/oauth/v2/authorize", self._agree)
        self._runner = web.AppRunner(site, access_log=None)
        await self._runner.setup()
        listening = web.TCPSite(self._runner, "127.0.0.1", 0)
        await listening.start()
        self.port = listening._server.sockets[0].getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.api = f"{self.base}/api/"

    async def stop(self) -> None:
        for task in tuple(self._sending):
            task.cancel()
        for socket in self._sockets:
            await socket.close()
        await self._runner.cleanup()

    # ---- the workspace

    def install(self, manifest: dict) -> None:
        """Put the app in the workspace as its manifest asks: rights, events and commands."""
        settings = manifest["settings"]
        self.subscribed = frozenset(settings["event_subscriptions"]["bot_events"])
        self.commands = frozenset(one["command"] for one in manifest["features"]["slash_commands"])
        self.installed(tuple(manifest["oauth_config"]["scopes"]["bot"]))

    def a_minute_later(self) -> None:
        """As if nothing was asked of Slack for a while."""
        self._rates.forget()

    def installed(self, bot_scopes: tuple[str, ...]) -> None:
        self.tokens[BOT_TOKEN] = Token(ME, "bot", frozenset(bot_scopes))
        self.tokens[APP_TOKEN] = Token(ME, "app", frozenset({"connections:write"}))
        self.users[ME] = {"id": ME, "name": "fluister", "is_bot": True}

    def person(self, user: str, name: str) -> None:
        self.users[user] = {
            "id": user, "name": user.lower(), "is_bot": False, "is_admin": False,
            "profile": {"real_name": name},
        }  # fmt: skip

    def channel(self, id: str, name: str, *members: str, kind: str = "channel") -> Channel:
        self.channels[id] = Channel(id, name, kind, set(members))
        return self.channels[id]

    def dm(self, user: str) -> Channel:
        """The conversation between one person and the bot."""
        id = f"D0000000{user[1:]}"
        return self.channels.get(id) or self.channel(id, "", user, ME, kind="im")

    def own_token(self, user: str, scopes: str = "chat:write dnd:write") -> str:
        token = f"xoxp-{user.lower()}-{next(self._numbers)}"
        self.tokens[token] = Token(user, "user", frozenset(scopes.split()))
        return token

    def texts(self, channel: str) -> list[str]:
        return [m["text"] for m in self.channels[channel].messages.values()]

    def for_eyes_of(self, user: str) -> list[Shown]:
        return [shown for shown in self.ephemerals if shown.user == user]

    def ts(self) -> str:
        return f"{int(time.time())}.{next(self._numbers):06d}"

    # ---- what people do

    async def say(self, channel: str, user: str, text: str, *, ts: str = "", **more: object) -> str:
        ts = ts or self.ts()
        message = {"type": "message", "user": user, "text": text, "ts": ts, "team": TEAM, **more}
        self.channels[channel].messages[ts] = message
        await self.tell(self._in(channel, {**message, "event_ts": ts}))
        return ts

    async def edit(self, channel: str, ts: str, text: str) -> None:
        old = self.channels[channel].messages[ts]
        new = {**old, "text": text, "edited": {"user": old["user"], "ts": f"{int(ts[:10]) + 5}.0"}}
        self.channels[channel].messages[ts] = new
        await self.tell(self._changed(channel, old, new))

    async def preview_arrives(self, channel: str, ts: str) -> None:
        """Slack adds the preview of a link afterwards: also a `message_changed`."""
        old = self.channels[channel].messages[ts]
        new = {**old, "attachments": [{"title": "Nieuws", "from_url": "https://example.org/"}]}
        self.channels[channel].messages[ts] = new
        await self.tell(self._changed(channel, old, new))

    async def time_comes(self) -> None:
        """Post what members have planned, as Slack does at its moment: in their own name."""
        for id, plan in tuple(self.planned.items()):
            del self.planned[id]
            ts = f"{plan['post_at']}.{next(self._numbers):06d}"
            await self.say(plan["channel"], plan["user"], plan["text"], bot_id=BOT_ID, ts=ts)

    async def fill(self, user: str, **given: str) -> dict:
        """Send the last modal with these answers, the rest as it stood; what came back."""
        view = self.modals[-1]
        values = {}
        for block in view["blocks"]:
            element, name = block["element"], block["block_id"]
            chosen = (element.get("initial_option") or {}).get("value")
            value = given.get(name, chosen or element.get("initial_value"))
            select = element["type"] == "static_select"
            answer = {"selected_option": value and {"value": value}} if select else {"value": value}
            values[name] = {element["action_id"]: {"type": element["type"], **answer}}
        payload = {
            "type": "view_submission", "team": {"id": TEAM}, "user": {"id": user},
            "api_app_id": API_APP, "trigger_id": f"{next(self._numbers)}.1.t",
            "view": {**view, "id": "V1", "state": {"values": values}},
        }  # fmt: skip
        await self._deliver("interactive", payload)
        while payload["trigger_id"] not in self.answered:
            await asyncio.sleep(0.01)
        return self.answered[payload["trigger_id"]]

    def trigger(self) -> str:
        """What a press or a command brings along: good for one view within three seconds."""
        id = f"{next(self._numbers)}.1.t"
        self.triggers[id] = time.monotonic() + 3
        return id

    async def delete(self, channel: str, ts: str) -> None:
        old = self.channels[channel].messages.pop(ts)
        event = {"type": "message", "subtype": "message_deleted", "hidden": True, "ts": self.ts(),
                 "deleted_ts": ts, "previous_message": old}  # fmt: skip
        await self.tell(self._in(channel, {**event, "event_ts": event["ts"]}))

    def _changed(self, channel: str, old: dict, new: dict) -> dict:
        ts = self.ts()
        event = {"type": "message", "subtype": "message_changed", "hidden": True, "ts": ts,
                 "event_ts": ts, "message": new, "previous_message": old}  # fmt: skip
        return self._in(channel, event)

    def _in(self, channel: str, event: dict) -> dict:
        return {**event, "channel": channel, "channel_type": self.channels[channel].kind}

    async def press(self, user: str, label: str) -> None:
        """Press the last button with this label that this person can see."""
        for shown in reversed(self.for_eyes_of(user)):
            if button := _button(shown.blocks, label):
                await self._press_ephemeral(user, shown, button)
                return
        for ts, message in reversed(self.dm(user).messages.items()):
            if button := _button(message.get("blocks", []), label):
                channel = self.dm(user).id
                box = {"type": "message", "message_ts": ts, "channel_id": channel,
                       "is_ephemeral": False}  # fmt: skip
                await self._interact(user, channel, box, button, {"message": message})
                return
        raise AssertionError(f"no button {label!r}")

    async def _press_ephemeral(self, user: str, shown: Shown, button: dict) -> None:
        id = f"r{next(self._numbers)}"
        self._answers[id] = (shown, 5)
        box = {"type": "message", "message_ts": shown.ts, "channel_id": shown.channel,
               "is_ephemeral": True}  # fmt: skip
        more = {"response_url": f"{self.base}/answer/{id}"}
        await self._interact(user, shown.channel, box, button, more)

    async def _interact(self, user: str, channel: str, box: dict, button: dict, more: dict) -> None:
        told = {name: button[name] for name in ("action_id", "text", "value") if name in button}
        action = {"type": "button", "block_id": "b", "action_ts": self.ts(), **told}
        payload = {
            "type": "block_actions", "user": {"id": user, "team_id": TEAM},
            "api_app_id": API_APP, "team": {"id": TEAM}, "channel": {"id": channel},
            "container": box, "trigger_id": self.trigger(),
            "actions": [action], **more,
        }  # fmt: skip
        await self._deliver("interactive", payload)

    async def command(self, user: str, channel: str, command: str, text: str = "") -> None:
        assert command in self.commands, f"{command} is not in the manifest"
        await self._deliver(
            "slash_commands",
            {
                "command": command, "text": text, "user_id": user, "user_name": user.lower(),
                "channel_id": channel, "team_id": TEAM, "api_app_id": API_APP,
                "response_url": f"{self.base}/answer/none",
                "trigger_id": self.trigger(),
            },
        )  # fmt: skip

    async def press_home(self, user: str, label: str) -> None:
        """Press a button on somebody's Home tab."""
        button = _button(self.homes[user]["blocks"], label)
        assert button, f"no button {label!r}"
        told = {name: button[name] for name in ("action_id", "text", "value") if name in button}
        payload = {
            "type": "block_actions", "user": {"id": user, "team_id": TEAM}, "api_app_id": API_APP,
            "team": {"id": TEAM}, "container": {"type": "view", "view_id": "V0"},
            "trigger_id": self.trigger(), "view": {"id": "V0", "type": "home"},
            "actions": [{"type": "button", "block_id": "b", "action_ts": self.ts(), **told}],
        }  # fmt: skip
        await self._deliver("interactive", payload)

    # ---- delivering

    async def tell(self, event: dict) -> None:
        channel = self.channels.get(str(event.get("channel")))
        if not self._told(event, channel):
            return
        await self._deliver(
            "events_api",
            {
                "token": "legacy", "team_id": TEAM, "api_app_id": API_APP, "event": event,
                "type": "event_callback", "event_id": f"Ev{next(self._numbers):08d}",
                "event_time": int(time.time()),
                "authorizations": [{"team_id": TEAM, "user_id": ME, "is_bot": True}],
            },
        )  # fmt: skip

    def _told(self, event: dict, channel: Channel | None) -> bool:
        """Whether this app hears of it: in the channel, subscribed, and with the right to read."""
        if event["type"] != "message":
            return event["type"] in self.subscribed
        kind = FAMILY[channel.kind if channel else "channel"]
        if channel is not None and ME not in channel.members:
            return False
        may = f"{kind}:history" in self.tokens[BOT_TOKEN].scopes
        return may and f"message.{kind}" in self.subscribed

    async def _deliver(self, kind: str, payload: dict) -> None:
        sending = self._by_http if self.events_url else self._by_socket
        task = asyncio.create_task(sending(kind, payload))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _by_socket(self, kind: str, payload: dict) -> None:
        for attempt in range(4):
            id = f"env-{next(self._numbers)}"
            envelope = {"envelope_id": id, "type": kind, "payload": payload,
                        "accepts_response_payload": kind != "events_api"}  # fmt: skip
            if kind == "events_api":
                envelope |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
            self._unacked[id] = asyncio.Event()
            self._asked[id] = payload.get("trigger_id", "")
            while not self._sockets:
                await asyncio.sleep(0.01)
            with contextlib.suppress(ConnectionError):
                await self._sockets[-1].send_json(envelope)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._unacked[id].wait(), self.ack_within)
            if self._unacked[id].is_set() or kind != "events_api":
                return

    async def _by_http(self, kind: str, payload: dict) -> None:
        if kind == "events_api":
            body, mime = json.dumps(payload), "application/json"
        else:
            form = {"payload": json.dumps(payload)} if kind == "interactive" else payload
            body, mime = urlencode(form), "application/x-www-form-urlencoded"
        async with aiohttp.ClientSession() as session:
            for attempt in range(4):
                headers = self.signed(body) | {"Content-Type": mime}
                if attempt:
                    headers["X-Slack-Retry-Num"] = str(attempt)
                    headers["X-Slack-Retry-Reason"] = "http_error"
                with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                    wait = aiohttp.ClientTimeout(total=self.ack_within)
                    async with session.post(
                        self.events_url, data=body, headers=headers, timeout=wait
                    ) as response:
                        if response.status == 200:
                            body = await response.text()
                            said = json.loads(body) if body else {}
                            self.answered[payload.get("trigger_id", "")] = said
                            self.acks.append(payload.get("event_id", kind))
                            return
                await asyncio.sleep(0.05)

    def signed(self, body: str, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
        stamp = str(int(at if at is not None else time.time()))
        digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
        return {"X-Slack-Request-Timestamp": stamp,
                "X-Slack-Signature": "v0=" + digest.hexdigest()}  # fmt: skip

    def signed_bytes(self, body: bytes) -> dict[str, str]:
        """A right signature over bytes that are no text."""
        stamp = str(int(time.time()))
        digest = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
        return {"X-Slack-Request-Timestamp": stamp,
                "X-Slack-Signature": "v0=" + digest.hexdigest()}  # fmt: skip

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        ticket = request.match_info["ticket"]
        known = ticket in self._tickets
        self._tickets.discard(ticket)
        self.bad_tickets -= 1
        if not known or self.bad_tickets >= 0:
            self.a_minute_later()
            raise web.HTTPForbidden
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        hello = {"type": "hello", "num_connections": 1, "connection_info": {"app_id": API_APP}}
        await socket.send_json(hello)
        self._sockets.append(socket)
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    acknowledged = json.loads(message.data)
                    id = acknowledged.get("envelope_id", "")
                    self.acks.append(id)
                    asked = self._asked.get(id, "")
                    self.answered[asked] = acknowledged.get("payload") or {}
                    if id in self._unacked:
                        self._unacked[id].set()
        finally:
            self._sockets.remove(socket)
        return socket

    async def refresh_socket(self) -> None:
        """What Slack does every so often: asks to come back on a new connection."""
        await self._sockets[-1].send_json({"type": "disconnect", "reason": "refresh_requested"})

    # ---- the Web API

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        args, as_json = await _arguments(request)
        if self.limited.get(method, 0) > 0:
            self.limited[method] -= 1
            return self._too_many(method, 1)
        await asyncio.sleep(self.slow.get(method, 0.0))
        if method in self.instead:
            status, text, mime = self.instead[method]
            return web.Response(status=status, text=text, content_type=mime)
        if self.lost_calls.get(method, 0) > 0:
            self.lost_calls[method] -= 1
            request.transport.abort()
            return web.Response(status=500)
        try:
            args.pop("team_id", None)  # Bolt's own client adds it to every call; Slack lets it be
            given = args.pop("token", "") or _bearer(request)
            token = self._whose(method, given, request.headers.get("Authorization", ""), args)
            wait = self._rates.wait(method, str(args.get("channel", "")))
            if wait and not self.unlimited:
                return self._too_many(method, wait)
            answer = self._checked(method, args, token, as_json=as_json)
        except SlackError as error:
            return web.json_response({"ok": False, "error": str(error)})
        if self.lost_answers.get(method, 0) > 0:
            self.lost_answers[method] -= 1
            request.transport.abort()
            return web.Response(status=500)
        scopes = {"X-OAuth-Scopes": ",".join(sorted(token.scopes))} if token else {}
        return web.json_response({"ok": True, **answer}, headers=scopes)

    def _too_many(self, method: str, seconds: int) -> web.Response:
        self.refused_for_now.append(method)
        body = {"ok": False, "error": "ratelimited"}
        return web.json_response(body, status=429, headers={"Retry-After": str(seconds)})

    def _whose(self, method: str, given: str, authorization: str, args: dict) -> Token | None:
        rules = METHODS.get(method)
        if rules is None:
            self.violations.append(f"{method}: unknown")
            raise SlackError("unknown_method")
        if "none" in rules.tokens:
            return self._app_itself(authorization, args)
        return self._token(method, given, rules)

    def _checked(self, method: str, args: dict, token: Token | None, *, as_json: bool) -> dict:
        self.calls.append((method, args))
        wrong = faults(method, args, as_json=as_json)
        self.violations += [f"{method}: {fault}" for fault in wrong]
        if wrong:
            raise SlackError("invalid_arguments")
        scope = METHODS[method].scope
        if token and scope and self._scope(scope, args) not in token.scopes:
            self.violations.append(f"{method}: {scope} is not there")
            raise SlackError("missing_scope")
        answer = getattr(self, "_" + method.replace(".", "_"))(args, token)
        self.violations += [f"{method}: {fault}" for fault in answer_faults(method, answer)]
        return answer

    def _scope(self, scope: str, args: dict) -> str:
        """The right this call takes, after the kind of conversation it is about."""
        channel = self.channels.get(str(args.get("channel", "")))
        return scope.replace("*", FAMILY[channel.kind if channel else "channel"])

    def _app_itself(self, authorization: str, args: dict) -> None:
        """The OAuth methods know the app by its id and secret, as HTTP Basic or as arguments."""
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if args.get("client_secret") != CLIENT_SECRET and authorization != f"Basic {basic}":
            raise SlackError("bad_client_secret")

    def _token(self, method: str, given: str, rules: Method) -> Token:
        token = self.tokens.get(given)
        if token is None:
            raise SlackError("invalid_auth" if given else "not_authed")
        if not token.alive:
            raise SlackError(token.ended)
        if token.expired:
            raise SlackError("token_expired")
        if token.kind not in rules.tokens:
            self.violations.append(f"{method}: not with a token of a {token.kind}")
            raise SlackError("not_allowed_token_type")
        return token

    def _apps_connections_open(self, args: dict, token: Token) -> dict:
        ticket = f"t{next(self._numbers)}"
        self._tickets.add(ticket)
        return {"url": f"ws://127.0.0.1:{self.port}/socket/{ticket}"}

    def _auth_test(self, args: dict, token: Token) -> dict:
        told = {
            "user_id": token.user, "user": self.users[token.user]["name"], "team_id": TEAM,
            "team": "School", "url": "https://school.slack.com/",
        }  # fmt: skip
        return told | ({"bot_id": BOT_ID} if token.kind == "bot" else {})

    def _auth_revoke(self, args: dict, token: Token) -> dict:
        token.alive = False
        return {"revoked": True}

    def _seen(self, id: str, token: Token) -> Channel:
        channel = self.channels.get(id)
        if channel is None or (token.user not in channel.members and channel.kind != "channel"):
            raise SlackError("channel_not_found")
        if token.user not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def _check_blocks(self, args: dict) -> list:
        blocks = args.get("blocks") or []
        blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
        if (fault := bad_blocks(blocks)) is not None:
            self.violations.append(f"blocks: {fault}")
            raise SlackError("invalid_blocks")
        if len(args.get("text", "")) > 40_000:
            raise SlackError("msg_too_long")
        if not blocks and not args.get("text"):
            raise SlackError("no_text")
        return blocks

    def _chat_postMessage(self, args: dict, token: Token) -> dict:
        channel = self._seen(args["channel"], token)
        thread = args.get("thread_ts")
        if thread and thread not in channel.messages:
            raise SlackError("thread_not_found")
        ts = self.ts()
        message = {"type": "message", "text": args.get("text", ""), "ts": ts, "user": token.user,
                   "blocks": self._check_blocks(args)}  # fmt: skip
        if token.kind == "bot":
            message["bot_id"] = BOT_ID
        if thread:
            message["thread_ts"] = thread
        channel.messages[ts] = message
        event = self._in(channel.id, {**message, "event_ts": ts})
        asyncio.get_running_loop().create_task(self.tell(event))
        return {"channel": channel.id, "ts": ts, "message": message}

    def _chat_postEphemeral(self, args: dict, token: Token) -> dict:
        channel = self._seen(args["channel"], token)
        if args["user"] not in channel.members:
            raise SlackError("user_not_in_channel")
        ts = self.ts()
        blocks = self._check_blocks(args)
        self.ephemerals.append(Shown(channel.id, args["user"], ts, args.get("text", ""), blocks))
        return {"message_ts": ts}

    def _chat_update(self, args: dict, token: Token) -> dict:
        message = self._seen(args["channel"], token).messages.get(args["ts"])
        if message is None:
            raise SlackError("message_not_found")
        if message["user"] != token.user:
            raise SlackError("cant_update_message")
        message |= {"text": args.get("text", ""), "blocks": self._check_blocks(args)}
        return {"channel": args["channel"], "ts": args["ts"], "text": message["text"],
                "message": message}  # fmt: skip

    def _chat_delete(self, args: dict, token: Token) -> dict:
        channel = self._seen(args["channel"], token)
        message = channel.messages.get(args["ts"])
        if message is None:
            raise SlackError("message_not_found")
        admin = token.kind == "user" and self.users[token.user].get("is_admin")
        if message["user"] != token.user and not admin:
            raise SlackError("cant_delete_message")
        asyncio.get_running_loop().create_task(self.delete(channel.id, args["ts"]))
        return {"channel": channel.id, "ts": args["ts"]}

    def _conversations_open(self, args: dict, token: Token) -> dict:
        if args.get("users") not in self.users:
            raise SlackError("user_not_found")
        return {"channel": {"id": self.dm(args["users"]).id}}

    def _conversations_info(self, args: dict, token: Token) -> dict:
        channel = self._seen(args["channel"], token)
        found = {"id": channel.id, "name": channel.name, "is_private": channel.kind == "group"}
        found |= {"is_mpim": channel.kind == "mpim", "is_ext_shared": channel.shared}
        found["is_member"] = token.user in channel.members
        if args.get("include_num_members"):
            found["num_members"] = len(channel.members)
        return {"channel": found}

    def _conversations_members(self, args: dict, token: Token) -> dict:
        """As many as fit on a page of ours, however many were asked for."""
        everybody = sorted(self._seen(args["channel"], token).members)
        start = int(args.get("cursor") or 0)
        stop = start + min(self.page, int(args.get("limit", 100)))
        cursor = str(stop) if everybody[stop:] else ""
        return {"members": everybody[start:stop], "response_metadata": {"next_cursor": cursor}}

    def _conversations_history(self, args: dict, token: Token) -> dict:
        channel = self._seen(args["channel"], token)
        oldest, latest = float(args.get("oldest", 0)), float(args.get("latest", "inf"))
        found = [m for ts, m in channel.messages.items()
                 if oldest <= float(ts) <= latest and m.get("thread_ts", ts) == ts]  # fmt: skip
        shown = found[::-1][: int(args.get("limit", 100))]
        return {"messages": shown, "has_more": len(found) > len(shown), "pin_count": 0,
                "channel_actions_ts": None, "channel_actions_count": 0}  # fmt: skip

    def _conversations_replies(self, args: dict, token: Token) -> dict:
        """The first message of a thread and its replies; of a reply, as of any message, itself."""
        messages = self._seen(args["channel"], token).messages
        if args["ts"] not in messages:
            raise SlackError("thread_not_found")
        oldest, latest = float(args.get("oldest", 0)), float(args.get("latest", "inf"))
        found = [m for ts, m in messages.items()
                 if args["ts"] in (ts, m.get("thread_ts"))
                 and (ts == args["ts"] or oldest <= float(ts) <= latest)]  # fmt: skip
        return {"messages": found[: int(args.get("limit", 100))], "has_more": False}

    def _users_info(self, args: dict, token: Token) -> dict:
        if args["user"] not in self.users:
            raise SlackError("user_not_found")
        return {"user": self.users[args["user"]]}

    def _chat_getPermalink(self, args: dict, token: Token) -> dict:
        if args["message_ts"] not in self._seen(args["channel"], token).messages:
            raise SlackError("message_not_found")
        place = f"{args['channel']}/p{args['message_ts'].replace('.', '')}"
        return {"channel": args["channel"],
                "permalink": f"https://school.slack.com/archives/{place}"}  # fmt: skip

    def _chat_scheduleMessage(self, args: dict, token: Token) -> dict:
        channel = self._seen(args["channel"], token)
        left = int(args["post_at"]) - time.time()
        if left < 0:
            raise SlackError("time_in_past")
        if left > 120 * 86_400:
            raise SlackError("time_too_far")
        id = f"Q{next(self._numbers):08d}"
        self.planned[id] = {
            "user": token.user, "channel": channel.id, "text": args["text"],
            "post_at": int(args["post_at"]), "created": int(time.time()),
        }  # fmt: skip
        return {"channel": channel.id, "scheduled_message_id": id, "post_at": int(args["post_at"]),
                "message": {"type": "delayed_message", "text": args["text"], "bot_id": BOT_ID,
                            "user": token.user, "team": TEAM}}  # fmt: skip

    def _chat_deleteScheduledMessage(self, args: dict, token: Token) -> dict:
        plan = self.planned.get(args["scheduled_message_id"])
        late = plan is not None and plan["post_at"] - time.time() < 60
        if plan is None or plan["user"] != token.user or late:
            raise SlackError("invalid_scheduled_message_id")
        del self.planned[args["scheduled_message_id"]]
        return {}

    def _chat_scheduledMessages_list(self, args: dict, token: Token) -> dict:
        mine = [{"id": id, "channel_id": plan["channel"], "post_at": plan["post_at"],
                 "date_created": plan["created"], "text": plan["text"]}
                for id, plan in self.planned.items()
                if plan["user"] == token.user
                and plan["channel"] == args.get("channel", plan["channel"])]  # fmt: skip
        start = int(args.get("cursor") or 0)
        page, rest = mine[start : start + self.page], mine[start + self.page :]
        cursor = str(start + self.page) if rest else ""
        return {"scheduled_messages": page, "response_metadata": {"next_cursor": cursor}}

    def _views_open(self, args: dict, token: Token) -> dict:
        if self.triggers.pop(args["trigger_id"], 0.0) < time.monotonic():
            raise SlackError("expired_trigger_id")
        view = json.loads(args["view"]) if isinstance(args["view"], str) else args["view"]
        if (fault := bad_modal(view)) is not None:
            self.violations.append(f"views.open: {fault}")
            raise SlackError("invalid_arguments")
        self.modals.append(view)
        return {"view": {**view, "id": "V1"}}

    def _dnd_endSnooze(self, args: dict, token: Token) -> dict:
        if self.snoozed.pop(token.user, None) is None:
            raise SlackError("snooze_not_active")
        return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1,
                "snooze_enabled": False}  # fmt: skip

    def _views_publish(self, args: dict, token: Token) -> dict:
        view = args["view"]
        view = json.loads(view) if isinstance(view, str) else view
        self._check_blocks({"blocks": view["blocks"]})
        self.homes[args["user_id"]] = view
        return {"view": {}}

    def _dnd_setSnooze(self, args: dict, token: Token) -> dict:
        if int(args["num_minutes"]) > self.longest_snooze:
            raise SlackError("too_long")
        seconds = 60 * int(args["num_minutes"])
        self.snoozed[token.user] = seconds // 60
        ends = int(time.time()) + seconds
        return {"snooze_enabled": True, "snooze_endtime": ends, "snooze_remaining": seconds}

    def _files_info(self, args: dict, token: Token) -> dict:
        if args["file"] not in self.files:
            raise SlackError("file_not_found")
        return {"file": self._shown(args["file"]), "comments": []}

    def _shown(self, file: str) -> dict:
        """A file as Slack tells of it."""
        return {k: v for k, v in self.files[file].items() if k != "content"}

    def _files_getUploadURLExternal(self, args: dict, token: Token) -> dict:
        id = f"F{next(self._numbers)}"
        self.files[id] = {"id": id, "name": args["filename"], "content": b""}
        return {"upload_url": f"{self.base}/upload/{id}", "file_id": id}

    def _files_completeUploadExternal(self, args: dict, token: Token) -> dict:
        files = args["files"]
        files = json.loads(files) if isinstance(files, str) else files
        channel = self._seen(args["channel_id"], token)
        ts = self.ts()
        shared = [self._shown(file["id"]) for file in files]
        message = {"user": token.user, "ts": ts, "text": "", "files": shared}
        if args.get("thread_ts"):
            message["thread_ts"] = args["thread_ts"]
        channel.messages[ts] = message
        return {"files": [{"id": file["id"]} for file in files]}

    def _oauth_v2_access(self, args: dict, token: None) -> dict:
        if args.get("grant_type") == "refresh_token":
            return self._renewed(args.get("refresh_token", ""))
        if args.get("code") != "the-code":
            raise SlackError("invalid_code")
        token = self.own_token(self.agreeing)
        who = {"id": self.agreeing, "access_token": token, "token_type": "user",
               "scope": "chat:write,dnd:write"}  # fmt: skip
        if self.rotating:
            who |= {"refresh_token": self.refresh_token(token), "expires_in": 43_200}
        who |= {"scope": self.grants.get("scope", who["scope"])}
        team = self.grants.get("team", {"id": TEAM})
        return {"authed_user": who, "team": team, "app_id": API_APP}

    def refresh_token(self, token: str) -> str:
        """A refresh token that may be traded once for the next one of the same person."""
        id = f"xoxe-1-{next(self._numbers)}"
        self.refreshes[id] = token
        return id

    def _renewed(self, refresh: str) -> dict:
        old = self.refreshes.pop(refresh, "")
        if not old:
            raise SlackError("invalid_refresh_token")
        known = self.tokens[old]
        new = f"xoxe.{'xoxb' if known.kind == 'bot' else 'xoxp'}-1-{next(self._numbers)}"
        self.tokens[new] = Token(known.user, known.kind, known.scopes)
        ends = {"expires_in": self.lasts} if self.lasts else {}
        return {"access_token": new, "refresh_token": self.refresh_token(new), **ends,
                "token_type": known.kind, "team": {"id": TEAM},
                "scope": ",".join(sorted(known.scopes))}  # fmt: skip

    async def _agree(self, request: web.Request) -> web.Response:
        query = {"code": "the-code", "state": request.query["state"]}
        back = f"{request.query['redirect_uri']}?{urlencode(query)}"
        return web.Response(status=302, headers={"Location": back})

    async def _answered(self, request: web.Request) -> web.Response:
        shown, left = self._answers.get(request.match_info["id"], (None, 0))
        if shown is None or left == 0:
            return web.Response(status=404, text="used_url")
        self._answers[request.match_info["id"]] = (shown, left - 1)
        body = await request.json()
        if body.get("replace_original"):
            shown.text, shown.blocks = body.get("text", ""), body.get("blocks", [])
        return web.Response(text="ok")

    async def _file(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}":
            return web.Response(text="<html>sign in</html>", content_type="text/html")
        return web.Response(body=self.files[request.match_info["id"]]["content"])

    async def _upload(self, request: web.Request) -> web.Response:
        self.files[request.match_info["id"]]["content"] = await request.read()
        return web.Response(text="OK")

    def file(self, id: str, name: str, mime: str, content: bytes) -> dict:
        """A file somebody uploaded, as it appears in a message."""
        self.files[id] = {"id": id, "name": name, "mimetype": mime, "size": len(content),
                          "url_private": f"{self.base}/files/{id}", "content": content}  # fmt: skip
        return self._shown(id)


async def _arguments(request: web.Request) -> tuple[dict, bool]:
    """What a call holds, and whether it was written as JSON."""
    if request.content_type == "application/json":
        return {**request.query, **await request.json()}, True
    return {**request.query, **dict(await request.post())}, False


def _bearer(request: web.Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def _button(blocks: list, label: str) -> dict | None:
    for block in blocks:
        for element in block.get("elements", []):
            if label in element["text"]["text"]:
                return element
    return None


@contextlib.asynccontextmanager
async def slack() -> AsyncIterator[FakeSlack]:
    fake = FakeSlack()
    await fake.start()
    try:
        yield fake
    finally:
        await fake.stop()
