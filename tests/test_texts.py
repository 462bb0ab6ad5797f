"""The catalogue: complete in both languages, kind and short; every key asked for exists."""

import re
import string
from pathlib import Path

import pytest

from bot import texts
from bot.core.decisions import POST_REASONS
from bot.core.findings import Category
from bot.core.policy import Level
from bot.core.setup import SetupStep
from bot.storage.records import Refusal

BOT = Path(__file__).parents[1] / "bot"
KEY = re.compile(
    r'"((?:whisper|tip|quiet|gate|button|pointer|digest|hello|code|help|about|dialogue|setup)'
    r'\.[a-z_]+)"'
)
BLAME = re.compile(r"\b(?:fout van jou|verboden|overtreding|straf|je mag niet|schande)\b", re.I)


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_the_same_things() -> None:
    """Only what the story's colleagues write stays Dutch: the detector reads Dutch."""
    only_dutch = set(texts.catalogue("nl")) - set(texts.catalogue("en"))
    assert all(key.endswith(".sample") for key in only_dutch)
    assert set(texts.catalogue("en")) <= set(texts.catalogue("nl"))


@pytest.mark.parametrize("key", sorted(texts.catalogue("en")))
def test_a_translation_has_the_same_gaps(key: str) -> None:
    assert gaps(texts.catalogue("nl")[key]) == gaps(texts.catalogue("en")[key])


def test_every_key_that_delivery_and_core_ask_for_exists() -> None:
    asked = {
        key
        for folder in ("core", "delivery")
        for file in (BOT / folder).rglob("*.py")
        for key in KEY.findall(file.read_text("utf-8"))
    }
    assert len(asked) > 40
    assert {key for key in asked if not texts.has(key)} == set()


def test_every_value_a_text_is_made_from_has_its_words() -> None:
    wanted = [f"category.{category.value}" for category in Category]
    wanted += [f"reason.{reason}" for reason in POST_REASONS]
    wanted += [f"button_refused.{refusal.value}" for refusal in Refusal]
    wanted += [f"setup.ask_{step.value}" for step in SetupStep]
    wanted += [f"setup.done_{level.value}" for level in Level]
    wanted += [f"{key}_later" for key in ("whisper.posted_anyway", "whisper.posted_back",
                                          "whisper.rewritten_posted")]  # fmt: skip
    assert [key for key in wanted if not texts.has(key)] == []


def test_nobody_is_blamed() -> None:
    assert [key for key, said in texts.catalogue("nl").items() if BLAME.search(said)] == []


def test_whispers_are_short_sentences() -> None:
    """B1 Dutch: about twelve words a sentence on average, none over thirty."""
    for key, said in texts.catalogue("nl").items():
        if not key.startswith(("whisper.", "quiet.", "advice.", "help.", "setup.")):
            continue
        sentences = [s.split() for s in re.split(r"[.!?:\n]+\s", said) if s.strip()]
        assert max(map(len, sentences), default=0) <= 30, key
        assert sum(map(len, sentences)) / max(1, len(sentences)) <= 16, key


def test_a_filled_gap_is_never_read_as_a_template_again() -> None:
    said = texts.text("whisper.rewritten", safe="{address} {0.__class__}")
    assert "{address} {0.__class__}" in said


def test_one_of_something_is_said_in_the_singular() -> None:
    assert "2 berichten" in texts.text("rest.held.released", count=2)
    assert "één bericht" in texts.text("rest.held.released", count=1)
    assert "one message" in texts.text("rest.held.released", "en", count=1)


# Gaps that hold a number, before a word that is plural.
NUMBERED = re.compile(
    r"\{(?:count|days|late|files|rules|uncertain|gave_up|length|limit)\}"
    r"(?: more| nieuwe)? (?P<word>[a-z]+)"
)
# Never one: what the demo shows, the limits that are fixed, and a digest (one comes by itself).
MANY = ("demo.", "quiet.error.", "policy.new.intro", "policy.coverage.total", "digest.head")
SAME_FOR_ONE = {"keer", "te", "ongelezen", "unread", "of"}


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_text_with_a_number_before_a_plural_has_a_singular(language: str) -> None:
    told = texts.catalogue(language)
    plural = {
        key
        for key, said in told.items()
        if not key.startswith(MANY)
        and any(found["word"] not in SAME_FOR_ONE for found in NUMBERED.finditer(said))
    }
    assert plural
    assert {key for key in plural if f"{key}_one" not in told} == set()


def test_an_unknown_key_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        texts.text("no.such.key")
