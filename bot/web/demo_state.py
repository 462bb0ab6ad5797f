"""What the demo page shows, as one value that can be sent again at any time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.adapters.demo.room import Room
from bot.adapters.demo.values import TEAM, Kind, Line, RoomFile, Standing, private_chat
from bot.web.demo_moments import AMSTERDAM

_LINES_SHOWN = 150
_QUOTE_SHOWN = 140
_MAILS_SHOWN = 100
_MAIL_TEXT_SHOWN = 200_000

Json = dict[str, Any]


class ReceivedMail(Protocol):
    """A mail as the demo's own server received it. `received_at` is aware UTC."""

    @property
    def number(self) -> int: ...
    @property
    def read(self) -> bool: ...
    @property
    def sender(self) -> str: ...
    @property
    def to(self) -> Sequence[str]: ...
    @property
    def subject(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def attachments(self) -> Sequence[str]: ...
    @property
    def received_at(self) -> datetime: ...


def room_state(room: Room) -> Json:
    """Return every chat as each colleague sees it."""
    return {
        "locked": room.locked,
        "notice": room.notice,
        "team": _lines(room, room.lines(TEAM)),
        "own": {person.id: _lines(room, _held(room, person.id)) for person in room.people},
        "private": {
            person.id: _lines(room, room.lines(private_chat(person.id))) for person in room.people
        },
    }


def mail_list(mails: Sequence[ReceivedMail]) -> list[Json]:
    """Return the newest mails as rows, in the order given (newest first)."""
    return [_mail_row(mail) for mail in mails[:_MAILS_SHOWN]]


def mail_whole(mail: ReceivedMail) -> Json:
    """Return one mail as it was received: its headers, its text and its files' names."""
    return {
        **_mail_row(mail),
        "to": ", ".join(mail.to),
        "text": mail.text[:_MAIL_TEXT_SHOWN],
        "attachments": list(mail.attachments),
    }


def clock_state(now: datetime) -> Json:
    """Return the time and the light outside: day, dusk or night."""
    local = now.astimezone(AMSTERDAM)
    return {"now": now.isoformat(), "sky": _sky(local.hour + local.minute / 60)}


def _sky(hour: float) -> str:
    if 7 <= hour < 18:
        return "day"
    return "dusk" if 18 <= hour < 20 else "night"


def _mail_row(mail: ReceivedMail) -> Json:
    return {
        "id": mail.number,
        "subject": mail.subject,
        "from": mail.sender,
        "at": mail.received_at.isoformat(),
        "read": mail.read,
    }


def _held(room: Room, who: str) -> list[Line]:
    return [line for line in room.lines(TEAM, who) if line.standing is not Standing.SEEN]


def _lines(room: Room, lines: list[Line]) -> list[Json]:
    return [_line(room, line) for line in lines[-_LINES_SHOWN:]]


def _line(room: Room, line: Line) -> Json:
    return {
        "id": line.id,
        "author": line.author,
        "name": room.name_of(line.author),
        "at": line.at.isoformat(),
        "kind": line.kind.value,
        "text": line.text,
        "note": line.note,
        "standing": line.standing.value,
        "edited": line.revision > 0 and line.kind is Kind.SAID,
        "viaBot": line.via_bot,
        "near": line.near,
        "private": line.chat != TEAM,
        "revision": line.revision,
        "quote": _quote(room, line),
        "files": [_file(line.id, index, file) for index, file in enumerate(line.files)],
        "buttons": [
            [{"label": b.label, "token": b.token, "url": _safe_url(b.url)} for b in row]
            for row in line.buttons
        ],
    }


def _quote(room: Room, line: Line) -> Json | None:
    """Return what a reply repeats; nothing of a line that was taken away."""
    quoted = room.line(line.reply_to) if line.reply_to else None
    if quoted is None or quoted.standing is not Standing.SEEN:
        return None
    return {"name": room.name_of(quoted.author), "text": quoted.text[:_QUOTE_SHOWN]}


def _file(line_id: str, index: int, file: RoomFile) -> Json:
    return {
        "name": file.name,
        "url": f"/file/{line_id}/{index}",
        "image": file.mime in SHOWN_IMAGES,
    }


def _safe_url(url: str) -> str:
    return url if url.startswith(("tel:", "https:", "mailto:")) else ""


SHOWN_IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
