"""The settings an installation is started with: environment, secret files or `fluister.toml`.

Each key is known here or refused, with the nearest known one named. A secret may also be given
as `<KEY>_FILE`, a path whose content is the value. Values never appear in an error message.
"""

import difflib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from bot.core.policy import Level
from bot.errors import ConfigError

PREFIX = "FLUISTER_"
TEST_PREFIX = "FLUISTER_TEST_"  # what the test-suite itself listens to


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: what it is for, what may stand in it, whether it is a secret."""

    help: str
    default: str = ""
    allowed: tuple[str, ...] = ()
    secret: bool = False
    check: Callable[[str], str | None] | None = None


def _email(value: str) -> str | None:
    local, at, domain = value.partition("@")
    if at and local and "." in domain and not any(sign.isspace() for sign in value):
        return None
    return "an address such as team@school.nl"


def _bind(value: str) -> str | None:
    host, colon, port = value.rpartition(":")
    if colon and host and port.isdigit() and int(port) <= 65535:
        return None
    return "host:port, such as 127.0.0.1:8765"


def _url(*schemes: str) -> Callable[[str], str | None]:
    def check(value: str) -> str | None:
        if value.partition("://")[0] in schemes and "://" in value:
            return None
        return "an address that begins with " + " or ".join(f"{s}://" for s in schemes)

    return check


_DATABASES = ("sqlite", "postgresql", "postgresql+psycopg", "postgres")

KEYS: Mapping[str, Key] = MappingProxyType(
    {
        "FLUISTER_DATABASE_URL": Key(
            "Database; empty means an SQLite file in the data folder.",
            secret=True,
            check=_url(*_DATABASES),
        ),
        "FLUISTER_DATA_DIR": Key("Folder for the database file and the key.", "./data"),
        "FLUISTER_SECRET_KEY": Key(
            "Master key for encryption, 32 characters or more; empty means: make one in the data"
            " folder at the first start.",
            secret=True,
            check=lambda v: None if len(v) >= 32 else "32 characters or more",
        ),
        "FLUISTER_POLICY": Key("Policy file; empty means the built-in example school."),
        "FLUISTER_LEVEL": Key(
            "How far Fluister goes from the start.", allowed=("observe", "tip", "act")
        ),
        "FLUISTER_TEAM_ADDRESS": Key("The mail address of the whole team.", check=_email),
        "FLUISTER_SMTP_URL": Key(
            "Mail server: smtp://user:password@host:port?starttls=never|try|require, or smtps://.",
            secret=True,
            check=_url("smtp", "smtps"),
        ),
        "FLUISTER_MAIL_FROM": Key("Sender of Fluister's mails.", check=_email),
        "FLUISTER_WEB_BIND": Key("Where the web pages listen.", "127.0.0.1:8765", check=_bind),
        "FLUISTER_ADMIN_BIND": Key(
            "Where the admin pages listen; empty means FLUISTER_WEB_BIND, unless a platform"
            " listens there itself.",
            check=_bind,
        ),
        "FLUISTER_WEB_URL": Key("Public address of the pages.", check=_url("http", "https")),
        "FLUISTER_TELEGRAM_TOKEN": Key("Bot token from @BotFather.", secret=True),
        "FLUISTER_TELEGRAM_API": Key("Base address of the Bot API.", check=_url("http", "https")),
        "FLUISTER_TELEGRAM_MODE": Key("How updates come in.", "poll", ("poll", "webhook")),
        "FLUISTER_TELEGRAM_WEBHOOK_SECRET": Key("Secret of the webhook.", secret=True),
        "FLUISTER_SLACK_BOT_TOKEN": Key("Bot token (xoxb-…).", secret=True),
        "FLUISTER_SLACK_APP_TOKEN": Key("App token for Socket Mode (xapp-…).", secret=True),
        "FLUISTER_SLACK_SIGNING_SECRET": Key("Signing secret for HTTP mode.", secret=True),
        "FLUISTER_SLACK_CLIENT_ID": Key("Client id, for members' own consent."),
        "FLUISTER_SLACK_CLIENT_SECRET": Key("Client secret.", secret=True),
        "FLUISTER_SLACK_REFRESH_TOKEN": Key(
            "Refresh token of the bot (xoxe-1-…), where the app's tokens rotate.", secret=True
        ),
        "FLUISTER_SLACK_ADMIN_TOKEN": Key(
            "User token (xoxp-…) of an administrator, to remove what others wrote.", secret=True
        ),
        "FLUISTER_SLACK_API": Key("Base address of the Web API.", check=_url("http", "https")),
        "FLUISTER_SLACK_MODE": Key("How events come in.", "socket", ("socket", "http")),
        "FLUISTER_MATRIX_HOMESERVER": Key("Homeserver address.", check=_url("http", "https")),
        "FLUISTER_MATRIX_USER": Key("The bot's user id (@fluister:school.nl)."),
        "FLUISTER_MATRIX_TOKEN": Key("Access token.", secret=True),
        "FLUISTER_MATRIX_GATE_SECRET": Key("Secret shared with the Synapse module.", secret=True),
        "FLUISTER_MATRIX_GATE_BIND": Key(
            "Where the Synapse module asks; an address of this machine itself.",
            "127.0.0.1:8766",
            check=_bind,
        ),
        "FLUISTER_MATRIX_BRIDGES": Key(
            "Whether rooms that are bridged to another chat are read.", "off", ("off", "on")
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Config:
    """Checked settings; `values` holds every key, empty where nothing was given."""

    values: Mapping[str, str] = field(repr=False)

    def get(self, key: str) -> str:
        """Return one setting by its full name."""
        return self.values[key]

    @property
    def data_dir(self) -> Path:
        return Path(self.values["FLUISTER_DATA_DIR"])

    @property
    def database_url(self) -> str:
        """Where our rows live; an SQLite file in the data folder unless told otherwise."""
        given = self.values["FLUISTER_DATABASE_URL"]
        return given or f"sqlite:///{(self.data_dir / 'fluister.db').absolute()}"

    @property
    def level(self) -> Level | None:
        """The level given from outside, or `None`: then the school's own choice counts."""
        given = self.values["FLUISTER_LEVEL"]
        return Level(given) if given else None

    def platforms(self) -> tuple[str, ...]:
        """The platforms whose keys are set."""
        first = {
            "telegram": "FLUISTER_TELEGRAM_TOKEN",
            "slack": "FLUISTER_SLACK_BOT_TOKEN",
            "matrix": "FLUISTER_MATRIX_TOKEN",
        }
        return tuple(name for name, key in first.items() if self.values[key])


def load(environ: Mapping[str, str], toml: Path | None = None) -> Config:
    """Read and check all settings; `ConfigError` lists everything that is wrong at once.

    The environment wins from the file `toml`, whose keys are the same names.
    """
    faults: list[str] = []
    given = {**_from_toml(toml, faults), **_from_environment(environ, faults)}
    values = {name: given.get(name, key.default) for name, key in KEYS.items()}
    for name, value in values.items():
        faults += _check(name, value)
    if faults:
        raise ConfigError("\n".join(faults))
    return Config(MappingProxyType(values))


def _from_environment(environ: Mapping[str, str], faults: list[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name.startswith(TEST_PREFIX):
            continue
        base = name.removesuffix("_FILE")
        if name in KEYS:
            given[name] = environ[name].strip()
        elif base in KEYS and KEYS[base].secret:
            given[base] = _from_file(name, environ[name], faults)
            if environ.get(base):
                faults.append(f"{base} and {name} are both set: keep one of them.")
        else:
            faults.append(_unknown(name, "environment"))
    return given


def _from_file(name: str, path: str, faults: list[str]) -> str:
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{name}: the file cannot be read ({type(error).__name__}): {path}")
        return ""


def _from_toml(path: Path | None, faults: list[str]) -> dict[str, str]:
    if path is None or not path.exists():
        return {}
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(f"{path}: not readable as TOML ({error})")
        return {}
    given: dict[str, str] = {}
    for name, value in table.items():
        if name not in KEYS:
            faults.append(_unknown(name, str(path)))
        elif not isinstance(value, str):
            faults.append(f"{path}: {name} must be a text between quotes")
        else:
            given[name] = value.strip()
    return given


def _unknown(name: str, where: str) -> str:
    near = difflib.get_close_matches(name, KEYS, n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"{where}: {name} is not a known setting.{hint}"


def _check(name: str, value: str) -> list[str]:
    key = KEYS[name]
    if not value:
        return []
    if key.allowed and value not in key.allowed:
        shown = "that value" if key.secret else repr(value[:40])
        return [f"{name}: {shown} is not one of {', '.join(key.allowed)}"]
    wanted = key.check(value) if key.check else None
    return [f"{name}: expected {wanted}"] if wanted else []
