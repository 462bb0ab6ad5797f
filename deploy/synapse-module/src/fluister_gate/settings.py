# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an administrator configures in homeserver.yaml."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_KNOWN = {
    "bot",
    "url",
    "secret",
    "secret_path",
    "when_down",
    "timeout",
    "hello",
    "tell_room",
    "texts",
}
_TEXTS = {
    "down_text": "Fluister is even niet bereikbaar. Je bericht is niet verstuurd: probeer het zo"
    " nog eens.",
    "down_pass": "Fluister antwoordt niet. Berichten gaan nu ongezien door; Fluister bekijkt ze"
    " achteraf.",
    "down_refuse": "Fluister antwoordt niet. Berichten worden geweigerd tot het weer antwoordt.",
    "up_again": "Fluister antwoordt weer.",
}


@dataclass(frozen=True)
class Settings:
    """Where Fluister listens, on this machine; `timeout` and `hello` are in seconds."""

    bot: str
    host: str
    port: int
    secret: bytes = field(repr=False)
    when_down: str = "pass"
    timeout: float = 3.0
    hello: float = 10.0
    tell_room: str = ""
    down_text: str = _TEXTS["down_text"]
    down_pass: str = _TEXTS["down_pass"]
    down_refuse: str = _TEXTS["down_refuse"]
    up_again: str = _TEXTS["up_again"]


def read(config: dict[str, Any]) -> Settings:
    """Check the configuration; a `ValueError` says what is wrong and what is allowed."""
    unknown = sorted(set(config) - _KNOWN)
    if unknown:
        raise ValueError(f"unknown: {', '.join(unknown)}; known are {', '.join(sorted(_KNOWN))}")
    bot = config.get("bot")
    if not isinstance(bot, str) or not bot.startswith("@") or ":" not in bot:
        raise ValueError("bot: expected the bot's user id, such as @fluister:school.nl")
    when_down = config.get("when_down", "pass")
    if when_down not in ("pass", "refuse"):
        raise ValueError("when_down: expected pass or refuse")
    timeout, hello = _seconds(config, "timeout", 3.0), _seconds(config, "hello", 10.0)
    texts = config.get("texts", {})
    if not isinstance(texts, dict) or not set(texts) <= set(_TEXTS):
        raise ValueError(f"texts: known are {', '.join(_TEXTS)}")
    host, port = _place(config.get("url", "http://127.0.0.1:8766"))
    room = config.get("tell_room") or ""
    if not isinstance(room, str) or (room and not room.startswith("!")):
        raise ValueError("tell_room: expected a room's internal id, such as !abc:school.nl")
    return Settings(
        bot,
        host,
        port,
        _secret(config),
        when_down,
        timeout,
        hello,
        room,
        **{name: str(text) for name, text in texts.items()},
    )


def _seconds(config: dict[str, Any], name: str, otherwise: float) -> float:
    seconds = config.get(name, otherwise)
    if not isinstance(seconds, (int, float)) or not 0.1 <= seconds <= 30:
        raise ValueError(f"{name}: expected 0.1 to 30 seconds")
    return float(seconds)


def _place(url: Any) -> tuple[str, int]:
    parts = urlsplit(str(url))
    try:
        host, port = parts.hostname or "", parts.port or 0
        inside = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        inside = False
    if not inside or parts.scheme != "http" or not port:
        raise ValueError(
            "url: whole messages go there, so it must be on this machine, such as"
            " http://127.0.0.1:8766"
        )
    return host, port


def _secret(config: dict[str, Any]) -> bytes:
    secret = config.get("secret") or ""
    path = config.get("secret_path")
    if path:
        try:
            secret = Path(path).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"secret_path: cannot be read ({type(error).__name__})") from None
    if not isinstance(secret, str) or len(secret) < 32:
        raise ValueError(
            "secret: expected 32 characters or more, the same as Fluister's"
            " FLUISTER_MATRIX_GATE_SECRET"
        )
    return secret.encode()
