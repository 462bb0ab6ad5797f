"""The face of storage: everything that is kept, and nothing about how."""

from typing import Self

from sqlmodel import Session

from bot.errors import StorageError
from bot.storage.adapter_state import States
from bot.storage.admins import Admins
from bot.storage.buttons import Buttons
from bot.storage.cases import Cases
from bot.storage.catchups import Catchups
from bot.storage.chats import Chats
from bot.storage.crypto import SETTING, Keyring
from bot.storage.database import BUSY_SECONDS, Database
from bot.storage.deliveries import Deliveries
from bot.storage.dialogues import Dialogues
from bot.storage.files import Files
from bot.storage.incidents import Incidents
from bot.storage.mails import Mails
from bot.storage.migrations import upgrade_over
from bot.storage.people import People
from bot.storage.plans import Plans
from bot.storage.privacy import Privacy
from bot.storage.pupils import Pupils
from bot.storage.schools import Schools
from bot.storage.store import insert_once
from bot.storage.sweep import Sweep
from bot.storage.tables import KeyCheckRow

_CHECK = "secret"
_AAD = "key_checks/secret"
_WORD = b"fluister"


class Repository(
    Schools, Chats, Cases, Files, Plans, Buttons, Mails, Incidents, Dialogues, States, People,
    Pupils, Admins, Catchups, Deliveries, Sweep, Privacy,
):  # fmt: skip
    """Every operation runs in a thread, in a transaction of its own.

    All of them raise `StorageError` when the database refuses: locked, read-only, full, away.
    """

    @classmethod
    async def open(cls, url: str, keyring: Keyring, *, busy_seconds: float = BUSY_SECONDS) -> Self:
        """Open the database, bring it to this version's shape, and check the secret.

        Raises `ConfigError` for an address that is none, `StorageError` when the database cannot
        be used or was sealed with another secret.
        """
        database = Database(url, busy_seconds=busy_seconds)
        repository = cls(database, keyring)
        try:
            await database.prepare("upgrade the database", upgrade_over)
            await repository.check()
        except BaseException:
            await database.close()
            raise
        return repository

    async def close(self) -> None:
        await self._database.close()

    async def check(self) -> None:
        """Ask the database for the one value that shows whether the secret fits."""
        if await self._database.read("check the secret", self._fits):
            return
        await self._database.write("check the secret", self._stamp)

    def _fits(self, session: Session) -> bool:
        row = session.get(KeyCheckRow, _CHECK)
        if row is None:
            return False
        try:
            self._keys.open(row.sealed, _AAD)
        except StorageError:
            raise StorageError(
                f"this database was sealed with another secret key; check {SETTING}"
            ) from None
        return self._keys.current(row.sealed)

    def _stamp(self, session: Session) -> None:
        sealed = self._keys.seal(_WORD, _AAD)
        if not insert_once(session, KeyCheckRow, {"id": _CHECK, "sealed": sealed}):
            self._fits(session)
            session.get_one(KeyCheckRow, _CHECK).sealed = sealed
