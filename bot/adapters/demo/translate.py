"""The demo room's happenings as events: pure, like every platform's translation."""

from typing import assert_never

from bot.adapters.demo.values import (
    PLATFORM,
    TEAM,
    Deleted,
    Edited,
    Happening,
    Invited,
    Line,
    Pressed,
    Said,
    Standing,
)
from bot.core.events import (
    Account,
    Attachment,
    BotAdded,
    ButtonPressed,
    ChatRef,
    CommandGiven,
    Incoming,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Place,
)


def to_event(happening: Happening, title: str, names: dict[str, str]) -> Incoming:
    """Return the event for what happened; `names` are what the room shows for people."""
    match happening:
        case Said(line, quoted):
            return _command(line, names) or _posted(line, quoted, names)
        case Edited(line, quoted):
            return MessageEdited(_posted(line, quoted, names))
        case Deleted(chat, line_id, at):
            return MessageDeleted(ChatRef(PLATFORM, chat), line_id, at)
        case Pressed(chat, who, token, at):
            return ButtonPressed(ChatRef(PLATFORM, chat), account(who, names), token, at)
        case Invited(by, at):
            admin = account(by, names)
            return BotAdded(ChatRef(PLATFORM, TEAM), at, Place.TEAM, title, admin, (admin,))
        case _:
            assert_never(happening)


def account(who: str, names: dict[str, str]) -> Account:
    return Account(PLATFORM, who, names.get(who, ""))


def place_of(chat: str) -> Place:
    return Place.TEAM if chat == TEAM else Place.PRIVATE


def _posted(line: Line, quoted: str, names: dict[str, str]) -> MessagePosted:
    return MessagePosted(
        chat=ChatRef(PLATFORM, line.chat),
        message=line.id,
        sender=account(line.author, names),
        sent_at=line.at,
        place=place_of(line.chat),
        text=line.text,
        quoted=quoted,
        reply_to=line.reply_to,
        attachments=_attachments(line),
        revision=line.revision,
        delivered=line.standing is Standing.SEEN,
    )


def _attachments(line: Line) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(file.kind, f"{line.id}/{index}", file.name, file.mime, len(file.content))
        for index, file in enumerate(line.files)
    )


def _command(line: Line, names: dict[str, str]) -> CommandGiven | None:
    """Read "/help me" as a command, in the private chat only: the group stays a group."""
    if line.chat == TEAM or not line.text.startswith("/"):
        return None
    command, _, argument = line.text[1:].partition(" ")
    if not command.isalpha():
        return None
    chat = ChatRef(PLATFORM, line.chat)
    by = account(line.author, names)
    return CommandGiven(chat, by, command.lower(), line.at, Place.PRIVATE, argument.strip())
