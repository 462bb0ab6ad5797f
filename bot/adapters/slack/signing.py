"""Whether a request comes from Slack, now, and for the first time: before anything reads it."""

import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Mapping

FRESH = 300
MOST_REMEMBERED = 50_000
_STAMP, _SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"
_RETRY = "X-Slack-Retry-Num"


class Signatures:
    """Checks signatures over the bytes as they came, and remembers which ones were taken in.

    Slack signs each of its own retries anew and numbers it, so a request that comes again exactly
    as it was is a replay.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._taken: OrderedDict[str, float] = OrderedDict()

    def right(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether Slack signed these bytes in the last five minutes."""
        stamp, given = headers.get(_STAMP, ""), headers.get(_SIGNATURE, "")
        if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 12):
            return False
        if abs(time.time() - int(stamp)) > FRESH:
            return False
        expected = hmac.new(self._secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
        wanted = f"v0={expected.hexdigest()}".encode()
        return hmac.compare_digest(wanted, given.encode("utf-8", "surrogateescape"))

    def replayed(self, headers: Mapping[str, str]) -> bool:
        """Whether this very request was taken in before and is no retry."""
        return headers.get(_SIGNATURE, "") in self._taken and not headers.get(_RETRY)

    def taken(self, headers: Mapping[str, str]) -> None:
        """Remember a request that was taken in, for as long as its time stamp counts."""
        now = time.monotonic()
        self._taken[headers.get(_SIGNATURE, "")] = now + 2 * FRESH
        while self._taken:
            oldest = next(iter(self._taken.items()))
            if oldest[1] > now and len(self._taken) <= MOST_REMEMBERED:
                return
            del self._taken[oldest[0]]
