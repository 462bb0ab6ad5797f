"""What a person reads: instants in the words of a sentence, today and on another day."""

from datetime import UTC, datetime, timedelta

import pytest

from bot import texts
from bot.delivery.render import render

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
TODAY = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
TOMORROW = TODAY + timedelta(days=1)
LONG_AFTER = TODAY + timedelta(days=20)
SAID = [
    ("nl", TODAY, "komt om 07:30 terug"),
    ("nl", TOMORROW, "komt woensdag om 07:30 terug"),
    ("nl", LONG_AFTER, "komt maandag 14 dec om 07:30 terug"),
    ("en", TODAY, "to the group at 07:30, in"),
    ("en", TOMORROW, "to the group on Wednesday at 07:30, in"),
    ("en", LONG_AFTER, "to the group on Monday 14 Dec at 07:30, in"),
]


def say(key: str, language: str, until: datetime) -> str:
    return render(key, {"until": until}, language=language, zone="Europe/Amsterdam", now=NOW)


@pytest.mark.parametrize(("language", "until", "words"), SAID)
def test_a_moment_in_a_sentence_reads_right_on_any_day(
    language: str, until: datetime, words: str
) -> None:
    assert words in say("whisper.posted_anyway_later", language, until)


def test_a_button_stays_short() -> None:
    assert say("button.deliver_later", "nl", TODAY) == "Later bezorgen (07:30)"
    assert say("button.deliver_later", "nl", TOMORROW) == "Later bezorgen (wo 07:30)"


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_no_text_puts_its_own_word_before_a_short_moment(language: str) -> None:
    told = texts.catalogue(language).values()
    own = [said for said in told for word in ("om", "at") if f" {word} {{" in said.lower()]
    assert [said for said in own if "{until}" in said or "{at_" in said] == []
