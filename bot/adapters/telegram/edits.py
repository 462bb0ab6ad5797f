"""Telling a real edit from Telegram touching a message: only a changed content is judged again."""

import hashlib
import secrets
from collections import OrderedDict

from bot.core.events import MessagePosted

_REMEMBERED = 3_000


class Edits:
    """The last contents seen, as hashes under a key that lives as long as the process."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._seen: OrderedDict[tuple[str, str], tuple[bytes, int]] = OrderedDict()

    def saw(self, posted: MessagePosted) -> None:
        """Remember a content once it was handed on."""
        place = (posted.chat.chat, posted.message)
        self._seen[place] = (self._mark(posted), posted.revision)
        self._seen.move_to_end(place)
        while len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)

    def revision(self, posted: MessagePosted, edited_at: int) -> int | None:
        """The revision of an edit, higher than any before; nothing when nothing changed."""
        mark, last = self._seen.get((posted.chat.chat, posted.message), (b"", 0))
        if mark == self._mark(posted):
            return None
        return max(edited_at, last + 1)

    def _mark(self, posted: MessagePosted) -> bytes:
        files = [f"{file.kind}:{file.name}:{file.size}" for file in posted.attachments]
        told = "\x1f".join([posted.text, posted.quoted, *files])
        return hashlib.blake2b(told.encode("utf-8", "replace"), key=self._key).digest()
