"""A change of form is no change of meaning: how often a verdict flips, and what may never break.

The bounds are those of the whole sets (bench/results/robust.md) with room for the sample taken
here; `make bench-robust` measures everything.
"""

import json
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.changes import CHANGES
from bench.robust import SWAPPED, messages, variants, verdict
from bot.detection.engine import build_detector
from bot.detection.jsonl import Conversations, detect_line
from bot.detection.normal import normalise
from bot.detection.pack import nl_recognizers
from bot.detection.recognizers.content import ContentRecognizer

SAMPLE = 50  # messages of each set
BOUNDS = {
    "all small letters": 0.05,
    "ALL CAPITALS": 0.06,
    "mIxEd CaSe": 0.12,
    "last full stop off": 0.04,
    "'hoi allemaal, ' in front": 0.08,
    "another message quoted above": 0.16,
    "invisible characters in words": 0.0,
    "letters of another alphabet": 0.0,
    "a letter doubled in a word of four": 0.07,
    "a number for a letter in a word of four": 0.06,
    "an emoji inside a word of four": 0.05,
    "HTML around words": 0.0,
    "Markdown around words": 0.0,
    SWAPPED: 0.06,
}
LANGUAGES = Path(__file__).with_name("languages.json")


@pytest.fixture(scope="module")
def sample():
    chance = random.Random(20261121)
    return [record for some in messages().values() for record in chance.sample(some, SAMPLE)]


@pytest.fixture(scope="module")
def verdicts(detector, sample):
    return [verdict(detector, record, record["text"]) for record in sample]


def test_every_change_has_a_bound():
    assert {*CHANGES, SWAPPED} == BOUNDS.keys()


@pytest.mark.parametrize("change", BOUNDS)
def test_a_verdict_seldom_flips_when_only_the_form_changes(detector, sample, verdicts, change):
    changed = list(variants(change, sample))
    both = [
        (record, text, was)
        for record, text, was in zip(sample, changed, verdicts, strict=True)
        if text != record["text"]
    ]
    assert len(both) >= 5
    flips = sum(verdict(detector, record, text) is not was for record, text, was in both)
    assert flips <= BOUNDS[change] * len(both)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    ("before", "value"),
    [("het bsn van Jip is ", "123456782"), ("de moeder van Jip is te bellen op ", "06-28374651")],
)
def test_a_number_stays_found_whatever_is_done_to_the_words_around_it(
    detector, change, before, value
):
    text = f"{before}{value} volgens de administratie"
    span = (len(before), len(before) + len(value))
    changed = CHANGES[change](text, [span], random.Random(1))
    assert value in {changed[f.start : f.end] for f in detector.detect(changed).findings}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_changes_on_top_of_each_other_break_nothing(detector, sample, data):
    record = data.draw(st.sampled_from(sample))
    text = record["text"]
    for change in data.draw(st.lists(st.sampled_from(list(CHANGES.values())), max_size=4)):
        text = change(text, (), random.Random(data.draw(st.integers(0, 99))))
    found = detector.detect(text)
    assert not found.failed
    for finding in found.findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert text[finding.start : finding.end].strip()


@given(st.text(st.sampled_from("aceopxyABCEHKMOPTX bsn12"), max_size=40))
def test_letters_that_pass_for_ours_are_read_as_ours(text):
    foreign = CHANGES["letters of another alphabet"](text, (), random.Random(3))
    assert normalise(foreign).text == normalise(text).text or not any(c in text for c in "bsn")


def test_words_of_another_alphabet_stay_as_they_are():
    for text in ("Привіт Anna, як справи?", "Καλημέρα juf, όλα καλά;", "как дела"):
        assert normalise(text).text == text


def small_talk():
    return [
        pytest.param(text, id=f"{language}-{number}")
        for language, texts in json.loads(LANGUAGES.read_text("utf-8")).items()
        for number, text in enumerate(texts, 1)
    ]


@pytest.mark.parametrize("text", small_talk())
def test_small_talk_in_another_language_passes(detector, text):
    found = detector.detect(text)
    assert not found.assessment.categories
    assert not found.failed


def test_a_message_that_could_not_be_read_is_told_about_and_never_called_clean():
    class Broken(ContentRecognizer):
        def spans(self, sheet):
            raise RuntimeError(sheet.text)

    others = [r for r in nl_recognizers() if not isinstance(r, ContentRecognizer)]
    secret = "Anouk zit morgen bij de oefenavond"
    answer = detect_line(
        build_detector([*others, Broken()]), {"id": 1, "text": secret}, Conversations()
    )
    assert answer["flag"]
    assert answer["failed"] == ["Broken"]
    assert "Anouk" not in json.dumps(answer)


def test_a_megabyte_of_disguised_words_takes_bounded_time(detector):
    text = "Morgen neemt Fatima de sleutel mee naar het speellokaal, gezellig! "
    for change in ("invisible characters in words", "letters of another alphabet"):
        text = CHANGES[change](text, (), random.Random(2))
    begun = time.process_time()
    detector.detect(text * (1_000_000 // len(text)))
    assert time.process_time() - begun < 20
