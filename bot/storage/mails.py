"""Mail attempts, written down before the send, so that no mail is ever sent twice unnoticed."""

from sqlmodel import Session, col, select

from bot.errors import StorageError
from bot.storage.records import MailAttempt, MailState
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

    async def mail_state(self, message_id: str) -> MailState:
        """The state of a mail; NEW when it was never begun."""

        def work(session: Session) -> MailState:
            row = session.get(MailRow, message_id)
            return MailState.NEW if row is None else MailState(row.state)

        return await self._database.read("read a mail", work)

    async def uncertain_mails(self, org: str) -> tuple[MailAttempt, ...]:
        """Mails of which nobody knows whether they arrived."""
        query = select(MailRow).where(
            col(MailRow.org) == org, col(MailRow.state) == MailState.UNCERTAIN.value
        )

        def work(session: Session) -> tuple[MailAttempt, ...]:
            return tuple(
                MailAttempt(r.message_id, r.case_id, MailState(r.state), r.code, r.attempts)
                for r in session.exec(query.order_by(col(MailRow.message_id)))
            )

        return await self._database.read("read uncertain mails", work)


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
