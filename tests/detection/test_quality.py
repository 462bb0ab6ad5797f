"""Figures on labelled messages: our own always, the development corpus where it is at hand."""

from pathlib import Path

import pytest

from tests.detection.scoring import read, score

OURS = Path(__file__).with_name("messages.jsonl")
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "dev.jsonl"
KINDS = {
    "PERSON", "NL_BSN", "PHONE_NUMBER", "IBAN_CODE", "EMAIL_ADDRESS", "NL_POSTCODE_ADDRESS",
    "DATE_OF_BIRTH", "NL_LICENSE_PLATE", "ID_DOCUMENT", "CREDENTIAL",
}  # fmt: skip


@pytest.mark.parametrize("record", read(OURS), ids=lambda r: r["text"][:40])
def test_each_of_our_own_messages_is_judged_and_its_values_found_exactly(detector, record):
    detection = detector.detect(record["text"])
    judged = detection.assessment
    assert (bool(judged.categories) or judged.unsure) is record["flag"]
    found = {
        (f.entity_type, record["text"][f.start : f.end])
        for f in detection.findings
        if f.entity_type in KINDS
    }
    assert found == {tuple(span) for span in record["spans"]}
    assert not detection.failed


@pytest.mark.skipif(not CORPUS.exists(), reason="the development corpus is not at hand")
def test_the_development_corpus_scores_no_worse_than_it_did(detector):
    total = score(detector, read(CORPUS))
    assert total.f1 >= 0.92
    assert total.false_alarms <= 0.08
    assert total.kind_f1("PERSON") >= 0.94
    for kind in ("BSN", "IBAN", "PHONE", "EMAIL", "ADDRESS", "LICENSE_PLATE", "ID_DOCUMENT"):
        right, _, missed = total.kinds[kind]
        assert right / (right + missed) >= 0.93, kind


def test_names_on_no_list_are_found_where_a_name_stands(detector):
    for text, name in (
        ("Juf Vrindelle heeft de sleutel", "Vrindelle"),
        ("moeder van Quorsha belde over gym", "Quorsha"),
        ("Drumiek uit groep 6 zoekt zijn jas", "Drumiek"),
    ):
        spans = {text[f.start : f.end] for f in detector.detect(text).findings}
        assert name in spans
