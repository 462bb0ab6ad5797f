"""What Fluister does in Telegram: whispers, removes, posts, closes and opens; faults included."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.adapters.base import (
    Button,
    Done,
    File,
    LockGroup,
    Post,
    RemoveMessage,
    ShowPrivately,
    Snooze,
    UnlockGroup,
)
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.adapters.wording import NOT_ALONG
from bot.core.events import Account, ChatRef, MessageEdited, MessagePosted, Refuse
from bot.errors import DeliveryError
from tests.telegram.conftest import ANNA, BERT, RIGHTS, TEAM, World
from tests.telegram.fake_api import OPEN

GROUP = ChatRef("telegram", str(TEAM))
TO_ANNA = Account("telegram", str(ANNA))
KEYS = ((Button("Stuur naar team@", "t1"),), (Button("Gooi weg", "t2"),))
AFTER_TWO_DAYS = 48 * 3600 + 60


async def refused(adapter: TelegramAdapter, action: Any, key: str = "k") -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await adapter.act(action, key)
    return caught.value


# -- whispers -------------------------------------------------------------------------------


async def test_a_whisper_is_seen_by_one_person_in_the_group(world: World) -> None:
    async with world.running() as adapter:
        await adapter.act(ShowPrivately(TO_ANNA, "Even onder ons", KEYS, GROUP), "k")
    assert [m["text"] for m in world.api.shown(ANNA)] == ["Even onder ons"]
    assert len(world.api.shown(ANNA)[0]["reply_markup"]["inline_keyboard"]) == 2
    assert world.api.texts(TEAM) == []
    assert world.api.shown(BERT) == []


async def test_a_whisper_in_a_topic_is_shown_in_that_topic(world: World) -> None:
    async with world.running() as adapter:
        world.api.says(TEAM, ANNA, "hoi", message_thread_id=77, is_topic_message=True)
        await world.heard(MessagePosted)
        await adapter.act(ShowPrivately(TO_ANNA, "psst", (), GROUP), "k")
    assert world.api.called("sendMessage")[-1]["message_thread_id"] == 77


async def test_a_whisper_is_edited_in_place(world: World) -> None:
    async with world.running() as adapter:
        first = await adapter.act(ShowPrivately(TO_ANNA, "een", KEYS, GROUP), "k1")
        again = ShowPrivately(TO_ANNA, "twee", (), GROUP, replaces=first.message)
        assert await adapter.act(again, "k2") == first
        assert await adapter.act(again, "k3") == first
    assert [m["text"] for m in world.api.shown(ANNA)] == ["twee"]


async def test_what_cannot_be_edited_is_shown_anew(world: World) -> None:
    async with world.running() as adapter:
        first = await adapter.act(ShowPrivately(TO_ANNA, "een", (), GROUP), "k1")
        world.api.ephemeral.clear()
        again = ShowPrivately(TO_ANNA, "twee", (), GROUP, replaces=first.message)
        assert (await adapter.act(again, "k2")).message != first.message
    assert [m["text"] for m in world.api.shown(ANNA)] == ["twee"]


async def test_without_admin_rights_there_is_no_ephemeral_message(world: World) -> None:
    world.team.bot_rights = None
    async with world.running() as adapter:
        error = await refused(adapter, ShowPrivately(TO_ANNA, "psst", (), GROUP))
    assert error.permanent


async def test_the_private_chat_works_after_start_and_is_edited_too(world: World) -> None:
    async with world.running() as adapter:
        world.api.starts(ANNA)
        first = await adapter.act(ShowPrivately(TO_ANNA, "een", KEYS), "k1")
        await adapter.act(ShowPrivately(TO_ANNA, "twee", (), None, first.message), "k2")
        await adapter.act(ShowPrivately(TO_ANNA, "drie", (), GROUP, first.message), "k3")
    assert [m["text"] for m in world.api.from_bot(ANNA)] == ["drie"]
    assert world.api.shown(ANNA) == []


async def test_before_start_there_is_no_private_chat_and_the_words_wait(world: World) -> None:
    world.team.bot_rights = None
    async with world.running() as adapter:
        await refused(adapter, ShowPrivately(TO_ANNA, "psst", KEYS, GROUP), "k:0")
        error = await refused(adapter, ShowPrivately(TO_ANNA, "psst", KEYS), "k:1")
        assert error.permanent
        assert world.api.from_bot(ANNA) == []
        await adapter.act(Post(GROUP, "Er staat iets klaar.", silent=True), "k:n")
        world.api.starts(ANNA)
        await world.eventually(lambda: world.api.from_bot(ANNA))
        world.api.starts(ANNA)
        await world.settled()
    waited = world.api.from_bot(ANNA)
    assert [m["text"] for m in waited] == ["psst"]
    assert "reply_markup" in waited[0]


async def test_the_last_five_that_waited_for_start_are_told_each_with_its_buttons(
    world: World,
) -> None:
    async with world.running() as adapter:
        for number in range(7):
            await refused(adapter, ShowPrivately(TO_ANNA, f"psst {number}", KEYS), f"k{number}")
    async with world.running():
        world.api.starts(ANNA)
        await world.settled()
    waited = world.api.from_bot(ANNA)
    assert [m["text"] for m in waited] == [f"psst {number}" for number in range(2, 7)]
    assert all("reply_markup" in m for m in waited)
    assert b"psst" not in world.state.stored["waiting"]


async def test_what_an_earlier_version_kept_is_told_as_well(world: World) -> None:
    kept = [[ANNA, datetime.now(UTC).isoformat(), "psst", [[["Gooi weg", "t2", ""]]]]]
    world.state.stored["waiting"] = json.dumps(kept).encode()
    async with world.running():
        world.api.starts(ANNA)
        await world.settled()
    assert [m["text"] for m in world.api.from_bot(ANNA)] == ["psst"]


@pytest.mark.parametrize("why", ["forgotten", "too old"])
async def test_what_waits_is_erased_when_asked_or_after_three_days(
    world: World, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world.running() as adapter:
        await refused(adapter, ShowPrivately(TO_ANNA, "psst", KEYS))
        assert b"psst" in world.state.stored["waiting"]
        if why == "forgotten":
            world.api.says(TEAM, ANNA, "/vergeetmij")
            await world.settled()
            assert b"psst" not in world.state.stored["waiting"]
    if why == "too old":
        monkeypatch.setattr("bot.adapters.telegram.waiting.LASTS", timedelta(0))
    async with world.running():
        assert b"psst" not in world.state.stored["waiting"]
        world.api.starts(ANNA)
        await world.settled()
    assert world.api.from_bot(ANNA) == []


async def test_whoever_blocked_the_bot_is_out_of_reach_for_good(world: World) -> None:
    async with world.running() as adapter:
        world.api.starts(ANNA)
        world.api.blocks(ANNA)
        assert (await refused(adapter, ShowPrivately(TO_ANNA, "psst"))).permanent


async def test_who_writes_as_the_group_cannot_be_whispered_to(world: World) -> None:
    async with world.running() as adapter:
        nobody = ShowPrivately(Account("telegram", str(TEAM)), "psst", (), GROUP)
        assert (await refused(adapter, nobody)).permanent
    assert world.api.texts(TEAM) == []


async def test_a_server_too_old_for_ephemeral_messages_is_shown_nothing(world: World) -> None:
    world.api.knows_ephemeral = False
    async with world.running() as adapter:
        assert (await refused(adapter, ShowPrivately(TO_ANNA, "psst", (), GROUP), "a")).permanent
        world.api.starts(ANNA)
        await adapter.act(ShowPrivately(TO_ANNA, "psst"), "b")
    assert [call["chat_id"] for call in world.api.called("sendMessage")] == [ANNA]


async def test_a_server_that_shows_a_whisper_to_all_does_so_once(world: World) -> None:
    world.api.shows_all = True
    async with world.running() as adapter:
        assert (await refused(adapter, ShowPrivately(TO_ANNA, "psst", (), GROUP), "a")).permanent
        assert world.api.texts(TEAM) == [], "what became visible is taken back at once"
        assert (await refused(adapter, ShowPrivately(TO_ANNA, "psst", (), GROUP), "b")).permanent
    assert len(world.api.called("sendMessage")) == 1


@pytest.mark.parametrize("fault", ["502", "cut before", "429"])
async def test_a_fault_while_asking_what_a_server_knows_decides_nothing(
    world: World, fault: str
) -> None:
    world.api.faults["deleteEphemeralMessage"].append(fault)
    action = ShowPrivately(TO_ANNA, "psst", (), GROUP)
    async with world.running() as adapter:
        assert not (await refused(adapter, action)).permanent
        await adapter.act(action, "k")
    assert [m["text"] for m in world.api.shown(ANNA)] == ["psst"]


async def test_an_answer_to_an_ephemeral_command_is_shown_there_without_start(world: World) -> None:
    async with world.running() as adapter:
        world.api.aside(world.team, ANNA, "/help")
        await world.eventually(lambda: world.events)
        await adapter.act(ShowPrivately(TO_ANNA, "Dit kan ik"), "k")
    assert [m["text"] for m in world.api.shown(ANNA)] == ["Dit kan ik"]


async def test_after_a_button_in_the_group_an_old_server_still_shows_it_nothing(
    world: World,
) -> None:
    world.api.knows_ephemeral = False
    keys = {"inline_keyboard": [[{"text": "Stuur", "callback_data": "t0ken"}]]}
    async with world.running() as adapter:
        message = {**world.api.says(TEAM, ANNA, "hoi"), "reply_markup": keys}
        world.api.presses(ANNA, message, "Stuur")
        await world.settled()
        assert (await refused(adapter, ShowPrivately(TO_ANNA, "psst"))).permanent
    assert TEAM not in [call["chat_id"] for call in world.api.called("sendMessage")]


async def test_a_phone_number_is_told_since_buttons_cannot_dial(world: World) -> None:
    async with world.running() as adapter:
        rows = ((Button("Bel Bert", url="tel:+31612345602"),),)
        await adapter.act(ShowPrivately(TO_ANNA, "Bel even:", rows, GROUP), "k")
    assert world.api.shown(ANNA)[0]["text"] == "Bel even:\nBel Bert: +31612345602"
    assert "reply_markup" not in world.api.shown(ANNA)[0]


async def test_a_token_that_does_not_fit_a_button_is_refused_clearly(world: World) -> None:
    async with world.running() as adapter:
        keys = ((Button("x", "t" * 65),),)
        error = await refused(adapter, ShowPrivately(TO_ANNA, "psst", keys, GROUP))
    assert error.permanent
    assert "64 bytes" in str(error)


# -- removing -------------------------------------------------------------------------------


async def test_a_message_is_removed_and_already_gone_counts_as_done(world: World) -> None:
    async with world.running() as adapter:
        sent = world.api.says(TEAM, ANNA, "Sem heeft ADHD")
        event = await world.heard(MessagePosted)
        assert await adapter.act(RemoveMessage(GROUP, event.message), "k") == Done()
        assert await adapter.act(RemoveMessage(GROUP, event.message), "k") == Done()
    assert sent["text"] not in world.api.texts(TEAM)


async def test_an_album_goes_as_a_whole_also_after_a_restart(world: World) -> None:
    api = world.api
    async with world.running():
        for _ in range(3):
            photo = [api.file(b"p") | {"width": 1, "height": 1}]
            api.says(TEAM, ANNA, photo=photo, media_group_id="g")
        event = await world.heard(MessagePosted)
        await world.settled()
    async with world.running() as adapter:
        await adapter.act(RemoveMessage(GROUP, event.message), "k")
    assert api.texts(TEAM) == []


async def test_a_message_older_than_two_days_is_refused_for_good(world: World) -> None:
    async with world.running() as adapter:
        old = world.api.says(TEAM, ANNA, "oud")
        world.api.now += AFTER_TWO_DAYS
        error = await refused(adapter, RemoveMessage(GROUP, str(old["message_id"])))
    assert error.permanent


async def test_without_the_right_nothing_can_be_removed(world: World) -> None:
    world.team.bot_rights = {"can_restrict_members": True}
    async with world.running() as adapter:
        sent = world.api.says(TEAM, ANNA, "x")
        error = await refused(adapter, RemoveMessage(GROUP, str(sent["message_id"])))
    assert error.permanent
    assert world.api.texts(TEAM) == ["x"]


async def test_a_message_from_before_a_move_keeps_its_own_chat(world: World) -> None:
    small = world.api.group(-55, ANNA, rights=dict(RIGHTS), type="group")
    async with world.running() as adapter:
        world.api.says(-55, ANNA, "voor")
        await world.heard(MessagePosted)
        world.api.migrates(small, -100955)
        world.api.says(-100955, ANNA, "na")
        event = await world.heard(MessagePosted, 2)
        await adapter.act(RemoveMessage(event.chat, event.message), "k")
        await adapter.act(Post(event.chat, "verplaatst"), "k2")
    assert world.api.called("deleteMessage")[-1]["chat_id"] == -100955
    assert world.api.texts(-100955)[-1] == "verplaatst"
    assert "na" not in world.api.texts(-100955)


async def test_a_move_that_nobody_told_yet_is_learnt_from_the_refusal(world: World) -> None:
    small = world.api.group(-55, ANNA, rights=dict(RIGHTS), type="group")
    async with world.running(listening=False) as adapter:
        world.api.migrates(small, -100955)
        post = Post(ChatRef("telegram", "-55"), "hallo")
        error = await refused(adapter, post)
        assert not error.permanent
        await adapter.act(post, "k")
    assert world.api.texts(-100955)[-1] == "hallo"


# -- posting --------------------------------------------------------------------------------


async def test_a_post_can_be_silent_a_reply_and_in_a_topic(world: World) -> None:
    async with world.running() as adapter:
        first = world.api.says(TEAM, ANNA, "hoi")
        post = Post(GROUP, "verplaatst", reply_to=str(first["message_id"]), silent=True,
                    conversation="77")  # fmt: skip
        await adapter.act(post, "k")
    call = world.api.called("sendMessage")[-1]
    assert call["disable_notification"] is True
    assert call["message_thread_id"] == 77
    assert call["reply_parameters"]["message_id"] == first["message_id"]


async def test_the_first_post_shows_the_way_to_the_private_chat_once(world: World) -> None:
    async with world.running() as adapter:
        await adapter.act(Post(GROUP, "Hallo! Ik ben Fluister."), "k1")
    async with world.running() as adapter:
        await adapter.act(Post(GROUP, "verplaatst"), "k2")
    first, second = world.api.from_bot(TEAM)
    button = first["reply_markup"]["inline_keyboard"][0][0]
    assert button["url"] == "https://t.me/fluister_bot?start=hallo"
    assert "reply_markup" not in second


async def test_a_long_text_is_cut_and_nothing_of_it_is_lost(world: World) -> None:
    words = " ".join(f"woord{n}😀" for n in range(1200))
    async with world.running() as adapter:
        await adapter.act(Post(GROUP, words), "k")
    parts = world.api.texts(TEAM)
    assert len(parts) > 2
    assert " ".join(part.strip() for part in parts).split() == words.split()


async def test_what_cannot_be_written_does_not_stop_the_rest(world: World) -> None:
    async with world.running() as adapter:
        await adapter.act(Post(GROUP, "a\x00b\ud800c"), "k")
    assert world.api.texts(TEAM) == ["ab?c"]


async def test_files_are_posted_photos_as_photos(world: World) -> None:
    files = (File("a.jpg", "image/jpeg", b"jpg"), File("b.pdf", "application/pdf", b"pdf"))
    async with world.running() as adapter:
        await adapter.act(Post(GROUP, "van Anna:", files=files), "k1")
        await adapter.act(Post(GROUP, "van Anna: plan", files=files[1:]), "k2")
    assert [c["photo"] for c in world.api.called("sendPhoto")] == [b"jpg"]
    assert [c["document"] for c in world.api.called("sendDocument")] == [b"pdf", b"pdf"]
    assert world.api.called("sendDocument")[1]["caption"] == "van Anna: plan"


async def test_a_photo_telegram_cannot_show_is_posted_as_a_file(world: World) -> None:
    photo = File("a.png", "image/png", b"a strip of 30,000 by 10")
    world.api.faults["sendPhoto"].append("400")
    async with world.running() as adapter:
        await adapter.act(Post(GROUP, "van Anna: rooster", files=(photo,)), "k")
    [call] = world.api.called("sendDocument")
    assert (call["document"], call["caption"]) == (photo.content, "van Anna: rooster")


async def test_another_platform_and_a_snooze_are_refused_for_good(world: World) -> None:
    async with world.running() as adapter:
        elsewhere = Post(ChatRef("slack", "C1"), "x")
        assert (await refused(adapter, elsewhere)).permanent
        when = await refused(adapter, Snooze(TO_ANNA, None))  # type: ignore[arg-type]
        assert when.permanent


# -- closing --------------------------------------------------------------------------------


async def test_a_group_is_closed_and_opens_exactly_as_it_was(world: World) -> None:
    earlier = dict(OPEN) | {"can_send_polls": False, "can_invite_users": False}
    world.team.permissions = dict(earlier)
    async with world.running() as adapter:
        await adapter.act(LockGroup(GROUP, "Rusttijd tot 07:30."), "k1")
        assert not any(v for r, v in world.team.permissions.items() if r.startswith("can_send"))
        await adapter.act(LockGroup(GROUP, "Rusttijd tot 07:30."), "k1")
        await adapter.act(UnlockGroup(GROUP), "k2")
        await adapter.act(UnlockGroup(GROUP), "k2")
    assert world.team.permissions == earlier
    assert len(world.api.from_bot(TEAM)) == 1, "the notice is posted once"
    assert all(c["use_independent_chat_permissions"]
               for c in world.api.called("setChatPermissions"))  # fmt: skip


@pytest.mark.parametrize("fault", ["cut before", "cut after", "502"])
async def test_a_crash_while_closing_or_opening_loses_no_right(world: World, fault: str) -> None:
    earlier = dict(OPEN) | {"can_send_polls": False}
    world.team.permissions = dict(earlier)
    world.api.faults["setChatPermissions"].append(fault)
    async with world.running() as adapter:
        assert not (await refused(adapter, LockGroup(GROUP), "k1")).permanent
    async with world.running() as adapter:  # the process died; another one goes on
        await adapter.act(LockGroup(GROUP), "k1")
        assert world.team.permissions["can_send_messages"] is False
        world.api.faults["setChatPermissions"].append(fault)
        assert not (await refused(adapter, UnlockGroup(GROUP), "k2")).permanent
    async with world.running() as adapter:
        await adapter.act(UnlockGroup(GROUP), "k2")
    assert world.team.permissions == earlier


async def test_a_group_that_may_not_be_closed_is_never_opened_wider(world: World) -> None:
    world.team.bot_rights = {"can_delete_messages": True}
    async with world.running() as adapter:
        assert (await refused(adapter, LockGroup(GROUP), "k1")).permanent
        world.team.permissions["can_send_polls"] = False
        world.team.bot_rights = dict(RIGHTS)
        await adapter.act(UnlockGroup(GROUP), "k2")
    assert world.team.permissions["can_send_polls"] is False


async def test_while_closed_a_private_message_for_the_group_is_handed_on_unseen(
    world: World,
) -> None:
    async with world.running() as adapter:
        world.api.starts(ANNA)
        await adapter.act(LockGroup(GROUP, "Rusttijd."), "k")
        world.receipt = Refuse("Bewaard tot 07:30.")
        world.api.says(ANNA, ANNA, "Voor morgen: de gymzaal is dicht")
        event = await world.heard(MessagePosted)
        await world.eventually(lambda: "Bewaard tot 07:30." in world.api.texts(ANNA))
    assert (event.chat, event.text, event.delivered) == (GROUP, "de gymzaal is dicht", False)
    assert event.sender == TO_ANNA
    assert "voor morgen:" in world.api.texts(TEAM)[0]


async def test_a_private_message_that_becomes_one_for_the_group_is_answered_as_well(
    world: World,
) -> None:
    async with world.running() as adapter:
        world.api.starts(ANNA)
        await adapter.act(LockGroup(GROUP), "k")
        first = world.api.says(ANNA, ANNA, "de gymzaal is dicht")
        await world.heard(MessagePosted)
        world.receipt = Refuse("Bewaard tot 07:30.")
        later = world.api.edits(first, text="voor morgen: de gymzaal is dicht")
        await world.eventually(lambda: "Bewaard tot 07:30." in world.api.texts(ANNA))
        world.receipt = Refuse("Dit is vertrouwelijk.")
        world.api.edits(later, text="voor morgen: Sem is ziek")
        await world.eventually(lambda: "Dit is vertrouwelijk." in world.api.texts(ANNA))
    assert [e.posted.delivered for e in world.of(MessageEdited)] == [False, False]


async def test_when_it_need_not_wait_it_is_posted_under_its_authors_name(world: World) -> None:
    async with world.running() as adapter:
        world.api.starts(ANNA)
        await adapter.act(LockGroup(GROUP), "k")
        world.api.says(ANNA, ANNA, "voor de groep: brood is op")
        await world.eventually(lambda: "Anna:\nbrood is op" in world.api.texts(TEAM))


async def test_its_files_go_along_and_one_that_cannot_be_had_is_told_to_the_author(
    world: World,
) -> None:
    photo = {**world.api.file(b"het rooster"), "width": 1, "height": 1}
    gone = {"file_id": "gone", "file_unique_id": "gone", "width": 1, "height": 1}
    async with world.running() as adapter:
        world.api.starts(ANNA)
        await adapter.act(LockGroup(GROUP), "k")
        world.api.says(ANNA, ANNA, caption="voor de groep: het rooster", photo=[photo])
        await world.settled()
        (sent,) = world.api.called("sendPhoto")
        assert (sent["chat_id"], sent["caption"]) == (TEAM, "Anna:\nhet rooster")
        assert NOT_ALONG not in world.api.texts(ANNA)
        world.api.says(ANNA, ANNA, caption="voor de groep: en dit", photo=[gone])
        world.api.says(ANNA, ANNA, caption="voor de groep:", photo=[gone])
        await world.settled()
    assert world.api.texts(TEAM)[-1] == "Anna:\nen dit"
    assert world.api.texts(ANNA).count(NOT_ALONG) == 2


async def test_while_open_the_same_words_are_an_ordinary_private_message(world: World) -> None:
    async with world.running():
        world.api.says(ANNA, ANNA, "voor morgen: mag ik dit delen?")
        event = await world.heard(MessagePosted)
    assert (event.chat.chat, event.delivered) == (str(ANNA), True)


async def test_nobody_outside_the_group_can_write_into_it(world: World) -> None:
    world.api.person(99, "Vreemde")
    async with world.running() as adapter:
        world.api.starts(99)
        await adapter.act(LockGroup(GROUP), "k")
        world.api.says(99, 99, "voor de groep: hallo")
        event = await world.heard(MessagePosted)
    assert event.chat.chat == "99"


# -- faults ---------------------------------------------------------------------------------


async def test_the_same_key_is_carried_out_once_also_after_a_restart(world: World) -> None:
    async with world.running() as adapter:
        first = await adapter.act(Post(GROUP, "verplaatst"), "k")
    async with world.running() as adapter:
        assert await adapter.act(Post(GROUP, "verplaatst"), "k") == first
    assert world.api.texts(TEAM) == ["verplaatst"]


@pytest.mark.parametrize("fault", ["cut before", "cut after", "502", "429"])
@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("way", ["post", "ephemeral", "private"])
async def test_a_fault_in_mid_call_is_settled_and_never_doubled(
    world: World, fault: str, restart: bool, way: str
) -> None:
    action = {
        "post": Post(GROUP, "eenmaal"),
        "ephemeral": ShowPrivately(TO_ANNA, "eenmaal", KEYS, GROUP),
        "private": ShowPrivately(TO_ANNA, "eenmaal", KEYS),
    }[way]
    async with world.running() as adapter:
        world.api.starts(ANNA)
        world.api.says(TEAM, ANNA, "hoi")
        await world.settled()
        world.api.faults["sendMessage"].append(fault)
        assert not (await refused(adapter, action)).permanent
        world.api.says(TEAM, BERT, "er komt iets tussen")
        await world.settled()
        if not restart:
            await adapter.act(action, "k")
    async with world.running() as adapter:
        await adapter.act(action, "k")
    seen = [*world.api.texts(TEAM), *world.api.texts(ANNA)]
    assert [*seen, *(m["text"] for m in world.api.shown(ANNA))].count("eenmaal") == 1


async def test_a_flood_limit_of_telegrams_keeps_the_chat_still_for_that_long(
    world: World,
) -> None:
    world.api.faults["sendMessage"].append("429 for 40")
    async with world.running() as adapter:
        assert (await refused(adapter, Post(GROUP, "eerst"), "k1")).retry_after == 40
        error = await refused(adapter, Post(GROUP, "daarna"), "k2")
        assert not error.permanent
        assert error.retry_after == 40
        assert len(world.api.called("sendMessage")) == 1, "Telegram is not asked in between"
        world.hurry.now += 40
        await adapter.act(Post(GROUP, "eerst"), "k1")
        await adapter.act(Post(GROUP, "daarna"), "k2")
    assert world.api.texts(TEAM) == ["eerst", "daarna"]


async def test_an_error_never_repeats_what_was_said(world: World) -> None:
    async with world.running() as adapter:
        for fault in ("502", "cut after", "429"):
            world.api.faults["sendMessage"].append(fault)
            error = await refused(adapter, Post(GROUP, "Sem heeft ADHD"), fault)
            assert "Sem" not in f"{error!r} {error.__cause__!r} {error.__suppress_context__}"
            assert error.__suppress_context__


async def test_before_it_is_connected_it_asks_to_come_back(world: World) -> None:
    error = await refused(world.make(), Post(GROUP, "x"))
    assert not error.permanent


async def test_people_are_counted_and_an_unknown_group_is_not(world: World) -> None:
    async with world.running() as adapter:
        assert await adapter.member_count(GROUP) == 2
        assert await adapter.member_count(ChatRef("telegram", "-999")) is None


async def test_who_is_in_a_group_is_told_unless_telegram_does_not_say(world: World) -> None:
    world.api.person(13, "Clara")
    async with world.running() as adapter:
        assert await adapter.is_member(GROUP, TO_ANNA) is True
        assert await adapter.is_member(GROUP, Account("telegram", "13")) is False
        world.api.faults["getChatMember"].append("500")
        assert await adapter.is_member(GROUP, TO_ANNA) is None
