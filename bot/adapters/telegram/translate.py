"""Telegram's messages as ours. Pure: nothing is called, stored or looked up here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from telegram import CallbackQuery, Chat, MaybeInaccessibleMessage, Message, User

from bot.adapters.telegram import rich
from bot.adapters.telegram.calls import PLATFORM
from bot.adapters.telegram.chats import Chats
from bot.adapters.telegram.files import attachments
from bot.adapters.telegram.words import START_PAYLOAD
from bot.adapters.wording import COMMANDS, clean
from bot.core.events import (
    Account,
    ButtonPressed,
    ChatRef,
    CommandGiven,
    MessagePosted,
    Place,
)

GROUPS = (Chat.GROUP, Chat.SUPERGROUP)
EPHEMERAL = "ephemeral_message_id"
KNOWN = COMMANDS | {"start"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads messages as the bot with this id and name."""

    bot_id: int
    bot_name: str
    chats: Chats

    def is_ours(self, message: Message) -> bool:
        """Whether the bot wrote it itself, or it stands where nobody talks to it."""
        if message.from_user is not None and message.from_user.id == self.bot_id:
            return True
        return message.chat.type not in (*GROUPS, Chat.PRIVATE)

    def posted(self, parts: Sequence[Message], revision: int = 0) -> MessagePosted | None:
        """One message, an album as a whole; nothing for what carries no content."""
        first = parts[0]
        text = "\n".join(filter(None, map(content, parts)))
        files = tuple(file for part in parts for file in attachments(part))
        if not text and not files:
            return None
        private = first.chat.type == Chat.PRIVATE
        return MessagePosted(
            chat=self.chats.ref(first.chat.id),
            message=self._name(first),
            sender=sender(first),
            sent_at=first.date,
            place=Place.PRIVATE if private else Place.OTHER,
            text=text,
            quoted=quoted(first),
            reply_to=self._reply_to(first),
            conversation=topic(first),
            attachments=files,
            revision=revision,
        )

    def _name(self, message: Message) -> str:
        """Our id of a message.

        What was added stays in the poll or checklist when the line that tells of it goes, so that
        line has an id nothing can be removed by.
        """
        known = self.chats.message(message.chat.id, message.message_id)
        return f"added-{known}" if any(_additions(message)) else known

    def said_aside(self, message: Message) -> MessagePosted | None:
        """What was typed in a group for the bot's eyes only: a private message."""
        read = self.posted((message,))
        if read is None:
            return None
        number = alone(message)
        return replace(
            read,
            chat=ChatRef(PLATFORM, read.sender.user),
            message=f"aside-{message.chat.id}-{number}",
            place=Place.PRIVATE,
            conversation="",
        )

    def command(self, message: Message) -> CommandGiven | None:
        """A command for this bot, wherever it was given."""
        text = message.text or ""
        if not text.startswith("/"):
            return None
        head, argument = split(clean(text))
        name, at, bot = head[1:].partition("@")
        private = message.chat.type == Chat.PRIVATE
        if at and bot.casefold() != self.bot_name.casefold():
            return None
        if not name or not (private or at or name.casefold() in KNOWN):
            return None
        if name == "start" and argument == START_PAYLOAD:
            argument = ""
        return CommandGiven(
            chat=self.chats.ref(message.chat.id),
            by=sender(message),
            command=name.casefold(),
            at=message.date,
            place=Place.PRIVATE if private else Place.OTHER,
            argument=argument,
        )

    def pressed(self, query: CallbackQuery, at: datetime) -> ButtonPressed | None:
        """A button of ours; Telegram does not say when it was pressed, so `at` does."""
        if not query.data:
            return None
        place = query.message.chat.id if query.message is not None else query.from_user.id
        return ButtonPressed(
            chat=self.chats.ref(place),
            by=person(query.from_user),
            token=clean(query.data),
            at=at,
        )

    def _reply_to(self, message: Message) -> str | None:
        """The message replied to; in a topic everything "replies" to the topic's beginning."""
        other = message.reply_to_message
        if other is None or other.forum_topic_created is not None:
            return None
        return self.chats.message(message.chat.id, other.message_id)


def alone(message: MaybeInaccessibleMessage) -> int | None:
    """The number of an ephemeral message, 0 if it is strange; nothing for what all can see.

    A later version of the library may know the field and no longer put it among the unknown ones.
    """
    number = getattr(message, EPHEMERAL, message.api_kwargs.get(EPHEMERAL))
    return number if number is None or isinstance(number, int) else 0


def split(text: str) -> tuple[str, str]:
    """The command and what follows it."""
    head, *rest = text.split(maxsplit=1) or [""]
    return head, rest[0] if rest else ""


def sender(message: Message) -> Account:
    """Who wrote it: a person, or the group or channel somebody writes as."""
    if message.sender_chat is not None:
        chat = message.sender_chat
        return Account(PLATFORM, str(chat.id), clean(message.author_signature or chat.title or ""))
    if message.from_user is not None:
        return person(message.from_user)
    return Account(PLATFORM, str(message.chat.id), clean(message.chat.title or ""))


def person(user: User) -> Account:
    return Account(PLATFORM, str(user.id), clean(user.full_name))


def topic(message: Message) -> str:
    """The forum topic it stands in."""
    inside = message.is_topic_message and message.message_thread_id is not None
    return str(message.message_thread_id) if inside else ""


def quoted(message: Message) -> str:
    """What the message repeats of another and keeps when that one is removed.

    A plain reply repeats nothing: Telegram shows the other message, and stops when it is gone.
    """
    return clean(message.quote.text) if message.quote is not None else ""


def content(message: Message) -> str:
    """Everything readable somebody put in it, a command's own name left out of captions."""
    text = message.text or _caption(message.caption or "")
    return clean("\n".join(filter(None, [text, *_cards(message)])))


def _caption(caption: str) -> str:
    if not caption.startswith("/"):
        return caption
    head, rest = split(caption)
    return rest if head[1:].partition("@")[0].casefold() in KNOWN else caption


def _cards(message: Message) -> Iterator[str]:
    """The readable side of a shared contact, place, poll, checklist or rich text."""
    if message.contact is not None:
        card = message.contact
        yield " ".join(filter(None, [card.first_name, card.last_name, card.phone_number]))
        yield card.vcard or ""
    if message.venue is not None:
        yield f"{message.venue.title}, {message.venue.address}"
    if message.poll is not None:
        yield message.poll.question
        yield from (option.text for option in message.poll.options)
        yield message.poll.explanation or ""
        yield message.poll.description or ""
    if message.checklist is not None:
        yield message.checklist.title
        yield from (task.text for task in message.checklist.tasks)
    yield from rich.lines(message.api_kwargs.get("rich_message"))
    yield from _additions(message)


def _additions(message: Message) -> Iterator[str]:
    """What somebody added to a poll or checklist that was there already."""
    if message.poll_option_added is not None:
        yield message.poll_option_added.option_text
    if message.checklist_tasks_added is not None:
        yield from (task.text for task in message.checklist_tasks_added.tasks)
