"""One-time codes: made here, shown once, stored only as a keyed hash.

Admin codes have ten characters and link codes eight, so that a colleague's typing error can
never wear out the school's admin code. What cannot be a code at all is not counted as a try.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.storage.crypto import Keyring, fold_code
from bot.storage.records import Refusal
from bot.storage.store import changed, insert
from bot.storage.tables import CodeRow, TriesRow

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that looks like something else
DIGITS = "23456789"
LASTS = timedelta(hours=24)
MOST_TRIES = 5
ADMIN, LINK = "admin", "link"
LENGTHS = {ADMIN: 10, LINK: 8}


def issue(
    session: Session,
    keys: Keyring,
    purpose: str,
    now: datetime,
    *,
    org: str,
    subject: str | None = None,
) -> str:
    """Make a code and replace the open one for the same purpose and subject."""
    same_subject = (
        col(CodeRow.subject).is_(None) if subject is None else col(CodeRow.subject) == subject
    )
    session.execute(
        delete(CodeRow).where(
            col(CodeRow.purpose) == purpose, col(CodeRow.org) == org, same_subject
        )
    )
    code = _random(LENGTHS[purpose])
    session.add(
        CodeRow(
            code_mark=keys.hash("code", code),
            purpose=purpose,
            org=org,
            subject=subject,
            expires_at=now + LASTS,
        )
    )
    session.flush()
    half = len(code) // 2
    return f"{code[:half]}-{code[half:]}"


def redeem(
    session: Session, keys: Keyring, purpose: str, typed: str, now: datetime
) -> CodeRow | Refusal:
    """Use a code up, once; the row tells for whom it was."""
    if not could_be(purpose, typed):
        return Refusal.UNKNOWN
    query = select(CodeRow).where(
        col(CodeRow.code_mark).in_(keys.hashes("code", typed)), col(CodeRow.purpose) == purpose
    )
    row = session.exec(query.with_for_update()).first()
    if row is None:
        return Refusal.UNKNOWN
    if row.used_at is not None:
        return Refusal.USED
    if row.expires_at <= now or row.tries >= MOST_TRIES:
        return Refusal.EXPIRED
    row.used_at = now
    session.flush()
    return row


def could_be(purpose: str, typed: str) -> bool:
    """Whether this has the shape of a code: an ordinary word is not a wrong try."""
    if len(typed) > 64:
        return False
    code = fold_code(typed)
    return (
        len(code) == LENGTHS[purpose]
        and set(code) <= set(ALPHABET)
        and not set(code).isdisjoint(DIGITS)
    )


def blame_codes(session: Session, purpose: str) -> None:
    """Count a wrong try against every open code of this purpose."""
    session.execute(
        update(CodeRow)
        .where(col(CodeRow.purpose) == purpose, col(CodeRow.used_at).is_(None))
        .values(tries=col(CodeRow.tries) + 1)
    )


def blame_account(session: Session, mark: str, now: datetime) -> None:
    """Count a wrong try against an account; the count lasts as long as a code does."""
    session.execute(
        delete(TriesRow).where(col(TriesRow.account_mark) == mark, col(TriesRow.expires_at) <= now)
    )
    statement = insert(session, TriesRow).values(account_mark=mark, tries=1, expires_at=now + LASTS)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["account_mark"], set_={"tries": col(TriesRow.tries) + 1}
        )
    )


def worn_out(session: Session, mark: str, now: datetime) -> bool:
    """Whether an account has typed too many wrong codes lately."""
    row = session.get(TriesRow, mark)
    return row is not None and row.tries >= MOST_TRIES and row.expires_at > now


def forgive(session: Session, mark: str) -> bool:
    """Forget an account's wrong tries."""
    return changed(session, delete(TriesRow).where(col(TriesRow.account_mark) == mark)) > 0


def _random(length: int) -> str:
    """Random characters, at least one of them a digit."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(length))
        if not set(code).isdisjoint(DIGITS):
            return code
