"""Names are taken for names, whole, and places, medicines and machines are not."""

from collections.abc import Callable

import pytest

from bot.detection.engine import Detector, build_detector
from bot.detection.names.lists import is_place, is_proper, is_word


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


def named(detector: Detector, text: str) -> list[str]:
    found = detector.detect(text).findings
    return [text[f.start : f.end] for f in found if f.entity_type == "PERSON"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Noor B is vandaag bij de tandarts, Noor K niet", ["Noor B", "Noor K"]),
        ("Sam v/d L. haalt zijn gymtas nog op", ["Sam v/d L."]),
        ("Jeroen A. en Jeroen M. staan op het plein", ["Jeroen A.", "Jeroen M."]),
        ("Fokko en Geziena doen de overblijf", ["Fokko", "Geziena"]),
        ("bij fam. Wiersema is niemand thuis", ["Wiersema"]),
        ("Wie neemt Lubbert mee naar de gymzaal?", ["Lubbert"]),
    ],
)
def test_a_name_is_found_whole_with_the_initial_of_its_surname(
    detector: Detector, text: str, names: list[str]
) -> None:
    assert named(detector, text) == names


@pytest.mark.parametrize(
    "text",
    [
        "De bus naar Apeldoorn vertrekt om 9 uur, overstappen in Deventer",
        "Leerplicht Enschede heeft nog niet teruggebeld",
        "Wie gaat er mee naar de beurs in Keulen of Tokio?",
        "De inspectie komt uit Zwolle en rijdt door naar Kampen",
    ],
)
def test_a_place_is_nobody(detector: Detector, text: str) -> None:
    assert named(detector, text) == []


@pytest.mark.parametrize(
    ("word", "what"), [("fiets", is_word), ("enschede", is_place), ("wiersema", is_proper)]
)
def test_the_lists_of_checksums_tell_words_places_and_names_apart(
    word: str, what: Callable[[str], bool]
) -> None:
    assert [known for known in (is_word, is_place, is_proper) if known(word)] == [what]
