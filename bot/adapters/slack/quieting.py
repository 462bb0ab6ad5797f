"""Silencing a member's phone with their own token, once for each stretch of free time."""

import contextlib
import math
from datetime import UTC, datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.base import AdapterState, Done, Snooze
from bot.adapters.slack.calls import SlackRefusedError, asked
from bot.adapters.slack.consent import Consents
from bot.adapters.slack.values import user_of
from bot.errors import DeliveryError

A_DAY = 24 * 60


class Quieting:
    """Remembers until when somebody was silenced: who switched it off is not silenced again."""

    def __init__(self, client: AsyncWebClient, consents: Consents, state: AdapterState) -> None:
        self._client = client
        self._consents = consents
        self._state = state

    async def snooze(self, action: Snooze) -> Done:
        user = user_of(action.who)
        known = await self._consents.of(user)
        token = await self._consents.token(user)
        if known is None or token is None or not known.silences:
            raise DeliveryError("slack: this member did not agree to be silenced", permanent=True)
        minutes = math.ceil((action.until - datetime.now(UTC)).total_seconds() / 60)
        if minutes < 1 or await self._until(user) >= action.until:
            return Done()
        lasts = await self._asked(user, token, minutes)
        ends = action.until if lasts == minutes else datetime.now(UTC) + timedelta(minutes=lasts)
        await self._state.put(_key(user), ends.isoformat().encode())
        return Done()

    async def end(self, user: str) -> None:
        """Let sounds come through again, if it was us who stopped them."""
        token = await self._consents.token(user)
        if token is None or await self._until(user) <= datetime.now(UTC):
            return
        await self._forget(user)
        with contextlib.suppress(DeliveryError):
            await asked("dnd.endSnooze", self._client.dnd_endSnooze(token=token))

    async def _asked(self, user: str, token: str, minutes: int) -> int:
        """Ask for all of it; where that is too long, a day, and the rest tomorrow."""
        try:
            await asked(
                "dnd.setSnooze", self._client.dnd_setSnooze(token=token, num_minutes=minutes)
            )
        except SlackRefusedError as refused:
            if refused.code == "too_long" and minutes > A_DAY:
                return await self._asked(user, token, A_DAY)
            await self._consents.refused(user, refused)
            raise
        return minutes

    async def _until(self, user: str) -> datetime:
        stored = await self._state.get(_key(user))
        with contextlib.suppress(ValueError):
            return (
                datetime.fromisoformat(stored.decode())
                if stored
                else datetime.min.replace(tzinfo=UTC)
            )
        return datetime.min.replace(tzinfo=UTC)

    async def _forget(self, user: str) -> None:
        stored = await self._state.get(_key(user))
        if stored is not None:
            await self._state.compare_and_set(_key(user), stored, None)


def _key(user: str) -> str:
    return f"snoozed:{user}"
