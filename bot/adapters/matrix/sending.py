"""The one road by which events leave: encrypted where the room is, once for each key."""

from collections.abc import Iterator

from bot.adapters import wording
from bot.adapters.base import File
from bot.adapters.matrix.calls import Calls, room_path, safe, transaction
from bot.adapters.matrix.crypto import Crypto, seal_file
from bot.adapters.matrix.reading import Payload, words
from bot.adapters.matrix.room import Room
from bot.errors import DeliveryError

LONGEST = 16_000  # bytes; an event may have 65,536, encrypted and escaped
_KINDS = (("image/", "m.image"), ("audio/", "m.audio"), ("video/", "m.video"))


class Sender:
    """Sends into rooms; a retry with the same key is the same event."""

    def __init__(self, calls: Calls, crypto: Crypto) -> None:
        self.calls = calls
        self._crypto = crypto

    async def send(self, room: Room, kind: str, content: Payload, key: str) -> str:
        """Send one event; its id."""
        if room.encrypted and kind != "m.reaction":
            kind, content = await self._crypto.encrypt(room, kind, content)
        path = room_path(room.id, "send", kind, transaction(f"{room.id} {key}"))
        return _id(await self.calls.put(path, content))

    async def redact(self, room: str, event: str, key: str, reason: str = "") -> None:
        """Take the content of an event away for everybody."""
        body = {"reason": reason} if reason else {}
        await self.calls.put(room_path(room, "redact", event, transaction(f"{room} {key}")), body)

    async def state(self, room: str, kind: str, content: Payload, key: str = "") -> None:
        """Set a piece of a room's state."""
        path = room_path(room, "state", kind)
        await self.calls.put(f"{path}/{safe(key)}", content)

    async def file(self, room: Room, file: File) -> dict[str, object]:
        """Upload a file; the content of the message that shows it."""
        name = wording.clean(file.name)[:200] or "bestand"
        kind = next((k for start, k in _KINDS if file.mime.startswith(start)), "m.file")
        content: dict[str, object] = {
            "msgtype": kind,
            "body": name,
            "filename": name,
            "info": {"mimetype": file.mime, "size": len(file.content)},
        }
        if not room.encrypted:
            content["url"] = await self.calls.upload(file.content, file.mime)
            return content
        sealed, keys = seal_file(file.content)
        url = await self.calls.upload(sealed, "application/octet-stream")
        content["file"] = {**keys, "url": url}
        return content


def pieces(text: str) -> Iterator[str]:
    """Cut what we say into events a server takes."""
    return wording.pieces(text, lambda rest: len(rest.encode()[:LONGEST].decode(errors="ignore")))


def _id(answer: Payload) -> str:
    event = words(answer, "event_id")
    if not event:
        raise DeliveryError("matrix: a send without an id", permanent=False, uncertain=True)
    return event
