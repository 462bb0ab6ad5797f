"""What the Matrix adapter is made with, and the names several of its parts share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from bot.core.events import Account, ChatRef
from bot.errors import ConfigError, DeliveryError

PLATFORM = "matrix"
LARGEST_FILE = 20 * 1024 * 1024
DEFAULT_GATE = "127.0.0.1:8766"


@dataclass(frozen=True, slots=True)
class Settings:
    """One bot on one homeserver; `gate_secret` empty means there is no Synapse module."""

    homeserver: str
    user: str
    token: str = field(repr=False)
    folder: Path
    gate_secret: str = field(default="", repr=False)
    gate_host: str = "127.0.0.1"
    gate_port: int = 0
    bridges: bool = False

    @property
    def server(self) -> str:
        """The name of the homeserver, as it stands behind the colon of every local user."""
        return self.user.partition(":")[2]

    def is_local(self, user: str) -> bool:
        """Whether somebody's account is on the bot's own homeserver."""
        return user.startswith("@") and user.partition(":")[2] == self.server


def settings_from(values: Mapping[str, str]) -> Settings:
    """Read and check what is configured; `ConfigError` says what lacks."""
    user = values["FLUISTER_MATRIX_USER"]
    if not user.startswith("@") or ":" not in user:
        raise ConfigError("FLUISTER_MATRIX_USER: expected a user id such as @fluister:school.nl")
    host, _, port = (values.get("FLUISTER_MATRIX_GATE_BIND") or DEFAULT_GATE).rpartition(":")
    secret = values.get("FLUISTER_MATRIX_GATE_SECRET", "")
    if secret and len(secret) < 32:
        raise ConfigError("FLUISTER_MATRIX_GATE_SECRET: expected 32 characters or more")
    return Settings(
        homeserver=values["FLUISTER_MATRIX_HOMESERVER"].rstrip("/"),
        user=user,
        token=values["FLUISTER_MATRIX_TOKEN"],
        folder=Path(values.get("FLUISTER_DATA_DIR") or ".") / "matrix",
        gate_secret=secret,
        gate_host=_loopback(host.strip("[]")),
        gate_port=int(port),
        bridges=values.get("FLUISTER_MATRIX_BRIDGES") == "on",
    )


def _loopback(host: str) -> str:
    try:
        fine = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        fine = False
    if not fine:
        raise ConfigError(
            "FLUISTER_MATRIX_GATE_BIND: whole messages pass there, so only an address of this"
            " machine itself is allowed, such as 127.0.0.1:8766"
        )
    return host


def account(user: str, name: str = "") -> Account:
    return Account(PLATFORM, user, name)


def chat(room: str) -> ChatRef:
    return ChatRef(PLATFORM, room)


def user_of(who: Account) -> str:
    """Somebody's user id, if they are on Matrix at all."""
    if who.platform != PLATFORM or not who.user.startswith("@"):
        raise DeliveryError(f"matrix: {who.platform!r} is another platform", permanent=True)
    return who.user
