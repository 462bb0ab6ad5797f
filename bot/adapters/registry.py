"""Which platforms there are, and what each needs from the configuration."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.adapters.base import Adapter, AdapterState, Finding, OnIncoming

Examine = Callable[[Mapping[str, str], Sequence[str]], Awaitable[Sequence[Finding]]]
Factory = Callable[[Mapping[str, str], OnIncoming, AdapterState], Adapter]


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform: `keys` must all be set before `make` is called with every setting.

    `examine` looks at what the platform lets us do, for `fluister doctor`; it is given the
    settings and the ids of the groups that are read.
    """

    name: str
    keys: tuple[str, ...]
    make: Factory
    examine: Examine | None = None


MATRIX_KEYS = ("FLUISTER_MATRIX_HOMESERVER", "FLUISTER_MATRIX_USER", "FLUISTER_MATRIX_TOKEN")


def platforms() -> tuple[Platform, ...]:
    """Every platform this installation can speak to; imported only when asked for."""
    return (
        Platform("matrix", MATRIX_KEYS, _matrix, _examine_matrix),
        Platform("slack", ("FLUISTER_SLACK_BOT_TOKEN",), _slack, _examine_slack),
        Platform("telegram", ("FLUISTER_TELEGRAM_TOKEN",), _telegram, _examine_telegram),
    )


def _matrix(settings: Mapping[str, str], on_incoming: OnIncoming, state: AdapterState) -> Adapter:
    from bot.adapters.matrix.adapter import MatrixAdapter
    from bot.adapters.matrix.values import settings_from

    return MatrixAdapter(settings_from(settings), on_incoming, state)


async def _examine_matrix(settings: Mapping[str, str], chats: Sequence[str]) -> Sequence[Finding]:
    from bot.adapters.matrix.examine import examine

    del chats  # Matrix itself says where the bot is.
    return await examine(settings)


def _slack(settings: Mapping[str, str], on_incoming: OnIncoming, state: AdapterState) -> Adapter:
    from bot.adapters.slack.adapter import SlackAdapter
    from bot.adapters.slack.values import settings_from

    return SlackAdapter(settings_from(settings), on_incoming, state)


async def _examine_slack(settings: Mapping[str, str], chats: Sequence[str]) -> Sequence[Finding]:
    from bot.adapters.slack.examine import examine

    return await examine(settings, chats)


def _telegram(settings: Mapping[str, str], on_incoming: OnIncoming, state: AdapterState) -> Adapter:
    from bot.adapters.telegram.adapter import TelegramAdapter

    return TelegramAdapter(settings, on_incoming, state)


async def _examine_telegram(settings: Mapping[str, str], chats: Sequence[str]) -> Sequence[Finding]:
    from bot.adapters.telegram.examine import examine

    return await examine(settings, chats)
