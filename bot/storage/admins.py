"""Who administers the school, and signing in to its pages."""

import secrets
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from bot.core.events import Account
from bot.storage import codes
from bot.storage.crypto import Keyring
from bot.storage.records import Refusal
from bot.storage.records import Session as SignedIn
from bot.storage.schools import first_school
from bot.storage.store import (
    Store,
    changed,
    insert,
    insert_once,
    mark_of,
    open_account,
    open_json,
    seal_account,
    seal_json,
)
from bot.storage.tables import AdminRow, CodeRow, SessionRow

SIGN_IN = "sign in"
LINK_LASTS = timedelta(minutes=10)
SESSION_LASTS = timedelta(hours=8)


class Admins(Store):
    """Admins, suggested ones, one-time sign-in links and sessions."""

    async def new_admin_code(self, org: str, now: datetime) -> str:
        """Make the code that claims the school; an earlier one stops working."""
        return await self._database.write(
            "make an admin code",
            lambda session: codes.issue(session, self._keys, codes.ADMIN, now, org=org),
        )

    async def redeem_admin_code(
        self, code: str, account: Account, now: datetime
    ) -> Literal[True] | Refusal:
        """Make `account` an admin; five wrong tries by anybody and the code is dead."""

        def work(session: Session) -> Literal[True] | Refusal:
            found = codes.redeem(session, self._keys, codes.ADMIN, code, now)
            if isinstance(found, Refusal):
                if found is Refusal.UNKNOWN and codes.could_be(codes.ADMIN, code):
                    codes.blame_codes(session, codes.ADMIN)
                return found
            _make_admin(session, self._keys, found.org, account)
            return True

        return await self._database.write("use an admin code", work)

    async def admins(self, org: str) -> tuple[Account, ...]:
        """The school's admins."""
        return await self._accounts(org, suggested=False)

    async def suggested_admins(self, org: str) -> tuple[Account, ...]:
        """Whom a platform calls an administrator, while nobody here confirmed it."""
        return await self._accounts(org, suggested=True)

    async def is_admin(self, account: Account) -> bool:
        query = select(func.count()).where(
            col(AdminRow.account_mark).in_(self._marks(account)),
            col(AdminRow.suggested).is_(False),
        )
        return await self._database.read(
            "look up an admin", lambda session: session.exec(query).one() > 0
        )

    async def suggest_admin(self, account: Account) -> bool:
        """Note a platform's administrator; an admin stays what they are."""

        def work(session: Session) -> bool:
            school = first_school(session)
            if school is None:
                return False
            values = _admin(self._keys, school.id, account)
            return insert_once(session, AdminRow, {**values, "suggested": True})

        return await self._database.write("suggest an admin", work)

    async def add_admin(self, org: str, account: Account) -> None:
        """Make an account an admin, suggested before or not."""
        await self._database.write(
            "add an admin", lambda session: _make_admin(session, self._keys, org, account)
        )

    async def remove_admin(self, org: str, account: Account) -> bool:
        statement = delete(AdminRow).where(
            col(AdminRow.org) == org, col(AdminRow.account_mark).in_(self._marks(account))
        )
        return await self._database.write("remove an admin", lambda s: changed(s, statement) > 0)

    async def _accounts(self, org: str, *, suggested: bool) -> tuple[Account, ...]:
        query = (
            select(AdminRow)
            .where(col(AdminRow.org) == org, col(AdminRow.suggested).is_(suggested))
            .order_by(col(AdminRow.account_mark))
        )
        return await self._database.read(
            "read admins",
            lambda session: tuple(
                open_account(self._keys, row.sealed, _aad(row.account_mark))
                for row in session.exec(query)
            ),
        )

    async def new_sign_in(self, account: Account | None, now: datetime) -> str:
        """Make the token of a one-time link, good for ten minutes; from the terminal for nobody."""
        token = secrets.token_urlsafe(32)
        mark = self._keys.hash(SIGN_IN, token)
        row = CodeRow(
            code_mark=mark,
            purpose=SIGN_IN,
            org="",
            subject=self.account_mark(account) if account else None,
            sealed=seal_account(self._keys, account, f"codes/{mark}") if account else None,
            expires_at=now + LINK_LASTS,
        )
        await self._database.write("make a sign-in link", lambda session: session.add(row))
        return token

    async def redeem_sign_in(self, token: str, now: datetime) -> SignedIn | Refusal:
        """Turn a link's token into a session, once."""
        marks = self._keys.hashes(SIGN_IN, token)

        def work(session: Session) -> SignedIn | Refusal:
            query = select(CodeRow).where(
                col(CodeRow.code_mark).in_(marks), col(CodeRow.purpose) == SIGN_IN
            )
            row = session.exec(query.with_for_update()).first()
            if row is None:
                return Refusal.UNKNOWN
            if row.used_at is not None:
                return Refusal.USED
            if row.expires_at <= now:
                return Refusal.EXPIRED
            row.used_at = now
            return _open_session(session, self._keys, _account(self._keys, row), now)

        return await self._database.write("sign in", work)

    async def session(self, token: str, now: datetime) -> SignedIn | None:
        """The session of a browser, unless it ended."""
        marks = self._keys.hashes("session", token)
        query = select(SessionRow).where(
            col(SessionRow.token_mark).in_(marks), col(SessionRow.expires_at) > now
        )

        def work(session: Session) -> SignedIn | None:
            row = session.exec(query).first()
            return None if row is None else _read_session(self._keys, row, token)

        return await self._database.read("read a session", work)

    async def end_session(self, token: str) -> bool:
        marks = self._keys.hashes("session", token)
        statement = delete(SessionRow).where(col(SessionRow.token_mark).in_(marks))
        return await self._database.write("sign out", lambda s: changed(s, statement) > 0)


def _admin(keys: Keyring, org: str, account: Account) -> dict[str, object]:
    mark = mark_of(keys, account)
    sealed = seal_account(keys, account, _aad(mark))
    return {"org": org, "account_mark": mark, "sealed": sealed}


def _make_admin(session: Session, keys: Keyring, org: str, account: Account) -> None:
    statement = insert(session, AdminRow).values(**_admin(keys, org, account), suggested=False)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["org", "account_mark"], set_={"suggested": False}
        )
    )


def _account(keys: Keyring, row: CodeRow) -> Account | None:
    return None if row.sealed is None else open_account(keys, row.sealed, f"codes/{row.code_mark}")


def _open_session(
    session: Session, keys: Keyring, account: Account | None, now: datetime
) -> SignedIn:
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    mark = keys.hash("session", token)
    who = [account.platform, account.user, account.name] if account else None
    session.add(
        SessionRow(
            token_mark=mark,
            account_mark=mark_of(keys, account) if account else None,
            sealed=seal_json(keys, [csrf, who], f"sessions/{mark}"),
            expires_at=now + SESSION_LASTS,
        )
    )
    return SignedIn(token, csrf, account, now + SESSION_LASTS)


def _read_session(keys: Keyring, row: SessionRow, token: str) -> SignedIn:
    csrf, who = open_json(keys, row.sealed, f"sessions/{row.token_mark}")
    return SignedIn(token, csrf, Account(*who) if who else None, row.expires_at)


def _aad(mark: str) -> str:
    return f"admins/{mark}"
