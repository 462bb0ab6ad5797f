"""The labels stand in the order the shipped models were trained with."""

from itertools import islice

import numpy as np

from bot.detection.corpus.rows import render, rows
from bot.detection.encoder.reader import shipped_encoder
from bot.detection.labels import (
    CONTENT_TAGS,
    KIND_LETTERS,
    KINDS,
    LETTERS,
    LINEAR_OUTPUTS,
    NAME_TAGS,
    OUTPUTS,
)
from bot.detection.model.linear import shipped_model
from bot.detection.sheet import Sheet


def read(text, attachment=""):
    return shipped_encoder().read(Sheet.of(text).tokens, text, "", attachment)


def test_the_models_give_as_many_chances_as_there_are_labels():
    found = read("Sem is ziek")
    assert found.names.shape[1] == len(NAME_TAGS)
    assert found.content.shape[1] == len(CONTENT_TAGS)
    assert found.logits.shape == (len(OUTPUTS),)
    assert shipped_model().bias.shape == (len(LINEAR_OUTPUTS),)


def test_the_order_is_the_one_the_weights_were_trained_with():
    kinds = "HEALTH YOUTH_CARE FAMILY PERFORMANCE ABSENCE HR INCIDENT"
    values = "BSN IBAN PHONE EMAIL ADDRESS DATE_OF_BIRTH ID_DOCUMENT LICENSE_PLATE CREDENTIAL"
    assert " ".join(CONTENT_TAGS) == f"O {kinds} {values}"
    assert " ".join(OUTPUTS) == f"ANY {kinds} IDENTIFIER CREDENTIAL IMAGE DOCUMENT"
    assert OUTPUTS[: len(LINEAR_OUTPUTS)] == LINEAR_OUTPUTS


def test_messages_of_a_kind_raise_the_output_of_that_kind_most():
    def mean(letter):
        ones = (row for row in rows() if row.letters == letter and not row.before)
        read_ones = (read(render(one.marked).text, one.attachment) for one in islice(ones, 10))
        return np.mean([one.logits for one in read_ones], axis=0)

    found = np.array([mean(letter) for letter in LETTERS])
    highest = (found - found.mean(0))[:, 1:].argmax(1)
    assert [OUTPUTS[1:][place] for place in highest] == list(LETTERS.values())


def test_a_name_begins_with_one_tag_and_goes_on_with_another():
    tags = read("Ik sprak Lotte Vermeulen vanmiddag").names.argmax(1)
    assert [NAME_TAGS[tag] for tag in tags] == ["O", "O", "B", "I", "O"]


def test_each_output_has_a_letter_in_the_corpus_and_each_kind_a_mark():
    assert tuple(LETTERS.values()) == OUTPUTS[1:]
    assert tuple(KIND_LETTERS.values()) == KINDS
