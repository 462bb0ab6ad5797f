"""What is stored about somebody, and forgetting it on request."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, delete, or_, update
from sqlmodel import Session, SQLModel, col, func, select

from bot.core.events import Account
from bot.storage.catchups import TOLD, forget_catchups
from bot.storage.store import Store, changed
from bot.storage.tables import (
    AccountRow,
    AdminRow,
    ButtonRow,
    CaseRow,
    CatchupRow,
    CodeRow,
    DialogueRow,
    IncidentRow,
    PersonRow,
    SchoolChangeRow,
    SessionRow,
    TriesRow,
)

_BY_ACCOUNT = (
    (CaseRow, CaseRow.sender_mark),
    (DialogueRow, DialogueRow.account_mark),
    (ButtonRow, ButtonRow.account_mark),
    (SessionRow, SessionRow.account_mark),
    (TriesRow, TriesRow.account_mark),
    (AdminRow, AdminRow.account_mark),
)


class Privacy(Store):
    """Insight and erasure for one account."""

    async def about(self, account: Account) -> Mapping[str, int]:
        """How many rows of each kind are about this account."""
        marks = self._marks(account)
        me = select(AccountRow.person_id).where(col(AccountRow.account_mark).in_(marks))

        def work(session: Session) -> Mapping[str, int]:
            def count(table: type[SQLModel], column: object) -> int:
                query = select(func.count()).select_from(table).where(col(column).in_(marks))
                return session.exec(query).one()

            return {
                "cases": count(CaseRow, CaseRow.sender_mark),
                "incidents": count(IncidentRow, IncidentRow.sender_mark),
                "person": count(AccountRow, AccountRow.account_mark),
                "dialogue": count(DialogueRow, DialogueRow.account_mark),
                "buttons": count(ButtonRow, ButtonRow.account_mark),
                "admin": count(AdminRow, AdminRow.account_mark),
                "catchups": _kept(session, col(CatchupRow.sender_mark).in_(marks)),
                "catchups_for_me": _kept(session, col(CatchupRow.person_id).in_(me)),
                "sessions": count(SessionRow, SessionRow.account_mark),
            }

        return await self._database.read("tell what is stored", work)

    async def last_taken_away(self, account: Account) -> tuple[str, ...] | None:
        """The articles for which a message of theirs last left a group; `None` where none did."""
        marks = self._marks(account)
        never_posted = col(CaseRow.message).startswith("draft:")

        def work(session: Session) -> tuple[str, ...] | None:
            gone = or_(col(CaseRow.removed_at).is_not(None), col(CaseRow.delivered).is_(False))
            mine = select(CaseRow).where(col(CaseRow.sender_mark).in_(marks), gone, ~never_posted)
            row = session.exec(mine.order_by(col(CaseRow.seen_at).desc())).first()
            return None if row is None else tuple(row.articles)

        return await self._database.read("tell why a message left", work)

    async def forget(self, account: Account) -> int:
        """Destroy everything about this account and its person; return how many rows.

        Copies still waiting are gone as well. Incidents stay as numbers, no longer anybody's.
        """
        marks = self._marks(account)

        def work(session: Session) -> int:
            people = select(AccountRow.person_id).where(col(AccountRow.account_mark).in_(marks))
            return _forget(session, marks, list(session.exec(people)))

        return await self._database.write("forget somebody", work)

    async def forget_person(self, person_id: str) -> int:
        """Destroy everything about a colleague and their accounts, as `forget` does."""
        linked = select(AccountRow.account_mark).where(col(AccountRow.person_id) == person_id)

        def work(session: Session) -> int:
            return _forget(session, tuple(session.exec(linked)), [person_id])

        return await self._database.write("forget a colleague", work)


def _forget(session: Session, marks: tuple[str, ...], people: list[str]) -> int:
    gone = forget_catchups(session, marks, people)
    gone += changed(session, delete(PersonRow).where(col(PersonRow.id).in_(people)))
    for subject in (*people, *marks):
        gone += changed(session, delete(CodeRow).where(col(CodeRow.subject) == subject))
    for table, column in _BY_ACCOUNT:
        gone += changed(session, delete(table).where(col(column).in_(marks)))
    _unname(session, marks, people)
    return gone


def _kept(session: Session, whose: ColumnElement[bool]) -> int:
    """How many messages are kept for colleagues who are free; told ones have no words left."""
    query = select(func.count()).select_from(CatchupRow).where(whose)
    told = col(CatchupRow.claimed_by) == TOLD
    return session.exec(query.where(or_(col(CatchupRow.claimed_by).is_(None), ~told))).one()


def _unname(session: Session, marks: tuple[str, ...], people: list[str]) -> None:
    """Leave what must stay, but as nobody's."""
    session.execute(
        update(IncidentRow).where(col(IncidentRow.sender_mark).in_(marks)).values(sender_mark=None)
    )
    session.execute(
        update(SchoolChangeRow).where(col(SchoolChangeRow.by).in_(marks)).values(by="forgotten")
    )
    session.execute(
        update(CaseRow).where(col(CaseRow.person_id).in_(people)).values(person_id=None)
    )
