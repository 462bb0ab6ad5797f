"""Reading what the demo page posts: a few short fields and at most some files."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.errors import SettingError

_FIELDS_AT_MOST = 12
_FILES_AT_MOST = 8
_FIELD_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Form:
    """The fields and files of one request; a field that is not there reads as empty."""

    fields: dict[str, str] = field(repr=False)
    files: tuple[UploadFile, ...] = field(default=(), repr=False)

    def value(self, name: str) -> str:
        return self.fields.get(name, "")


@asynccontextmanager
async def read_form(request: Request) -> AsyncIterator[Form]:
    """Read a request's form; raise `SettingError` for one that cannot be read."""
    try:
        data = await request.form(
            max_files=_FILES_AT_MOST, max_fields=_FIELDS_AT_MOST, max_part_size=_FIELD_BYTES
        )
    except (HTTPException, UnicodeError):
        raise SettingError("demo.errors.unreadable") from None
    try:
        yield _sorted(data)
    finally:
        await data.close()


def _sorted(data: FormData) -> Form:
    fields: dict[str, str] = {}
    files: list[UploadFile] = []
    for name, value in data.multi_items():
        if isinstance(value, UploadFile):
            if value.filename or value.size:
                files.append(value)
        else:
            fields[name] = value
    return Form(fields, tuple(files))
