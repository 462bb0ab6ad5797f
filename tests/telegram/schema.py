"""Checks calls and answers against the published names and types in `schema.json`."""

import json
from pathlib import Path
from typing import Any

_ALL = json.loads((Path(__file__).parent / "schema.json").read_text("utf-8"))
METHODS: dict[str, dict[str, Any]] = _ALL["methods"]
TYPES: dict[str, dict[str, Any]] = _ALL["types"]
PLAIN = {"Integer": int, "String": str, "Boolean": bool, "Float": (int, float), "True": bool}


def faults(value: object, types: list[str], where: str) -> list[str]:
    """What is wrong with `value`, for the first of `types` that says the least."""
    found = [_against(value, name, where) for name in types] or [[]]
    return min(found, key=len)


def _against(value: object, name: str, where: str) -> list[str]:
    if name.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{where}: not a list"]
        inner = name.removeprefix("Array of ").split(" and ")
        return [
            fault for i, item in enumerate(value) for fault in faults(item, inner, f"{where}[{i}]")
        ]
    if name in PLAIN:
        right = isinstance(value, PLAIN[name]) and (name == "Boolean") == isinstance(value, bool)
        return [] if right or (name == "True" and value is True) else [f"{where}: not {name}"]
    if name == "ChatMember":
        name = _member(value)
    if name == "MaybeInaccessibleMessage":
        name = "Message"
    shape = TYPES.get(name)
    return [] if shape is None else fields(value, shape, f"{where}:{name}")


def _member(value: object) -> str:
    status = value.get("status") if isinstance(value, dict) else None
    return {"creator": "ChatMemberOwner", "kicked": "ChatMemberBanned"}.get(
        str(status), f"ChatMember{str(status).title()}"
    )


def fields(value: object, shape: dict[str, Any], where: str) -> list[str]:
    """Missing, unknown and wrongly typed fields."""
    if not isinstance(value, dict):
        return [f"{where}: not an object"]
    missing = [f"{where}.{n}: missing" for n, (need, _) in shape.items() if need and n not in value]
    unknown = [f"{where}.{n}: unknown" for n in value if n not in shape]
    wrong = [
        fault
        for n, inner in value.items()
        if n in shape
        for fault in faults(inner, shape[n][1], f"{where}.{n}")
    ]
    return missing + unknown + wrong
