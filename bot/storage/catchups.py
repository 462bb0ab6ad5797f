"""What was said while somebody was free and had asked for it: sealed, and gone once delivered.

A row waits (`claimed_by` is empty), is on its way (a plan's key, or that of a held message that
is not in the group yet), or was told: then no words are left, only that it need not come again.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Text, delete, literal, or_, update
from sqlmodel import Session, col, func, select

from bot.core.events import Account, ChatRef
from bot.storage.crypto import Keyring
from bot.storage.records import CatchupItem
from bot.storage.store import Store, changed, insert, mark_of, open_json, seal_json
from bot.storage.tables import CatchupRow
from bot.storage.types import LONGEST_LINE

LASTS = timedelta(days=14)
RETOLD_WITHIN = timedelta(days=2)
TOLD = "told"
# Between the id of what we posted ourselves and that of one message in it.
WITHIN = "\x1f"


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
        """Keep a message for each person until their moment; told again it is replaced.

        Who was told already is not told again.
        """
        said = (sender, text, sent_at)
        rows = [
            catchup_row(self._keys, org, person, chat, message, said, due)
            for person, due in sorted(wanted.items())
        ]

        def work(session: Session) -> None:
            for row in rows:
                keep(session, row)

        await self._database.write("keep for a free colleague", work)

    async def drop_catchup(self, chat: ChatRef, message: str) -> int:
        """Destroy what is kept of a message that was taken away."""
        statement = delete(CatchupRow).where(*_of(chat, message))
        return await self._database.write("drop a kept message", lambda s: changed(s, statement))

    async def drop_catchups_of(self, person_id: str) -> int:
        """Destroy everything kept for somebody, who no longer wants it."""
        statement = delete(CatchupRow).where(col(CatchupRow.person_id) == person_id)
        return await self._database.write("drop kept messages", lambda s: changed(s, statement))

    async def catchups_waiting(self, org: str) -> Mapping[tuple[str, str], str]:
        """For which person something waits and on which platform; the mark changes with what."""
        query = (
            select(CatchupRow.person_id, CatchupRow.platform, CatchupRow.chat, CatchupRow.message)
            .where(col(CatchupRow.org) == org, col(CatchupRow.claimed_by).is_(None))
            .order_by(col(CatchupRow.chat), col(CatchupRow.message))
        )

        def work(session: Session) -> Mapping[tuple[str, str], str]:
            found: dict[tuple[str, str], list[tuple[str, str]]] = {}
            for person, platform, chat, message in session.exec(query):
                found.setdefault((person, platform), []).append((chat, message))
            return {who: _digest(what) for who, what in found.items()}

        return await self._database.read("read who waits", work)

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
            ordered = taken.order_by(*_AS_SAID)
            return tuple(_item(self._keys, row) for row in session.exec(ordered))

        return await self._database.write("take kept messages", work)

    async def catchup_told(self, plan_key: str, now: datetime, first: int | None = None) -> int:
        """Destroy the words one delivery took; for two days it is known that they were told.

        With `first`, only of as many as that, in the order in which they were taken.
        """
        query = select(CatchupRow).where(col(CatchupRow.claimed_by) == plan_key)

        def work(session: Session) -> int:
            rows = session.exec(query.order_by(*_AS_SAID).limit(first)).all()
            for row in rows:
                row.claimed_by, row.sealed = TOLD, b""
                row.expires_at = now + RETOLD_WITHIN
            return len(rows)

        return await self._database.write("finish kept messages", work)

    async def catchup_refused(self, plan_key: str) -> int:
        """Let what one delivery took wait again, because it could not be delivered."""
        statement = (
            update(CatchupRow).where(col(CatchupRow.claimed_by) == plan_key).values(claimed_by=None)
        )
        return await self._database.write("keep for later", lambda s: changed(s, statement))


def catchup_row(
    keys: Keyring,
    org: str,
    person: str,
    chat: ChatRef,
    message: str,
    said: tuple[Account, str, datetime],
    due: datetime,
) -> dict[str, object]:
    """The row that keeps for `person` what somebody `said`: who, the words, and when."""
    sender, text, sent_at = said
    kept = [sender.platform, sender.user, sender.name, text]
    return {
        "person_id": person,
        "platform": chat.platform,
        "chat": chat.chat,
        "message": message,
        "org": org,
        "sender_mark": mark_of(keys, sender),
        "sealed": seal_json(keys, kept, _aad(person, chat, message)),
        "sent_at": sent_at,
        "due_at": due,
        "expires_at": due + LASTS,
        "claimed_by": None,
    }


def keep(session: Session, row: Mapping[str, object]) -> None:
    """Store a row; one that is there takes the new words, unless they were told already."""
    statement = insert(session, CatchupRow).values(**row)
    waits = or_(col(CatchupRow.claimed_by).is_(None), col(CatchupRow.claimed_by) != TOLD)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id", "platform", "chat", "message"],
            set_={"sealed": row["sealed"]},
            where=waits,
        )
    )


def stands_in(session: Session, keys: Keyring, mark: str, posted: str | None) -> None:
    """Let go what was kept under `mark`, by the name of the post it now stands in."""
    rows = session.exec(select(CatchupRow).where(col(CatchupRow.claimed_by) == mark)).all()
    for row in rows:
        chat = ChatRef(row.platform, row.chat)
        said = open_json(keys, row.sealed, _aad(row.person_id, chat, row.message))
        inside = f"{posted}{WITHIN}{row.message}"
        if posted and len(inside.encode()) <= LONGEST_LINE:
            row.message = inside
        row.sealed = seal_json(keys, said, _aad(row.person_id, chat, row.message))
        row.claimed_by = None


def forget_catchups(session: Session, marks: tuple[str, ...], people: list[str]) -> int:
    """Destroy what somebody wrote and what was kept for them."""
    return changed(
        session,
        delete(CatchupRow).where(
            or_(col(CatchupRow.sender_mark).in_(marks), col(CatchupRow.person_id).in_(people))
        ),
    )


def _digest(what: list[tuple[str, str]]) -> str:
    return hashlib.sha256(json.dumps(what).encode("ascii")).hexdigest()[:24]


def _item(keys: Keyring, row: CatchupRow) -> CatchupItem:
    chat = ChatRef(row.platform, row.chat)
    platform, user, name, text = open_json(keys, row.sealed, _aad(row.person_id, chat, row.message))
    return CatchupItem(chat, Account(platform, user, name), text, row.sent_at)


_AS_SAID = (
    col(CatchupRow.sent_at),
    func.length(col(CatchupRow.message)),
    col(CatchupRow.message),
)


def _of(chat: ChatRef, message: str) -> tuple[ColumnElement[bool], ...]:
    """The message itself, or all that stood in a post of ours."""
    known, within = col(CatchupRow.message), f"{message}{WITHIN}"
    return (
        col(CatchupRow.platform) == chat.platform,
        col(CatchupRow.chat) == chat.chat,
        or_(known == message, func.substr(known, 1, len(within)) == literal(within, Text())),
    )


def _aad(person: str, chat: ChatRef, message: str) -> str:
    return f"catchups/{person}/{chat.platform}/{chat.chat}/{message}"
