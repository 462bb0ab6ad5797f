"""Checks calls and answers against the published names and types in `schema.json`.

`python -m tests.telegram.schema 10.1.json 10.3-overlay.json` makes that file anew from the
published description of Bot API 10.1 and the names 10.3 added. It holds the methods that are used
and every type that can be reached from them. The overlay has no types; `ADDED` says those that
matter here, and any other field it added is only known by name.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "schema.json"
_ALL = json.loads(_FILE.read_text("utf-8"))
METHODS: dict[str, dict[str, Any]] = _ALL["methods"]
TYPES: dict[str, dict[str, Any]] = _ALL["types"]
KINDS: dict[str, list[str]] = _ALL["kinds"]
PLAIN = {"Integer": int, "String": str, "Boolean": bool, "Float": (int, float), "True": bool}
ADDED = {
    **dict.fromkeys(("receiver_user_id", "ephemeral_message_id", "message_thread_id"), "Integer"),
    **dict.fromkeys(("text", "caption", "parse_mode", "callback_query_id"), "String"),
    "chat_id": "Integer",
    "receiver_user": "User",
    "reply_markup": "InlineKeyboardMarkup",
    "ephemeral_message_parameters": "EphemeralMessageParameters",
    "is_ephemeral": "Boolean",
}


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
    if name in KINDS:
        return faults(value, KINDS[name], where)
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


def made(base: dict[str, Any], overlay: dict[str, Any], methods: list[str]) -> dict[str, Any]:
    """`schema.json` for `methods`, from what was published."""
    kinds = {name: kind["subtypes"] for name, kind in base["types"].items() if kind.get("subtypes")}
    shapes = {m: _shape(base["methods"].get(m, {}), overlay["methods"].get(m, {})) for m in methods}
    returns = {m: base["methods"].get(m, {}).get("returns", ["Boolean"]) for m in methods}
    todo = [t for m in methods for t in (*_named(shapes[m]), *returns[m])]
    types: dict[str, Any] = {}
    while todo:
        name = todo.pop().replace("Array of ", "")
        if name in types or name in PLAIN or name == "InputFile":
            continue
        types[name] = _shape(base["types"].get(name, {}), overlay["types"].get(name, {}))
        todo += [*kinds.get(name, ()), *_named(types[name])]
    return {
        "api": "10.1 with 10.3's additions",
        "methods": {m: {"returns": returns[m], "fields": shapes[m]} for m in methods},
        "kinds": {name: kinds[name] for name in sorted(kinds) if name in types},
        "types": {name: types[name] for name in sorted(types) if name not in kinds},
    }


def _shape(published: dict[str, Any], overlay: dict[str, bool]) -> dict[str, Any]:
    shape = {f["name"]: [int(f["required"]), f["types"]] for f in published.get("fields", ())}
    for name, needed in overlay.items():
        shape.setdefault(name, [int(needed), [ADDED[name]] if name in ADDED else []])
    return shape


def _named(shape: dict[str, Any]) -> Iterator[str]:
    for _, types in shape.values():
        yield from types


if __name__ == "__main__":
    first, second = (json.loads(Path(name).read_text("utf-8")) for name in sys.argv[1:3])
    told = made(first, second, list(METHODS))
    lines = [
        f'"{part}":{{\n'
        + ",\n".join(
            f'"{name}":{json.dumps(value, separators=(",", ":"))}'
            for name, value in told[part].items()
        )
        + "}"
        for part in ("methods", "kinds", "types")
    ]
    _FILE.write_text(f'{{"api":"{told["api"]}",\n' + ",\n".join(lines) + "}\n", "utf-8")
