"""Small lists and tables in the adapter's encrypted state, the oldest entries forgotten first."""

import json
from collections import OrderedDict
from typing import Generic, TypeVar, cast

from bot.adapters.base import AdapterState

_V = TypeVar("_V")


class Table(Generic[_V]):
    """A table under one key of the state; its values are what JSON can hold."""

    def __init__(self, state: AdapterState, key: str, most: int) -> None:
        self._state = state
        self._key = key
        self._most = most
        self._rows: OrderedDict[str, _V] = OrderedDict()

    async def load(self) -> None:
        """Read what was stored; what cannot be read counts as empty."""
        stored = await self._state.get(self._key)
        try:
            rows = json.loads(stored) if stored else {}
        except ValueError:
            rows = {}
        self._rows = OrderedDict(cast(dict[str, _V], rows if isinstance(rows, dict) else {}))

    def get(self, name: str) -> _V | None:
        return self._rows.get(name)

    def rows(self) -> dict[str, _V]:
        return dict(self._rows)

    async def put(self, name: str, value: _V) -> None:
        """Store a row before anything is done that needs it."""
        if self._rows.get(name) == value:
            return
        self._rows[name] = value
        self._rows.move_to_end(name)
        while len(self._rows) > self._most:
            self._rows.popitem(last=False)
        await self._write()

    async def drop(self, name: str) -> None:
        if self._rows.pop(name, None) is not None:
            await self._write()

    def __contains__(self, name: str) -> bool:
        return name in self._rows

    async def _write(self) -> None:
        await self._state.put(self._key, json.dumps(self._rows).encode())
