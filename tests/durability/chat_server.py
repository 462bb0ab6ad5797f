"""A chat that outlives the bot: updates wait until confirmed, actions are remembered by key."""

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from typing import Any


@dataclass
class ChatServer:
    """One group over JSON lines; like the real ones it tells an update again until confirmed.

    Anna presses the first mail button she is shown, as the story has it.
    """

    updates: list[dict[str, Any]] = field(default_factory=list)
    confirmed: int = 0
    posts: list[str] = field(default_factory=list)
    whispers: list[str] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    removed: set[str] = field(default_factory=set)
    done: dict[str, str | None] = field(default_factory=dict)
    port: int = 0
    _server: asyncio.Server | None = None
    _count: int = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 20)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()

    def say(self, text: str, sent_at: str, delivered: bool) -> None:
        self._count += 1
        self.updates.append(
            {"kind": "message", "id": f"m{self._count}", "text": text, "sent_at": sent_at,
             "delivered": delivered}
        )  # fmt: skip

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while line := await reader.readline():
                answer = await self._answer(json.loads(line))
                writer.write(json.dumps(answer).encode() + b"\n")
                await writer.drain()
        writer.close()

    async def _answer(self, call: dict[str, Any]) -> dict[str, Any]:
        if call["do"] == "updates":
            self.confirmed = max(self.confirmed, int(call["offset"]))
            if self.confirmed >= len(self.updates):
                await asyncio.sleep(0.05)
            return {"updates": self.updates[self.confirmed : self.confirmed + 5],
                    "offset": self.confirmed}  # fmt: skip
        key = call["key"]
        if key not in self.done:
            self.done[key] = self._act(call)
        return {"message": self.done[key]}

    def _act(self, call: dict[str, Any]) -> str | None:
        match call["do"]:
            case "post":
                self.posts.append(call["text"])
                return f"p{len(self.posts)}"
            case "remove":
                self.removed.add(call["message"])
            case "whisper":
                self.whispers.append(call["text"])
                self.told.append((call["to"], call["text"]))
                self._press(call)
                return f"w{len(self.whispers)}"
        return None

    def _press(self, call: dict[str, Any]) -> None:
        for label, token in call["buttons"]:
            if label.startswith("Stuur naar team@"):
                self.updates.append({"kind": "press", "token": token, "sent_at": call["at"]})
                return
