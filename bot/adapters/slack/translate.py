"""From Slack's payloads to events, purely: names are looked up beforehand and given along."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.adapters.slack.reading import (
    Payload,
    instant,
    mentioned,
    part,
    parts,
    plain,
    text_of_blocks,
    words,
)
from bot.adapters.slack.values import PLATFORM
from bot.core.events import (
    Account,
    Attachment,
    AttachmentKind,
    ButtonPressed,
    ChatRef,
    CommandGiven,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Place,
)

_SAID = frozenset({"", "file_share", "thread_broadcast", "me_message", "file_comment"})
_COMMAND_SIGNS = ("!", "/")


@dataclass(frozen=True, slots=True)
class Self:
    """Who we are in this workspace."""

    user: str
    bot: str
    team: str


@dataclass(frozen=True, slots=True)
class Names:
    """People's names by user id, as far as they are known, and which of them are programs."""

    of: Mapping[str, str] = field(default_factory=dict, repr=False)
    bots: frozenset[str] = frozenset()

    def account(self, user: str) -> Account:
        return Account(PLATFORM, user, self.of.get(user, ""))

    def name(self, user: str) -> str:
        return self.of.get(user, "")


def people_in(event: Payload) -> tuple[str, ...]:
    """Whose names are needed to understand a message event: its sender and whom it mentions."""
    message = part(event, "message") or event
    users = [words(message, "user"), *mentioned(words(message, "text"))]
    for shared in parts(message, "attachments"):
        users += mentioned(words(shared, "text"))
    return tuple(dict.fromkeys(user for user in users if user))[:20]


def message_event(
    event: Payload, me: Self, names: Names, *, outsiders: bool = False
) -> MessagePosted | MessageEdited | MessageDeleted | CommandGiven | None:
    """Read one `message` event; nothing for what is no person's message."""
    channel = words(event, "channel")
    # A conversation of a few people is nobody's team group, and none of ours to read.
    if not channel or words(event, "channel_type") == "mpim":
        return None
    match words(event, "subtype"):
        case "message_changed":
            return _changed(event, channel, me, names, outsiders)
        case "message_deleted":
            return _deleted(event, channel, me, words(event, "deleted_ts"))
        case subtype if subtype in _SAID:
            posted = _posted(event, event, channel, me, names, outsiders)
            return posted and (_typed_command(posted) or posted)
        case _:
            return None


def _changed(
    event: Payload, channel: str, me: Self, names: Names, outsiders: bool
) -> MessageEdited | MessageDeleted | None:
    message, before = part(event, "message"), part(event, "previous_message")
    if words(message, "subtype") == "tombstone":
        # A deleted message that has replies is not deleted but changed into a gravestone.
        return _deleted(event, channel, me, words(message, "ts"))
    if words(message, "subtype") not in _SAID:
        return None
    posted = _posted(message, event, channel, me, names, outsiders)
    if posted is None:
        return None
    if not before and not part(message, "edited"):
        return None
    if before and _content(before) == _content(message):
        return None
    return MessageEdited(posted)


def _content(message: Payload) -> tuple[object, ...]:
    """What makes an edit one: Slack also tells of previews, replies and pins as a change."""
    files = tuple(words(file, "id") for file in parts(message, "files"))
    return (words(message, "text") or text_of_blocks(message), _quoted(message), files)


def _deleted(event: Payload, channel: str, me: Self, ts: str) -> MessageDeleted | None:
    at = instant(words(event, "event_ts")) or instant(words(event, "ts")) or instant(ts)
    if not ts or at is None or _ours(part(event, "previous_message"), me):
        return None
    return MessageDeleted(ChatRef(PLATFORM, channel), ts, at)


def _ours(message: Payload, me: Self) -> bool:
    return words(message, "user") == me.user or (
        bool(me.bot) and words(message, "bot_id") == me.bot
    )


def _posted(
    message: Payload, event: Payload, channel: str, me: Self, names: Names, outsiders: bool
) -> MessagePosted | None:
    ts, user = words(message, "ts"), words(message, "user")
    at = instant(ts)
    if at is None or not user or user == "USLACKBOT" or _ours(message, me):
        return None
    if words(message, "bot_id") and (user in names.bots or user not in names.of):
        return None
    thread = words(message, "thread_ts")
    thread = thread if thread != ts else ""
    return MessagePosted(
        chat=ChatRef(PLATFORM, channel),
        message=ts,
        sender=names.account(user),
        sent_at=at,
        place=place_of(channel, words(event, "channel_type")),
        text=_text(message, names),
        quoted=plain(_quoted(message), names.name),
        reply_to=thread or None,
        conversation=thread,
        attachments=tuple(_attachment(file) for file in parts(message, "files")),
        revision=_revision(message, event, at),
        outsiders=outsiders or _from_elsewhere(message, me),
    )


def _from_elsewhere(message: Payload, me: Self) -> bool:
    """Whether its writer belongs to another workspace, as in a shared channel."""
    teams = {words(message, name) for name in ("team", "user_team", "source_team")} - {"", me.team}
    return bool(me.team and teams)


def _text(message: Payload, names: Names) -> str:
    """What was written; a pasted snippet belongs to it."""
    said = plain(words(message, "text"), names.name) or text_of_blocks(message)
    pasted = [
        words(file, "preview_plain_text") or words(file, "preview")
        for file in parts(message, "files")
        if words(file, "mode") in ("snippet", "post")
    ]
    return "\n".join(piece for piece in (said, *pasted) if piece)


def _quoted(message: Payload) -> str:
    """What shared messages repeat; previews of web pages are nobody's words here."""
    said: list[str] = []
    for shared in parts(message, "attachments"):
        if not (shared.get("is_msg_unfurl") or shared.get("is_share") or shared.get("files")):
            continue
        said.append(words(shared, "text") or words(shared, "fallback"))
        said += [words(file, "name") for file in parts(shared, "files")]
    return "\n".join(piece for piece in said if piece)


def _revision(message: Payload, event: Payload, posted: datetime) -> int:
    """Tenths of a second between posting and the last edit, so that it fits any database.

    Slack tells the moment of an edit in whole seconds; the event about it is more exact.
    """
    edited = instant(words(part(message, "edited"), "ts"))
    told = instant(words(event, "event_ts") or words(event, "ts")) if message is not event else None
    at = told if told is not None and told > posted else edited
    if at is None:
        return 0
    return max(1, min(int((at - posted).total_seconds() * 10) + 1, 2**31 - 1))


def place_of(channel: str, kind: str = "") -> Place:
    """A conversation with us alone is private; which group is the team's is not ours to say."""
    return Place.PRIVATE if kind == "im" or channel.startswith("D") else Place.OTHER


def _typed_command(posted: MessagePosted) -> CommandGiven | None:
    """Read "!stop" as a command, in the private chat only: the group stays a group."""
    line = posted.text.strip()
    if posted.place is not Place.PRIVATE or not line.startswith(_COMMAND_SIGNS):
        return None
    command, _, argument = line[1:].partition(" ")
    if not command.isalpha() or len(command) > 30:
        return None
    return CommandGiven(
        posted.chat, posted.sender, command.lower(), posted.sent_at, Place.PRIVATE, argument.strip()
    )


def _attachment(file: Payload) -> Attachment:
    mime = words(file, "mimetype") or "application/octet-stream"
    size = file.get("size")
    return Attachment(
        kind=_kind(file, mime),
        ref=f"{words(file, 'id')} {url_of(file)}".strip(),
        name=words(file, "name") or words(file, "title"),
        mime=mime[:200],
        size=size if isinstance(size, int) and not isinstance(size, bool) and size >= 0 else None,
    )


def url_of(file: Payload) -> str:
    """Where its bytes are; nothing for files of which Slack tells only on asking."""
    return words(file, "url_private_download") or words(file, "url_private")


def _kind(file: Payload, mime: str) -> AttachmentKind:
    if words(file, "subtype") == "slack_audio" or mime.startswith("audio/"):
        return AttachmentKind.VOICE
    if mime.startswith("image/"):
        return AttachmentKind.PHOTO
    if words(file, "subtype") == "slack_video" or mime.startswith("video/"):
        return AttachmentKind.VIDEO
    if mime.startswith(("text/", "application/")):
        return AttachmentKind.DOCUMENT
    return AttachmentKind.OTHER


def button_event(body: Payload, names: Names, now: datetime) -> ButtonPressed | None:
    """Read one `block_actions` payload; links and other programs' buttons give nothing."""
    pressed = next((a for a in parts(body, "actions") if words(a, "value")), None)
    user = words(part(body, "user"), "id")
    channel = words(part(body, "channel"), "id") or words(part(body, "container"), "channel_id")
    if pressed is None or not user or not channel:
        return None
    at = instant(words(pressed, "action_ts")) or now
    token = words(pressed, "value")
    return ButtonPressed(ChatRef(PLATFORM, channel), names.account(user), token, at)


def command_event(body: Payload, names: Names, now: datetime) -> CommandGiven | None:
    """Read one slash command; "/fluister stop" is the command "stop"."""
    command = words(body, "command").removeprefix("/").lower()
    argument = words(body, "text").strip()
    if command == "fluister":
        command, _, argument = (argument or "help").partition(" ")
    user, channel = words(body, "user_id"), words(body, "channel_id")
    if not user or not channel:
        return None
    return CommandGiven(
        ChatRef(PLATFORM, channel),
        names.account(user),
        command.lower(),
        now,
        place_of(channel),
        plain(argument.strip(), names.name),
    )
