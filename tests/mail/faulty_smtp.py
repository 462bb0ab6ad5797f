"""A mail server that fails exactly where a test tells it to."""

import asyncio
import base64
import contextlib
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ECHO = "quoting Sem de Vries <team@school.nl>: geheim"
"""Servers quote what they were given; every refusal here does."""


@dataclass
class Script:
    """What the server says per step; `close` and `hang` name steps it dies or sleeps at.

    Steps: greeting, ehlo, helo, starttls, auth, mail, rcpt, data, content (halfway), answer (after
    the dot). `rcpt` holds answers per address, `slow` seconds to think per step, `early` what is
    said halfway the content.
    """

    says: dict[str, str] = field(default_factory=dict)
    rcpt: dict[str, str] = field(default_factory=dict)
    offers: tuple[str, ...] = ("SIZE 30000000", "8BITMIME")
    close: str = ""
    hang: str = ""
    login: tuple[str, str] | None = None
    tls: ssl.SSLContext | None = None
    tls_from_start: bool = False
    early: str = ""
    slow: dict[str, float] = field(default_factory=dict)


class FaultySmtp:
    """Serve `script` on a free loopback port; `commands` and `mails` hold what came in."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.commands: list[str] = []
        self.mails: list[bytes] = []
        self.encrypted: list[str] = []
        self.port = 0

    async def __aenter__(self) -> "FaultySmtp":
        context = self.script.tls if self.script.tls_from_start else None
        self._tasks: set[asyncio.Task] = set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def url(self, login: str = "", query: str = "", host: str = "127.0.0.1") -> str:
        scheme = "smtps" if self.script.tls_from_start else "smtp"
        return f"{scheme}://{login}{host}:{self.port}{query}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        with contextlib.suppress(OSError, EOFError, _GoneError, asyncio.CancelledError):
            await _Talk(self, reader, writer).run()
        writer.close()


class _GoneError(Exception):
    """The connection ends here."""


class _Talk:
    def __init__(self, server: FaultySmtp, reader, writer) -> None:
        self.server, self.script = server, server.script
        self.reader, self.writer = reader, writer
        self.secure = server.script.tls_from_start

    async def run(self) -> None:
        await self.answer("greeting", "220 faulty ready")
        while line := await self.reader.readline():
            text = line.decode("latin-1").rstrip("\r\n")
            self.server.commands.append(text)
            if self.secure:
                self.server.encrypted.append(text)
            await self.obey(text)

    async def obey(self, text: str) -> None:
        match text.split(" ", 1)[0].upper():
            case "EHLO":
                await self.ehlo()
            case "HELO":
                await self.answer("helo", "250 faulty")
            case "STARTTLS":
                await self.starttls()
            case "AUTH":
                await self.auth(text)
            case "MAIL":
                await self.answer("mail", "250 2.1.0 ok")
            case "RCPT":
                address = text.partition("<")[2].partition(">")[0]
                await self.answer("rcpt", self.script.rcpt.get(address, "250 2.1.5 ok"))
            case "DATA":
                await self.data()
            case "QUIT":
                await self.say("221 bye")
                raise _GoneError
            case _:
                await self.say("250 ok")

    async def ehlo(self) -> None:
        offers = [o for o in self.script.offers if not (o == "STARTTLS" and self.secure)]
        lines = ["faulty", *offers]
        plain = "\r\n".join(
            f"250{'-' if i < len(lines) - 1 else ' '}{o}" for i, o in enumerate(lines)
        )
        await self.answer("ehlo", plain)

    async def starttls(self) -> None:
        await self.answer("starttls", "220 go ahead")
        if "starttls" not in self.script.says:
            assert self.script.tls is not None
            await self.writer.start_tls(self.script.tls)
            self.secure = True

    async def auth(self, text: str) -> None:
        given = base64.b64decode(text.split(" ")[2]).decode().split("\0")[1:]
        right = self.script.login is not None and tuple(given) == self.script.login
        await self.answer("auth", "235 2.7.0 ok" if right else f"535 5.7.8 {ECHO}")

    async def data(self) -> None:
        await self.answer("data", "354 go on")
        if "data" in self.script.says:
            return
        if self.script.early:
            await self.reader.read(1000)
            await self.say(self.script.early)
            await asyncio.sleep(30)
        if self.script.close == "content":
            await self.reader.read(1000)
            raise _GoneError
        if self.script.hang == "content":
            await asyncio.sleep(30)
        content = b""
        while not content.endswith(b"\r\n.\r\n"):
            part = await self.reader.read(1 << 20)
            if not part:
                raise _GoneError
            content += part
        if self.script.close != "answer":
            self.server.mails.append(content[:-3])
        await self.answer("answer", "250 2.0.0 queued")

    async def answer(self, step: str, good: str) -> None:
        if self.script.close == step:
            raise _GoneError
        if self.script.hang == step:
            await asyncio.sleep(30)
        await asyncio.sleep(self.script.slow.get(step, 0))
        await self.say(self.script.says.get(step, good))

    async def say(self, line: str) -> None:
        self.writer.write(line.encode() + b"\r\n")
        await self.writer.drain()


def certificate(folder: Path, *, host: str = "localhost") -> tuple[Path, ssl.SSLContext]:
    """Return a certificate for `host` that nobody signed, and a server context that shows it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    names: list[x509.GeneralName] = [x509.DNSName(host)]
    if host == "localhost":
        names.append(x509.IPAddress(ip_address("127.0.0.1")))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert, secret = folder / f"{host}.pem", folder / f"{host}.key"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, secret)
    return cert, context
