"""What somebody put in a message: words, what they quoted, files. Pure."""

import base64
import binascii
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.adapters.matrix.reading import Payload, objects, part, whole, words
from bot.core.events import Attachment, AttachmentKind

MESSAGES = ("m.room.message", "m.sticker")
POLLS = ("m.poll.start", "org.matrix.msc3381.poll.start")
READ = (*MESSAGES, *POLLS)
VOICE = "org.matrix.msc3245.voice"
_KINDS = {
    "m.image": (AttachmentKind.PHOTO, "foto.jpg", "image/jpeg"),
    "m.file": (AttachmentKind.DOCUMENT, "bestand", "application/octet-stream"),
    "m.audio": (AttachmentKind.OTHER, "geluid.ogg", "audio/ogg"),
    "m.video": (AttachmentKind.VIDEO, "video.mp4", "video/mp4"),
}
# No opening inside: looking past it from every opening would take quadratic time.
_QUOTE = re.compile(r"<mx-reply>(?:(?!</?mx-reply>).)*</mx-reply>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,4000}>")
_QUOTED_SENDER = re.compile(r"^(?:\* )?<@[^>]{1,255}>\s?")
_REPEATS = re.compile(r">\s?(?:\* ?)?<[@!#+]")
_PICTURE = re.compile(r"""\ssrc=["']?(mxc://[^\s"'<>]{1,300})""", re.IGNORECASE)
_SPACE = re.compile(r"\W+")


def text_of(kind: str, content: Payload) -> str:
    """Everything readable, the quoted part left out."""
    if kind in POLLS:
        return "\n".join(filter(None, _poll(content)))
    body = without_quote(words(content, "body")) if is_reply(content) else words(content, "body")
    if words(content, "msgtype") in _KINDS or kind == "m.sticker":
        # The body is a caption only where the file's name stands apart; a name is no message.
        name = words(content, "filename")
        body = body if name and name != body else ""
    other = _formatted(content)
    return body if _same(body, other) else "\n".join(filter(None, [body, other]))


def quoted(content: Payload) -> str:
    """What a reply repeats of another message and would keep when that one is removed."""
    if not is_reply(content):
        return ""
    lines = [line[2:] if line.startswith("> ") else line[1:] for line in _fallback(content)]
    said = _QUOTED_SENDER.sub("", "\n".join(lines))
    rich = " ".join(_QUOTE.findall(words(content, "formatted_body")))
    shown = _plain(rich)
    return said if _same(said, shown) else "\n".join(filter(None, [said, shown]))


def is_reply(content: Payload) -> bool:
    return bool(words(part(content, "m.relates_to", "m.in_reply_to"), "event_id"))


def without_quote(body: str) -> str:
    """A body without the lines in front that repeat another message.

    A client writes above them whose message it was; lines without that are the writer's own.
    """
    lines = body.split("\n")
    if not _REPEATS.match(body):
        return body
    start = next((i for i, line in enumerate(lines) if not line.startswith(">")), len(lines))
    return "\n".join(lines[start:]).lstrip("\n")


def _fallback(content: Payload) -> Iterator[str]:
    body = words(content, "body")
    for line in body.split("\n") if _REPEATS.match(body) else ():
        if not line.startswith(">"):
            return
        yield line


def _formatted(content: Payload) -> str:
    if words(content, "format") != "org.matrix.custom.html":
        return ""
    return _plain(_QUOTE.sub(" ", words(content, "formatted_body")))


def _plain(rich: str) -> str:
    return html.unescape(_TAG.sub(" ", rich)).strip()


def _same(one: str, other: str) -> bool:
    """Whether `other` tells nothing that `one` does not, whatever its layout."""
    return _SPACE.sub("", other).casefold() in _SPACE.sub("", one).casefold()


def _poll(content: Payload) -> Iterator[str]:
    for name in ("m.poll", "org.matrix.msc3381.poll.start"):
        poll = part(content, name)
        yield from _extensible(part(poll, "question"))
        for answer in objects(poll, "answers"):
            yield from _extensible(answer)


def _extensible(block: Payload) -> Iterator[str]:
    yield words(block, "org.matrix.msc1767.text") or words(block, "body")
    for piece in objects(block, "m.text"):
        yield words(piece, "body")


@dataclass(frozen=True, slots=True)
class Locked:
    """How a file in an encrypted room is read: key, counter and the hash it must have."""

    key: str
    iv: str
    sha256: str


def attachments(kind: str, content: Payload) -> tuple[Attachment, ...]:
    """The file in a message; its `ref` holds where it is, and the key where it is encrypted."""
    if kind in POLLS:
        return ()
    url, locked = _place(content)
    if not url:
        return ()
    msgtype = "m.image" if kind == "m.sticker" else words(content, "msgtype")
    what, name, mime = _KINDS.get(msgtype, (AttachmentKind.OTHER, "bestand", ""))
    if msgtype == "m.audio" and VOICE in content:
        what, name = AttachmentKind.VOICE, "spraakbericht.ogg"
    info = part(content, "info")
    size = whole(info, "size", -1)
    return (
        Attachment(
            what,
            ref_for(url, locked),
            (words(content, "filename") or words(content, "body") or name)[:255],
            words(info, "mimetype") or mime or "application/octet-stream",
            size if size >= 0 else None,
        ),
    )


def media_of(content: Payload) -> Iterator[str]:
    """Every upload an event or its edit points at: files, previews, pictures in the text."""
    for inside in (content, part(content, "m.new_content")):
        url, _ = _place(inside)
        yield from (url,) if url else ()
        info = part(inside, "info")
        for found in (words(info, "thumbnail_url"), words(part(info, "thumbnail_file"), "url")):
            if found.startswith("mxc://"):
                yield found
        yield from _PICTURE.findall(words(inside, "formatted_body"))


def _place(content: Payload) -> tuple[str, Locked | None]:
    file = part(content, "file")
    url = words(file, "url") or words(content, "url")
    if not url.startswith("mxc://"):
        return "", None
    key = words(part(file, "key"), "k")
    if not key:
        return url, None
    return url, Locked(key, words(file, "iv"), words(part(file, "hashes"), "sha256"))


def ref_for(url: str, locked: Locked | None) -> str:
    if locked is None:
        return url
    told = json.dumps([locked.key, locked.iv, locked.sha256]).encode()
    return f"{url}#{base64.urlsafe_b64encode(told).decode()}"


def read_ref(ref: str) -> tuple[str, Locked | None]:
    """Take apart what `ref_for` made."""
    url, _, told = ref.partition("#")
    if not told:
        return url, None
    try:
        key, iv, sha256 = json.loads(base64.urlsafe_b64decode(told))
    except (ValueError, TypeError, binascii.Error):
        return url, None
    return url, Locked(str(key), str(iv), str(sha256))
