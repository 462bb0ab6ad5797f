"""A job carries identifiers; anything that could be somebody's words is refused."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.work.envelope import decode, encode, instant, key_of, next_turn, pack, workflow_id
from bot.work.jobs import Again, Finished, Job

identifiers = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=60)
instants = st.datetimes(
    datetime(2, 1, 1),
    datetime(9998, 12, 31),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=2))]),
)
jobs = st.builds(
    Job,
    kind=identifiers,
    key=identifiers,
    ids=st.lists(identifiers | st.just(""), max_size=4).map(tuple),
    at=st.none() | instants,
    lane=st.none() | identifiers,
    seq=st.none() | st.integers(0, 2**31 - 2),
)


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "een zin",
        "a\nb",
        "a\x00b",
        "a\ud800",
        "x" * 401,
        "a\u00a0b",
        "a\u2028b",
        None,
        7,
        b"x",
    ],
)
@pytest.mark.parametrize("field", ["kind", "key", "lane", "ids"])
def test_what_could_be_text_is_refused_without_repeating_it(field, value):
    fields = {"kind": "k", "key": "key"} | {field: (value,) if field == "ids" else value}
    if (field, value) in {("lane", None), ("ids", "")}:
        Job(**fields)
        return
    with pytest.raises(ValueError, match=field) as caught:
        Job(**fields)
    assert "een zin" not in str(caught.value)


@pytest.mark.parametrize("seq", [-1, 2**31 - 1])
def test_a_seq_no_database_can_order_by_is_refused(seq):
    with pytest.raises(ValueError, match="seq"):
        Job("k", "key", lane="l", seq=seq)


def test_an_instant_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        Job("k", "key", at=datetime(2026, 1, 1))


def test_ids_must_be_a_short_tuple():
    with pytest.raises(ValueError, match="ids"):
        Job("k", "key", ids="abc")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="ids"):
        Job("k", "key", ids=("x",) * 33)


@given(jobs)
def test_a_job_survives_storage_and_keeps_its_instant(job):
    task = json.loads(json.dumps(pack(job)))
    assert (task["kind"], task["key"], tuple(task["ids"])) == (job.kind, job.key, job.ids)
    assert (task["lane"], task["seq"]) == (job.lane, job.seq)
    assert instant(task) == job.at
    assert workflow_id(task) == job.key


@settings(max_examples=40, deadline=None)
@given(jobs, jobs, st.integers(1, 4))
def test_a_later_turn_belongs_to_its_own_key_only(job, other, turns):
    task = pack(job)
    for _ in range(turns):
        task = next_turn(task, failures=0)
    assert key_of(workflow_id(task)) == job.key
    assert workflow_id(task) != other.key
    assert instant(task) is None


@given(st.lists(jobs, max_size=3), identifiers)
def test_an_answer_survives_storage(follow_ups, label):
    stored = json.loads(json.dumps(encode(Finished(label, tuple(follow_ups)))))
    assert decode(stored) == (Finished(label), tuple(pack(job) for job in follow_ups))
    assert decode(json.loads(json.dumps(encode(Again(2))))) == (Again(2.0), ())


@pytest.mark.parametrize("year", [1, 9999])
def test_a_moment_that_utc_cannot_tell_is_refused(year: int) -> None:
    with pytest.raises(ValueError, match="'at'"):
        Job("kind", "key", at=datetime(year, 6, 1, tzinfo=UTC))
