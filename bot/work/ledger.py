"""The few statements the engine needs that DBOS offers only in part, or without a condition.

Everything that knows the table behind DBOS is in this file (schema of DBOS 3.4, pinned below 4).
"""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Connect = Callable[[], AbstractContextManager[Any]]

_WAITS = "status IN ('ENQUEUED', 'DELAYED')"
_FAILED = "status IN ('ERROR', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED')"


@dataclass(frozen=True, slots=True)
class Ledger:
    """Plain SQL over one table. Every call blocks and uses a connection of its own."""

    connect: Connect
    table: str
    placeholder: str

    def counts(self) -> dict[str, int]:
        rows = self._ask(f"SELECT status, count(*) FROM {self.table} GROUP BY status")  # noqa: S608
        return {str(status): int(number) for status, number in rows}

    def oldest_waiting(self) -> datetime | None:
        """Since when, in real time, the longest-waiting runnable job could have run."""
        since = (
            "CASE WHEN coalesce(delay_until_epoch_ms, 0) > created_at"
            " THEN delay_until_epoch_ms ELSE created_at END"
        )
        sql = f"SELECT min({since}) FROM {self.table} WHERE status = 'ENQUEUED'"  # noqa: S608
        (first,) = self._ask(sql)[0]
        return None if first is None else datetime.fromtimestamp(int(first) / 1000, UTC)

    def late(self, before: datetime) -> int:
        """How many jobs could have run or ended since `before` and did not."""
        moment = int(before.timestamp() * 1000)
        sql = (
            f"SELECT count(*) FROM {self.table} WHERE"  # noqa: S608
            f" ({_WAITS} AND created_at < ? AND coalesce(delay_until_epoch_ms, 0) < ?)"
            " OR (status = 'PENDING' AND started_at_epoch_ms < ?)"
        )
        return int(self._ask(sql, moment, moment, moment)[0][0])

    def failed(self) -> list[str]:
        """Ids of what ended in failure."""
        sql = f"SELECT workflow_uuid FROM {self.table} WHERE {_FAILED}"  # noqa: S608
        return [str(row[0]) for row in self._ask(sql)]

    def withdraw(self, key: str, prefix: str) -> int:
        """Cancel what has not started yet; how many rows that were.

        DBOS's own cancel would also drop a running job, whose deed may be done already.
        """
        where, values = _turns_of(key, prefix)
        now = int(time.time() * 1000)
        sql = (
            f"UPDATE {self.table} SET status = 'CANCELLED', queue_name = NULL,"  # noqa: S608
            " owner_xid = NULL, deduplication_id = NULL, started_at_epoch_ms = NULL,"
            f" updated_at = ?, completed_at = ? WHERE {_WAITS} AND {where}"
        )
        return self._change(sql, now, now, *values)

    def busy(self, turn_mark: str) -> int:
        """How many jobs run, could run now, or wait only for a back-off in real time."""
        sql = (
            f"SELECT count(*) FROM {self.table} WHERE status IN ('ENQUEUED', 'PENDING')"  # noqa: S608
            " OR (status = 'DELAYED' AND (delay_until_epoch_ms <= ? OR workflow_uuid LIKE ?))"
        )
        return int(self._ask(sql, int(time.time() * 1000), f"%{turn_mark}%")[0][0])

    def executors(self) -> list[str]:
        """Which nodes have work in hand."""
        sql = f"SELECT DISTINCT executor_id FROM {self.table} WHERE status = 'PENDING'"  # noqa: S608
        return [str(row[0]) for row in self._ask(sql) if row[0] is not None]

    def hand_back(self, executor: str) -> int:
        """Put a dead node's work back in its queue; safe to repeat, and counts as an attempt."""
        sql = (
            f"UPDATE {self.table} SET status = 'ENQUEUED', owner_xid = NULL,"  # noqa: S608
            " started_at_epoch_ms = NULL, updated_at = ?"
            " WHERE status = 'PENDING' AND executor_id = ?"
        )
        return self._change(sql, int(time.time() * 1000), executor)

    def living_keys(self) -> list[str]:
        """Ids of everything that has not ended."""
        sql = (
            f"SELECT workflow_uuid FROM {self.table}"  # noqa: S608
            " WHERE status NOT IN ('SUCCESS', 'CANCELLED')"
        )
        return [str(row[0]) for row in self._ask(sql)]

    def _ask(self, sql: str, *values: object) -> Sequence[Any]:
        with self.connect() as connection:
            rows: Sequence[Any] = connection.execute(self._dialect(sql), values).fetchall()
            return rows

    def _change(self, sql: str, *values: object) -> int:
        with self.connect() as connection:
            return int(connection.execute(self._dialect(sql), values).rowcount)

    def _dialect(self, sql: str) -> str:
        return sql.replace("?", self.placeholder)


def _turns_of(key: str, prefix: str) -> tuple[str, tuple[object, ...]]:
    # substr, because LIKE ignores case in SQLite and a range depends on the collation elsewhere.
    return "(workflow_uuid = ? OR substr(workflow_uuid, 1, ?) = ?)", (key, len(prefix), prefix)
