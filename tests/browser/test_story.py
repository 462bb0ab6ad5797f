"""The whole journey in the real demo, as a newcomer sees it in a browser."""

import re

import pytest
from playwright.async_api import Page, expect

pytestmark = pytest.mark.browser

PHONES = ("anna", "bert", "celine")
CONFIDENTIAL = "Weten jullie dat Sem uit groep 6 bij Veilig Thuis is gemeld? Let even op hem."
HARMLESS = "Kan iemand morgen mijn pleinwacht van 10.15 overnemen?"
EVENING = "Wie neemt morgen de sleutel van de gymzaal mee?"
QUESTION = "Mag ik in de teamgroep zetten dat Sem uit groep 6 bij Veilig Thuis is gemeld?"
SOON, GONE_WITHIN = 15_000, 2_000


async def say(page: Page, who: str, text: str) -> None:
    await page.get_by_test_id(f"composer-{who}").fill(text)
    await page.get_by_test_id(f"composer-{who}").press("Enter")


def lines(page: Page, who: str, text: str):
    return page.get_by_test_id(f"group-{who}").get_by_test_id("line").filter(has_text=text)


async def settled(page: Page, url: str) -> None:
    """Open the demo and wait until Fluister has said hello."""
    await page.goto(url)
    hello = page.get_by_test_id("group-anna").locator(".line.bot")
    await expect(hello.first).to_be_visible(timeout=SOON)


async def test_a_confidential_message_goes_from_the_group_to_the_mail(page: Page, demo_url: str):
    await settled(page, demo_url)
    await say(page, "anna", CONFIDENTIAL)
    # It stands there too briefly to wait for; that it was sent is what the sheet and the mail say.
    await expect(page.get_by_test_id("sheet-anna")).to_be_visible(timeout=SOON)
    for who in PHONES:
        await expect(lines(page, who, "Veilig Thuis")).to_have_count(0, timeout=GONE_WITHIN)
    for who in ("bert", "celine"):
        await expect(page.get_by_test_id(f"sheet-{who}")).to_be_hidden()
        await expect(page.get_by_test_id(f"private-{who}")).not_to_contain_text("Veilig Thuis")

    choice = page.get_by_test_id("sheet-anna").get_by_test_id("choice")
    await choice.filter(has_text="Stuur naar team@").click()
    await expect(page.get_by_test_id("mailbox-count")).to_have_text("1", timeout=SOON)
    await page.get_by_test_id("mailbox-button").click()
    await expect(page.get_by_test_id("mail-text")).to_contain_text(CONFIDENTIAL)
    await expect(page.get_by_test_id("mail-to-value")).to_contain_text("team@")
    await page.get_by_test_id("mailbox-close").click()
    for who in PHONES:
        pointer = page.get_by_test_id(f"group-{who}").locator(".line.bot").last
        await expect(pointer).to_contain_text(re.compile("intern 3", re.IGNORECASE), timeout=SOON)
        await expect(pointer).not_to_contain_text("Anna")


async def test_a_harmless_message_stays(page: Page, demo_url: str):
    await settled(page, demo_url)
    await say(page, "bert", HARMLESS)
    for who in PHONES:
        await expect(lines(page, who, HARMLESS)).to_be_visible()
    await page.wait_for_timeout(GONE_WITHIN)
    for who in PHONES:
        await expect(lines(page, who, HARMLESS)).to_be_visible()
        await expect(page.get_by_test_id(f"sheet-{who}")).to_be_hidden()


async def test_an_evening_message_is_held_and_comes_the_next_morning(page: Page, demo_url: str):
    await settled(page, demo_url)
    await page.get_by_test_id("quick-evening").click()
    await expect(page.get_by_test_id("quiet-celine")).to_be_visible(timeout=SOON)
    await say(page, "celine", EVENING)
    await expect(page.get_by_test_id("group-celine").get_by_test_id("held-note")).to_be_visible(
        timeout=SOON
    )
    for who in ("anna", "bert"):
        await expect(lines(page, who, EVENING)).to_have_count(0)
    await page.get_by_test_id("quick-morning").click()
    for who in PHONES:
        await expect(lines(page, who, EVENING)).to_be_visible(timeout=SOON)
        await expect(page.get_by_test_id(f"quiet-{who}")).to_be_hidden()
    await expect(page.get_by_test_id("group-celine").get_by_test_id("held-note")).to_have_count(0)


async def test_asked_beforehand_the_answer_names_the_schools_article(page: Page, demo_url: str):
    await settled(page, demo_url)
    await page.get_by_test_id("private-open-anna").click()
    await page.get_by_test_id("private-composer-anna").fill(QUESTION)
    await page.get_by_test_id("private-composer-anna").press("Enter")
    answer = page.get_by_test_id("private-anna").locator(".line.bot").last
    await expect(answer).to_contain_text(re.compile("intern 3", re.IGNORECASE), timeout=SOON)
