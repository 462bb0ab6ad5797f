"""What members and administrators gave leave for, and nothing else, is done in their name."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.base import Post, RemoveMessage, ShowPrivately, Snooze, WayTo
from bot.adapters.slack import renewing
from bot.adapters.slack.renewing import Renewed
from bot.core.events import Account, ChatRef, MessagePosted
from bot.errors import DeliveryError
from tests.slack.conftest import TEAMROOM
from tests.slack.fake_slack import CLIENT_ID, CLIENT_SECRET

ANNA, BERT = Account("slack", "UANNA"), Account("slack", "UBERT")
TEAM = ChatRef("slack", TEAMROOM)


async def connect(office, fake, user, **renewed):
    token = fake.own_token(user)
    known = Renewed(token, **renewed) if renewed else None
    await office.adapter._consents.keep(user, token, known)
    return token


async def test_an_administrator_who_lends_their_right_removes_what_others_wrote(office, fake):
    fake.users["UBERT"]["is_admin"] = True
    async with office.open():
        await connect(office, fake, "UBERT")
        ts = await fake.say(TEAMROOM, "UANNA", "geheim")
        await office.next(MessagePosted)
        with pytest.raises(DeliveryError):
            await office.adapter.act(RemoveMessage(TEAM, ts), "k1")
        await office.adapter._consents.choose("UBERT", lends=True)
        assert (await office.adapter.means_for(ANNA)).delete_others is not None
        await office.adapter.act(RemoveMessage(TEAM, ts), "k2")
        await office.eventually(lambda: fake.texts(TEAMROOM) == [])


async def test_an_administrators_token_from_the_installation_removes_too(office, fake):
    fake.users["UBERT"]["is_admin"] = True
    token = fake.own_token("UBERT", "chat:write")
    async with office.open(SLACK_ADMIN_TOKEN=token):
        ts = await fake.say(TEAMROOM, "UANNA", "geheim")
        await office.next(MessagePosted)
        await office.adapter.act(RemoveMessage(TEAM, ts), "k")
        await office.eventually(lambda: fake.texts(TEAMROOM) == [])
        assert (await office.adapter.means_for(ANNA)).post_as_author is False


async def test_only_an_administrator_can_lend_that_right(office, fake):
    async with office.open():
        await connect(office, fake, "UANNA")
        payload = {"user": {"id": "UANNA"}, "actions": [{"value": "slack:lend"}]}
        fronting = office.adapter._here.fronting
        assert await fronting.pressed("UANNA", payload)
        assert await office.adapter._consents.lenders() == ()
        fake.users["UANNA"]["is_admin"] = True
        fronting.people.forget("UANNA")
        assert await fronting.pressed("UANNA", payload)
        assert await office.adapter._consents.lenders() == ("UANNA",)


async def test_a_post_in_somebodys_name_is_theirs_and_is_not_heard_again(office, fake):
    async with office.open():
        await connect(office, fake, "UANNA")
        done = await office.adapter.act(Post(TEAM, "weer terug", author=ANNA), "k")
        assert fake.channels[TEAMROOM].messages[done.message]["user"] == "UANNA"
        await fake.say(TEAMROOM, "UBERT", "daarna")
        await office.next(MessagePosted)
    assert [event.text for event in office.of(MessagePosted)] == ["daarna"]


async def test_slack_posts_a_planned_message_in_its_authors_name(office, fake):
    at = datetime.now(UTC) + timedelta(hours=10)
    async with office.open():
        adapter = office.adapter
        assert not await adapter.schedule(Post(TEAM, "morgen", author=ANNA), "1.1", at)
        await connect(office, fake, "UANNA")
        assert await adapter.schedule(Post(TEAM, "morgen <b>", author=ANNA), "1.1", at)
        assert await adapter.schedule(Post(TEAM, "morgen <b>", author=ANNA), "1.1", at)
        (plan,) = fake.planned.values()
        assert (plan["user"], plan["post_at"]) == ("UANNA", int(at.timestamp()))
        assert plan["text"] == "morgen &lt;b&gt;"
        await fake.time_comes()
        assert await adapter.unschedule(TEAM, "1.1") is True


async def test_a_plan_can_be_taken_back_until_slack_posted_it(office, fake):
    at = datetime.now(UTC) + timedelta(hours=10)
    async with office.open():
        await connect(office, fake, "UANNA")
        await office.adapter.schedule(Post(TEAM, "morgen", author=ANNA), "1.1", at)
        assert await office.adapter.unschedule(TEAM, "1.1") is False
    assert fake.planned == {}


async def test_a_plan_whose_answer_never_came_is_not_made_twice(office, fake):
    at = datetime.now(UTC) + timedelta(hours=10)
    async with office.open():
        await connect(office, fake, "UANNA")
        await office.adapter.schedule(Post(TEAM, "morgen", author=ANNA), "1.1", at)
        key = f"planned:{TEAMROOM}:1.1"
        lost = office.state.kept[key].replace(next(iter(fake.planned)).encode(), b"")
        office.state.kept[key] = lost
        assert await office.adapter.schedule(Post(TEAM, "morgen", author=ANNA), "1.1", at)
        assert len(fake.planned) == 1
        assert await office.adapter.unschedule(TEAM, "1.1") is False
    assert fake.planned == {}


async def test_who_was_silenced_once_is_not_silenced_again_that_night(office, fake):
    until = datetime.now(UTC) + timedelta(hours=60)
    async with office.open():
        await connect(office, fake, "UANNA")
        assert await office.adapter.silenceable() == (ANNA,)
        await office.adapter.act(Snooze(ANNA, until), "monday")
        assert fake.snoozed.pop("UANNA") == 60 * 60
        await office.adapter.act(Snooze(ANNA, until), "tuesday")
    assert fake.snoozed == {}


async def test_a_silence_slack_finds_too_long_is_asked_for_a_day_at_a_time(office, fake):
    fake.longest_snooze = 1440
    until = datetime.now(UTC) + timedelta(hours=60)
    async with office.open():
        await connect(office, fake, "UANNA")
        await office.adapter.act(Snooze(ANNA, until), "monday")
        assert fake.snoozed.pop("UANNA") == 1440
        await office.adapter.act(Snooze(ANNA, until), "tuesday")
    assert fake.snoozed == {"UANNA": 1440}


async def test_who_wants_sounds_is_not_silenced_and_wakes_at_once(office, fake):
    until = datetime.now(UTC) + timedelta(hours=2)
    async with office.open():
        await connect(office, fake, "UANNA")
        await office.adapter.act(Snooze(ANNA, until), "k1")
        payload = {"user": {"id": "UANNA"}, "actions": [{"value": "slack:sounds"}]}
        await office.adapter._here.fronting.pressed("UANNA", payload)
        assert fake.snoozed == {}
        assert await office.adapter.silenceable() == ()
        with pytest.raises(DeliveryError):
            await office.adapter.act(Snooze(ANNA, until), "k2")


async def test_a_whisper_leads_to_the_message_it_is_about(office, fake):
    async with office.open():
        ts = await fake.say(TEAMROOM, "UANNA", "geheim")
        way = WayTo(TEAM, ts, "Naar je bericht")
        await office.adapter.act(ShowPrivately(ANNA, "Hoi", (), TEAM, about=way), "k1")
        fake.a_minute_later()
        gone = WayTo(TEAM, "1.1", "Naar je bericht")
        await office.adapter.act(ShowPrivately(ANNA, "Weg", (), TEAM, about=gone), "k2")
    first, second = (str(shown.blocks) for shown in fake.ephemerals)
    assert f"school.slack.com/archives/{TEAMROOM}/p{ts.replace('.', '')}" in first
    assert "Naar je bericht" not in second


ROTATING = {"SLACK_CLIENT_ID": CLIENT_ID, "SLACK_CLIENT_SECRET": CLIENT_SECRET}


async def test_a_token_that_ends_soon_is_renewed_before_it_is_used(office, fake):
    async with office.open(**ROTATING):
        old = fake.own_token("UANNA")
        refresh = fake.refresh_token(old)
        soon = Renewed(old, refresh, time.time() + 60)
        await office.adapter._consents.keep("UANNA", old, soon)
        fresh = await office.adapter._consents.token("UANNA")
        assert fresh != old
        assert await office.adapter._consents.token("UANNA") == fresh
        assert (await office.adapter._consents.of("UANNA")).expires > time.time() + 40_000


async def test_a_token_slack_calls_expired_is_renewed_and_the_next_try_works(office, fake):
    async with office.open(**ROTATING):
        old = fake.own_token("UANNA")
        later = Renewed(old, fake.refresh_token(old), time.time() + 9_000)
        await office.adapter._consents.keep("UANNA", old, later)
        fake.tokens[old].expired = True
        ts = await fake.say(TEAMROOM, "UANNA", "geheim")
        await office.next(MessagePosted)
        with pytest.raises(DeliveryError) as refused:
            await office.adapter.act(RemoveMessage(TEAM, ts), "k")
        assert not refused.value.permanent
        await office.adapter.act(RemoveMessage(TEAM, ts), "k")
        await office.eventually(lambda: fake.texts(TEAMROOM) == [])


async def test_a_refresh_token_slack_refuses_ends_the_consent(office, fake):
    async with office.open(**ROTATING):
        old = fake.own_token("UANNA")
        await office.adapter._consents.keep("UANNA", old, Renewed(old, "xoxe-used", 1.0))
        assert await office.adapter._consents.token("UANNA") is None
        assert await office.adapter._consents.users() == frozenset()


async def test_a_mistake_in_the_installation_ends_nobodys_consent(office, fake):
    async with office.open(**{**ROTATING, "SLACK_CLIENT_SECRET": "mistyped"}):
        old = fake.own_token("UANNA")
        soon = Renewed(old, fake.refresh_token(old), time.time() + 60)
        await office.adapter._consents.keep("UANNA", old, soon)
        assert await office.adapter._consents.token("UANNA") is None
        assert (await office.adapter._consents.of("UANNA")).access == old
    fake.a_minute_later()
    async with office.open(**ROTATING):
        assert await office.adapter._consents.token("UANNA") not in (None, old)


async def test_nothing_is_promised_in_the_name_of_who_has_a_token_that_is_not_renewed(office, fake):
    async with office.open(**{**ROTATING, "SLACK_CLIENT_SECRET": "mistyped"}):
        old = fake.own_token("UANNA")
        soon = Renewed(old, fake.refresh_token(old), time.time() + 60)
        await office.adapter._consents.keep("UANNA", old, soon)
        means = await office.adapter.means_for(ANNA)
        assert (means.post_as_author, means.delete_others, means.dnd) == (False, None, False)
        fake.limited["oauth.v2.access"] = 1
        assert (await office.adapter.means_for(ANNA)).post_as_author, "it waits for Slack"


async def test_a_token_that_was_traded_in_and_does_not_end_is_traded_in_once(office, fake):
    fake.lasts = None
    refresh = fake.refresh_token(office.settings["FLUISTER_SLACK_BOT_TOKEN"])
    async with office.open(**ROTATING, SLACK_REFRESH_TOKEN=refresh):
        traded = office.adapter._here.client.token
    fake.a_minute_later()
    async with office.open():
        assert office.adapter._here.client.token == traded
    assert [method for method, _ in fake.calls].count("oauth.v2.access") == 1


async def test_the_bots_own_token_is_renewed_in_time_also_where_storing_it_fails_once(
    office, fake, monkeypatch, caplog
):
    monkeypatch.setattr(renewing, "AGAIN", 0.05)
    monkeypatch.setattr(renewing, "LOOK_EVERY", 0.05)
    refresh = fake.refresh_token(office.settings["FLUISTER_SLACK_BOT_TOKEN"])
    putting, fails = office.state.put, []

    async def put(key, value):
        if key == "bot-token" and fails:
            raise OSError(fails.pop())
        await putting(key, value)

    async with office.open(**ROTATING, SLACK_REFRESH_TOKEN=refresh):
        client, first = office.adapter._here.client, office.adapter._here.client.token
        monkeypatch.setattr(office.state, "put", put)
        fails.append("no room for xoxe")
        office.adapter._token._known = replace(office.adapter._token._known, expires=time.time())
        await office.eventually(lambda: client.token != first)
        second = client.token
        office.adapter._token._known = replace(office.adapter._token._known, expires=time.time())
        await office.eventually(lambda: client.token != second)
        await office.adapter.act(Post(TEAM, "hallo"), "k")
    assert "renewed is not stored (OSError)" in caplog.text
    assert "xox" not in caplog.text


async def test_the_bots_own_rotating_token_is_traded_in_and_kept_over_a_restart(office, fake):
    given = office.settings["FLUISTER_SLACK_BOT_TOKEN"]
    refresh = fake.refresh_token(given)
    async with office.open(**ROTATING, SLACK_REFRESH_TOKEN=refresh):
        traded = office.adapter._here.client.token
        assert traded != given
        fake.tokens[given].alive = False
        await office.adapter.act(Post(TEAM, "hallo"), "k")
    fake.a_minute_later()
    async with office.open():
        assert office.adapter._here.client.token == traded
    assert fake.texts(TEAMROOM) == ["hallo"]
