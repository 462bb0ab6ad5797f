"""What the adviser says stays short and plain, in Dutch at B1."""

import re
from pathlib import Path

import pytest
import yaml

TEXTS = Path(__file__).parents[2] / "bot" / "texts" / "nl"
FILES = ("advice", "about", "help", "dialogue", "whisper", "quiet", "pointer", "tip")
POLICIES = ("matthijsje", "hogeland", "kalisto", "aloysius", "omo", "voorbeeld")
_SENTENCE = re.compile(r"[.!?:\n•]+(?=\s|$)")
_BLAME = re.compile(r"\b(?:fout van jou|jouw schuld|je had moeten|overtreding|betrapt)\b", re.I)
_FORMAL = re.compile(r"\b(?:u|uw|dient|derhalve|alsmede|teneinde|middels|conform|tevens)\b")


def leaves(node):
    if isinstance(node, dict):
        return [text for value in node.values() for text in leaves(value)]
    return [node] if isinstance(node, str) else []


def sentences(text):
    return [part.split() for part in _SENTENCE.split(re.sub(r"\{\w+\}", "x", text)) if part.strip()]


def says(school):
    stored = yaml.safe_load((TEXTS.parents[2] / "policies" / f"{school}.yaml").read_text("utf-8"))
    return [rule["says"] for rule in stored["rules"]]


@pytest.mark.parametrize("file", FILES)
def test_sentences_of_the_catalogue_are_short(file):
    texts = leaves(yaml.safe_load((TEXTS / f"{file}.yaml").read_text("utf-8")))
    lengths = [len(words) for text in texts for words in sentences(text)]
    assert sum(lengths) / len(lengths) <= 12
    assert max(lengths) <= 30


@pytest.mark.parametrize("school", POLICIES)
def test_a_rule_is_said_in_one_readable_sentence(school):
    lengths = [len(words) for text in says(school) for words in sentences(text)]
    assert sum(lengths) / len(lengths) <= 18
    assert max(lengths) <= 30


@pytest.mark.parametrize("file", FILES)
def test_nobody_is_blamed_and_nobody_is_spoken_to_formally(file):
    for text in leaves(yaml.safe_load((TEXTS / f"{file}.yaml").read_text("utf-8"))):
        assert not _BLAME.search(text), text
        assert not _FORMAL.search(text), text


@pytest.mark.parametrize("file", FILES)
def test_long_words_are_rare(file):
    """LiNT counts them among what makes a text hard; "vertrouwenspersoon" has eighteen letters."""
    texts = leaves(yaml.safe_load((TEXTS / f"{file}.yaml").read_text("utf-8")))
    words = [word for text in texts for word in re.findall(r"[a-zé]+", text)]
    assert sum(len(word) > 14 for word in words) <= 0.03 * len(words)
