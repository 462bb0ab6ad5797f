"""What the Slack adapter is configured with, and what it must never forget about itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.core.events import Account, ChatRef
from bot.errors import ConfigError, DeliveryError

PLATFORM = "slack"
API = "https://slack.com/api/"
EVENTS_PATH = "/slack/events"
CONNECT_PATH = "/slack/connect"
RETURN_PATH = "/slack/oauth"
DISCONNECT = "slack:disconnect"
QUIET_ON, QUIET_OFF = "slack:quiet", "slack:sounds"
LEND, LEND_NOT = "slack:lend", "slack:lend-not"
FORM = "form:"
COMMANDS = (
    "/fluister",
    "/magditdelen",
    "/dringend",
    "/stilte",
    "/vrij",
    "/instellen",
    "/watweetje",
    "/vergeetmij",
)
EVENTS = (
    "app_home_opened",
    "app_uninstalled",
    "channel_deleted",
    "channel_left",
    "channel_shared",
    "channel_unshared",
    "group_deleted",
    "group_left",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "tokens_revoked",
    "user_change",
)
BOT_SCOPES = (
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "users:read",
)
USER_SCOPES = ("chat:write", "dnd:write")


@dataclass(frozen=True, slots=True)
class Settings:
    """Checked settings; `host` and `port` are where HTTP mode and the consent pages listen."""

    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    admin_token: str = field(default="", repr=False)
    api: str = API
    http: bool = False
    host: str = "127.0.0.1"
    port: int = 8765
    web_url: str = ""

    @property
    def asks_consent(self) -> bool:
        """Whether members can connect their own account: that takes an address to come back to."""
        return bool(self.client_id and self.client_secret and self.web_url)

    @property
    def authorize_url(self) -> str:
        """Where a member says yes: on the server of the Web API."""
        return self.api.removesuffix("api/") + "oauth/v2/authorize"

    def trusts(self, url: str) -> bool:
        """Whether a token or a text may be sent to `url`: Slack itself, or the given server."""
        to, home = urlsplit(url), urlsplit(self.api)
        if (to.scheme, to.netloc) == (home.scheme, home.netloc):
            return True
        host = to.hostname or ""
        return to.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))


def settings_from(values: Mapping[str, str]) -> Settings:
    """Read what concerns Slack; raise `ConfigError` for what is missing in the chosen mode."""

    def get(name: str) -> str:
        return values.get(f"FLUISTER_{name}", "").strip()

    http = get("SLACK_MODE") == "http"
    needed = "SLACK_SIGNING_SECRET" if http else "SLACK_APP_TOKEN"
    if not get(needed):
        mode = "http" if http else "socket"
        raise ConfigError(f"FLUISTER_{needed} is needed in Slack's {mode} mode: set it.")
    if get("SLACK_REFRESH_TOKEN") and not (get("SLACK_CLIENT_ID") and get("SLACK_CLIENT_SECRET")):
        raise ConfigError(
            "FLUISTER_SLACK_REFRESH_TOKEN needs FLUISTER_SLACK_CLIENT_ID and"
            " FLUISTER_SLACK_CLIENT_SECRET as well: set them."
        )
    host, _, port = (get("WEB_BIND") or "127.0.0.1:8765").rpartition(":")
    return Settings(
        bot_token=get("SLACK_BOT_TOKEN"),
        app_token=get("SLACK_APP_TOKEN"),
        signing_secret=get("SLACK_SIGNING_SECRET"),
        client_id=get("SLACK_CLIENT_ID"),
        client_secret=get("SLACK_CLIENT_SECRET"),
        refresh_token=get("SLACK_REFRESH_TOKEN"),
        admin_token=get("SLACK_ADMIN_TOKEN"),
        api=(get("SLACK_API") or API).rstrip("/") + "/",
        http=http,
        host=host.strip("[]"),
        port=int(port),
        web_url=get("WEB_URL").rstrip("/"),
    )


def channel_of(chat: ChatRef) -> str:
    if chat.platform != PLATFORM or not chat.chat:
        raise DeliveryError(f"slack: {chat.platform!r} is another platform", permanent=True)
    return chat.chat


def user_of(account: Account) -> str:
    if account.platform != PLATFORM or not account.user:
        raise DeliveryError(f"slack: {account.platform!r} is another platform", permanent=True)
    return account.user
