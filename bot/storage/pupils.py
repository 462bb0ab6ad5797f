"""Pupils: only ever keyed hashes of their names."""

import dataclasses
from collections.abc import Iterable

from sqlalchemy import delete
from sqlmodel import Session, col, select

from bot.storage.crypto import Keyring, fold_name
from bot.storage.store import Store, changed, insert_once
from bot.storage.tables import PupilRow


@dataclasses.dataclass(frozen=True, slots=True)
class Roster:
    """The pupils of a school, only good for asking whether a name is among them."""

    _keys: Keyring = dataclasses.field(repr=False)
    _marks: frozenset[str] = dataclasses.field(repr=False)

    def __contains__(self, name: object) -> bool:
        if not self._marks or not isinstance(name, str):
            return False
        return any(mark in self._marks for mark in self._keys.hashes("name", name))

    def __len__(self) -> int:
        return len(self._marks)


class Pupils(Store):
    """The roster."""

    async def add_roster_hashes(self, org: str, names: Iterable[str]) -> int:
        """Remember pupils' names as keyed hashes alone; return how many were new."""
        marks = {self._keys.hash("name", name) for name in names if fold_name(name)}

        def work(session: Session) -> int:
            return sum(
                insert_once(session, PupilRow, {"org": org, "name_mark": mark})
                for mark in sorted(marks)
            )

        return await self._database.write("store the roster", work)

    async def clear_roster(self, org: str) -> int:
        statement = delete(PupilRow).where(col(PupilRow.org) == org)
        return await self._database.write("clear the roster", lambda s: changed(s, statement))

    async def roster(self, org: str) -> Roster:
        """The roster in memory, for asking `name in roster` without waiting."""
        query = select(PupilRow.name_mark).where(col(PupilRow.org) == org)
        marks = await self._database.read(
            "read the roster", lambda session: frozenset(session.exec(query))
        )
        return Roster(self._keys, marks)

    async def in_roster(self, name: str) -> bool:
        """Whether some school here has a pupil of this name."""
        marks = self._keys.hashes("name", name)
        query = select(PupilRow.name_mark).where(col(PupilRow.name_mark).in_(marks))
        return await self._database.read(
            "look into the roster", lambda session: session.exec(query).first() is not None
        )
