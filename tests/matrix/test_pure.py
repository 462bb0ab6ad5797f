"""What needs no server: reading events of any shape, power levels, what is asked of a room."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.base import Button
from bot.adapters.matrix.content import Locked, attachments, media_of, quoted, read_ref, ref_for
from bot.adapters.matrix.content import text_of as text_in
from bot.adapters.matrix.locks import closed, reclosed, reopened
from bot.adapters.matrix.marks import with_legend
from bot.adapters.matrix.room import INFINITE, Room
from bot.adapters.matrix.rooms import Rooms
from bot.adapters.matrix.sending import LONGEST, pieces
from bot.adapters.matrix.translate import Where, command, edited, posted, reaction, redacted
from bot.adapters.matrix.values import chat
from bot.adapters.wording import said_aloud
from bot.core.events import Place
from tests.listening import State

GROUP, PRIVATE = Where(chat("!a:x"), False), Where(chat("!b:x"), True)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner,
                                                                max_size=4),
    max_leaves=12,
)  # fmt: skip
NAMES = st.sampled_from(
    ["body", "msgtype", "m.relates_to", "m.new_content", "url", "file", "info", "format",
     "formatted_body", "rel_type", "event_id", "key", "m.in_reply_to", "filename", "hashes",
     "membership", "m.poll", "question", "answers", "m.text"]
)  # fmt: skip
CONTENT = st.dictionaries(
    NAMES, ANYTHING | st.dictionaries(NAMES, ANYTHING, max_size=5), max_size=8
)
KINDS = st.sampled_from(
    ["m.room.message", "m.reaction", "m.sticker", "m.poll.start", "m.room.redaction",
     "m.room.member", "m.room.create", "m.room.power_levels", "m.bridge", "m.room.tombstone"]
)  # fmt: skip


@given(KINDS, CONTENT, ANYTHING, ANYTHING)
def test_no_event_of_any_shape_breaks_the_reading(
    kind: str, content: dict, when: object, who: object
) -> None:
    event = {"type": kind, "content": content, "origin_server_ts": when, "sender": who,
             "event_id": "$1", "state_key": who, "unsigned": content}  # fmt: skip
    for read in (posted(event, GROUP), edited(event, GROUP, 3)):
        assert read is None or (read.sent_at.tzinfo is not None and "\x00" not in read.text)
    reaction(event), redacted(event), command(event, PRIVATE), list(media_of(content))
    room = Room("!a:x")
    room.apply(event)
    room.power("@a:x"), room.needed("redact"), list(room.admins("@b:x"))


def message(body: str, **more: object) -> dict:
    return {"msgtype": "m.text", "body": body, **more}


def test_what_stands_in_the_formatted_body_alone_is_read_as_well() -> None:
    content = message("hoi", format="org.matrix.custom.html", formatted_body="hoi <b>Sem</b> ADHD")
    assert "Sem" in text_in("m.room.message", content)
    same = message("hoi Sem", format="org.matrix.custom.html", formatted_body="<p>hoi <i>Sem</i>")
    assert text_in("m.room.message", same) == "hoi Sem"


REPLY = {"m.relates_to": {"m.in_reply_to": {"event_id": "$1"}}}
RICH = {"format": "org.matrix.custom.html"}


@pytest.mark.parametrize(
    ("rich", "said", "repeats"),
    [
        ("<mx-reply>\n<b>geheim</b></mx-reply>ja", "ja", "geheim"),
        ("een<MX-REPLY>a</MX-REPLY>twee<mx-reply>b</mx-reply>", "een twee", "a   b"),
        ("ja</mx-reply><mx-reply>meer", "ja  meer", ""),
    ],
)
def test_a_quote_in_the_formatted_body_is_kept_apart(rich: str, said: str, repeats: str) -> None:
    content = message("", **REPLY, **RICH, formatted_body=rich)
    assert (text_in("m.room.message", content), quoted(content)) == (said, repeats)


@pytest.mark.parametrize("end", ["", "</mx-reply>"])
def test_quotes_that_are_opened_again_and_again_hold_nothing_up(end: str) -> None:
    """Looked through from every opening to the end, this text would take days."""
    content = message("hoi", **REPLY, **RICH, formatted_body="<mx-reply>" * 200_000 + end)
    assert (text_in("m.room.message", content), quoted(content)) == ("hoi", "")


def test_a_line_that_begins_with_a_sign_is_no_quote_without_a_reply() -> None:
    assert text_in("m.room.message", message("> geheim\nja")) == "> geheim\nja"
    reply = {"m.relates_to": {"m.in_reply_to": {"event_id": "$1"}}}
    assert text_in("m.room.message", message("> <@a:x> geheim\n\nja", **reply)) == "ja"
    assert quoted(message("> <@a:x> geheim\n> meer\n\nja", **reply)) == "geheim\nmeer"


def test_a_poll_is_read_with_its_answers() -> None:
    poll = {"org.matrix.msc3381.poll.start": {
        "question": {"org.matrix.msc1767.text": "Wie neemt Sem?"},
        "answers": [{"id": "1", "org.matrix.msc1767.text": "Anna"}],
    }}  # fmt: skip
    assert text_in("org.matrix.msc3381.poll.start", poll) == "Wie neemt Sem?\nAnna"


@given(st.text(), st.text(), st.text())
def test_the_key_of_a_file_survives_being_stored(key: str, iv: str, sha256: str) -> None:
    locked = Locked(key, iv, sha256)
    assert read_ref(ref_for("mxc://x/y", locked)) == ("mxc://x/y", locked)


def test_only_an_upload_is_an_attachment() -> None:
    for url in ("http://evil/x", "", 7, None):
        assert attachments("m.room.message", {"msgtype": "m.file", "body": "a", "url": url}) == ()


@pytest.mark.parametrize(
    ("text", "where", "expected"),
    [
        ("!help", GROUP, ("help", "")),
        ("!magditdelen Sem heeft ADHD", GROUP, ("magditdelen", "Sem heeft ADHD")),
        ("!onbekend", GROUP, None),
        ("!onbekend", PRIVATE, ("onbekend", "")),
        ("! let op", PRIVATE, None),
        ("goed!help", PRIVATE, None),
    ],
)
def test_a_command_begins_with_an_exclamation_mark(
    text: str, where: Where, expected: tuple[str, str] | None
) -> None:
    event = {"type": "m.room.message", "sender": "@a:x", "content": message(text)}
    found = command(event, where)
    assert (None if found is None else (found.command, found.argument)) == expected
    if found is not None:
        assert found.place is (Place.PRIVATE if where.private else Place.OTHER)


LEVELS = st.dictionaries(
    st.sampled_from(["users_default", "events_default", "redact", "ban", "anders"]),
    st.integers(0, 100),
).flatmap(
    lambda plain: st.dictionaries(
        st.sampled_from(["m.room.message", "m.reaction", "m.room.name"]), st.integers(0, 100)
    ).map(lambda events: {**plain, "events": events} if events else plain)
)


@given(LEVELS, st.integers(1, 100))
def test_closing_and_opening_gives_back_exactly_what_stood_there(before: dict, level: int) -> None:
    after = closed(before, level)
    assert after["events_default"] >= level
    assert all(needed >= level for kind, needed in after.get("events", {}).items()
               if kind != "m.room.name")  # fmt: skip
    assert reopened(json.loads(json.dumps(after)), before, after) == before


@given(LEVELS, st.integers(1, 100), st.integers(0, 100))
def test_what_somebody_changed_meanwhile_stays(before: dict, level: int, other: int) -> None:
    after = closed(before, level)
    changed = {**after, "ban": other, "users": {"@a:x": other}}
    assert reopened(changed, before, after) == {
        **before, "ban": other, "users": {"@a:x": other}
    }  # fmt: skip


def test_what_closing_a_second_time_finds_changed_stays_changed() -> None:
    before = {"users": {"@a:x": 50}, "events": {"m.reaction": 0}, "events_default": 0}
    after = closed(before, 50)
    demoted = {**after, "users": {}, "events": {**after["events"], "m.room.name": 100}}
    assert reclosed(before, before, after) == after
    assert reclosed(demoted, before, after) == demoted
    opened = {**demoted, "events_default": 0, "events": {"m.reaction": 0, "m.room.name": 100}}
    assert reclosed(opened, before, after) == demoted


def test_lines_a_writer_quotes_by_hand_in_a_reply_are_the_writers_own() -> None:
    """Clients of today repeat nothing of what they reply to."""
    reply = {"m.relates_to": {"m.in_reply_to": {"event_id": "$1"}}}
    own = message("> Sem heeft ADHD\n\nis dat zo?", **reply)
    assert text_in("m.room.message", own) == "> Sem heeft ADHD\n\nis dat zo?"
    assert quoted(own) == ""
    emote = message("> * <@a:x> zwaait\n\nhoi", **reply)
    assert (text_in("m.room.message", emote), quoted(emote)) == ("hoi", "zwaait")


def test_from_version_12_a_creator_stands_above_all_levels() -> None:
    for version, power in (("11", 0), ("12", INFINITE)):
        room = Room("!a:x")
        created = {"room_version": version, "additional_creators": ["@b:x", 7]}
        room.apply({"type": "m.room.create", "state_key": "", "sender": "@a:x",
                    "content": created})  # fmt: skip
        room.apply({"type": "m.room.power_levels", "state_key": "",
                    "content": {"users": {"@c:x": 50}}})  # fmt: skip
        assert [room.power(u) for u in ("@a:x", "@b:x", "@c:x", "@d:x")] == [power, power, 50, 0]


@given(st.text(max_size=200).map(lambda part: part * 300))
def test_no_piece_is_too_long_for_an_event(text: str) -> None:
    assert all(0 < len(piece.encode()) <= LONGEST for piece in pieces(text))


def test_the_legend_shows_every_choice_and_every_number() -> None:
    rows = ((Button("Stuur naar team@", "t"), Button("Bel Els", url="tel:+31612345678")),
            (Button("Uitleg", url="https://school.nl/x"),))  # fmt: skip
    shown = with_legend("Psst", rows)
    assert "1️⃣  Stuur naar team@" in shown
    assert "Bel Els: +31612345678" in shown
    assert "Uitleg: https://school.nl/x" in shown
    assert with_legend("Psst", ()) == "Psst"


@pytest.mark.parametrize(
    ("typed", "aloud"),
    [
        ("!magditdelen 111222333", True),
        ("!dringend 0612345678", True),
        ("!stilte aan", False),
        ("!stilte Sem is ziek", True),
        ("!help", False),
    ],
)
def test_one_word_behind_a_question_is_said_to_the_group_as_well(typed: str, aloud: bool) -> None:
    event = {"type": "m.room.message", "content": {"msgtype": "m.text", "body": typed}}
    asked = command({**event, "sender": "@anna:x", "origin_server_ts": 0}, GROUP)
    assert asked is not None
    assert said_aloud(asked) is aloud


BOT, ANNA, MALLORY = "@fluister:x", "@anna:x", "@mallory:x"


def told(room: Room, kind: str, content: dict, key: str = "", sender: str = MALLORY) -> None:
    room.apply({"type": kind, "state_key": key, "sender": sender, "content": content})


def room_of(rooms: Rooms, maker: str, *joined: str, **created: object) -> Room:
    """A room for Anna as its state events tell of it, the bot and `joined` in it."""
    room = rooms.known(f"!{maker}")
    told(room, "m.room.create", {"nl.fluister.private": ANNA, **created}, sender=maker)
    for user in (BOT, *joined):
        told(room, "m.room.member", {"membership": "join"}, user)
    told(room, "m.room.member", {"membership": "invite"}, ANNA)
    return room


@pytest.mark.parametrize("version", ["11", "12"])
def test_only_who_made_a_room_says_whose_private_room_it_is(version: str) -> None:
    rooms = Rooms(State(), BOT)
    forged = room_of(rooms, MALLORY, room_version=version, additional_creators=[BOT])
    assert (rooms.private_with(ANNA), rooms.was_private(forged)) == (None, False)
    own = room_of(rooms, BOT, room_version=version)
    assert rooms.private_with(ANNA) is own


async def test_who_is_called_a_bridge_is_somebody_in_a_private_room() -> None:
    rooms = Rooms(State(), BOT)
    room = room_of(rooms, BOT, MALLORY)
    told(room, "m.bridge", {"bridgebot": MALLORY}, "x")
    await rooms.talks(ANNA, room.id)
    assert rooms.private_with(ANNA) is None
    told(room, "m.room.member", {"membership": "leave"}, MALLORY)
    assert rooms.private_with(ANNA) is room
