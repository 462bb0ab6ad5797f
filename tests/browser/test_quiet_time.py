"""Quiet time in the real demo: set in chat and on the web, then the clock jumps."""

import re
from dataclasses import dataclass

import pytest
from playwright.async_api import Page, expect

pytestmark = pytest.mark.browser

SOON = 15_000
HELLO = "Wie neemt morgen de sleutel van de gymzaal mee?"


async def settled(page: Page, url: str) -> None:
    await page.goto(url)
    hello = page.get_by_test_id("group-anna").locator(".line.bot")
    await expect(hello.first).to_be_visible(timeout=SOON)


async def say(page: Page, who: str, text: str) -> None:
    await page.get_by_test_id(f"composer-{who}").fill(text)
    await page.get_by_test_id(f"composer-{who}").press("Enter")


async def tell_fluister(page: Page, who: str, text: str) -> None:
    if not await page.get_by_test_id(f"sheet-{who}").is_visible():
        await page.get_by_test_id(f"private-open-{who}").click()
    await page.get_by_test_id(f"private-composer-{who}").fill(text)
    await page.get_by_test_id(f"private-send-{who}").click()


async def close_sheet(page: Page, who: str) -> None:
    if await page.get_by_test_id(f"sheet-{who}").is_visible():
        await page.keyboard.press("Escape")
        await expect(page.get_by_test_id(f"sheet-{who}")).to_be_hidden()


async def jump(page: Page, moment: str) -> None:
    """Put the demo's clock somewhere, as its bar does."""
    token = await page.locator('meta[name="fluister-token"]').get_attribute("content")
    done = await page.evaluate(
        """async ([moment, token]) => {
          const body = new FormData(); body.append('moment', moment);
          const headers = {'X-Fluister-Token': token};
          return (await fetch('/clock', {method: 'POST', body, headers})).ok;
        }""",
        [moment, token],
    )
    assert done


def lines(page: Page, who: str, text: str):
    return page.get_by_test_id(f"group-{who}").get_by_test_id("line").filter(has_text=text)


def private(page: Page, who: str):
    return page.get_by_test_id(f"private-{who}")


async def sign_in(page: Page, url: str, who: str) -> None:
    await page.goto(f"{url}/beheer/demo/{who}")
    await page.get_by_test_id("enter").click()
    await page.wait_for_url(re.compile(r"/beheer/(rusttijd|mijn)$"))


async def drag(page: Page, start: str, end: str) -> None:
    """Drag over the grid from one quarter of an hour to another: "0 450" is Monday 07:30."""
    boxes = []
    for at in (start, end):
        day, minute = at.split()
        cell = page.locator(f'[role=gridcell][data-day="{day}"][data-at="{minute}"]')
        await cell.scroll_into_view_if_needed()
        boxes.append(cell)
    first, last = [await box.bounding_box() for box in boxes]
    await page.mouse.move(first["x"] + 5, first["y"] + 4)
    await page.mouse.down()
    await page.mouse.move(last["x"] + 5, last["y"] + 4, steps=6)
    await page.mouse.up()


async def test_quiet_hours_set_in_chat_hold_an_evening_and_each_colleague_gets_their_own(
    page: Page, demo_url: str
):
    await settled(page, demo_url)
    await tell_fluister(page, "bert", "/stilte ma-vr 18:00-08:00")
    await expect(private(page, "bert")).to_contain_text("ma-vr 08:00-18:00", timeout=SOON)
    await close_sheet(page, "bert")
    await tell_fluister(page, "celine", "/vrij werkdagen ma di do")
    await expect(private(page, "celine")).to_contain_text("Je werkt: ma di do", timeout=SOON)
    await tell_fluister(page, "celine", "/vrij samenvatting aan")
    await expect(private(page, "celine")).to_contain_text("krijg je een samenvatting")
    await close_sheet(page, "celine")

    await jump(page, "2026-11-24T20:30")
    await expect(page.get_by_test_id("quiet-bert")).to_be_visible(timeout=SOON)
    await say(page, "anna", HELLO)
    await expect(private(page, "anna")).to_contain_text("Ik bewaar je bericht", timeout=SOON)
    await expect(lines(page, "bert", HELLO)).to_have_count(0)

    await close_sheet(page, "anna")
    await jump(page, "2026-11-25T07:45")
    await expect(lines(page, "bert", HELLO)).to_have_count(0)
    await jump(page, "2026-11-25T08:01")
    for who in ("anna", "bert", "celine"):
        await expect(lines(page, who, HELLO)).to_have_count(1, timeout=SOON)
    await expect(private(page, "celine")).not_to_contain_text(HELLO)
    await say(page, "bert", "De gymles begint vrijdag later")
    await jump(page, "2026-11-26T08:01")
    await expect(private(page, "celine")).to_contain_text("Welkom terug", timeout=SOON)
    await expect(private(page, "celine")).to_contain_text("De gymles begint vrijdag later")
    await expect(private(page, "anna")).not_to_contain_text("Welkom terug")


async def test_an_admin_drags_the_week_marks_a_holiday_and_sees_who_is_reachable(
    page: Page, demo_url: str
):
    await settled(page, demo_url)
    await sign_in(page, demo_url, "bert")
    await expect(page.get_by_test_id("summary")).to_contain_text("ma-vr 07:30-17:30")
    await drag(page, "4 900", "4 1035")
    await expect(page.get_by_test_id("week-text")).to_have_value(re.compile("vr 07:30-15:00"))
    await page.get_by_test_id("week-save").click()
    await expect(page.get_by_test_id("summary")).to_contain_text("vr 07:30-15:00", timeout=SOON)

    await page.get_by_test_id("day-start").fill("2027-04-24")
    await page.get_by_test_id("day-end").fill("2027-05-09")
    await page.get_by_test_id("day-name").fill("Meivakantie")
    await page.get_by_test_id("mark-holiday").click()
    may = page.locator('[data-date="2027-05-07"]')
    await expect(may).to_have_class(re.compile("holiday"), timeout=SOON)
    await expect(may).to_have_attribute("aria-label", re.compile("Meivakantie"))
    await may.click()
    await expect(page.get_by_test_id("day-start")).to_have_value("2027-05-07")
    await expect(page.get_by_test_id("reach")).to_contain_text("Celine Bakker")

    await page.get_by_test_id("undo").click()
    await expect(may).not_to_have_class(re.compile("holiday"), timeout=SOON)
    await page.get_by_test_id("day-name").fill("")
    await page.get_by_test_id("mark-holiday").click()
    await expect(page.get_by_test_id("wrong")).to_contain_text("Hoe heet deze vakantie")

    await page.goto(demo_url)
    await jump(page, "2026-11-27T15:30")
    await expect(page.get_by_test_id("quiet-bert")).to_be_visible(timeout=SOON)
    await say(page, "anna", HELLO)
    await expect(private(page, "anna")).to_contain_text("Ik bewaar je bericht", timeout=SOON)
    await jump(page, "2026-11-29T12:00")
    await expect(lines(page, "bert", HELLO)).to_have_count(0)
    await jump(page, "2026-11-30T07:31")
    await expect(lines(page, "bert", HELLO)).to_have_count(1, timeout=SOON)


@dataclass(frozen=True)
class Silence:
    """One stretch: written at `said`, not there at `still`, there at `comes`.

    Celine works on Tuesday and Thursday: where she is free when it comes she is told at `told`.
    """

    name: str
    said: str
    still: tuple[str, ...]
    comes: str
    told: str | None


SILENCES = (
    Silence(
        "avond", "2026-11-24T20:30", ("2026-11-25T07:59",), "2026-11-25T08:01", "2026-11-26T08:01"
    ),
    Silence(
        "weekend", "2026-11-27T15:30", ("2026-11-28T10:00", "2026-11-30T07:59"),
        "2026-11-30T08:01", "2026-12-01T08:01",
    ),
    # The clock goes forward on Sunday, and Monday is Easter.
    Silence(
        "voorjaar", "2027-03-26T20:00", ("2027-03-28T03:30", "2027-03-29T10:00",
        "2027-03-30T07:59"), "2027-03-30T08:01", None,
    ),
    Silence(
        "mei", "2027-04-23T20:00", ("2027-04-29T10:00", "2027-05-03T10:00", "2027-05-10T07:59"),
        "2027-05-10T08:01", "2027-05-11T08:01",
    ),
    # The clock goes back on Sunday.
    Silence(
        "najaar", "2027-10-29T20:00", ("2027-10-31T03:30", "2027-11-01T07:59"),
        "2027-11-01T08:01", "2027-11-02T08:01",
    ),
)  # fmt: skip


async def test_each_colleague_gets_what_they_should_over_every_kind_of_silence(
    page: Page, demo_url: str
):
    """Set in chat and on the web; then an evening, a weekend, May and both clock changes."""
    await settled(page, demo_url)
    await tell_fluister(page, "bert", "/stilte ma-vr 18:00-08:00")
    await expect(private(page, "bert")).to_contain_text("ma-vr 08:00-18:00", timeout=SOON)
    await tell_fluister(page, "celine", "/vrij werkdagen di do")
    await tell_fluister(page, "celine", "/vrij samenvatting aan")
    await expect(private(page, "celine")).to_contain_text("krijg je een samenvatting", timeout=SOON)
    await set_on_the_web(page, demo_url)
    for silence in SILENCES:
        await lived_through(page, silence)


async def set_on_the_web(page: Page, url: str) -> None:
    """Fridays end at three, and the May holiday lasts two weeks."""
    await sign_in(page, url, "bert")
    await expect(page.get_by_test_id("summary")).to_contain_text("ma-vr 08:00-18:00")
    await drag(page, "4 900", "4 1065")
    await page.get_by_test_id("week-save").click()
    await expect(page.get_by_test_id("summary")).to_contain_text("vr 08:00-15:00", timeout=SOON)
    await page.get_by_test_id("day-start").fill("2027-04-24")
    await page.get_by_test_id("day-end").fill("2027-05-09")
    await page.get_by_test_id("day-name").fill("Meivakantie")
    await page.get_by_test_id("mark-holiday").click()
    may = page.locator('[data-date="2027-05-07"]')
    await expect(may).to_have_class(re.compile("holiday"), timeout=SOON)
    await page.goto(url)


async def lived_through(page: Page, silence: Silence) -> None:
    text = f"Wie neemt na het {silence.name} de sleutel mee?"
    await jump(page, silence.said)
    await expect(page.get_by_test_id("quiet-bert")).to_be_visible(timeout=SOON)
    await say(page, "anna", text)
    await expect(private(page, "anna").get_by_text("Ik bewaar je bericht").last).to_be_visible(
        timeout=SOON
    )
    await close_sheet(page, "anna")
    for moment in silence.still:
        await jump(page, moment)
        await page.wait_for_timeout(400)
        for who in ("bert", "celine"):
            await expect(lines(page, who, text)).to_have_count(0)
    await jump(page, silence.comes)
    for who in ("anna", "bert", "celine"):
        await expect(lines(page, who, text)).to_have_count(1, timeout=SOON)
    await expect(private(page, "celine").get_by_text(text)).to_have_count(0)
    await jump(page, silence.told or silence.comes)
    await expect(private(page, "celine").get_by_text(text)).to_have_count(
        1 if silence.told else 0, timeout=SOON
    )
    for who in ("anna", "bert"):
        await expect(private(page, who)).not_to_contain_text("Welkom terug")
        await expect(lines(page, who, text)).to_have_count(1)


async def test_everybody_sees_and_changes_only_their_own_days(page: Page, demo_url: str):
    await settled(page, demo_url)
    await sign_in(page, demo_url, "celine")
    await expect(page).to_have_url(re.compile("/beheer/mijn$"))
    await expect(page.get_by_test_id("own-summary")).to_contain_text("ma di do", timeout=SOON)
    await page.get_by_test_id("works-wo-ochtend").select_option("every")
    await page.get_by_test_id("works-vr-ochtend").select_option("odd")
    await page.get_by_test_id("works-vr-middag").select_option("odd")
    await page.get_by_test_id("works-save").click()
    await expect(page.get_by_test_id("own-summary")).to_contain_text(
        "ma di wo-ochtend do vr (oneven)", timeout=SOON
    )
    await page.get_by_test_id("leave-start").fill("2026-12-14")
    await page.get_by_test_id("leave-add").click()
    await expect(page.get_by_test_id("leave-list")).to_contain_text("14 december 2026")
    await page.get_by_test_id("own-undo").click()
    await expect(page.get_by_test_id("leave-list")).not_to_contain_text("14 december 2026")
    await page.goto(f"{demo_url}/beheer/rusttijd")
    await expect(page).to_have_url(re.compile("/beheer/mijn$"))
    await page.get_by_test_id("leave").click()
    await expect(page.get_by_text("Aanmelden bij Fluister").first).to_be_visible(timeout=SOON)


async def test_the_week_can_be_set_without_a_mouse_and_fits_a_small_screen(
    page: Page, demo_url: str
):
    await settled(page, demo_url)
    await sign_in(page, demo_url, "bert")
    await expect(page.get_by_test_id("summary")).to_contain_text("ma-vr")
    cell = page.locator('[role=gridcell][data-day="5"][data-at="540"]')
    await page.locator('[role=gridcell][tabindex="0"]').focus()
    for key in ["ArrowRight"] * 5 + ["ArrowDown"] * 12:
        await page.keyboard.press(key)
    await expect(cell).to_be_focused()
    await page.keyboard.press(" ")
    await expect(cell).to_have_attribute("aria-selected", "true")
    await expect(page.get_by_test_id("week-text")).to_have_value(re.compile("za 09:00-09:15"))
    await page.set_viewport_size({"width": 360, "height": 740})
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


async def test_the_other_admin_pages_show_what_counts(page: Page, demo_url: str):
    await settled(page, demo_url)
    await sign_in(page, demo_url, "bert")
    await page.get_by_role("link", name="Protocol").click()
    await expect(page.get_by_test_id("coverage")).to_contain_text("Intern 3", timeout=SOON)
    await expect(page.get_by_test_id("level")).to_have_value("act")
    await page.get_by_test_id("policy-file").select_option(index=0)
    await page.get_by_test_id("compare").click()
    await expect(page.get_by_test_id("difference").locator("li").first).to_be_visible(timeout=SOON)
    await page.get_by_role("link", name="Kanalen").click()
    await expect(page.get_by_test_id("groups")).to_contain_text("Team Matthijsje", timeout=SOON)
    await expect(page.get_by_test_id("admins")).to_contain_text("Bert Jansen")
    await expect(page.get_by_test_id("platforms")).to_contain_text("demo: ")
    small = await page.evaluate(
        """() => [...document.querySelectorAll('button, a, select, input')]
          .filter((one) => one.offsetParent && one.offsetHeight < 40 && !one.closest('label.tick'))
          .map((one) => one.outerHTML.slice(0, 90))"""
    )
    assert [one for one in small if "skip" not in one] == []
