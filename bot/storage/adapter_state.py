"""What an adapter must remember: sync tokens, keys, saved permissions; sealed, names hashed.

Delivery keeps an admin's request here too, for whichever process works.
"""

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.store import Store, changed, insert, insert_once
from bot.storage.tables import StateRow


class StoredState(Store):
    """One platform's state; see `bot.adapters.base.AdapterState`."""

    def __init__(self, database: Database, keys: Keyring, platform: str) -> None:
        super().__init__(database, keys)
        self._platform = platform

    async def get(self, key: str) -> bytes | None:
        def work(session: Session) -> bytes | None:
            row = self._row(session, key)
            return None if row is None else self._open(row)

        return await self._database.read("read adapter state", work)

    async def put(self, key: str, value: bytes) -> None:
        await self._database.write("store adapter state", lambda s: self._put(s, key, value))

    async def compare_and_set(self, key: str, old: bytes | None, new: bytes | None) -> bool:
        """Write `new` only if the stored value still is `old`; tell whether it was written."""

        def work(session: Session) -> bool:
            row = self._row(session, key)
            if row is None or old is None:
                return row is None and old is None and self._first(session, key, new)
            return self._open(row) == old and self._replace(session, row, new)

        return await self._database.write("change adapter state", work)

    def _first(self, session: Session, key: str, new: bytes | None) -> bool:
        return new is None or insert_once(session, StateRow, self._values(key, new))

    def _replace(self, session: Session, row: StateRow, new: bytes | None) -> bool:
        same = (
            col(StateRow.platform) == row.platform,
            col(StateRow.name_mark) == row.name_mark,
            col(StateRow.sealed) == row.sealed,
        )
        if new is None:
            return changed(session, delete(StateRow).where(*same)) == 1
        sealed = self._keys.seal(new, _aad(row.platform, row.name_mark))
        return changed(session, update(StateRow).where(*same).values(sealed=sealed)) == 1

    def _put(self, session: Session, key: str, value: bytes) -> None:
        older = self._keys.hashes("adapter state", key)[1:]
        session.execute(
            delete(StateRow).where(
                col(StateRow.platform) == self._platform, col(StateRow.name_mark).in_(older)
            )
        )
        values = self._values(key, value)
        statement = insert(session, StateRow).values(**values)
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["platform", "name_mark"], set_={"sealed": values["sealed"]}
            )
        )

    def _values(self, key: str, value: bytes) -> dict[str, object]:
        mark = self._keys.hash("adapter state", key)
        sealed = self._keys.seal(value, _aad(self._platform, mark))
        return {"platform": self._platform, "name_mark": mark, "sealed": sealed}

    def _row(self, session: Session, key: str) -> StateRow | None:
        marks = self._keys.hashes("adapter state", key)
        query = select(StateRow).where(
            col(StateRow.platform) == self._platform, col(StateRow.name_mark).in_(marks)
        )
        return session.exec(query).first()

    def _open(self, row: StateRow) -> bytes:
        return self._keys.open(row.sealed, _aad(row.platform, row.name_mark))


class States(Store):
    """The way to each platform's state."""

    def adapter_state(self, platform: str) -> StoredState:
        return StoredState(self._database, self._keys, platform)


def _aad(platform: str, mark: str) -> str:
    return f"adapter_states/{platform}/{mark}"
