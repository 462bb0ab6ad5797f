"""The seam between Fluister and a chat platform: what an adapter is given and must do.

An adapter translates and nothing else. It turns the platform's payloads into events and hands
them to the `on_incoming` callable the app gave it; it turns our `Action`s into the platform's
calls. Every text in an action is final: rendered, in the reader's language.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.core.capabilities import Capabilities
from bot.core.events import Account, Attachment, ChatRef, Incoming, Receipt
from bot.errors import DeliveryError

__all__ = ["Action", "Adapter", "AdapterState", "DeliveryError", "Done", "OnIncoming"]

OnIncoming = Callable[[Incoming], Awaitable[Receipt]]


@dataclass(frozen=True, slots=True)
class Button:
    """`token` comes back in `ButtonPressed`; `url` (a tel: or https: link) opens instead."""

    label: str
    token: str = field(default="", repr=False)
    url: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file to post along; the bytes stay out of every `repr`."""

    name: str = field(repr=False)
    mime: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class WayTo:
    """A message in a group, and what a button that leads there says."""

    chat: ChatRef
    message: str
    label: str


@dataclass(frozen=True, slots=True)
class ShowPrivately:
    """Show `text` to one person alone.

    `near` is the group it is about: an ephemeral message is shown there; without that means the
    private chat is used. `replaces` is the message id of an earlier one of ours to edit in place.
    Where messages have addresses, a button leads to the one it is `about`.
    """

    to: Account
    text: str = field(repr=False)
    buttons: tuple[tuple[Button, ...], ...] = ()
    near: ChatRef | None = None
    replaces: str | None = None
    about: WayTo | None = None


@dataclass(frozen=True, slots=True)
class RemoveMessage:
    """Take a message out of the chat for everybody; already gone counts as done."""

    chat: ChatRef
    message: str


@dataclass(frozen=True, slots=True)
class Post:
    """Post in a chat; `author` asks for it to appear in that person's name where possible."""

    chat: ChatRef
    text: str = field(repr=False)
    author: Account | None = None
    files: tuple[File, ...] = ()
    reply_to: str | None = None
    silent: bool = False
    conversation: str = ""


@dataclass(frozen=True, slots=True)
class LockGroup:
    """Let nobody but the bot post; the earlier rights are saved first, restored by unlocking."""

    chat: ChatRef
    notice: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class UnlockGroup:
    chat: ChatRef


@dataclass(frozen=True, slots=True)
class Snooze:
    """Silence the platform for one person until `until` (aware UTC)."""

    who: Account
    until: datetime


Action = ShowPrivately | RemoveMessage | Post | LockGroup | UnlockGroup | Snooze


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an action: `message` is the id of what was posted or shown, if any."""

    message: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a platform's own examination looked at; `says` tells what to do if it is wrong."""

    name: str
    good: bool
    says: str


class AdapterState(Protocol):
    """A small encrypted store an adapter writes before the outside call it must be able to undo."""

    async def get(self, key: str) -> bytes | None: ...

    async def put(self, key: str, value: bytes) -> None: ...

    async def compare_and_set(self, key: str, old: bytes | None, new: bytes | None) -> bool:
        """Write `new` only if the stored value still is `old`; tell whether it was written."""
        ...


class Adapter(Protocol):
    """One platform. All methods run on the app's event loop.

    `act` is called at least once per action with the same `key`; a platform that can de-duplicate
    uses it. It raises `DeliveryError`, and nothing else, for what the platform refuses.
    """

    name: str
    capabilities: Capabilities

    async def connect(self) -> None:
        """Check the token and rights; raise `DeliveryError(permanent=True)` when unusable."""
        ...

    async def receive(self) -> None:
        """Hand events to `on_incoming` until cancelled."""
        ...

    async def act(self, action: Action, key: str) -> Done: ...

    async def fetch(self, attachment: Attachment) -> bytes:
        """Return an attachment's bytes; at most 20 MB, else a permanent `DeliveryError`."""
        ...

    async def member_count(self, chat: ChatRef) -> int | None: ...

    async def is_member(self, chat: ChatRef, account: Account) -> bool | None:
        """Whether somebody is in a chat now; None when the platform does not say."""
        ...

    async def close(self) -> None: ...


@runtime_checkable
class OnBehalf(Protocol):
    """A platform where members may let us act with their own account, each for themselves."""

    async def means_for(self, who: Account) -> Capabilities:
        """What can be done for this person, where it differs from what can be done for others."""
        ...

    async def schedule(self, post: Post, message: str, at: datetime) -> bool:
        """Plan `post` in its author's name, in the place of `message`; tell whether it was."""
        ...

    async def unschedule(self, chat: ChatRef, message: str) -> bool:
        """Take back what was planned for `message`; tell whether it was posted already."""
        ...

    async def silenceable(self) -> tuple[Account, ...]:
        """Who wants no sounds outside their working time."""
        ...


@dataclass(frozen=True, slots=True)
class Panel:
    """What a page of the platform's own tells one person; the token of a button names a form."""

    text: str = field(repr=False)
    forms: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form; `options` are value and label, none means typed words."""

    name: str
    label: str
    value: str = field(default="", repr=False)
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form for one person; `name` comes back with what was filled in."""

    name: str
    title: str
    submit: str
    cancel: str
    fields: tuple[Field, ...] = field(repr=False)


class Desk(Protocol):
    """What a platform that has pages and forms of its own may ask the app for."""

    async def panel(self, who: Account) -> Panel: ...

    async def form(self, who: Account, name: str) -> Form | None:
        """The form of a command such as "stilte"; nothing where it is not theirs to fill in."""
        ...

    async def filled(self, who: Account, name: str, given: Mapping[str, str]) -> Mapping[str, str]:
        """Carry a form out; what is wrong with which field, nothing when it was stored."""
        ...


@runtime_checkable
class WithDesk(Protocol):
    """A platform that has pages of its own; it works without a desk too."""

    def sit_at(self, desk: Desk) -> None: ...
