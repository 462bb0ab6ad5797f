"""A chat platform of the tests: it can do what a test says it can, and refuses what it says."""

import itertools
from collections.abc import Callable
from datetime import timedelta

from bot.adapters.base import (
    Action,
    Done,
    LockGroup,
    Post,
    RemoveMessage,
    ShowPrivately,
)
from bot.core.capabilities import Capabilities
from bot.core.events import Account, Attachment, ChatRef
from bot.errors import DeliveryError

NAME = "chat"
TEAM = ChatRef(NAME, "team")
ABLE = Capabilities(
    delete_others=timedelta(days=2),
    ephemeral=True,
    dm_first=True,
    post_as_author=True,
    silent=True,
    buttons=True,
    sees_edits=True,
    sees_deletes=True,
)
Fault = Callable[[Action], None]


def refuse(kind: type, *, permanent: bool = True, times: int | None = None) -> Fault:
    """Refuse one kind of action, for good or so many times."""
    left = [times]

    def fault(action: Action) -> None:
        if not isinstance(action, kind) or left[0] == 0:
            return
        if left[0] is not None:
            left[0] -= 1
        raise DeliveryError("chat: 403", permanent=permanent, retry_after=0.1)

    return fault


class Chat:
    """Remembers every action it carried out, once per key."""

    name = NAME

    def __init__(self, capabilities: Capabilities = ABLE) -> None:
        self.count = itertools.count()
        self.usual = capabilities
        self.as_new()

    def as_new(self) -> None:
        """Forget everything, faults included."""
        self.capabilities = self.usual
        self.done: dict[str, tuple[Action, Done]] = {}
        self.tried: list[Action] = []
        self.faults: list[Fault] = []
        self.files: dict[str, bytes] = {}
        self.size_fails = False
        self.strangers: set[str] = set()
        self.before: Callable[[Action], object] | None = None
        self.died_after: list[tuple[type, Callable[[], object]]] = []

    async def connect(self) -> None:
        """There is nobody to connect to."""

    async def receive(self) -> None:
        """The tests hand events in themselves."""

    async def act(self, action: Action, key: str) -> Done:
        if key in self.done:
            return self.done[key][1]
        self.tried.append(action)
        for fault in self.faults:
            fault(action)
        if self.before is not None:
            told = self.before(action)
            if told is not None:
                await told  # type: ignore[misc]
        done = Done(f"bot-{next(self.count)}")
        self.done[key] = (action, done)
        if self.died_after and isinstance(action, self.died_after[0][0]):
            self.died_after.pop(0)[1]()
            raise DeliveryError("chat: no answer", permanent=False, retry_after=0.1)
        return done

    async def fetch(self, attachment: Attachment) -> bytes:
        if attachment.ref not in self.files:
            raise DeliveryError("chat: no such file", permanent=True)
        return self.files[attachment.ref]

    async def member_count(self, chat: ChatRef) -> int | None:
        if self.size_fails:
            raise DeliveryError("chat: 429", permanent=False)
        return 12

    async def is_member(self, chat: ChatRef, account: Account) -> bool | None:
        return account.user not in self.strangers

    async def close(self) -> None:
        """There is nothing to close."""

    def did(self, kind: type) -> list:
        return [action for action, _ in self.done.values() if isinstance(action, kind)]

    def whispers(self, who: str = "anna") -> list[ShowPrivately]:
        return [shown for shown in self.did(ShowPrivately) if shown.to.user == who]

    def posts(self) -> list[Post]:
        return self.did(Post)

    def removed(self) -> list[str]:
        return [action.message for action in self.did(RemoveMessage)]

    def locked(self) -> bool:
        return bool(self.did(LockGroup))
