"""Settings: known or refused, secrets from files, values never shown."""

from pathlib import Path

import pytest

from bot.config import KEYS, load
from bot.core.policy import Level
from bot.errors import ConfigError

SECRET = "x" * 40


def test_without_any_setting_there_is_an_embedded_default() -> None:
    config = load({})
    assert config.database_url.startswith("sqlite:///")
    assert config.get("FLUISTER_WEB_BIND") == "127.0.0.1:8765"
    assert config.level is None
    assert config.platforms() == ()


def test_an_unknown_key_is_refused_with_the_nearest_known_one() -> None:
    with pytest.raises(ConfigError, match=r"FLUISTER_TEAM_ADRES.*FLUISTER_TEAM_ADDRESS"):
        load({"FLUISTER_TEAM_ADRES": "team@school.nl"})


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as fault:
        load({"FLUISTER_LEVEL": "panic", "FLUISTER_WEB_BIND": "here", "FLUISTER_FOO": "1"})
    assert str(fault.value).count("\n") == 2


def test_a_secret_can_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(SECRET + "\n")
    config = load({"FLUISTER_SECRET_KEY_FILE": str(file)})
    assert config.get("FLUISTER_SECRET_KEY") == SECRET


def test_only_secrets_may_come_from_a_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="FLUISTER_LEVEL_FILE"):
        load({"FLUISTER_LEVEL_FILE": str(tmp_path / "level")})


def test_a_missing_secret_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="FLUISTER_SMTP_URL_FILE"):
        load({"FLUISTER_SMTP_URL_FILE": str(tmp_path / "nowhere")})


def test_no_value_of_a_secret_is_ever_shown() -> None:
    with pytest.raises(ConfigError) as fault:
        load({"FLUISTER_SECRET_KEY": "kort-geheim", "FLUISTER_SMTP_URL": "http://u:wachtwoord@x"})
    assert "kort-geheim" not in str(fault.value)
    assert "wachtwoord" not in str(fault.value)
    assert SECRET not in repr(load({"FLUISTER_SECRET_KEY": SECRET}))


def test_the_environment_wins_from_the_file(tmp_path: Path) -> None:
    toml = tmp_path / "fluister.toml"
    toml.write_text('FLUISTER_LEVEL = "tip"\nFLUISTER_TEAM_ADDRESS = "team@school.nl"\n')
    config = load({"FLUISTER_LEVEL": "act"}, toml)
    assert config.level is Level.ACT
    assert config.get("FLUISTER_TEAM_ADDRESS") == "team@school.nl"


@pytest.mark.parametrize("content", ["not toml = = 1", "FLUISTER_LEVEL = 3", 'FLUISTER_X = "1"'])
def test_a_broken_file_is_a_clear_fault(tmp_path: Path, content: str) -> None:
    toml = tmp_path / "fluister.toml"
    toml.write_text(content)
    with pytest.raises(ConfigError, match=r"fluister\.toml"):
        load({}, toml)


def test_every_key_explains_itself() -> None:
    assert all(key.help.endswith(".") for key in KEYS.values())
