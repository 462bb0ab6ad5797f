"""The demo's own post office: a real SMTP server on loopback, and the mailbox it fills."""

import asyncio
import logging
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default as modern
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"
MAX_MAILS = 500
MAX_MAIL = 25 * 1024 * 1024
MAX_TOTAL = 250 * 1024 * 1024
IDLE_SECONDS = 60.0
# It writes every command and line, and with them addresses and texts, to this log.
_WIRE_LOG = "mail.log"
_FILE = re.compile(r"(\d{6,12})_(\d{8}T\d{6})Z(_S)?\.eml")
_STAMP = "%Y%m%dT%H%M%S"


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file that came with a mail."""

    name: str = field(repr=False)
    mime: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """A mail as it arrived. `recipients` are whom the server was told, `received_at` aware UTC."""

    number: int
    received_at: datetime
    read: bool = False
    message_id: str = field(default="", repr=False)
    in_reply_to: str = field(default="", repr=False)
    sender: str = field(default="", repr=False)
    recipients: tuple[str, ...] = field(default=(), repr=False)
    to: tuple[str, ...] = field(default=(), repr=False)
    reply_to: str = field(default="", repr=False)
    subject: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    html: str = field(default="", repr=False)
    files: tuple[ReceivedFile, ...] = ()
    raw: bytes = field(default=b"", repr=False)

    @property
    def id(self) -> str:
        """The number as the demo's page asks for it."""
        return str(self.number)

    @property
    def attachments(self) -> tuple[str, ...]:
        """The names of the files."""
        return tuple(file.name for file in self.files)


OnMail = Callable[[ReceivedMail], None]


class Mailbox:
    """Receive mail on a free loopback port and keep the newest, in memory and maybe on disk.

    All methods belong to one event loop. `folder` keeps mails over a restart, readable by the
    owner only. `now` gives the time a mail is stamped with (aware UTC).
    """

    def __init__(
        self,
        *,
        folder: Path | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        max_mails: int = MAX_MAILS,
        max_mail: int = MAX_MAIL,
        max_total: int = MAX_TOTAL,
    ) -> None:
        self._folder = folder
        self._now = now
        self._max_mails = max_mails
        self._max_mail = max_mail
        self._max_total = max_total
        self._mails: dict[int, ReceivedMail] = {}
        self._next = 1
        self._listeners: list[OnMail] = []
        self._server: asyncio.Server | None = None
        self._open: set[SMTP] = set()

    @property
    def port(self) -> int:
        """The port it listens on; only while started."""
        if self._server is None:
            raise RuntimeError("the mailbox is not started")
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        """What FLUISTER_SMTP_URL must be to send here."""
        return f"smtp://{HOST}:{self.port}"

    async def start(self) -> None:
        """Load what is kept on disk, and listen."""
        if self._server is not None:
            return
        logging.getLogger(_WIRE_LOG).setLevel(logging.CRITICAL + 1)
        self._load()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._receiver, HOST, 0)

    async def stop(self) -> None:
        """Stop listening and hang up; what was received stays readable."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        for receiver in self._open:
            if receiver.transport is not None:
                receiver.transport.close()
        self._open.clear()
        await server.wait_closed()

    def messages(self) -> list[ReceivedMail]:
        """All mails, newest first."""
        return list(reversed(self._mails.values()))

    def message(self, number: int) -> ReceivedMail | None:
        return self._mails.get(number)

    def on_mail(self, listener: OnMail) -> None:
        """Call `listener` with every mail from now on, on the event loop."""
        self._listeners.append(listener)

    def mark_read(self, number: int) -> None:
        """Remember that somebody opened it; unknown numbers are ignored."""
        mail = self._mails.get(number)
        if mail is not None and not mail.read:
            self._mails[number] = seen = replace(mail, read=True)
            self._rename(mail, seen)

    def clear(self) -> None:
        """Forget every mail, on disk too."""
        for number in list(self._mails):
            self._drop(number)

    def _receiver(self) -> SMTP:
        self._open = {one for one in self._open if one.transport is not None}
        receiver = SMTP(
            _Postman(self._take),
            data_size_limit=self._max_mail,
            hostname="mailbox.localhost",
            ident="Fluister demo mailbox",
            timeout=IDLE_SECONDS,
            loop=asyncio.get_running_loop(),
        )
        self._open.add(receiver)
        return receiver

    def _take(self, raw: bytes, recipients: tuple[str, ...]) -> None:
        mail = _parsed(self._next, self._now().astimezone(UTC), raw, recipients)
        self._save(mail)
        self._keep(mail)
        for listener in self._listeners:
            # Later, so that a listener that fails cannot make an accepted mail look refused.
            asyncio.get_running_loop().call_soon(listener, mail)

    def _keep(self, mail: ReceivedMail) -> None:
        self._mails[mail.number] = mail
        self._next = mail.number + 1
        total = sum(len(one.raw) for one in self._mails.values())
        while len(self._mails) > self._max_mails or (total > self._max_total and self._mails):
            oldest = next(iter(self._mails))
            total -= len(self._mails[oldest].raw)
            self._drop(oldest)

    def _drop(self, number: int) -> None:
        path = self._path(self._mails.pop(number))
        if path is not None:
            path.unlink(missing_ok=True)

    def _path(self, mail: ReceivedMail) -> Path | None:
        if self._folder is None:
            return None
        seen = "_S" if mail.read else ""
        return self._folder / f"{mail.number:06}_{mail.received_at:{_STAMP}}Z{seen}.eml"

    def _save(self, mail: ReceivedMail) -> None:
        path = self._path(mail)
        if path is None:
            return
        envelope = b"X-Envelope-To: " + ", ".join(mail.recipients).encode() + b"\r\n"
        half = path.with_suffix(".part")
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(envelope + mail.raw)
        half.replace(path)

    def _rename(self, before: ReceivedMail, after: ReceivedMail) -> None:
        old, new = self._path(before), self._path(after)
        if old is not None and new is not None and old.exists():
            old.replace(new)

    def _load(self) -> None:
        if self._folder is None or self._mails:
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in sorted(self._folder.glob("*.eml")):
            known = _FILE.fullmatch(path.name)
            if known is not None:
                self._keep(_stored(path, known))


class _Postman:
    """What the server calls when a mail is complete."""

    def __init__(self, take: Callable[[bytes, tuple[str, ...]], None]) -> None:
        self._take = take

    async def handle_DATA(  # noqa: N802, the server looks for this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del server, session
        raw = envelope.original_content or b""
        self._take(raw, tuple(str(to) for to in envelope.rcpt_tos))
        return "250 2.0.0 OK"

    async def handle_exception(self, error: Exception) -> str:
        return f"451 4.3.0 {type(error).__name__}"


def _stored(path: Path, known: re.Match[str]) -> ReceivedMail:
    envelope, _, raw = path.read_bytes().partition(b"\r\n")
    listed = envelope.partition(b":")[2].decode("utf-8", "replace")
    recipients = tuple(to.strip() for to in listed.split(",") if to.strip())
    at = datetime.strptime(known[2], _STAMP).replace(tzinfo=UTC)
    return replace(_parsed(int(known[1]), at, raw, recipients), read=bool(known[3]))


def _parsed(number: int, at: datetime, raw: bytes, recipients: tuple[str, ...]) -> ReceivedMail:
    """Read a mail; one that cannot be parsed is kept with its bytes as the text."""
    bare = ReceivedMail(number, at, recipients=recipients, raw=raw)
    try:
        return _filled(bare, message_from_bytes(raw, policy=modern))
    except Exception:  # noqa: BLE001, the parser fails in many ways on what it was never meant for
        return replace(bare, text=raw.decode("utf-8", "replace"))


def _filled(bare: ReceivedMail, message: EmailMessage) -> ReceivedMail:
    return replace(
        bare,
        message_id=str(message["Message-ID"] or "").strip(),
        in_reply_to=str(message["In-Reply-To"] or "").strip(),
        sender=str(message["From"] or ""),
        to=_addresses(message, "To"),
        reply_to=", ".join(_addresses(message, "Reply-To")),
        subject=str(message["Subject"] or ""),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        files=tuple(_file(part) for part in message.iter_attachments()),
    )


def _addresses(message: EmailMessage, header: str) -> tuple[str, ...]:
    value = message[header]
    return tuple(one.addr_spec for one in value.addresses) if value is not None else ()


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    text = _bytes(part).decode(part.get_content_charset() or "utf-8", "replace")
    return text.replace("\r\n", "\n").removesuffix("\n")


def _file(part: MIMEPart) -> ReceivedFile:
    return ReceivedFile(part.get_filename() or "", part.get_content_type(), _bytes(part))


def _bytes(part: MIMEPart) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else part.as_bytes()
