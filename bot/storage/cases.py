"""Messages that need action: kept sealed, in one transaction with what must happen to them."""

import dataclasses
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.core.events import Account, Attachment, AttachmentKind, ChatRef, Place
from bot.core.findings import Finding
from bot.errors import StorageError
from bot.storage.crypto import Keyring
from bot.storage.plans import erase_payloads, insert_plan
from bot.storage.records import Case, CaseState, NewCase, StepDraft
from bot.storage.store import Store, changed, insert, mark_of, new_id, open_json, seal_json
from bot.storage.tables import CaseRow, FileRow, LaneRow

UPDATABLE = frozenset(
    {"due_at", "expires_at", "complete", "delivered", "removed_at", "mailed_at", "whisper_message"}
)
CLAIMABLE = (CaseState.OPEN, CaseState.HELD)


class Cases(Store):
    """Kept messages."""

    async def add_case(
        self, new: NewCase, plan_steps: Sequence[StepDraft], plan_key: str
    ) -> tuple[Case, bool]:
        """Store a message and its plan together; the same event again gives the first one back."""

        def work(session: Session) -> tuple[Case, bool]:
            found = _find(session, new.chat, new.message, new.revision)
            seq = 0 if found else _next_seq(session, new.chat)
            # Only now is the chat ours alone: look again.
            found = found or _find(session, new.chat, new.message, new.revision)
            if found is not None:
                return read_case(self._keys, found), False
            row = _row(self._keys, new, seq)
            session.add(row)
            session.flush()
            if plan_steps:
                insert_plan(session, self._keys, plan_key, row.id, new.org, plan_steps)
            return read_case(self._keys, row), True

        return await self._database.write("store a case", work)

    async def case(self, case_id: str) -> Case | None:
        def work(session: Session) -> Case | None:
            row = session.get(CaseRow, case_id)
            return None if row is None else read_case(self._keys, row)

        return await self._database.read("read a case", work)

    async def case_for(self, chat: ChatRef, message: str) -> Case | None:
        """The case of a message, in its latest revision."""

        def work(session: Session) -> Case | None:
            row = _find(session, chat, message, None)
            return None if row is None else read_case(self._keys, row)

        return await self._database.read("find a case", work)

    async def move_case(
        self, case_id: str, from_states: Collection[CaseState], to: CaseState
    ) -> bool:
        """Change the state if it still is one of `from_states`; tell whether it was."""
        values: dict[str, Any] = {"state": to.value}
        if to in CLAIMABLE:
            values["claimed_by"] = None
        statement = (
            update(CaseRow)
            .where(col(CaseRow.id) == case_id, col(CaseRow.state).in_(_values(from_states)))
            .values(**values)
        )
        return await self._database.write("move a case", lambda s: changed(s, statement) == 1)

    async def withdraw_case(self, case_id: str, plan_key: str, steps: Sequence[StepDraft]) -> bool:
        """End a held message and store what follows, together; false where it is held no more."""
        ended = (
            update(CaseRow)
            .where(col(CaseRow.id) == case_id, col(CaseRow.state) == CaseState.HELD.value)
            .values(state=CaseState.WITHDRAWN.value)
        )

        def work(session: Session) -> bool:
            if changed(session, ended) != 1:
                return False
            org = session.get_one(CaseRow, case_id).org
            insert_plan(session, self._keys, plan_key, case_id, org, steps)
            return True

        return await self._database.write("withdraw a case", work)

    async def claim_case(self, case_id: str, plan_key: str) -> bool:
        """Take an open or held case for one plan; true again for the plan that already has it."""

        def work(session: Session) -> bool:
            return claimed_now(session, case_id, plan_key) or claimed_before(
                session, case_id, plan_key
            )

        return await self._database.write("claim a case", work)

    async def update_case(self, case_id: str, **fields: object) -> None:
        """Set plain fields of a case: those named in `UPDATABLE`."""
        unknown = set(fields) - UPDATABLE
        if unknown:
            raise StorageError(f"change a case: {', '.join(sorted(unknown))} cannot be changed")
        statement = update(CaseRow).where(col(CaseRow.id) == case_id).values(**fields)
        await self._database.write("change a case", lambda session: changed(session, statement))

    async def replace_copy(
        self,
        case_id: str,
        revision: int,
        text: str,
        attachments: Sequence[Attachment],
        findings: Sequence[Finding],
        categories: Sequence[str],
    ) -> bool:
        """Let the copy follow an edit; false when it is gone, on its way, or as new already."""

        def work(session: Session) -> bool:
            row = locked_case(session, case_id)
            if row is None or row.copy_sealed is None or row.revision >= revision:
                return False
            if row.state not in _values(CLAIMABLE):
                return False
            here = ChatRef(row.platform, row.chat)
            if _find(session, here, row.message, revision) is not None:
                return False
            old = read_case(self._keys, row)
            same_files = old.attachments == tuple(attachments)
            row.copy_sealed = _seal_copy(
                self._keys,
                row.id,
                dataclasses.replace(
                    old,
                    text=text,
                    attachments=tuple(attachments),
                    findings=tuple(findings),
                ),
            )
            row.revision, row.categories = revision, tuple(categories)
            if not same_files:
                row.complete = not attachments
                session.execute(delete(FileRow).where(col(FileRow.case_id) == case_id))
            return True

        return await self._database.write("replace a copy", work)

    async def erase_copy(self, case_id: str) -> None:
        """Destroy text, quote, names and files; that it happened stays until its retention ends."""
        await self._database.write("erase a copy", lambda session: erase(session, case_id))

    async def held_cases(self, chat: ChatRef, due_by: datetime) -> tuple[Case, ...]:
        """What is held in a chat and due by then, in the order it was sent."""
        query = (
            select(CaseRow)
            .where(col(CaseRow.platform) == chat.platform, col(CaseRow.chat) == chat.chat)
            .where(col(CaseRow.state) == CaseState.HELD.value, col(CaseRow.due_at) <= due_by)
            .order_by(col(CaseRow.seq))
        )
        return await self._database.read(
            "read held cases",
            lambda session: tuple(read_case(self._keys, row) for row in session.exec(query)),
        )

    async def cases_in(self, states: Collection[CaseState], org: str) -> tuple[Case, ...]:
        """A school's cases in these states, the oldest first."""
        query = (
            select(CaseRow)
            .where(col(CaseRow.org) == org, col(CaseRow.state).in_(_values(states)))
            .order_by(col(CaseRow.seen_at), col(CaseRow.seq))
        )
        return await self._database.read(
            "read cases",
            lambda session: tuple(read_case(self._keys, row) for row in session.exec(query)),
        )


def erase(session: Session, case_id: str) -> None:
    """Destroy a copy and everything that repeats it."""
    session.execute(
        update(CaseRow).where(col(CaseRow.id) == case_id).values(copy_sealed=None, reply_to=None)
    )
    session.execute(delete(FileRow).where(col(FileRow.case_id) == case_id))
    erase_payloads(session, case_id)


def read_case(keys: Keyring, row: CaseRow) -> Case:
    """Open a row; an erased copy leaves empty texts."""
    platform, user = open_json(keys, row.sender_sealed, f"cases/{row.id}/sender")
    copy = _open_copy(keys, row)
    return Case(
        id=row.id,
        seq=row.seq,
        org=row.org,
        chat=ChatRef(row.platform, row.chat),
        message=row.message,
        revision=row.revision,
        sender=Account(platform, user, copy["name"]),
        person_id=row.person_id,
        place=Place(row.place),
        conversation=row.conversation,
        sent_at=row.sent_at,
        seen_at=row.seen_at,
        state=CaseState(row.state),
        categories=row.categories,
        rule_ids=row.rule_ids,
        articles=row.articles,
        facts=row.facts,
        level=row.level,
        secret=row.secret,
        delivered=row.delivered,
        reply_to=row.reply_to,
        text=copy["text"],
        quoted=copy["quoted"],
        attachments=tuple(
            Attachment(AttachmentKind(kind), *rest) for kind, *rest in copy["attachments"]
        ),
        findings=tuple(Finding(*finding) for finding in copy["findings"]),
        complete=row.complete,
        has_copy=row.copy_sealed is not None,
        expires_at=row.expires_at,
        due_at=row.due_at,
        removed_at=row.removed_at,
        mailed_at=row.mailed_at,
        whisper_message=row.whisper_message,
        group_size=row.group_size,
    )


def _row(keys: Keyring, new: NewCase, seq: int) -> CaseRow:
    case_id, sender = new_id(), new.sender
    return CaseRow(
        id=case_id,
        org=new.org,
        platform=new.chat.platform,
        chat=new.chat.chat,
        message=new.message,
        revision=new.revision,
        seq=seq,
        sender_mark=mark_of(keys, sender),
        sender_sealed=seal_json(keys, [sender.platform, sender.user], f"cases/{case_id}/sender"),
        person_id=new.person_id,
        place=new.place.value,
        conversation=new.conversation,
        sent_at=new.sent_at,
        seen_at=new.seen_at,
        state=new.state.value,
        categories=new.categories,
        rule_ids=new.rule_ids,
        articles=new.articles,
        facts=new.facts,
        level=str(new.level),
        secret=new.secret,
        delivered=new.delivered,
        reply_to=new.reply_to,
        copy_sealed=_seal_copy(keys, case_id, new),
        complete=not new.attachments,
        expires_at=new.expires_at,
        due_at=new.due_at,
        group_size=new.group_size,
    )


def _seal_copy(keys: Keyring, case_id: str, case: NewCase) -> bytes:
    copy = {
        "name": case.sender.name,
        "text": case.text,
        "quoted": case.quoted,
        "attachments": [[a.kind.value, a.ref, a.name, a.mime, a.size] for a in case.attachments],
        "findings": [list(dataclasses.astuple(finding)) for finding in case.findings],
    }
    return seal_json(keys, copy, f"cases/{case_id}/copy")


def _open_copy(keys: Keyring, row: CaseRow) -> dict[str, Any]:
    if row.copy_sealed is None:
        return {"name": "", "text": "", "quoted": "", "attachments": [], "findings": []}
    copy: dict[str, Any] = open_json(keys, row.copy_sealed, f"cases/{row.id}/copy")
    return copy


def _next_seq(session: Session, chat: ChatRef) -> int:
    """Give out the chat's next number, and let nobody else have one until we commit."""
    statement = insert(session, LaneRow).values(platform=chat.platform, chat=chat.chat, seq=1)
    taken = session.execute(
        statement.on_conflict_do_update(
            index_elements=["platform", "chat"], set_={"seq": col(LaneRow.seq) + 1}
        ).returning(col(LaneRow.seq))
    )
    return int(taken.scalar_one())


def _find(session: Session, chat: ChatRef, message: str, revision: int | None) -> CaseRow | None:
    query = select(CaseRow).where(
        col(CaseRow.platform) == chat.platform,
        col(CaseRow.chat) == chat.chat,
        col(CaseRow.message) == message,
    )
    if revision is not None:
        query = query.where(col(CaseRow.revision) == revision)
    return session.exec(query.order_by(col(CaseRow.revision).desc()).limit(1)).first()


def locked_case(session: Session, case_id: str) -> CaseRow | None:
    """Read a case that nobody else may change until we commit."""
    return session.exec(select(CaseRow).where(col(CaseRow.id) == case_id).with_for_update()).first()


def _values(states: Collection[CaseState]) -> list[str]:
    return [state.value for state in states]


def claimed_now(session: Session, case_id: str, plan_key: str) -> bool:
    """Take an open or held case for a plan; whether nobody had it yet."""
    statement = (
        update(CaseRow)
        .where(col(CaseRow.id) == case_id, col(CaseRow.state).in_(_values(CLAIMABLE)))
        .values(state=CaseState.REDIRECTING.value, claimed_by=plan_key)
    )
    return changed(session, statement) == 1


def claimed_before(session: Session, case_id: str, plan_key: str) -> bool:
    """Whether this very plan took the case and has not ended it."""
    row = session.get(CaseRow, case_id)
    if row is None or row.claimed_by != plan_key:
        return False
    return row.state == CaseState.REDIRECTING.value
