"""What a platform tells us: a closed union of events, the same for every chat.

Texts are kept out of every `repr`, so that a log line or a traceback can never show one.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Place(StrEnum):
    """What kind of chat a message stands in."""

    TEAM = "team"
    PARENTS = "parents"
    OTHER = "other"
    PRIVATE = "private"


class AttachmentKind(StrEnum):
    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    VIDEO = "video"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ChatRef:
    """One chat on one platform."""

    platform: str
    chat: str


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody's account on one platform. `name` is what the platform shows, if it says so."""

    platform: str
    user: str
    name: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside a message; `ref` is what the adapter needs to fetch its bytes."""

    kind: AttachmentKind
    ref: str
    name: str = field(default="", repr=False)
    mime: str = "application/octet-stream"
    size: int | None = None


@dataclass(frozen=True, slots=True)
class MessagePosted:
    """Somebody wrote something. `sent_at` is aware UTC.

    `quoted` is what a reply repeats of another message, apart from what the sender wrote.
    `delivered` is false where the platform asks us before anybody has seen the message.
    `conversation` is a thread or topic within the chat, empty where there is none. `outsiders`
    says that people from outside the school's own workspace can read it.
    """

    chat: ChatRef
    message: str
    sender: Account
    sent_at: datetime
    place: Place
    text: str = field(default="", repr=False)
    quoted: str = field(default="", repr=False)
    reply_to: str | None = None
    conversation: str = ""
    attachments: tuple[Attachment, ...] = ()
    revision: int = 0
    delivered: bool = True
    outsiders: bool = False


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """A message changed: `posted` holds it as it stands now, with a higher `revision`."""

    posted: MessagePosted


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    chat: ChatRef
    message: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    """A button of ours was pressed; `token` is the opaque one-time id we gave it."""

    chat: ChatRef
    by: Account
    token: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CommandGiven:
    """A command such as /stilte; `argument` is the rest of the line."""

    chat: ChatRef
    by: Account
    command: str
    at: datetime
    place: Place
    argument: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class BotAdded:
    """The bot joined a chat. `title` is the chat's name, `by` whoever added it if known."""

    chat: ChatRef
    at: datetime
    place: Place = Place.OTHER
    title: str = field(default="", repr=False)
    by: Account | None = None
    admins: tuple[Account, ...] = ()


@dataclass(frozen=True, slots=True)
class BotRemoved:
    chat: ChatRef
    at: datetime


@dataclass(frozen=True, slots=True)
class MembersChanged:
    """Who is in a chat, as far as the platform tells; `size` counts people, not bots."""

    chat: ChatRef
    at: datetime
    joined: tuple[Account, ...] = ()
    left: tuple[Account, ...] = ()
    size: int | None = None


Incoming = (
    MessagePosted
    | MessageEdited
    | MessageDeleted
    | ButtonPressed
    | CommandGiven
    | BotAdded
    | BotRemoved
    | MembersChanged
)


@dataclass(frozen=True, slots=True)
class Pass:
    """Nothing stands in the way (a pre-delivery gate lets the message through)."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Do not deliver; `text` is already in the sender's language and may be shown to them only."""

    text: str = field(repr=False)


Receipt = Pass | Refuse
