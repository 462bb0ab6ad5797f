"""What was said just before, for reading reactions: six messages or thirty minutes, never on disk.

The texts lie encrypted in memory, under a key that is made anew at every start.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.fernet import Fernet

KEEP_MESSAGES = 6
KEEP_TIME = timedelta(minutes=30)
MOST_CHATS = 2_000
MOST_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class _Said:
    at: datetime
    sealed: bytes = field(repr=False)


class Recent:
    """A bounded window per conversation; chats nobody spoke in for longest are forgotten first."""

    def __init__(self) -> None:
        self._box = Fernet(Fernet.generate_key())
        self._chats: OrderedDict[tuple[str, ...], deque[_Said]] = OrderedDict()

    def add(self, conversation: tuple[str, ...], text: str, at: datetime) -> None:
        """Remember what was said; only the first part of a very long text counts."""
        said = self._chats.setdefault(conversation, deque(maxlen=KEEP_MESSAGES))
        self._chats.move_to_end(conversation)
        plain = text[:MOST_TEXT].encode("utf-8", "replace")
        said.append(_Said(at, self._box.encrypt(plain)))
        while len(self._chats) > MOST_CHATS:
            self._chats.popitem(last=False)

    def before(self, conversation: tuple[str, ...], at: datetime) -> tuple[str, ...]:
        """What was said before `at`, oldest first."""
        said = self._chats.get(conversation, ())
        return tuple(
            self._box.decrypt(one.sealed).decode("utf-8")
            for one in said
            if at - KEEP_TIME <= one.at <= at
        )
