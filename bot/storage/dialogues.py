"""Where each private conversation stands, sealed, under a hash of the account."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from bot.core.events import Account
from bot.storage.store import Store, insert
from bot.storage.tables import DialogueRow


class Dialogues(Store):
    """One open dialogue per account."""

    async def dialogue(self, account: Account, now: datetime | None = None) -> bytes | None:
        """The stored state; with `now` an expired one counts as gone."""
        marks = self._marks(account)

        def work(session: Session) -> bytes | None:
            row = _row(session, marks)
            return None if row is None else self._open(row, now)

        return await self._database.read("read a dialogue", work)

    async def put_dialogue(self, account: Account, state: bytes, expires_at: datetime) -> None:
        """Store the state in place of what was there."""
        marks = self._marks(account)
        values = {"sealed": self._keys.seal(state, _aad(marks[0])), "expires_at": expires_at}

        def work(session: Session) -> None:
            session.execute(delete(DialogueRow).where(col(DialogueRow.account_mark).in_(marks[1:])))
            statement = insert(session, DialogueRow).values(account_mark=marks[0], **values)
            session.execute(
                statement.on_conflict_do_update(index_elements=["account_mark"], set_=values)
            )

        await self._database.write("store a dialogue", work)

    async def drop_dialogue(self, account: Account) -> None:
        marks = self._marks(account)
        statement = delete(DialogueRow).where(col(DialogueRow.account_mark).in_(marks))
        await self._database.write("drop a dialogue", lambda session: session.execute(statement))

    def _open(self, row: DialogueRow, now: datetime | None) -> bytes | None:
        if now is not None and row.expires_at <= now:
            return None
        return self._keys.open(row.sealed, _aad(row.account_mark))


def _row(session: Session, marks: tuple[str, ...]) -> DialogueRow | None:
    query = select(DialogueRow).where(col(DialogueRow.account_mark).in_(marks)).with_for_update()
    return session.exec(query).first()


def _aad(mark: str) -> str:
    return f"dialogues/{mark}"
