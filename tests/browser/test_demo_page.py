"""The demo's page in a real browser, with a pretend Fluister behind it."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from bot.adapters.demo.values import TEAM
from tests.demo.harness import Pretence, pretence

pytestmark = pytest.mark.browser

CONFIDENTIAL = "Weten jullie dat Sem uit groep 6 bij Veilig Thuis is gemeld?"


@pytest.fixture
async def demo():
    async with pretence() as running:
        yield running


async def say(page: Page, who: str, text: str) -> None:
    await page.get_by_test_id(f"composer-{who}").fill(text)
    await page.get_by_test_id(f"composer-{who}").press("Enter")


def line(page: Page, who: str, text: str):
    return page.get_by_test_id(f"group-{who}").get_by_test_id("line").filter(has_text=text)


async def test_the_story_can_be_clicked_from_begin_to_end(demo: Pretence, page: Page):
    await page.goto(demo.url)
    title, action = page.get_by_test_id("story-title"), page.get_by_test_id("story-action")
    await expect(title).to_have_text("Een gewone vraag")
    await action.click()
    await expect(title).to_have_text("Iets vertrouwelijks")
    await action.click()
    await expect(title).to_have_text("Alleen Anna ziet de fluistering")
    await action.click()
    await expect(page.locator(":focus")).to_contain_text("Stuur naar team@")
    await page.keyboard.press("Enter")
    await expect(title).to_have_text("Het staat in de mail")
    await action.click()
    await expect(page.get_by_test_id("mail-text")).to_contain_text("Veilig Thuis")
    await expect(page.get_by_test_id("mail-to-value")).to_have_text("team@schoolmatthijsje.nl")
    await page.keyboard.press("Escape")
    await expect(title).to_have_text("’s Avonds is het stil")
    await action.click()
    await expect(page.get_by_test_id("quiet-bert")).to_be_visible()
    await expect(action).to_have_text("Laat Celine iets sturen")
    await action.click()
    await expect(title).to_have_text("Celine heeft het gezegd, niemand is gestoord")
    await action.click()
    await expect(title).to_have_text("Twijfel? Vraag het eerst")
    await action.click()
    await expect(page.get_by_test_id("private-anna")).to_contain_text("Intern 3")
    await expect(title).to_have_text("Dat is Fluister")


async def test_the_story_can_be_put_away_and_taken_out_again(demo: Pretence, page: Page):
    await page.goto(demo.url)
    await page.get_by_test_id("story-skip").click()
    await expect(page.get_by_test_id("story-title")).to_have_text("Iets vertrouwelijks")
    await page.get_by_test_id("story-close").click()
    await expect(page.get_by_test_id("story")).to_be_hidden()
    await page.get_by_test_id("story-open").click()
    await expect(page.get_by_test_id("story-title")).to_have_text("Een gewone vraag")


async def test_a_whisper_slides_over_its_senders_phone_and_no_other(demo: Pretence, page: Page):
    await page.goto(demo.url)
    await say(page, "anna", CONFIDENTIAL)
    await expect(page.get_by_test_id("sheet-anna")).to_be_visible()
    await expect(page.get_by_test_id("sheet-bert")).to_be_hidden()
    for who in ("anna", "bert", "celine"):
        await expect(line(page, who, "Veilig Thuis")).to_have_count(0, timeout=2_000)
    focused = page.locator(":focus")
    assert await focused.evaluate("node => !!node.closest('[data-testid=sheet-anna]')")
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("sheet-anna")).to_be_hidden()
    await expect(page.get_by_test_id("private-open-anna")).to_be_focused()


async def test_replying_editing_and_deleting_show_on_every_phone(demo: Pretence, page: Page):
    await page.goto(demo.url)
    await say(page, "anna", "Koffie?")
    await line(page, "bert", "Koffie?").get_by_test_id("more").click()
    await line(page, "bert", "Koffie?").get_by_test_id("line-reply").click()
    await say(page, "bert", "Graag")
    await expect(line(page, "celine", "Graag").locator(".quote")).to_contain_text("Koffie?")
    await line(page, "bert", "Graag").get_by_test_id("more").click()
    await line(page, "bert", "Graag").get_by_test_id("line-edit").click()
    await say(page, "bert", "Heel graag")
    await expect(line(page, "anna", "Heel graag")).to_contain_text("bewerkt")
    await line(page, "anna", "Koffie?").first.get_by_test_id("more").click()
    await line(page, "anna", "Koffie?").first.get_by_test_id("line-delete").click()
    await expect(line(page, "celine", "Koffie?")).to_have_count(0)


async def test_nobody_can_change_anothers_words(demo: Pretence, page: Page):
    await page.goto(demo.url)
    await say(page, "anna", "Koffie?")
    theirs = line(page, "bert", "Koffie?")
    await theirs.get_by_test_id("more").click()
    await expect(theirs.get_by_test_id("line-reply")).to_be_visible()
    await expect(theirs.get_by_test_id("line-edit")).to_have_count(0)


async def test_a_file_is_sent_along(demo: Pretence, page: Page):
    await page.goto(demo.url)
    file = {"name": "rooster.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-"}
    await page.get_by_test_id("attach-anna").set_input_files([file])
    await page.get_by_test_id("send-anna").click()
    await expect(line(page, "bert", "rooster.pdf")).to_be_visible()


async def test_what_does_not_fit_is_said_and_the_words_stay(demo: Pretence, page: Page):
    await page.goto(demo.url)
    await say(page, "anna", "x" * 5_000)
    await expect(page.get_by_test_id("note-anna")).to_contain_text("4096")
    assert len(await page.get_by_test_id("composer-anna").input_value()) == 5_000


async def test_markup_in_a_message_is_only_text(demo: Pretence, page: Page):
    await page.goto(demo.url)
    await say(page, "anna", "<img src=x onerror=alert(1)><b>dik</b>")
    await expect(line(page, "bert", "<b>dik</b>")).to_be_visible()


async def test_the_page_comes_back_by_itself_after_the_connection_was_lost(
    demo: Pretence, page: Page
):
    await page.goto(demo.url)
    await expect(page.get_by_test_id("group-bert").get_by_test_id("line")).not_to_have_count(0)
    await page.context.set_offline(True)
    demo.room.changes.close()
    demo.room.say("bert", TEAM, "Terwijl je weg was")
    await page.wait_for_timeout(300)
    await page.context.set_offline(False)
    await expect(line(page, "anna", "Terwijl je weg was")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 768])
async def test_a_small_screen_shows_one_phone_at_a_time(
    demo: Pretence, browser: Browser, width: int
):
    context = await browser.new_context(viewport={"width": width, "height": 844}, has_touch=True)
    page = await context.new_page()
    await page.goto(demo.url)
    await expect(page.get_by_test_id("phone-anna")).to_be_visible()
    await expect(page.get_by_test_id("phone-bert")).to_be_hidden()
    await page.get_by_test_id("tab-bert").click()
    await expect(page.get_by_test_id("phone-bert")).to_be_visible()
    await expect(page.get_by_test_id("phone-anna")).to_be_hidden()
    await page.get_by_test_id("story-close").click()
    await expect(page.get_by_test_id("story-open")).to_be_visible()
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    await context.close()


async def test_less_motion_is_respected(demo: Pretence, browser: Browser):
    context = await browser.new_context(reduced_motion="reduce")
    page = await context.new_page()
    await page.goto(demo.url)
    await say(page, "anna", CONFIDENTIAL)
    await expect(page.get_by_test_id("sheet-anna")).to_be_visible()
    moving = await page.evaluate(
        "getComputedStyle(document.querySelector('.sheet')).transitionDuration"
    )
    assert all(float(one.strip("s")) < 0.001 for one in re.split(r",\s*", moving))
    await context.close()


@pytest.mark.parametrize("moment", ["school_day", "evening"])
async def test_everything_to_press_is_big_enough(demo: Pretence, page: Page, moment: str):
    await page.goto(demo.url)
    await page.get_by_test_id(f"quick-{moment}").click()
    await say(page, "anna", CONFIDENTIAL)
    small = await page.evaluate(
        """() => [...document.querySelectorAll('button, a, textarea')]
          .filter((one) => one.offsetParent && !one.closest('[inert]'))
          .filter((one) => one.offsetHeight < 42 || (one.offsetWidth < 36))
          .map((one) => one.outerHTML.slice(0, 90))"""
    )
    assert small == []
