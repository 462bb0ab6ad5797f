"""The files of a kept message."""

from sqlmodel import Session, col, select

from bot.errors import StorageError
from bot.storage.cases import locked_case
from bot.storage.crypto import Keyring
from bot.storage.records import StoredFile
from bot.storage.store import Store, insert, open_json, seal_json
from bot.storage.tables import FileRow


class Files(Store):
    """Attachments, sealed with their names."""

    async def put_file(
        self, case_id: str, index: int, name: str, mime: str, content: bytes
    ) -> None:
        """Keep one file of a case; again replaces it."""
        aad = _file_aad(case_id, index)
        values = {
            "label_sealed": seal_json(self._keys, [name, mime], f"{aad}/label"),
            "sealed": self._keys.seal(content, aad),
        }

        def work(session: Session) -> None:
            row = locked_case(session, case_id)
            if row is None or row.copy_sealed is None:
                raise StorageError("keep a file: its message is gone already")
            statement = insert(session, FileRow).values(case_id=case_id, index=index, **values)
            session.execute(
                statement.on_conflict_do_update(index_elements=["case_id", "index"], set_=values)
            )

        await self._database.write("keep a file", work)

    async def files(self, case_id: str) -> tuple[StoredFile, ...]:
        """The files of a case, in the message's order."""
        query = select(FileRow).where(col(FileRow.case_id) == case_id).order_by(col(FileRow.index))
        return await self._database.read(
            "read files",
            lambda session: tuple(_read_file(self._keys, row) for row in session.exec(query)),
        )


def _read_file(keys: Keyring, row: FileRow) -> StoredFile:
    aad = _file_aad(row.case_id, row.index)
    name, mime = open_json(keys, row.label_sealed, f"{aad}/label")
    return StoredFile(row.index, name, mime, keys.open(row.sealed, aad))


def _file_aad(case_id: str, index: int) -> str:
    return f"case_files/{case_id}/{index}"
