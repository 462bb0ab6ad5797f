"""What `fluister doctor` looks at on Slack: token, rights, socket or secret, and consent."""

import re
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.base import Finding
from bot.adapters.slack.calls import asked, web_client
from bot.adapters.slack.channels import SHARED
from bot.adapters.slack.reading import part, words
from bot.adapters.slack.values import BOT_SCOPES, RETURN_PATH, Settings, settings_from
from bot.errors import DeliveryError

_SECRET = re.compile(r"[0-9a-f]{32}")
_BOT, _APP, _USER = ("xoxb-", "xoxe.xoxb-"), ("xapp-",), ("xoxp-", "xoxe.xoxp-")


async def examine(values: Mapping[str, str], chats: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Look at everything; nothing is changed, and no token that rotates is traded in.

    `chats` are the ids of the channels that are read.
    """
    settings = settings_from(values)
    return tuple([finding async for finding in _all(settings, chats)])


async def _all(settings: Settings, chats: Sequence[str]) -> AsyncIterator[Finding]:
    client = web_client(settings)
    yield await _checked("slack bot token", _bot(settings, client))
    yield await _checked("slack rights", _rights(client))
    if settings.http:
        yield await _checked("slack signing secret", _secret(settings))
    else:
        yield await _checked("slack socket", _socket(settings, client))
    if settings.admin_token:
        yield await _checked("slack admin token", _admin(settings, client))
    for chat in chats:
        yield await _checked(f"slack channel {chat}", _channel(client, chat))
    yield _consent(settings)


async def _checked(name: str, looking: Awaitable[str]) -> Finding:
    try:
        return Finding(name, True, await looking)
    except DeliveryError as wrong:
        return Finding(name, False, str(wrong))


async def _bot(settings: Settings, client: AsyncWebClient) -> str:
    _is_a(settings.bot_token, _BOT, "FLUISTER_SLACK_BOT_TOKEN", "the Bot User OAuth Token (xoxb-…)")
    me = await asked("auth.test", client.auth_test())
    if not words(me, "bot_id"):
        raise DeliveryError("this token belongs to a person, not to a bot", permanent=True)
    return f"signed in as {words(me, 'user')} in {words(me, 'team')}"


async def _rights(client: AsyncWebClient) -> str:
    """Slack tells with every answer which rights the token has."""
    has = await _scopes(client)
    if has is None:
        return "unknown: Slack did not say"
    lacks, spare = sorted(set(BOT_SCOPES) - has), sorted(has - set(BOT_SCOPES))
    if lacks:
        raise DeliveryError(
            f"missing {', '.join(lacks)}: paste deploy/slack/manifest.yaml and install again",
            permanent=True,
        )
    return "as the manifest asks" + (f"; not needed: {', '.join(spare)}" if spare else "")


async def _scopes(client: AsyncWebClient) -> set[str] | None:
    headers: dict[str, str] = {}

    async def asking() -> object:
        answer = await client.auth_test()
        headers.update((str(k).lower(), str(v)) for k, v in answer.headers.items())
        return answer

    await asked("auth.test", asking())
    told = headers.get("x-oauth-scopes", "")
    return {one.strip() for one in told.split(",")} if told else None


async def _socket(settings: Settings, client: AsyncWebClient) -> str:
    _is_a(settings.app_token, _APP, "FLUISTER_SLACK_APP_TOKEN", "an App-Level Token (xapp-…)")
    asking = client.apps_connections_open(app_token=settings.app_token)
    told = await asked("apps.connections.open", asking)
    if not words(told, "url").startswith(("wss://", "ws://")):
        raise DeliveryError("Slack gave no address for the socket", permanent=True)
    return "may be opened"


async def _secret(settings: Settings) -> str:
    if not _SECRET.fullmatch(settings.signing_secret):
        raise DeliveryError(
            "FLUISTER_SLACK_SIGNING_SECRET does not look like one (32 signs of 0-9 and a-f):"
            " copy it from Basic Information, not the Verification Token",
            permanent=True,
        )
    return "looks right; Slack's first request will tell"


async def _admin(settings: Settings, client: AsyncWebClient) -> str:
    _is_a(settings.admin_token, _USER, "FLUISTER_SLACK_ADMIN_TOKEN", "a user token (xoxp-…)")
    own = web_client(settings, settings.admin_token)
    user = words(await asked("auth.test", own.auth_test()), "user_id")
    person = part(await asked("users.info", client.users_info(user=user)), "user")
    if not any(person.get(name) is True for name in ("is_admin", "is_owner")):
        raise DeliveryError("its owner is no administrator of the workspace", permanent=True)
    has = await _scopes(own)
    if has is not None and "chat:write" not in has:
        raise DeliveryError(
            "missing chat:write: give it that right, and nothing more", permanent=True
        )
    return "may remove what others wrote"


async def _channel(client: AsyncWebClient, chat: str) -> str:
    asking = client.conversations_info(channel=chat)
    told = part(await asked("conversations.info", asking), "channel")
    if told.get("is_member") is False:
        raise DeliveryError("the bot is not in it any more: type /invite @Fluister", permanent=True)
    shared = any(told.get(name) is True for name in SHARED)
    return "shared with others: judged more strictly" if shared else "read"


def _consent(settings: Settings) -> Finding:
    if not settings.asks_consent:
        says = "off: members cannot connect, so they are asked to delete messages themselves"
        return Finding("slack consent", True, says)
    back = settings.web_url + RETURN_PATH
    if not settings.web_url.startswith("https://"):
        return Finding("slack consent", False, f"Slack sends people back to https only: {back}")
    return Finding("slack consent", True, f"members can connect; redirect URL {back}")


def _is_a(token: str, openings: Sequence[str], key: str, wanted: str) -> None:
    if not token.startswith(tuple(openings)):
        raise DeliveryError(f"{key} must be {wanted}", permanent=True)
