"""Where mail goes out to in these tests, and how it is read back."""

from email.message import EmailMessage
from typing import Protocol


class Mail(Protocol):
    @property
    def url(self) -> str: ...

    def mails(self) -> list[EmailMessage]: ...


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return body.get_content() if body is not None else ""
