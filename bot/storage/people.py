"""Colleagues and their accounts."""

import dataclasses
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from bot.core.events import Account
from bot.core.quiet_hours import Half, Leave
from bot.errors import SettingError, StorageError
from bot.storage import codes
from bot.storage.crypto import Keyring, fold_email, fold_name
from bot.storage.people_csv import RowRead, read_people
from bot.storage.records import ImportReport, Person, Refusal
from bot.storage.store import (
    Store,
    account_id,
    mark_of,
    new_id,
    open_account,
    open_json,
    seal_account,
    seal_json,
)
from bot.storage.tables import AccountRow, PersonRow

CHANGEABLE = frozenset(
    {"name", "email", "phone", "roles", "works", "leave", "digest", "lessons", "past"}
)


class People(Store):
    """The directory of colleagues."""

    async def add_person(
        self,
        org: str,
        *,
        name: str = "",
        email: str = "",
        phone: str = "",
        roles: Sequence[str] = (),
        works: str = "",
        leave: Sequence[Leave] = (),
        digest: bool = False,
    ) -> Person:
        """Add a colleague; `SettingError` "people.email_taken" when the address is known here."""
        person = Person(
            new_id(), org, name, email.strip(), phone, tuple(roles), works, tuple(leave), digest
        )
        await self._database.write(
            "add a colleague", lambda session: _add(session, self._keys, person)
        )
        return person

    async def change_person(self, person_id: str, **fields: object) -> Person:
        """Change the named fields; `SettingError` "people.unknown" when nobody has this id."""
        unknown = set(fields) - CHANGEABLE
        if unknown:
            raise StorageError(f"change a colleague: no field {', '.join(sorted(unknown))}")

        def work(session: Session) -> Person:
            row = session.get(PersonRow, person_id)
            if row is None:
                raise SettingError("people.unknown")
            given: dict[str, Any] = dict(fields)
            old = _read(session, self._keys, row)
            new = dataclasses.replace(old, **given, version=old.version + 1)
            _write(session, self._keys, row, new)
            return new

        return await self._database.write("change a colleague", work)

    async def people(self, org: str) -> tuple[Person, ...]:
        """A school's colleagues by name."""
        return await self._database.read(
            "read colleagues", lambda session: _everybody(session, self._keys, org)
        )

    async def person(self, person_id: str) -> Person | None:
        def work(session: Session) -> Person | None:
            row = session.get(PersonRow, person_id)
            return None if row is None else _read(session, self._keys, row)

        return await self._database.read("read a colleague", work)

    async def person_for(self, account: Account) -> Person | None:
        """Whose account this is, as far as anybody linked it."""
        query = (
            select(PersonRow)
            .join(AccountRow, col(AccountRow.person_id) == col(PersonRow.id))
            .where(col(AccountRow.account_mark).in_(self._marks(account)))
        )

        def work(session: Session) -> Person | None:
            row = session.exec(query).first()
            return None if row is None else _read(session, self._keys, row)

        return await self._database.read("find a colleague", work)

    async def colleagues(self, org: str, domain: str | None = None) -> tuple[Person, ...]:
        """Colleagues with an address, on `domain` where one is given."""
        wanted = None if domain is None else domain.casefold()
        return tuple(
            person
            for person in await self.people(org)
            if person.email and wanted in (None, fold_email(person.email).rpartition("@")[2])
        )

    async def link_account(self, person_id: str, account: Account) -> None:
        """Say whose account this is; it stops being anybody else's."""
        await self._database.write(
            "link an account", lambda session: self._link(session, person_id, account)
        )

    def _link(self, session: Session, person_id: str, account: Account) -> None:
        marks = self._marks(account)
        session.execute(delete(AccountRow).where(col(AccountRow.account_mark).in_(marks)))
        mark = mark_of(self._keys, account)
        session.add(
            AccountRow(
                account_mark=mark,
                person_id=person_id,
                sealed=seal_account(self._keys, account, f"accounts/{mark}"),
            )
        )
        session.flush()

    async def new_link_code(self, person_id: str, now: datetime) -> str:
        """Make the one-time code with which a colleague links an account of their own."""

        def work(session: Session) -> str:
            row = session.get(PersonRow, person_id)
            if row is None:
                raise SettingError("people.unknown")
            return codes.issue(session, self._keys, codes.LINK, now, org=row.org, subject=person_id)

        return await self._database.write("make a link code", work)

    async def redeem_link_code(
        self, code: str, account: Account, now: datetime
    ) -> Person | Refusal:
        """Link `account` to the code's person; five wrong tries and this account must wait."""
        mark = self.account_mark(account)

        def work(session: Session) -> Person | Refusal:
            if codes.could_be(codes.LINK, code) and codes.worn_out(session, mark, now):
                return Refusal.EXPIRED
            found = codes.redeem(session, self._keys, codes.LINK, code, now)
            if isinstance(found, Refusal):
                if found is Refusal.UNKNOWN and codes.could_be(codes.LINK, code):
                    codes.blame_account(session, mark, now)
                return found
            row = session.get(PersonRow, found.subject)
            if row is None:
                return Refusal.UNKNOWN
            codes.forgive(session, mark)
            self._link(session, row.id, account)
            return _read(session, self._keys, row)

        return await self._database.write("use a link code", work)

    async def import_csv(self, org: str, data: bytes) -> ImportReport:
        """Add and change colleagues from a file; one wrong line and nothing is changed.

        Who has the same address, or without one the same name, is the same person. An empty cell
        leaves what was known. `rejected` says line, column and catalogue key of each fault.
        """
        rows, faults = read_people(data)
        if faults:
            return ImportReport(rejected=tuple(faults))
        return await self._database.write(
            "import colleagues", lambda session: _merge(session, self._keys, org, rows)
        )


def _everybody(session: Session, keys: Keyring, org: str) -> tuple[Person, ...]:
    rows = session.exec(select(PersonRow).where(col(PersonRow.org) == org)).all()
    linked = session.exec(
        select(AccountRow)
        .join(PersonRow, col(PersonRow.id) == col(AccountRow.person_id))
        .where(col(PersonRow.org) == org)
    ).all()
    of: dict[str, list[AccountRow]] = {}
    for account in linked:
        of.setdefault(account.person_id, []).append(account)
    people = (_person(keys, row, of.get(row.id, [])) for row in rows)
    return tuple(sorted(people, key=lambda person: (fold_name(person.name), person.id)))


def _read(session: Session, keys: Keyring, row: PersonRow) -> Person:
    query = select(AccountRow).where(col(AccountRow.person_id) == row.id)
    return _person(keys, row, session.exec(query).all())


def _person(keys: Keyring, row: PersonRow, linked: Sequence[AccountRow]) -> Person:
    stored = open_json(keys, row.sealed, f"people/{row.id}")
    accounts = sorted(
        (open_account(keys, one.sealed, f"accounts/{one.account_mark}") for one in linked),
        key=account_id,
    )
    return Person(
        id=row.id,
        org=row.org,
        name=stored["name"],
        email=stored["email"],
        phone=stored["phone"],
        roles=tuple(stored["roles"]),
        works=stored["works"],
        leave=tuple(_leave(*one) for one in stored["leave"]),
        digest=stored["digest"],
        accounts=tuple(accounts),
        lessons=stored.get("lessons", ""),
        past=tuple(stored.get("past", ())),
        version=stored.get("version", 1),
    )


def _leave(start: str, end: str, half: str = Half.DAY.value) -> Leave:
    last = date.fromisoformat(end) if end else None
    return Leave(date.fromisoformat(start), last, Half(half))


def _add(session: Session, keys: Keyring, person: Person) -> None:
    row = PersonRow(id=person.id, org=person.org, sealed=b"")
    _write(session, keys, row, person)


def _write(session: Session, keys: Keyring, row: PersonRow, person: Person) -> None:
    """Seal a person into their row, unless somebody else has the address."""
    if person.email:
        same = select(PersonRow.id).where(
            col(PersonRow.org) == person.org,
            col(PersonRow.email_mark).in_(keys.hashes("email", person.email)),
            col(PersonRow.id) != person.id,
        )
        with session.no_autoflush:
            if session.exec(same).first() is not None:
                raise SettingError("people.email_taken")
    stored = {
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "roles": list(person.roles),
        "works": person.works,
        "leave": [
            [str(one.start), str(one.end) if one.end else "", one.half.value]
            for one in person.leave
        ],
        "digest": person.digest,
        "lessons": person.lessons,
        "past": list(person.past),
        "version": person.version,
    }
    row.email_mark = keys.hash("email", person.email) if person.email else None
    row.sealed = seal_json(keys, stored, f"people/{person.id}")
    session.add(row)
    session.flush()


def _merge(session: Session, keys: Keyring, org: str, rows: Sequence[RowRead]) -> ImportReport:
    known = _everybody(session, keys, org)
    by_email = {fold_email(person.email): person for person in known if person.email}
    by_name = {fold_name(person.name): person for person in known if person.name}
    added = altered = 0
    for read in rows:
        given = read.given()
        email = str(given.get("email", ""))
        old = by_email.get(fold_email(email)) if email else None
        named = by_name.get(fold_name(str(given.get("name", ""))))
        if old is None and named is not None and not (email and named.email):
            old = named
        if old is None:
            _add(session, keys, Person(new_id(), org, **given))
            added += 1
        elif (new := dataclasses.replace(old, **given)) != old:
            _write(session, keys, session.get_one(PersonRow, old.id), new)
            altered += 1
    return ImportReport(added, altered)
