"""What a channel is: its name and size, who else reads along, kept for a few minutes."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.calls import asked
from bot.adapters.slack.reading import Payload, part, words
from bot.errors import DeliveryError

KEPT = 300.0
KEPT_UNKNOWN = 30.0
PATIENCE = 1.5
MOST = 2_000
MOST_PAGES = 20
MEMBERS_A_PAGE = 999
SHARED = ("is_ext_shared", "is_pending_ext_shared", "is_org_shared", "is_global_shared")


@dataclass(frozen=True, slots=True)
class Channel:
    """`people` counts everybody but us, programs included; `outsiders` may be from elsewhere."""

    name: str = field(default="", repr=False)
    people: int | None = None
    outsiders: bool = False
    group_dm: bool = False


class Channels:
    """Asks Slack once in a while; what does not come in time is unknown this time."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known: OrderedDict[str, tuple[Channel | None, float]] = OrderedDict()

    async def about(self, channel: str, *, fresh: bool = False) -> Channel | None:
        """What Slack says of a channel, or what it last said; nothing where it says nothing."""
        known, until = self._known.get(channel, (None, 0.0))
        if until > time.monotonic() and not fresh:
            return known
        found = await self._look(channel) or known
        self._known[channel] = (found, time.monotonic() + (KEPT if found else KEPT_UNKNOWN))
        self._known.move_to_end(channel)
        if len(self._known) > MOST:
            self._known.popitem(last=False)
        return found

    async def has_outsiders(self, channel: str) -> bool:
        found = await self.about(channel)
        return found is not None and found.outsiders

    async def has(self, channel: str, user: str) -> bool | None:
        """Whether somebody is in a channel now; nothing where Slack does not say."""
        cursor = ""
        for _ in range(MOST_PAGES):
            asking = self._client.conversations_members(
                channel=channel, cursor=cursor or None, limit=MEMBERS_A_PAGE
            )
            try:
                answer = await asked("conversations.members", asking)
            except DeliveryError:
                return None
            members = answer.get("members")
            if not isinstance(members, list):
                return None
            cursor = words(part(answer, "response_metadata"), "next_cursor")
            if user in members or not cursor:
                return user in members
        return None

    def forget(self, channel: str) -> None:
        """Look again next time: something changed."""
        self._known.pop(channel, None)

    async def _look(self, channel: str) -> Channel | None:
        asking = self._client.conversations_info(channel=channel, include_num_members=True)
        try:
            async with asyncio.timeout(PATIENCE):
                told = part(await asked("conversations.info", asking), "channel")
        except (DeliveryError, TimeoutError):
            return None
        return _read(told)


def _read(told: Payload) -> Channel:
    count = told.get("num_members")
    counted = isinstance(count, int) and not isinstance(count, bool) and count >= 1
    shared = told.get("shared_team_ids")
    several = isinstance(shared, list) and len(shared) > 1
    return Channel(
        words(told, "name"),
        count - 1 if counted and isinstance(count, int) else None,
        several or any(told.get(name) is True for name in SHARED),
        told.get("is_mpim") is True,
    )
