"""What Slack refuses for now, or whose answer gets lost, is done later and never twice."""

import contextlib
import logging

import pytest

from bot.adapters.base import File, Post, RemoveMessage, ShowPrivately, WayTo
from bot.adapters.slack import listening, workspace
from bot.core.events import Account, ChatRef, MessagePosted
from bot.errors import DeliveryError
from tests.slack.conftest import TEAMROOM
from tests.slack.fake_slack import BOT_TOKEN, ME

ANNA = Account("slack", "UANNA")
TEAM = ChatRef("slack", TEAMROOM)


async def test_the_second_half_of_a_long_post_waits_and_the_first_is_not_said_again(office, fake):
    long = Post(TEAM, "een " * 1_600 + "\n" + "twee " * 1_300)
    async with office.open():
        with pytest.raises(DeliveryError) as refused:
            await office.adapter.act(long, "k")
        assert refused.value.retry_after == 1.0
        fake.a_minute_later()
        first = await office.adapter.act(long, "k")
    assert len(fake.texts(TEAMROOM)) == 2
    assert first.message == min(fake.channels[TEAMROOM].messages)


async def test_a_whisper_whose_copy_has_to_wait_is_shown_once_and_copied_once(office, fake):
    whisper = ShowPrivately(ANNA, "Even onder ons", (), TEAM)
    async with office.open():
        fake.limited["conversations.open"] = 1
        with pytest.raises(DeliveryError) as refused:
            await office.adapter.act(whisper, "k")
        assert not refused.value.permanent
        done = await office.adapter.act(whisper, "k")
    assert len(fake.for_eyes_of("UANNA")) == 1
    assert fake.texts(fake.dm("UANNA").id) == ["Even onder ons"]
    assert len(done.message.split("|")) == 2


async def test_a_copy_that_never_comes_through_does_not_hold_the_whisper_up_for_ever(office, fake):
    whisper = ShowPrivately(ANNA, "Even onder ons", (), TEAM)
    async with office.open():
        fake.limited["conversations.open"] = 100
        for _ in range(4):
            with pytest.raises(DeliveryError):
                await office.adapter.act(whisper, "k")
        assert (await office.adapter.act(whisper, "k")).message.startswith("~")
    assert len(fake.for_eyes_of("UANNA")) == 1


@pytest.mark.parametrize("in_thread", [False, True])
async def test_a_post_whose_answer_got_lost_is_found_and_not_said_twice(office, fake, in_thread):
    async with office.open():
        root = await fake.say(TEAMROOM, "UANNA", "begin") if in_thread else ""
        post = Post(TEAM, "Zie <https://school.nl> & verder", conversation=root)
        fake.lost_answers["chat.postMessage"] = 1
        with pytest.raises(DeliveryError) as lost:
            await office.adapter.act(post, "k")
        assert lost.value.uncertain
        fake.a_minute_later()
        done = await office.adapter.act(post, "k")
    ours = [ts for ts, m in fake.channels[TEAMROOM].messages.items() if m["user"] == ME]
    assert ours == [done.message]


@pytest.mark.parametrize(
    "when",
    ["before it was posted", "after it was posted", "once it was done"],
)
async def test_a_post_cut_off_by_a_crash_is_there_once_after_the_restart(office, fake, when):
    post = Post(TEAM, "Een bericht is verplaatst.")
    async with office.open():
        lost = fake.lost_calls if when == "before it was posted" else fake.lost_answers
        lost["chat.postMessage"] = 0 if when == "once it was done" else 1
        with contextlib.suppress(DeliveryError):
            await office.adapter.act(post, "k")
    fake.a_minute_later()
    async with office.open():
        await office.adapter.act(post, "k")
    assert fake.texts(TEAMROOM) == ["Een bericht is verplaatst."]


async def test_words_said_before_for_another_reason_are_not_taken_for_the_lost_ones(office, fake):
    async with office.open():
        await office.adapter.act(Post(TEAM, "Een bericht is verplaatst."), "earlier")
        fake.a_minute_later()
        fake.lost_calls["chat.postMessage"] = 1
        with pytest.raises(DeliveryError) as lost:
            await office.adapter.act(Post(TEAM, "Een bericht is verplaatst."), "k")
        assert lost.value.uncertain
        fake.a_minute_later()
        await office.adapter.act(Post(TEAM, "Een bericht is verplaatst."), "k")
    assert len(fake.texts(TEAMROOM)) == 2


async def test_a_post_in_somebodys_name_whose_answer_got_lost_is_theirs_once(office, fake):
    async with office.open():
        await office.adapter._consents.keep("UANNA", fake.own_token("UANNA"))
        post = Post(TEAM, "weer terug", author=ANNA)
        fake.lost_answers["chat.postMessage"] = 1
        with pytest.raises(DeliveryError):
            await office.adapter.act(post, "k")
        fake.a_minute_later()
        await office.adapter.act(post, "k")
    assert [m["user"] for m in fake.channels[TEAMROOM].messages.values()] == ["UANNA"]


@pytest.mark.parametrize("in_thread", [False, True])
async def test_files_whose_answer_got_lost_are_there_once(office, fake, in_thread):
    files = (File("rooster.pdf", "application/pdf", b"abc"), File("b.txt", "text/plain", b"b"))
    async with office.open():
        root = await fake.say(TEAMROOM, "UANNA", "begin") if in_thread else ""
        post = Post(TEAM, "Met bijlage", files=files, conversation=root)
        fake.lost_answers["files.completeUploadExternal"] = 1
        with pytest.raises(DeliveryError) as lost:
            await office.adapter.act(post, "k")
        assert lost.value.uncertain
        await office.adapter.act(post, "k")
    shown = [m["files"] for m in fake.channels[TEAMROOM].messages.values() if m.get("files")]
    assert [[file["name"] for file in one] for one in shown] == [["rooster.pdf", "b.txt"]]


@pytest.mark.parametrize(
    ("status", "body", "mime"),
    [
        (200, "<html>Log in op het netwerk</html>", "text/html"),
        (200, '{"ok": tr', "application/json"),
        (200, "even geduld", "text/plain"),
        (403, "<html>geblokkeerd</html>", "text/html"),
        (503, "no healthy upstream", "text/plain"),
    ],
)
async def test_what_a_proxy_says_is_no_refusal_of_slacks(office, fake, status, body, mime):
    async with office.open():
        fake.instead["chat.postMessage"] = (status, body, mime)
        with pytest.raises(DeliveryError) as refused:
            await office.adapter.act(Post(TEAM, "hallo"), "k")
        assert (refused.value.permanent, refused.value.uncertain) == (False, True)
        del fake.instead["chat.postMessage"]
        await office.adapter.act(Post(TEAM, "hallo"), "k")
    assert fake.texts(TEAMROOM) == ["hallo"]


async def test_an_answer_that_takes_too_long_is_not_waited_for(office, fake, monkeypatch):
    monkeypatch.setattr(workspace, "TIMEOUT", 0.2)
    async with office.open():
        fake.slow["chat.postMessage"] = 1.0
        with pytest.raises(DeliveryError) as refused:
            await office.adapter.act(Post(TEAM, "hallo"), "k")
        assert (refused.value.permanent, refused.value.uncertain) == (False, True)


async def test_a_removal_whose_answer_got_lost_is_done(office, fake):
    async with office.open():
        await office.adapter._consents.keep("UANNA", fake.own_token("UANNA"))
        ts = await fake.say(TEAMROOM, "UANNA", "geheim")
        await office.next(MessagePosted)
        fake.lost_answers["chat.delete"] = 1
        with pytest.raises(DeliveryError) as lost:
            await office.adapter.act(RemoveMessage(TEAM, ts), "k")
        assert not lost.value.permanent
        await office.adapter.act(RemoveMessage(TEAM, ts), "k")
        await office.eventually(lambda: fake.texts(TEAMROOM) == [])
    assert [type(event) for event in office.heard] == [MessagePosted]


async def test_a_whisper_waits_for_the_way_to_its_message(office, fake):
    async with office.open():
        ts = await fake.say(TEAMROOM, "UANNA", "geheim")
        whisper = ShowPrivately(ANNA, "Hoi", (), TEAM, about=WayTo(TEAM, ts, "Naar je bericht"))
        fake.limited["chat.getPermalink"] = 1
        with pytest.raises(DeliveryError):
            await office.adapter.act(whisper, "k")
        assert fake.ephemerals == []
        await office.adapter.act(whisper, "k")
    assert "Naar je bericht" in str(fake.ephemerals[0].blocks)


@pytest.mark.parametrize("word", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_when_our_own_token_ends_nothing_is_given_up_and_it_is_said(
    office, fake, caplog, word
):
    caplog.set_level(logging.ERROR)
    async with office.open():
        ts = await fake.say(TEAMROOM, "UANNA", "geheim")
        fake.tokens[BOT_TOKEN].alive = False
        fake.tokens[BOT_TOKEN].ended = word
        for action in (
            Post(TEAM, "zeer geheim"),
            ShowPrivately(ANNA, "zeer geheim", (), TEAM),
            ShowPrivately(ANNA, "zeer geheim"),
            RemoveMessage(TEAM, ts + "0"),
        ):
            with pytest.raises(DeliveryError) as refused:
                await office.adapter.act(action, repr(action))
            assert not refused.value.permanent
            assert refused.value.retry_after == 900.0
        fake.tokens[BOT_TOKEN].alive = True
        await office.adapter.act(Post(TEAM, "weer daar"), "later")
    assert word in caplog.text
    assert "FLUISTER_SLACK_BOT_TOKEN" in caplog.text
    assert "geheim" not in caplog.text


async def test_home_comes_after_slack_asked_for_patience(office, fake):
    async with office.open():
        fake.limited["views.publish"] = 1
        await fake.tell({"type": "app_home_opened", "user": "UANNA", "tab": "home"})
        await office.eventually(lambda: "UANNA" in fake.homes)


async def test_a_token_is_revoked_at_slack_also_when_that_has_to_wait(office, fake):
    async with office.open():
        token = fake.own_token("UANNA")
        await office.adapter._consents.keep("UANNA", token)
        fake.limited["auth.revoke"] = 1
        await office.adapter._here.fronting.pressed(
            "UANNA", {"actions": [{"value": "slack:disconnect"}]}
        )
        await office.eventually(lambda: not fake.tokens[token].alive)


async def test_a_token_is_revoked_at_slack_also_when_its_plans_cannot_be_listed(office, fake):
    async with office.open():
        token = fake.own_token("UANNA")
        await office.adapter._consents.keep("UANNA", token)
        fake.instead["chat.scheduledMessages.list"] = (
            200, '{"ok": false, "error": "restricted_action"}', "application/json",
        )  # fmt: skip
        await office.adapter._here.fronting.pressed(
            "UANNA", {"actions": [{"value": "slack:disconnect"}]}
        )
        await office.eventually(lambda: not fake.tokens[token].alive)


async def test_the_sockets_address_is_asked_for_once(office, fake):
    async with office.open():
        pass
    assert [method for method, _ in fake.calls].count("apps.connections.open") == 1


async def test_slack_refusing_the_socket_for_a_minute_does_not_stop_the_start(office, fake):
    fake.limited["apps.connections.open"] = 1
    async with office.open():
        await fake.say(TEAMROOM, "UANNA", "hallo")
        assert (await office.next(MessagePosted)).text == "hallo"


async def test_an_address_that_does_not_work_is_not_tried_for_ever(office, fake, monkeypatch):
    monkeypatch.setattr(listening, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(listening, "PING_EVERY", 0.3)
    fake.bad_tickets = 1
    async with office.open():
        await fake.say(TEAMROOM, "UANNA", "hallo")
        await office.next(MessagePosted)


async def test_slack_being_away_does_not_stop_the_start(office, fake, caplog):
    fake.lost_calls["auth.test"] = 2
    async with office.open():
        await fake.say(TEAMROOM, "UANNA", "hallo")
        await office.next(MessagePosted)
    assert "not there yet" in caplog.text
    assert "xoxb" not in caplog.text


async def test_as_long_as_slack_is_away_everything_waits(office, fake):
    fake.lost_calls["auth.test"] = 1
    adapter = office.make()
    await adapter.connect()
    for action in (Post(TEAM, "hallo"), RemoveMessage(TEAM, "1.1"), ShowPrivately(ANNA, "hoi")):
        with pytest.raises(DeliveryError) as refused:
            await adapter.act(action, "k")
        assert not refused.value.permanent
    await adapter.close()


async def test_a_token_that_proves_dead_once_slack_is_there_ends_the_run(office, fake):
    fake.lost_calls["auth.test"] = 1
    adapter = office.make()
    await adapter.connect()
    fake.tokens[BOT_TOKEN].alive = False
    with pytest.raises(DeliveryError, match="token_revoked"):
        await adapter.receive()
