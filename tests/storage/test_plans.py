"""A step is written down as begun before the outside call, and is done once."""

import asyncio
from datetime import timedelta

import pytest

from bot.errors import StorageError
from bot.storage.records import PlanState, StepDraft, StepState
from bot.storage.repository import Repository
from tests.storage.conftest import NOW, STEPS, new_case


async def test_a_plan_is_stored_once_under_its_key(repo: Repository, twin: Repository) -> None:
    stored = await asyncio.gather(*(who.add_plan("p", None, STEPS) for who in (repo, twin) * 3))
    assert sum(stored) == 1
    first, second = await repo.step("p", 0), await repo.step("p", 1)
    assert first is not None
    assert second is not None
    assert (first.payload, first.at, first.last, first.kind) == (b"step-one", None, False, "Copy")
    assert (second.payload, second.at, second.last) == (b"step-two", NOW, True)
    assert await repo.step("p", 2) is None


async def test_starting_a_step_counts_the_attempt_and_keeps_the_payload(repo: Repository) -> None:
    await repo.add_plan("p", None, STEPS)
    assert (await repo.start_step("p", 0)).attempts == 1
    again = await repo.start_step("p", 0)
    assert (again.attempts, again.state, again.payload) == (2, StepState.STARTED, b"step-one")


async def test_a_done_step_loses_its_payload_and_never_starts_again(repo: Repository) -> None:
    await repo.add_plan("p", None, STEPS)
    await repo.start_step("p", 0)
    await repo.finish_step("p", 0, StepState.DONE, "done", "bericht 4")
    step = await repo.start_step("p", 0)
    assert (step.state, step.payload, step.attempts) == (StepState.DONE, b"", 1)
    assert await repo.step_result("p", 0) == "bericht 4"
    assert await repo.step_result("p", 1) is None


async def test_a_plan_is_over_when_nothing_is_left_to_do(repo: Repository) -> None:
    await repo.add_plan("p", None, STEPS)
    await repo.finish_step("p", 0, StepState.DONE, "done")
    assert not (await repo.step("p", 0)).plan_over  # type: ignore[union-attr]
    await repo.finish_step("p", 1, StepState.SKIPPED, "nothing")
    assert (await repo.step("p", 1)).plan_state is PlanState.DONE  # type: ignore[union-attr]
    assert await repo.unfinished_plans() == ()


async def test_the_boot_sweep_finds_where_every_plan_stood(repo: Repository) -> None:
    school = await repo.create_school("De Regenboog")
    case, _ = await repo.add_case(new_case(school.id), STEPS, "a")
    await repo.add_plan("b", None, STEPS)
    await repo.finish_step("a", 0, StepState.DONE, "done")
    await repo.add_plan("empty", case.id, ())
    assert await repo.unfinished_plans() == (("a", 1, NOW), ("b", 0, None))
    assert await repo.unfinished_plans(school.id) == (("a", 1, NOW), ("b", 0, None))
    assert await repo.unfinished_plans("other") == ()


async def test_a_failed_step_is_not_stepped_over_and_may_be_tried_again(repo: Repository) -> None:
    await repo.add_plan("p", None, STEPS)
    await repo.start_step("p", 0)
    await repo.finish_step("p", 0, StepState.FAILED, "refused")
    assert await repo.unfinished_plans() == (("p", 0, None),)
    again = await repo.start_step("p", 0)
    assert (again.payload, again.attempts) == (b"step-one", 2)


async def test_superseding_skips_what_other_plans_still_had_to_do(repo: Repository) -> None:
    case, _ = await repo.add_case(new_case(), STEPS, "old")
    await repo.add_plan("new", case.id, STEPS)
    await repo.finish_step("old", 0, StepState.DONE, "done")
    assert await repo.supersede_plans(case.id, keep="new") == 1
    done, skipped = await repo.step("old", 0), await repo.step("old", 1)
    assert done is not None
    assert skipped is not None
    assert done.state is StepState.DONE
    assert (skipped.state, skipped.payload, skipped.plan_over) == (StepState.SKIPPED, b"", True)
    assert [key for key, _, _ in await repo.unfinished_plans()] == ["new"]
    await repo.finish_step("old", 1, StepState.FAILED, "came back late")
    assert (await repo.step("old", 1)).plan_over  # type: ignore[union-attr]


async def test_steps_that_are_not_there_are_said_to_be_missing(repo: Repository) -> None:
    with pytest.raises(StorageError, match="start a step"):
        await repo.start_step("none", 0)
    with pytest.raises(StorageError, match="finish a step"):
        await repo.finish_step("none", 0, StepState.DONE, "done")
    with pytest.raises(StorageError, match="its case is gone"):
        await repo.add_plan("p", "no such case", STEPS)


async def test_instants_of_other_zones_come_back_as_the_same_instant(repo: Repository) -> None:
    from zoneinfo import ZoneInfo

    local = (NOW + timedelta(hours=3)).astimezone(ZoneInfo("Europe/Amsterdam"))
    await repo.add_plan("p", None, (StepDraft("Mail", b"", local),))
    step = await repo.step("p", 0)
    assert step is not None
    assert step.at == local
    assert step.at.utcoffset() == timedelta(0)
