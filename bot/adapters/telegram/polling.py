"""Long polling: ask, take in, confirm. No public address is needed."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import cast

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.adapters.telegram.albums import album_of, units
from bot.adapters.telegram.calls import ask, seconds
from bot.adapters.telegram.cursor import Cursor

LISTENED_TO = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "chat_member",
)
POLL_SECONDS = 25
_PLAIN = (
    *("message_id", "date", "edit_date", "chat", "from", "sender_chat", "text", "caption"),
    *("media_group_id", "message_thread_id", "is_topic_message", "ephemeral_message_id"),
)
SETTLE = 0.6
FIRST_WAIT = 0.5
LONGEST_WAIT = 60.0
_log = logging.getLogger(__name__)

Take = Callable[[Sequence[Update]], Awaitable[None]]


class Poller:
    """Asks for updates from the cursor on; Telegram forgets them at the next question."""

    def __init__(self, bot: Bot, cursor: Cursor, take: Take) -> None:
        self._bot = bot
        self._cursor = cursor
        self._take = take
        self._failed = 0

    async def run(self) -> None:
        """Poll until cancelled, whatever happens: other platforms must not stop with this one."""
        while True:
            try:
                batch = await self._whole(await self._ask(POLL_SECONDS))
                await self._hand_on(batch)
                self._failed = 0
            except InvalidToken:
                await self._wait("the token is not valid any more: ask @BotFather with /token")
            except RetryAfter as error:
                await asyncio.sleep(seconds(error))
            except Conflict:
                await self._wait(await self._disputed())
            except TelegramError as error:
                await self._wait(type(error).__name__)
            except Exception as error:  # noqa: BLE001 - whatever it was, the update comes again
                await self._wait(type(error.__cause__ or error).__name__)

    async def _ask(self, wait: int) -> list[Update]:
        """The waiting updates; one that cannot be read is skipped, the rest are not held up."""
        asked: dict[str, object] = {
            "timeout": wait,
            "allowed_updates": list(LISTENED_TO),
        }
        if self._cursor.next is not None:
            asked["offset"] = self._cursor.next
        answer = await ask(self._bot, "getUpdates", asked, wait=wait + 10)
        found = [readable(self._bot, raw) for raw in cast("list[object]", answer)]
        return [update for update in found if update is not None]

    async def _whole(self, batch: list[Update]) -> list[Update]:
        """Give an album the moment it needs to arrive; unconfirmed, everything is told again."""
        while any(album_of(update) for update in batch):
            await asyncio.sleep(SETTLE)
            again = await self._ask(0)
            if len(again) <= len(batch):
                return batch
            batch = again
        return batch

    async def _hand_on(self, batch: list[Update]) -> None:
        for unit in units(batch):
            await self._take(unit)
        if batch:
            await self._cursor.confirm(max(update.update_id for update in batch))

    async def _disputed(self) -> str:
        """Who else wants our updates; a webhook set meanwhile is taken away, as at the start."""
        with contextlib.suppress(Exception):
            if (await self._bot.get_webhook_info()).url:
                await self._bot.delete_webhook(drop_pending_updates=False)
                return "another program set a webhook with this token; it was taken away"
        return "another process polls with the same token"

    async def _wait(self, why: str) -> None:
        self._failed += 1
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self._failed - 1, 10))
        _log.warning("telegram: no updates taken in (%s); again in %.1f s", why, wait)
        await asyncio.sleep(wait)


def readable(bot: Bot, raw: object) -> Update | None:
    """Read one update; what Telegram sends in a shape nobody knows is read as far as it goes."""
    if not isinstance(raw, dict):
        return None
    for form in (raw, _bare(raw)):
        try:
            return Update.de_json(dict(form), bot)
        except Exception as error:  # noqa: BLE001 - a strange shape can raise anything
            _log.warning("telegram: an update was not readable (%s)", type(error).__name__)
    number = raw.get("update_id")
    return Update(number) if isinstance(number, int) else None


def _bare(raw: dict[str, object]) -> dict[str, object]:
    """An update with only who said what where, so that its words are judged all the same."""
    bare: dict[str, object] = {"update_id": raw.get("update_id")}
    for kind in ("message", "edited_message"):
        said = raw.get(kind)
        if isinstance(said, dict):
            bare[kind] = {name: value for name, value in said.items() if name in _PLAIN}
    return bare
