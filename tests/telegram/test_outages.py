"""Telegram away, refusing, or answering nonsense: nothing stops for good and nothing is lost."""

import asyncio
import itertools

import pytest

from bot.adapters.base import LockGroup, Post, RemoveMessage, ShowPrivately, UnlockGroup
from bot.adapters.telegram import adapter as adapter_module
from bot.adapters.telegram import inbox, polling
from bot.core.events import (
    Account,
    BotAdded,
    ButtonPressed,
    ChatRef,
    Incoming,
    MessagePosted,
    Receipt,
)
from bot.errors import DeliveryError, StorageError
from tests.telegram.conftest import ANNA, BERT, RIGHTS, TEAM, World
from tests.telegram.fake_api import FakeApi, Group

GROUP = ChatRef("telegram", str(TEAM))
TO_ANNA = Account("telegram", str(ANNA))


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait briefly between attempts."""
    monkeypatch.setattr(adapter_module, "LONGEST_WAIT", 0.02)
    monkeypatch.setattr(polling, "LONGEST_WAIT", 0.02)
    monkeypatch.setattr(adapter_module, "MENUS_AGAIN_SECONDS", 0.02)


# -- beginning ------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook"])
async def test_an_outage_at_the_start_is_waited_out_however_long(world: World, method: str) -> None:
    world.api.faults[method] += ["502", "500", "cut before", "no object", "502", "502", "502"]
    world.api.says(TEAM, ANNA, "gezegd voor het begin")
    async with world.running() as adapter:
        assert (await world.heard(MessagePosted)).text == "gezegd voor het begin"
        await adapter.act(Post(GROUP, "hallo"), "k")


async def test_until_telegram_can_be_reached_what_is_asked_is_kept_for_later(world: World) -> None:
    world.api.faults["getMe"] += ["502"] * adapter_module.CONNECT_ATTEMPTS
    async with world.running(listening=False) as adapter:
        with pytest.raises(DeliveryError) as caught:
            await adapter.act(Post(GROUP, "hallo"), "k")
    assert not caught.value.permanent
    assert caught.value.retry_after is None, "it may take long: wait longer each time"


async def test_a_long_silence_asked_for_at_the_start_keeps_nothing_else_waiting(
    world: World,
) -> None:
    world.api.faults["getMe"].append("429 for 40")
    adapter = world.make()
    await asyncio.wait_for(adapter.connect(), 4)
    listening = asyncio.create_task(adapter.receive())
    await asyncio.sleep(0.2)
    assert len(world.api.called("getMe")) == 1, "and Telegram is left alone for that long"
    listening.cancel()
    await adapter.close()


async def test_a_menu_that_was_refused_for_a_moment_is_set_later(world: World) -> None:
    world.api.faults["setMyCommands"] += ["502", "no object"]
    async with world.running():
        await world.eventually(lambda: len(world.api.menus) == 6)
    told = {scope: {c["command"] for c in menu} for (scope, _), menu in world.api.menus.items()}
    asked = {"magditdelen", "dringend", "stilte", "vrij", "help"}
    assert asked <= told["all_private_chats"]
    assert told["all_group_chats"] == asked
    assert told["all_chat_administrators"] == {*asked, "instellen"}


# -- listening ------------------------------------------------------------------------------


async def test_a_token_taken_back_for_a_while_stops_nothing(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.api.faults["getUpdates"] += ["401", "401"]
    async with world.running():
        world.api.says(TEAM, ANNA, "na de storing")
        assert (await world.heard(MessagePosted)).text == "na de storing"
    assert "BotFather" in caplog.text


async def test_a_token_refused_for_a_while_does_not_look_like_an_old_server(world: World) -> None:
    whisper = ShowPrivately(TO_ANNA, "psst", (), GROUP)
    async with world.running(listening=False) as adapter:
        world.api.faults["deleteEphemeralMessage"].append("401")
        with pytest.raises(DeliveryError) as caught:
            await adapter.act(whisper, "k")
        assert not caught.value.permanent
        await adapter.act(whisper, "k")
    assert [m["text"] for m in world.api.shown(ANNA)] == ["psst"]


async def test_a_webhook_that_another_program_set_is_taken_away(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async with world.running():
        await world.eventually(lambda: world.api.polls)
        world.api.webhook = {"url": "http://127.0.0.1:1/", "secret_token": "x"}
        world.api._spawn = lambda work: work.close()  # type: ignore[method-assign]
        world.api.says(TEAM, ANNA, "een")
        world.api.says(TEAM, ANNA, "twee")
        assert (await world.heard(MessagePosted, 2)).text == "twee"
        await world.eventually(lambda: "another program set a webhook" in caplog.text)
    assert world.api.webhook is None


async def test_a_webhook_that_another_program_took_away_is_set_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter_module, "LOOK_AT_HOOK_SECONDS", 0.02)
    world.more = {
        "FLUISTER_TELEGRAM_MODE": "webhook",
        "FLUISTER_TELEGRAM_WEBHOOK_SECRET": "s3cret-of-this-webhook",
        "FLUISTER_WEB_BIND": "127.0.0.1:0",
        "FLUISTER_WEB_URL": "https://fluister.example",
    }
    async with world.running():
        first, world.api.webhook = world.api.webhook, None
        world.api.faults["getWebhookInfo"] += ["502"]
        await world.eventually(lambda: world.api.webhook)
    assert world.api.webhook == first


async def test_what_can_never_be_taken_in_does_not_hold_up_everybody_else(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    usual = world.on_incoming

    async def stumbles(event: Incoming) -> Receipt:
        if isinstance(event, MessagePosted) and event.text == "struikelsteen":
            raise RuntimeError(event.text)
        return await usual(event)

    world.on_incoming = stumbles  # type: ignore[method-assign]
    async with world.running():
        world.api.says(TEAM, ANNA, "struikelsteen")
        world.api.says(TEAM, ANNA, "gewoon")
        assert (await world.heard(MessagePosted)).text == "gewoon"
    assert "is given up (RuntimeError)" in caplog.text
    assert "struikelsteen" not in caplog.text


async def test_as_long_as_storage_is_away_nothing_is_given_up(world: World) -> None:
    usual, away = world.on_incoming, itertools.count()

    async def without_storage(event: Incoming) -> Receipt:
        if next(away) < 3 * inbox.MOST_TRIES:
            raise StorageError("the disk is full")
        return await usual(event)

    world.on_incoming = without_storage  # type: ignore[method-assign]
    async with world.running():
        world.api.says(TEAM, ANNA, "een")
        assert (await world.heard(MessagePosted)).text == "een"


async def test_words_beside_something_unreadable_are_judged_all_the_same(world: World) -> None:
    async with world.running():
        world.api.says(TEAM, ANNA, "Sem heeft ADHD", venue={"title": "?"}, poll={"question": 3})
        assert (await world.heard(MessagePosted)).text == "Sem heeft ADHD"
    world.api.violations.clear()


async def test_a_forged_button_is_answered_whatever_stands_in_it(world: World) -> None:
    async with world.running():
        for number, data in enumerate(["", "x" * 64, "\ud83d half", "a\x00b"]):
            query = {"id": f"f{number}", "from": world.api.people[ANNA], "chat_instance": "1",
                     "message": {"chat": world.api._chat(TEAM), "message_id": 4, "date": 0},
                     "data": data}  # fmt: skip
            world.api._tell("callback_query", query)
        await world.eventually(lambda: len(world.api.answers) == 4)
    for event in world.events:
        assert isinstance(event, ButtonPressed)
        assert event.token.encode("utf-8").count(0) == 0


# -- acting ---------------------------------------------------------------------------------


async def test_what_somebody_cannot_be_told_now_keeps_nobody_else_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter_module, "SAY_AGAIN_SECONDS", 0.02)
    async with world.running() as adapter:
        with pytest.raises(DeliveryError):
            await adapter.act(ShowPrivately(TO_ANNA, "psst"), "k")
        world.api.faults["sendMessage"].append("429 for 40")
        world.api.starts(ANNA)
        world.api.says(TEAM, BERT, "hoi")
        assert (await world.heard(MessagePosted)).text == "hoi"
        assert world.api.from_bot(ANNA) == []
        world.hurry.now += 40
        await world.eventually(lambda: world.api.from_bot(ANNA))
        await world.settled()
    assert [m["text"] for m in world.api.from_bot(ANNA)] == ["psst"]
    assert b"psst" not in world.state.stored["waiting"]


@pytest.mark.parametrize("method", ["getChat", "getChatMemberCount", "getChatMember"])
async def test_an_answer_nobody_can_read_costs_no_message(world: World, method: str) -> None:
    small = world.api.group(-55, ANNA, rights=dict(RIGHTS), type="group")
    new = world.api.group(-100955, BERT, rights=dict(RIGHTS))
    async with world.running() as adapter:
        world.api.starts(ANNA)
        world.api.says(small.id, ANNA, "eerst")
        await world.heard(MessagePosted)
        await adapter.act(LockGroup(GROUP), "l")
        world.api.faults[method] += ["empty"] * 5
        world.api.says(ANNA, ANNA, "voor de groep: brood is op")
        world.api.says(new.id, BERT, "welkom", new_chat_members=[world.api.people[ANNA]])
        await world.heard(MessagePosted, 3)
    assert {e.text for e in world.of(MessagePosted)} >= {"eerst", "welkom"}


async def test_a_server_that_tells_no_more_than_it_must_is_understood(world: World) -> None:
    for method in ("getChat", "getChatMember", "getChatAdministrators"):
        world.api.faults[method].append("sparse")
    earlier = dict(world.team.permissions)
    async with world.running() as adapter:
        world.api.starts(ANNA)
        await adapter.act(LockGroup(GROUP), "l")
        assert world.team.permissions["can_send_messages"] is False
        world.api.says(ANNA, ANNA, "voor de groep: brood is op")
        held = await world.heard(MessagePosted)
        await adapter.act(UnlockGroup(GROUP), "u")
        other = world.api.group(-1002, BERT, ANNA)
        world.api.adds_bot(other, BERT, dict(RIGHTS))
        added = await world.heard(BotAdded)
    assert world.team.permissions == earlier
    assert (held.chat, held.delivered) == (GROUP, False)
    assert [admin.user for admin in added.admins] == [str(BERT)]


async def test_what_comes_of_an_album_after_it_was_removed_goes_as_well(world: World) -> None:
    photo = {"width": 1, "height": 1}

    def part() -> None:
        world.api.says(TEAM, ANNA, photo=[world.api.file(b"p") | photo], media_group_id="g")

    async with world.running() as adapter:
        part()
        part()
        event = await world.heard(MessagePosted)
        await adapter.act(RemoveMessage(event.chat, event.message), "k")
        world.api.faults["deleteMessage"].append("502")
        part()
        await world.settled()
    async with world.running():
        part()
        await world.settled()
    assert [key for key in world.api.messages if key[0] == TEAM] == []


async def test_one_part_that_cannot_be_removed_does_not_keep_the_others(world: World) -> None:
    photo = {"width": 1, "height": 1}
    async with world.running() as adapter:
        parts = [
            world.api.says(TEAM, ANNA, photo=[world.api.file(b"p") | photo], media_group_id="g")
            for _ in range(3)
        ]
        event = await world.heard(MessagePosted)
        parts[0]["date"] -= 49 * 3600
        with pytest.raises(DeliveryError) as caught:
            await adapter.act(RemoveMessage(event.chat, event.message), "k")
    assert caught.value.permanent
    assert [number for chat, number in world.api.messages if chat == TEAM] == [1]


async def test_in_a_topic_that_was_closed_a_whisper_is_seen_in_the_groups_own_line(
    world: World,
) -> None:
    async with world.running() as adapter:
        world.api.says(TEAM, ANNA, "hoi", message_thread_id=77, is_topic_message=True)
        await world.heard(MessagePosted)
        world.api.closed_topics.add(77)
        await adapter.act(ShowPrivately(TO_ANNA, "psst", (), GROUP), "k")
        await adapter.act(Post(GROUP, "verplaatst", conversation="77"), "k2")
    assert [m["text"] for m in world.api.shown(ANNA)] == ["psst"]
    assert "verplaatst" in world.api.texts(TEAM)


async def test_the_very_first_whisper_is_not_doubled_wherever_its_numbers_stand(
    world: World,
) -> None:
    world.api._ids = itertools.count(7_000_000_000)
    whisper = ShowPrivately(TO_ANNA, "eenmaal", (), GROUP)
    async with world.running(listening=False) as adapter:
        world.api.faults["sendMessage"].append("cut after")
        with pytest.raises(DeliveryError):
            await adapter.act(whisper, "k")
        await adapter.act(whisper, "k")
    assert [m["text"] for m in world.api.shown(ANNA)] == ["eenmaal"]


async def test_a_post_whose_answer_is_lost_after_a_restart_is_not_doubled(world: World) -> None:
    async with world.running() as adapter:
        for number in range(60):
            world.api.says(TEAM, ANNA, f"bericht {number}")
        await world.heard(MessagePosted, 60)
        await adapter.act(RemoveMessage(GROUP, "1"), "r")
        await world.settled()
    async with world.running(listening=False) as adapter:
        world.api.faults["sendMessage"].append("cut after")
        with pytest.raises(DeliveryError):
            await adapter.act(Post(GROUP, "goedemorgen"), "k")
        await adapter.act(Post(GROUP, "goedemorgen"), "k")
    assert world.api.texts(TEAM).count("goedemorgen") == 1


async def test_a_lost_answer_is_found_when_the_bot_talked_with_many_others(world: World) -> None:
    to_bert = Account("telegram", str(BERT))
    async with world.running() as adapter:
        world.api.starts(ANNA)
        world.api.starts(BERT)
        await world.settled()
        for number in range(40):
            await adapter.act(ShowPrivately(to_bert, f"bericht {number}"), f"b{number}")
        world.api.faults["sendMessage"].append("cut after")
        with pytest.raises(DeliveryError):
            await adapter.act(ShowPrivately(TO_ANNA, "eenmaal"), "k")
        await adapter.act(ShowPrivately(to_bert, "er komt iets tussen"), "b")
    async with world.running(listening=False) as adapter:
        await adapter.act(ShowPrivately(TO_ANNA, "eenmaal"), "k")
    assert [m["text"] for m in world.api.from_bot(ANNA)] == ["eenmaal"]


async def test_what_is_said_in_a_supergroup_before_its_move_is_told_is_said_in_the_same_chat(
    world: World,
) -> None:
    small = world.api.group(-55, ANNA, rights=dict(RIGHTS), type="group")
    async with world.running():
        world.api.says(-55, ANNA, "voor")
        before = await world.heard(MessagePosted)
        new = _moves_silently(world.api, -55, -100955)
        world.api.adds_bot(new, ANNA, dict(RIGHTS))
        world.api.says(-100955, ANNA, "na")
        after = await world.heard(MessagePosted, 2)
        world.api.migrates(small, -100955)
        await world.settled()
    assert after.chat == before.chat
    assert len(world.events) == 2, "the bot was not added to a new group"


async def test_being_added_to_a_group_that_moved_meanwhile_is_told_and_holds_nothing_up(
    world: World,
) -> None:
    small = world.api.group(-55, ANNA, BERT, rights=dict(RIGHTS), type="group")
    world.api.adds_bot(small, ANNA, dict(RIGHTS))
    _moves_silently(world.api, -55, -100955)
    async with world.running():
        added = await world.heard(BotAdded)
        world.api.says(TEAM, ANNA, "hoi")
        await world.heard(MessagePosted)
    assert added.chat == ChatRef("telegram", "-55")
    assert [admin.user for admin in added.admins] == [str(ANNA)]


async def test_a_move_is_learnt_from_whatever_is_asked_first(world: World) -> None:
    ref = ChatRef("telegram", "-55")
    world.api.group(-55, ANNA, rights=dict(RIGHTS), type="group")
    async with world.running(listening=False) as adapter:
        first = await adapter.act(ShowPrivately(TO_ANNA, "een", (), ref), "w")
        _moves_silently(world.api, -55, -100955)
        again = ShowPrivately(TO_ANNA, "twee", (), ref, replaces=first.message)
        await adapter.act(again, "w2")
        assert await adapter.member_count(ref) == 1
        await adapter.act(LockGroup(ref), "l")
    assert world.api.groups[-100955].permissions["can_send_messages"] is False
    assert "twee" in [m["text"] for m in world.api.shown(ANNA)]


def _moves_silently(api: FakeApi, old: int, new: int) -> Group:
    """The group moves; the messages that say so come later."""
    group = api.groups[old]
    made = api.group(new, *group.members, rights=group.bot_rights)
    group.moved_to = new
    return made


# -- one chat after the other ---------------------------------------------------------------


async def test_in_one_chat_posts_go_one_at_a_time_in_order_while_another_chat_goes_on(
    world: World,
) -> None:
    other = ChatRef("telegram", "-1002")
    world.api.group(-1002, BERT, ANNA, rights=dict(RIGHTS))
    world.api.slow = 0.03
    words = [f"bericht {number}" for number in range(12)]
    async with world.running(listening=False) as adapter:
        begun = asyncio.get_running_loop().time()
        posts = [adapter.act(Post(GROUP, text), text) for text in words]
        await asyncio.gather(*posts, adapter.act(Post(other, "elders"), "other"))
        took = asyncio.get_running_loop().time() - begun
    assert world.api.texts(TEAM) == words
    assert world.api.most_in_hand[TEAM] == 1
    assert took < 13 * 0.03 * 4
    sends = [given["chat_id"] for given in world.api.called("sendMessage")]
    assert sends.index(-1002) <= 2, "the other chat did not wait for this one"


async def test_a_pace_forgotten_by_a_restart_costs_a_wait_and_no_message(world: World) -> None:
    async with world.running(listening=False) as adapter:
        for number in range(20):
            await adapter.act(Post(GROUP, f"bericht {number}"), f"k{number}")
    world.hurry.now = 0.0
    async with world.running(listening=False) as adapter:
        with pytest.raises(DeliveryError) as caught:
            await adapter.act(Post(GROUP, "nog een"), "k")
        assert not caught.value.permanent
        wait = caught.value.retry_after or 0
        assert wait > 30
        world.api.now += wait
        world.hurry.now += wait
        await adapter.act(Post(GROUP, "nog een"), "k")
    assert world.api.texts(TEAM).count("nog een") == 1
    assert len(world.api.texts(TEAM)) == 21
