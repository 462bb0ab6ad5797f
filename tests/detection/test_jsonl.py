"""One line of JSON in, one answer out."""

import json

import pytest

from bot.detection.jsonl import Conversations, detect_line


def test_a_line_is_answered_with_types_of_the_labelling_norm(detector):
    line = {"id": "a1", "text": "bsn 123456782", "chat": "team", "attachment": None}
    answer = detect_line(detector, line, Conversations())
    assert answer["id"] == "a1"
    assert answer["flag"] is True
    assert 0 <= answer["score"] <= 1
    assert answer["categories"] == ["identifier"]
    assert answer["spans"] == [{"start": 4, "end": 13, "type": "BSN"}]
    json.dumps(answer)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ([], None),
        ("geheim", None),
        ({"text": "geheim"}, None),
        ({"id": True, "text": "geheim"}, None),
        ({"id": "x"}, "x"),
        ({"id": "x", "text": 12}, "x"),
        ({"id": "x", "text": "geheim", "attachment": "geheim"}, "x"),
        ({"id": "x", "text": "geheim", "attachment": ["photo"]}, "x"),
        ({"id": "x", "text": "geheim", "conversation": {}}, "x"),
    ],
)
def test_a_broken_line_is_answered_with_an_error_that_holds_no_text(detector, line, name):
    answer = detect_line(detector, line, Conversations())
    assert set(answer) == {"id", "error"}
    assert answer["id"] == name
    assert "geheim" not in answer["error"]


def test_lines_of_one_conversation_are_each_others_context_and_others_are_not(detector):
    said = Conversations()
    told = "Lotte uit groep 5 huilt elke ochtend bij de deur"
    first = {"id": 1, "text": told, "conversation": "c"}
    detect_line(detector, first, said)
    reply = {"id": 2, "text": "haar broertje ook", "conversation": "c"}
    assert detect_line(detector, reply, said)["flag"] is True
    assert detect_line(detector, {**reply, "conversation": "d"}, said)["flag"] is False


def test_only_the_latest_conversations_and_messages_are_kept():
    said = Conversations()
    for number in range(1500):
        said.add(str(number), "hoi")
    assert said.before("0") == ()
    for number in range(9):
        said.add("x", str(number))
    assert said.before("x") == ("5", "6", "7", "8")
