"""What may be written in the demo room: checked before anything is kept."""

from collections.abc import Sequence

from bot.adapters.demo.values import MAX_FILE, MAX_FILES, MAX_TEXT, RoomFile
from bot.errors import SettingError


def check(text: str, files: Sequence[RoomFile]) -> None:
    """Raise `SettingError` for words or files the room does not take."""
    if not text.strip() and not files:
        raise SettingError("demo.errors.empty")
    if len(text) > MAX_TEXT:
        raise SettingError("demo.errors.too_long", limit=str(MAX_TEXT), length=str(len(text)))
    if "\x00" in text or not _is_unicode(text):
        raise SettingError("demo.errors.unreadable")
    if len(files) > MAX_FILES:
        raise SettingError("demo.errors.too_many_files", limit=str(MAX_FILES))
    for file in files:
        _check_file(file)


def _check_file(file: RoomFile) -> None:
    if len(file.content) > MAX_FILE:
        raise SettingError("demo.errors.file_too_big", limit=str(MAX_FILE // 1_000_000))
    if len(file.name) > 255 or "\x00" in file.name or not _is_unicode(file.name):
        raise SettingError("demo.errors.file_name")


def _is_unicode(text: str) -> bool:
    """Tell whether `text` can be written at all: half surrogates cannot."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
