"""One mail as a value, and the RFC 5322 message made of it.

Whatever a name, a subject or a file name holds, the message has exactly the headers meant here.
"""

import base64
import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from pathlib import PurePosixPath
from typing import Any

from bot.delivery.mail_address import checked_address, checked_domain
from bot.errors import DeliveryError

MAX_SUBJECT = 200
MAX_NAME_BYTES = 40
MAX_FILE_NAME = 100
MAX_SHORT = 60
MAX_EXTENSION = 12

_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._=+-]{1,120}@[A-Za-z0-9.-]{1,120}>")
_EXTRA_HEADER = re.compile(r"X-[A-Za-z0-9-]{1,60}")
_MIME = re.compile(r"(?:application|audio|font|image|model|text|video)/[a-z0-9][a-z0-9.+_-]{0,80}")
_LINE_ENDS = re.compile(r"\r\n?")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# They reorder what is shown, so that "exe.pdf" may be something else.
_BIDI = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class _WholeLines(EmailPolicy):
    """The standard policy, except that long free text keeps every space when it is folded."""

    def fold(self, name: str, value: Any) -> str:  # noqa: ANN401, header or string, as the base says
        free = name == "Subject" or name.startswith("X-")
        line = str(value)
        if not free or (line.isascii() and len(line) <= MAX_SHORT):
            return str(super().fold(name, value))
        folded = Header(line, "utf-8", header_name=name, maxlinelen=MAX_SHORT).encode()
        return f"{name}: {folded}".replace("\n", self.linesep) + self.linesep

    def fold_binary(self, name: str, value: Any) -> bytes:  # noqa: ANN401
        return self.fold(name, value).encode("ascii")


POLICY = _WholeLines(cte_type="7bit", linesep="\r\n")


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file to send along."""

    name: str = field(repr=False)
    mime: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail. Addresses are plain `name@domain`; `html` may be empty.

    `references` are the Message-IDs of earlier mails of the case, oldest first. `headers` are
    extra ones whose names start with X-.
    """

    message_id: str
    sender: str = field(repr=False)
    to: tuple[str, ...] = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(default="", repr=False)
    attachments: tuple[MailFile, ...] = ()
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    reply_to: str | None = field(default=None, repr=False)
    sender_name: str = field(default="", repr=False)


def message_id_for(key: str, domain: str) -> str:
    """Return the Message-ID that belongs to `key`: the same one for every attempt."""
    digest = hashlib.sha256(b"fluister mail\0" + key.encode("utf-8", "surrogatepass")).digest()
    name = base64.b32encode(digest[:20]).decode("ascii").lower()
    return f"<{name}@{checked_domain(domain)}>"


def build(mail: Mail, date: datetime) -> EmailMessage:
    """Return `mail` as a message; `date` is aware.

    Raises a permanent `DeliveryError` for an address, Message-ID or extra header that is not
    well-formed; names and texts are made safe instead.
    """
    message = EmailMessage(policy=POLICY)
    message["Date"] = date
    message["Message-ID"] = _message_id(mail.message_id)
    _address_headers(message, mail)
    message["Subject"] = safe_line(mail.subject, MAX_SUBJECT)
    _thread_headers(message, mail)
    # Answering machines must not answer a machine (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    _extra_headers(message, mail)
    _body(message, mail)
    return message


def safe_text(text: str) -> str:
    """Return `text` with plain line ends, and U+FFFD for controls and lone surrogates."""
    return _NOT_TEXT.sub("\ufffd", _LINE_ENDS.sub("\n", text))


def safe_line(text: str, limit: int) -> str:
    """Return `text` as one line of at most `limit` code points, fit for a header."""
    one = " ".join("".join(map(_in_line, text[: limit * 4])).split())
    # "=?" opens an encoded word, which could smuggle in what was just taken out.
    return one.replace("=?", "= ?")[:limit].rstrip()


def safe_file_name(name: str) -> str:
    """Return a file name without folders, line ends or direction tricks, keeping its extension."""
    line = safe_line(_BIDI.sub("", name), MAX_FILE_NAME * 4)
    path = PurePosixPath(re.sub(r'[/\\:*?"<>|]', "_", line).strip(". ") or "bijlage")
    extension = path.suffix if len(path.suffix) <= MAX_EXTENSION else ""
    stem = path.name[: len(path.name) - len(extension)]
    return stem[: MAX_FILE_NAME - len(extension)].rstrip() + extension


def _in_line(char: str) -> str:
    match unicodedata.category(char):
        case "Cs":
            return "\ufffd"
        case "Cc" | "Zl" | "Zp":
            return " "
        case _:
            return char


def _message_id(text: str) -> str:
    if not _MESSAGE_ID.fullmatch(text):
        raise DeliveryError("mail refused: malformed Message-ID", permanent=True)
    return text


def _address_headers(message: EmailMessage, mail: Mail) -> None:
    if not mail.to:
        raise DeliveryError("mail refused: it has no recipient", permanent=True)
    message["From"] = _named(mail.sender_name, mail.sender)
    message["To"] = [_named("", address) for address in mail.to]
    if mail.reply_to is not None:
        message["Reply-To"] = _named("", mail.reply_to)


def _named(name: str, address: str) -> Address:
    # A name that looks like an address would pass for one in many mail programs.
    line = safe_line(re.sub(r'[@<>"\\]', " ", name), MAX_NAME_BYTES)
    # Longer, and the standard library would split it in two words with a space of its own between.
    short = line.encode()[:MAX_NAME_BYTES].decode("utf-8", "ignore").rstrip()
    return Address(short, addr_spec=checked_address(address))


def _thread_headers(message: EmailMessage, mail: Mail) -> None:
    if mail.in_reply_to is not None:
        message["In-Reply-To"] = _message_id(mail.in_reply_to)
    if mail.references:
        message["References"] = " ".join(map(_message_id, mail.references))


def _extra_headers(message: EmailMessage, mail: Mail) -> None:
    for name, value in mail.headers:
        if not _EXTRA_HEADER.fullmatch(name) or name in message:
            raise DeliveryError(
                "mail refused: an extra header needs a name of its own that starts with X-",
                permanent=True,
            )
        message[name] = safe_line(value, MAX_SUBJECT)


def _body(message: EmailMessage, mail: Mail) -> None:
    message.set_content(safe_text(mail.text), cte="quoted-printable")
    if mail.html:
        message.add_alternative(safe_text(mail.html), subtype="html", cte="quoted-printable")
    for file in mail.attachments:
        maintype, _, subtype = _mime(file.mime).partition("/")
        name = safe_file_name(file.name)
        message.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=name)


def _mime(text: str) -> str:
    """Return a media type fit for a file; unknown, message/ and multipart/ become plain bytes."""
    plain = text.partition(";")[0].strip().lower()
    return plain if _MIME.fullmatch(plain) else "application/octet-stream"
