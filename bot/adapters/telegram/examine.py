"""What `fluister doctor` looks at on Telegram: token, privacy mode, updates, each group."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from telegram import Bot, ChatFullInfo, ChatMember, ChatMemberAdministrator
from telegram.error import ChatMigrated, InvalidToken, TelegramError

from bot.adapters.base import Finding
from bot.adapters.telegram.calls import keep_quiet, refusal
from bot.adapters.telegram.connection import bot_from, public_address
from bot.adapters.telegram.sending import knows_ephemeral
from bot.adapters.telegram.words import MENUS
from bot.errors import ConfigError, DeliveryError

NEEDED = {"can_delete_messages": "Delete messages", "can_restrict_members": "Ban users"}
LATELY = timedelta(hours=1)
PILE = 100
TOKEN_WRONG = "FLUISTER_TELEGRAM_TOKEN is not valid (any more): ask @BotFather for it with /token"  # noqa: S105


async def examine(values: Mapping[str, str], chats: Sequence[str]) -> tuple[Finding, ...]:
    """Look at everything, and at the groups `chats` (Telegram's numbers); nothing is changed."""
    keep_quiet()
    bot = bot_from(values)
    try:
        await bot.initialize()
        return tuple([finding async for finding in _all(bot, values, chats)])
    except InvalidToken:
        return (Finding("telegram token", False, TOKEN_WRONG),)
    except TelegramError as error:
        return (Finding("telegram", False, str(refusal(error, "examine"))),)
    except (ConfigError, DeliveryError) as wrong:
        return (Finding("telegram", False, str(wrong)),)
    finally:
        await bot.shutdown()


async def _all(bot: Bot, values: Mapping[str, str], chats: Sequence[str]) -> AsyncIterator[Finding]:
    yield Finding("telegram token", True, f"signed in as @{bot.username}")
    yield _privacy(bot)
    yield await _updates(bot, values)
    yield await _menus(bot)
    yield await _words(bot)
    if not chats:
        yield _joining(bot)
    for chat in chats:
        async for finding in _group(bot, int(chat)):
            yield finding


def _privacy(bot: Bot) -> Finding:
    if bot.can_read_all_group_messages:
        says = "off, which is not needed: as administrator the bot reads along anyway. Send"
        return Finding("telegram privacy mode", True, f"{says} @BotFather /setprivacy, Enable")
    return Finding("telegram privacy mode", True, "on: without its rights the bot reads nothing")


def _joining(bot: Bot) -> Finding:
    if bot.can_join_groups:
        return Finding("telegram groups", True, "in no group yet: add the bot to the team's group")
    says = "the bot cannot be added to a group: send @BotFather /setjoingroups, Enable"
    return Finding("telegram groups", False, says)


async def _updates(bot: Bot, values: Mapping[str, str]) -> Finding:
    """Updates are asked for or sent, never both."""
    name = "telegram updates"
    hook = await bot.get_webhook_info()
    waiting = f"{hook.pending_update_count} waiting"
    if values.get("FLUISTER_TELEGRAM_MODE") != "webhook":
        if hook.url:
            says = "another program set a webhook with this token; `fluister run` takes it away"
            return Finding(name, False, says)
        piled = hook.pending_update_count > PILE
        more = ": is `fluister run` running?" if piled else ""
        return Finding(name, not piled, f"asked for (poll), {waiting}{more}")
    address = public_address(values)
    if not address.startswith("https://"):
        return Finding(name, False, "FLUISTER_WEB_URL must begin with https://: Telegram insists")
    if not hook.url:
        return Finding(name, True, "no webhook yet; `fluister run` sets it")
    if hook.url != address:
        says = "the webhook leads somewhere else than FLUISTER_WEB_URL; `fluister run` changes it"
        return Finding(name, False, says)
    failed = hook.last_error_date
    if failed is not None and datetime.now(UTC) - failed < LATELY:
        says = f"Telegram could not reach {address} at {failed:%H:%M} UTC, {waiting}"
        return Finding(name, False, f"{says}: look at the certificate and the reverse proxy")
    return Finding(name, True, f"sent to {address} (webhook), {waiting}")


async def _menus(bot: Bot) -> Finding:
    """Whether the commands stand in the menu of each kind of chat; they are a help, no need."""
    name = "telegram menus"
    try:
        for commands, scope in MENUS:
            found = await bot.get_my_commands(scope)
            if {command.command for command in found} != set(commands):
                return Finding(name, True, "not all there; `fluister run` sets them")
    except TelegramError as error:
        return Finding(name, True, f"this server does not say ({_kind(error)})")
    return Finding(name, True, "set for private chats, members and administrators")


async def _words(bot: Bot) -> Finding:
    """What stands in the private chat before somebody presses Start."""
    name = "telegram description"
    try:
        told = (await bot.get_my_description()).description
    except TelegramError as error:
        return Finding(name, True, f"this server does not say ({_kind(error)})")
    if told:
        return Finding(name, True, "there: who opens the private chat reads why to press Start")
    says = "empty: send @BotFather /setdescription, so that people know why to press Start"
    return Finding(name, True, says)


async def _group(bot: Bot, number: int) -> AsyncIterator[Finding]:
    try:
        chat = await _found(bot, number)
        member = await bot.get_chat_member(chat.id, bot.id)
    except TelegramError as error:
        says = f"cannot be looked at ({type(error).__name__}): is the bot still in it?"
        yield Finding(f"telegram group {number}", False, says)
        return
    name = f"telegram group {chat.title or chat.id}"
    yield _rights(name, member)
    if not await knows_ephemeral(bot, chat.id):
        says = "the server is older than Bot API 10.3: whispers go to private chats only"
        yield Finding(name, False, says)


async def _found(bot: Bot, number: int) -> ChatFullInfo:
    try:
        return await bot.get_chat(number)
    except ChatMigrated as moved:
        return await bot.get_chat(moved.new_chat_id)


def _rights(name: str, member: ChatMember) -> Finding:
    if not isinstance(member, ChatMemberAdministrator):
        says = "the bot is no administrator: it can neither read, remove, whisper nor close"
        return Finding(name, False, says)
    lacks = [told for right, told in NEEDED.items() if not getattr(member, right)]
    if lacks:
        says = f"switch on for the bot: {', '.join(lacks)} (Administrators, the bot)"
        return Finding(name, False, says)
    given = sorted(right for right, held in member.to_dict().items() if held is True)
    more = [r for r in given if r not in (*NEEDED, "can_manage_chat", "can_be_edited")]
    says = "the bot can remove messages and close it at night"
    return Finding(name, True, f"{says}; not needed: {', '.join(more)}" if more else says)


def _kind(error: TelegramError) -> str:
    """What went wrong; a method a server does not know looks like a wrong token to the library."""
    return "no such method" if isinstance(error, InvalidToken) else type(error).__name__
