"""Decisions to JSON and back, so that a plan survives a restart; unknown shapes are refused."""

import dataclasses
import json
import sys
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import cast

from bot.core import decisions, events
from bot.core.decisions import Decision


def _named(module: object) -> dict[str, type]:
    return {name: kind for name, kind in vars(module).items() if isinstance(kind, type)}


_KINDS: Mapping[str, type] = {
    name: kind
    for name, kind in {**_named(events), **_named(decisions)}.items()
    if dataclasses.is_dataclass(kind) or issubclass(kind, Enum)
}


def encode(decision: Decision) -> bytes:
    """Return the decision as JSON bytes."""
    return json.dumps(_plain(decision), ensure_ascii=False).encode("utf-8", "surrogatepass")


def decode(payload: bytes) -> Decision:
    """Return the decision `encode` was given; `ValueError` for anything else."""
    return cast(Decision, _rich(json.loads(payload.decode("utf-8", "surrogatepass"))))


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return {"_": type(value).__name__, "v": value.value}
    if isinstance(value, datetime):
        return {"_": "datetime", "v": value.isoformat()}
    if dataclasses.is_dataclass(value):
        fields = {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {"_": type(value).__name__, "f": fields}
    if isinstance(value, Mapping):
        return {"_": "map", "v": {str(key): _plain(item) for key, item in value.items()}}
    if isinstance(value, tuple | list | frozenset):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"a decision cannot hold a {type(value).__name__}")


def _rich(value: object) -> object:
    if isinstance(value, list):
        return tuple(_rich(item) for item in value)
    if not isinstance(value, dict):
        return value
    name = str(value.get("_"))
    if name == "map":
        return {sys.intern(key): _rich(item) for key, item in value["v"].items()}
    if name == "datetime":
        return datetime.fromisoformat(value["v"])
    kind = _KINDS.get(name)
    if kind is None:
        raise ValueError(f"a plan holds an unknown kind {name[:40]!r}")
    if issubclass(kind, Enum):
        return kind(value["v"])
    return kind(**{key: _rich(item) for key, item in value["f"].items()})
