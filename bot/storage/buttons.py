"""Buttons: one-time, for one person; the token itself is never stored."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.core.events import Account
from bot.storage.records import NewButton, Refusal, TakenButton
from bot.storage.store import Store, changed, insert_once
from bot.storage.tables import ButtonRow


class Buttons(Store):
    """Buttons under whispers and answers."""

    def token_id(self, token: str) -> str:
        """What may stand for a token in keys and rows."""
        return self._keys.hash("button", token)

    async def add_buttons(self, buttons: Sequence[NewButton]) -> None:
        """Store buttons before they are shown; storing one again changes nothing."""
        values = [self._values(button) for button in buttons]

        def work(session: Session) -> None:
            for one in values:
                insert_once(session, ButtonRow, one)

        await self._database.write("store buttons", work)

    def _values(self, button: NewButton) -> dict[str, object]:
        mark = self.token_id(button.token)
        argument = button.argument.encode("utf-8", "surrogatepass")
        return {
            "token_mark": mark,
            "group": button.group,
            "account_mark": self.account_mark(button.account),
            "case_id": button.case_id,
            "choice": button.choice,
            "sealed": self._keys.seal(argument, _aad(mark)),
            "expires_at": button.expires_at,
        }

    async def take_button(
        self, token: str, account: Account, now: datetime
    ) -> TakenButton | Refusal:
        """Use a button up, with its whole group; of two presses at once only one succeeds.

        The same press told again by the platform gets the same answer, marked `again`.
        """
        tokens = self._keys.hashes("button", token)
        marks = self._marks(account)

        def work(session: Session) -> TakenButton | Refusal:
            query = select(ButtonRow).where(col(ButtonRow.token_mark).in_(tokens))
            row = session.exec(query).first()
            if row is None:
                return Refusal.UNKNOWN
            if row.account_mark not in marks:
                return Refusal.NOT_YOURS
            if row.used_at is None and row.expires_at <= now:
                return Refusal.EXPIRED
            again = row.pressed
            if not again and not _use_up(session, row.group, now):
                return Refusal.USED
            row.pressed = True
            argument = self._keys.open(row.sealed, _aad(row.token_mark))
            return TakenButton(
                row.group,
                row.case_id,
                row.choice,
                argument.decode("utf-8", "surrogatepass"),
                again=again,
            )

        return await self._database.write("take a button", work)

    async def drop_buttons(self, case_id: str) -> int:
        """Forget every button of a case; pressing one later is answered as unknown."""
        statement = delete(ButtonRow).where(col(ButtonRow.case_id) == case_id)
        return await self._database.write("drop buttons", lambda s: changed(s, statement))


def _use_up(session: Session, group: str, now: datetime) -> bool:
    """Mark the whole group as used; false when somebody was faster."""
    whole = (col(ButtonRow.group) == group, col(ButtonRow.used_at).is_(None))
    # The same order for everybody, so that two presses wait for each other and never deadlock.
    ordered = select(ButtonRow.token_mark).where(*whole).order_by(col(ButtonRow.token_mark))
    session.exec(ordered.with_for_update()).all()
    return changed(session, update(ButtonRow).where(*whole).values(used_at=now)) > 0


def _aad(mark: str) -> str:
    return f"buttons/{mark}"
