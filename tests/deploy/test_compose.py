"""The compose file: nothing but known keys, every reference resolves, and nobody has rights."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.config import KEYS, load

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
STRINGS = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
SIZE = {"type": "string", "pattern": r"^\d+[mg]$"}
TIME = {"type": "string", "pattern": r"^\d+s$"}
NAMED = {"type": "string", "pattern": r"^[a-z_]+$"}

SERVICE = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "image", "user", "restart", "read_only", "cap_drop", "security_opt", "pids_limit",
        "mem_limit", "networks",
    ],
    "properties": {
        "build": {
            "type": "object",
            "additionalProperties": False,
            "required": ["context", "dockerfile"],
            "properties": {"context": {"type": "string"}, "dockerfile": {"type": "string"}},
        },
        "image": {"type": "string", "pattern": r"^[a-z]+:\d[\w.-]*$"},
        "command": STRINGS,
        "user": {"type": "string", "pattern": r"^[1-9]\d*:[1-9]\d*$"},
        "restart": {"enum": ["unless-stopped", "on-failure"]},
        "init": {"type": "boolean"},
        "read_only": {"const": True},
        "cap_drop": {"const": ["ALL"]},
        "security_opt": {"const": ["no-new-privileges:true"]},
        "pids_limit": {"type": "integer", "minimum": 1},
        "mem_limit": SIZE,
        "shm_size": SIZE,
        "depends_on": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "required": ["condition"],
                "properties": {"condition": {"const": "service_healthy"}},
            },
        },
        "env_file": STRINGS,
        "environment": {"type": "object", "additionalProperties": {"type": "string"}},
        "secrets": STRINGS,
        "volumes": {"type": "array", "items": {"type": "string", "pattern": r"^[a-z]+:/[\w/]+$"}},
        "tmpfs": {"type": "array", "items": {"type": "string", "pattern": r"^/[\w/]+:[\w=,]+$"}},
        "networks": STRINGS,
        "ports": {
            "type": "array",
            "items": {"type": "string", "pattern": r"^127\.0\.0\.1:\d+:\d+$"},
        },
        "healthcheck": {
            "type": "object",
            "additionalProperties": False,
            "required": ["test", "interval", "timeout", "retries"],
            "properties": {
                "test": STRINGS,
                "interval": TIME,
                "timeout": TIME,
                "retries": {"type": "integer"},
            },
        },
    },
}  # fmt: skip

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "services", "networks", "volumes", "secrets"],
    "properties": {
        "name": NAMED,
        "services": {"type": "object", "propertyNames": NAMED, "additionalProperties": SERVICE},
        "networks": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"internal": {"type": "boolean"}},
            },
        },
        "volumes": {"type": "object", "additionalProperties": {"const": {}}},
        "secrets": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "required": ["file"],
                "properties": {"file": {"type": "string", "pattern": r"^\./secrets/[a-z_]+$"}},
            },
        },
    },
}

Compose = dict[str, Any]


@pytest.fixture
def compose() -> Compose:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))


def loose_ends(compose: Compose) -> list[str]:
    """Name what a service refers to and nobody defines, or what is defined and nobody uses."""
    kinds = ("secrets", "networks", "volumes")
    used: dict[str, set[str]] = {kind: set() for kind in kinds}
    ends = []
    for name, service in compose["services"].items():
        for kind in kinds:
            used[kind] |= {one.partition(":")[0] for one in service.get(kind, [])}
        ends += [
            f"{name} waits for {other}, which has no healthcheck"
            for other in service.get("depends_on", {})
            if "healthcheck" not in compose["services"].get(other, {})
        ]
        for key, value in service.get("environment", {}).items():
            if key.endswith("_FILE") and value.rpartition("/")[2] not in service["secrets"]:
                ends.append(f"{name} gives {key} a secret it does not have")
    for kind in kinds:
        ends += [f"{kind}: {one}" for one in used[kind] ^ set(compose[kind])]
    return ends


def test_every_key_is_known_and_every_service_runs_without_rights(compose: Compose) -> None:
    jsonschema.validate(compose, SCHEMA)


def test_every_secret_network_and_volume_named_exists_and_is_used(compose: Compose) -> None:
    assert loose_ends(compose) == []


def test_only_the_bot_can_reach_the_outside_and_only_this_machine_reaches_it(
    compose: Compose,
) -> None:
    internal = {name for name, one in compose["networks"].items() if one.get("internal")}
    outward = {
        name for name, one in compose["services"].items() if not set(one["networks"]) <= internal
    }
    assert outward == {"bot"}
    assert {name for name, one in compose["services"].items() if "ports" in one} == {"bot"}


def test_no_secret_stands_in_the_file_itself(compose: Compose) -> None:
    secret = {name for name, key in KEYS.items() if key.secret} | {"POSTGRES_PASSWORD"}
    for service in compose["services"].values():
        assert secret.isdisjoint(service.get("environment", {}))


def test_the_bot_accepts_the_settings_that_the_file_gives_it(
    compose: Compose, tmp_path: Path
) -> None:
    values = {
        "database_url": "postgresql://fluister:x@database/fluister",
        "secret_key": "k" * 44,
        "smtp_url": "smtp://mail.school.example:587?starttls=require",
        "telegram_token": "",
    }
    assert set(values) == set(compose["services"]["bot"]["secrets"])
    for name, value in values.items():
        (tmp_path / name).write_text(value)
    given = {
        key: value.replace("/run/secrets", str(tmp_path))
        for key, value in compose["services"]["bot"]["environment"].items()
    }
    config = load(given)
    assert config.database_url == values["database_url"]
    assert config.platforms() == ()


def _latest(c: Compose) -> None:
    c["services"]["bot"]["image"] = "fluister:latest"


def _root(c: Compose) -> None:
    c["services"]["database"]["user"] = "0:0"


def _open_port(c: Compose) -> None:
    c["services"]["bot"]["ports"] = ["8765:8765"]


def _with_rights(c: Compose) -> None:
    c["services"]["bot"]["privileged"] = True


def _writable(c: Compose) -> None:
    c["services"]["bot"]["read_only"] = False


@pytest.mark.parametrize("spoil", [_latest, _root, _open_port, _with_rights, _writable])
def test_the_schema_refuses(compose: Compose, spoil: Callable[[Compose], None]) -> None:
    spoilt = copy.deepcopy(compose)
    spoil(spoilt)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(spoilt, SCHEMA)


def test_a_secret_that_is_not_defined_is_noticed(compose: Compose) -> None:
    del compose["secrets"]["smtp_url"]
    assert loose_ends(compose) == ["secrets: smtp_url"]
