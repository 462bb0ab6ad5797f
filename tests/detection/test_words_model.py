"""The words model adds up the same features at run time as it was trained on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.detection.labels import LINEAR_OUTPUTS
from bot.detection.lexicon.terms import mentions
from bot.detection.model.features import Passage, passage_features, token_features, vector
from bot.detection.model.linear import shipped_model
from bot.detection.model.passages import passages
from bot.detection.sheet import Sheet, tokens

_WORDS = ["Sem", "is", "uit", "huis", "geplaatst", "adhd", "groep", "6", "^", "de", "moeder", "?"]


def _trained_on(passage: Passage) -> dict[str, float]:
    """The logits by the features as training lists them."""
    model = shipped_model()
    slots, values = vector(token_features(passage), passage_features(passage))
    found = np.asarray(values, np.float32) @ model.weights[slots] + model.bias
    return dict(zip(LINEAR_OUTPUTS, map(float, found), strict=True))


@given(st.lists(st.tuples(st.sampled_from(_WORDS), st.booleans()), min_size=1, max_size=40))
def test_what_a_passage_weighs_is_the_sum_of_the_features_it_was_trained_with(
    words: list[tuple[str, bool]],
) -> None:
    text = " ".join(word for word, _ in words)
    found = tuple(tokens(text))  # a sign said over and over is dropped
    named = tuple(named for _, named in words)[: len(found)]
    passage = Passage(found, named, text, tuple(mentions(found)))
    (weighed,) = shipped_model().logits([passage])
    assert weighed == pytest.approx(_trained_on(passage), abs=1e-4)


def test_the_words_of_a_passage_bring_all_that_is_not_of_the_passage_as_a_whole() -> None:
    (passage,) = passages(Sheet.of("Yara uit groep 5 is bij Veilig Thuis gemeld, moeder weet het"))
    model = shipped_model()
    slots, values = vector([passage_features(passage)], ())
    whole = np.asarray(values, np.float32) @ model.weights[slots] + model.bias
    together = model.shares(passage).sum(axis=0) + whole
    (found,) = model.logits([passage])
    assert together == pytest.approx(list(found.values()), abs=1e-4)


def test_passages_weigh_the_same_together_as_one_by_one() -> None:
    talk = "Sem is weer niet op school. Moeder belde: hij slaapt niet. " * 6
    model, found = shipped_model(), passages(Sheet.of(talk))
    assert len(found) > 3
    apart = [logits for passage in found for logits in model.logits([passage])]
    for one, other in zip(model.logits(found), apart, strict=True):
        assert one == pytest.approx(other, abs=1e-4)
