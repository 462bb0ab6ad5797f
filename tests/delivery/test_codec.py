"""Plans survive a restart: what is written is what is read."""

import json
from datetime import UTC, datetime

import pytest

from bot.core.decisions import (
    ButtonSpec,
    Choice,
    Digest,
    Hold,
    LockChat,
    Mail,
    Person,
    Reply,
    Rules,
    Whisper,
)
from bot.core.events import Account, ChatRef
from bot.delivery.codec import decode, encode

AT = datetime(2026, 11, 24, 9, 15, tzinfo=UTC)
CHAT = ChatRef("demo", "team")


@pytest.mark.parametrize(
    "decision",
    [
        Mail(Rules(("MAT-INT-3d",)), ("p1",), AT),
        Hold(Rules(()), AT),
        Digest(Person(), ("a", "b"), CHAT),
        LockChat(Person(), AT, CHAT),
        Reply("help.all", Person(), {"n": 3, "none": None}, to=Account("demo", "anna", "Anna")),
        Whisper(
            "whisper.act",
            Rules(("x",)),
            {"grace_ends": AT, "categories": ("health",), "text": "é\ud800 \x00"},
            ((ButtonSpec("button.back", Choice.BACK, "arg", label_values={"a": 1}),),),
            if_kept=Whisper("whisper.please_remove", Person()),
        ),
    ],
)
def test_a_decision_comes_back_as_it_was(decision: object) -> None:
    assert decode(encode(decision)) == decision  # type: ignore[arg-type]


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        decode(json.dumps({"_": "Popen", "f": {}}).encode())
