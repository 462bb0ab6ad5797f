"""What happened, without text: incident rows and daily counts, never per person."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from bot.core.events import Account
from bot.storage.records import Counted, Incident
from bot.storage.store import Store, insert, insert_once, new_id
from bot.storage.tables import CountRow, IncidentRow

LONGEST_DETAIL = 120


class Incidents(Store):
    """The incident record and the counts."""

    async def record_incident(
        self,
        *,
        org: str,
        case_id: str | None,
        event: str,
        seen_at: datetime,
        expires_at: datetime,
        categories: Sequence[str] = (),
        rule_ids: Sequence[str] = (),
        articles: Sequence[str] = (),
        facts: Sequence[str] = (),
        detail: str = "",
        at: datetime | None = None,
        removed_at: datetime | None = None,
        mailed_at: datetime | None = None,
        group_size: int | None = None,
        sender: Account | None = None,
        key: str | None = None,
    ) -> bool:
        """Write down that something happened; the same `key` again changes nothing.

        `detail` is a kind or code, cut to 120 characters; `sender` is kept as a keyed hash.
        `facts` are words of the closed vocabulary.
        """
        values = {
            "id": new_id(),
            "key": key,
            "org": org,
            "case_id": case_id,
            "event": event,
            "categories": tuple(categories),
            "rule_ids": tuple(rule_ids),
            "articles": tuple(articles),
            "facts": tuple(facts),
            "detail": detail[:LONGEST_DETAIL],
            "seen_at": seen_at,
            "at": at or seen_at,
            "removed_at": removed_at,
            "mailed_at": mailed_at,
            "group_size": group_size,
            "sender_mark": self.account_mark(sender) if sender else None,
            "expires_at": expires_at,
        }
        return await self._database.write(
            "record an incident", lambda session: insert_once(session, IncidentRow, values)
        )

    async def incidents(self, org: str, since: datetime) -> tuple[Incident, ...]:
        """What happened from `since` on, the oldest first."""
        query = (
            select(IncidentRow)
            .where(col(IncidentRow.org) == org, col(IncidentRow.at) >= since)
            .order_by(col(IncidentRow.at), col(IncidentRow.id))
        )
        return await self._database.read(
            "read incidents", lambda session: tuple(_read(row) for row in session.exec(query))
        )

    async def count(self, org: str, day: date, name: str, by: int = 1) -> None:
        """Add to one of the day's counts."""

        def work(session: Session) -> None:
            statement = insert(session, CountRow).values(org=org, day=day, name=name, count=by)
            session.execute(
                statement.on_conflict_do_update(
                    index_elements=["org", "day", "name"],
                    set_={"count": col(CountRow.count) + by},
                )
            )

        await self._database.write("count", work)

    async def counts(self, org: str, since: date | None = None) -> tuple[Counted, ...]:
        """The counts of a school by day and name."""
        query = select(CountRow).where(col(CountRow.org) == org)
        if since is not None:
            query = query.where(col(CountRow.day) >= since)
        query = query.order_by(col(CountRow.day), col(CountRow.name))
        return await self._database.read(
            "read counts",
            lambda session: tuple(Counted(r.day, r.name, r.count) for r in session.exec(query)),
        )


def _read(row: IncidentRow) -> Incident:
    return Incident(
        id=row.id,
        case_id=row.case_id,
        event=row.event,
        categories=row.categories,
        rule_ids=row.rule_ids,
        articles=row.articles,
        facts=row.facts,
        detail=row.detail,
        seen_at=row.seen_at,
        at=row.at,
        removed_at=row.removed_at,
        mailed_at=row.mailed_at,
        group_size=row.group_size,
        sender_mark=row.sender_mark,
    )
