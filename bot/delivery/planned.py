"""Held messages that the platform itself will post, in their author's name."""

from datetime import datetime

from bot.adapters.base import Post
from bot.delivery.house import House
from bot.errors import DeliveryError
from bot.storage.records import Case


class Planned:
    """Plans a held message where the platform can, and takes it back before anything else is done.

    The copy stays with us until it is delivered, so that nothing is lost when a plan is.
    """

    def __init__(self, house: House) -> None:
        self._house = house

    async def plan(self, case: Case, until: datetime) -> None:
        """Hand a message over; where the platform will not, we deliver it ourselves as always."""
        adapter = self._house.on_behalf(case.chat.platform)
        if adapter is None or not case.delivered or case.attachments:
            return
        post = Post(case.chat, case.text, author=case.sender, conversation=case.conversation)
        try:
            await adapter.schedule(post, case.message, until)
        except DeliveryError as refused:
            if not refused.permanent:
                raise

    async def taken_back(self, case: Case) -> bool:
        """Take a plan back if there is one; tell whether the platform posted it already."""
        adapter = self._house.on_behalf(case.chat.platform)
        if adapter is None:
            return False
        return await adapter.unschedule(case.chat, case.message)
