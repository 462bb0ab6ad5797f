"""An SMTP server in this process, for machines without a real mail server."""

import email
import email.policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.matrix.synapse_home import free_port


class Memory:
    """Takes every mail in, on a free port, and keeps it."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.controller = Controller(self, "127.0.0.1", free_port())
        self.url = f"smtp://127.0.0.1:{self.controller.port}?starttls=never"

    def __enter__(self) -> "Memory":
        self.controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.controller.stop()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.raw.append(envelope.content)
        return "250 OK"

    def mails(self) -> list[EmailMessage]:
        policy = email.policy.default
        return [email.message_from_bytes(one, policy=policy) for one in self.raw]
