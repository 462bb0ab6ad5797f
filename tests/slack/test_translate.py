"""Whatever shape a payload has, reading it gives an event or nothing, never an error."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.base import Button
from bot.adapters.slack.blocks import blocks, escaped, pieces
from bot.adapters.slack.reading import clean, plain
from bot.adapters.slack.translate import (
    Names,
    Self,
    button_event,
    command_event,
    message_event,
    people_in,
)
from tests.slack.slack_rules import bad_blocks

ME = Self("U0ME", "B0ME", "T0")
NOW = datetime(2026, 11, 24, tzinfo=UTC)
NAMES = Names({"U1": "Anna"})

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=30)
FIELDS = """
type subtype channel channel_type user text ts thread_ts message previous_message files edited
attachments deleted_ts bot_id id value actions container is_share
"""
fields = st.sampled_from(FIELDS.split())
stamps = st.sampled_from(["1763700000.000100", "1763700001.000001", "99999999999.1", "0", ""])
trees = st.recursive(
    scalars | stamps,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(fields, inner, max_size=6),
    max_leaves=25,
)
payloads = st.dictionaries(fields, trees, max_size=10)


@settings(max_examples=300, deadline=None)
@given(payloads)
def test_any_payload_is_read_without_an_error(payload):
    for subtype in ("", "message_changed", "message_deleted"):
        event = {"channel": "C1", "user": "U1", "ts": "1763700000.000100", **payload}
        if subtype:
            event["subtype"] = subtype
        people_in(event)
        message_event(event, ME, NAMES)
    button_event(payload, NAMES, NOW)
    command_event({"user_id": "U1", "channel_id": "C1", **payload}, NAMES, NOW)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_words_that_slack_escaped_come_back_as_they_were_written(words):
    assert plain(escaped(clean(words)), lambda _: "") == clean(words)


@settings(max_examples=100, deadline=None)
@given(
    st.text(min_size=1, max_size=9000),
    st.lists(st.lists(st.text(max_size=120), max_size=7), max_size=30),
)
def test_blocks_always_keep_to_slacks_limits(words, labels):
    rows = [[Button(label, "token") for label in row] for row in labels]
    assert bad_blocks(blocks(words, rows)) is None


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=500), st.integers(min_value=5, max_value=60))
def test_cutting_a_text_loses_no_letter(words, longest):
    cut = list(pieces(words, longest))
    assert all(0 < len(piece) <= longest for piece in cut)
    together = "".join("".join(cut).replace("…", "").split())
    assert together == "".join(words.replace("…", "").split())


def test_a_made_up_time_or_a_giant_number_is_no_message():
    for ts in ("nu", "1e9", "99999999999999999999.1", "-1.0", "1763700000.1234567"):
        event = {"channel": "C1", "user": "U1", "text": "x", "ts": ts}
        assert message_event(event, ME, NAMES) is None
