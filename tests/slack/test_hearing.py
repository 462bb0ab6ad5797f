"""What happens in Slack becomes events: once, in order, and acknowledged after intake."""

import asyncio
import logging

from bot.adapters.slack import people
from bot.core.events import (
    AttachmentKind,
    BotAdded,
    BotRemoved,
    ButtonPressed,
    CommandGiven,
    MembersChanged,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Place,
    Refuse,
)
from tests.slack.conftest import TEAMROOM
from tests.slack.fake_slack import ME


async def test_a_message_comes_with_its_senders_name_and_without_markup(office, fake):
    async with office.open():
        ts = await fake.say(TEAMROOM, "UANNA", "<@UBERT> kijk: <https://x.nl|hier> &amp; <!here>")
        event = await office.next(MessagePosted)
    assert event.text == "@Bert Jansen kijk: hier (https://x.nl) & @here"
    assert (event.sender.user, event.sender.name) == ("UANNA", "Anna de Vries")
    assert (event.chat.chat, event.message, event.place) == (TEAMROOM, ts, Place.OTHER)
    assert event.sent_at.tzinfo is not None


async def test_names_are_looked_up_once(office, fake):
    async with office.open():
        for text in ("een", "twee", "drie"):
            await fake.say(TEAMROOM, "UANNA", text)
        await office.next(MessagePosted, 3)
    assert [method for method, _ in fake.calls].count("users.info") == 1


async def test_a_private_message_is_private_and_a_private_channel_is_not(office, fake):
    fake.channel("G0GROUP", "zorg", "UANNA", ME, kind="group")
    async with office.open():
        await fake.say(fake.dm("UANNA").id, "UANNA", "Mag ik dit delen?")
        first = await office.next(MessagePosted)
        await fake.say("G0GROUP", "UANNA", "hoi")
        second = await office.next(MessagePosted, 2)
    assert (first.place, second.place) == (Place.PRIVATE, Place.OTHER)


async def test_what_we_post_ourselves_is_not_heard(office, fake):
    async with office.open():
        await fake.say(TEAMROOM, ME, "van mij", bot_id="B0FLUISTER")
        await fake.say(TEAMROOM, "UANNA", "van Anna")
        await office.next(MessagePosted)
    assert [event.text for event in office.heard] == ["van Anna"]


async def test_a_channel_the_bot_is_not_in_is_not_heard(office, fake):
    fake.channel("C0OTHER", "anders", "UANNA")
    async with office.open():
        await fake.say("C0OTHER", "UANNA", "niet voor jou")
        await fake.say(TEAMROOM, "UANNA", "wel")
        await office.next(MessagePosted)
    assert [event.text for event in office.heard] == ["wel"]


async def test_an_edit_is_one_and_a_preview_that_arrives_is_none(office, fake):
    async with office.open():
        ts = await fake.say(TEAMROOM, "UANNA", "oud")
        await fake.preview_arrives(TEAMROOM, ts)
        await fake.edit(TEAMROOM, ts, "nieuw")
        edited = (await office.next(MessageEdited)).posted
    assert (edited.text, edited.message) == ("nieuw", ts)
    assert 0 < edited.revision < 2**31
    assert len(office.of(MessageEdited)) == 1


async def test_a_message_of_blocks_alone_is_read_as_people_see_it_and_so_is_its_edit(office, fake):
    def rich(*pieces):
        return [{"type": "rich_text", "elements": [
            {"type": "rich_text_section", "elements": list(pieces)}]}]  # fmt: skip

    sem, bold = {"type": "text", "text": "Sem heeft "}, {"type": "text", "text": "dys"}
    rest = {"type": "text", "text": "lexie"}
    link = {"type": "link", "url": "https://x.nl", "text": "lees"}
    to = ({"type": "user", "user_id": "UBERT"}, {"type": "emoji", "name": "wave"})
    async with office.open():
        ts = await fake.say(TEAMROOM, "UANNA", "", blocks=rich(sem, bold, rest))
        old = fake.channels[TEAMROOM].messages[ts]
        new = {**old, "blocks": rich(sem, link, *to), "edited": {"user": "UANNA", "ts": fake.ts()}}
        await fake.tell(fake._changed(TEAMROOM, old, new))
        edited = await office.next(MessageEdited)
    assert office.of(MessagePosted)[0].text == "Sem heeft dyslexie"
    assert edited.posted.text == "Sem heeft lees (https://x.nl)@UBERT:wave:"


async def test_two_edits_within_one_second_are_two_edits(office, fake):
    async with office.open():
        ts = await fake.say(TEAMROOM, "UANNA", "oud")
        await fake.edit(TEAMROOM, ts, "nieuw")
        await office.next(MessageEdited)
        await fake.edit(TEAMROOM, ts, "nieuwer")
        await office.next(MessageEdited, 2)
    first, second = office.of(MessageEdited)
    assert 0 < first.posted.revision < second.posted.revision


async def test_a_change_that_shows_no_earlier_text_is_an_edit_only_when_it_says_so(office, fake):
    async with office.open():
        ts = await fake.say(TEAMROOM, "UANNA", "oud")
        message = fake.channels[TEAMROOM].messages[ts]
        edited = {**message, "text": "nieuw", "edited": {"user": "UANNA", "ts": fake.ts()}}
        for one in ({**message, "attachments": [{"title": "Nieuws"}]}, edited):
            changed = fake._changed(TEAMROOM, {}, one)
            del changed["previous_message"]
            await fake.tell(changed)
        assert (await office.next(MessageEdited)).posted.text == "nieuw"
    assert len(office.of(MessageEdited)) == 1


async def test_an_edit_in_a_thread_stays_in_its_thread_and_a_new_reply_edits_nothing(office, fake):
    async with office.open():
        root = await fake.say(TEAMROOM, "UANNA", "begin")
        reply = await fake.say(TEAMROOM, "UBERT", "antwoord", thread_ts=root)
        old = fake.channels[TEAMROOM].messages[root]
        grown = {**old, "thread_ts": root, "reply_count": 1, "reply_users": ["UBERT"]}
        await fake.tell(fake._changed(TEAMROOM, old, grown))
        await fake.edit(TEAMROOM, reply, "beter antwoord")
        edited = (await office.next(MessageEdited)).posted
    assert (edited.message, edited.conversation, edited.sender.user) == (reply, root, "UBERT")
    assert len(office.of(MessageEdited)) == 1


async def test_what_programs_say_and_what_slack_notes_are_nobodys_messages(office, fake):
    fake.users["UBOT"] = {"id": "UBOT", "name": "rooster", "is_bot": True}
    async with office.open():
        await fake.say(TEAMROOM, "", "van een webhook", subtype="bot_message", bot_id="B9")
        await fake.say(TEAMROOM, "UBOT", "van een ander programma", bot_id="B8")
        await fake.say(TEAMROOM, "UBERT", "is er nu bij", subtype="channel_join")
        await fake.say(TEAMROOM, "UBERT", "nieuw onderwerp", subtype="channel_topic")
        await fake.say(TEAMROOM, "USLACKBOT", "herinnering")
        await fake.say(TEAMROOM, "UANNA", "zwaait", subtype="me_message")
        await office.next(MessagePosted)
    assert [event.text for event in office.heard] == ["zwaait"]


async def test_a_person_who_says_it_through_another_program_is_a_person(office, fake):
    async with office.open():
        await fake.say(TEAMROOM, "UANNA", "via een app", bot_id="B7", app_id="A7")
        assert (await office.next(MessagePosted)).sender.name == "Anna de Vries"


async def test_a_message_shared_from_elsewhere_is_quoted_with_its_files_names(office, fake):
    shared = {
        "is_msg_unfurl": True,
        "channel_id": "C9",
        "ts": "1763700000.000100",
        "text": "",
        "fallback": "[21 november] Bert: Sem is geschorst",
        "files": [{"id": "F9", "name": "verslag Sem.pdf"}],
    }
    async with office.open():
        await fake.say(TEAMROOM, "UANNA", "<https://school.slack.com/archives/C9/p1>",
                       attachments=[shared])  # fmt: skip
        event = await office.next(MessagePosted)
    assert "Sem is geschorst" in event.quoted
    assert "verslag Sem.pdf" in event.quoted


async def test_names_that_do_not_come_hold_nothing_up_and_come_later(office, fake, monkeypatch):
    monkeypatch.setattr(people, "KEPT_UNKNOWN", 0.0)
    fake.limited["users.info"] = 1
    async with office.open():
        await fake.say(TEAMROOM, "UANNA", "een")
        nameless = await office.next(MessagePosted)
        await fake.say(TEAMROOM, "UANNA", "twee")
        named = await office.next(MessagePosted, 2)
    assert (nameless.sender.user, nameless.sender.name) == ("UANNA", "")
    assert named.sender.name == "Anna de Vries"


async def test_a_new_name_is_seen_when_slack_tells_of_it(office, fake):
    async with office.open():
        await fake.say(TEAMROOM, "UANNA", "een")
        await office.next(MessagePosted)
        fake.person("UANNA", "Anna Bakker")
        await fake.tell({"type": "user_change", "user": fake.users["UANNA"]})
        await fake.say(TEAMROOM, "UBERT", "twee")
        await office.next(MessagePosted, 2)
        await fake.say(TEAMROOM, "UANNA", "drie")
        assert (await office.next(MessagePosted, 3)).sender.name == "Anna Bakker"


async def test_slow_answers_of_slack_leave_time_to_acknowledge(office, fake):
    fake.slow = {"users.info": 2.0, "conversations.info": 2.0}
    begun = asyncio.get_running_loop().time()
    async with office.open():
        await fake.say(TEAMROOM, "UANNA", "hallo")
        await office.eventually(lambda: fake.acks)
        assert asyncio.get_running_loop().time() - begun < 2.2
    assert len(office.heard) == 1


async def test_a_command_does_not_wait_for_the_messages_of_its_channel(office, fake):
    taking, free = office._take, asyncio.Event()

    async def messages_are_slow(event):
        if isinstance(event, MessagePosted):
            await free.wait()
        return await taking(event)

    office._take = messages_are_slow
    async with office.open():
        await fake.say(TEAMROOM, "UANNA", "hallo")
        await fake.command("UANNA", TEAMROOM, "/dringend")
        await office.next(CommandGiven)
        assert office.of(MessagePosted) == []
        free.set()
        await office.next(MessagePosted)


async def test_too_many_events_at_slack_is_said_in_the_log(office, fake, caplog):
    async with office.open():
        await fake._deliver("events_api", {"type": "app_rate_limited", "team_id": "T0TEAM001",
                                           "minute_rate_limited": 1763700000})  # fmt: skip
        await office.eventually(lambda: fake.acks)
    assert "too many events" in caplog.text


async def test_when_the_app_is_taken_out_every_consent_is_forgotten_and_it_is_said(
    office, fake, caplog
):
    async with office.open():
        for user in ("UANNA", "UBERT"):
            await office.adapter._consents.keep(user, fake.own_token(user))
        await fake.tell({"type": "tokens_revoked", "tokens": {"oauth": ["UANNA"], "bot": [ME]}})
        await office.eventually(lambda: "user-token:UANNA" not in office.state.kept)
        assert "user-token:UBERT" in office.state.kept
        await fake.tell({"type": "app_uninstalled"})
        await office.eventually(lambda: "user-token:UBERT" not in office.state.kept)
        await office.eventually(lambda: office.state.kept["connected"] == b"[]")
    assert "FLUISTER_SLACK_BOT_TOKEN" in caplog.text
    assert "taken out of the workspace" in caplog.text


async def test_a_deleted_message_and_a_gravestone_are_both_deletions(office, fake):
    async with office.open():
        first = await fake.say(TEAMROOM, "UANNA", "weg ermee")
        await fake.delete(TEAMROOM, first)
        await office.next(MessageDeleted)
        second = await fake.say(TEAMROOM, "UANNA", "met antwoorden")
        old = fake.channels[TEAMROOM].messages[second]
        new = {"subtype": "tombstone", "ts": second, "user": "USLACKBOT", "text": "deleted"}
        await fake.tell(fake._changed(TEAMROOM, old, new))
        await office.next(MessageDeleted, 2)
    assert [event.message for event in office.of(MessageDeleted)] == [first, second]


async def test_a_reply_in_a_thread_knows_its_thread_also_when_broadcast(office, fake):
    async with office.open():
        root = await fake.say(TEAMROOM, "UANNA", "begin")
        await fake.say(TEAMROOM, "UBERT", "antwoord", thread_ts=root)
        reply = await office.next(MessagePosted, 2)
        await fake.say(
            TEAMROOM, "UBERT", "ook in het kanaal", thread_ts=root, subtype="thread_broadcast"
        )
        broadcast = await office.next(MessagePosted, 3)
    assert (reply.reply_to, reply.conversation) == (root, root)
    assert broadcast.conversation == root


async def test_files_come_with_kind_and_content(office, fake):
    shown = fake.file("F1", "verslag Sem.pdf", "application/pdf", b"%PDF-inhoud")
    async with office.open():
        await fake.say(TEAMROOM, "UANNA", "", subtype="file_share", files=[shown])
        event = await office.next(MessagePosted)
        (attachment,) = event.attachments
        content = await office.adapter.fetch(attachment)
    assert (attachment.kind, attachment.name) == (AttachmentKind.DOCUMENT, "verslag Sem.pdf")
    assert content == b"%PDF-inhoud"


async def test_a_shared_message_is_quoted_and_a_web_preview_is_not(office, fake):
    shared = {"is_share": True, "text": "Sem zit bij <@UBERT>", "author_id": "UBERT"}
    web = {"text": "Een nieuwsbericht", "from_url": "https://example.org"}
    async with office.open():
        await fake.say(TEAMROOM, "UANNA", "kijk", attachments=[shared, web])
        event = await office.next(MessagePosted)
    assert event.quoted == "Sem zit bij @Bert Jansen"
    assert event.text == "kijk"


async def test_a_pasted_snippet_is_read_as_part_of_the_message(office, fake):
    snippet = {"id": "F2", "mode": "snippet", "preview": "BSN 123456782", "mimetype": "text/plain"}
    async with office.open():
        await fake.say(TEAMROOM, "UANNA", "", files=[snippet])
        assert "BSN 123456782" in (await office.next(MessagePosted)).text


async def test_being_added_and_removed_is_told(office, fake):
    fake.channel("C0NEW", "nieuw", "UANNA", ME)
    async with office.open():
        joined = {"type": "member_joined_channel", "user": ME, "channel": "C0NEW"}
        await fake.tell({**joined, "inviter": "UANNA", "event_ts": fake.ts()})
        added = await office.next(BotAdded)
        await fake.tell({"type": "channel_left", "channel": "C0NEW", "event_ts": fake.ts()})
        removed = await office.next(BotRemoved)
        left = {"type": "member_left_channel", "user": "UBERT", "channel": TEAMROOM}
        await fake.tell({**left, "event_ts": fake.ts()})
        changed = await office.next(MembersChanged)
    assert (added.title, added.by.user, added.place) == ("nieuw", "UANNA", Place.OTHER)
    assert removed.chat.chat == "C0NEW"
    assert (changed.left[0].user, changed.size) == ("UBERT", 2)


async def test_commands_come_from_the_slash_and_from_fluister_itself(office, fake):
    async with office.open():
        await fake.command("UANNA", TEAMROOM, "/stilte", "aan")
        first = await office.next(CommandGiven)
        await fake.command("UANNA", fake.dm("UANNA").id, "/fluister", "code AB12-CD34")
        second = await office.next(CommandGiven, 2)
        await fake.say(fake.dm("UANNA").id, "UANNA", "!stop")
        third = await office.next(CommandGiven, 3)
    assert (first.command, first.argument, first.place) == ("stilte", "aan", Place.OTHER)
    assert (second.command, second.argument) == ("code", "AB12-CD34")
    assert (second.place, third.command) == (Place.PRIVATE, "stop")


async def test_a_message_that_looks_like_a_command_stays_a_message_in_the_group(office, fake):
    async with office.open():
        await fake.say(TEAMROOM, "UANNA", "!stop")
        assert (await office.next(MessagePosted)).text == "!stop"


async def test_an_event_is_acknowledged_after_intake_and_told_again_when_that_failed(office, fake):
    fake.ack_within = 0.3
    tries = []

    def fails_once(event):
        tries.append(event)
        assert fake.acks == []
        if len(tries) == 1:
            raise RuntimeError("Lars heeft een geheim")
        return office_answer(event)

    office_answer, office.answer = office.answer, fails_once
    async with office.open():
        await fake.say(TEAMROOM, "UANNA", "hallo")
        await office.next(MessagePosted)
        await office.eventually(lambda: fake.acks)
    assert len(tries) == 2


async def test_an_event_told_again_while_it_is_taken_in_is_taken_in_once(office, fake):
    fake.ack_within = 0.2
    taking = office._take

    async def slowly(event):
        await asyncio.sleep(0.5)
        return await taking(event)

    office._take = slowly
    async with office.open():
        await fake.say(TEAMROOM, "UANNA", "hallo")
        await office.next(MessagePosted)
        await office.eventually(lambda: len(fake.acks) >= 2)
    assert len(office.heard) == 1


async def test_messages_of_one_channel_come_in_order(office, fake):
    taking, first = office._take, []

    async def first_is_slow(event):
        if not first:
            first.append(event)
            await asyncio.sleep(0.2)
        return await taking(event)

    office._take = first_is_slow
    async with office.open():
        for number in range(5):
            await fake.say(TEAMROOM, "UANNA", str(number))
            await asyncio.sleep(0.01)
        await office.next(MessagePosted, 5)
    assert [event.text for event in office.heard] == ["0", "1", "2", "3", "4"]


async def test_a_refusal_where_the_bot_is_not_is_said_in_private(office, fake):
    fake.channel("C0OTHER", "anders", "UANNA")
    office.answer = lambda e: Refuse("Dat kan hier niet.")
    async with office.open():
        await fake.command("UANNA", "C0OTHER", "/dringend")
        await office.eventually(lambda: fake.texts(fake.dm("UANNA").id) == ["Dat kan hier niet."])


async def test_a_refused_press_is_answered_to_the_presser_alone(office, fake):
    fake.ephemerals.append(_whisper_with_button(TEAMROOM))
    office.answer = lambda e: Refuse("Deze knop is al gebruikt.")
    async with office.open():
        await fake.press("UANNA", "Doe maar")
        pressed = await office.next(ButtonPressed)
        await office.eventually(lambda: len(fake.ephemerals) == 2)
    assert (pressed.token, pressed.by.user) == ("tok", "UANNA")
    assert (fake.ephemerals[1].user, fake.ephemerals[1].text) == (
        "UANNA",
        "Deze knop is al gebruikt.",
    )


def _whisper_with_button(channel):
    from tests.slack.fake_slack import Shown

    text = {"type": "plain_text", "text": "Doe maar"}
    button = {"type": "button", "action_id": "a", "text": text, "value": "tok"}
    return Shown(
        channel, "UANNA", "1700000000.000001", "x", [{"type": "actions", "elements": [button]}]
    )


async def test_slack_may_ask_to_come_back_on_a_new_connection(office, fake):
    async with office.open():
        first = fake._sockets[-1]
        fake.a_minute_later()
        await fake.refresh_socket()
        await office.eventually(lambda: fake._sockets and fake._sockets[-1] is not first)
        await fake.say(TEAMROOM, "UANNA", "ben je er nog?")
        assert (await office.next(MessagePosted)).text == "ben je er nog?"


async def test_no_text_and_no_token_reaches_a_log_at_any_level(office, fake, caplog):
    caplog.set_level(logging.DEBUG)
    root = logging.getLogger()
    root.setLevel(logging.DEBUG)

    def breaks(event):
        raise ValueError("zeer geheim")

    office.answer = breaks
    fake.ack_within = 0.2
    async with office.open():
        await fake.say(TEAMROOM, "UANNA", "zeer geheim over Sem")
        await asyncio.sleep(0.6)
        fake.subscribed |= {"unheard_of"}
        await fake.tell({"type": "unheard_of", "text": "zeer geheim"})
        await asyncio.sleep(0.1)
    assert "ValueError" in caplog.text
    assert "geheim" not in caplog.text
    assert "xoxb" not in caplog.text
    assert "xapp" not in caplog.text
