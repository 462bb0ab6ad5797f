"""The school and its choices, every change checked against the version it was made from."""

import dataclasses
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.core.policy import Level
from bot.errors import SettingError, StorageError
from bot.storage.crypto import Keyring
from bot.storage.records import School, SchoolChange
from bot.storage.store import Store, changed, new_id, open_json, seal_json
from bot.storage.tables import SchoolChangeRow, SchoolRow

_FIELDS = frozenset(field.name for field in dataclasses.fields(School)) - {"id", "version"}
_PRIVATE = frozenset({"name", "team_address", "settings"})


class Schools(Store):
    """The single school for now; every row elsewhere says whose it is all the same."""

    async def school(self) -> School | None:
        """The school of this installation, if it was made."""

        def work(session: Session) -> School | None:
            row = first_school(session)
            return None if row is None else read_school(self._keys, row)

        return await self._database.read("read the school", work)

    async def create_school(self, name: str) -> School:
        return await self._database.write(
            "make a school", lambda session: make_school(session, self._keys, name)
        )

    async def change_school(
        self, expected_version: int, changes: Mapping[str, object], by: str
    ) -> School:
        """Make these changes if nobody made others meanwhile, and note who did.

        `by` is an account's mark, or "cli", "web" or "chat". Raises `SettingError`
        ("setup.changed_meanwhile") when the version has moved on, and `StorageError` for a name
        that is no setting.
        """
        unknown = set(changes) - _FIELDS
        if unknown:
            raise StorageError(f"change the school: no setting {', '.join(sorted(unknown))}")

        def work(session: Session) -> School:
            row = first_school(session)
            if row is None or row.version != expected_version:
                raise SettingError("setup.changed_meanwhile")
            new = dataclasses.replace(
                read_school(self._keys, row), version=expected_version + 1, **_typed(changes)
            )
            statement = (
                update(SchoolRow)
                .where(col(SchoolRow.id) == row.id, col(SchoolRow.version) == expected_version)
                .values(version=new.version, sealed=_seal(self._keys, new))
            )
            if changed(session, statement) != 1:
                raise SettingError("setup.changed_meanwhile")
            _note(session, new, changes, by)
            return new

        return await self._database.write("change the school", work)

    async def note_change(self, org: str, by: str, key: str) -> None:
        """Write down that somebody changed something of their own, without what it is."""
        row = SchoolChangeRow(id=new_id(), org=org, at=datetime.now(UTC), by=by, key=key)
        await self._database.write("note a change", lambda session: session.add(row))

    async def school_changes(self, org: str) -> tuple[SchoolChange, ...]:
        """Who changed what, the oldest first."""
        query = (
            select(SchoolChangeRow)
            .where(col(SchoolChangeRow.org) == org)
            .order_by(col(SchoolChangeRow.at), col(SchoolChangeRow.id))
        )
        return await self._database.read(
            "read changes",
            lambda session: tuple(
                SchoolChange(r.at, r.by, r.key, r.value) for r in session.exec(query)
            ),
        )


def first_school(session: Session) -> SchoolRow | None:
    query = select(SchoolRow).order_by(col(SchoolRow.created_at), col(SchoolRow.id)).limit(1)
    return session.exec(query).first()


def make_school(session: Session, keys: Keyring, name: str) -> School:
    """Add a school in the running transaction."""
    school = School(id=new_id(), version=1, name=name)
    session.add(SchoolRow(id=school.id, created_at=datetime.now(UTC), sealed=_seal(keys, school)))
    session.flush()
    return school


def read_school(keys: Keyring, row: SchoolRow) -> School:
    stored = open_json(keys, row.sealed, f"schools/{row.id}")
    stored["levels"] = {name: Level(level) for name, level in stored["levels"].items()}
    stored["level"] = Level(stored["level"]) if stored["level"] else None
    for name in ("pmr_on", "dpia_on"):
        stored[name] = date.fromisoformat(stored[name]) if stored[name] else None
    return School(id=row.id, version=row.version, **stored)


def _seal(keys: Keyring, school: School) -> bytes:
    stored = {name: _plain(getattr(school, name)) for name in sorted(_FIELDS)}
    return seal_json(keys, stored, f"schools/{school.id}")


def _plain(value: object) -> object:
    match value:
        case date():
            return value.isoformat()
        case Mapping():
            return {str(name): _plain(one) for name, one in value.items()}
        case _:
            return value


def _typed(changes: Mapping[str, object]) -> dict[str, Any]:
    """Check the kind of every value, so that nothing is stored that cannot be read again."""
    typed = dict(changes)
    try:
        if typed.get("level"):
            typed["level"] = Level(str(typed["level"]))
        if "levels" in typed:
            given = typed["levels"]
            assert isinstance(given, Mapping)  # noqa: S101  (answered below)
            typed["levels"] = {str(name): Level(str(level)) for name, level in given.items()}
        json.dumps({name: _plain(value) for name, value in typed.items()})
    except (TypeError, ValueError, AssertionError):
        raise StorageError("change the school: a value is of the wrong kind") from None
    for name, value in typed.items():
        if not _fits(name, value):
            raise StorageError(f"change the school: {name} is of the wrong kind")
    return typed


def _fits(name: str, value: object) -> bool:
    match name:
        case "pmr_on" | "dpia_on":
            return value is None or type(value) is date
        case "level":
            return value is None or isinstance(value, Level)
        case "levels" | "settings":
            return isinstance(value, Mapping)
        case "claimed" | "team_address_confirmed":
            return isinstance(value, bool)
        case _:
            return isinstance(value, str)


def _note(session: Session, school: School, changes: Mapping[str, object], by: str) -> None:
    """One line per setting; names and addresses are not repeated in it."""
    now = datetime.now(UTC)
    for key in sorted(changes):
        value = "" if key in _PRIVATE else json.dumps(_plain(getattr(school, key)))[:400]
        session.add(
            SchoolChangeRow(id=new_id(), org=school.id, at=now, by=by, key=key, value=value)
        )
