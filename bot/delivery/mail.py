"""Sending one mail over SMTP, and saying exactly how it ended.

Sent, refused for good, worth another try, or uncertain: the last only between the final dot and
the server's answer. Errors carry the stage and the codes, never what a server wrote: servers
repeat addresses and text in their answers.
"""

import asyncio
import contextlib
import re
import ssl
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import NoReturn

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponse, SMTPResponseException

from bot.delivery.mail_address import checked_address
from bot.delivery.mail_message import Mail, MailFile, build, message_id_for
from bot.delivery.mail_outcome import MailError, Refused, Sent, Stage, expect, our_fault
from bot.delivery.mail_session import Progress, new_client, open_session, transfer
from bot.delivery.mail_settings import SmtpSettings, StartTls, Timeouts, parse_smtp_url
from bot.errors import DeliveryError

__all__ = [
    "Mail",
    "MailError",
    "MailFile",
    "Refused",
    "Sent",
    "SmtpSettings",
    "Stage",
    "StartTls",
    "Timeouts",
    "backoff",
    "build",
    "checked_address",
    "message_id_for",
    "parse_smtp_url",
    "send",
]

_LOOSE_DOT = re.compile(rb"(?m)^\.")
_STEPS = (60.0, 300.0, 900.0, 1800.0)
_HOUR = 3600.0
_DAY = 24 * _HOUR


async def send(
    mail: Mail,
    settings: SmtpSettings,
    *,
    date: datetime | None = None,
    only: Collection[str] | None = None,
) -> Sent:
    """Send `mail` once; `only` limits who gets it this time (a retry for those refused before).

    Raises `MailError`; a mail that cannot be built raises a permanent `DeliveryError`.
    """
    content = _content(mail, date or datetime.now(UTC))
    recipients = _recipients(mail, only)
    sender = checked_address(mail.sender)
    progress = Progress()
    client = new_client(settings, sender)
    try:
        with _faults(progress):
            async with asyncio.timeout(settings.timeouts.total):
                await open_session(client, settings, progress)
                sent = await transfer(client, sender, recipients, content, progress)
        _leave(client)
    finally:
        client.close()
    return sent


def backoff(attempt: int) -> float | None:
    """Return how long to wait after failed attempt `attempt` (from 1), in seconds of real time.

    1, 5, 15 and 30 minutes, then every hour; `None` once a day has passed: tell the sender.
    """
    if attempt < 1:
        raise ValueError("attempts count from 1")
    if attempt <= len(_STEPS):
        return _STEPS[attempt - 1]
    waited = sum(_STEPS) + (attempt - len(_STEPS)) * _HOUR
    return _HOUR if waited <= _DAY else None


def _content(mail: Mail, date: datetime) -> bytes:
    """Return the message as it goes over the wire, leading dots doubled."""
    return _LOOSE_DOT.sub(b"..", build(mail, date).as_bytes())


def _recipients(mail: Mail, only: Collection[str] | None) -> tuple[str, ...]:
    chosen = [to for to in mail.to if only is None or to in only]
    if not chosen:
        raise MailError(Stage.MESSAGE, "there is no recipient", permanent=True)
    return tuple(dict.fromkeys(chosen))


@contextlib.contextmanager
def _faults(progress: Progress) -> Iterator[None]:
    """Turn whatever the connection does into `MailError`, without its words."""
    try:
        yield
    except DeliveryError:
        raise
    except ssl.SSLCertVerificationError:
        raise _untrusted() from None
    except SMTPResponseException as error:
        _answered(error, progress)
    except (SMTPException, OSError) as error:
        if isinstance(error.__cause__, ssl.SSLCertVerificationError):
            raise _untrusted() from None
        timed_out = isinstance(error, TimeoutError)
        raise _lost(progress, "no answer in time" if timed_out else "no connection") from None
    except ValueError:
        # An answer that is not SMTP, or a login name the library cannot write down.
        raise _lost(progress, "the server's answer made no sense") from None


def _answered(error: SMTPResponseException, progress: Progress) -> NoReturn:
    answer = SMTPResponse(error.code, str(error.message))
    if not 400 <= answer.code <= 599:
        raise _lost(progress, "the server's answer made no sense") from None
    try:
        expect(answer, progress.stage)
    except MailError as failed:
        raise failed from None
    raise AssertionError("an answer of 4xx or 5xx is never good")


def _leave(client: aiosmtplib.SMTP) -> None:
    """Say goodbye without waiting: the mail is sent, and nothing may make that look undone."""
    with contextlib.suppress(SMTPException):
        if client.protocol is not None:
            client.protocol.write(b"QUIT\r\n")


def _lost(progress: Progress, why: str) -> MailError:
    return MailError(progress.stage, why, permanent=False, uncertain=progress.dotted)


def _untrusted() -> MailError:
    # Worth another try: most such certificates have run out and are renewed within the day.
    return our_fault(
        Stage.TLS,
        "the server's certificate is not trusted; check the host name, or give ?cafile=",
        permanent=False,
    )
