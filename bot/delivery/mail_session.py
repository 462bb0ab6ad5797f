"""One conversation with a mail server: connect, TLS, login, envelope, content."""

import asyncio
import ssl

import aiosmtplib
from aiosmtplib import SMTPResponse

from bot.delivery.mail_address import checked_address
from bot.delivery.mail_outcome import (
    MailError,
    Refused,
    Sent,
    Stage,
    enhanced_code,
    expect,
    our_fault,
)
from bot.delivery.mail_settings import SmtpSettings, StartTls

CHUNK = 64 * 1024


class Progress:
    """Where a send stands, for naming what went wrong; `dotted` once the final dot may be out."""

    def __init__(self) -> None:
        self.stage = Stage.CONNECT
        self.dotted = False


def new_client(settings: SmtpSettings, sender: str) -> aiosmtplib.SMTP:
    """Return a client that is not connected yet."""
    return aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        timeout=settings.timeouts.connect,
        use_tls=settings.tls,
        start_tls=False,
        tls_context=_trust(settings) if settings.tls else None,
        # The machine's own name is nobody's business, and looking it up may hang.
        local_hostname=sender.rpartition("@")[2],
    )


def _trust(settings: SmtpSettings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context()
        if settings.cafile is not None:
            context.load_verify_locations(settings.cafile)
    except (OSError, ValueError):
        raise our_fault(Stage.TLS, "the cafile holds no usable certificates") from None
    if settings.loopback and not settings.tls and settings.starttls is StartTls.TRY:
        # Nobody can stand in between here, and local servers have certificates nobody signed.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


async def open_session(client: aiosmtplib.SMTP, settings: SmtpSettings, progress: Progress) -> None:
    """Connect, greet, and get TLS and a login as far as the settings ask."""
    progress.stage = Stage.CONNECT
    await client.connect()
    client.timeout = settings.timeouts.command
    await _greet(client)
    progress.stage = Stage.TLS
    encrypted = settings.tls or await _upgrade(client, settings)
    progress.stage = Stage.LOGIN
    if settings.user:
        await _login(client, settings, encrypted=encrypted)


async def _greet(client: aiosmtplib.SMTP) -> None:
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError as error:
        if error.code < 500 or not client.is_connected:
            raise
        await client.helo()


async def _upgrade(client: aiosmtplib.SMTP, settings: SmtpSettings) -> bool:
    """Switch to TLS where wanted; tell whether the connection is encrypted now."""
    if settings.starttls is StartTls.NEVER:
        return False
    if client.supports_extension("starttls"):
        await client.starttls(tls_context=_trust(settings))
        await _greet(client)
        return True
    if settings.starttls is StartTls.REQUIRE:
        raise our_fault(
            Stage.TLS,
            "the server offers no STARTTLS, and starttls=require; check host and port, "
            "or use smtps://",
        )
    return False


async def _login(client: aiosmtplib.SMTP, settings: SmtpSettings, *, encrypted: bool) -> None:
    if not (encrypted or settings.loopback or settings.starttls is StartTls.NEVER):
        raise our_fault(
            Stage.LOGIN,
            "the server offers no STARTTLS, so the password was not sent; "
            "starttls=never would allow that",
        )
    if not client.supported_auth_methods:
        raise our_fault(Stage.LOGIN, "the server offers no login that can be used here")
    await client.login(settings.user, settings.password)


async def transfer(
    client: aiosmtplib.SMTP,
    sender: str,
    recipients: tuple[str, ...],
    content: bytes,
    progress: Progress,
) -> Sent:
    """Hand over one mail; raises what the server says, and lets a lost connection through."""
    progress.stage = Stage.SENDER
    size = [b"SIZE=%d" % len(content)] if client.supports_extension("size") else []
    expect(await client.execute_command(b"MAIL", _path(b"FROM", sender), *size), Stage.SENDER)
    progress.stage = Stage.RECIPIENT
    accepted, refused = await _offer(client, recipients)
    progress.stage = Stage.DATA
    expect(await client.execute_command(b"DATA"), Stage.DATA, good=3)
    answer = await _write(client, content, progress)
    # Praise before the dot is no promise.
    expect(answer, progress.stage, good=2 if progress.dotted else 0)
    return Sent(answer.code, enhanced_code(answer), accepted, refused)


async def _offer(
    client: aiosmtplib.SMTP, recipients: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[Refused, ...]]:
    """Name every recipient; raise when the server takes none of them."""
    accepted: list[str] = []
    refused: list[Refused] = []
    for to in recipients:
        path = _path(b"TO", checked_address(to))
        answer = await client.execute_command(b"RCPT", path)
        if answer.code // 100 == 2:
            accepted.append(to)
        elif answer.code == 421:
            expect(answer, Stage.RECIPIENT)
        else:
            permanent = answer.code // 100 == 5
            refused.append(Refused(to, answer.code, enhanced_code(answer), permanent))
    if not accepted:
        raise _all_refused(tuple(refused))
    return tuple(accepted), tuple(refused)


async def _write(client: aiosmtplib.SMTP, content: bytes, progress: Progress) -> SMTPResponse:
    """Send the content, then, once all of it has left, the final dot; return the answer.

    The pause before the dot is what makes a loss before it certain: without the dot a server may
    not deliver.
    """
    protocol, transport = client.protocol, client.transport
    if protocol is None or not isinstance(transport, asyncio.WriteTransport):
        raise aiosmtplib.SMTPServerDisconnected("gone")
    # Not 0: over TLS asyncio would then pause for ever, as an empty buffer counts as full.
    transport.set_write_buffer_limits(high=1, low=0)
    writer = asyncio.StreamWriter(transport, protocol, None, asyncio.get_running_loop())
    # Listening from the start catches a server that refuses halfway.
    answer = asyncio.ensure_future(protocol.read_response())
    try:
        for start in range(0, len(content), CHUNK):
            writer.write(content[start : start + CHUNK])
            await _drain(writer, answer)
            if answer.done():
                return answer.result()
        progress.stage, progress.dotted = Stage.ANSWER, True
        writer.write(b".\r\n")
        return await answer
    finally:
        answer.cancel()


async def _drain(writer: asyncio.StreamWriter, answer: asyncio.Future[SMTPResponse]) -> None:
    """Wait until everything has left, or the server has something to say."""
    drained = asyncio.ensure_future(_drained(writer))
    both: set[asyncio.Future[None] | asyncio.Future[SMTPResponse]] = {drained, answer}
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        lost = drained.exception() if drained.done() else None
        if lost is not None and not answer.done():
            raise lost
    finally:
        drained.cancel()


async def _drained(writer: asyncio.StreamWriter) -> None:
    await writer.drain()
    # One round of the loop, so that an answer or a loss that is already here counts first.
    await asyncio.sleep(0)


def _all_refused(refused: tuple[Refused, ...]) -> MailError:
    first = refused[0]
    return MailError(
        Stage.RECIPIENT,
        f"refused for all {len(refused)}",
        permanent=all(one.permanent for one in refused),
        code=first.code,
        enhanced=first.enhanced,
        settings_at_fault=first.code == 530,
        refused=refused,
    )


def _path(which: bytes, address: str) -> bytes:
    return b"%s:<%s>" % (which, address.encode("ascii"))
