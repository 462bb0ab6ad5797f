"""Every reason and every fault of working time can be said in both languages."""

import re
from pathlib import Path

import pytest

import bot.core.quiet
from bot.core.quiet_hours import QuietError, ReasonKind, parse_week
from bot.texts import LANGUAGES, catalogue, text

SOURCES = Path(bot.core.quiet.__file__).parent.glob("*.py")
FAULTS = {key for file in SOURCES for key in re.findall(r'"(quiet\.error\.\w+)"', file.read_text())}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_words_for_every_reason_and_fault(language):
    wanted = FAULTS | {f"quiet.why.{kind.value}" for kind in ReasonKind}
    assert len(FAULTS) > 15
    assert wanted <= catalogue(language).keys()


@pytest.mark.parametrize("typed", ["x" * 501, "", "ma", "foo 8-9", "ma 8", "ma 8-99", "ma 8-8"])
def test_a_fault_fills_all_the_gaps_of_its_text(typed):
    with pytest.raises(QuietError) as caught:
        parse_week(typed)
    for language in LANGUAGES:
        assert "{" not in text(caught.value.key, language, **caught.value.values)
