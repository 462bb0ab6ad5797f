"""Ten typical talks with the adviser in the demo's private chat, as Anna sees them."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

pytestmark = pytest.mark.browser

SOON = 20_000
# What Anna says, and what Fluister's next line holds.
TALKS = (
    (("Mag ik in de teamgroep zetten dat Sem uit groep 6 bij Veilig Thuis is gemeld?",
      r"Nee.*Intern 3"),),
    (("Mag ik in de teamapp vragen wie mijn pleinwacht kan overnemen?", r"Ja.*Intern 3"),),
    (("Mag ik een foto van mijn klas op Facebook zetten?", r"Nee.*Extern 3"),),
    (("Een moeder klaagt op Facebook over onze toetsen. Mag ik reageren?", r"Nee.*Extern 4"),),
    (("Ik vind het nieuwe beleid van ons bestuur slecht. Mag ik dat op X zetten?",
      r"Overleg eerst.*Extern 8"),),
    (("Mag ik onder een artikel op LinkedIn mijn mening over de staking geven?",
      r"persoonlijk of namens"),
     ("Persoonlijk", r"Ja.*Extern 2")),
    (("Mag ik dit delen?", r"Voor wie|Wie"), ("Het hele team", r"Waar|Hoe|kanaal"),
     ("Parro", r"Nee.*Intern 3")),
    (("Mag ik dit doorsturen?", r"\?"), ("nee toch niet", r"\w")),
    (("Wat zegt het protocol over foto's?", r"protocol|Extern"),),
    (("Wat weet je van mij?", r"\w"),),
)  # fmt: skip


async def say(page: Page, words: str) -> None:
    composer = page.get_by_test_id("private-composer-anna")
    await composer.fill(words)
    await composer.press("Enter")


async def answered(page: Page, before: int, holds: str) -> Locator:
    """The line that came after the `before` lines there were, once it holds these words."""
    answer = page.get_by_test_id("private-anna").locator(".line.bot").nth(before)
    await expect(answer).to_contain_text(re.compile(holds, re.S), timeout=SOON)
    return answer


async def test_ten_typical_talks_are_answered_in_the_private_chat(page: Page, demo_url: str):
    await page.goto(demo_url)
    await expect(page.get_by_test_id("group-anna").locator(".line.bot").first).to_be_visible(
        timeout=SOON
    )
    await page.get_by_test_id("private-open-anna").click()
    lines = page.get_by_test_id("private-anna").locator(".line.bot")
    for talk in TALKS:
        for words, holds in talk:
            before = await lines.count()
            await say(page, words)
            await answered(page, before, holds)
    for who in ("bert", "celine"):
        await expect(page.get_by_test_id(f"private-{who}")).not_to_contain_text("Veilig Thuis")


async def test_a_question_is_answered_with_its_buttons_and_stop_ends_it(page: Page, demo_url: str):
    await page.goto(demo_url)
    await expect(page.get_by_test_id("group-anna").locator(".line.bot").first).to_be_visible(
        timeout=SOON
    )
    await page.get_by_test_id("private-open-anna").click()
    lines = page.get_by_test_id("private-anna").locator(".line.bot")
    await say(page, "Mag ik dit delen?")
    await expect(lines.last).to_contain_text("?", timeout=SOON)
    choices = page.get_by_test_id("sheet-anna").get_by_test_id("choice")
    before = await lines.count()
    await choices.filter(has_text="Het hele team").last.click()
    await expect(lines.nth(before)).to_contain_text("?", timeout=SOON)
    before = await lines.count()
    await choices.filter(has_text="Stop").last.click()
    await expect(lines.nth(before)).to_be_visible(timeout=SOON)

    # Found by its words: what Stop ended may still be leaving the list while this is said.
    await say(page, 'Mag dit in de groep: "Lars uit groep 5 heeft ADHD en slikt medicijnen"')
    await expect(lines.filter(has_text="Intern 3").last).to_be_visible(timeout=SOON)
    await expect(choices.filter(has_text="Stuur als mail").last).to_be_visible(timeout=SOON)
    await choices.filter(has_text="Stuur als mail").last.click()
    await expect(page.get_by_test_id("mailbox-count")).to_have_text("1", timeout=SOON)
