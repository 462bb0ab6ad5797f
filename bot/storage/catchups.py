"""What was said while somebody was free and had asked for it: sealed, and gone once delivered."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, update
from sqlmodel import Session, col, select

from bot.core.events import Account, ChatRef
from bot.storage.crypto import Keyring
from bot.storage.records import CatchupItem
from bot.storage.store import Store, changed, insert, mark_of, open_json, seal_json
from bot.storage.tables import CatchupRow

LASTS = timedelta(days=14)


class Catchups(Store):
    """Personal digests in the making."""

    async def add_catchup(
        self,
        org: str,
        wanted: Mapping[str, datetime],
        chat: ChatRef,
        message: str,
        sender: Account,
        text: str,
        sent_at: datetime,
    ) -> None:
        """Keep a message for each person until their moment; told again it is replaced."""
        rows = [
            {
                "person_id": person,
                "platform": chat.platform,
                "chat": chat.chat,
                "message": message,
                "org": org,
                "sender_mark": mark_of(self._keys, sender),
                "sealed": seal_json(
                    self._keys,
                    [sender.platform, sender.user, sender.name, text],
                    _aad(person, chat, message),
                ),
                "sent_at": sent_at,
                "due_at": due,
                "expires_at": due + LASTS,
            }
            for person, due in sorted(wanted.items())
        ]

        def work(session: Session) -> None:
            for row in rows:
                statement = insert(session, CatchupRow).values(**row)
                session.execute(
                    statement.on_conflict_do_update(
                        index_elements=["person_id", "platform", "chat", "message"],
                        set_={"sealed": row["sealed"]},
                    )
                )

        await self._database.write("keep for a free colleague", work)

    async def edit_catchup(self, chat: ChatRef, message: str, text: str) -> None:
        """Let what is kept of a message follow its edit."""

        def work(session: Session) -> None:
            for row in session.exec(select(CatchupRow).where(*_of(chat, message))).all():
                aad = _aad(row.person_id, chat, message)
                platform, user, name, _ = open_json(self._keys, row.sealed, aad)
                row.sealed = seal_json(self._keys, [platform, user, name, text], aad)

        await self._database.write("follow an edit", work)

    async def drop_catchup(self, chat: ChatRef, message: str) -> int:
        """Destroy what is kept of a message that was taken away."""
        statement = delete(CatchupRow).where(*_of(chat, message))
        return await self._database.write("drop a kept message", lambda s: changed(s, statement))

    async def drop_catchups_of(self, person_id: str) -> int:
        """Destroy everything kept for somebody, who no longer wants it."""
        statement = delete(CatchupRow).where(col(CatchupRow.person_id) == person_id)
        return await self._database.write("drop kept messages", lambda s: changed(s, statement))

    async def catchups_waiting(self, org: str) -> Mapping[str, datetime]:
        """For whom something is kept, and the earliest moment it is due."""
        query = (
            select(CatchupRow)
            .where(col(CatchupRow.org) == org)
            .order_by(col(CatchupRow.due_at).desc())
        )
        return await self._database.read(
            "read who waits",
            lambda session: {row.person_id: row.due_at for row in session.exec(query)},
        )

    async def claim_catchup(
        self, person_id: str, plan_key: str, platform: str
    ) -> tuple[CatchupItem, ...]:
        """Take everything kept for somebody for one delivery; the same items again for it."""

        def work(session: Session) -> tuple[CatchupItem, ...]:
            mine = (col(CatchupRow.person_id) == person_id, col(CatchupRow.platform) == platform)
            taken = select(CatchupRow).where(*mine, col(CatchupRow.claimed_by) == plan_key)
            if not session.exec(taken).first():
                session.execute(
                    update(CatchupRow)
                    .where(*mine, col(CatchupRow.claimed_by).is_(None))
                    .values(claimed_by=plan_key)
                )
            ordered = taken.order_by(col(CatchupRow.sent_at), col(CatchupRow.message))
            return tuple(_item(self._keys, row) for row in session.exec(ordered))

        return await self._database.write("take kept messages", work)

    async def finish_catchup(self, plan_key: str, *, delivered: bool) -> int:
        """Destroy what one delivery took, or give it back when it could not be delivered."""
        taken = col(CatchupRow.claimed_by) == plan_key
        statement = delete(CatchupRow).where(taken) if delivered else (
            update(CatchupRow).where(taken).values(claimed_by=None)
        )  # fmt: skip
        return await self._database.write("finish kept messages", lambda s: changed(s, statement))


def forget_catchups(session: Session, marks: tuple[str, ...], people: list[str]) -> int:
    """Destroy what somebody wrote and what was kept for them."""
    return changed(
        session,
        delete(CatchupRow).where(
            or_(col(CatchupRow.sender_mark).in_(marks), col(CatchupRow.person_id).in_(people))
        ),
    )


def _item(keys: Keyring, row: CatchupRow) -> CatchupItem:
    chat = ChatRef(row.platform, row.chat)
    platform, user, name, text = open_json(keys, row.sealed, _aad(row.person_id, chat, row.message))
    return CatchupItem(chat, Account(platform, user, name), text, row.sent_at)


def _of(chat: ChatRef, message: str) -> tuple[ColumnElement[bool], ...]:
    return (
        col(CatchupRow.platform) == chat.platform,
        col(CatchupRow.chat) == chat.chat,
        col(CatchupRow.message) == message,
    )


def _aad(person: str, chat: ChatRef, message: str) -> str:
    return f"catchups/{person}/{chat.platform}/{chat.chat}/{message}"
