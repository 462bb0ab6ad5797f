"""The example of all settings: exactly those that Fluister knows, each one explained."""

import re
from pathlib import Path

from bot.config import KEYS, load

EXAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "fluister.env.example"
SETTING = re.compile(r"^#?(FLUISTER_[A-Z_]+)=(.*)$")


def blocks() -> list[list[str]]:
    return [block.splitlines() for block in EXAMPLE.read_text("utf-8").split("\n\n")]


def settings() -> dict[str, str]:
    found = [SETTING.match(line) for block in blocks() for line in block]
    return {one[1]: one[2] for one in found if one}


def test_every_setting_that_fluister_knows_is_in_the_example_once() -> None:
    text = EXAMPLE.read_text("utf-8")
    assert set(settings()) == set(KEYS)
    for name in KEYS:
        assert len(re.findall(rf"(?m)^#?{name}=", text)) == 1, name


def test_nothing_is_switched_on_by_copying_it() -> None:
    on = [line for line in EXAMPLE.read_text("utf-8").splitlines() if line and line[0] != "#"]
    assert on == []


def test_what_is_filled_in_as_an_example_is_valid() -> None:
    load({name: value for name, value in settings().items() if value})


def test_what_is_shown_as_a_default_is_the_default() -> None:
    shown = settings()
    for name, key in KEYS.items():
        if key.default:
            assert shown[name] == key.default, name


def test_exactly_the_secrets_are_marked_as_secret() -> None:
    for block in blocks():
        if names := [match[1] for line in block if (match := SETTING.match(line))]:
            [name] = names
            marked = any("(geheim/secret)" in line for line in block)
            assert marked == KEYS[name].secret, name
