"""The part of the seam for platforms where a bot may not write to everybody first."""

from typing import Protocol, runtime_checkable

from bot.core.events import ChatRef


@runtime_checkable
class KnowsReach(Protocol):
    """A platform where people open their private chat with the bot themselves."""

    async def unreached(self, chat: ChatRef) -> int | None:
        """How many people in a group did not do so yet; nothing when the platform says not."""
        ...
