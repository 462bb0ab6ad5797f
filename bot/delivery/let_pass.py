"""What a gate was told may pass: when such a message arrives, it is not judged a second time."""

from collections import OrderedDict

from bot.core.events import MessagePosted, Pass, Receipt
from bot.delivery.house import House

MOST = 2_000


class LetPass:
    """The last ones, in memory: forgetting one means judging it again, which does no harm."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._known: OrderedDict[tuple[str, str, str, int], None] = OrderedDict()

    def asked(self, event: MessagePosted, receipt: Receipt) -> Receipt:
        """Note what a gate hears about a message nobody has seen yet."""
        if not event.delivered and isinstance(receipt, Pass):
            self._known[_key(event)] = None
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return receipt

    async def arrived(self, event: MessagePosted) -> bool:
        """Whether this one was judged before it was seen; what is kept of it then says so."""
        if not event.delivered or _key(event) not in self._known:
            return False
        del self._known[_key(event)]
        known = await self._house.repository.case_for(event.chat, event.message)
        if known is not None and not known.delivered:
            await self._house.repository.update_case(known.id, delivered=True)
        return True


def _key(event: MessagePosted) -> tuple[str, str, str, int]:
    return event.chat.platform, event.chat.chat, event.message, event.revision
