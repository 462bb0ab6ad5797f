"""A step that another plan ends at the moment it would begin."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.dispatcher import Dispatcher
from bot.storage.crypto import Keyring
from bot.storage.migrations import upgrade
from bot.storage.records import Step, StepDraft, StepState
from bot.storage.repository import Repository
from bot.work.jobs import Finished
from tests.storage.conftest import new_case


@pytest.fixture
def url(tmp_path: Path) -> str:
    made = f"sqlite:///{tmp_path / 'fluister.db'}"
    upgrade(made)
    return made


@pytest.fixture
async def repo(url: str) -> AsyncIterator[Repository]:
    repository = await Repository.open(url, Keyring.from_secret("a secret that is long enough"))
    yield repository
    await repository.close()


class Interrupted:
    """A repository in which something happens right after a step was looked at."""

    def __init__(self, repo: Repository, then: Any) -> None:
        self._repo = repo
        self._then = then

    def __getattr__(self, name: str) -> Any:
        return getattr(self._repo, name)

    async def step(self, plan: str, seq: int) -> Step | None:
        found = await self._repo.step(plan, seq)
        await self._then()
        return found


async def test_a_step_that_was_just_ended_by_another_plan_is_left_without_an_error(
    repo: Repository,
) -> None:
    case, _ = await repo.add_case(new_case(), (StepDraft("Copy", b"what was decided"),), "old")

    async def ended() -> None:
        await repo.supersede_plans(case.id, keep=None)

    house: Any = type("House", (), {"repository": Interrupted(repo, ended)})()
    nobody: Any = None
    outcome = await Dispatcher(house, nobody, nobody).run(("old", "0"))
    assert isinstance(outcome, Finished)
    assert (await repo.step("old", 0)).state is StepState.SKIPPED  # type: ignore[union-attr]
