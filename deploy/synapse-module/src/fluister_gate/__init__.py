# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asks Fluister before a message is delivered, and tells the sender alone when it is not.

Only messages in rooms where the bot is a member are shown to it, over a connection inside this
machine. When Fluister does not answer, messages pass (or are refused, if so configured), and the
administrators are told in a room of their choice.
"""

import logging
import time
from typing import Any

from synapse.module_api import NOT_SPAM, ModuleApi
from synapse.module_api.errors import Codes, ConfigError

from fluister_gate.connection import Answer, Connection, UnreachableError
from fluister_gate.settings import Settings, read

__all__ = ["FluisterGate"]

GATED = frozenset(
    {
        "m.room.message",
        "m.room.encrypted",
        "m.sticker",
        "m.poll.start",
        "org.matrix.msc3381.poll.start",
    }
)
REST_SECONDS = 5.0
_log = logging.getLogger(__name__)


class FluisterGate:
    """The module; one in each Synapse process that takes messages in."""

    def __init__(self, config: Settings, api: ModuleApi) -> None:
        self._config = config
        self._api = api
        self._connection = Connection(config)
        self._resting_until = 0.0
        self._missed = 0
        self._down = False
        api.register_spam_checker_callbacks(check_event_for_spam=self.check)
        api.looping_background_call(self.hello, config.hello * 1000, desc="fluister_hello")
        api.delayed_background_call(100, self.hello, desc="fluister_hello")

    @staticmethod
    def parse_config(config: dict[str, Any]) -> Settings:
        try:
            return read(config)
        except ValueError as error:
            raise ConfigError(f"fluister_gate: {error}") from None

    async def check(self, event: Any) -> Any:
        """Answer Synapse's question whether this event may be sent."""
        if not await self._concerns(event):
            return NOT_SPAM
        if time.monotonic() < self._resting_until:
            return self._unanswered()
        try:
            answer = await self._ask({"event": _told(event)})
        except UnreachableError as reason:
            await self._lost(reason)
            return self._unanswered()
        await self._found()
        return _refused(answer.text, answer) if not answer.passes else NOT_SPAM

    async def hello(self) -> None:
        """Let Fluister know that we are here; and notice when it is, or is not."""
        try:
            await self._api.defer_to_thread(self._connection.hello, self._missed)
        except UnreachableError as reason:
            await self._lost(reason)
        else:
            self._missed = 0
            await self._found()

    async def _concerns(self, event: Any) -> bool:
        if event.type not in GATED or event.is_state() or event.sender == self._config.bot:
            return False
        key = ("m.room.member", self._config.bot)
        state = await self._api.get_room_state(event.room_id, [key])
        member = state.get(key)
        return member is not None and member.content.get("membership") == "join"

    async def _ask(self, question: dict[str, Any]) -> Answer:
        question["missed"] = self._missed
        answer = await self._api.defer_to_thread(self._connection.ask, question)
        self._missed = 0
        return answer

    def _unanswered(self) -> Any:
        self._missed += 1
        if self._config.when_down == "refuse":
            return _refused(self._config.down_text, None)
        return NOT_SPAM

    async def _lost(self, reason: UnreachableError) -> None:
        """Tell the administrators once, and ask nothing for a moment where that takes long."""
        if reason.slow:
            self._resting_until = time.monotonic() + REST_SECONDS
        if not self._down:
            self._down = True
            passing = self._config.when_down == "pass"
            _log.warning(
                "Fluister does not answer (%s); messages are %s until it does",
                reason,
                "let through" if passing else "refused",
            )
            await self._tell(self._config.down_pass if passing else self._config.down_refuse)

    async def _found(self) -> None:
        self._resting_until = 0.0
        if self._down:
            self._down = False
            _log.warning("Fluister answers again")
            await self._tell(self._config.up_again)

    async def _tell(self, text: str) -> None:
        if not self._config.tell_room:
            return
        try:
            await self._api.create_and_send_event_into_room(
                {
                    "type": "m.room.message",
                    "room_id": self._config.tell_room,
                    "sender": self._config.bot,
                    "content": {"msgtype": "m.notice", "body": text},
                }
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, messages go on
            _log.warning(
                "fluister_gate: the administrators could not be told (%s)", type(error).__name__
            )


def _told(event: Any) -> dict[str, Any]:
    return {
        "event_id": event.event_id,
        "room_id": event.room_id,
        "sender": event.sender,
        "type": event.type,
        "origin_server_ts": event.origin_server_ts,
        "content": dict(event.content),
    }


def _refused(text: str, answer: Answer | None) -> Any:
    extra: dict[str, str | bool] = {"error": text, "nl.fluister.held": answer is not None}
    return Codes.FORBIDDEN, extra
