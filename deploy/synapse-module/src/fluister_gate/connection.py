# SPDX-License-Identifier: AGPL-3.0-or-later
"""The connection to Fluister: one signed question, one signed answer. Runs in a thread."""

import hashlib
import hmac
import http.client
import json
import time
from dataclasses import dataclass, field
from typing import Any

from fluister_gate.settings import Settings

ASK, HELLO = "/matrix/gate", "/matrix/hello"
TIME, SIGN = "X-Fluister-Time", "X-Fluister-Signature"
LARGEST = 64 * 1024


class UnreachableError(Exception):
    """There is no answer that can be trusted; the text says why, and nothing of a message.

    `slow` tells that waiting for it took long.
    """

    def __init__(self, why: str, slow: bool = False) -> None:
        super().__init__(why)
        self.slow = slow


@dataclass(frozen=True)
class Answer:
    """Whether a message passes, and what its sender is told if it does not."""

    passes: bool
    text: str = field(default="", repr=False)


class Connection:
    def __init__(self, config: Settings) -> None:
        self._config = config

    def ask(self, question: dict[str, Any]) -> Answer:
        """Ask whether this event may pass."""
        told = self._post(ASK, question)
        if told.get("pass") is True:
            return Answer(True)
        text = told.get("text")
        if told.get("pass") is not False or not isinstance(text, str):
            raise UnreachableError("an answer that is none")
        return Answer(False, text)

    def hello(self, missed: int) -> None:
        """Say that we are here, and how many messages passed while Fluister was not."""
        self._post(HELLO, {"missed": missed})

    def _post(self, path: str, question: dict[str, Any]) -> dict[str, Any]:
        # A server may keep contents in mappings of its own that cannot be changed.
        body = json.dumps(question, default=dict).encode()
        # In nanoseconds beside it, so that no two questions are ever signed alike.
        at = str(int(time.time()))
        body = body[:-1] + b', "nonce": "%d"}' % time.time_ns()
        signature = _sign(self._config.secret, at.encode() + b"\n" + body)
        headers = {"Content-Type": "application/json", TIME: at, SIGN: signature}
        connection = http.client.HTTPConnection(
            self._config.host, self._config.port, timeout=self._config.timeout
        )
        try:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            told = response.read(LARGEST)
        except (OSError, http.client.HTTPException) as error:
            raise UnreachableError(
                type(error).__name__,
                isinstance(error, OSError) and not isinstance(error, ConnectionRefusedError),
            ) from None
        finally:
            connection.close()
        if response.status != 200:
            raise UnreachableError(f"status {response.status}")
        expected = _sign(self._config.secret, signature.encode() + b"\n" + told)
        if not hmac.compare_digest(response.headers.get(SIGN, "").encode(), expected.encode()):
            raise UnreachableError("an answer somebody else signed")
        try:
            answer = json.loads(told)
        except ValueError:
            raise UnreachableError("an answer that is no JSON") from None
        if not isinstance(answer, dict):
            raise UnreachableError("an answer that is none")
        return answer


def _sign(secret: bytes, what: bytes) -> str:
    return hmac.new(secret, what, hashlib.sha256).hexdigest()
