"""Cutting what we say into pieces Telegram takes."""

from collections.abc import Iterator, Sequence
from functools import partial

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.adapters import wording
from bot.adapters.base import Button
from bot.adapters.wording import clean
from bot.errors import DeliveryError

LONGEST = 4096
LONGEST_CAPTION = 1024
LONGEST_TOKEN = 64
_LINKS = ("http://", "https://", "tg://")


def width(text: str) -> int:
    """How long Telegram counts a text: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def pieces(text: str, longest: int = LONGEST) -> Iterator[str]:
    """Cut a text into messages Telegram takes."""
    return wording.pieces(text, partial(_fits, longest))


def _fits(longest: int, text: str) -> int:
    """How many characters of `text` fit."""
    units = 0
    for index, sign in enumerate(text):
        units += 2 if ord(sign) > 0xFFFF else 1
        if units > longest:
            return index
    return len(text)


def keyboard(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    """Inline buttons; links Telegram does not open as a button are told by `numbers`."""
    shown = [[_button(button) for button in row if _shows(button)] for row in rows]
    shown = [row for row in shown if row]
    return InlineKeyboardMarkup(shown) if shown else None


def with_numbers(text: str, rows: Sequence[Sequence[Button]]) -> str:
    """The text with a line for every phone number a button cannot dial here."""
    lines = [
        button.label if number in button.label else f"{button.label}: {number}"
        for row in rows
        for button in row
        if button.url.startswith("tel:") and (number := button.url.removeprefix("tel:"))
    ]
    return "\n".join([text, *lines])


def _shows(button: Button) -> bool:
    return bool(button.token) or button.url.startswith(_LINKS)


def _button(button: Button) -> InlineKeyboardButton:
    if button.url.startswith(_LINKS):
        return InlineKeyboardButton(clean(button.label), url=button.url)
    if len(button.token.encode()) > LONGEST_TOKEN:
        raise DeliveryError("telegram: a button's token is longer than 64 bytes", permanent=True)
    return InlineKeyboardButton(clean(button.label), callback_data=button.token)
