"""How the detector behaves: whatever comes in, whatever breaks inside."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from presidio_analyzer import EntityRecognizer

from bot.core.findings import Category
from bot.detection.encoder import readings
from bot.detection.engine import AllowList, build_detector
from bot.detection.pack import nl_recognizers


class Broken(EntityRecognizer):
    def __init__(self):
        super().__init__(["PERSON"], name="Broken", supported_language="nl")

    def load(self):
        pass

    def analyze(self, text, entities, nlp_artifacts=None):
        raise ValueError(text)


hostile = st.text(
    st.characters()
    | st.sampled_from("\u200b\u202e\ufeff\x00\ud800\udfff́bsn0123456789@.- \n")
    | st.sampled_from(list("juf Bram ww: 06-12345678 AB")),
    max_size=120,
)


@settings(max_examples=150, deadline=None)
@given(hostile)
def test_any_text_gives_valid_spans_and_twice_the_same(detector, text):
    first, second = detector.detect(text), detector.detect(text)
    assert first == second
    assert not first.failed
    for finding in first.findings:
        assert 0 <= finding.start < finding.end <= len(text)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 8), st.sampled_from("\u200b\u200d\u2060\ufeff\u202a\u00ad"))
def test_an_invisible_character_inside_a_bsn_hides_nothing(detector, place, invisible):
    number = "123456782"
    hidden = number[: place + 1] + invisible + number[place + 1 :]
    text = f"bsn {hidden} van 👩‍👧 Teun"
    found = [f for f in detector.detect(text).findings if f.entity_type == "NL_BSN"]
    assert [text[f.start : f.end].replace(invisible, "") for f in found] == [number]


def test_fullwidth_digits_and_a_composed_accent_keep_their_places_in_the_original(detector):
    text = "Zoë́ heeft bsn １２３４５６７８２!"
    found = [f for f in detector.detect(text).findings if f.entity_type == "NL_BSN"]
    assert [text[f.start : f.end] for f in found] == ["１２３４５６７８２"]


def test_a_recognizer_that_breaks_is_reported_without_text_and_the_others_go_on():
    detector = build_detector((Broken(), *nl_recognizers()))
    detection = detector.detect("bsn 123456782")
    assert [(c.recognizer, c.error) for c in detection.failed] == [("Broken", "ValueError")]
    assert detection.assessment.categories == (Category.IDENTIFIER,)


@pytest.mark.parametrize(
    "text",
    ["a" * 1_000_000, "Het regent. " * 90_000, "😀" * 10_000, "06 " * 200_000, "bsn " * 100_000, "A-" * 300_000,  # noqa: E501
     "\u0301" * 50_000, "wachtwoord: " * 50_000, "x@" * 200_000, "Jan " * 30_000],
    ids=["letters", "rain", "emoji", "zeroes", "cues", "dashes", "marks", "secrets", "ats", "names"],  # noqa: E501
)  # fmt: skip
def test_giant_texts_take_time_in_proportion_to_their_length(detector, text):
    """Four times the text may take four times as long, and a little more; not sixteen times."""
    detector.detect(text[:1000])
    quarter = spent(detector, text[: len(text) // 4])
    assert spent(detector, text) < 8 * quarter + 1


def spent(detector, text):
    """The processor's seconds that this examination took, whatever else the machine does."""
    start = time.process_time()
    detector.detect(text)
    return time.process_time() - start


def test_a_finding_at_the_end_of_a_long_text_has_its_place(detector):
    text = "Alles is rustig op het plein. " * 900 + "Het bsn is 123456782."
    found = [f for f in detector.detect(text).findings if f.entity_type == "NL_BSN"]
    assert [text[f.start : f.end] for f in found] == ["123456782"]


def test_the_schools_own_contact_data_is_nothing_to_whisper_about(detector):
    allow = AllowList(
        mail_domains=frozenset({"dewilg.nl"}),
        phones=frozenset({"06-12345678"}),
        ibans=frozenset({"NL91ABNA0417164300"}),
        addresses=frozenset({"Lindelaan 14"}),
        plates=frozenset({"VX381T"}),
    )
    text = "k.smit@dewilg.nl, +31 6 12345678, NL91 ABNA 0417 1643 00, Lindelaan 14, VX-381-T"
    assert not detector.detect(text, allow=allow).assessment.categories
    assert detector.detect(text).assessment.categories == (Category.IDENTIFIER,)


def test_a_bare_eleven_proof_number_asks_and_a_name_beside_it_decides(detector):
    alone = detector.detect("123456782").assessment
    assert alone.unsure
    assert not alone.categories
    assert detector.detect("123456782 is van Fedde").assessment.categories == (Category.IDENTIFIER,)


def test_photos_and_papers_are_judged_on_their_words_and_counted_when_there_are_none(detector):
    group = detector.detect("Groepsfoto van kamp!", attachments=("photo",))
    assert Category.IMAGE in group.assessment.categories
    paper = detector.detect("", attachments=("document",), file_names=("klassenlijst_6b.xlsx",))
    assert paper.assessment.categories == (Category.CONFIDENTIAL_DOCUMENT,)
    plain = detector.detect("zo sluit je het digibord aan", attachments=("photo",))
    assert not plain.assessment.categories
    assert plain.unchecked == ("photo",)


def test_a_reply_is_read_with_the_message_before_it(detector):
    reply = "haar broertje ook"
    before = ("Lotte uit groep 5 huilt elke ochtend bij de deur",)
    assert not detector.detect(reply).assessment.categories
    assert detector.detect(reply, context=before).assessment.categories


def test_threads_share_a_detector_and_agree(detector):
    texts = ["juf Anna belt 0612345678 over Bram", "wie haalt koffie", "Sem is geschorst"] * 20
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(detector.detect, texts)) == [detector.detect(t) for t in texts]


@pytest.mark.parametrize(
    "text", ["Sjabloon gesprek met ouders", "Lege lijst voor de rapportgesprekken"]
)
def test_a_paper_that_is_called_empty_is_not_asked_about(detector, text):
    found = detector.detect(text, attachments=("document",)).assessment
    assert not found.categories
    assert not found.unsure


def test_what_lies_too_far_in_a_giant_text_to_be_read_counts_as_not_checked(detector):
    detection = detector.detect("Alles is rustig. " * 5000 + "bsn 123456782")
    assert {c.error for c in detection.failed} == {"TooLong"}
    assert any(f.entity_type == "NL_BSN" for f in detection.findings)


def test_a_listed_colleague_who_is_late_is_no_pupil_but_their_illness_still_counts(detector):
    allow = AllowList(colleagues=frozenset({"Daan Smit"}))
    late, grave = "Daan was weer te laat vandaag", "Daan heeft borstkanker en krijgt chemo"
    assert Category.ABSENCE in detector.detect(late).assessment.categories
    assert not detector.detect(late, allow=allow).assessment.categories
    assert detector.detect(grave, allow=allow).assessment.categories


def test_a_greeting_behind_a_case_hides_nothing(detector):
    for text in ("Sem uit groep 5 is uit huis geplaatst", "Lisa haar ouders gaan scheiden"):
        assert detector.detect(text + " groetjes!").assessment.categories


def test_without_its_encoder_the_numbers_are_still_found_and_the_rest_is_reported(monkeypatch):
    def missing():
        raise OSError("no encoder.onnx")

    monkeypatch.setattr(readings, "shipped_encoder", missing)
    found = build_detector().detect("het bsn van Jip is 123456782")
    assert [f.entity_type for f in found.findings] == ["NL_BSN"]
    assert {check.recognizer for check in found.failed} >= {
        "PersonNlRecognizer",
        "ContentRecognizer",
    }


def test_a_child_of_a_process_that_has_read_reads_too():
    build_detector().detect("Sem uit groep 6 heeft gisteren de diagnose ADHD gekregen")
    child = os.fork()
    if not child:
        found = build_detector().detect("Yara uit groep 5 is bij Veilig Thuis gemeld")
        os._exit(0 if found.assessment.categories else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
