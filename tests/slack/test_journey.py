"""The main job on Slack with the whole app: a confidential message finds its way to the mail."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.adapters.demo.mailbox import Mailbox
from bot.adapters.registry import platforms
from bot.app import App, opened
from bot.config import load
from bot.detection.engine import Detector, build_detector
from bot.resting.school import change_school_rest
from bot.running import makers_for
from tests.slack.conftest import TEAMROOM, free_port
from tests.slack.fake_slack import APP_TOKEN, BOT_TOKEN, CLIENT_ID, CLIENT_SECRET, FakeSlack

SECRET = "De moeder van Sem uit groep 6 zit bij Veilig Thuis, graag vertrouwelijk"


@dataclass
class Running:
    app: App
    mailbox: Mailbox
    slack: FakeSlack

    async def eventually(self, holds, seconds: float = 15) -> None:
        deadline = asyncio.get_running_loop().time() + seconds
        while not holds():
            assert asyncio.get_running_loop().time() < deadline, "it did not happen in time"
            await asyncio.sleep(0.03)


@pytest.fixture(scope="session")
def detector() -> Detector:
    return build_detector()


@pytest.fixture
async def running(tmp_path: Path, detector: Detector, fake: FakeSlack) -> AsyncIterator[Running]:
    async with _running(tmp_path, detector, fake) as it:
        yield it


@pytest.fixture
async def consenting(tmp_path: Path, detector: Detector, fake: FakeSlack) -> AsyncIterator[Running]:
    """An installation where members may connect their account."""
    bind = f"127.0.0.1:{free_port()}"
    more = {
        "FLUISTER_SLACK_CLIENT_ID": CLIENT_ID,
        "FLUISTER_SLACK_CLIENT_SECRET": CLIENT_SECRET,
        "FLUISTER_WEB_BIND": bind,
        "FLUISTER_WEB_URL": f"http://{bind}",
    }
    async with _running(tmp_path, detector, fake, more) as it:
        yield it


@contextlib.asynccontextmanager
async def _running(
    tmp_path: Path, detector: Detector, fake: FakeSlack, more: dict[str, str] | None = None
) -> AsyncIterator[Running]:
    mailbox = Mailbox()
    await mailbox.start()
    config = load(
        {
            "FLUISTER_DATA_DIR": str(tmp_path),
            "FLUISTER_LEVEL": "act",
            "FLUISTER_TEAM_ADDRESS": "team@school.nl",
            "FLUISTER_MAIL_FROM": "fluister@school.nl",
            "FLUISTER_SMTP_URL": f"{mailbox.url}?starttls=never",
            "FLUISTER_SLACK_BOT_TOKEN": BOT_TOKEN,
            "FLUISTER_SLACK_APP_TOKEN": APP_TOKEN,
            "FLUISTER_SLACK_API": fake.api,
            **(more or {}),
        }
    )
    makers = {k: v for k, v in makers_for(config, platforms()).items() if k == "slack"}
    async with opened(config, makers, detector=detector, poll=0.05) as app:
        listening = asyncio.create_task(app.receive())
        try:
            it = Running(app, mailbox, fake)
            await it.eventually(lambda: fake._sockets)
            yield it
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening
    await mailbox.stop()


async def test_the_author_is_asked_to_delete_and_the_mail_goes_by_a_press(running):
    slack = running.slack
    ts = await slack.say(TEAMROOM, "UANNA", SECRET)
    await running.eventually(lambda: slack.for_eyes_of("UANNA"))
    assert "verwijderen" in slack.for_eyes_of("UANNA")[0].text
    assert slack.for_eyes_of("UBERT") == []
    await slack.press("UANNA", "team@school.nl")
    await running.eventually(lambda: running.mailbox.messages())
    await running.eventually(lambda: "verwijderen" not in slack.for_eyes_of("UANNA")[0].text)
    await slack.delete(TEAMROOM, ts)
    assert len(slack.for_eyes_of("UANNA")) == 1
    assert "Veilig Thuis" in running.mailbox.messages()[0].text
    assert not any("Sem" in text for text in slack.texts(TEAMROOM))


async def test_with_the_authors_own_token_the_message_is_gone_and_the_group_sees_no_name(running):
    slack = running.slack
    await running.app.adapters["slack"]._consents.keep("UANNA", slack.own_token("UANNA"))
    ts = await slack.say(TEAMROOM, "UANNA", SECRET)
    await running.eventually(lambda: ts not in slack.channels[TEAMROOM].messages)
    await running.eventually(lambda: slack.for_eyes_of("UANNA"))
    await slack.press("UANNA", "team@school.nl")
    await running.eventually(lambda: running.mailbox.messages())
    await running.eventually(lambda: len(slack.texts(TEAMROOM)) >= 1)
    await running.app.engine.wait_idle(20)
    assert not any("Anna" in text or "Sem" in text for text in slack.texts(TEAMROOM))


async def test_a_question_in_private_is_answered_in_private(running):
    slack = running.slack
    private = slack.dm("UANNA").id
    await slack.say(private, "UANNA", "Mag ik de groep laten weten dat Sem ziek is?")
    await running.eventually(lambda: len(slack.texts(private)) >= 2)
    assert slack.for_eyes_of("UANNA") == []


async def test_who_did_not_connect_is_asked_also_where_others_may(consenting):
    slack = consenting.slack
    ts = await slack.say(TEAMROOM, "UANNA", SECRET)
    await consenting.eventually(lambda: slack.for_eyes_of("UANNA"))
    assert "verwijderen" in slack.for_eyes_of("UANNA")[0].text
    assert ts in slack.channels[TEAMROOM].messages
    await slack.press("UANNA", "team@school.nl")
    await consenting.eventually(lambda: consenting.mailbox.messages())
    assert "Veilig Thuis" in consenting.mailbox.messages()[0].text


async def test_a_message_with_a_file_is_mailed_with_its_file(running):
    slack = running.slack
    shown = slack.file("F1", "verslag.pdf", "application/pdf", b"%PDF-1.4 inhoud")
    await slack.say(TEAMROOM, "UANNA", SECRET, subtype="file_share", files=[shown])
    await running.eventually(lambda: slack.for_eyes_of("UANNA"))
    await slack.press("UANNA", "team@school.nl")
    await running.eventually(lambda: running.mailbox.messages())
    assert running.mailbox.messages()[0].attachments == ("verslag.pdf",)


async def test_a_message_in_quiet_time_is_planned_in_its_authors_name(tmp_path, detector, fake):
    async with _running(tmp_path, detector, fake) as running:
        slack, app = running.slack, running.app
        await app.adapters["slack"]._consents.keep("UANNA", slack.own_token("UANNA"))
        await _rest_now(app)
        ts = await slack.say(TEAMROOM, "UANNA", "Wie heeft morgen pleinwacht?")
        await running.eventually(lambda: slack.for_eyes_of("UANNA"))
        await slack.press("UANNA", "bezorgen")
        await running.eventually(lambda: ts not in slack.channels[TEAMROOM].messages)
        await running.eventually(lambda: slack.planned)
        (plan,) = slack.planned.values()
        assert (plan["user"], plan["text"]) == ("UANNA", "Wie heeft morgen pleinwacht?")
        assert plan["post_at"] > time.time()
        await running.eventually(lambda: _button_now(slack))
        await slack.press("UANNA", "Neem terug")
        await running.eventually(lambda: not slack.planned)
        assert slack.texts(TEAMROOM) == [] or "pleinwacht" not in str(slack.texts(TEAMROOM))


def _button_now(slack: FakeSlack) -> bool:
    return "Neem terug" in str(slack.for_eyes_of("UANNA")[-1].blocks)


async def test_willing_phones_are_silenced_when_quiet_time_comes(running):
    slack, app = running.slack, running.app
    await app.adapters["slack"]._consents.keep("UANNA", slack.own_token("UANNA"))
    await _rest_now(app)
    await running.eventually(lambda: slack.snoozed)
    assert set(slack.snoozed) == {"UANNA"}


async def _rest_now(app: App) -> None:
    """Set working hours of one hour that are not now."""
    hour = (datetime.now(ZoneInfo("Europe/Amsterdam")).hour + 2) % 23
    school = (await app.house.school()).school
    change = change_school_rest(
        school, f"werk ma-zo {hour:02d}:00-{hour + 1:02d}:00", today=datetime.now(UTC).date()
    )
    await app.house.repository.change_school(school.version, change, by="")
    await app.rest.look()


FAMILY = "De ouders van Sem uit groep 6 gaan scheiden, moeder is heel verdrietig"


async def test_where_others_read_along_a_message_may_be_a_data_leak_sooner(running):
    slack = running.slack
    await slack.say(TEAMROOM, "UANNA", FAMILY)
    await running.eventually(lambda: slack.for_eyes_of("UANNA"))
    slack.channels[TEAMROOM].shared = True
    await slack.tell({"type": "channel_shared", "channel": TEAMROOM, "event_ts": slack.ts()})
    await slack.say(TEAMROOM, "UBERT", FAMILY)
    await running.eventually(lambda: slack.for_eyes_of("UBERT"))
    assert "datalek" not in str(slack.for_eyes_of("UANNA")[0].blocks)
    assert "datalek" in str(slack.for_eyes_of("UBERT")[0].blocks)


async def test_who_withdrew_their_consent_at_slack_is_asked_with_a_link_again(running):
    slack = running.slack
    token = slack.own_token("UANNA")
    consents = running.app.adapters["slack"]._consents
    await consents.keep("UANNA", token)
    slack.tokens[token].alive = False
    ts = await slack.say(TEAMROOM, "UANNA", SECRET)
    await running.eventually(lambda: slack.for_eyes_of("UANNA"))
    (whisper,) = slack.for_eyes_of("UANNA")
    assert "verwijderen" in whisper.text
    assert f"p{ts.replace('.', '')}" in str(whisper.blocks)
    assert await consents.of("UANNA") is None
    assert ts in slack.channels[TEAMROOM].messages


async def test_the_author_who_deletes_is_thanked_and_may_still_choose(running):
    slack = running.slack
    ts = await slack.say(TEAMROOM, "UANNA", SECRET)
    await running.eventually(lambda: slack.for_eyes_of("UANNA"))
    before = len(slack.for_eyes_of("UANNA"))
    await slack.delete(TEAMROOM, ts)
    await running.eventually(lambda: len(slack.for_eyes_of("UANNA")) > before)
    await slack.press("UANNA", "team@school.nl")
    await running.eventually(lambda: running.mailbox.messages())
    assert "Veilig Thuis" in running.mailbox.messages()[0].text


async def test_tokens_and_texts_lie_sealed_on_the_disk(running, tmp_path):
    slack = running.slack
    token = slack.own_token("UANNA")
    await running.app.adapters["slack"]._consents.keep("UANNA", token)
    slack.tokens[token].alive = False
    await slack.say(TEAMROOM, "UANNA", SECRET)
    await running.app.adapters["slack"]._consents.keep("UBERT", slack.own_token("UBERT"))
    await running.eventually(lambda: slack.for_eyes_of("UANNA"))
    lies = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert len(lies) > 10_000
    for secret in (b"xoxp-", b"Veilig Thuis", SECRET.encode()):
        assert secret not in lies


async def test_many_answers_at_once_wait_their_turn_and_each_comes_once(running):
    slack = running.slack
    private = slack.dm("UANNA").id
    asked = [f"Mag ik de groep laten weten dat {name} ziek is?" for name in ("Sem", "Bo", "Liv")]
    for question in asked:
        await slack.say(private, "UANNA", question)
    await running.eventually(lambda: len(slack.texts(private)) >= 6)
    await running.app.engine.wait_idle(20)
    assert "chat.postMessage" in slack.refused_for_now
    assert len(slack.texts(private)) == 6


async def test_what_slack_tells_again_after_a_restart_is_not_whispered_again(
    tmp_path, detector, fake
):
    async with _running(tmp_path, detector, fake) as running:
        ts = await fake.say(TEAMROOM, "UANNA", SECRET)
        await running.eventually(lambda: fake.for_eyes_of("UANNA"))
        await running.app.engine.wait_idle(20)
    fake.a_minute_later()
    async with _running(tmp_path, detector, fake) as running:
        message = fake.channels[TEAMROOM].messages[ts]
        await fake.tell(fake._in(TEAMROOM, {**message, "event_ts": ts}))
        await running.eventually(lambda: len(fake.acks) >= 2)
        await running.app.engine.wait_idle(20)
    assert len(fake.for_eyes_of("UANNA")) == 1


async def test_the_administrator_sets_quiet_time_in_a_form_and_home_shows_it(running):
    slack, app = running.slack, running.app
    await slack.say(slack.dm("UANNA").id, "UANNA", await app.claim_code())
    await running.eventually(lambda: slack.texts(slack.dm("UANNA").id)[1:])
    await slack.command("UANNA", TEAMROOM, "/stilte")
    await running.eventually(lambda: slack.modals)
    wrong = await slack.fill("UANNA", week="zo nu en dan")
    assert list(wrong["errors"]) == ["week"]
    assert await slack.fill("UANNA", on="aan", week="ma-vr 08:15-16:45") == {}
    await slack.tell({"type": "app_home_opened", "user": "UANNA", "tab": "home"})
    await running.eventually(lambda: "16.45" in str(slack.homes) or "16:45" in str(slack.homes))
    assert (await app.house.school()).rest.on
    await slack.command("UBERT", TEAMROOM, "/stilte")
    await running.eventually(lambda: slack.texts(slack.dm("UBERT").id))
    assert len(slack.modals) == 1
