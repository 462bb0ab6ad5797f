"""What the adapter does in Slack, and what it refuses to pretend."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.base import (
    Button,
    File,
    LockGroup,
    Post,
    RemoveMessage,
    ShowPrivately,
    Snooze,
)
from bot.adapters.slack.values import settings_from
from bot.core.events import (
    Account,
    Attachment,
    AttachmentKind,
    ButtonPressed,
    ChatRef,
    MessageDeleted,
    MessagePosted,
)
from bot.errors import ConfigError, DeliveryError
from tests.slack.conftest import TEAMROOM
from tests.slack.fake_slack import BOT_TOKEN, ME

ANNA = Account("slack", "UANNA")
TEAM = ChatRef("slack", TEAMROOM)
ROWS = (
    (Button("Stuur naar team@", "tok-1"),),
    (Button("Bel Bert", url="tel:+31612345601"), Button("Lees het", url="https://school.nl")),
)


async def test_a_whisper_shows_in_the_channel_to_its_reader_alone(office, fake):
    async with office.open():
        done = await office.adapter.act(
            ShowPrivately(ANNA, "Even <!here> onder ons", ROWS, TEAM), "k"
        )
    (shown,) = fake.for_eyes_of("UANNA")
    assert shown.channel == TEAMROOM
    assert shown.text == "Even &lt;!here&gt; onder ons"
    assert fake.texts(TEAMROOM) == []
    assert done.message


async def test_a_telephone_number_becomes_a_link_as_slack_knows_no_such_button(office, fake):
    async with office.open():
        await office.adapter.act(ShowPrivately(ANNA, "Bel nu", ROWS, TEAM), "k")
    blocks = str(fake.ephemerals[0].blocks)
    assert "<tel:+31612345601|Bel Bert>" in blocks
    assert "https://school.nl" in blocks


async def test_somebody_who_left_the_channel_gets_no_ephemeral_but_a_refusal_for_good(office, fake):
    fake.channels[TEAMROOM].members.discard("UANNA")
    async with office.open():
        with pytest.raises(DeliveryError) as refused:
            await office.adapter.act(ShowPrivately(ANNA, "Hoi", (), TEAM), "k")
        await office.adapter.act(ShowPrivately(ANNA, "Hoi", ()), "k2")
    assert refused.value.permanent
    assert fake.texts(fake.dm("UANNA").id) == ["Hoi"]


async def test_a_whisper_is_also_found_in_private_since_slack_forgets_it(office, fake):
    async with office.open():
        await office.adapter.act(ShowPrivately(ANNA, "Hoi", (), TEAM), "k")
    assert len(fake.ephemerals) == 1
    assert fake.texts(fake.dm("UANNA").id) == ["Hoi"]


async def test_a_pressed_whisper_is_replaced_in_place(office, fake):
    async with office.open():
        first = await office.adapter.act(ShowPrivately(ANNA, "Kies", ROWS, TEAM), "k1")
        await fake.press("UANNA", "Stuur naar team@")
        assert (await office.next(ButtonPressed)).token == "tok-1"
        then = ShowPrivately(ANNA, "Verstuurd", (), TEAM, replaces=first.message)
        second = await office.adapter.act(then, "k2")
    (shown,) = fake.for_eyes_of("UANNA")
    assert (shown.text, second.message) == ("Verstuurd", first.message)


async def test_a_whisper_nobody_pressed_cannot_be_replaced_so_a_new_one_is_shown(office, fake):
    async with office.open():
        first = await office.adapter.act(ShowPrivately(ANNA, "Een", (), TEAM), "k1")
        again = ShowPrivately(ANNA, "Twee", (), TEAM, replaces=first.message)
        await office.adapter.act(again, "k2")
    assert [shown.text for shown in fake.ephemerals] == ["Een", "Twee"]


async def test_a_private_message_is_replaced_in_place(office, fake):
    async with office.open():
        first = await office.adapter.act(ShowPrivately(ANNA, "Een", ROWS), "k1")
        await office.adapter.act(ShowPrivately(ANNA, "Twee", (), replaces=first.message), "k2")
    assert fake.texts(fake.dm("UANNA").id) == ["Twee"]


async def test_a_very_long_whisper_with_long_labels_keeps_to_slacks_limits(office, fake):
    rows = tuple((Button("x" * 300, f"t{n}"),) for n in range(30))
    async with office.open():
        await office.adapter.act(ShowPrivately(ANNA, "woord & " * 4000, rows, TEAM), "k")
    assert len(fake.ephemerals) == 1
    assert len(fake.ephemerals[0].text) <= 40_000


async def test_the_same_key_acts_once(office, fake):
    async with office.open():
        one = await office.adapter.act(Post(TEAM, "Hallo"), "same")
        two = await office.adapter.act(Post(TEAM, "Hallo"), "same")
    assert one == two
    assert fake.texts(TEAMROOM) == ["Hallo"]


async def test_a_post_goes_into_its_thread_and_into_the_channel_when_that_is_gone(office, fake):
    async with office.open():
        root = await fake.say(TEAMROOM, "UANNA", "begin")
        await office.adapter.act(Post(TEAM, "in de draad", conversation=root), "k1")
        fake.a_minute_later()
        lost = Post(TEAM, "draad weg", conversation="1.1")
        with pytest.raises(DeliveryError) as refused:
            await office.adapter.act(lost, "k2")
        assert refused.value.retry_after == 1.0
        fake.a_minute_later()
        await office.adapter.act(lost, "k2")
    posted = {m["text"]: m.get("thread_ts") for m in fake.channels[TEAMROOM].messages.values()}
    assert posted == {"begin": None, "in de draad": root, "draad weg": None}


async def test_words_of_a_post_stay_words(office, fake):
    async with office.open():
        await office.adapter.act(Post(TEAM, "<!channel> & <@UBERT>"), "k")
    assert fake.texts(TEAMROOM) == ["&lt;!channel&gt; &amp; &lt;@UBERT&gt;"]


async def test_files_are_posted_along(office, fake):
    async with office.open():
        post = Post(TEAM, "Met bijlage", files=(File("rooster.pdf", "application/pdf", b"abc"),))
        await office.adapter.act(post, "k")
    files = [f for m in fake.channels[TEAMROOM].messages.values() for f in m.get("files", [])]
    assert [file["name"] for file in files] == ["rooster.pdf"]
    assert fake.files[files[0]["id"]]["content"] == b"abc"


async def test_without_the_authors_token_a_message_stays_and_that_is_said_for_good(office, fake):
    async with office.open():
        ts = await fake.say(TEAMROOM, "UANNA", "geheim")
        await office.next(MessagePosted)
        with pytest.raises(DeliveryError) as refused:
            await office.adapter.act(RemoveMessage(TEAM, ts), "k")
    assert refused.value.permanent
    assert fake.texts(TEAMROOM) == ["geheim"]
    assert "chat.delete" not in [method for method, _ in fake.calls]


async def test_with_the_authors_own_token_the_message_goes(office, fake):
    async with office.open():
        await office.adapter._consents.keep("UANNA", fake.own_token("UANNA"))
        ts = await fake.say(TEAMROOM, "UANNA", "geheim")
        await office.next(MessagePosted)
        await office.adapter.act(RemoveMessage(TEAM, ts), "k")
        await office.eventually(lambda: fake.texts(TEAMROOM) == [])


async def test_whose_message_it_is_is_asked_after_a_restart_and_gone_counts_as_done(office, fake):
    ts = fake.ts()
    fake.channels[TEAMROOM].messages[ts] = {"ts": ts, "user": "UANNA", "text": "van gisteren"}
    async with office.open():
        await office.adapter._consents.keep("UANNA", fake.own_token("UANNA"))
        await office.adapter.act(RemoveMessage(TEAM, ts), "k1")
        await office.eventually(lambda: fake.texts(TEAMROOM) == [])
        await office.adapter.act(RemoveMessage(TEAM, ts), "k2")


async def test_what_we_took_away_is_not_told_as_taken_back_not_even_after_a_restart(office, fake):
    async with office.open():
        await office.adapter._consents.keep("UANNA", fake.own_token("UANNA"))
        mine = await fake.say(TEAMROOM, "UANNA", "geheim")
        theirs = await fake.say(TEAMROOM, "UANNA", "bij nader inzien")
        await office.next(MessagePosted, 2)
        old = fake.channels[TEAMROOM].messages[mine]
        await office.adapter.act(RemoveMessage(TEAM, mine), "k")
    fake.a_minute_later()
    async with office.open():
        fake.channels[TEAMROOM].messages[mine] = old
        await fake.delete(TEAMROOM, mine)
        await fake.delete(TEAMROOM, theirs)
        await office.next(MessageDeleted)
    assert [event.message for event in office.of(MessageDeleted)] == [theirs]


async def test_somebody_elses_token_is_never_used(office, fake):
    async with office.open():
        await office.adapter._consents.keep("UBERT", fake.own_token("UBERT"))
        ts = await fake.say(TEAMROOM, "UANNA", "geheim")
        await office.next(MessagePosted)
        with pytest.raises(DeliveryError):
            await office.adapter.act(RemoveMessage(TEAM, ts), "k")
    assert fake.texts(TEAMROOM) == ["geheim"]


@pytest.mark.parametrize("word", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_a_revoked_token_is_forgotten_and_the_author_will_be_asked(office, fake, word):
    token = fake.own_token("UANNA")
    async with office.open():
        await office.adapter._consents.keep("UANNA", token)
        fake.tokens[token].alive, fake.tokens[token].ended = False, word
        ts = await fake.say(TEAMROOM, "UANNA", "geheim")
        await office.next(MessagePosted)
        with pytest.raises(DeliveryError) as refused:
            await office.adapter.act(RemoveMessage(TEAM, ts), "k")
        assert refused.value.permanent
        assert await office.adapter._consents.token("UANNA") is None


async def test_our_own_message_needs_nobodys_token(office, fake):
    async with office.open():
        done = await office.adapter.act(Post(TEAM, "van mij"), "k1")
        await office.adapter.act(RemoveMessage(TEAM, done.message), "k2")
        await office.eventually(lambda: fake.texts(TEAMROOM) == [])


async def test_do_not_disturb_takes_the_members_own_token(office, fake):
    until = datetime.now(UTC) + timedelta(hours=2)
    async with office.open():
        with pytest.raises(DeliveryError) as refused:
            await office.adapter.act(Snooze(ANNA, until), "k1")
        await office.adapter._consents.keep("UANNA", fake.own_token("UANNA"))
        await office.adapter.act(Snooze(ANNA, until), "k2")
    assert refused.value.permanent
    assert fake.snoozed == {"UANNA": 120}


async def test_means_are_told_as_they_are(office, fake):
    async with office.open():
        without = office.adapter.capabilities
        await office.adapter._consents.keep("UANNA", "xoxp-1")
        having = office.adapter.capabilities
        await office.adapter._consents.drop("UANNA")
        after = office.adapter.capabilities
        with pytest.raises(DeliveryError):
            await office.adapter.act(LockGroup(TEAM), "k")
    assert (without.delete_others, after.delete_others) == (None, None)
    assert having.delete_others is not None
    assert without.ephemeral
    assert not without.lock


async def test_too_many_calls_is_a_wait_and_no_refusal(office, fake):
    async with office.open():
        fake.limited["chat.postMessage"] = 1
        with pytest.raises(DeliveryError) as refused:
            await office.adapter.act(Post(TEAM, "Hallo"), "k")
        assert (refused.value.permanent, refused.value.retry_after) == (False, 1.0)
        await office.adapter.act(Post(TEAM, "Hallo"), "k")
    assert fake.texts(TEAMROOM) == ["Hallo"]


async def test_no_answer_is_uncertain_and_another_try(office, fake):
    async with office.open():
        await fake.stop()
        with pytest.raises(DeliveryError) as refused:
            await office.adapter.act(Post(TEAM, "zeer geheim"), "k")
    assert (refused.value.permanent, refused.value.uncertain) == (False, True)
    assert "geheim" not in str(refused.value)


async def test_a_dead_bot_token_is_said_at_the_start(office, fake):
    fake.tokens[BOT_TOKEN].alive = False
    with pytest.raises(DeliveryError, match="token_revoked") as refused:
        await office.make().connect()
    assert refused.value.permanent


async def test_a_wrong_app_token_is_said_at_the_start(office, fake):
    office.settings["FLUISTER_SLACK_APP_TOKEN"] = "xapp-wrong"
    adapter = office.make()
    with pytest.raises(DeliveryError, match="invalid_auth"):
        await adapter.connect()
    await adapter.close()


@pytest.mark.parametrize(("mode", "missing"), [("socket", "APP_TOKEN"), ("http", "SIGNING_SECRET")])
def test_each_mode_says_which_key_it_misses(mode, missing):
    values = {"FLUISTER_SLACK_BOT_TOKEN": "xoxb-1", "FLUISTER_SLACK_MODE": mode}
    with pytest.raises(ConfigError, match=f"FLUISTER_SLACK_{missing}"):
        settings_from(values)


async def test_a_file_too_large_or_behind_a_sign_in_page_is_not_fetched(office, fake):
    fake.file("F1", "film.mp4", "video/mp4", b"x")
    fake.files["F1"]["size"] = 21 * 1024 * 1024
    fake.file("F2", "brief.pdf", "application/pdf", b"x")
    fake.files["F2"]["url_private"] = "https://elsewhere.example/files/F2"
    async with office.open():
        for ref in ("F1", "F2", "F3"):
            with pytest.raises(DeliveryError) as refused:
                await office.adapter.fetch(Attachment(AttachmentKind.DOCUMENT, ref))
            assert refused.value.permanent


async def test_members_are_counted_without_us(office, fake):
    async with office.open():
        assert await office.adapter.member_count(TEAM) == 2
        assert await office.adapter.member_count(ChatRef("slack", "C0NONE")) is None
    assert ME in fake.channels[TEAMROOM].members


async def test_who_is_in_a_channel_is_looked_up_page_by_page(office, fake):
    fake.page = 1
    fake.person("UCLARA", "Clara")
    async with office.open():
        for user, inside in (("UANNA", True), ("UBERT", True), ("UCLARA", False)):
            assert await office.adapter.is_member(TEAM, Account("slack", user)) is inside
        elsewhere = ChatRef("slack", "C0NONE")
        assert await office.adapter.is_member(elsewhere, ANNA) is None
        fake.limited["conversations.members"] = 1
        assert await office.adapter.is_member(TEAM, ANNA) is None


def test_nothing_of_a_setting_shows_in_its_repr():
    values = {"FLUISTER_SLACK_BOT_TOKEN": "xoxb-1", "FLUISTER_SLACK_APP_TOKEN": "xapp-1"}
    shown = repr(settings_from(values))
    assert "xoxb" not in shown
    assert "xapp" not in shown
