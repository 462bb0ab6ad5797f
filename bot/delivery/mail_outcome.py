"""How sending a mail can end: taken, taken in part, refused, lost, or nobody knows."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from aiosmtplib import SMTPResponse

from bot.errors import DeliveryError

_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\S)")


class Stage(StrEnum):
    """How far a mail came."""

    MESSAGE = "message"
    CONNECT = "connect"
    TLS = "tls"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Refused:
    """One recipient the server would not take, and whether that is for good."""

    to: str = field(repr=False)
    code: int
    enhanced: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """The server took the mail for `accepted`; whoever is in `refused` did not get it."""

    code: int
    enhanced: str
    accepted: tuple[str, ...] = field(repr=False)
    refused: tuple[Refused, ...] = ()


class MailError(DeliveryError):
    """No recipient got the mail, or nobody knows (`uncertain`).

    `settings_at_fault` says that an admin has to look: login, TLS or certificate. `refused` lists
    the recipients where those were the reason.
    """

    def __init__(
        self,
        stage: Stage,
        why: str,
        *,
        permanent: bool,
        uncertain: bool = False,
        code: int | None = None,
        enhanced: str = "",
        settings_at_fault: bool = False,
        refused: tuple[Refused, ...] = (),
    ) -> None:
        codes = f" ({code} {enhanced}".rstrip() + ")" if code is not None else ""
        super().__init__(f"mail, {stage}: {why}{codes}", permanent=permanent, uncertain=uncertain)
        self.stage = stage
        self.code = code
        self.enhanced = enhanced
        self.settings_at_fault = settings_at_fault
        self.refused = refused


def expect(answer: SMTPResponse, stage: Stage, *, good: int = 2) -> None:
    """Let a good answer pass; raise what any other one means."""
    kind = answer.code // 100
    if kind == good:
        return
    raise MailError(
        stage,
        "refused" if kind in (4, 5) else "the server's answer made no sense",
        permanent=kind == 5,
        uncertain=stage is Stage.ANSWER and kind not in (4, 5),
        code=answer.code if kind in (4, 5) else None,
        enhanced=enhanced_code(answer),
        settings_at_fault=kind == 5 and (stage in (Stage.TLS, Stage.LOGIN) or answer.code == 530),
    )


def our_fault(stage: Stage, why: str, *, permanent: bool = True) -> MailError:
    """Return the error for what only an admin can put right."""
    return MailError(stage, why, permanent=permanent, settings_at_fault=True)


def enhanced_code(answer: SMTPResponse) -> str:
    """Return the code like 5.1.1 an answer begins with, or nothing."""
    found = _ENHANCED.match(answer.message)
    return found.group() if found else ""
