"""The admin pages: who comes in, who may change what, and what every change needs."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from bot.app import App, opened
from bot.config import load
from bot.core.capabilities import Capabilities
from bot.core.events import Account, ChatRef, Place
from bot.core.findings import Assessment, Detection
from bot.delivery.leftovers import ask_retry
from bot.demo import seed
from bot.storage.records import CaseState, NewCase
from bot.web.admin.site import UPLOADS, admin_routes
from bot.web.app import web_app
from bot.work.clock import MovableClock
from bot.work.jobs import Job

NOW = datetime(2026, 11, 24, 9, 15, tzinfo=UTC)
HOME = "http://127.0.0.1:8000"
BERT, CELINE = Account("demo", "bert"), Account("demo", "celine")


class SeesNothing:
    """The pages never look at messages."""

    def detect(self, text: str, **more: object) -> Detection:
        return Detection((), Assessment(0.0, (), ()))


@dataclass
class Site:
    app: App
    clock: MovableClock
    browser: httpx.AsyncClient
    page_token: str
    csrf: str = ""

    async def sign_in(self, account: Account | None) -> None:
        token = await self.app.house.repository.new_sign_in(account, self.clock.now())
        assert (await self.enter(token)).status_code == 200
        page = await self.browser.get("/beheer", follow_redirects=True)
        self.csrf = re.search(r'name="fluister-session" content="([^"]+)"', page.text)[1]

    async def enter(self, token: str) -> httpx.Response:
        return await self.browser.post("/beheer/in", data={"link": token}, headers=self.headers())

    def headers(self, **more: str) -> dict[str, str]:
        sent = {"origin": HOME, "x-fluister-token": self.page_token, "accept": "application/json"}
        return {**sent, "x-fluister-session": self.csrf, **more}

    async def say(self, sentence: str, version: int | None = None) -> httpx.Response:
        school = (await self.app.house.school()).school
        fields = {"say": sentence, "version": str(version or school.version)}
        path = "/beheer/rusttijd/zeg"
        return await self.browser.post(path, data=fields, headers=self.headers())


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    clock = MovableClock(NOW)
    config = load({"FLUISTER_DATA_DIR": str(tmp_path), "FLUISTER_LEVEL": "act"})
    async with opened(config, {}, clock=clock, detector=SeesNothing()) as app:  # type: ignore[arg-type]
        await seed(app)
        pages = web_app(
            admin_routes(app.house, app.rest, app.resting, app.groups, app.leftovers),
            body_limits=UPLOADS,
        )
        transport = httpx.ASGITransport(pages, client=("127.0.0.1", 5_000))
        async with httpx.AsyncClient(transport=transport, base_url=HOME) as browser:
            yield Site(app, clock, browser, pages.state.token)


async def test_without_signing_in_there_is_only_the_door(site: Site) -> None:
    for path in ("/beheer", "/beheer/rusttijd", "/beheer/mijn", "/beheer/rusttijd.ics"):
        answer = await site.browser.get(path)
        assert answer.status_code == 401
        assert "Aanmelden bij Fluister" in answer.text
        assert "07:30" not in answer.text
    assert (await site.say("uit")).status_code == 401


async def test_a_link_opens_once_and_only_by_its_button(site: Site) -> None:
    token = await site.app.house.repository.new_sign_in(BERT, NOW)
    for _ in range(3):
        assert (await site.browser.get(f"/beheer/in/{token}")).status_code == 200
    entered = await site.enter(token)
    assert entered.status_code == 200
    cookie = entered.headers["set-cookie"]
    for wanted in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert wanted in cookie
    assert token not in cookie
    again = await site.enter(token)
    assert (again.status_code, "al gebruikt" in again.text) == (403, True)


@pytest.mark.parametrize("token", ["", "x", "x" * 500, "../..", "\u2603"])
async def test_a_made_up_link_opens_nothing(site: Site, token: str) -> None:
    assert (await site.enter(token)).status_code == 403


async def test_a_link_is_good_for_ten_minutes_and_a_session_for_a_working_day(site: Site) -> None:
    token = await site.app.house.repository.new_sign_in(BERT, NOW)
    site.clock.set(NOW + timedelta(minutes=11))
    assert "verlopen" in (await site.enter(token)).text
    await site.sign_in(BERT)
    site.clock.set(NOW + timedelta(hours=9))
    assert (await site.browser.get("/beheer/rusttijd")).status_code == 401


async def test_over_https_the_cookie_is_bound_to_this_host(site: Site) -> None:
    site.app.house.web.url = "https://fluister.school.example"
    token = await site.app.house.repository.new_sign_in(BERT, NOW)
    cookie = (await site.enter(token)).headers["set-cookie"]
    assert cookie.startswith("__Host-fluister=")
    assert "Secure" in cookie


async def test_an_admin_changes_the_school_and_takes_it_back(site: Site) -> None:
    await site.sign_in(BERT)
    told = (await site.say("ma-do 8-17; vr 8-12")).json()
    assert told["rest"]["week_text"] == "ma-do 08:00-17:00; vr 08:00-12:00"
    assert told["rest"]["week"][4] == [[480, 720]]
    told = (await site.say("studiedag 25-11-2026")).json()
    assert told["year"]["days"]["2026-11-25"] == ["study", ""]
    assert [one["name"] for one in told["reach"]["people"]] == [
        "Anna de Vries", "Bert Jansen", "Celine Bakker",
    ]  # fmt: skip
    assert "2026-11-25" not in (await site.say("ongedaan")).json()["year"]["days"]


@pytest.mark.parametrize("missing", ["x-fluister-session", "x-fluister-token", "origin"])
async def test_a_change_needs_session_page_and_origin_alike(site: Site, missing: str) -> None:
    await site.sign_in(BERT)
    headers = site.headers()
    headers[missing] = "http://elsewhere.example" if missing == "origin" else "x"
    before = (await site.app.house.school()).school
    fields = {"say": "uit", "version": str(before.version)}
    answer = await site.browser.post("/beheer/rusttijd/zeg", data=fields, headers=headers)
    assert answer.status_code == 403
    assert (await site.app.house.school()).school == before


async def test_what_somebody_else_changed_meanwhile_is_not_overwritten(site: Site) -> None:
    await site.sign_in(BERT)
    seen = (await site.app.house.school()).school.version
    await site.say("regio noord")
    late = await site.say("regio zuid", version=seen)
    assert (late.status_code, "net veranderd" in late.json()["error"]) == (422, True)
    assert (await site.app.house.school()).rest.region == "Noord"


async def test_a_colleague_sees_only_their_own_days(site: Site) -> None:
    await site.sign_in(CELINE)
    moved = await site.browser.get("/beheer/rusttijd")
    assert (moved.status_code, moved.headers["location"]) == (303, "/beheer/mijn")
    json_only = await site.browser.get("/beheer/rusttijd/stand", headers=site.headers())
    assert json_only.status_code == 403
    assert (await site.say("uit")).status_code == 403
    fields = {"say": "werkdagen ma di wo-ochtend"}
    told = await site.browser.post("/beheer/mijn/zeg", data=fields, headers=site.headers())
    assert told.json()["works"] == "ma di wo-ochtend"
    people = await site.app.house.repository.people((await site.app.house.school()).school.id)
    assert [one.works for one in people] == ["", "", "ma di wo-ochtend"]


async def test_somebody_who_is_no_longer_an_admin_is_out_at_once(site: Site) -> None:
    await site.sign_in(BERT)
    school = (await site.app.house.school()).school
    await site.app.house.repository.remove_admin(school.id, BERT)
    assert (await site.say("uit")).status_code == 403


async def test_from_the_terminal_one_manages_the_school_but_has_no_days(site: Site) -> None:
    await site.sign_in(None)
    assert (await site.say("regio zuid")).status_code == 200
    own = await site.browser.get("/beheer/mijn/stand", headers=site.headers())
    assert own.status_code == 422


async def test_leaving_ends_the_session_for_good(site: Site) -> None:
    await site.sign_in(BERT)
    cookies = dict(site.browser.cookies)
    await site.browser.post("/beheer/uit", headers=site.headers())
    site.browser.cookies.update(cookies)
    assert (await site.browser.get("/beheer/rusttijd")).status_code == 401


async def test_what_is_stuck_is_shown_without_its_words_and_can_be_released(site: Site) -> None:
    await site.sign_in(BERT)
    repository = site.app.house.repository
    case = NewCase(
        org=(await site.app.house.school()).school.id, chat=ChatRef("demo", "team"), message="m1",
        sender=CELINE, sent_at=NOW, seen_at=NOW, expires_at=NOW + timedelta(days=14),
        state=CaseState.HELD, due_at=NOW - timedelta(hours=1), text="Wie rijdt er mee?",
    )  # fmt: skip

    async def seen() -> dict[str, object]:
        answer = await site.browser.get("/beheer/rusttijd/stand", headers=site.headers())
        assert "rijdt" not in answer.text
        return answer.json()["held"]

    assert (await seen())["count"] == 0
    stored, _ = await repository.add_case(case, (), "")
    assert (await seen())["late"] == 1
    path = "/beheer/rusttijd/bezorg"
    assert (await site.browser.post(path, headers=site.headers())).json() == {"count": 1}
    async with asyncio.timeout(20):
        while (await repository.case(stored.id)).state is CaseState.HELD:
            await asyncio.sleep(0.05)
    assert (await seen())["late"] == 1, "this site has no platform, so it is tried again"
    assert (await site.browser.post(path, headers=site.headers())).json() == {"count": 0}


async def test_a_calendar_goes_in_and_comes_out(site: Site) -> None:
    await site.sign_in(BERT)
    event = (
        "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20270424\r\nDTEND;VALUE=DATE:20270510\r\n"
        "SUMMARY:Meivakantie\r\nEND:VEVENT\r\n"
    )
    data = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{event}END:VCALENDAR\r\n".encode()
    path, files = "/beheer/rusttijd/agenda", {"file": ("x.ics", data)}
    told = await site.browser.post(path, files=files, headers=site.headers())
    assert told.json()["year"]["days"]["2027-05-07"] == ["holiday", "Meivakantie"]
    out = await site.browser.get("/beheer/rusttijd.ics")
    assert out.headers["content-type"].startswith("text/calendar")
    assert b"Meivakantie" in out.content
    huge = {"file": ("x.ics", b"BEGIN:VCALENDAR" + b"x" * 3_000_000)}
    refused = await site.browser.post(path, files=huge, headers=site.headers())
    assert refused.status_code == 413


@pytest.mark.parametrize(
    "query", ["?year=x", "?year=9999-1", "?week=0001-01-01", "?week=" + "9" * 99]
)
async def test_an_odd_address_shows_this_year_and_this_week(site: Site, query: str) -> None:
    await site.sign_in(BERT)
    told = await site.browser.get(f"/beheer/rusttijd/stand{query}", headers=site.headers())
    assert told.json()["year"]["year"] == "2026-2027"
    assert told.json()["reach"]["monday"] == "2026-11-23"


async def test_every_page_has_its_texts_in_both_languages(site: Site) -> None:
    await site.sign_in(BERT)
    for path in ("/beheer/rusttijd", "/beheer/mijn", "/beheer/protocol", "/beheer/kanalen"):
        for language in ("nl", "en"):
            page = await site.browser.get(f"{path}?lang={language}")
            assert page.status_code == 200
            assert f'<html lang="{language}">' in page.text


async def test_an_admin_compares_protocols_before_choosing_one(site: Site) -> None:
    await site.sign_in(BERT)
    seen = (await site.browser.get("/beheer/protocol/stand", headers=site.headers())).json()
    assert seen["level"] == "act"
    assert any("Intern 3" in line for line in seen["coverage"])
    other = next(name for name in seen["files"] if name != seen["file"])
    path = f"/beheer/protocol/verschil?file={other}"
    told = (await site.browser.get(path, headers=site.headers())).json()
    assert len(told["lines"]) > 1
    fields = {"what": "policy_file", "value": other, "version": str(seen["version"])}
    kies = "/beheer/protocol/kies"
    chosen = (await site.browser.post(kies, data=fields, headers=site.headers())).json()
    assert chosen["file"] == other
    assert (await site.app.house.school()).policy.file == other
    again = await site.browser.post(kies, data=fields, headers=site.headers())
    assert again.status_code == 422, "somebody changed it meanwhile"


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("policy_file", "../../etc/passwd"),
        ("level", "nuke"),
        ("pmr_on", "2999-01-01"),
        ("zone", "x"),
    ],
)
async def test_a_protocol_setting_that_cannot_be_is_refused(
    site: Site, what: str, value: str
) -> None:
    await site.sign_in(BERT)
    before = (await site.app.house.school()).school
    fields = {"what": what, "value": value, "version": str(before.version)}
    path = "/beheer/protocol/kies"
    answer = await site.browser.post(path, data=fields, headers=site.headers())
    assert answer.status_code == 422
    assert (await site.app.house.school()).school == before


async def test_an_admin_says_which_group_is_the_teams(site: Site) -> None:
    await site.sign_in(BERT)
    ref = ChatRef("demo", "second")
    await site.app.house.repository.adopt_chat(ChatRef("demo", "team"), "Team", Place.OTHER)
    await site.app.house.repository.adopt_chat(ref, "Ouders", Place.OTHER)
    assert await site.app.groups.place_of(ref) is Place.OTHER
    fields = {"platform": "demo", "chat": "second", "place": "parents"}
    path = "/beheer/kanalen/plaats"
    told = (await site.browser.post(path, data=fields, headers=site.headers())).json()
    assert [(one["title"], one["place"]) for one in told["groups"]] == [
        ("Team", "team"), ("Ouders", "parents"),
    ]  # fmt: skip
    assert await site.app.groups.place_of(ref) is Place.PARENTS
    gone = {**fields, "chat": "nowhere"}
    assert (await site.browser.post(path, data=gone, headers=site.headers())).status_code == 422


class MustBeOpened:
    """A platform where one colleague did not open the private chat yet."""

    name = "demo"

    capabilities = Capabilities()

    async def unreached(self, chat: ChatRef) -> int | None:
        return 1


async def test_who_cannot_be_told_anything_in_private_is_a_number_for_the_team_alone(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    await site.sign_in(BERT)
    for name in ("team", "second"):
        await site.app.house.repository.adopt_chat(ChatRef("demo", name), name, Place.OTHER)
    path = "/beheer/kanalen/stand"
    told = (await site.browser.get(path, headers=site.headers())).json()
    assert [one["unreached"] for one in told["groups"]] == [None, None]
    monkeypatch.setitem(site.app.house.adapters, "demo", MustBeOpened())
    told = (await site.browser.get(path, headers=site.headers())).json()
    assert [(one["place"], one["unreached"]) for one in told["groups"]] == [
        ("team", 1), ("other", None),
    ]  # fmt: skip


async def test_work_that_gave_up_is_a_number_with_a_button_to_try_again(site: Site) -> None:
    await site.sign_in(BERT)
    here, again = "/beheer/kanalen/stand", "/beheer/kanalen/opnieuw"
    told = (await site.browser.get(here, headers=site.headers())).json()["work"]
    assert (told["gave_up"], told["lines"][0][:22]) == (0, "Er bleef niets liggen.")
    with capture_logs() as logs:
        await site.app.engine.submit(Job("unknown", "a-secret-key"))
        await site.app.engine.wait_idle(10)
        answer = await site.browser.get(here, headers=site.headers())
        assert "opgegeven: 1, te laat: 0, onzekere mails: 0" in answer.text
        assert "a-secret-key" not in answer.text
        tried = await site.browser.post(again, headers=site.headers())
        assert tried.json() == {"count": 1}
        await site.app.engine.wait_idle(10)
        await ask_retry(site.app.house.repository)
        for _ in range(2):
            await site.app.leftovers.look()
            await site.app.engine.wait_idle(10)
    assert [one["event"] for one in logs].count("work gave up") == 3, "asked once is done once"
    org = (await site.app.house.school()).school.id
    changes = await site.app.house.repository.school_changes(org)
    assert [one.key for one in changes].count("work_retry") == 1


async def test_a_colleague_who_leaves_is_removed_but_never_the_last_admin(site: Site) -> None:
    await site.sign_in(BERT)
    repository = site.app.house.repository
    told = (await site.browser.get("/beheer/kanalen/stand", headers=site.headers())).json()
    ids = {one["name"]: one["id"] for one in told["people"]}
    path = "/beheer/kanalen/verwijder"
    for wrong in (ids["Bert Jansen"], "nobody", ""):
        answer = await site.browser.post(path, data={"id": wrong}, headers=site.headers())
        assert answer.status_code == 422
    gone = {"id": ids["Celine Bakker"]}
    left = (await site.browser.post(path, data=gone, headers=site.headers())).json()
    assert [one["name"] for one in left["people"]] == ["Anna de Vries", "Bert Jansen"]
    assert not any((await repository.about(CELINE)).values())
    org = (await site.app.house.school()).school.id
    assert (await repository.school_changes(org))[-1].key == "colleague_removed"


async def test_only_an_admin_removes_a_colleague(site: Site) -> None:
    await site.sign_in(CELINE)
    path = "/beheer/kanalen/verwijder"
    assert (await site.browser.post(path, headers=site.headers())).status_code == 403


async def test_only_an_admin_gives_work_another_go(site: Site) -> None:
    await site.sign_in(CELINE)
    answer = await site.browser.post("/beheer/kanalen/opnieuw", headers=site.headers())
    assert answer.status_code == 403


async def test_suggested_admins_are_made_by_hand_and_the_last_one_stays(site: Site) -> None:
    await site.sign_in(BERT)
    await site.app.house.repository.suggest_admin(CELINE)
    path, first = "/beheer/kanalen/beheerder", await people_of(site)
    taking = {"mark": first["admins"][0]["mark"], "do": "take"}
    only = await site.browser.post(path, data=taking, headers=site.headers())
    assert only.status_code == 422
    adding = {"mark": first["suggested"][0]["mark"], "do": "add"}
    added = await site.browser.post(path, data=adding, headers=site.headers())
    assert (len(added.json()["admins"]), added.json()["suggested"]) == (2, [])
    assert await site.app.house.repository.is_admin(CELINE)


async def test_a_click_on_a_page_from_before_gives_nobody_else_the_say(site: Site) -> None:
    await site.sign_in(BERT)
    repository = site.app.house.repository
    for name in ("x", "y"):
        await repository.suggest_admin(Account("demo", name, name))
    path, seen = "/beheer/kanalen/beheerder", await people_of(site)
    assert all(len(one["mark"]) > 40 for one in seen["suggested"]), "who it is cannot be read"
    twice = {"mark": seen["suggested"][0]["mark"], "do": "add"}
    assert (await site.browser.post(path, data=twice, headers=site.headers())).status_code == 200
    for again in (twice, {**twice, "do": "take", "mark": seen["suggested"][1]["mark"]}):
        answer = await site.browser.post(path, data=again, headers=site.headers())
        assert answer.status_code == 422
    now = await people_of(site)
    assert now["suggested"] == seen["suggested"][1:]
    assert {one["name"] for one in now["admins"]} == {
        "Bert Jansen (demo)", seen["suggested"][0]["name"],
    }  # fmt: skip


async def people_of(site: Site) -> dict[str, list[dict[str, str]]]:
    """The admins and the suggested ones as the page shows them."""
    return (await site.browser.get("/beheer/kanalen/stand", headers=site.headers())).json()
