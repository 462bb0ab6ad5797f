"""Every example of docs/policies.md does what the page says."""

import contextlib
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.core.facts import VOCABULARY
from bot.core.policy import CHANNELS, Act, VerdictKind
from bot.delivery.policy_tests import run_examples
from bot.detection.engine import build_detector
from bot.policies import PolicyFileError, check_policy, load_policy, read_policy
from bot.policies.check import Weight

PAGE = (Path(__file__).parents[2] / "docs" / "policies.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)
FILES = {
    found[1]: text
    for kind, text in BLOCKS
    if kind == "yaml" and (found := re.match(r"# file: (\S+)\n", text))
}
LOOSE = [text for kind, text in BLOCKS if kind == "yaml" and text.startswith("- id:")]
COMMANDS = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines() if line]
HEAD = (
    'protocol: {id: x, name: protocol X, version: "1"}\nsettings: {team_address: t@x.nl}\nrules:\n'
)


@pytest.fixture(scope="module")
def detect():
    return build_detector().detect


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def proven(policy, detect):
    errors = [str(p) for p in check_policy(policy) if p.weight is Weight.ERROR]
    failed = [f"{r.rule}: {r.says}" for r in run_examples(policy, detect) if not r.good]
    return errors, failed


def test_the_page_has_the_examples_this_test_is_about():
    assert set(FILES) == {"school.yaml", "locatie.yaml"}
    assert len(LOOSE) >= 4
    assert len(COMMANDS) >= 6


@pytest.mark.parametrize("name", FILES)
def test_every_file_on_the_page_passes_check_and_its_examples(name, folder, detect):
    assert proven(load_policy(folder / name), detect) == ([], [])


@pytest.mark.parametrize("text", LOOSE, ids=[re.search(r"id: (\S+)", t)[1] for t in LOOSE])
def test_every_rule_on_the_page_passes_check_and_its_examples(text, detect):
    assert proven(read_policy(HEAD + text, "x.yaml"), detect) == ([], [])


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_on_the_page_runs(line, folder, monkeypatch):
    program, *arguments = shlex.split(line)
    assert program == "fluister"
    monkeypatch.delenv("FLUISTER_POLICY", raising=False)
    with contextlib.chdir(folder):
        done = CliRunner().invoke(app, arguments, env={"TERM": "dumb"})
    assert done.exit_code == 0, done.output


def test_the_fault_on_the_page_is_told_just_so():
    (shown,) = [text.strip() for kind, text in BLOCKS if kind == "text"]
    broken = FILES["school.yaml"].replace("content: [confidential", "content: [confidental", 1)
    with pytest.raises(PolicyFileError) as caught:
        read_policy(broken, "school.yaml")
    assert str(caught.value).startswith(shown)


def test_the_words_the_tables_name_are_words_of_the_language():
    known = {word for values in VOCABULARY.values() for word in values} | set(VOCABULARY)
    known |= {kind.name.lower() for kind in VerdictKind} | {act.value for act in Act}
    known |= set(CHANNELS)
    table = [line for line in PAGE.splitlines() if line.startswith("| `") and "`event`" in line]
    table += [line for line in PAGE.splitlines() if line.startswith("- **`verdict`**")]
    named = {word for line in table for word in re.findall(r"`([a-z_]+)`", line)}
    assert named - known - {"conditions", "verdict"} == set()
    assert len(named) > 10
