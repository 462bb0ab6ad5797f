"""What people do in Telegram arrives as our events: whole, in order, each once."""

import asyncio
import contextlib
import logging
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Chat, Message, Update, User

from bot.adapters.base import RemoveMessage
from bot.adapters.telegram.polling import readable
from bot.adapters.telegram.translate import EPHEMERAL, alone
from bot.core.events import (
    AttachmentKind,
    BotAdded,
    BotRemoved,
    ButtonPressed,
    CommandGiven,
    MembersChanged,
    MessageEdited,
    MessagePosted,
    Place,
    Refuse,
)
from bot.errors import DeliveryError
from tests.telegram.conftest import ANNA, BERT, RIGHTS, TEAM, World
from tests.telegram.fake_api import BOT, TOKEN, FakeApi, Group
from tests.telegram.schema import TYPES


async def test_a_group_message_arrives_with_who_where_and_what(world: World) -> None:
    async with world.running():
        sent = world.api.says(TEAM, ANNA, "Wie heeft de sleutel?")
        event = await world.heard(MessagePosted)
    assert (event.chat.chat, event.message) == (str(TEAM), str(sent["message_id"]))
    assert (event.sender.user, event.sender.name) == (str(ANNA), "Anna")
    assert (event.text, event.place) == ("Wie heeft de sleutel?", Place.OTHER)
    assert event.sent_at.timestamp() == sent["date"]


async def test_what_no_database_can_keep_is_left_out(world: World) -> None:
    async with world.running():
        world.api.says(TEAM, ANNA, "a\x00b\ud800c")
        assert (await world.heard(MessagePosted)).text == "ab?c"


async def test_a_private_message_is_private(world: World) -> None:
    async with world.running():
        world.api.says(ANNA, ANNA, "mag ik dit delen?")
        assert (await world.heard(MessagePosted)).place is Place.PRIVATE


async def test_a_quote_stands_apart_and_a_plain_reply_repeats_nothing(world: World) -> None:
    async with world.running():
        first = world.api.says(TEAM, ANNA, "Lars heeft koorts")
        quote = {"text": "heeft koorts", "position": 5}
        world.api.says(TEAM, BERT, "sterkte", reply_to_message=first, quote=quote)
        world.api.says(TEAM, BERT, "ok", reply_to_message=first)
        quoting, replying = (
            (await world.heard(MessagePosted, 2)),
            await world.heard(MessagePosted, 3),
        )
    assert (quoting.text, quoting.quoted) == ("sterkte", "heeft koorts")
    assert quoting.reply_to == replying.reply_to == str(first["message_id"])
    assert replying.quoted == ""


async def test_a_topic_is_a_conversation_and_its_beginning_no_reply(world: World) -> None:
    async with world.running():
        begin = world.api.says(
            TEAM, ANNA, forum_topic_created={"name": "groep 6", "icon_color": 7322096}
        )
        inside = {"message_thread_id": begin["message_id"], "is_topic_message": True}
        world.api.says(TEAM, ANNA, "hoi", reply_to_message=begin, **inside)
        event = await world.heard(MessagePosted)
    assert (event.conversation, event.reply_to) == (str(begin["message_id"]), None)


async def test_files_carry_caption_name_kind_and_can_be_fetched(world: World) -> None:
    api = world.api
    small, big = api.file(b"s"), api.file(b"the whole photo")
    photo = [small | {"width": 10, "height": 10}, big | {"width": 900, "height": 900}]
    async with world.running() as adapter:
        api.says(TEAM, ANNA, photo=photo, caption="Sem op de foto")
        api.says(TEAM, ANNA, document=api.file(b"%PDF") | {"file_name": "plan.pdf"})
        api.says(TEAM, ANNA, voice=api.file(b"ogg") | {"duration": 2})
        await world.heard(MessagePosted, 3)
        posted = world.of(MessagePosted)
        content = [await adapter.fetch(event.attachments[0]) for event in posted]
    assert posted[0].text == "Sem op de foto"
    assert [e.attachments[0].kind for e in posted] == [
        AttachmentKind.PHOTO,
        AttachmentKind.DOCUMENT,
        AttachmentKind.VOICE,
    ]
    assert posted[1].attachments[0].name == "plan.pdf"
    assert content == [b"the whole photo", b"%PDF", b"ogg"]


async def test_a_file_too_large_or_gone_cannot_be_fetched_for_good(world: World) -> None:
    async with world.running() as adapter:
        world.api.says(TEAM, ANNA, document=world.api.file(b"x"))
        world.api.files.clear()
        attachment = (await world.heard(MessagePosted)).attachments[0]
        with pytest.raises(DeliveryError) as refused:
            await adapter.fetch(attachment)
    assert refused.value.permanent


async def test_what_is_added_to_a_poll_or_checklist_is_read_but_cannot_be_removed(
    world: World,
) -> None:
    option = {"option_persistent_id": "1", "option_text": "Sem heeft ADHD"}
    tasks = [{"id": 2, "text": "bel de moeder van Sem"}, {"id": 3, "text": "krijt"}]
    async with world.running() as adapter:
        world.api.says(TEAM, ANNA, poll_option_added=option)
        world.api.says(TEAM, ANNA, checklist_tasks_added={"tasks": tasks})
        await world.heard(MessagePosted, 2)
        read = world.of(MessagePosted)
        for event in read:
            with pytest.raises(DeliveryError) as refused:
                await adapter.act(RemoveMessage(event.chat, event.message), event.message)
            assert refused.value.permanent
    assert [event.text for event in read] == ["Sem heeft ADHD", "bel de moeder van Sem\nkrijt"]
    assert [event.sender.user for event in read] == [str(ANNA)] * 2


async def test_a_line_of_a_rich_message_stays_whole_and_its_files_are_seen(world: World) -> None:
    bold = {"type": "bold", "text": "ADHD"}
    sizes = [
        {**world.api.file(b"klein"), "width": 9, "height": 9},
        {**world.api.file(b"groot"), "width": 90, "height": 90},
    ]
    caption = {"text": ["Groep ", {"type": "italic", "text": "6"}], "credit": "foto: Bert"}
    voice = {**world.api.file(b"stem"), "duration": 1}
    blocks = [
        {"type": "paragraph", "text": ["Sem heeft ", bold, " en BSN 1112", {**bold, "text": "22"}]},
        {"type": "mathematical_expression", "expression": "a+b"},
        {"type": "blockquote", "blocks": [{"type": "paragraph", "text": "stil"}], "credit": "Jan"},
        {"type": "photo", "photo": sizes, "caption": caption},
        {"type": "voice_note", "voice_note": voice},
    ]
    async with world.running():
        world.api.says(TEAM, ANNA, rich_message={"blocks": blocks})
        event = await world.heard(MessagePosted)
    assert event.text.split("\n") == [
        "Sem heeft ADHD en BSN 111222", "a+b", "stil", "Jan", "Groep 6", "foto: Bert",
    ]  # fmt: skip
    files = [(file.kind, file.ref) for file in event.attachments]
    assert files == [
        (AttachmentKind.PHOTO, sizes[1]["file_id"]),
        (AttachmentKind.VOICE, voice["file_id"]),
    ]


async def test_a_shared_contact_and_a_poll_can_be_read(world: World) -> None:
    async with world.running():
        world.api.says(
            TEAM, ANNA, contact={"phone_number": "0612345601", "first_name": "Moeder Sem"}
        )
        event = await world.heard(MessagePosted)
    assert event.text == "Moeder Sem 0612345601"


async def test_an_album_is_one_message_and_an_edited_caption_changes_it(world: World) -> None:
    api = world.api
    async with world.running():
        parts = [
            api.says(
                TEAM,
                ANNA,
                photo=[api.file(b"p") | {"width": 1, "height": 1}],
                caption="gymles" if n == 0 else "",
                media_group_id="g1",
            )
            for n in range(3)
        ]
        event = await world.heard(MessagePosted)
        await world.settled()
        api.edits(parts[0], caption="Sem valt bij gym")
        edit = await world.heard(MessageEdited)
    assert len(world.of(MessagePosted)) == 1
    assert (event.text, len(event.attachments)) == ("gymles", 3)
    assert (edit.posted.message, edit.posted.text) == (event.message, "Sem valt bij gym")
    assert len(edit.posted.attachments) == 3


async def test_an_album_that_comes_in_bit_by_bit_is_still_one_message(world: World) -> None:
    api = world.api
    async with world.running():
        for _ in range(4):
            photo = [api.file(b"p") | {"width": 1, "height": 1}]
            api.says(TEAM, ANNA, photo=photo, media_group_id="g1")
            await asyncio.sleep(0.15)
        event = await world.heard(MessagePosted)
        await world.settled()
    assert len(event.attachments) == 4
    assert len(world.events) == 1


async def test_a_photo_that_comes_late_changes_its_album(world: World) -> None:
    api = world.api
    size = {"width": 1, "height": 1}
    async with world.running():
        api.says(TEAM, ANNA, photo=[api.file(b"p") | size], caption="x", media_group_id="g1")
        first = await world.heard(MessagePosted)
        api.says(TEAM, ANNA, photo=[api.file(b"q") | size], media_group_id="g1")
        late = await world.heard(MessageEdited)
    assert late.posted.message == first.message
    assert len(late.posted.attachments) == 2


async def test_an_edit_is_judged_again_and_a_touch_without_change_is_not(world: World) -> None:
    async with world.running():
        sent = world.api.says(TEAM, ANNA, "hoi")
        await world.heard(MessagePosted)
        world.api.edits(sent)
        world.api.edits(sent, text="Sem heeft ADHD")
        world.api.edits(sent, text="Sem heeft dyslexie")
        await world.heard(MessageEdited, 2)
    edits = [event.posted for event in world.of(MessageEdited)]
    assert [edit.text for edit in edits] == ["Sem heeft ADHD", "Sem heeft dyslexie"]
    assert 0 < edits[0].revision < edits[1].revision


async def test_anonymous_admins_and_channels_are_heard_as_who_they_write_as(world: World) -> None:
    group = {"id": TEAM, "type": "supergroup", "title": "Team"}
    channel = {"id": -100777, "type": "channel", "title": "Nieuws"}
    async with world.running():
        world.api.says(TEAM, BERT, "van de directie", sender_chat=group)
        world.api.says(TEAM, BERT, "nieuws", sender_chat=channel, is_automatic_forward=True)
        await world.heard(MessagePosted, 2)
    assert [e.sender.user for e in world.of(MessagePosted)] == [str(TEAM), "-100777"]


async def test_commands_lose_slash_and_name_and_those_of_other_bots_are_left(world: World) -> None:
    async with world.running():
        world.api.says(TEAM, ANNA, f"/stilte@{BOT['username']}")
        world.api.says(TEAM, ANNA, "/stilte@anderebot")
        world.api.says(TEAM, ANNA, "/weer morgen")
        world.api.says(ANNA, ANNA, "/magditdelen Sem is ziek")
        asked = await world.heard(CommandGiven, 2)
        await world.settled()
    assert [c.command for c in world.of(CommandGiven)] == ["stilte", "magditdelen"]
    assert (asked.argument, asked.place) == ("Sem is ziek", Place.PRIVATE)
    assert [e.text for e in world.of(MessagePosted)] == ["/stilte@anderebot", "/weer morgen"]


async def test_a_question_asked_aloud_in_the_group_is_a_message_too(world: World) -> None:
    async with world.running():
        world.api.says(TEAM, ANNA, "/magditdelen Sem heeft ADHD")
        event = await world.heard(MessagePosted)
    assert event.text == "Sem heeft ADHD"
    assert len(world.of(CommandGiven)) == 1


async def test_one_word_asked_aloud_is_a_message_and_a_value_for_a_setting_is_none(
    world: World,
) -> None:
    async with world.running():
        world.api.says(TEAM, ANNA, "/stilte aan")
        world.api.says(TEAM, ANNA, "/magditdelen 111222333")
        event = await world.heard(MessagePosted)
    assert event.text == "111222333"
    assert len(world.of(MessagePosted)) == 1


async def test_an_administrator_says_what_a_group_is_without_naming_the_bot(world: World) -> None:
    async with world.running():
        for word in ("teamgroep", "oudergroep", "negeer"):
            world.api.says(TEAM, BERT, f"/{word}")
        await world.heard(CommandGiven, 3)
    assert [c.command for c in world.of(CommandGiven)] == ["teamgroep", "oudergroep", "negeer"]
    assert world.of(MessagePosted) == []


async def test_an_ephemeral_command_is_a_command_and_no_group_message(world: World) -> None:
    async with world.running():
        world.api.aside(world.team, ANNA, "/magditdelen Sem heeft ADHD")
        world.api.aside(world.team, ANNA, "en de ouders weten het")
        command, said = await world.heard(CommandGiven), await world.heard(MessagePosted)
    assert command.argument == "Sem heeft ADHD"
    assert (said.place, said.chat.chat) == (Place.PRIVATE, str(ANNA))


class Later(Message):
    """The message of a library that knows what is ephemeral."""

    __slots__ = ()
    ephemeral_message_id: int | None = None


class LaterAlone(Later):
    """One that only its receiver sees."""

    __slots__ = ()
    ephemeral_message_id = 5


@pytest.mark.parametrize(
    ("kind", "unknown", "number"),
    [
        (Message, {}, None),
        (Message, {EPHEMERAL: 7}, 7),
        (Message, {EPHEMERAL: "strange"}, 0),
        (Later, {}, None),
        (LaterAlone, {}, 5),
    ],
)
def test_what_is_ephemeral_is_known_by_today_s_library_and_a_later_one(
    kind: type[Message], unknown: dict[str, object], number: int | None
) -> None:
    chat = Chat(TEAM, Chat.SUPERGROUP)
    assert alone(kind(0, datetime.now(UTC), chat, api_kwargs=unknown)) == number


async def test_the_way_in_is_a_start_without_an_argument(world: World) -> None:
    async with world.running():
        world.api.starts(ANNA, "hallo")
        world.api.starts(BERT, "ABCD-1234")
        await world.heard(CommandGiven, 2)
    assert [(c.command, c.argument) for c in world.of(CommandGiven)] == [
        ("start", ""),
        ("start", "ABCD-1234"),
    ]


async def test_a_button_comes_back_with_its_token_and_a_refusal_is_an_alert(world: World) -> None:
    keys = {"inline_keyboard": [[{"text": "Stuur", "callback_data": "t0ken"}]]}
    message = world.api._message(TEAM, BOT, text="?", reply_markup=keys)
    async with world.running():
        first = world.api.presses(ANNA, message, "Stuur")
        pressed = await world.heard(ButtonPressed)
        world.receipt = Refuse("Deze knop is niet van jou.")
        second = world.api.presses(BERT, message, "Stuur")
        await world.eventually(lambda: second in world.api.answers)
    assert (pressed.token, pressed.by.user) == ("t0ken", str(ANNA))
    assert "text" not in world.api.answers[first]
    assert world.api.answers[second]["show_alert"] is True
    assert world.api.answers[second]["text"] == "Deze knop is niet van jou."


async def test_being_added_and_removed_is_told_with_title_and_administrators(world: World) -> None:
    new = world.api.group(-1002, BERT, ANNA, title="Onderbouw")
    async with world.running():
        world.api.adds_bot(new, BERT, dict(RIGHTS))
        added = await world.heard(BotAdded)
        world.api.removes_bot(new, BERT)
        removed = await world.heard(BotRemoved)
    assert (added.chat.chat, added.title) == ("-1002", "Onderbouw")
    assert [admin.user for admin in added.admins] == [str(BERT)]
    assert added.by.user == str(BERT)
    assert removed.chat.chat == "-1002"


async def test_missing_rights_are_said_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    new = world.api.group(-1002, BERT)
    async with world.running():
        world.api.adds_bot(new, BERT, {"can_restrict_members": True})
        await world.heard(BotAdded)
    assert "can_delete_messages" in caplog.text
    assert "can_restrict_members" not in caplog.text


async def test_without_admin_rights_privacy_mode_hides_what_is_said(world: World) -> None:
    world.team.bot_rights = None
    async with world.running():
        world.api.says(TEAM, ANNA, "dit ziet de bot niet")
        world.api.says(TEAM, ANNA, "/help")
        await world.heard(CommandGiven)
    assert world.of(MessagePosted) == []


async def test_somebody_joining_changes_the_size_and_bots_are_not_counted(world: World) -> None:
    async with world.running():
        world.api.says(TEAM, BERT, new_chat_members=[world.api.people[ANNA]])
        event = await world.heard(MembersChanged)
    assert ([who.user for who in event.joined], event.size) == ([str(ANNA)], 2)


async def test_a_group_that_becomes_a_supergroup_stays_the_same_chat(world: World) -> None:
    small = world.api.group(-55, ANNA, BERT, rights=dict(RIGHTS), type="group")
    async with world.running():
        world.api.says(-55, ANNA, "voor")
        before = await world.heard(MessagePosted)
        world.api.migrates(small, -100955)
        world.api.says(-100955, ANNA, "na")
        after = await world.heard(MessagePosted, 2)
    assert after.chat == before.chat
    assert after.message != before.message
    async with world.running():
        world.api.says(-100955, ANNA, "na een herstart")
        assert (await world.heard(MessagePosted, 3)).chat == before.chat


async def test_what_was_not_taken_in_is_not_confirmed_and_comes_again(world: World) -> None:
    world.break_on = 2
    async with world.running():
        world.api.says(TEAM, ANNA, "een")
        world.api.says(TEAM, ANNA, "twee")
        await world.settled()
    assert [event.text for event in world.of(MessagePosted)] == ["een", "twee"]


async def test_nothing_is_told_twice_after_a_restart(world: World) -> None:
    async with world.running():
        world.api.says(TEAM, ANNA, "een")
        await world.heard(MessagePosted)
    # The process ended before it could confirm: the fake still has the update.
    async with world.running():
        world.api.says(TEAM, ANNA, "twee")
        await world.settled()
    assert [event.text for event in world.of(MessagePosted)] == ["een", "twee"]


async def test_another_poller_is_waited_out(world: World) -> None:
    async with world.running():
        await world.eventually(lambda: world.api.polls)
        await world.api._do_get_updates({"timeout": 0})
        world.api.says(TEAM, ANNA, "toch gehoord")
        assert (await world.heard(MessagePosted)).text == "toch gehoord"


async def test_an_outage_while_polling_loses_nothing(world: World) -> None:
    world.api.faults["getUpdates"] += ["502", "cut before", "cut after", "429"]
    async with world.running():
        world.api.says(TEAM, ANNA, "na de storing")
        assert (await world.heard(MessagePosted)).text == "na de storing"
        await world.settled()
    assert len(world.of(MessagePosted)) == 1


async def test_an_update_in_a_shape_nobody_knows_does_not_hold_up_the_rest(world: World) -> None:
    async with world.running():
        world.api.updates.append({"update_id": 600_000, "message": {"date": "gisteren"}})
        world.api.says(TEAM, ANNA, "gewoon")
        assert (await world.heard(MessagePosted)).text == "gewoon"
        await world.settled()
    world.api.violations.clear()


STRANGE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)
PLACES = ("message", "edited_message", "callback_query", "my_chat_member", "chat_member")


@given(st.sampled_from(PLACES), st.dictionaries(st.sampled_from(sorted(TYPES["Message"])), STRANGE))
@settings(max_examples=50, deadline=None)
def test_any_rubbish_is_an_event_or_is_skipped(kind: str, rubbish: dict[str, object]) -> None:
    """Whatever stands in an update, what comes after it is still heard."""
    whole = {"message_id": 5, "date": 1_795_000_000, "chat": {"id": TEAM, "type": "supergroup"},
             "from": {"id": ANNA, "is_bot": False, "first_name": "Anna"}}  # fmt: skip
    asyncio.run(_hears_after({"update_id": 1, kind: whole | rubbish}))


async def _hears_after(strange: dict[str, object]) -> None:
    world = World(FakeApi(), "http://127.0.0.1:1", Group(TEAM))
    adapter = world.make()
    adapter._bot._bot_user = User(BOT["id"], "Fluister", True, username=BOT["username"])
    inbox = adapter._new_inbox()
    first = readable(adapter._bot, strange)
    with contextlib.suppress(DeliveryError):
        await inbox.take([first or Update(1)])
    message = {"message_id": 9, "date": 1_795_000_000, "chat": {"id": TEAM, "type": "supergroup"},
               "from": {"id": ANNA, "is_bot": False, "first_name": "A"}, "text": "hoi"}  # fmt: skip
    second = readable(adapter._bot, {"update_id": 2, "message": message})
    assert second is not None
    await inbox.take([second])
    assert world.of(MessagePosted)[-1].text == "hoi"


async def test_a_wrong_token_is_said_at_once(world: World) -> None:
    adapter = world.make()
    adapter._bot._base_url = adapter._bot._base_url.replace("AAH", "XXX")
    with pytest.raises(DeliveryError, match="BotFather") as refused:
        await adapter.connect()
    assert refused.value.permanent


async def test_logs_hold_no_text_and_no_token(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    world.break_on = 1
    async with world.running():
        world.api.updates.append({"update_id": 600_000, "message": {"text": "geheim"}})
        world.api.says(TEAM, ANNA, "geheim van Sem")
        await world.settled()
    world.api.violations.clear()
    logged = "\n".join(f"{r.getMessage()} {r.exc_text}" for r in caplog.records)
    assert "geheim" not in logged
    assert TOKEN.partition(":")[2] not in logged


async def test_menus_are_set_for_administrators_members_and_private_chats(world: World) -> None:
    async with world.running():
        pass
    menus = world.api.menus
    members = [c["command"] for c in menus["all_group_chats", ""]]
    assert {"dringend", "stilte", "magditdelen", "vrij", "help"} <= set(members)
    assert all(c["is_ephemeral"] for c in menus["all_group_chats", ""])
    assert "instellen" in [c["command"] for c in menus["all_chat_administrators", ""]]
    assert "vergeetmij" in [c["command"] for c in menus["all_private_chats", "en"]]
    assert "instellen" not in members


async def test_an_edited_private_question_is_asked_anew(world: World) -> None:
    async with world.running():
        sent = world.api.says(ANNA, ANNA, "mag ik dit delen")
        await world.heard(MessagePosted)
        world.api.edits(sent, text="mag ik dit delen: Sem is ziek")
        again = await world.heard(MessagePosted, 2)
    assert (again.place, again.text) == (Place.PRIVATE, "mag ik dit delen: Sem is ziek")
    assert again.revision > 0
    assert world.of(MessageEdited) == []
