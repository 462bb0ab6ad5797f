"""Edits in their order, also those of one second: behind the dot Slack only counts."""

from collections import OrderedDict
from dataclasses import replace

from bot.adapters.slack.reading import Payload, words
from bot.core.events import MessageEdited

MOST_MESSAGES = 5_000


class Revisions:
    """The last edit of each message, by the moment of its event."""

    def __init__(self) -> None:
        self._last: OrderedDict[tuple[str, str], tuple[str, int]] = OrderedDict()

    def numbered(self, edited: MessageEdited, event: Payload) -> MessageEdited:
        """Give a later edit a higher number than the one before; told twice it stays the same."""
        posted, told = edited.posted, words(event, "event_ts") or words(event, "ts")
        key = posted.chat.chat, posted.message
        last, number = self._last.get(key, ("", 0))
        if last != told:
            number = max(posted.revision, number + 1)
        self._last[key] = told, number
        self._last.move_to_end(key)
        if len(self._last) > MOST_MESSAGES:
            self._last.popitem(last=False)
        return MessageEdited(replace(posted, revision=number))
