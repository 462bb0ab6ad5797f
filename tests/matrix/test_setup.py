"""Making the bot's account, and what `fluister doctor` says about it, on a real Synapse."""

import secrets
import subprocess
import sys
from pathlib import Path

from bot.config import Config, load
from bot.doctor import Check, examine
from tests.matrix.conftest import World
from tests.matrix.people import Person
from tests.matrix.synapse_home import ROOT, SERVER, Synapse, free_port

SCRIPT = ROOT / "deploy" / "matrix" / "register.py"


def register(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def config(settings: Path, folder: Path, **more: str) -> Config:
    lines = dict(line.split("=", 1) for line in settings.read_text().splitlines())
    return load({**lines, "FLUISTER_DATA_DIR": str(folder), **more})


async def checks(found: Config) -> dict[str, Check]:
    return {check.name: check for check in await examine(found)}


async def test_the_script_makes_an_account_and_the_doctor_finds_everything_in_order(
    bare: World, tmp_path: Path
) -> None:
    shared, written = tmp_path / "secret", tmp_path / "fluister.env"
    shared.write_text(bare.synapse.secret)
    written.write_text("FLUISTER_LEVEL=act\nFLUISTER_MATRIX_USER=@oud:school.test\n")
    name = f"fluister-{secrets.token_hex(3)}"
    done = register("--homeserver", bare.synapse.url, "--name", name, "--admin",
                    "--shared-secret-file", str(shared), "--write", str(written))  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert written.stat().st_mode & 0o777 == 0o600
    found = config(written, tmp_path / "data")
    assert found.get("FLUISTER_LEVEL") == "act"
    assert found.get("FLUISTER_MATRIX_USER") == f"@{name}:{SERVER}"

    token = found.get("FLUISTER_MATRIX_TOKEN")
    bare.bot = Person(bare.synapse.url, f"@{name}:{SERVER}", token)
    bare.team = await bare.room()
    await bare.bot.join(bare.team)
    weak = await bare.room(bot_level=0, name="Zwak")
    await bare.bot.join(weak)
    own = await bare.bot.create(preset="private_chat", name="Eigen",
                                invite=[bare.anna.user, bare.bert.user])  # fmt: skip
    await bare.anna.join(own)
    sealed = await bare.room(name="Dicht", initial_state=[
        {"type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
    ])  # fmt: skip
    await bare.bot.join(sealed)
    found = await checks(found)
    await bare.bot.close()
    good = {name: check.says for name, check in found.items() if name.startswith("matrix")
            and check.good}  # fmt: skip
    assert "can remove messages and close it" in good["matrix room Team"]
    assert "version 12, not encrypted" in good["matrix room Team"]
    assert "above all levels" in good["matrix room Eigen"]
    assert "above all levels" not in good["matrix room Team"]
    assert "version 12, encrypted" in good["matrix room Dicht"]
    assert "are deleted" in good["matrix uploads"]
    assert "not limited" in good["matrix pace"]
    assert "not used" in good["matrix module"]
    assert {"matrix token", "matrix encryption"} <= set(good)
    assert not found["matrix room Zwak"].good
    assert "removing needs 50" in found["matrix room Zwak"].says
    assert token not in str(found)


async def test_an_administrator_gets_a_new_token_for_a_bot_that_exists(
    bare: World, tmp_path: Path
) -> None:
    admin, written = tmp_path / "admin", tmp_path / "fluister.env"
    admin.write_text(bare.boss.token)
    name = bare.bot.user[1:].partition(":")[0]
    done = register("--homeserver", bare.synapse.url, "--name", name,
                    "--admin-token-file", str(admin), "--write", str(written))  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = config(written, tmp_path / "data")
    assert (await checks(found))["matrix token"].good
    old = {**found.values, "FLUISTER_MATRIX_TOKEN": bare.bot.token}
    told = await checks(load({k: v for k, v in old.items() if v}))
    assert "make a new one" in told["matrix"].says


def test_the_script_says_what_is_wrong(synapse: Synapse, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("onzin")
    for arguments, says in (
        (("--homeserver", synapse.url), "--shared-secret-file"),
        (("--homeserver", synapse.url, "--shared-secret-file", str(wrong)), "refused (403"),
        (("--homeserver", synapse.url, "--admin-token-file", str(wrong)), "not valid"),
        (("--homeserver", synapse.url, "--admin-token-file", "/bestaat/niet"), "cannot be read"),
        (("--homeserver", "ftp://x", "--admin-token-file", str(wrong)), "https://"),
        (("--homeserver", f"http://127.0.0.1:{free_port()}", "--admin-token-file", str(wrong)),
         "no answer"),
    ):  # fmt: skip
        done = register(*arguments)
        assert done.returncode == 1
        assert says in done.stderr
        assert "Traceback" not in done.stderr


async def test_the_doctor_says_when_the_module_does_not_speak(world: World, tmp_path: Path) -> None:
    port = free_port()
    given = {
        "FLUISTER_MATRIX_HOMESERVER": world.synapse.url,
        "FLUISTER_MATRIX_USER": world.bot.user,
        "FLUISTER_MATRIX_TOKEN": world.bot.token,
        "FLUISTER_MATRIX_GATE_SECRET": "s" * 40,
        "FLUISTER_MATRIX_GATE_BIND": f"127.0.0.1:{port}",
        "FLUISTER_DATA_DIR": str(tmp_path / "data"),
    }
    assert "is Fluister running" in (await checks(load(given)))["matrix module"].says
    async with world.running(gate_secret="s" * 40, gate_port=port):
        told = (await checks(load(given)))["matrix module"]
    assert not told.good
    assert "does not speak" in told.says
