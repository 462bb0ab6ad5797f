"""Matrix events as ours. Pure: nothing is called, stored or looked up here."""

import re
from dataclasses import dataclass, replace

from bot.adapters.matrix.content import READ, attachments, quoted, text_of
from bot.adapters.matrix.reading import Payload, moment, part, words
from bot.adapters.matrix.values import account
from bot.adapters.wording import COMMANDS
from bot.core.events import ChatRef, CommandGiven, MessagePosted, Place

_COMMAND = re.compile(r"\s*[!/]([a-zà-ÿ]{1,40})(?:\s+(.*))?\s*\Z", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Where:
    """The chat an event stands in; `name` is what the room shows for its sender."""

    chat: ChatRef
    private: bool
    name: str = ""

    @property
    def place(self) -> Place:
        return Place.PRIVATE if self.private else Place.OTHER


def posted(event: Payload, where: Where) -> MessagePosted | None:
    """A message as it was sent; nothing for what carries no content, such as a removed one.

    The sender is who the server says it is. Names and profiles inside the content are not
    looked at: anybody can write those.
    """
    kind, content = words(event, "type"), part(event, "content")
    if kind not in READ:
        return None
    text, files = text_of(kind, content), attachments(kind, content)
    said = quoted(content)
    if not text and not files and not said:
        return None
    return MessagePosted(
        chat=where.chat,
        message=words(event, "event_id"),
        sender=account(words(event, "sender"), where.name),
        sent_at=moment(event),
        place=where.place,
        text=text,
        quoted=said,
        reply_to=_reply_to(content),
        conversation=_thread(content),
        attachments=files,
    )


def edited(event: Payload, where: Where, revision: int) -> MessagePosted | None:
    """The message an edit makes, under the id of the first one."""
    content = part(event, "content")
    first = replaces(event)
    fresh = part(content, "m.new_content")
    if not first or not fresh:
        return None
    relates = {"m.relates_to": part(fresh, "m.relates_to")}
    read = posted({**event, "content": {**fresh, **relates}}, where)
    return replace(read, message=first, revision=revision) if read else None


def replaces(event: Payload) -> str:
    """The id of the message an event is an edit of."""
    return _related(event, "m.replace")


def reaction(event: Payload) -> tuple[str, str] | None:
    """What was reacted to, and with which sign."""
    if words(event, "type") != "m.reaction":
        return None
    key = words(part(event, "content", "m.relates_to"), "key")
    target = _related(event, "m.annotation")
    return (target, key) if target and key else None


def command(event: Payload, where: Where) -> CommandGiven | None:
    """Read "!help me" as a command; in a group only for the words that are ours."""
    content = part(event, "content")
    if words(event, "type") != "m.room.message" or words(content, "msgtype") != "m.text":
        return None
    found = _COMMAND.match(text_of("m.room.message", content))
    if found is None:
        return None
    name = found[1].casefold()
    if not where.private and name not in COMMANDS:
        return None
    return CommandGiven(
        chat=where.chat,
        by=account(words(event, "sender"), where.name),
        command=name,
        at=moment(event),
        place=where.place,
        argument=(found[2] or "").strip(),
    )


def redacted(event: Payload) -> str:
    """The id of what a redaction takes away; it moved to the content in room version 11."""
    if words(event, "type") != "m.room.redaction":
        return ""
    return words(event, "redacts") or words(part(event, "content"), "redacts")


def _related(event: Payload, how: str) -> str:
    relates = part(event, "content", "m.relates_to")
    return words(relates, "event_id") if words(relates, "rel_type") == how else ""


def _thread(content: Payload) -> str:
    relates = part(content, "m.relates_to")
    return words(relates, "event_id") if words(relates, "rel_type") == "m.thread" else ""


def _reply_to(content: Payload) -> str | None:
    relates = part(content, "m.relates_to")
    if relates.get("is_falling_back") is True:
        return None
    return words(part(relates, "m.in_reply_to"), "event_id") or None
