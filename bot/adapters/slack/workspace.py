"""One workspace we are connected to: every part that needs its client, put together."""

from collections.abc import Callable

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.base import AdapterState, Desk, OnIncoming
from bot.adapters.slack.asking import Asking
from bot.adapters.slack.calls import TIMEOUT
from bot.adapters.slack.channels import Channels
from bot.adapters.slack.consent import Consents
from bot.adapters.slack.files import PATIENCE
from bot.adapters.slack.fronting import Fronting
from bot.adapters.slack.hearing import Hearing
from bot.adapters.slack.inbox import Inbox
from bot.adapters.slack.people import People
from bot.adapters.slack.planning import Planning
from bot.adapters.slack.posting import Posting
from bot.adapters.slack.quieting import Quieting
from bot.adapters.slack.removing import Removing
from bot.adapters.slack.speaking import Speaking
from bot.adapters.slack.translate import Self
from bot.adapters.slack.values import Settings


class Workspace:
    """Made once it is known who we are; must be closed."""

    def __init__(
        self,
        settings: Settings,
        client: AsyncWebClient,
        me: Self,
        consents: Consents,
        state: AdapterState,
        on_incoming: OnIncoming,
        desk: Callable[[], Desk | None],
    ) -> None:
        self.client = client
        self.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))
        client.session = self.session
        # With a session of ours the library only uses its own patience to upload files.
        client.timeout = PATIENCE
        self.channels = Channels(client)
        self.speaking = Speaking(settings, client, self.session)
        self.posting = Posting(client, consents, state, me.user)
        self.removing = Removing(client, consents, state, me.user, settings.admin_token)
        self.planning = Planning(client, consents, state)
        self.quieting = Quieting(client, consents, state)
        self.asking = Asking(settings, client, consents, me.team)
        people = People(client)
        self.fronting = Fronting(
            settings=settings,
            client=client,
            people=people,
            consents=consents,
            asking=self.asking,
            quieting=self.quieting,
            planning=self.planning,
            desk=desk,
        )
        self.hearing = Hearing(
            me=me,
            people=people,
            channels=self.channels,
            fronting=self.fronting,
            speaking=self.speaking,
            posting=self.posting,
            removing=self.removing,
            consents=consents,
            on_incoming=on_incoming,
        )
        self.inbox = Inbox(
            settings,
            client,
            me,
            event=self.hearing.event,
            button=self.hearing.button,
            command=self.hearing.command,
            filled=self.fronting.filled,
        )

    async def close(self) -> None:
        await self.hearing.close()
        await self.fronting.close()
        await self.session.close()
