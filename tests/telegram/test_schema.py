"""The checker of the fake finds what breaks the published description of the Bot API."""

import pytest

from tests.telegram import schema

CHAT = {"id": -1001, "type": "supergroup"}
WHOLE = {"message_id": 1, "date": 1_795_000_000, "chat": CHAT}


def test_what_keeps_to_the_description_passes() -> None:
    asked = {
        "chat_id": -1001,
        "text": "hoi",
        "ephemeral_message_parameters": {"receiver_user_id": 5},
    }
    assert schema.fields(asked, schema.METHODS["sendMessage"]["fields"], "call") == []
    assert schema.faults(WHOLE, ["Message"], "answer") == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"chat_id": -1001}, "call.text: missing"),
        ({"chat_id": [], "text": "x"}, "call.chat_id: not"),
        ({"chat_id": -1, "text": "x", "texts": "x"}, "call.texts: unknown"),
        ({"chat_id": -1, "text": 5}, "call.text: not String"),
        ({"chat_id": -1, "text": "x", "disable_notification": 1}, "not Boolean"),
        (
            {"chat_id": -1, "text": "x", "ephemeral_message_parameters": {}},
            "receiver_user_id: miss",
        ),
        ({"chat_id": -1, "text": "x", "reply_parameters": {"message_id": "7"}}, "not Integer"),
        ({"chat_id": -1, "text": "x", "entities": [{"type": "bold", "length": 1}]}, "offset"),
    ],
)
def test_a_call_that_breaks_it_is_told(given: dict[str, object], told: str) -> None:
    found = schema.fields(given, schema.METHODS["sendMessage"]["fields"], "call")
    assert len(found) == 1
    assert told in found[0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"date": "gisteren"}, "not Integer"),
        ({"chat": {"id": 1}}, "type: missing"),
        ({"forward_origin": {"type": "user", "date": 1}}, "missing"),
        ({"venue": {"title": "x", "address": "y", "location": {"latitude": 1.0}}}, "longitude"),
        ({"poll": {"question": "x"}}, "missing"),
        ({"nieuw": 1}, "nieuw: unknown"),
    ],
)
def test_an_answer_or_update_that_breaks_it_is_told(change: dict[str, object], told: str) -> None:
    found = schema.faults(WHOLE | change, ["Message"], "answer")
    assert any(told in fault for fault in found)


def test_every_type_that_can_be_reached_is_described() -> None:
    shapes = [method["fields"] for method in schema.METHODS.values()] + [*schema.TYPES.values()]
    named = {
        name.replace("Array of ", "")
        for shape in shapes
        for _, types in shape.values()
        for name in types
    }
    known = {*schema.TYPES, *schema.KINDS, *schema.PLAIN, "InputFile"}
    assert named <= known
