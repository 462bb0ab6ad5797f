"""The recognizers as a stranger uses them: a registry and an engine for Presidio's analyzer."""

import socket

import pytest
from presidio_analyzer import AnalyzerEngine, EntityRecognizer

from bot.detection.pack import nl_nlp_engine, nl_recognizers, nl_school_registry


@pytest.fixture(scope="module")
def analyzer():
    return AnalyzerEngine(
        registry=nl_school_registry(), nlp_engine=nl_nlp_engine(), supported_languages=["nl"]
    )


def test_a_strangers_analyzer_finds_what_ours_finds(analyzer):
    text = "moeder van Teun: bsn 123456782, bel 06-12345678"
    found = {(r.entity_type, text[r.start : r.end]) for r in analyzer.analyze(text, language="nl")}
    assert {("PERSON", "Teun"), ("NL_BSN", "123456782"), ("PHONE_NUMBER", "06-12345678")} <= found


def test_asking_for_one_entity_gives_only_that_one(analyzer):
    text = "Juf Anna belt 0612345678"
    found = analyzer.analyze(text, language="nl", entities=["PHONE_NUMBER"])
    assert {r.entity_type for r in found} == {"PHONE_NUMBER"}


def test_every_recognizer_is_a_presidio_recognizer_for_dutch():
    for recognizer in nl_recognizers():
        assert isinstance(recognizer, EntityRecognizer)
        assert recognizer.supported_language == "nl"


def test_the_nlp_engine_gives_lemmas_so_that_context_words_work():
    artifacts = nl_nlp_engine().process_text("Het Kenteken is bekend", "nl")
    assert artifacts.lemmas == ["het", "kenteken", "is", "bekend"]


def test_loading_and_analyzing_opens_no_connection(monkeypatch):
    def refuse(*args):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    engine = AnalyzerEngine(
        registry=nl_school_registry(), nlp_engine=nl_nlp_engine(), supported_languages=["nl"]
    )
    assert engine.analyze("bsn 123456782", language="nl")
