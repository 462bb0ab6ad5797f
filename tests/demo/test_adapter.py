"""The demo adapter hands on what happens and carries out what it is asked, once."""

import asyncio
import contextlib
from datetime import UTC, datetime

import pytest

from bot.adapters.base import (
    Button,
    File,
    LockGroup,
    Post,
    RemoveMessage,
    ShowPrivately,
    Snooze,
    UnlockGroup,
)
from bot.adapters.demo.adapter import DemoAdapter
from bot.adapters.demo.room import Room
from bot.adapters.demo.values import PLATFORM, TEAM, Kind, RoomFile, Standing, private_chat
from bot.core.events import (
    Account,
    Attachment,
    AttachmentKind,
    BotAdded,
    ButtonPressed,
    ChatRef,
    CommandGiven,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Pass,
    Place,
    Refuse,
)
from bot.errors import DeliveryError

GROUP = ChatRef(PLATFORM, TEAM)
ANNA = Account(PLATFORM, "anna")
NOW = datetime(2026, 11, 24, 9, 15, tzinfo=UTC)


class Heard:
    """Remembers every event; answers what the test says."""

    def __init__(self) -> None:
        self.events = []
        self.receipt = Pass()
        self.fails = 0

    async def __call__(self, event):
        self.events.append(event)
        if self.fails:
            self.fails -= 1
            raise RuntimeError("the database is away")
        return self.receipt

    @property
    def last(self):
        return self.events[-1]


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def room() -> Room:
    return Room(lambda: NOW)


@pytest.fixture
async def adapter(room, heard):
    adapter = DemoAdapter(room, heard)
    await adapter.connect()
    receiving = asyncio.create_task(adapter.receive())
    await settled()
    yield adapter
    receiving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await receiving
    await adapter.close()


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_it_says_first_that_it_was_added_and_by_whom(adapter, heard):
    (added,) = heard.events
    assert isinstance(added, BotAdded)
    assert (added.place, added.by, added.admins) == (Place.TEAM, ANNA, (ANNA,))
    assert added.by.name == "Anna"


async def test_a_message_comes_with_its_quote_and_files(adapter, room, heard):
    first = room.say("bert", TEAM, "Hoe gaat het met groep 6?")
    room.say("anna", TEAM, "Goed", [RoomFile("a.png", "image/png", b"123")], reply_to=first.id)
    await settled()
    event = heard.last
    assert isinstance(event, MessagePosted)
    assert (event.text, event.quoted) == ("Goed", "Hoe gaat het met groep 6?")
    assert (event.place, event.delivered, event.sent_at) == (Place.TEAM, True, NOW)
    (photo,) = event.attachments
    assert (photo.kind, photo.size) == (AttachmentKind.PHOTO, 3)
    assert await adapter.fetch(photo) == b"123"


async def test_edits_and_deletions_are_handed_on(adapter, room, heard):
    line = room.say("anna", TEAM, "een")
    room.edit("anna", line.id, "twee")
    room.delete("anna", line.id)
    await settled()
    edited, deleted = heard.events[-2:]
    assert isinstance(edited, MessageEdited)
    assert (edited.posted.text, edited.posted.revision) == ("twee", 1)
    assert deleted == MessageDeleted(GROUP, line.id, NOW)


async def test_a_private_message_is_private_and_a_slash_makes_it_a_command(adapter, room, heard):
    room.say("anna", private_chat("anna"), "Mag dit?")
    room.say("anna", private_chat("anna"), "/Stilte van 17:00")
    await settled()
    asked, command = heard.events[-2:]
    assert (asked.place, asked.chat.chat) == (Place.PRIVATE, "private:anna")
    assert isinstance(command, CommandGiven)
    assert (command.command, command.argument) == ("stilte", "van 17:00")


async def test_a_slash_in_the_group_stays_a_message_so_that_it_is_checked(adapter, room, heard):
    room.say("anna", TEAM, "/help Sem is gemeld")
    await settled()
    assert isinstance(heard.last, MessagePosted)


async def test_a_pressed_button_comes_with_its_token(adapter, room, heard):
    show = ShowPrivately(ANNA, "kies", ((Button("Ja", "t1"),),), GROUP)
    await adapter.act(show, "k1")
    room.press("anna", "t1")
    await settled()
    assert heard.last == ButtonPressed(ChatRef(PLATFORM, "private:anna"), ANNA, "t1", NOW)


async def test_in_a_locked_group_it_is_asked_before_anybody_sees_a_message(adapter, room, heard):
    await adapter.act(LockGroup(GROUP, "rust"), "lock")
    heard.receipt = Refuse("Bewaard tot 07:30")
    line = room.say("celine", TEAM, "Tot morgen")
    await settled()
    assert heard.last.delivered is False
    kept = room.line(line.id)
    assert (kept.standing, kept.note) == (Standing.HELD, "Bewaard tot 07:30")
    heard.receipt = Pass()
    passed = room.say("celine", TEAM, "Lek in lokaal 3")
    await settled()
    assert room.line(passed.id).standing is Standing.SEEN
    await adapter.act(UnlockGroup(GROUP), "unlock")
    assert room.locked is False


async def test_an_event_that_could_not_be_taken_in_is_handed_on_again(room, heard):
    adapter = DemoAdapter(room, heard)
    room.invite("anna")
    heard.fails = 1
    with pytest.raises(RuntimeError):
        await adapter.receive()
    receiving = asyncio.create_task(adapter.receive())
    await settled()
    receiving.cancel()
    assert [type(event) for event in heard.events] == [BotAdded, BotAdded]


async def test_the_same_key_is_done_once(adapter, room):
    first = await adapter.act(Post(GROUP, "verwijzing"), "k")
    again = await adapter.act(Post(GROUP, "verwijzing"), "k")
    assert first == again
    assert [line.text for line in room.lines(TEAM) if line.kind is Kind.BOT] == ["verwijzing"]


async def test_a_refused_action_may_be_tried_again_under_its_key(adapter, room):
    with pytest.raises(DeliveryError):
        await adapter.act(Post(ChatRef(PLATFORM, "elsewhere"), "x"), "k")
    done = await adapter.act(Post(GROUP, "x"), "k")
    assert room.line(done.message) is not None


async def test_it_posts_in_an_authors_name_with_files(adapter, room):
    file = File("b.pdf", "application/pdf", b"%PDF")
    done = await adapter.act(Post(GROUP, "hoi", ANNA, (file,)), "k")
    line = room.line(done.message)
    assert (line.author, line.via_bot, line.files[0].content) == ("anna", True, b"%PDF")


async def test_removing_what_is_gone_counts_as_done(adapter, room):
    line = room.say("anna", TEAM, "weg")
    for key in ("a", "b"):
        await adapter.act(RemoveMessage(GROUP, line.id), key)
    assert room.line(line.id) is None


@pytest.mark.parametrize(
    "action",
    [
        Snooze(ANNA, NOW),
        Post(ChatRef("telegram", TEAM), "x"),
        RemoveMessage(ChatRef(PLATFORM, "nowhere"), "1"),
        LockGroup(ChatRef(PLATFORM, "private:anna")),
        ShowPrivately(Account("slack", "anna"), "x"),
        ShowPrivately(Account(PLATFORM, "mallory"), "x"),
        ShowPrivately(ANNA, "x", near=ChatRef(PLATFORM, "private:anna")),
    ],
    ids=lambda action: type(action).__name__,
)
async def test_what_the_room_has_no_right_to_is_refused_for_good(adapter, action):
    with pytest.raises(DeliveryError) as caught:
        await adapter.act(action, "k")
    assert caught.value.permanent


@pytest.mark.parametrize("ref", ["", "x", "x/0", "/", "x/-1", "x/٣", "x/999999999999"])
async def test_a_file_that_is_not_there_is_said_so(adapter, ref):
    with pytest.raises(DeliveryError):
        await adapter.fetch(Attachment(AttachmentKind.PHOTO, ref))


async def test_it_counts_people_and_not_itself(adapter):
    assert await adapter.member_count(GROUP) == 3
    assert await adapter.member_count(ChatRef(PLATFORM, "private:anna")) == 1
    assert await adapter.member_count(ChatRef(PLATFORM, "nowhere")) is None


async def test_who_is_in_a_chat_is_told_of_chats_it_knows(adapter):
    anna, bert, stranger = (Account(PLATFORM, user) for user in ("anna", "bert", "piet"))
    of_anna, nowhere = ChatRef(PLATFORM, "private:anna"), ChatRef(PLATFORM, "nowhere")
    assert [await adapter.is_member(GROUP, who) for who in (anna, stranger)] == [True, False]
    assert [await adapter.is_member(of_anna, who) for who in (anna, bert)] == [True, False]
    assert await adapter.is_member(nowhere, anna) is None
