"""What a mautrix bridge is to a homeserver: an appservice that speaks as ghosts of other people."""

import json
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.matrix.people import Person
from tests.matrix.synapse_home import SERVER, Synapse, free_port


class Bridge:
    """One bridge: `@whatsappbot` and ghosts `@whatsapp_…`; it hears what Matrix sends it."""

    def __init__(self, folder: Path) -> None:
        self.port, self.token = free_port(), secrets.token_hex(16)
        self.heard: list[dict[str, Any]] = []
        self.people: dict[str, Person] = {}
        self.url = ""
        self.registration = folder / "bridge.json"
        folder.mkdir(parents=True, exist_ok=True)
        self.registration.write_text(
            json.dumps(
                {
                    "id": "double", "url": f"http://127.0.0.1:{self.port}",
                    "as_token": self.token, "hs_token": secrets.token_hex(16),
                    "sender_localpart": "whatsappbot", "rate_limited": False,
                    "namespaces": {
                        "users": [{"exclusive": True, "regex": f"@whatsapp_.*:{SERVER}"}],
                        "rooms": [], "aliases": [],
                    },
                }
            )
        )  # fmt: skip

    async def start(self, synapse: Synapse) -> None:
        self.url = synapse.url
        app = web.Application()
        app.router.add_put("/_matrix/app/v1/transactions/{id}", self._told)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        for person in self.people.values():
            await person.close()
        self.people.clear()
        await self.runner.cleanup()

    async def ghost(self, name: str, shown: str) -> Person:
        """Somebody on the other side, as the bridge shows them."""
        user = f"@whatsapp_{name}:{SERVER}"
        person = _Ghost(self.url, user, self.token)
        body = {"type": "m.login.application_service", "username": f"whatsapp_{name}"}
        await person.call("POST", "/_matrix/client/v3/register", {**body, "inhibit_login": True})
        await person.call(
            "PUT", f"/_matrix/client/v3/profile/{user}/displayname", {"displayname": shown}
        )
        self.people[user] = person
        return person

    def bot(self) -> Person:
        user = f"@whatsappbot:{SERVER}"
        if user not in self.people:
            self.people[user] = _Ghost(self.url, user, self.token)
        return self.people[user]

    async def portal(
        self, *ghosts: Person, invite: tuple[str, ...], protocol: str = "whatsapp"
    ) -> str:
        """A group on the other side, as a room on this one."""
        room = await self.bot().create(
            preset="private_chat",
            name="Team (WhatsApp)",
            invite=[*(ghost.user for ghost in ghosts), *invite],
            power_level_content_override={
                "users": {self.bot().user: 100, **dict.fromkeys(invite, 50)}
            },
            initial_state=[
                {
                    "type": "m.bridge", "state_key": "double",
                    "content": {"bridgebot": self.bot().user, "protocol": {"id": protocol}},
                }
            ],
            room_version="11",
        )  # fmt: skip
        for ghost in ghosts:
            await ghost.join(room)
        return room

    async def _told(self, request: web.Request) -> web.Response:
        for event in (await request.json())["events"]:
            self.heard.append(event)
            who = event.get("state_key", "")
            if event["content"].get("membership") == "invite" and who in self.people:
                await self.people[who].join(event["room_id"])
        return web.json_response({})


async def said_before(ghost: Person, room: str, text: str, ago: timedelta) -> str:
    """Something said so long ago, as a bridge fills a room with what was there."""
    path = await ghost.at(room, "send", "m.room.message", secrets.token_hex(8))
    at = int((datetime.now(UTC) - ago).timestamp() * 1000)
    said = {"msgtype": "m.text", "body": text}
    return str((await ghost.call("PUT", path, said, ts=str(at)))["event_id"])


class _Ghost(Person):
    """Every call is the bridge's, in the name of one of its ghosts."""

    async def call(
        self, method: str, path: str, body: Any = None, raw: bytes | None = None, **query: str
    ) -> dict[str, Any]:
        return await super().call(method, path, body, raw, user_id=self.user, **query)
