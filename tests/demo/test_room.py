"""The demo room is a platform: people write, a bot with rights acts, nobody does more."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.base import Button
from bot.adapters.demo.room import Room
from bot.adapters.demo.values import (
    MAX_FILE,
    MAX_FILES,
    MAX_TEXT,
    TEAM,
    ChangeKind,
    Kind,
    RoomFile,
    Standing,
    private_chat,
)
from bot.errors import DeliveryError, SettingError

TUESDAY = datetime(2026, 11, 24, 9, 15, tzinfo=UTC)


class Time:
    def __init__(self) -> None:
        self.at = TUESDAY

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def room(time: Time) -> Room:
    room = Room(time, prefix="r")
    room.invite("anna")
    return room


def words(room: Room, chat: str, who: str | None = None) -> list[str]:
    return [line.text for line in room.lines(chat, who) if line.kind is not Kind.JOINED]


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(SettingError) as caught:
        call(*args, **kwargs)
    return caught.value.key


def test_what_somebody_writes_is_seen_by_everybody(room):
    room.say("bert", TEAM, "Wie heeft de sleutel?")
    for who in ("anna", "bert", "celine", None):
        assert words(room, TEAM, who) == ["Wie heeft de sleutel?"]


def test_in_a_locked_group_only_the_author_sees_a_line_until_it_is_let_through(room):
    room.lock("rust")
    line = room.say("celine", TEAM, "Tot morgen")
    assert words(room, TEAM, "celine") == ["Tot morgen"]
    assert words(room, TEAM, "anna") == words(room, TEAM) == []
    room.let_through(line.id)
    assert words(room, TEAM, "anna") == ["Tot morgen"]


def test_a_refused_line_stays_with_its_author_and_says_why(room):
    room.lock()
    line = room.say("celine", TEAM, "Tot morgen")
    room.refuse(line.id, "Bewaard tot 07:30")
    (held,) = [line for line in room.lines(TEAM, "celine") if line.kind is Kind.SAID]
    assert (held.standing, held.note) == (Standing.HELD, "Bewaard tot 07:30")
    assert words(room, TEAM, "bert") == []


def test_a_line_everybody_saw_cannot_be_refused_afterwards(room):
    line = room.say("anna", TEAM, "Hoi")
    room.refuse(line.id, "te laat")
    assert words(room, TEAM, "bert") == ["Hoi"]


def test_what_is_delivered_in_somebodys_name_replaces_what_was_held(room):
    room.lock()
    line = room.say("celine", TEAM, "Tot morgen")
    room.refuse(line.id, "later")
    room.unlock()
    room.post(TEAM, "Tot morgen", author="celine")
    (only,) = [line for line in room.lines(TEAM, "celine") if line.kind is Kind.SAID]
    assert only.via_bot
    assert only.author == "celine"


def test_what_was_held_is_gone_from_its_authors_phone_once_the_group_is_open_again(room):
    room.lock()
    line = room.say("celine", TEAM, "Tot morgen")
    room.refuse(line.id, "later")
    room.unlock()
    room.post(TEAM, "Goedemorgen! Celine schreef: Tot morgen")
    assert words(room, TEAM, "celine") == ["Goedemorgen! Celine schreef: Tot morgen"]


def test_the_bot_can_take_a_held_line_from_its_author(room):
    room.lock()
    line = room.say("celine", TEAM, "Tot morgen")
    room.refuse(line.id, "later")
    room.remove(TEAM, line.id)
    assert words(room, TEAM, "celine") == []


def test_removing_leaves_nothing_and_removing_again_is_fine(room):
    line = room.say("anna", TEAM, "weg ermee")
    room.remove(TEAM, line.id)
    room.remove(TEAM, line.id)
    room.remove(TEAM, "never was")
    assert words(room, TEAM, "anna") == []


def test_a_line_of_another_chat_is_not_removed(room):
    line = room.say("anna", private_chat("anna"), "vraag")
    room.remove(TEAM, line.id)
    assert words(room, private_chat("anna"), "anna") == ["vraag"]


def test_a_line_of_more_than_a_year_old_cannot_be_removed(room, time):
    line = room.say("anna", TEAM, "oud")
    time.at += timedelta(days=366)
    with pytest.raises(DeliveryError, match="too old"):
        room.remove(TEAM, line.id)


def test_a_whisper_is_for_one_person_and_can_be_changed_in_place(room):
    shown = room.whisper("anna", "psst", ((Button("Ja", "t1"),),), near=True)
    again = room.whisper("anna", "klaar", replaces=shown)
    assert again == shown
    assert words(room, private_chat("anna"), "anna") == ["klaar"]
    assert words(room, private_chat("bert"), "bert") == words(room, TEAM, "bert") == []


def test_a_whisper_replacing_one_that_is_gone_is_shown_anew(room):
    room.whisper("anna", "nieuw", replaces="r-99")
    assert words(room, private_chat("anna"), "anna") == ["nieuw"]


def test_somebody_elses_whisper_cannot_be_replaced(room):
    shown = room.whisper("anna", "psst")
    with pytest.raises(DeliveryError):
        room.whisper("bert", "psst", replaces=shown)


def test_a_button_works_for_the_one_it_was_shown_to_only(room):
    room.whisper("anna", "kies", ((Button("Ja", "t1"),),))
    room.press("anna", "t1")
    assert refusal(room.press, "bert", "t1") == "demo.errors.button"
    assert refusal(room.press, "anna", "") == "demo.errors.button"
    assert refusal(room.press, "anna", "t2") == "demo.errors.button"


def test_people_change_and_delete_their_own_lines_only(room):
    line = room.say("anna", TEAM, "fuot")
    assert room.edit("anna", line.id, "fout").revision == 1
    assert refusal(room.edit, "bert", line.id, "x") == "demo.errors.not_yours"
    assert refusal(room.delete, "bert", line.id) == "demo.errors.not_yours"
    room.delete("anna", line.id)
    assert words(room, TEAM) == []
    assert refusal(room.delete, "anna", line.id) == "demo.errors.gone"


def test_a_held_line_cannot_be_edited_but_can_be_taken_back(room):
    room.lock()
    line = room.say("anna", TEAM, "later")
    assert refusal(room.edit, "anna", line.id, "eerder") == "demo.errors.waiting"
    room.delete("anna", line.id)
    assert words(room, TEAM, "anna") == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("x" * (MAX_TEXT + 1), "too_long"),
        ("a\x00b", "unreadable"),
        ("half \ud83d", "unreadable"),
    ],
)
def test_words_that_cannot_be_kept_are_refused_with_a_reason(room, text, key):
    assert refusal(room.say, "anna", TEAM, text) == f"demo.errors.{key}"
    assert words(room, TEAM) == []


def test_files_have_limits_too(room):
    small = RoomFile("a.pdf", "application/pdf", b"x")
    big = RoomFile("b.pdf", "application/pdf", b"x" * (MAX_FILE + 1))
    odd = RoomFile("\ud83d.pdf", "application/pdf", b"x")
    assert refusal(room.say, "anna", TEAM, "", [big]) == "demo.errors.file_too_big"
    assert refusal(room.say, "anna", TEAM, "", [odd]) == "demo.errors.file_name"
    many = [small] * (MAX_FILES + 1)
    assert refusal(room.say, "anna", TEAM, "", many) == "demo.errors.too_many_files"
    assert room.say("anna", TEAM, "", [small]).files == (small,)


@pytest.mark.parametrize(
    ("who", "chat", "key"),
    [
        ("mallory", TEAM, "person"),
        ("", TEAM, "person"),
        ("anna", private_chat("bert"), "chat"),
        ("anna", "elsewhere", "chat"),
    ],
)
def test_strangers_and_other_peoples_chats_are_closed(room, who, chat, key):
    assert refusal(room.say, who, chat, "hoi") == f"demo.errors.{key}"


def test_a_reply_must_answer_something_its_author_can_see_in_that_chat(room):
    room.lock()
    hidden = room.say("celine", TEAM, "later")
    assert refusal(room.say, "anna", TEAM, "wat?", reply_to=hidden.id) == "demo.errors.gone"
    shown = room.whisper("anna", "psst")
    assert refusal(room.say, "anna", TEAM, "wat?", reply_to=shown) == "demo.errors.gone"
    assert refusal(room.say, "anna", TEAM, "wat?", reply_to="no") == "demo.errors.gone"


def test_a_bot_that_is_not_in_the_room_can_do_nothing(time):
    room = Room(time)
    line = room.say("anna", TEAM, "hoi")
    for act in (
        lambda: room.post(TEAM, "x"),
        lambda: room.remove(TEAM, line.id),
        lambda: room.whisper("anna", "x"),
        room.lock,
        room.unlock,
    ):
        with pytest.raises(DeliveryError, match="not in the room"):
            act()


def test_the_bot_cannot_reach_strangers(room):
    for act in (
        lambda: room.whisper("mallory", "x"),
        lambda: room.post("elsewhere", "x"),
        lambda: room.post(TEAM, "x", author="mallory"),
        lambda: room.post(private_chat("anna"), "x", author="anna"),
    ):
        with pytest.raises(DeliveryError):
            act()


async def test_the_bot_hears_nothing_of_before_it_came(time):
    room = Room(time)
    room.say("anna", TEAM, "geheim")
    room.invite("bert")
    assert (await room.hear()).by == "bert"


async def test_a_happening_is_heard_again_until_it_was_dealt_with(room):
    first = await room.hear()
    assert await room.hear() is first
    room.heard()
    room.say("anna", TEAM, "hoi")
    assert (await room.hear()).line.text == "hoi"


async def test_watchers_are_told_what_changed_in_order(room):
    watching = room.subscribe()
    told = asyncio.create_task(anext(watching))
    await asyncio.sleep(0)
    line = room.say("anna", TEAM, "hoi")
    change = await told
    assert (change.kind, change.line, change.who) == (ChangeKind.SAID, line.id, "anna")
    room.remove(TEAM, line.id)
    assert (await anext(watching)).kind is ChangeKind.REMOVED


async def test_a_watcher_that_does_not_keep_up_is_told_to_look_again(room):
    watching = room.subscribe()
    told = asyncio.create_task(anext(watching))
    await asyncio.sleep(0)
    for _ in range(70):
        room.post(TEAM, "x")
    assert (await told).kind is ChangeKind.MISSED


async def test_closing_ends_every_stream(room):
    watching = room.subscribe()
    told = asyncio.create_task(anext(watching, None))
    await asyncio.sleep(0)
    room.changes.close()
    assert await told is None


def test_too_much_unheard_is_refused_and_not_half_kept(room):
    for _ in range(499):
        room.say("anna", TEAM, "hoi")
    before = len(room.lines(TEAM))
    assert refusal(room.say, "anna", TEAM, "nog een") == "demo.errors.busy"
    assert len(room.lines(TEAM)) == before


@given(text=st.text(max_size=60), who=st.text(max_size=8), chat=st.text(max_size=12))
def test_whatever_is_written_is_kept_whole_or_refused(text, who, chat):
    room = Room(Time())
    room.invite("anna")
    for person, place in ((who, TEAM), ("anna", chat), ("anna", TEAM)):
        try:
            kept = room.say(person, place, text)
        except SettingError:
            continue
        assert kept.text == text
        assert kept in room.lines(kept.chat)


def test_no_repr_shows_what_somebody_wrote(room):
    file = RoomFile("geheim.pdf", "application/pdf", b"geheim")
    line = room.say("anna", TEAM, "geheim", [file])
    assert "geheim" not in repr(line)
    assert "geheim" not in repr(file)
