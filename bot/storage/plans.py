"""What must happen, step by step; a step is written down as begun before the outside call."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from bot.errors import StorageError
from bot.storage.crypto import Keyring
from bot.storage.records import PlanState, Step, StepDraft, StepState
from bot.storage.store import Store, changed, insert_once
from bot.storage.tables import CaseRow, PlanRow, SchoolRow, StepRow

_OPEN = (StepState.PLANNED.value, StepState.STARTED.value)
_BEGINNABLE = (*_OPEN, StepState.FAILED.value)
_OVER = (StepState.DONE.value, StepState.SKIPPED.value)


class Plans(Store):
    """Plans and their steps."""

    async def add_plan(self, key: str, case_id: str | None, steps: Sequence[StepDraft]) -> bool:
        """Store a plan unless one with this key is there; tell whether it was stored."""

        def work(session: Session) -> bool:
            return insert_plan(session, self._keys, key, case_id, _org(session, case_id), steps)

        return await self._database.write("store a plan", work)

    async def step(self, plan_key: str, seq: int) -> Step | None:
        def work(session: Session) -> Step | None:
            row = session.get(StepRow, (plan_key, seq))
            return None if row is None else _read(session, self._keys, row)

        return await self._database.read("read a step", work)

    async def start_step(self, plan_key: str, seq: int) -> Step:
        """Write down that a step begins; one that is done or skipped is returned as it is.

        Raises `StorageError` when there is no such step.
        """

        def work(session: Session) -> Step:
            session.execute(
                update(StepRow)
                .where(*_is(plan_key, seq), col(StepRow.state).in_(_BEGINNABLE))
                .values(state=StepState.STARTED.value, attempts=col(StepRow.attempts) + 1)
            )
            return _read(session, self._keys, _must(session, plan_key, seq, "start a step"))

        return await self._database.write("start a step", work)

    async def finish_step(
        self,
        plan_key: str,
        seq: int,
        state: StepState,
        label: str = "",
        result: str | None = None,
    ) -> None:
        """Write down how a step ended; done or skipped ones lose their payload.

        The plan is done once no step of it is left to do.
        """

        def work(session: Session) -> None:
            row = _must(session, plan_key, seq, "finish a step")
            row.state, row.label = state.value, label
            if state.value in _OVER:
                row.sealed = None
            if result is not None:
                row.result_sealed = self._keys.seal(
                    result.encode("utf-8", "surrogatepass"), f"{_aad(plan_key, seq)}/result"
                )
            session.flush()
            _close(session, plan_key)

        await self._database.write("finish a step", work)

    async def step_result(self, plan_key: str, seq: int) -> str | None:
        """What a finished step gave, such as the id of a posted message."""

        def work(session: Session) -> str | None:
            row = session.get(StepRow, (plan_key, seq))
            if row is None or row.result_sealed is None:
                return None
            opened = self._keys.open(row.result_sealed, f"{_aad(plan_key, seq)}/result")
            return opened.decode("utf-8", "surrogatepass")

        return await self._database.read("read a result", work)

    async def supersede_plans(self, case_id: str, keep: str | None) -> int:
        """End the case's active plans but `keep`: what they still had to do is skipped."""

        def work(session: Session) -> int:
            query = select(PlanRow.key).where(
                col(PlanRow.case_id) == case_id, col(PlanRow.state) == PlanState.ACTIVE.value
            )
            keys = [key for key in session.exec(query) if key != keep]
            session.execute(
                update(StepRow)
                .where(col(StepRow.plan_key).in_(keys), col(StepRow.state).in_(_BEGINNABLE))
                .values(state=StepState.SKIPPED.value, label="superseded", sealed=None)
            )
            ended = update(PlanRow).where(col(PlanRow.key).in_(keys))
            return changed(session, ended.values(state=PlanState.SUPERSEDED.value))

        return await self._database.write("supersede plans", work)

    async def unfinished_plans(
        self, org: str | None = None
    ) -> tuple[tuple[str, int, datetime | None], ...]:
        """Each active plan with its first step that is neither done nor skipped.

        A failed step counts as unfinished until its plan ends, so that whoever takes the plan
        up again decides about the failure instead of stepping over it.
        """
        query = (
            select(StepRow.plan_key, StepRow.seq, StepRow.at)
            .join(PlanRow, col(PlanRow.key) == col(StepRow.plan_key))
            .where(col(PlanRow.state) == PlanState.ACTIVE.value)
            .where(col(StepRow.state).not_in(_OVER))
            .order_by(col(PlanRow.created_at), col(StepRow.plan_key), col(StepRow.seq))
        )
        if org is not None:
            query = query.where(col(PlanRow.org) == org)

        def work(session: Session) -> tuple[tuple[str, int, datetime | None], ...]:
            first: dict[str, tuple[str, int, datetime | None]] = {}
            for key, seq, at in session.exec(query):
                first.setdefault(key, (key, seq, at))
            return tuple(first.values())

        return await self._database.read("read unfinished plans", work)


def insert_plan(
    session: Session,
    keys: Keyring,
    key: str,
    case_id: str | None,
    org: str,
    steps: Sequence[StepDraft],
) -> bool:
    """Store a plan with its steps in the running transaction."""
    state = PlanState.ACTIVE if steps else PlanState.DONE
    values = {
        "key": key,
        "org": org,
        "case_id": case_id,
        "state": state.value,
        "created_at": datetime.now(UTC),
    }
    if not insert_once(session, PlanRow, values):
        return False
    for seq, draft in enumerate(steps):
        session.add(
            StepRow(
                plan_key=key,
                seq=seq,
                kind=draft.kind,
                sealed=keys.seal(draft.payload, _aad(key, seq)),
                at=draft.at,
                state=StepState.PLANNED.value,
                last=seq == len(steps) - 1,
            )
        )
    session.flush()
    return True


def erase_payloads(session: Session, case_id: str) -> None:
    """Destroy what finished or failed steps of a case still hold."""
    plans = select(PlanRow.key).where(col(PlanRow.case_id) == case_id)
    session.execute(
        update(StepRow)
        .where(col(StepRow.plan_key).in_(plans), col(StepRow.state).not_in(_OPEN))
        .values(sealed=None)
    )


def _org(session: Session, case_id: str | None) -> str:
    if case_id is not None:
        row = session.get(CaseRow, case_id)
        if row is None:
            raise StorageError("store a plan: its case is gone")
        return row.org
    query = select(SchoolRow.id).order_by(col(SchoolRow.created_at), col(SchoolRow.id)).limit(1)
    return session.exec(query).first() or ""


def _read(session: Session, keys: Keyring, row: StepRow) -> Step:
    plan = session.get_one(PlanRow, row.plan_key)
    payload = b"" if row.sealed is None else keys.open(row.sealed, _aad(row.plan_key, row.seq))
    return Step(
        plan_key=row.plan_key,
        seq=row.seq,
        case_id=plan.case_id,
        kind=row.kind,
        payload=payload,
        at=row.at,
        state=StepState(row.state),
        attempts=row.attempts,
        last=row.last,
        plan_state=PlanState(plan.state),
    )


def _must(session: Session, plan_key: str, seq: int, operation: str) -> StepRow:
    row = session.get(StepRow, (plan_key, seq))
    if row is None:
        raise StorageError(f"{operation}: there is no step {seq} in that plan")
    return row


def _close(session: Session, plan_key: str) -> None:
    """Mark a plan as done when none of its steps is left to do."""
    left = select(StepRow.seq).where(
        col(StepRow.plan_key) == plan_key, col(StepRow.state).in_(_OPEN)
    )
    if session.exec(left).first() is None:
        session.execute(
            update(PlanRow)
            .where(col(PlanRow.key) == plan_key, col(PlanRow.state) == PlanState.ACTIVE.value)
            .values(state=PlanState.DONE.value)
        )


def _is(plan_key: str, seq: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(StepRow.plan_key) == plan_key, col(StepRow.seq) == seq


def _aad(plan_key: str, seq: int) -> str:
    return f"steps/{seq}/{plan_key}"
