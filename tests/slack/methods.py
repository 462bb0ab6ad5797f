"""Slack's methods as `methods.yaml` has them: what a call may hold, whose token, how often."""

import json
import math
import re
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

TABLE = Path(__file__).parent / "methods.yaml"
PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
SPECIAL_PER_MINUTE = 300
# These hold JSON: a list or an object in a JSON body, its text in a form.
STRUCTURED = frozenset({"attachments", "blocks", "files", "metadata", "view"})
IDS = {
    "app_id": r"^A[A-Z0-9]{1,}$",
    "bot_id": r"^B[A-Z0-9]{8,}$",
    "channel": r"^[CGD][A-Z0-9]{8,}$",
    "team": r"^[T][A-Z0-9]{2,}$",
    "ts": r"^\d{10}\.\d{6}$",
    "user_id": r"^[UW][A-Z0-9]{2,}$",
}
JSON = {"array": list, "boolean": bool, "integer": int, "number": (int, float), "object": dict,
        "string": str}  # fmt: skip
FAMILY = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


@dataclass(frozen=True)
class Method:
    """`types` by argument; `scope` may begin with "*", for the kind of conversation.

    `answer` is what a good answer holds, "!" behind what it must.
    """

    types: Mapping[str, str]
    needs: frozenset[str]
    answer: Mapping[str, str]
    scope: str
    tokens: frozenset[str]
    tier: int | str
    json: bool


def _method(entry: dict) -> Method:
    published = entry.get("published", {})
    told = {**published.get("args", {}), **entry.get("today", {})}
    return Method(
        {name: kind.rstrip("!") for name, kind in told.items()},
        frozenset(name for name, kind in told.items() if kind.endswith("!")),
        {**published.get("answer", {}), **entry.get("today_answer", {})},
        entry.get("scope", ""),
        frozenset(entry["tokens"]),
        entry["tier"],
        published.get("json", True),
    )


ENTRIES = yaml.safe_load(TABLE.read_text("utf-8"))
METHODS = {name: _method(entry) for name, entry in ENTRIES.items()}


def faults(name: str, given: Mapping[str, object], *, as_json: bool) -> list[str]:
    """Everything about one call's arguments that Slack's description does not have."""
    method = METHODS[name]
    found = [f"lacks {one}" for one in sorted(method.needs - given.keys())]
    if as_json and given and not method.json:
        found.append("takes no JSON body")
    for argument, value in given.items():
        kind = method.types.get(argument)
        if kind is None:
            found.append(f"has no {argument}")
        elif not _fits(argument, value, kind, as_json=as_json):
            found.append(f"{argument} is no {kind}")
    return found


def answer_faults(name: str, given: Mapping[str, object]) -> list[str]:
    """Everything about one good answer, `ok` left out, that Slack's description does not have."""
    told = METHODS[name].answer
    lacks = [one for one, kind in told.items() if kind.endswith("!") and one not in given]
    found = [f"answer lacks {one}" for one in lacks]
    for one, value in given.items():
        kind = told.get(one, told.get("*"))
        if kind is None:
            found.append(f"answer has no {one}")
        elif not _is_a(kind.rstrip("!"), value):
            found.append(f"answer's {one} is no {kind}")
    return found


def _is_a(kind: str, value: object) -> bool:
    if kind == "any":
        return True
    if kind in IDS:
        return isinstance(value, str) and re.search(IDS[kind], value) is not None
    return isinstance(value, JSON[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _fits(argument: str, value: object, kind: str, *, as_json: bool) -> bool:
    if argument in STRUCTURED:
        return _structured(value, as_json=as_json)
    match kind:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool) if as_json else value in ("true", "false", "1", "0")
        case "integer":
            return _whole(value)
        case "number":
            return not isinstance(value, bool) and _number(value)
        case _:
            return False


def _structured(value: object, *, as_json: bool) -> bool:
    if as_json and isinstance(value, list | dict):
        return True
    try:
        return isinstance(json.loads(str(value)), list | dict)
    except ValueError:
        return False


def _whole(value: object) -> bool:
    return not isinstance(value, bool) and (isinstance(value, int) or str(value).isdecimal())


def _number(value: object) -> bool:
    try:
        return math.isfinite(float(str(value)))
    except ValueError:
        return False


class Rates:
    """Slack's limits without the bursts it tolerates: every call above them gets a 429."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._calls: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def wait(self, name: str, channel: str) -> int:
        """Seconds to stay away, 0 for a call that may go on; counts that one."""
        tier = METHODS[name].tier
        if tier == "channel":
            return self._count((name, channel), 1, 1.0)
        most = PER_MINUTE.get(tier, SPECIAL_PER_MINUTE)
        return self._count((name, ""), most, 60.0)

    def forget(self) -> None:
        """Let a minute go by."""
        self._calls.clear()

    def _count(self, key: tuple[str, str], most: int, seconds: float) -> int:
        calls, now = self._calls[key], self._now()
        while calls and calls[0] <= now - seconds:
            calls.popleft()
        if len(calls) >= most:
            return max(1, math.ceil(calls[0] + seconds - now))
        calls.append(now)
        return 0
