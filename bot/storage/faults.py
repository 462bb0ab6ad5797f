"""From a driver's exception to a `StorageError` that helps, without a word of the data.

Drivers repeat statements and values in their messages, so only codes are looked at.
"""

import sqlite3

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.errors import StorageError

Fault = SQLAlchemyError | sqlite3.Error

_LOCKED = "another program keeps the database locked; stop it, or try again in a moment"
_READ_ONLY = "the database may only be read; give this user the right to write the file and folder"
_FULL = "the disk is full; make room, nothing was half written"
_AWAY = "the database cannot be reached; check FLUISTER_DATABASE_URL and whether it runs"
_BROKEN = "the database file is damaged or is not a database; restore it from a backup"
_CLASH = "this contradicts what is stored already"
_SHAPE = "the database does not have this version's shape; run `fluister db upgrade`"

_SQLITE = {
    "SQLITE_BUSY": _LOCKED,
    "SQLITE_LOCKED": _LOCKED,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_PERM": _READ_ONLY,
    "SQLITE_FULL": _FULL,
    "SQLITE_IOERR": "the disk could not be read or written; check it",
    "SQLITE_CANTOPEN": _AWAY,
    "SQLITE_CORRUPT": _BROKEN,
    "SQLITE_NOTADB": _BROKEN,
    "SQLITE_CONSTRAINT": _CLASH,
}
_POSTGRES = {
    "53100": _FULL,
    "25006": _READ_ONLY,
    "42501": _READ_ONLY,
    "42P01": _SHAPE,
    "42703": _SHAPE,
    "55P03": _LOCKED,
    "57014": _LOCKED,
}
_POSTGRES_KINDS = {"08": _AWAY, "28": _AWAY, "3D": _AWAY, "57": _AWAY, "53": _AWAY, "23": _CLASH}
_REPEAT = ("40001", "40P01")


def refused(operation: str, error: Fault) -> StorageError:
    """Say which operation the database refused, and what to do; raise it `from None`."""
    return StorageError(f"{operation}: {_why(error)}")


def worth_repeating(error: Fault) -> bool:
    """Whether the database undid this only because of somebody else."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _REPEAT


def _why(error: Fault) -> str:
    if isinstance(error, sqlite3.Error):
        return _sqlite(error)
    if not isinstance(error, DBAPIError):
        return f"the database layer failed ({type(error).__name__})"
    orig = error.orig
    if isinstance(orig, sqlite3.Error):
        return _sqlite(orig)
    state = getattr(orig, "sqlstate", None)
    if state is None:
        return _AWAY if error.connection_invalidated or _is_operational(error) else _other(error)
    return _POSTGRES.get(state) or _POSTGRES_KINDS.get(state[:2]) or _other(error, state)


def _sqlite(orig: sqlite3.Error) -> str:
    name = getattr(orig, "sqlite_errorname", "")
    base = "_".join(name.split("_")[:2])
    if base == "SQLITE_ERROR":
        return _SHAPE
    return _SQLITE.get(base) or f"the database refused it ({name or type(orig).__name__})"


def _is_operational(error: DBAPIError) -> bool:
    return type(error.orig).__name__ == "OperationalError"


def _other(error: DBAPIError, state: str = "") -> str:
    return f"the database refused it ({state or type(error.orig).__name__})"
