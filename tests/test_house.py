"""What the house promises about itself: what may stand where, and what importing may do."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BOT = ROOT / "bot"
CORE = BOT / "core"
LINES_IN_A_FILE = 350
LOCKS = ("requirements.lock", "requirements-dev.lock")
TRAIN_LOCKS = ("requirements-train.lock", "requirements-train-cpu.lock")
ALL_LOCKS = (*LOCKS, *TRAIN_LOCKS, "requirements-bench.lock", "tests/matrix/synapse.lock")
NO_PROSE = {"LICENSE", *ALL_LOCKS}

# Spelled in halves, or this file would be the first to break the rule.
REGISTRIES = re.compile(
    "|".join(
        re.escape(a + b)
        for a, b in (
            ("pypi.", "org"),
            ("pythonhosted.", "org"),
            ("registry.npmjs.", "org"),
            ("unpkg.", "com"),
            ("cdn.jsdelivr", ".net"),
            ("cdnjs.cloud", "flare.com"),
            ("deb.debian.", "org"),
            ("security.debian.", "org"),
            ("archive.ubuntu.", "com"),
            ("docker.", "io/"),
            ("ghcr.", "io"),
            ("quay.", "io"),
        )
    ),
    re.IGNORECASE,
)
MACHINE_PATHS = re.compile(r"(?<![\w.:/*-])/(?:work|root|Users/\w+|home/\w+|opt/(?:wheels|pypi))/")
UNFINISHED = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME")) + r")\b")

TIME_AND_CHANCE = {"now", "today", "utcnow"}
IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "breakpoint", "__import__"}
IMPURE_MODULES = {"time", "random", "secrets", "uuid", "os", "pathlib", "logging", "sys"}


def tracked() -> list[Path]:
    """Files git knows or would take in; without git, everything that is not made."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others"]
    done = subprocess.run([*command, "--exclude-standard"], capture_output=True, check=False)
    if done.returncode == 0 and done.stdout:
        found = [ROOT / name for name in done.stdout.decode().split("\0") if name]
    else:
        found = [path for path in ROOT.rglob("*") if not re.search(r"/\.(?!ci)", str(path))]
    return [path for path in found if path.is_file()]


def texts() -> Iterator[tuple[str, str]]:
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content:
            yield str(path.relative_to(ROOT)), content.decode("utf-8")


def places(pattern: re.Pattern[str], *, leaving_out: set[str] = frozenset()) -> list[str]:  # type: ignore[assignment]
    return [
        f"{name}:{number}"
        for name, text in texts()
        if name not in leaving_out
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def modules(folder: Path) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))


def impurities(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and name of what asks a clock, chance or the machine."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for name in names:
                    if name.name.partition(".")[0] in IMPURE_MODULES:
                        yield node.lineno, name.name
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] in IMPURE_MODULES:
                yield node.lineno, module
            case ast.Attribute(attr=attribute) if attribute in TIME_AND_CHANCE:
                yield node.lineno, attribute
            case ast.Call(func=ast.Name(id=called)) if called in IMPURE_CALLS:
                yield node.lineno, called
            case _:
                pass


def test_every_file_of_the_bot_is_short_enough_to_read_in_one_go() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in BOT.rglob("*.py")
        if (lines := len(path.read_text("utf-8").splitlines())) > LINES_IN_A_FILE
    }
    assert long == {}


def test_the_core_never_asks_the_time_chance_or_the_machine() -> None:
    found = [
        f"{name}:{line} {what}" for name, tree in modules(CORE) for line, what in impurities(tree)
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "from time import monotonic",
        "from datetime import datetime\ndatetime.now()",
        "import datetime as d\nd.date.today()",
        "from datetime import datetime\nask = datetime.utcnow",
        "open('x')",
    ],
)
def test_the_watch_over_the_core_sees_what_it_must_see(source: str) -> None:
    assert list(impurities(ast.parse(source)))


def test_no_file_names_a_package_registry() -> None:
    assert places(REGISTRIES) == []


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    assert places(MACHINE_PATHS) == []


def test_nothing_is_left_for_later() -> None:
    assert places(UNFINISHED, leaving_out=NO_PROSE) == []


def test_importing_the_bot_opens_no_connection_and_starts_no_process() -> None:
    """Every module is imported under an audit hook that writes down what import time may not do."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_EVERYTHING], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().split() == []


# Alembic alone may load the migrations: they read the connection it hands them.
IMPORT_EVERYTHING = """
import importlib, pathlib, sys
sys.path.insert(0, ".")
ALWAYS = {"socket.connect", "socket.getaddrinfo", "socket.sendto", "webbrowser.open"}
OURS = {"socket.bind", "sqlite3.connect", "subprocess.Popen", "os.system", "os.posix_spawn"}
HERE = str(pathlib.Path("bot").resolve())
seen = []
current = ""
def watch(event, arguments):
    if event in ALWAYS or (event in OURS and importing_ours(sys._getframe())):
        seen.append(f"{current}:{event}")
def importing_ours(frame):
    # Whose module body is running: ours, or that of a library that looks at its machine?
    while frame is not None and frame.f_code.co_name != "<module>":
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename.startswith(HERE)
sys.addaudithook(watch)
for path in sorted(pathlib.Path("bot").rglob("*.py")):
    current = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    # Training the encoder alone needs torch, which no installation has.
    apart = {"migrations", "training"} & set(path.parts)
    if not apart and path.name != "__main__.py":
        importlib.import_module(current)
print(*seen)
"""


@pytest.mark.parametrize("lock", ALL_LOCKS)
def test_a_lock_holds_only_exact_versions_with_hashes(lock: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text("utf-8").strip())
    assert len(entries) > 50
    for entry in entries:
        first, *rest = entry.split("\n")
        assert re.match(r"[a-z0-9._-]+==[\w.+!]+( ; [^\\]+)? \\$", first), first
        assert rest, first
        for line in rest:
            assert re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line), line


@pytest.mark.parametrize("lock", [*LOCKS, *TRAIN_LOCKS, "requirements-bench.lock"])
def test_a_lock_holds_everything_the_project_asks_for(lock: str) -> None:
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project, extras = whole["project"], whole["project"]["optional-dependencies"]
    asked = project["dependencies"] + extras["build"]
    if lock == "requirements-bench.lock":
        asked = whole["dependency-groups"]["bench"]
    elif "dev" in lock or "train" in lock:
        asked = asked + extras["dev" if "dev" in lock else "train"]
    held = set(re.findall(r"^([a-z0-9._-]+)==", (ROOT / lock).read_text("utf-8"), re.MULTILINE))
    names = {re.match(r"[\w.-]+", one).group().lower().replace("_", "-") for one in asked}  # type: ignore[union-attr]
    assert names - held == set()


@pytest.mark.parametrize("lock", TRAIN_LOCKS)
def test_training_runs_with_the_versions_the_bot_runs_with(lock: str) -> None:
    runtime, training = (
        set(re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / one).read_text("utf-8"), re.MULTILINE))
        for one in ("requirements.lock", lock)
    )
    names = {name for name, _ in runtime}
    assert {pair for pair in training if pair[0] in names} <= runtime


def test_the_tests_run_with_the_versions_the_bot_runs_with() -> None:
    runtime, dev = (
        set(re.findall(r"^[a-z0-9._-]+==\S+", (ROOT / lock).read_text("utf-8"), re.MULTILINE))
        for lock in LOCKS
    )
    assert runtime <= dev


def test_the_licence_is_the_whole_eupl() -> None:
    text = " ".join((ROOT / "LICENSE").read_text("utf-8").split())
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    headings = [f"{number}. " in text for number in range(1, 16)]
    assert all(headings)
    assert text.endswith("require the production of a new EUPL version.")
