"""A database that is away ends no plan, and its errors say nothing of the data."""

import pytest

from bot.delivery.patience import patient, plain
from bot.errors import DeliveryError, StorageError
from bot.work.jobs import Again, Finished, Job, Outcome

JOB = Job("step", "step:x:0", ("x", "0"))


async def test_a_step_that_storage_refuses_is_called_again_for_as_long_as_it_takes() -> None:
    async def refused(ids: tuple[str, ...]) -> Outcome:
        raise StorageError("start a step: the disk is full")

    for _ in range(1_000):
        assert isinstance(await patient(refused)(("x", "0")), Again)


async def test_what_a_handler_answers_is_passed_on() -> None:
    async def done(ids: tuple[str, ...]) -> Outcome:
        return Finished(ids[1])

    assert await patient(done)(("x", "0")) == Finished("0")


async def test_a_mistake_of_our_own_is_not_tried_for_ever() -> None:
    async def broken(ids: tuple[str, ...]) -> Outcome:
        raise KeyError("x")

    with pytest.raises(KeyError):
        await patient(broken)(())


async def test_work_that_is_refused_is_a_storage_error_without_the_words_of_the_driver() -> None:
    async def refused(job: Job) -> None:
        raise OSError("INSERT INTO secrets")

    with pytest.raises(StorageError, match="OSError") as error:
        await plain(refused)(JOB)
    assert "INSERT" not in str(error.value)
    assert error.value.__cause__ is None


async def test_our_own_errors_keep_their_kind() -> None:
    async def refused(job: Job) -> None:
        raise DeliveryError("gone", permanent=True)

    with pytest.raises(DeliveryError):
        await plain(refused)(JOB)
