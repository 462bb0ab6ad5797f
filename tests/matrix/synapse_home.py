"""A real Synapse of our own: installed once beside the project, started and stopped by a test.

It lives in an environment of its own, because its licence and its dependencies are not ours. Run
as a program this file makes that environment; the tests skip, and say why, where it cannot be.
"""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".venv-synapse"
LOCK = Path(__file__).with_name("synapse.lock")
MODULE = ROOT / "deploy" / "synapse-module" / "src"
INSTALL_SECONDS = 420
START_SECONDS = 120
SERVER = "school.test"


class NoSynapseError(Exception):
    """Synapse cannot be installed here, and why; one that is here and fails is an error."""


def python() -> Path:
    """The Python that has Synapse, installed when it is not there yet."""
    given = os.environ.get("FLUISTER_TEST_SYNAPSE")
    if given:
        return Path(given)
    found = HOME / "bin" / "python"
    done = HOME / ".installed"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    with _one_at_a_time():
        if not done.exists() or done.read_text() != wanted:
            _install(found)
            done.write_text(wanted)
    return found


def _install(found: Path) -> None:
    try:
        subprocess.run([sys.executable, "-m", "venv", str(HOME)], check=True, timeout=120,
                       capture_output=True)  # fmt: skip
        subprocess.run(
            [str(found), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
             "--no-input", "--require-hashes", "--only-binary", ":all:", "-r", str(LOCK)],
            check=True, timeout=INSTALL_SECONDS, capture_output=True,
        )  # fmt: skip
    except (subprocess.SubprocessError, OSError) as error:
        raise NoSynapseError(f"Synapse cannot be installed here ({type(error).__name__})") from None


@contextlib.contextmanager
def _one_at_a_time() -> Any:
    """Two test processes must not install at the same time."""
    lock = HOME.with_suffix(".lock")
    deadline = time.monotonic() + INSTALL_SECONDS
    while True:
        with contextlib.suppress(FileExistsError):
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
            break
        with contextlib.suppress(FileNotFoundError):
            if time.time() - lock.stat().st_mtime > INSTALL_SECONDS:
                lock.unlink()
        if time.monotonic() > deadline:
            raise NoSynapseError("another process is installing Synapse and does not finish")
        time.sleep(0.5)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@dataclass
class Synapse:
    """One server with its data in `folder`; it can be stopped and started again."""

    folder: Path
    port: int = field(default_factory=free_port)
    secret: str = field(default_factory=lambda: secrets.token_hex(16))
    changes: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    people: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        interpreter = python()
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / "homeserver.yaml"
        config.write_text(json.dumps(self._config()))
        key = self.folder / "signing.key"
        if not key.exists():
            seed = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
            key.write_text(f"ed25519 a_test {seed}\n")
        log = (self.folder / "out.log").open("ab")
        self.process = subprocess.Popen(
            [str(interpreter), "-m", "synapse.app.homeserver", "-c", str(config)],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(MODULE)},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self._wait()

    def _wait(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                told = (self.folder / "out.log").read_text("utf-8", "replace")[-2000:]
                raise RuntimeError(f"Synapse is installed and does not start: {told}")
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.url}/health", timeout=2).close()
                return
            time.sleep(0.1)
        raise RuntimeError("Synapse is installed and did not start in time")

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        self.process = None

    def user(self, name: str, *, admin: bool = False) -> tuple[str, str]:
        """Register somebody; their access token and device."""
        address = f"{self.url}/_synapse/admin/v1/register"
        with urllib.request.urlopen(address, timeout=30) as answer:
            nonce = json.load(answer)["nonce"]
        words = [nonce, name, "geheim", "admin" if admin else "notadmin"]
        mac = hmac.new(self.secret.encode(), "\0".join(words).encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": "geheim", "admin": admin, "mac": mac}
        made = urllib.request.Request(address, json.dumps(body).encode())
        with urllib.request.urlopen(made, timeout=30) as answer:
            told = json.load(answer)
        return told["access_token"], told["device_id"]

    def login(self, name: str) -> tuple[str, str]:
        """A new device for somebody who is registered."""
        body = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": name},
            "password": "geheim",
        }
        asked = urllib.request.Request(
            f"{self.url}/_matrix/client/v3/login", json.dumps(body).encode()
        )
        with urllib.request.urlopen(asked, timeout=30) as answer:
            told = json.load(answer)
        return told["access_token"], told["device_id"]

    def _config(self) -> dict[str, Any]:
        fast = {"per_second": 1000, "burst_count": 10000}
        return {
            "server_name": SERVER,
            "pid_file": str(self.folder / "homeserver.pid"),
            "listeners": [
                {
                    "port": self.port,
                    "type": "http",
                    "bind_addresses": ["127.0.0.1"],
                    "resources": [{"names": ["client"], "compress": False}],
                }
            ],
            "database": {
                "name": "sqlite3",
                "args": {"database": str(self.folder / "homeserver.db")},
            },
            "media_store_path": str(self.folder / "media"),
            "signing_key_path": str(self.folder / "signing.key"),
            "registration_shared_secret": self.secret,
            "report_stats": False,
            "trusted_key_servers": [],
            "suppress_key_server_warning": True,
            "federation_domain_whitelist": [],
            "enable_metrics": False,
            "bcrypt_rounds": 4,
            "auto_accept_invites": {"enabled": True, "only_for_direct_messages": True},
            "rc_message": fast,
            "rc_registration": fast,
            "rc_login": {"address": fast, "account": fast, "failed_attempts": fast},
            "rc_admin_redaction": fast,
            "rc_joins": {"local": fast, "remote": fast},
            "rc_invites": {"per_room": fast, "per_user": fast, "per_issuer": fast},
            "rc_room_creation": fast,
            "rc_media_create": fast,
            **self.changes,
        }


if __name__ == "__main__":
    try:
        python()
    except NoSynapseError as reason:
        print(f"{reason}; the tests on a real server will skip")
