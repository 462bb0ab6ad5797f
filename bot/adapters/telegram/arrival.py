"""Getting in touch with Telegram: sign in, say how updates come, set the command menus."""

import logging
from collections.abc import Mapping

from telegram import Bot, BotCommand, BotCommandScope
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.adapters.telegram.calls import refusal
from bot.adapters.telegram.connection import public_address
from bot.adapters.telegram.polling import LISTENED_TO
from bot.adapters.telegram.words import DESCRIPTIONS, MENUS, PRIVATE
from bot.errors import DeliveryError

_log = logging.getLogger(__name__)


async def sign_in(bot: Bot) -> None:
    """Ask Telegram who we are; a token that is not valid is a permanent `DeliveryError`."""
    try:
        await bot.initialize()
    except InvalidToken:
        raise DeliveryError(
            "telegram: FLUISTER_TELEGRAM_TOKEN is not valid; ask @BotFather with /token",
            permanent=True,
        ) from None
    except Exception as error:  # noqa: BLE001 - a proxy in between answers anything
        raise refusal(error, "sign in") from None


async def announce(bot: Bot, settings: Mapping[str, str], *, hooked: bool) -> None:
    """Say how updates should come: asked for or sent, never both (Telegram refuses that)."""
    try:
        if not hooked:
            await bot.delete_webhook(drop_pending_updates=False)
            return
        await bot.set_webhook(
            public_address(settings),
            secret_token=settings["FLUISTER_TELEGRAM_WEBHOOK_SECRET"],
            allowed_updates=list(LISTENED_TO),
            max_connections=10,
        )
    except BadRequest:
        raise DeliveryError(
            "telegram: the webhook is refused; FLUISTER_WEB_URL must be an https address"
            " on port 443, 80, 88 or 8443 that Telegram can find",
            permanent=True,
        ) from None
    except Exception as error:  # noqa: BLE001 - a proxy in between answers anything
        raise refusal(error, "say how updates come") from None


async def keep_hook(bot: Bot, settings: Mapping[str, str]) -> None:
    """Set the webhook again when another program took it away: silence would be the only sign."""
    try:
        found = await bot.get_webhook_info()
        if found.url == public_address(settings):
            return
        _log.warning("telegram: another program changed the webhook; it is set again")
        await announce(bot, settings, hooked=True)
    except (DeliveryError, TelegramError) as error:
        _log.warning("telegram: the webhook could not be looked at (%s)", type(error).__name__)


async def set_menus(bot: Bot) -> bool:
    """Set the commands each kind of reader sees; whether Telegram took them, or never will.

    A bot without a menu still works.
    """
    for names, scope in MENUS:
        for language, told in DESCRIPTIONS.items():
            told_to = [(name, told[name]) for name in names]
            try:
                await _menu(bot, told_to, scope, language, aside=names is not PRIVATE)
            except Exception as error:  # noqa: BLE001 - a proxy in between answers anything
                _log.warning("telegram: no command menu (%s)", type(error).__name__)
                return refusal(error, "set the menus").permanent
    return True


async def _menu(
    bot: Bot, told: list[tuple[str, str]], scope: BotCommandScope, language: str, *, aside: bool
) -> None:
    """Set one menu; `aside` asks for commands that only the bot gets to see."""
    extra = {"is_ephemeral": True} if aside else None
    menu = [BotCommand(name, text, api_kwargs=extra) for name, text in told]
    try:
        await bot.set_my_commands(menu, scope, language or None)
    except BadRequest:
        if not aside:
            raise
        await _menu(bot, told, scope, language, aside=False)
