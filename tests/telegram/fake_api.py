"""A small Bot API on 127.0.0.1: it keeps chats, rights, messages and updates like the real one.

Every call and every answer is checked against the published schema; what breaks it stands in
`violations`. It enforces membership, administrators' rights, privacy mode, 48 hours, one poller
at a time, confirmation by offset, a secret for the webhook, 20 messages a minute in a group, and
no private chat before Start.

What it does not prove: Telegram's timing, delivery of ephemeral messages to people offline, the
exact words of every refusal, the real numbering of messages, limits on files, and whether the
clients show what was sent.
"""

import asyncio
import contextlib
import email
import itertools
import json
import time
import urllib.parse
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.telegram import schema

Json = dict[str, Any]
RIGHTS = tuple(schema.TYPES["ChatPermissions"])
OPEN = dict.fromkeys(RIGHTS, True) | {"can_change_info": False, "can_pin_messages": False}
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
BOT = {"id": 110201543, "is_bot": True, "first_name": "Fluister", "username": "fluister_bot"}
MINUTE = 60.0


class RefusedError(Exception):
    """An answer with ok=false."""

    def __init__(self, code: int, words: str, **parameters: int) -> None:
        super().__init__(words)
        self.code, self.words, self.parameters = code, words, parameters


class CutError(Exception):
    """The connection breaks without an answer."""


@dataclass
class Group:
    id: int
    type: str = "supergroup"
    title: str = "Team"
    permissions: Json = field(default_factory=lambda: dict(OPEN))
    members: dict[int, str] = field(default_factory=dict)
    bot_rights: Json | None = None
    moved_to: int | None = None
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))


class FakeApi:
    """State, and what the people in it do."""

    def __init__(self) -> None:
        self.now = float(int(time.time()))
        self.people: dict[int, Json] = {}
        self.groups: dict[int, Group] = {}
        self.started: set[int] = set()
        self.messages: dict[tuple[int, int], Json] = {}
        self.ephemeral: dict[int, Json] = {}
        self.updates: list[Json] = []
        self.calls: list[tuple[str, Json]] = []
        self.answers: dict[str, Json] = {}
        self.files: dict[str, bytes] = {}
        self.menus: dict[tuple[str, str], list[Json]] = {}
        self.violations: list[str] = []
        self.faults: dict[str, deque[str]] = defaultdict(deque)
        self.polls = 0
        self.description = ""
        self.slow = 0.0
        self.in_hand: Counter[int] = Counter()
        self.most_in_hand: Counter[int] = Counter()
        self.closed_topics: set[int] = set()
        self.webhook: Json | None = None
        self.privacy = True
        self.joins = True
        self.hook_news: Json = {}
        self.knows_ephemeral = True
        self.shows_all = False
        self._private = itertools.count(1)
        self._update = itertools.count(700_000)
        self._ids = itertools.count(1)
        self._poller: asyncio.Future[None] | None = None
        self._new = asyncio.Event()
        self._sent: dict[int, deque[float]] = defaultdict(deque)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # -- people and groups ------------------------------------------------------------------

    def person(self, number: int, name: str) -> int:
        self.people[number] = {"id": number, "is_bot": False, "first_name": name}
        return number

    def group(self, number: int, *members: int, rights: Json | None = None, **more: Any) -> Group:
        made = Group(number, members=dict.fromkeys(members, "member"), bot_rights=rights, **more)
        made.members[members[0]] = "creator"
        self.groups[number] = made
        return made

    def says(self, chat: int, who: int, text: str = "", **more: Any) -> Json:
        """Somebody writes in a group, or to the bot."""
        group = self.groups.get(chat)
        if group is not None and group.members.get(who) == "member":
            assert group.permissions["can_send_messages"], "the group is closed"
        message = self._message(chat, self.people[who], text=text, **more)
        if self._bot_sees(group, message):
            self._tell("message", message)
        return message

    def edits(self, message: Json, **change: Any) -> Json:
        new = {**message, **change, "edit_date": int(self.now)}
        self.messages[new["chat"]["id"], new["message_id"]] = new
        self._tell("edited_message", new)
        return new

    def starts(self, who: int, argument: str = "") -> Json:
        self.started.add(who)
        text = f"/start {argument}".strip()
        return self.says(who, who, text, entities=_command(text))

    def blocks(self, who: int) -> None:
        self.started.discard(who)
        self._bot_changed(self._chat(who), "member", "kicked", who)

    def adds_bot(self, group: Group, by: int, rights: Json | None = None) -> None:
        self._bot_changed(self._chat(group.id), "left", "administrator" if rights else "member", by,
                          rights)  # fmt: skip
        group.bot_rights = rights

    def removes_bot(self, group: Group, by: int) -> None:
        self._bot_changed(self._chat(group.id), "administrator", "kicked", by)
        group.bot_rights = None

    def presses(self, who: int, message: Json, label: str) -> str:
        """Press the button whose label holds `label`; the id of the query."""
        rows = message["reply_markup"]["inline_keyboard"]
        button = next(b for row in rows for b in row if label in b["text"])
        query = f"q{next(self._ids)}"
        self._tell(
            "callback_query",
            {"id": query, "from": self.people[who], "chat_instance": "1",
             "message": message, "data": button["callback_data"]},
        )  # fmt: skip
        return query

    def aside(self, group: Group, who: int, text: str) -> Json:
        """An ephemeral command: only the bot gets it."""
        message = {
            "message_id": 0, "ephemeral_message_id": next(self._ids), "date": int(self.now),
            "chat": self._chat(group.id), "from": self.people[who], "receiver_user": BOT,
            "text": text, "entities": _command(text),
        }  # fmt: skip
        self._tell("message", message)
        return message

    def migrates(self, group: Group, new: int) -> Group:
        made = Group(new, "supergroup", group.title, dict(group.permissions), dict(group.members),
                     group.bot_rights)  # fmt: skip
        self.groups[new], group.moved_to = made, new
        creator = next(iter(group.members))
        self._tell("message", self._message(group.id, self.people[creator], migrate_to_chat_id=new))
        self._tell("message", self._message(new, self.people[creator],
                                            migrate_from_chat_id=group.id))  # fmt: skip
        return made

    def file(self, content: bytes) -> Json:
        """A file somebody sent, as a photo size or document."""
        number = f"file{next(self._ids)}"
        self.files[number] = content
        return {"file_id": number, "file_unique_id": f"u{number}", "file_size": len(content)}

    # -- what a test asks -------------------------------------------------------------------

    def texts(self, chat: int) -> list[str]:
        return [m.get("text") or m.get("caption") or "" for (c, _), m in self.messages.items()
                if c == chat]  # fmt: skip

    def from_bot(self, chat: int) -> list[Json]:
        return [m for (c, _), m in self.messages.items()
                if c == chat and m.get("from", {}).get("id") == BOT["id"]]  # fmt: skip

    def shown(self, who: int) -> list[Json]:
        """Ephemeral messages one person sees."""
        return [m for m in self.ephemeral.values() if m["receiver_user"]["id"] == who]

    def called(self, method: str) -> list[Json]:
        return [arguments for name, arguments in self.calls if name == method]

    # -- insides ----------------------------------------------------------------------------

    def _chat(self, number: int) -> Json:
        if number > 0:
            return {
                "id": number,
                "type": "private",
                "first_name": self.people[number]["first_name"],
            }
        group = self.groups[number]
        return {"id": number, "type": group.type, "title": group.title}

    def _message(self, chat: int, who: Json, **more: Any) -> Json:
        group = self.groups.get(chat)
        counted = group.numbers if group and group.type == "supergroup" else self._private
        given = {name: value for name, value in more.items() if value not in ("", None)}
        message = {"message_id": next(counted), "date": int(self.now), "chat": self._chat(chat),
                   "from": who, **given}  # fmt: skip
        self.messages[chat, message["message_id"]] = message
        return message

    def _bot_sees(self, group: Group | None, message: Json) -> bool:
        if group is None or group.bot_rights is not None or not self.privacy:
            return True
        replied = message.get("reply_to_message", {}).get("from", {}).get("id") == BOT["id"]
        return replied or message.get("text", "").startswith("/")

    def _bot_changed(
        self, chat: Json, old: str, new: str, by: int, rights: Json | None = None
    ) -> None:
        def member(status: str) -> Json:
            made: Json = {"status": status, "user": BOT}
            if status == "administrator":
                made |= _admin(rights or {})
            if status == "kicked":
                made |= {"until_date": 0}
            return made

        self._tell("my_chat_member", {"chat": chat, "from": self.people[by], "date": int(self.now),
                   "old_chat_member": member(old), "new_chat_member": member(new)})  # fmt: skip

    def _tell(self, kind: str, what: Json) -> None:
        update = {"update_id": next(self._update), kind: what}
        self.violations += schema.faults(update, ["Update"], "update")
        self.updates.append(update)
        self._new.set()
        if self.webhook is not None:
            self._spawn(self._push(update))

    async def _push(self, update: Json) -> None:
        """Call the webhook until it answers 2xx, like the real one repeats."""
        assert self.webhook is not None
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret_token"]}
        async with httpx.AsyncClient() as client:
            for _ in range(20):
                answer = await client.post(self.webhook["url"], json=update, headers=headers)
                if answer.is_success:
                    self.updates.remove(update)
                    return
                await asyncio.sleep(0.1)

    # -- HTTP -------------------------------------------------------------------------------

    async def start(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in [*self._tasks]:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        gone = (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError, CutError)
        with contextlib.suppress(*gone):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = urllib.parse.unquote(head.split(" ", 2)[1])
                headers = email.message_from_string(head.partition("\r\n")[2])
                body = await reader.readexactly(int(headers.get("content-length") or 0))
                code, answer = await self._answer(path, headers.get("content-type", ""), body)
                writer.write(
                    f"HTTP/1.1 {code} x\r\nContent-Length: {len(answer)}\r\n\r\n".encode() + answer
                )
                await writer.drain()
        self._tasks.discard(task)
        writer.close()

    async def _answer(self, path: str, kind: str, body: bytes) -> tuple[int, bytes]:
        if path.startswith(f"/file/bot{TOKEN}/"):
            content = self.files.get(path.rpartition("/")[2])
            return (404, b"") if content is None else (200, content)
        bot, _, method = path.removeprefix("/bot").partition("/")
        try:
            result = await self._call(bot, method, _arguments(kind, body))
        except RefusedError as no:
            if no.words == "[]":  # what a proxy in between may answer
                return no.code, b"[]"
            told: Json = {"ok": False, "error_code": no.code, "description": no.words}
            if no.parameters:
                told["parameters"] = no.parameters
            return no.code, json.dumps(told).encode()
        return 200, json.dumps({"ok": True, "result": result}).encode()

    async def _call(self, bot: str, method: str, given: Json) -> Any:
        if bot != TOKEN:
            raise RefusedError(401, "Unauthorized")
        shape = schema.METHODS.get(method)
        run: Callable[[Json], Any] | None = getattr(self, f"_do_{_snake(method)}", None)
        if shape is None or run is None or ("phemeral" in method and not self.knows_ephemeral):
            raise RefusedError(404, "Not Found")
        self.violations += schema.fields(given, shape["fields"], method)
        self.calls.append((method, given))
        fault = self.faults[method].popleft() if self.faults[method] else ""
        _fail(fault)
        result = await self._run(method, run, given)
        if fault in ("sparse", "empty"):
            return _sparse(result) if fault == "sparse" else {"nobody": "knows this"}
        self.violations += schema.faults(result, shape["returns"], f"{method} answer")
        if fault == "cut after":
            raise CutError
        return result

    async def _run(self, method: str, run: Callable[[Json], Any], given: Json) -> Any:
        """Do it, slowly if asked; how many sends to one chat were in hand at the same time."""
        place = given.get("chat_id") if method.startswith("send") else None
        if place is not None:
            self.in_hand[place] += 1
            self.most_in_hand[place] = max(self.most_in_hand[place], self.in_hand[place])
            await asyncio.sleep(self.slow)
            self.in_hand[place] -= 1
        result = run(given)
        return await result if asyncio.iscoroutine(result) else result

    # -- methods ----------------------------------------------------------------------------

    def _do_get_me(self, given: Json) -> Json:
        return BOT | {
            "can_join_groups": self.joins,
            "can_read_all_group_messages": not self.privacy,
            "supports_inline_queries": False,
        }

    async def _do_get_updates(self, given: Json) -> list[Json]:
        if self.webhook is not None:
            raise RefusedError(409, "Conflict: can't use getUpdates method while webhook is active")
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)
        mine = self._poller = asyncio.get_running_loop().create_future()
        self.polls += 1
        offset = given.get("offset", 0)
        self.updates = [u for u in self.updates if u["update_id"] >= offset]
        wanted = set(given.get("allowed_updates") or schema.TYPES["Update"])
        if not self._for(wanted) and given.get("timeout"):
            self._new.clear()
            waiting = [asyncio.ensure_future(self._new.wait()), mine]
            await asyncio.wait(waiting, timeout=given["timeout"], return_when="FIRST_COMPLETED")
            waiting[0].cancel()
        if mine.done():
            raise RefusedError(409, "Conflict: terminated by other getUpdates request")
        return self._for(wanted)[: given.get("limit", 100)]

    def _for(self, wanted: set[str]) -> list[Json]:
        return [u for u in self.updates if wanted & u.keys()]

    def _do_set_webhook(self, given: Json) -> bool:
        self.webhook = given
        return True

    def _do_get_webhook_info(self, given: Json) -> Json:
        return {"url": (self.webhook or {}).get("url", ""), "has_custom_certificate": False,
                "pending_update_count": len(self.updates), **self.hook_news}  # fmt: skip

    def _do_delete_webhook(self, given: Json) -> bool:
        self.webhook = None
        return True

    def _do_set_my_commands(self, given: Json) -> bool:
        key = (given.get("scope", {}).get("type", "default"), given.get("language_code", ""))
        self.menus[key] = given["commands"]
        return True

    def _do_get_my_commands(self, given: Json) -> list[Json]:
        key = (given.get("scope", {}).get("type", "default"), given.get("language_code", ""))
        return self.menus.get(key, [])

    def _do_get_my_description(self, given: Json) -> Json:
        return {"description": self.description}

    def _do_get_chat(self, given: Json) -> Json:
        group = self._group(given["chat_id"])
        return self._chat(group.id) | {
            "accent_color_id": 0, "max_reaction_count": 11, "permissions": group.permissions,
            "accepted_gift_types": dict.fromkeys(
                schema.TYPES["AcceptedGiftTypes"], False),
        }  # fmt: skip

    def _do_get_chat_member_count(self, given: Json) -> int:
        return len(self._group(given["chat_id"]).members) + 1

    def _do_get_chat_member(self, given: Json) -> Json:
        group = self._group(given["chat_id"])
        if given["user_id"] == BOT["id"]:
            return self._own_membership(group)
        status = group.members.get(given["user_id"], "left")
        return _member(status, self.people[given["user_id"]])

    def _own_membership(self, group: Group) -> Json:
        if group.bot_rights is None:
            return _member("member", BOT)
        return {"status": "administrator", "user": BOT, **_admin(group.bot_rights)}

    def _do_get_chat_administrators(self, given: Json) -> list[Json]:
        members = self._group(given["chat_id"]).members
        return [_member(s, self.people[u]) for u, s in members.items() if s == "creator"]

    def _do_set_chat_permissions(self, given: Json) -> bool:
        group = self._group(given["chat_id"], "can_restrict_members")
        group.permissions = {right: bool(given["permissions"].get(right)) for right in RIGHTS}
        return True

    def _do_delete_message(self, given: Json) -> bool:
        message = self.messages.get((given["chat_id"], given["message_id"]))
        if message is None:
            raise RefusedError(400, "Bad Request: message to delete not found")
        if message["from"]["id"] != BOT["id"] and given["chat_id"] < 0:
            rights = self._group(given["chat_id"]).bot_rights or {}
            if not rights.get("can_delete_messages") or self.now - message["date"] > 48 * 3600:
                raise RefusedError(400, "Bad Request: message can't be deleted for everyone")
        del self.messages[given["chat_id"], given["message_id"]]
        return True

    def _do_send_message(self, given: Json) -> Json:
        if not 0 < len(given["text"].encode("utf-16-le")) // 2 <= 4096:
            raise RefusedError(400, "Bad Request: message is too long")
        if given.get("message_thread_id") in self.closed_topics:
            raise RefusedError(400, "Bad Request: TOPIC_CLOSED")
        only = given.get("ephemeral_message_parameters") if self.knows_ephemeral else None
        if self.shows_all:
            only = None
        if only is not None:
            return self._show(given, only["receiver_user_id"])
        return self._post(given, text=given["text"])

    def _do_send_photo(self, given: Json) -> Json:
        size = {**self.file(given["photo"]), "width": 1, "height": 1}
        return self._post(given, photo=[size], caption=given.get("caption"))

    def _do_send_document(self, given: Json) -> Json:
        return self._post(given, document=self.file(given["document"]),
                          caption=given.get("caption"))  # fmt: skip

    def _post(self, given: Json, **content: Any) -> Json:
        chat = given["chat_id"]
        if chat > 0 and chat not in self.started:
            raise RefusedError(403, "Forbidden: bot can't initiate conversation with a user")
        if chat < 0:
            self._flood(self._group(chat).id)
        thread = given.get("message_thread_id")
        replied = given.get("reply_parameters", {}).get("message_id")
        return self._message(
            chat, BOT, message_thread_id=thread, is_topic_message=True if thread else None,
            reply_markup=given.get("reply_markup"),
            reply_to_message=self.messages.get((chat, replied)), **content,
        )  # fmt: skip

    def _flood(self, chat: int) -> None:
        sent = self._sent[chat]
        while sent and self.now - sent[0] > MINUTE:
            sent.popleft()
        if len(sent) >= 20:
            wait = int(MINUTE - (self.now - sent[0])) + 1
            raise RefusedError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        sent.append(self.now)

    def _show(self, given: Json, who: int) -> Json:
        group = self._group(given["chat_id"])
        if group.bot_rights is None or group.members.get(who) in (None, "left"):
            raise RefusedError(400, "Bad Request: not enough rights to send an ephemeral message")
        number = next(self._ids)
        self.ephemeral[number] = {
            "message_id": 0, "ephemeral_message_id": number, "date": int(self.now),
            "chat": self._chat(group.id), "from": BOT, "receiver_user": self.people[who],
            "text": given["text"],
            **({"reply_markup": given["reply_markup"]} if "reply_markup" in given else {}),
        }  # fmt: skip
        return self.ephemeral[number]

    def _do_delete_ephemeral_message(self, given: Json) -> bool:
        self._shown(given)
        del self.ephemeral[given["ephemeral_message_id"]]
        return True

    def _do_edit_ephemeral_message_text(self, given: Json) -> bool:
        self._shown(given).update({k: given[k] for k in ("text", "reply_markup") if k in given})
        return True

    def _do_edit_ephemeral_message_reply_markup(self, given: Json) -> bool:
        self._edit(self._shown(given), reply_markup=given.get("reply_markup"))
        return True

    def _shown(self, given: Json) -> Json:
        message = self.ephemeral.get(given["ephemeral_message_id"])
        if message is None or message["receiver_user"]["id"] != given["receiver_user_id"]:
            raise RefusedError(400, "Bad Request: message to edit not found")
        return message

    def _do_edit_message_text(self, given: Json) -> Json:
        return self._edit(self._own(given), text=given["text"],
                          reply_markup=given.get("reply_markup"))  # fmt: skip

    def _do_edit_message_reply_markup(self, given: Json) -> Json:
        return self._edit(self._own(given), reply_markup=given.get("reply_markup"))

    def _own(self, given: Json) -> Json:
        message = self.messages.get((given["chat_id"], given["message_id"]))
        if message is None:
            raise RefusedError(400, "Bad Request: message to edit not found")
        if message["from"]["id"] != BOT["id"]:
            raise RefusedError(400, "Bad Request: message can't be edited")
        return message

    def _edit(self, message: Json, **change: Any) -> Json:
        if all(message.get(name) == value for name, value in change.items()):
            raise RefusedError(400, "Bad Request: message is not modified")
        message.update({name: value for name, value in change.items() if value is not None})
        if change.get("reply_markup") is None:
            message.pop("reply_markup", None)
        return message

    def _do_answer_callback_query(self, given: Json) -> bool:
        self.answers[given["callback_query_id"]] = given
        return True

    def _do_get_file(self, given: Json) -> Json:
        content = self.files.get(given["file_id"])
        if content is None:
            raise RefusedError(400, "Bad Request: invalid file_id")
        if len(content) > 20 * 1024 * 1024:
            raise RefusedError(400, "Bad Request: file is too big")
        return {"file_id": given["file_id"], "file_unique_id": "u", "file_path": given["file_id"]}

    def _group(self, number: int, right: str = "") -> Group:
        group = self.groups.get(number)
        if group is None:
            raise RefusedError(400, "Bad Request: chat not found")
        if group.moved_to is not None:
            raise RefusedError(400, "Bad Request: group chat was upgraded to a supergroup chat",
                          migrate_to_chat_id=group.moved_to)  # fmt: skip
        if right and not (group.bot_rights or {}).get(right):
            raise RefusedError(400, "Bad Request: not enough rights to change chat permissions")
        return group


def _snake(method: str) -> str:
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in method)


def _admin(rights: Json) -> Json:
    needed = schema.TYPES["ChatMemberAdministrator"]
    made = {n: False for n, (must, _) in needed.items() if must and n not in ("status", "user")}
    return made | {"can_manage_chat": True} | rights


def _member(status: str, user: Json) -> Json:
    more = {"is_anonymous": False} if status == "creator" else {}
    return {"status": status, "user": user, **more}


def _fail(fault: str) -> None:
    """Refuse, or break the connection, as the fault says."""
    match fault:
        case "429" | "429 for 40":
            wait = 40 if fault.endswith("40") else 1
            words = f"Too Many Requests: retry after {wait}"
            raise RefusedError(429, words, retry_after=wait)
        case "502" | "500":
            raise RefusedError(int(fault), "Bad Gateway")
        case "401":
            raise RefusedError(401, "Unauthorized")
        case "no object":
            raise RefusedError(502, "[]")
        case "400":
            raise RefusedError(400, "Bad Request: IMAGE_PROCESS_FAILED")
        case "cut before":
            raise CutError


def _sparse(result: Any) -> Any:
    """An answer of a server that tells no more than it must: newer or older than the library."""
    if isinstance(result, list):
        return [_sparse(one) for one in result]
    return {n: v for n, v in result.items() if n in ("id", "type", "permissions", "status", "user")}


def _command(text: str) -> list[Json]:
    if not text.startswith("/"):
        return []
    return [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]


def _arguments(kind: str, body: bytes) -> Json:
    """The call's arguments: JSON within form fields, as the Bot API takes them."""
    if kind.startswith("multipart/"):
        parts = email.message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
        raw: Json = {}
        for part in parts.get_payload():
            name = part.get_param("name", header="content-disposition")
            content = part.get_payload(decode=True)
            raw[name] = content if part.get_filename() else content.decode()
        attached = {n: v for n, v in raw.items() if isinstance(v, bytes)}
        made = {n: _typed(n, v) for n, v in raw.items() if not isinstance(v, bytes)}
        for name, value in made.items():
            if isinstance(value, str) and value.startswith("attach://"):
                made[name] = attached.pop(value.removeprefix("attach://"))
        return made | attached
    return {n: _typed(n, v) for n, v in urllib.parse.parse_qsl(body.decode())}


_TEXTS = {"text", "caption", "callback_query_id", "url", "secret_token", "file_id",
          "language_code"}  # fmt: skip


def _typed(name: str, value: str) -> Any:
    if name in _TEXTS:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
