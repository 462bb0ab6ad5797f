"""From updates to events: handed on in order, confirmed only once they are taken in."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from telegram import (
    Chat,
    ChatMember,
    ChatMemberUpdated,
    Message,
    Update,
)

from bot.adapters.base import OnIncoming
from bot.adapters.kept import Kept
from bot.adapters.telegram.albums import Albums, album_of
from bot.adapters.telegram.chats import Chats
from bot.adapters.telegram.cursor import Cursor
from bot.adapters.telegram.edits import Edits
from bot.adapters.telegram.members import Members
from bot.adapters.telegram.nights import Nights
from bot.adapters.telegram.presses import Presses
from bot.adapters.telegram.reach import Reach
from bot.adapters.telegram.sending import Sender
from bot.adapters.telegram.translate import GROUPS, Reader, alone
from bot.adapters.telegram.whispers import Whispers
from bot.adapters.wording import said_aloud
from bot.core.events import (
    CommandGiven,
    Incoming,
    MessageEdited,
    MessagePosted,
    Place,
    Receipt,
    Refuse,
)
from bot.errors import DeliveryError, FluisterError

MOST_TRIES = 12
_STRANGE = (AttributeError, KeyError, OverflowError, TypeError, ValueError)
_log = logging.getLogger(__name__)


class NotTakenInError(FluisterError):
    """What was handed on could not be taken in; the update must come again."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """Takes units of updates: one update, or the parts of an album."""

    on_incoming: OnIncoming
    reader: Reader
    chats: Chats
    cursor: Cursor
    albums: Albums
    members: Members
    nights: Nights
    whispers: Whispers
    kept: Kept
    presses: Presses
    sender: Sender
    reach: Reach
    delete: Callable[[int, int], Awaitable[None]]
    edits: Edits = field(default_factory=Edits)
    tries: Counter[int] = field(default_factory=Counter)

    async def take(self, unit: Sequence[Update]) -> None:
        """Hand on one unit; what raises was not taken in and must come again."""
        new = [update for update in unit if not self.cursor.handled(update.update_id)]
        if not new:
            return
        try:
            await self._read(new)
        except _STRANGE as error:
            # A shape nobody knows: it would hold up every other message for ever.
            _log.warning("telegram: an update was not readable (%s)", type(error).__name__)
        except NotTakenInError as failed:
            if not self._hopeless(new[0].update_id, failed.__cause__):
                raise
        seen = [update.update_id for update in new]
        await self.cursor.did(*seen, soon=all(_only_read(update) for update in new))

    def _hopeless(self, number: int, cause: BaseException | None) -> bool:
        """Whether this one update will never be taken in: it fails again and again by itself.

        What storage, disk or network refuse passes, and is waited out however long it takes.
        """
        if isinstance(cause, FluisterError | OSError):
            return False
        self.tries[number] += 1
        if self.tries[number] < MOST_TRIES:
            return False
        del self.tries[number]
        _log.error("telegram: update %d is given up (%s)", number, type(cause).__name__)
        return True

    async def _read(self, new: Sequence[Update]) -> None:
        if album_of(new[0]) is not None:
            await self._album([u.message for u in new if u.message is not None])
        else:
            await self._one(new[0])

    async def _hand(self, event: Incoming) -> Receipt:
        """Hand on; whatever is raised inside means "not taken in", never "not readable"."""
        try:
            return await self.on_incoming(event)
        except Exception as error:
            raise NotTakenInError(type(error).__name__) from error

    async def _one(self, update: Update) -> None:
        if update.message is not None:
            await self._message(update.message)
        elif update.edited_message is not None:
            await self._edited(update.edited_message)
        elif update.callback_query is not None:
            await self.presses.pressed(update.callback_query, self._hand)
        elif update.my_chat_member is not None:
            await self._mine(update.my_chat_member)
        elif update.chat_member is not None:
            event = await self.members.others(update.chat_member)
            if event is not None:
                await self._hand(event)

    async def _message(self, message: Message) -> None:
        if await self._moved(message) or self.reader.is_ours(message):
            return
        if alone(message) is not None:
            await self._aside(message)
            return
        await self._heard(message)
        if message.chat.type == Chat.PRIVATE:
            await self.reach.opened(message.chat.id)
        if message.chat.type in GROUPS:
            event = await self.members.service(message)
            if event is not None:
                await self._hand(event)
        command = self.reader.command(message)
        if command is not None:
            await self._command(command, message)
            return
        posted = self.reader.posted((message,))
        if posted is not None:
            await self._posted(posted)

    async def _album(self, parts: Sequence[Message]) -> None:
        """The parts of an album as one message; one that came late changes the whole."""
        if self.reader.is_ours(parts[0]):
            return
        for part in parts:
            await self._heard(part)
        late = self.albums.known(parts[0])
        everything = await self.albums.add(parts)
        posted = self._whole(everything, parts[0])
        if posted is None:
            return
        if not late:
            await self._posted(posted)
            return
        revision = self.edits.revision(posted, int(parts[-1].date.timestamp()))
        if revision is not None:
            await self._changed(replace(posted, revision=revision))
        if self.albums.is_gone(parts[0]):
            await self._follow(parts)

    async def _follow(self, parts: Sequence[Message]) -> None:
        """Take away what came of an album after the rest of it was."""
        for part in parts:
            try:
                await self.delete(part.chat.id, part.message_id)
            except DeliveryError as refused:
                if not refused.permanent:
                    raise
                _log.warning("telegram: a late part of an album could not be removed")

    def _whole(self, parts: Sequence[Message], part: Message) -> MessagePosted | None:
        posted = self.reader.posted(parts)
        if posted is None:
            return None
        number = self.albums.first(part)
        return replace(posted, message=self.chats.message(part.chat.id, number))

    async def _edited(self, message: Message) -> None:
        if self.reader.is_ours(message) or alone(message) is not None:
            return
        if message.media_group_id is not None:
            posted = self._whole(await self.albums.add((message,)), message)
        else:
            posted = self.reader.posted((message,))
        if posted is None or message.edit_date is None:
            return
        revision = self.edits.revision(posted, int(message.edit_date.timestamp()))
        if revision is not None:
            await self._changed(replace(posted, revision=revision))

    async def _posted(self, posted: MessagePosted) -> None:
        for_group = await self.nights.meant_for_group(posted)
        if for_group is None:
            await self._hand(posted)
        else:
            await self.kept.answer(for_group, await self._hand(for_group))
        self.edits.saw(posted)

    async def _changed(self, posted: MessagePosted) -> None:
        """Hand on an edit; in private an edited question is simply asked anew."""
        for_group = await self.nights.meant_for_group(posted)
        if for_group is None and posted.place is Place.PRIVATE:
            await self._hand(posted)
        else:
            receipt = await self._hand(MessageEdited(for_group or posted))
            if for_group is not None and isinstance(receipt, Refuse):
                await self.kept.tell(for_group, receipt.text)
        self.edits.saw(posted)

    async def _command(self, command: CommandGiven, message: Message) -> None:
        """A question asked aloud in a group is a message to that group as well."""
        private = message.chat.type == Chat.PRIVATE
        if private and command.command == "start":
            await self.whispers.started(message.chat.id)
        if command.command in ("vergeetmij", "forgetme") and message.from_user is not None:
            await self.whispers.forget(message.from_user.id)
        await self._hand(command)
        if not said_aloud(command):
            return
        posted = self.reader.posted((message,))
        if posted is not None:
            await self._posted(replace(posted, text=command.argument))

    async def _aside(self, message: Message) -> None:
        """Something only the bot can see, though it was written in a group."""
        if message.from_user is None:
            return
        self.whispers.heard_aside(message.chat.id, message.from_user.id)
        command = self.reader.command(message)
        event = command or self.reader.said_aside(message)
        if event is not None:
            await self._hand(event)

    async def _heard(self, message: Message) -> None:
        await self.members.newly_heard(message.chat)
        self.sender.saw(message.chat.id, message.message_id)
        if message.from_user is not None:
            topic = message.message_thread_id if message.is_topic_message else None
            self.whispers.heard(message.chat.id, message.from_user.id, topic)

    async def _moved(self, message: Message) -> bool:
        """A group became a supergroup; both say so."""
        if message.migrate_to_chat_id is not None:
            await self.chats.moved(message.chat.id, message.migrate_to_chat_id)
            return True
        if message.migrate_from_chat_id is not None:
            await self.chats.moved(message.migrate_from_chat_id, message.chat.id)
            return True
        return False

    async def _mine(self, change: ChatMemberUpdated) -> None:
        if change.chat.type == Chat.PRIVATE:
            if change.new_chat_member.status == ChatMember.MEMBER:
                await self.whispers.started(change.from_user.id)
            else:
                await self.reach.closed(change.from_user.id)
            return
        event = await self.members.mine(change)
        if event is not None:
            await self._hand(event)


def _only_read(update: Update) -> bool:
    """Whether it is something said in a group: judged by its id, told twice changes nothing."""
    said = update.message
    if said is None or said.chat.type not in GROUPS or said.media_group_id is not None:
        return False
    if alone(said) is not None:
        return False
    return bool(said.text or said.caption) and not (said.text or "").startswith("/")
