"""Which chat is which: a group keeps its first id when Telegram turns it into a supergroup.

The new supergroup counts its messages from one again, so ids of messages in it carry its own id.
"""

import json

from bot.adapters.base import AdapterState
from bot.adapters.telegram.calls import PLATFORM
from bot.core.events import ChatRef
from bot.errors import DeliveryError

_KEY = "migrated"


class Chats:
    """Between Telegram's numbers and our references."""

    def __init__(self, state: AdapterState) -> None:
        self._state = state
        self._first: dict[int, int] = {}
        self._now: dict[int, int] = {}

    async def load(self) -> None:
        """Read what is known of earlier moves."""
        stored = await self._state.get(_KEY)
        for new, first in (json.loads(stored) if stored else {}).items():
            self._first[int(new)] = int(first)
            self._now[int(first)] = int(new)

    async def moved(self, old: int, new: int) -> None:
        """Remember that group `old` goes on as supergroup `new`; told twice changes nothing."""
        if self._first.get(new) is not None or old == new:
            return
        first = self._first.get(old, old)
        self._first[new], self._now[first] = first, new
        known = {str(chat): canonical for chat, canonical in self._first.items()}
        await self._state.put(_KEY, json.dumps(known).encode())

    async def gone_on(self, old: int, new: int) -> DeliveryError:
        """Note a move learnt from a refusal; the next attempt finds the group where it went."""
        await self.moved(old, new)
        return DeliveryError("telegram: the group moved", permanent=False, retry_after=0.1)

    def left_behind(self, chat: int) -> bool:
        """Whether this group has gone on elsewhere."""
        return self._now.get(self._first.get(chat, chat), chat) != chat

    def continues(self, chat: int) -> bool:
        """Whether this supergroup was another group before."""
        return chat in self._first

    def ref(self, chat: int) -> ChatRef:
        return ChatRef(PLATFORM, str(self._first.get(chat, chat)))

    def number(self, ref: ChatRef) -> int:
        """Telegram's present number of a chat."""
        if ref.platform != PLATFORM:
            raise DeliveryError(f"telegram: {ref.platform!r} is another platform", permanent=True)
        chat = whole(ref.chat)
        return self._now.get(chat, chat)

    def message(self, chat: int, message: int) -> str:
        """Our id of a message."""
        return f"{chat}/{message}" if chat in self._first else str(message)

    def find(self, ref: ChatRef, message: str) -> tuple[int, int]:
        """The chat and number of a message of ours."""
        self.number(ref)
        chat, slash, number = message.rpartition("/")
        return (whole(chat) if slash else whole(ref.chat)), whole(number)


def whole(text: str) -> int:
    """Read a number of Telegram's."""
    try:
        return int(text)
    except ValueError:
        raise DeliveryError("telegram: that is no id of Telegram's", permanent=True) from None
