"""Destroying what has had its time."""

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select, update
from sqlmodel import Session, col
from sqlmodel import select as rows

from bot.storage.cases import CLAIMABLE, erase, read_case
from bot.storage.deliveries import drop_set_aside
from bot.storage.records import Case, CaseState, PlanState, SweepReport
from bot.storage.store import Store, changed
from bot.storage.tables import (
    ButtonRow,
    CaseRow,
    CatchupRow,
    CodeRow,
    DialogueRow,
    IncidentRow,
    PlanRow,
    SessionRow,
    TriesRow,
)

IN_FLIGHT = (CaseState.RELEASING, CaseState.REDIRECTING)
FLIGHT_GRACE = timedelta(days=1)
LOOSE_PLANS_LAST = timedelta(days=7)
_EXPIRING = (IncidentRow, DialogueRow, ButtonRow, CodeRow, SessionRow, TriesRow, CatchupRow)


class Sweep(Store):
    """The broom."""

    async def sweep(self, now: datetime, *, incident_days: int = 30) -> SweepReport:
        """Destroy everything expired at `now`, in one transaction.

        `expired` are the cases that were still waiting: their state is now EXPIRED and their
        senders are to be told. What is on its way just then gets one more day. A case's row,
        without its copy, stays `incident_days` after the message was seen.
        """

        def work(session: Session) -> SweepReport:
            # First: the rows of what expires now are still needed to tell their senders.
            removed = _old_rows(session, now, incident_days)
            expired = self._expire(session, now)
            removed += len(expired) + _late_copies(session, now)
            for table in _EXPIRING:
                removed += changed(session, delete(table).where(col(table.expires_at) <= now))
            return SweepReport(expired, removed)

        return await self._database.write("sweep", work)

    def _expire(self, session: Session, now: datetime) -> tuple[Case, ...]:
        query = rows(CaseRow).where(
            col(CaseRow.expires_at) <= now,
            col(CaseRow.state).in_([state.value for state in CLAIMABLE]),
        )
        expired: list[Case] = []
        for row in session.exec(query.order_by(col(CaseRow.id)).with_for_update()).all():
            row.state, row.copy_sealed = CaseState.EXPIRED.value, None
            session.flush()
            erase(session, row.id)
            session.execute(delete(ButtonRow).where(col(ButtonRow.case_id) == row.id))
            expired.append(read_case(self._keys, row))
        return tuple(expired)


def _late_copies(session: Session, now: datetime) -> int:
    """Erase copies that should be gone: of ended cases, and of those stuck on their way."""
    ended = col(CaseRow.state).not_in([state.value for state in (*CLAIMABLE, *IN_FLIGHT)])
    late = select(col(CaseRow.id)).where(
        col(CaseRow.copy_sealed).is_not(None),
        or_(
            and_(ended, col(CaseRow.expires_at) <= now),
            col(CaseRow.expires_at) <= now - FLIGHT_GRACE,
        ),
    )
    found = list(session.scalars(late))
    for case_id in found:
        erase(session, case_id)
    drop_set_aside(session, found)
    stuck = col(CaseRow.state).in_([state.value for state in IN_FLIGHT])
    session.execute(
        update(CaseRow)
        .where(col(CaseRow.id).in_(found), stuck)
        .values(state=CaseState.FAILED.value)
    )
    return len(found)


def _old_rows(session: Session, now: datetime, incident_days: int) -> int:
    cases = delete(CaseRow).where(
        col(CaseRow.copy_sealed).is_(None),
        col(CaseRow.seen_at) <= now - timedelta(days=incident_days),
    )
    loose = delete(PlanRow).where(
        col(PlanRow.case_id).is_(None),
        col(PlanRow.state) != PlanState.ACTIVE.value,
        col(PlanRow.created_at) <= now - LOOSE_PLANS_LAST,
    )
    return changed(session, cases) + changed(session, loose)
