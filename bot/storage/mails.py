"""Mail attempts, written down before the send, so that no mail is ever sent twice unnoticed."""

from sqlmodel import Session, col, func, select

from bot.errors import StorageError
from bot.storage.records import CaseState, MailState
from bot.storage.store import Store, insert_once
from bot.storage.tables import CaseRow, MailRow


class Mails(Store):
    """What is known about each mail."""

    async def begin_mail(self, message_id: str, case_id: str) -> MailState:
        """Write down that a send begins, unless it was accepted; return the state before.

        STARTED as the answer means that an earlier attempt never told how it ended.
        """

        def work(session: Session) -> MailState:
            _ensure(session, message_id, case_id)
            row = _locked(session, message_id)
            before = MailState(row.state)
            if before is not MailState.ACCEPTED:
                row.state, row.attempts = MailState.STARTED.value, row.attempts + 1
            return before

        return await self._database.write("begin a mail", work)

    async def finish_mail(self, message_id: str, state: MailState, code: int = 0) -> None:
        """Write down how the attempt ended; NEW says that it may be tried again."""

        def work(session: Session) -> None:
            row = _locked(session, message_id)
            row.state, row.code = state.value, code

        await self._database.write("finish a mail", work)

    async def uncertain_mails(self, org: str) -> int:
        """Of how many mails nobody knows whether they arrived, while their author still decides."""
        query = (
            select(func.count())
            .select_from(MailRow)
            .join(CaseRow, col(CaseRow.id) == col(MailRow.case_id))
            .where(
                col(MailRow.org) == org,
                col(MailRow.state) == MailState.UNCERTAIN.value,
                col(CaseRow.state) == CaseState.OPEN.value,
            )
        )
        return await self._database.read(
            "count uncertain mails", lambda session: session.exec(query).one()
        )


def _ensure(session: Session, message_id: str, case_id: str) -> None:
    case = session.get(CaseRow, case_id)
    if case is None:
        raise StorageError("begin a mail: its case is gone")
    values = {
        "message_id": message_id,
        "case_id": case_id,
        "org": case.org,
        "state": MailState.NEW.value,
        "code": 0,
        "attempts": 0,
    }
    insert_once(session, MailRow, values)


def _locked(session: Session, message_id: str) -> MailRow:
    query = select(MailRow).where(col(MailRow.message_id) == message_id).with_for_update()
    row = session.exec(query).first()
    if row is None:
        raise StorageError("finish a mail: it was never begun")
    return row
