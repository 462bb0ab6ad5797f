"""What was said in a channel lately: how we know whether words whose answer got lost are there."""

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.calls import SlackRefusedError, asked_as_us
from bot.adapters.slack.reading import Payload, parts

MOST_LOOKED_THROUGH = 100


async def said_since(
    client: AsyncWebClient, channel: str, thread: str, since: float, until: float | None = None
) -> tuple[Payload, ...]:
    """The messages of a channel or thread between two moments (seconds since 1970).

    Nothing where Slack will not show them to us.
    """
    limits: dict[str, Any] = {
        "oldest": f"{since:.6f}",
        "inclusive": True,
        "limit": MOST_LOOKED_THROUGH,
    }
    if until is not None:
        limits["latest"] = f"{until:.6f}"
    try:
        if thread:
            asking = client.conversations_replies(channel=channel, ts=thread, **limits)
            told = await asked_as_us("conversations.replies", asking)
        else:
            asking = client.conversations_history(channel=channel, **limits)
            told = await asked_as_us("conversations.history", asking)
    except SlackRefusedError as refused:
        if not refused.permanent:
            raise
        return ()
    return parts(told, "messages", most=MOST_LOOKED_THROUGH + 1)
