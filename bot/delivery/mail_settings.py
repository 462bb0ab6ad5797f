"""Which mail server to use and how, read from one URL that may hold a password."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import NoReturn
from urllib.parse import parse_qsl, unquote, urlsplit

from bot.delivery.mail_address import checked_domain
from bot.errors import ConfigError, DeliveryError

KEY = "FLUISTER_SMTP_URL"
ALLOWED = "smtp://user:password@host:587?starttls=never|try|require or smtps://…:465, with ?cafile="
MAX_URL = 2000
_PORTS = {"smtp": 25, "smtps": 465}
_SUBMISSION = 587
_LABELS = re.compile(r"[a-z0-9_](?:[a-z0-9._-]{0,252}[a-z0-9])?")


class StartTls(StrEnum):
    """Whether to switch to TLS after connecting in the clear."""

    NEVER = "never"
    TRY = "try"
    REQUIRE = "require"


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Bounds in seconds of real time: one connect, one command, and the whole mail."""

    connect: float = 10.0
    command: float = 30.0
    total: float = 120.0


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """A mail server. `tls` means TLS from the first byte; `cafile` adds certificates to trust."""

    host: str
    port: int
    tls: bool = False
    starttls: StartTls = StartTls.TRY
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    cafile: Path | None = None
    timeouts: Timeouts = Timeouts()

    @property
    def loopback(self) -> bool:
        """Whether the server is this very machine."""
        return is_loopback(self.host)


def parse_smtp_url(url: str) -> SmtpSettings:
    """Read the value of FLUISTER_SMTP_URL.

    Raises `ConfigError` with what is wrong and what is allowed; as the URL holds a password, the
    message repeats no part of it.
    """
    _plain(url)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        _wrong("the host or port is malformed (a port is a number from 1 to 65535)")
    if parts.scheme not in _PORTS:
        _wrong("it must start with smtp:// or smtps://")
    if parts.path not in ("", "/") or parts.fragment or "@" in parts.query or port == 0:
        _wrong("there is more after the host than options; write / ? # @ % in a password as %2F …")
    user, password = _login(parts.username, parts.password)
    host, tls = _host(parts.hostname), parts.scheme == "smtps"
    options = _options(parts.query)
    return SmtpSettings(
        host=host,
        port=port or (_SUBMISSION if user and not tls else _PORTS[parts.scheme]),
        tls=tls,
        starttls=_starttls(options.get("starttls"), tls=tls, risky=bool(user), host=host),
        user=user,
        password=password,
        cafile=_cafile(options.get("cafile")),
    )


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine by name or number."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _plain(url: str) -> None:
    # urlsplit drops tabs and line ends silently, which would change a password.
    if any(ord(char) < 0x21 or 0x7F <= ord(char) < 0xA0 for char in url):
        _wrong("it holds a space or a control character")
    if "://" not in url or len(url) > MAX_URL:
        _wrong("it is not a URL")


def _login(user: str | None, password: str | None) -> tuple[str, str]:
    if bool(user) != bool(password):
        _wrong("a login needs both a user name and a password")
    try:
        pair = (unquote(user or "", errors="strict"), unquote(password or "", errors="strict"))
    except UnicodeError:
        _wrong("the user name or password is not UTF-8")
    if re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", "".join(pair)):
        _wrong("the user name or password holds a control character")
    return pair


def _host(host: str | None) -> str:
    if not host:
        _wrong("the host is missing")
    try:
        number = ip_address(host)
    except ValueError:
        return _host_name(host)
    if isinstance(number, IPv6Address) and number.scope_id:
        _wrong("an IPv6 address with a zone is not supported")
    return str(number)


def _host_name(host: str) -> str:
    if _LABELS.fullmatch(host) and ".." not in host:
        return host
    try:
        return checked_domain(host)
    except DeliveryError:
        _wrong("the host is not a name or an address")


def _options(query: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    except ValueError:
        _wrong("the options after ? are malformed")
    options = dict(pairs)
    if len(options) != len(pairs) or not options.keys() <= {"starttls", "cafile"}:
        _wrong("an option after ? is unknown or given twice")
    return options


def _starttls(value: str | None, *, tls: bool, risky: bool, host: str) -> StartTls:
    if value is not None and tls:
        _wrong("smtps:// is TLS already; leave starttls out")
    if value is not None and value not in tuple(StartTls):
        _wrong("starttls is not never, try or require")
    if value is not None:
        return StartTls(value)
    return StartTls.REQUIRE if risky and not is_loopback(host) else StartTls.TRY


def _cafile(value: str | None) -> Path | None:
    if value is None:
        return None
    path = Path(value)
    if "\x00" in value or not path.is_file():
        _wrong("cafile is not a file with certificates (PEM)")
    return path


def _wrong(what: str) -> NoReturn:
    raise ConfigError(f"{KEY}: {what}; allowed: {ALLOWED}") from None
