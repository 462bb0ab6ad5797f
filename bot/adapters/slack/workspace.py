"""One workspace we are connected to: every part that needs its client, put together."""

from collections.abc import Awaitable, Callable

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.base import AdapterState, OnIncoming
from bot.adapters.slack.consent import Asking, Consents
from bot.adapters.slack.hearing import Hearing
from bot.adapters.slack.inbox import Inbox
from bot.adapters.slack.people import People
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
        count: Callable[[str], Awaitable[int | None]],
    ) -> None:
        self.client = client
        self.session = aiohttp.ClientSession()
        client.session = self.session
        self.speaking = Speaking(settings, client, self.session)
        self.removing = Removing(client, consents, state, me.user)
        self.asking = Asking(settings, client, consents, me.team)
        self.hearing = Hearing(
            settings=settings,
            client=client,
            me=me,
            people=People(client),
            speaking=self.speaking,
            removing=self.removing,
            consents=consents,
            on_incoming=on_incoming,
            count=count,
        )
        self.inbox = Inbox(
            settings,
            client,
            me,
            event=self.hearing.event,
            button=self.hearing.button,
            command=self.hearing.command,
        )

    async def close(self) -> None:
        await self.hearing.close()
        await self.session.close()
