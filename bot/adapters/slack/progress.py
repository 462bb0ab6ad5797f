"""What of an action was done already, so that another try does only the rest."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TypeVar

MOST_KEYS = 2_000
K = TypeVar("K")
V = TypeVar("V")


class Progress:
    """By the action's key and the name of a part; lost with the process."""

    def __init__(self) -> None:
        self._done: OrderedDict[str, dict[str, str]] = OrderedDict()
        self._tries: OrderedDict[str, int] = OrderedDict()

    async def once(self, key: str, part: str, work: Callable[[], Awaitable[str]]) -> str:
        """Return what this part gave; work that raises is done again the next time."""
        done = self._done.setdefault(key, {})
        self._done.move_to_end(key)
        cut(self._done)
        if part not in done:
            done[part] = await work()
        return done[part]

    def tried(self, key: str) -> int:
        """Count one more try, and return how many there were."""
        self._tries[key] = self._tries.get(key, 0) + 1
        cut(self._tries)
        return self._tries[key]

    def over(self, key: str) -> None:
        """Forget an action that is done."""
        self._tries.pop(key, None)
        self._done.pop(key, None)


def cut(known: OrderedDict[K, V]) -> None:
    """Forget the oldest where there are too many."""
    if len(known) > MOST_KEYS:
        known.popitem(last=False)
