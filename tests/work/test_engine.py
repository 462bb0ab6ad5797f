"""The contract of durable work, the same over both databases."""

import asyncio
import contextlib
import logging
import sqlite3
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from dbos import DBOS

from bot.work.engine import Engine
from bot.work.jobs import Again, Finished, Job
from bot.work.standing import Standing, standing

SECRET = "Kim-heeft-een-geheim-van-thuis"


class StubbornError(Exception):
    pass


def everything_stored(url: str) -> str:
    """All rows of all tables of the work database as one text."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        names = [
            r[0] for r in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
    else:
        connection = psycopg.connect(url)
        names = [
            f"dbos.{r[0]}"
            for r in connection.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'dbos'"
            )
        ]
    try:
        return "\n".join(
            str(row) for n in names for row in connection.execute(f"SELECT * FROM {n}")
        )
    finally:
        connection.close()


async def test_a_key_runs_once_however_often_it_is_submitted(bench):
    engine = await bench.launch()
    job = Job("note", "n:1", ("a",))
    await engine.submit(job)
    await engine.submit(job)
    await engine.wait_idle(10)
    await engine.submit(job)
    engine = await bench.restart()
    await engine.submit(job)
    await engine.wait_idle(10)
    assert bench.calls == ["a"]
    assert (await engine.status()).finished == 1


async def test_many_submits_of_one_key_at_once_run_once(bench):
    engine = await bench.launch()
    await asyncio.gather(*(engine.submit(Job("note", "n:1", ("a",))) for _ in range(20)))
    await engine.wait_idle(10)
    assert bench.calls == ["a"]


async def test_what_was_submitted_is_still_there_after_a_restart(bench):
    engine = await bench.launch()
    await engine.submit(Job("note", "n:1", ("a",), at=bench.clock.now() + timedelta(hours=1)))
    engine = await bench.restart()
    bench.clock.set(bench.clock.now() + timedelta(hours=2))
    await engine.retime()
    await engine.wait_idle(10)
    assert bench.calls == ["a"]


async def test_a_delayed_job_waits_for_its_domain_instant(bench, wait_until):
    engine = await bench.launch()
    soon = bench.clock.now() + timedelta(seconds=0.6)
    await engine.submit(Job("note", "n:soon", ("soon",), at=soon))
    await engine.submit(Job("note", "n:late", ("late",), at=soon + timedelta(days=1)))
    await engine.submit(Job("note", "n:past", ("past",), at=soon - timedelta(days=1)))
    await engine.wait_idle(10)
    assert bench.calls == ["past"]
    await wait_until(lambda: len(bench.calls) == 2)
    assert bench.clock.now() >= soon
    assert bench.calls == ["past", "soon"]
    assert (await engine.status()).delayed == 1


async def test_moving_the_clock_forward_runs_what_became_due(bench):
    engine = await bench.launch()
    start = bench.clock.now()
    await engine.submit(Job("note", "n:1", ("tomorrow",), at=start + timedelta(days=1)))
    await engine.submit(Job("note", "n:2", ("week",), at=start + timedelta(days=7)))
    bench.clock.set(start + timedelta(days=1, minutes=1))
    await engine.retime()
    await engine.wait_idle(10)
    assert bench.calls == ["tomorrow"]
    assert (await engine.status()).delayed == 1


async def test_a_clock_moved_while_jobs_are_submitted_leaves_none_behind(bench):
    engine = await bench.launch()
    start = bench.clock.now()

    async def move():
        bench.clock.set(start + timedelta(hours=2))
        await engine.retime()

    in_an_hour = start + timedelta(hours=1)
    jobs = [Job("note", f"n:{n}", (str(n),), at=in_an_hour) for n in range(40)]
    submits = [asyncio.create_task(engine.submit(job)) for job in jobs]
    await asyncio.sleep(0.005)
    await asyncio.gather(move(), *submits)
    await engine.wait_idle(10)
    assert len(bench.calls) == 40


async def test_moving_the_clock_back_delays_again_and_repeats_nothing(bench):
    engine = await bench.launch()
    start = bench.clock.now()
    await engine.submit(Job("note", "n:done", ("done",)))
    await engine.submit(Job("note", "n:1", ("later",), at=start + timedelta(seconds=1)))
    await engine.wait_idle(10)
    bench.clock.set(start - timedelta(hours=1))
    await engine.retime()
    await engine.submit(Job("note", "n:done", ("done",)))
    await asyncio.sleep(1.6)
    assert bench.calls == ["done"]
    assert (await engine.status()).delayed == 1


async def test_a_cancelled_job_never_runs_and_its_key_is_used_up(bench):
    engine = await bench.launch()
    job = Job("note", "n:1", ("a",), at=bench.clock.now() + timedelta(days=1))
    await engine.submit(job)
    assert await engine.cancel("n:1")
    assert not await engine.cancel("n:1")
    bench.clock.set(bench.clock.now() + timedelta(days=2))
    await engine.retime()
    await engine.submit(job)
    await engine.wait_idle(10)
    assert bench.calls == []
    assert (await engine.status()).cancelled == 1


async def test_cancelling_leaves_other_keys_alone(bench):
    engine = await bench.launch()
    tomorrow = bench.clock.now() + timedelta(days=1)
    for key in ("n:1", "N:1", "n:10", "n:%"):
        await engine.submit(Job("note", key, (key,), at=tomorrow))
    assert await engine.cancel("n:1")
    assert not await engine.cancel("n:_")
    assert (await engine.status()).delayed == 3


async def test_cancelling_what_runs_or_ended_says_no_and_loses_nothing(bench, wait_until):
    gate = asyncio.Event()

    async def slow(ids):
        bench.calls.append("started")
        await gate.wait()
        return Finished("sent", then=(Job("note", "n:after", ("after",)),))

    engine = await bench.launch({"slow": slow})
    await engine.submit(Job("slow", "s:1"))
    await wait_until(lambda: bench.calls == ["started"])
    assert not await engine.cancel("s:1")
    gate.set()
    await engine.wait_idle(10)
    assert bench.calls == ["started", "after"]
    assert not await engine.cancel("s:1")
    assert not await engine.cancel("never-heard-of")


async def test_a_job_in_back_off_can_be_cancelled(sqlite_bench, wait_until):
    bench = sqlite_bench

    async def never(ids):
        bench.calls.append("try")
        return Again(60)

    engine = await bench.launch({"never": never})
    await engine.submit(Job("never", "s:1"))
    await wait_until(lambda: bench.calls == ["try"])
    async with asyncio.timeout(10):
        while not await engine.cancel("s:1"):
            await asyncio.sleep(0.02)
    await engine.wait_idle(10)
    assert bench.calls == ["try"]


async def test_a_lane_runs_one_at_a_time_in_order_of_seq(bench, wait_until):
    gate = asyncio.Event()
    running, most = 0, 0

    async def step(ids):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await gate.wait()
        bench.calls.append(ids[0])
        running -= 1
        return Finished("ok")

    engine = await bench.launch({"step": step})
    await engine.submit(Job("step", "l:0", ("0",), lane="chat-1", seq=0))
    await wait_until(lambda: running == 1)
    for seq in (5, 3, 9, 1):
        await engine.submit(Job("step", f"l:{seq}", (str(seq),), lane="chat-1", seq=seq))
    await asyncio.sleep(0.2)
    gate.set()
    await engine.wait_idle(10)
    assert bench.calls == ["0", "1", "3", "5", "9"]
    assert most == 1


async def test_lanes_do_not_wait_for_each_other(sqlite_bench, wait_until):
    bench = sqlite_bench
    gate = asyncio.Event()

    async def blocked(ids):
        await gate.wait()
        return Finished("ok")

    engine = await bench.launch({"blocked": blocked})
    await engine.submit(Job("blocked", "b:1", lane="chat-1", seq=1))
    await engine.submit(Job("note", "n:1", ("lane",), lane="chat-2", seq=1))
    await engine.submit(Job("note", "n:2", ("free",)))
    await wait_until(lambda: sorted(bench.calls) == ["free", "lane"])
    gate.set()
    await engine.wait_idle(10)


async def test_a_lane_keeps_its_order_while_one_job_waits_to_try_again(bench):
    tries = 0

    async def flaky(ids):
        nonlocal tries
        tries += 1
        bench.calls.append(f"try{tries}")
        return Finished("ok") if tries == 3 else Again(0.1)

    engine = await bench.launch({"flaky": flaky})
    await engine.submit(Job("flaky", "f:1", lane="chat", seq=1))
    await engine.submit(Job("note", "n:2", ("second",), lane="chat", seq=2))
    await engine.wait_idle(10)
    assert bench.calls == ["try1", "try2", "try3", "second"]


async def test_waiting_to_try_again_takes_no_place_from_other_work(sqlite_bench, wait_until):
    bench = sqlite_bench

    async def never(ids):
        return Again(60)

    engine = await bench.launch({"never": never}, concurrency=1)
    for number in range(3):
        await engine.submit(Job("never", f"s:{number}"))
    await engine.submit(Job("note", "n:1", ("through",)))
    await wait_until(lambda: bench.calls == ["through"])


async def test_again_waits_in_real_time_whatever_the_domain_clock_does(bench):
    moments = []
    loop = asyncio.get_running_loop()

    async def twice(ids):
        moments.append(loop.time())
        assert ids == ("id-1", "id-2")
        bench.clock.set(bench.clock.now() - timedelta(days=30))
        await asyncio.sleep(0)
        return Again(0.4) if len(moments) == 1 else Finished("ok")

    engine = await bench.launch({"twice": twice})
    await engine.submit(Job("twice", "t:1", ("id-1", "id-2"), at=bench.clock.now()))
    await engine.wait_idle(10)
    assert len(moments) == 2
    assert 0.35 <= moments[1] - moments[0] < 5
    assert (await engine.status()).delayed == 0


async def test_a_resubmitted_key_is_not_run_beside_its_own_back_off(bench):
    async def twice(ids):
        bench.calls.append("call")
        return Again(0.3) if len(bench.calls) == 1 else Finished("ok")

    engine = await bench.launch({"twice": twice})
    await engine.submit(Job("twice", "t:1"))
    await asyncio.sleep(0.2)
    await engine.submit(Job("twice", "t:1"))
    await engine.wait_idle(10)
    assert bench.calls == ["call", "call"]


async def test_follow_up_jobs_run_after_it_in_whatever_lane_they_name(bench):
    async def first(ids):
        bench.calls.append("first")
        return Finished(
            "ok",
            then=(
                Job("note", "n:free", ("free",)),
                Job("second", "s:lane", lane="chat", seq=2),
                Job("note", "n:late", ("late",), at=bench.clock.now() + timedelta(days=1)),
            ),
        )

    async def second(ids):
        return Finished("ok", then=(Job("note", "n:from-lane", ("from-lane",)),))

    engine = await bench.launch({"first": first, "second": second})
    await engine.submit(Job("first", "f:1", lane="other", seq=7))
    await engine.wait_idle(10)
    assert bench.calls[0] == "first"
    assert sorted(bench.calls[1:]) == ["free", "from-lane"]
    assert (await engine.status()).delayed == 1
    bench.clock.set(bench.clock.now() + timedelta(days=1))
    await engine.retime()
    await engine.wait_idle(10)
    assert bench.calls[-1] == "late"


async def test_a_handler_may_submit_by_itself(sqlite_bench):
    bench = sqlite_bench
    engine = None

    async def outer(ids):
        await engine.submit(Job("note", "n:inner", ("inner",)))
        return Finished("ok")

    engine = await bench.launch({"outer": outer})
    await engine.submit(Job("outer", "o:1"))
    await engine.wait_idle(10)
    assert bench.calls == ["inner"]
    assert bench.failures == []


async def test_handlers_run_in_the_loop_that_launched_the_engine(sqlite_bench):
    bench = sqlite_bench
    loops = []

    async def where(ids):
        loops.append(asyncio.get_running_loop())
        return Finished("ok")

    engine = await bench.launch({"where": where})
    await engine.submit(Job("where", "w:1"))
    await engine.submit(Job("where", "w:2", lane="chat", seq=1))
    await engine.wait_idle(10)
    assert loops == [asyncio.get_running_loop()] * 2


@pytest.mark.parametrize("lane", [None, "chat"])
async def test_an_unexpected_error_is_tried_again(bench, lane):
    async def third_time_lucky(ids):
        bench.calls.append("try")
        if len(bench.calls) < 3:
            raise StubbornError(SECRET)
        return Finished("ok")

    engine = await bench.launch({"lucky": third_time_lucky})
    await engine.submit(Job("lucky", "l:1", lane=lane, seq=1))
    await engine.wait_idle(10)
    assert len(bench.calls) == 3
    assert bench.failures == []
    assert (await engine.status()).failed == 0


@pytest.mark.parametrize("lane", [None, "chat"])
async def test_a_job_that_keeps_failing_is_shown_reported_and_can_be_retried(bench, lane, caplog):
    broken = True

    async def fragile(ids):
        bench.calls.append(ids[0])
        if broken:
            raise StubbornError(SECRET)
        return Finished("ok", then=(Job("note", "n:after", ("after",)),))

    caplog.set_level(logging.DEBUG)
    engine = await bench.launch({"fragile": fragile})
    await engine.submit(Job("fragile", "f:1", ("x",), lane=lane, seq=1))
    await engine.submit(Job("note", "n:next", ("next",), lane=lane, seq=2))
    await engine.wait_idle(10)
    assert bench.calls.count("x") == 3
    assert "next" in bench.calls
    assert bench.failures == [("fragile", "f:1", "StubbornError")]
    assert (await engine.status()).failed == 1
    broken = False
    assert await engine.retry() == 1
    await engine.wait_idle(10)
    assert bench.calls[-2:] == ["x", "after"]
    assert bench.calls.count("next") == 1
    assert (await engine.status()).failed == 0
    assert await engine.retry() == 0
    assert SECRET not in caplog.text
    assert "f:1" in caplog.text


async def test_the_database_holds_ids_only(bench):
    async def leaky(ids):
        bench.calls.append("try")
        raise ValueError(SECRET)

    engine = await bench.launch({"leaky": leaky})
    await engine.submit(Job("leaky", "leaky:1", ("id-77",)))
    await engine.submit(Job("leaky", "leaky:2", ("id-78",), lane="chat", seq=1))
    await engine.wait_idle(10)
    stored = everything_stored(bench.url)
    assert "id-77" in stored
    assert "ValueError" in stored
    assert SECRET not in stored


async def test_a_label_that_reads_like_text_is_not_stored(sqlite_bench):
    bench = sqlite_bench

    async def chatty(ids):
        return Finished("Kim vertelde iets")

    engine = await bench.launch({"chatty": chatty})
    await engine.submit(Job("chatty", "c:1"))
    await engine.wait_idle(10)
    assert "Kim" not in everything_stored(bench.url)
    assert (await engine.status()).finished == 1


async def test_a_kind_nobody_handles_is_shown_and_runs_once_it_is_handled(bench):
    engine = await bench.launch()
    await engine.submit(Job("mystery", "m:1", ("m",)))
    await engine.wait_idle(10)
    assert bench.failures == [("mystery", "m:1", "UnknownKind")]
    engine = await bench.restart({"mystery": bench.note})
    assert await engine.retry() == 1
    await engine.wait_idle(10)
    assert bench.calls == ["m"]


async def test_a_broken_failure_listener_does_not_hide_the_failure(sqlite_bench):
    bench = sqlite_bench

    async def broken(kind, key, error):
        raise RuntimeError(SECRET)

    engine = await bench.launch(on_failure=broken)
    await engine.submit(Job("mystery", "m:1"))
    await engine.wait_idle(10)
    assert (await engine.status()).failed == 1


async def test_a_job_that_killed_its_process_too_often_is_reported_and_can_be_retried(
    bench, wait_until
):
    engine = await bench.launch()
    await engine.submit(Job("note", "n:1", ("a",), at=bench.clock.now() + timedelta(hours=1)))
    await engine.close()
    change = "SET status = 'MAX_RECOVERY_ATTEMPTS_EXCEEDED', queue_name = NULL"
    if bench.url.startswith("sqlite"):
        with sqlite3.connect(bench.url.removeprefix("sqlite:///")) as connection:
            connection.execute(f"UPDATE workflow_status {change}")
    else:
        with psycopg.connect(bench.url) as connection:
            connection.execute(f"UPDATE dbos.workflow_status {change}")
    engine = await bench.launch(tend_every=0.1)
    await wait_until(lambda: bool(bench.failures))
    await asyncio.sleep(0.3)
    assert bench.failures == [("note", "n:1", "DiedTooOften")]
    assert (await engine.status()).failed == 1
    assert await engine.retry() == 1
    await engine.wait_idle(10)
    assert bench.calls == ["a"]


async def test_status_shows_since_when_work_waits_and_what_is_late(bench, wait_until):
    gate = asyncio.Event()

    async def blocking(ids):
        await gate.wait()
        return Finished("ok")

    engine = await bench.launch({"blocking": blocking}, late_after=timedelta(0))
    before = datetime.now(UTC) - timedelta(seconds=1.5)
    await engine.submit(Job("blocking", "b:1", lane="chat", seq=1))
    await engine.submit(Job("note", "n:1", ("a",), lane="chat", seq=2))
    await asyncio.sleep(1.3)
    status = await engine.status()
    assert (status.running, status.waiting) == (1, 1)
    assert status.oldest_waiting is not None
    assert before <= status.oldest_waiting <= datetime.now(UTC)
    assert status.late == 2
    gate.set()
    await engine.wait_idle(10)
    status = await engine.status()
    assert (status.oldest_waiting, status.late) == (None, 0)


async def test_what_gave_up_is_counted_from_outside_beside_the_engine_and_without_it(bench):
    engine = await bench.launch()
    await engine.submit(Job("mystery", "m:1"))
    await engine.submit(Job("note", "n:1", ("a",)))
    await engine.wait_idle(10)
    assert await asyncio.to_thread(standing, bench.url) == Standing(failed=1, late=0)
    await engine.submit(Job("note", "n:2", ("b",)))
    await engine.wait_idle(10)
    assert bench.calls == ["a", "b"], "looking from outside stops nothing"
    await engine.close()
    assert standing(bench.url) == Standing(failed=1, late=0)


async def test_sweeping_forgets_what_ended_and_keeps_what_lives_or_failed(bench, wait_until):
    async def never(ids):
        bench.calls.append("never")
        return Again(60)

    engine = await bench.launch({"never": never}, retention=timedelta(0))
    await engine.submit(Job("note", "n:1", ("a",)))
    await engine.submit(Job("never", "s:1"))
    await engine.submit(Job("mystery", "m:1"))
    await wait_until(lambda: bool(bench.failures) and len(bench.calls) == 2)
    await asyncio.sleep(1.2)
    assert await engine.sweep(timedelta(0)) == 1
    status = await engine.status()
    assert (status.finished, status.failed, status.delayed) == (1, 1, 1)
    await engine.submit(Job("never", "s:1"))
    await asyncio.sleep(0.2)
    assert bench.calls.count("never") == 1
    stored = everything_stored(bench.url)
    assert "n:1" not in stored
    assert "m:1" in stored


async def test_sweeping_never_forgets_a_key_the_domain_could_still_submit(bench):
    engine = await bench.launch()
    await engine.submit(Job("note", "n:1", ("a",)))
    await engine.wait_idle(10)
    await asyncio.sleep(1.1)
    assert await engine.sweep(timedelta(0)) == 0
    await engine.submit(Job("note", "n:1", ("a",)))
    await engine.wait_idle(10)
    assert bench.calls == ["a"]


async def test_closing_lets_a_running_handler_end(bench, wait_until):
    async def slow(ids):
        bench.calls.append("begin")
        await asyncio.sleep(0.5)
        bench.calls.append("end")
        return Finished("ok")

    engine = await bench.launch({"slow": slow})
    await engine.submit(Job("slow", "s:1"))
    await wait_until(lambda: bench.calls == ["begin"])
    engine = await bench.restart({"slow": slow})
    assert bench.calls == ["begin", "end"]
    await engine.wait_idle(10)
    assert bench.calls == ["begin", "end"]
    assert (await engine.status()).finished == 1


async def test_a_lane_that_waits_to_try_again_goes_on_after_a_restart(bench, wait_until):
    async def twice(ids):
        bench.calls.append("try")
        return Again(0.6) if len(bench.calls) == 1 else Finished("ok")

    engine = await bench.launch({"twice": twice})
    await engine.submit(Job("twice", "t:1", lane="chat", seq=1))
    await engine.submit(Job("note", "n:1", ("next",), lane="chat", seq=2))
    await wait_until(lambda: bench.calls == ["try"])
    await asyncio.sleep(0.1)
    engine = await bench.restart({"twice": twice})
    await engine.wait_idle(15)
    assert bench.calls == ["try", "try", "next"]


async def test_an_engine_closes_while_somebody_still_asks_it_things(sqlite_bench):
    engine = await sqlite_bench.launch()

    async def asks() -> None:
        while True:
            with contextlib.suppress(Exception):
                await DBOS.list_workflows_async(status="ERROR")
            await asyncio.sleep(0)

    asking = asyncio.create_task(asks())
    try:
        await engine.close()
    finally:
        asking.cancel()
    assert await asyncio.to_thread(lambda: "a thread") == "a thread"


async def test_closing_twice_is_harmless_and_threads_still_work_after_it(sqlite_bench):
    bench = sqlite_bench
    engine = await bench.launch()
    await engine.close()
    await engine.close()
    assert await asyncio.to_thread(lambda: 42) == 42
    with pytest.raises(RuntimeError, match="not launched"):
        await engine.submit(Job("note", "n:1"))


async def test_one_process_launches_one_engine(sqlite_bench):
    bench = sqlite_bench
    await bench.launch()
    with pytest.raises(RuntimeError, match="already launched"):
        await Engine(bench.url).launch()


async def test_handlers_are_registered_once_and_before_the_launch(sqlite_bench):
    bench = sqlite_bench
    engine = await bench.launch()
    with pytest.raises(RuntimeError, match="before launch"):
        engine.register("late", bench.note)
    other = Engine(bench.url)
    other.register("note", bench.note)
    with pytest.raises(RuntimeError, match="once per kind"):
        other.register("note", bench.note)


async def test_starting_and_working_prints_nothing(sqlite_bench, capfd):
    bench = sqlite_bench
    engine = await bench.launch()
    await engine.submit(Job("note", "n:1", ("a",)))
    await engine.wait_idle(10)
    await engine.close()
    printed = capfd.readouterr()
    assert printed.out + printed.err == ""
