"""People with a Matrix client of their own, as far from ours as can be: plain HTTP."""

import asyncio
import itertools
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import aiohttp

_numbers = itertools.count()


class RefusedError(Exception):
    def __init__(self, status: int, told: dict[str, Any]) -> None:
        super().__init__(f"{status} {told}")
        self.status = status
        self.told = told


class Person:
    """Somebody signed in; every method is one call to the real server."""

    def __init__(self, url: str, user: str, token: str, device: str = "") -> None:
        self.url, self.user, self.token, self.device = url, user, token, device
        self.session = aiohttp.ClientSession()
        self.earlier: set[str] = set()

    async def close(self) -> None:
        await self.session.close()

    async def call(
        self, method: str, path: str, body: Any = None, raw: bytes | None = None, **query: str
    ) -> dict[str, Any]:
        async with self.session.request(
            method,
            f"{self.url}{path}",
            json=body if raw is None else None,
            data=raw,
            params=query,
            headers={"Authorization": f"Bearer {self.token}"},
        ) as answer:
            told = await answer.json(content_type=None)
            if answer.status != 200:
                raise RefusedError(answer.status, told)
            return told

    async def at(self, room: str, *rest: str) -> str:
        tail = "/".join(quote(one, safe="") for one in rest)
        return f"/_matrix/client/v3/rooms/{quote(room, safe='')}/{tail}"

    async def send(self, room: str, content: dict[str, Any], kind: str = "m.room.message") -> str:
        number = f"t{time.time_ns()}{next(_numbers)}"
        path = await self.at(room, "send", kind, number)
        return (await self.call("PUT", path, content))["event_id"]

    async def says(self, room: str, text: str, **more: Any) -> str:
        return await self.send(room, {"msgtype": "m.text", "body": text, **more})

    async def edits(self, room: str, event: str, text: str, **more: Any) -> str:
        fresh = {"msgtype": "m.text", "body": text, **more}
        relates = {"rel_type": "m.replace", "event_id": event}
        return await self.send(
            room, {**fresh, "body": f"* {text}", "m.new_content": fresh, "m.relates_to": relates}
        )

    async def reacts(self, room: str, event: str, sign: str) -> str:
        relates = {"rel_type": "m.annotation", "event_id": event, "key": sign}
        return await self.send(room, {"m.relates_to": relates}, "m.reaction")

    async def upload(self, content: bytes, mime: str) -> str:
        async with self.session.post(
            f"{self.url}/_matrix/media/v3/upload",
            data=content,
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": mime},
        ) as answer:
            return (await answer.json())["content_uri"]

    async def file(self, room: str, name: str, content: bytes, mime: str, **more: Any) -> str:
        url = await self.upload(content, mime)
        info = {"mimetype": mime, "size": len(content)}
        told = {"msgtype": "m.file", "body": name, "url": url, "info": info, **more}
        return await self.send(room, told)

    async def media_status(self, url: str) -> int:
        path = url.removeprefix("mxc://")
        async with self.session.get(
            f"{self.url}/_matrix/client/v1/media/download/{path}",
            headers={"Authorization": f"Bearer {self.token}"},
        ) as answer:
            return answer.status

    async def event(self, room: str, event: str) -> dict[str, Any]:
        return await self.call("GET", await self.at(room, "event", event))

    async def state(self, room: str, kind: str, content: Any = None) -> dict[str, Any]:
        path = await self.at(room, "state", kind) + "/"
        return await self.call("GET" if content is None else "PUT", path, content)

    async def create(self, **body: Any) -> str:
        return (await self.call("POST", "/_matrix/client/v3/createRoom", body))["room_id"]

    async def join(self, room: str) -> None:
        await self.call("POST", f"/_matrix/client/v3/join/{quote(room, safe='')}", {})

    async def timeline(self, room: str) -> list[dict[str, Any]]:
        """Every event of a room, oldest first."""
        path = await self.at(room, "messages")
        told = await self.call("GET", path, dir="b", limit="500")
        return told["chunk"][::-1]

    async def reads(self, room: str) -> list[str]:
        """What a client shows: bodies in order, edits in place, removed ones gone."""
        shown: dict[str, str] = {}
        for event in await self.timeline(room):
            content = event.get("content", {})
            relates = content.get("m.relates_to", {})
            if event["type"] != "m.room.message" or "body" not in content:
                continue
            if relates.get("rel_type") == "m.replace":
                if relates["event_id"] in shown:
                    shown[relates["event_id"]] = content["m.new_content"]["body"]
            else:
                shown[event["event_id"]] = content["body"]
        return list(shown.values())

    async def rooms(self) -> list[str]:
        return (await self.call("GET", "/_matrix/client/v3/joined_rooms"))["joined_rooms"]

    async def private(self, bot: str) -> str | None:
        """The room where only this person and the bot are."""
        for room in set(await self.rooms()) - self.earlier:
            path = await self.at(room, "members")
            members = (await self.call("GET", path, not_membership="leave"))["chunk"]
            if {event["state_key"] for event in members} == {self.user, bot}:
                return room
        return None

    async def told(self, bot: str) -> list[dict[str, Any]]:
        """The bot's messages in the private room as they stand now, oldest first."""
        room = await self.private(bot)
        if room is None:
            return []
        shown: dict[str, dict[str, Any]] = {}
        for event in await self.timeline(room):
            content = event["content"]
            if event["sender"] != bot or event["type"] != "m.room.message" or not content:
                continue
            relates = content.get("m.relates_to", {})
            if relates.get("rel_type") == "m.replace":
                if relates["event_id"] in shown:
                    shown[relates["event_id"]]["text"] = content["m.new_content"]["body"]
            else:
                shown[event["event_id"]] = {
                    "id": event["event_id"], "room": room, "text": content["body"],
                    "msgtype": content["msgtype"],
                }  # fmt: skip
        return list(shown.values())

    async def presses(self, shown: dict[str, Any], label: str) -> None:
        """React with the sign that stands before `label`."""
        line = next(line for line in shown["text"].splitlines() if label in line)
        await self.reacts(shown["room"], shown["id"], line.split()[0])


async def eventually(holds: Callable[[], Any], wait: float = 150.0) -> Any:
    """What `holds` gives once it gives something; it may be asynchronous."""
    deadline = time.monotonic() + wait
    while True:
        found = holds()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return found
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.05)
