"""What somebody wrote privately for a closed group: kept, or posted after all."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.adapters.base import Done, File, Post
from bot.adapters.wording import NOT_ALONG
from bot.core.events import Attachment, MessagePosted, Receipt, Refuse
from bot.errors import DeliveryError

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """Tells the author it is kept; when it need not be, the group opened meanwhile: posts it."""

    post: Callable[[Post, str], Awaitable[Done]]
    fetch: Callable[[Attachment], Awaitable[bytes]]
    tell: Callable[[MessagePosted, str], Awaitable[None]]

    async def answer(self, held: MessagePosted, receipt: Receipt) -> None:
        """Act on what was answered to `held`; only what may be tried again is raised."""
        if isinstance(receipt, Refuse):
            await self.tell(held, receipt.text)
            return
        files = await self._files(held.attachments)
        if held.text or files:
            await self._put(held, files)
        if len(files) < len(held.attachments):
            await self.tell(held, NOT_ALONG)

    async def _put(self, held: MessagePosted, files: tuple[File, ...]) -> None:
        words = f"{held.sender.name or held.sender.user}:\n{held.text}"
        try:
            post = Post(held.chat, words, author=held.sender, files=files)
            await self.post(post, f"gate:{held.message}")
        except DeliveryError as refused:
            if not refused.permanent:
                raise
            _log.warning("%s: a message for the group could not be posted", held.chat.platform)

    async def _files(self, wanted: Sequence[Attachment]) -> tuple[File, ...]:
        """Every file that can be had; fewer where one is too large or gone."""
        files: list[File] = []
        for one in wanted:
            try:
                files.append(File(one.name, one.mime, await self.fetch(one)))
            except DeliveryError as refused:
                if not refused.permanent:
                    raise
        return tuple(files)
