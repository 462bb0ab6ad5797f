"""A message that repeats another above it, line by line behind `>`."""

import pytest

from bot.detection.quoted import parts
from bot.detection.sheet import Sheet

HARMLESS = "> wie heeft de sleutel van de gymzaal?\n"
GRAVE = "Milan uit groep 6 heeft gisteren de diagnose ADHD gekregen"


def words(tokens):
    return [token.text for token in tokens]


def test_what_is_repeated_and_what_is_answered_are_told_apart():
    found = parts(Sheet.of("> eerste regel\n>> tweede\nmijn antwoord"))
    assert words(found.own) == ["mijn", "antwoord"]
    assert words(found.quote) == [">", "eerste", "regel", ">", ">", "tweede"]
    assert found.said == "eerste regel\n> tweede"


@pytest.mark.parametrize("text", ["", "geen quote", "> alleen een quote", "> alleen\n", "a > b\nc"])
def test_without_an_answer_below_a_quote_all_is_the_message_itself(text):
    sheet = Sheet.of(text)
    found = parts(sheet)
    assert (found.quote, found.own, found.said) == ((), sheet.tokens, "")


def test_a_harmless_quote_above_hides_nothing(detector):
    plain = detector.detect(GRAVE).assessment
    assert plain.categories
    assert detector.detect(HARMLESS + GRAVE).assessment.categories == plain.categories
    assert detector.detect(HARMLESS * 12 + GRAVE).assessment.categories == plain.categories


def test_a_confidential_quote_is_seen_above_a_harmless_answer(detector):
    assert detector.detect(f"> {GRAVE}\nwat fijn, en wie haalt er taart?").assessment.categories


def test_the_phrase_found_in_an_answer_stands_in_the_answer(detector):
    text = HARMLESS + GRAVE
    spans = [text[f.start : f.end] for f in detector.detect(text).findings]
    assert any("ADHD" in span for span in spans)
    assert all(">" not in span for span in spans)
