"""The container recipe: pinned, from hashes, without rights, without secrets."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
Instruction = tuple[str, str]


@pytest.fixture
def instructions() -> list[Instruction]:
    """Return the recipe as (NAME, arguments), with continued lines joined."""
    text = (ROOT / "deploy" / "Containerfile").read_text("utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [
        (name, " ".join(rest.split()))
        for name, _, rest in (line.partition(" ") for line in joined.splitlines())
    ]


def last_stage(instructions: list[Instruction]) -> list[Instruction]:
    start = max(index for index, (name, _) in enumerate(instructions) if name == "FROM")
    return instructions[start:]


def given(instructions: list[Instruction], name: str) -> list[str]:
    return [rest for one, rest in instructions if one == name]


def test_every_stage_stands_on_the_same_small_pinned_python(
    instructions: list[Instruction],
) -> None:
    bases = {rest.split()[0] for rest in given(instructions, "FROM")}
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.\d+-slim-[a-z]+", bases.pop())


def test_packages_come_from_the_lock_with_hashes_and_in_no_other_way(
    instructions: list[Instruction],
) -> None:
    commands = [part.strip() for rest in given(instructions, "RUN") for part in rest.split("&&")]
    installs = [one for one in commands if "pip install" in one]
    assert len(installs) == 2
    locked, ourselves = installs
    assert "--require-hashes" in locked
    assert "-r requirements.lock" in locked
    assert "--no-deps --no-build-isolation ." in ourselves
    assert not [one for one in commands if re.search(r"\b(curl|wget|apt-get|git)\b", one)]


def test_nothing_is_fetched_from_an_address(instructions: list[Instruction]) -> None:
    assert given(instructions, "ADD") == []
    assert not [rest for rest in given(instructions, "COPY") if "://" in rest]


def test_it_runs_as_a_user_without_rights_named_by_number(instructions: list[Instruction]) -> None:
    users = given(last_stage(instructions), "USER")
    assert users == ["10001:10001"]
    after = [name for name, _ in instructions[instructions.index(("USER", users[0])) :]]
    assert "RUN" not in after
    compose = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))
    assert compose["services"]["bot"]["user"] == users[0]


def test_its_health_is_asked_of_the_doctor(
    instructions: list[Instruction],
) -> None:
    final = last_stage(instructions)
    port = re.search(r"FLUISTER_WEB_BIND=0\.0\.0\.0:(\d+)", " ".join(given(final, "ENV")))
    assert port
    [health] = given(final, "HEALTHCHECK")
    assert '"fluister", "doctor", "--quick"' in health
    assert given(final, "EXPOSE") == [port[1]]


def test_the_image_holds_no_secret(instructions: list[Instruction]) -> None:
    named = " ".join(rest for name in ("ENV", "ARG") for rest in given(instructions, name))
    assert not re.search(r"SECRET|TOKEN|PASSWORD|_URL|KEY", named)


def test_it_copies_what_exists_and_what_the_ignore_file_lets_through(
    instructions: list[Instruction],
) -> None:
    ignore = (ROOT / "deploy" / "Containerfile.dockerignore").read_text("utf-8").splitlines()
    assert ignore[0] == "*"
    let_through = {line[1:] for line in ignore if line.startswith("!")}
    copied = {
        source.removeprefix("./")
        for rest in given(instructions, "COPY")
        if not rest.startswith("--from")
        for source in rest.split()[:-1]
    }
    assert copied == let_through
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_the_build_has_what_the_project_file_needs(instructions: list[Instruction]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {*wheel["packages"], *wheel.get("force-include", {})}
    needed |= {project["project"]["readme"], *project["project"]["license-files"]}
    copied = " ".join(given(instructions, "COPY")).split()
    assert needed <= set(copied)
