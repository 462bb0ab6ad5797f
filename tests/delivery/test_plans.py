"""A plan's key is an identifier, whatever a platform calls its chats and messages."""

from hypothesis import example, given
from hypothesis import strategies as st

from bot.delivery.plans import plan_key
from bot.work.jobs import is_id

PARTS = st.lists(st.text(st.characters(exclude_categories=[])), max_size=4)


@given(PARTS)
@example(["x" * 10_000, "a b", "\ud800", "\0"])
def test_every_key_is_an_identifier(parts: list[str]) -> None:
    assert is_id(f"step:{plan_key('case', *parts)}:17")


@given(PARTS, PARTS)
@example(["a:b", "c"], ["a", "b:c"])
@example(["a", ""], ["a"])
def test_two_keys_are_alike_only_when_all_their_parts_are(one: list[str], two: list[str]) -> None:
    assert (plan_key("case", *one) == plan_key("case", *two)) == (one == two)
