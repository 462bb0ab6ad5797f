"""What stands in the demo room, and what happens in it: values only."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.adapters.base import Button
from bot.core.events import AttachmentKind

PLATFORM = "demo"
TEAM = "team"
BOT = "fluister"

MAX_TEXT = 4_096
MAX_FILE = 20_000_000
MAX_FILES = 4


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with a phone in the demo."""

    id: str
    name: str = field(repr=False)


COLLEAGUES = (
    Colleague("anna", "Anna"),
    Colleague("bert", "Bert"),
    Colleague("celine", "Celine"),
)


class Kind(StrEnum):
    """What a line in a chat is: somebody's words, the bot's words, or that the bot came in."""

    SAID = "said"
    BOT = "bot"
    JOINED = "joined"


class Standing(StrEnum):
    """Who can see a line: everybody in the chat, or only its author until it is let through."""

    SEEN = "seen"
    WAITING = "waiting"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class RoomFile:
    """A file with its bytes; they live in memory and nowhere else."""

    name: str = field(repr=False)
    mime: str
    content: bytes = field(repr=False)

    @property
    def kind(self) -> AttachmentKind:
        return _KINDS.get(self.mime.partition("/")[0], AttachmentKind.DOCUMENT)


_KINDS = {
    "image": AttachmentKind.PHOTO,
    "audio": AttachmentKind.VOICE,
    "video": AttachmentKind.VIDEO,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line in a chat. `at` is aware UTC; `author` is a colleague's id or `BOT`.

    `via_bot` marks words the bot posted in their author's name; `near` marks a private line that
    belongs to something in the group; `note` is shown under the line to its author alone.
    """

    id: str
    chat: str
    author: str
    at: datetime
    kind: Kind
    text: str = field(default="", repr=False)
    files: tuple[RoomFile, ...] = ()
    reply_to: str | None = None
    revision: int = 0
    standing: Standing = Standing.SEEN
    note: str = field(default="", repr=False)
    buttons: tuple[tuple[Button, ...], ...] = field(default=(), repr=False)
    via_bot: bool = False
    near: bool = False
    silent: bool = False


class ChangeKind(StrEnum):
    """What a change in the room was about."""

    SAID = "said"
    CHECKED = "checked"
    HELD = "held"
    EDITED = "edited"
    DELETED = "deleted"
    REMOVED = "removed"
    SETTLED = "settled"
    WHISPERED = "whispered"
    POSTED = "posted"
    RETURNED = "returned"
    PRESSED = "pressed"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    JOINED = "joined"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Change:
    """Something in the room is different now; `who` is the colleague it concerns, if one.

    `RETURNED` is a line posted in its author's name. `SETTLED` is a held line that is not shown to
    its author any more. `MISSED` says that a slow reader lost some
    changes and should look at the whole room again.
    """

    number: int
    kind: ChangeKind
    chat: str = TEAM
    line: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody wrote; a line that is `WAITING` wants an answer before others see it."""

    line: Line
    quoted: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Edited:
    line: Line
    quoted: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Deleted:
    chat: str
    line: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Pressed:
    chat: str
    who: str
    token: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody put the bot in the group."""

    by: str
    at: datetime


Happening = Said | Edited | Deleted | Pressed | Invited


def private_chat(who: str) -> str:
    """Return the id of the private chat between `who` and the bot."""
    return f"private:{who}"
