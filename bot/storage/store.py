"""What every part of storage works with: the database, the keys, and a few statements."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import CursorResult, Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from bot.core.events import Account
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.tables import Row


class Store:
    """The base of every part of the repository."""

    def __init__(self, database: Database, keys: Keyring) -> None:
        self._database = database
        self._keys = keys

    def account_mark(self, account: Account) -> str:
        """The keyed hash by which an account is known where nobody should read who it is."""
        return mark_of(self._keys, account)

    def _marks(self, account: Account) -> tuple[str, ...]:
        return self._keys.hashes("account", account_id(account))


def new_id() -> str:
    return uuid.uuid4().hex


def account_id(account: Account) -> str:
    """One unambiguous text for an account, to be hashed."""
    return json.dumps([account.platform, account.user])


def mark_of(keys: Keyring, account: Account) -> str:
    return keys.hash("account", account_id(account))


def seal_json(keys: Keyring, value: object, aad: str) -> bytes:
    """Seal a JSON value; lone surrogates and NUL survive."""
    return keys.seal(json.dumps(value, separators=(",", ":")).encode("ascii"), aad)


def open_json(keys: Keyring, sealed: bytes, aad: str) -> Any:  # noqa: ANN401
    return json.loads(keys.open(sealed, aad))


def seal_account(keys: Keyring, account: Account, aad: str) -> bytes:
    return seal_json(keys, [account.platform, account.user, account.name], aad)


def open_account(keys: Keyring, sealed: bytes, aad: str) -> Account:
    platform, user, name = open_json(keys, sealed, aad)
    return Account(platform, user, name)


def insert(session: Session, row: type[Row]) -> sqlite.Insert | postgresql.Insert:
    """An insert that knows `ON CONFLICT`, for the engine in use."""
    table = row.__table__  # type: ignore[attr-defined]
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def insert_once(session: Session, row: type[Row], values: Mapping[str, object]) -> bool:
    """Insert unless a row with that key is there; tell whether it was inserted."""
    return changed(session, insert(session, row).values(**values).on_conflict_do_nothing()) == 1


def changed(session: Session, statement: Executable) -> int:
    """Run a statement and count the rows it touched."""
    result = session.execute(statement, execution_options={"preserve_rowcount": True})
    assert isinstance(result, CursorResult)  # noqa: S101  (an insert, update or delete)
    return result.rowcount
