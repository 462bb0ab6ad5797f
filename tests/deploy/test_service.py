"""The systemd unit: systemd itself finds nothing to complain of, and little that is exposed."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import KEYS

UNIT = Path(__file__).resolve().parents[2] / "deploy" / "fluister.service"
EXPOSURE = 20  # tenths: systemd's scale runs from 0 (nothing exposed) to 100

analyze = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(analyze is None, reason="no systemd-analyze on this machine")


def asked(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    assert analyze
    environment = {**os.environ, "SYSTEMD_PAGER": "cat", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [analyze, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment,
    )
    if re.search(r"unrecognized option|Unknown (operation|command)", done.stderr):
        pytest.skip(f"this systemd-analyze is too old: {done.stderr.strip()}")
    return done


def lines() -> list[tuple[str, str]]:
    pairs = (line.partition("=") for line in UNIT.read_text("utf-8").splitlines())
    return [(key, value) for key, equals, value in pairs if equals and not key.startswith("#")]


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """A copy whose program exists here."""
    text = UNIT.read_text("utf-8")
    copied = tmp_path / UNIT.name
    copied.write_text(re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={sys.executable}", text))
    return copied


@needs_systemd
def test_systemd_understands_every_line(unit: Path) -> None:
    done = asked("verify", "--man=no", unit)
    about_us = [line for line in done.stderr.splitlines() if UNIT.name in line]
    assert about_us == []
    assert done.returncode == 0, done.stderr


@needs_systemd
def test_systemd_would_complain_of_a_line_it_does_not_know(unit: Path) -> None:
    unit.write_text(unit.read_text().replace("ProtectHome=yes", "ProtectHouse=yes"))
    assert "ProtectHouse" in asked("verify", "--man=no", unit).stderr


@needs_systemd
def test_little_of_the_machine_is_exposed(unit: Path) -> None:
    done = asked("security", "--offline=true", f"--threshold={EXPOSURE}", "--no-pager", unit)
    assert done.returncode == 0, done.stdout[-200:]


@needs_systemd
def test_less_protection_would_be_noticed(unit: Path) -> None:
    kept = [line for line in unit.read_text().splitlines() if not line.startswith("Protect")]
    unit.write_text("\n".join(line for line in kept if "SystemCall" not in line))
    done = asked("security", "--offline=true", f"--threshold={EXPOSURE}", "--no-pager", unit)
    assert done.returncode != 0


def test_it_writes_in_its_own_folder_alone_and_runs_as_nobody_else() -> None:
    found = dict(lines())
    assert found["DynamicUser"] == "yes"
    assert found["ProtectSystem"] == "strict"
    assert found["StateDirectory"] == "fluister"
    assert "ReadWritePaths" not in found
    assert found["Restart"] == "on-failure"
    assert {"MemoryMax", "TasksMax"} <= set(found)


def test_every_secret_comes_as_a_credential_and_every_setting_is_known() -> None:
    settings = dict(value.split("=", 1) for key, value in lines() if key == "Environment")
    credentials = {value.partition(":")[0] for key, value in lines() if key == "LoadCredential"}
    ours = {name: value for name, value in settings.items() if name.startswith("FLUISTER_")}
    for name, value in ours.items():
        base = name.removesuffix("_FILE")
        assert base in KEYS
        assert KEYS[base].secret == name.endswith("_FILE")
        if name.endswith("_FILE"):
            assert value.removeprefix("%d/") in credentials
