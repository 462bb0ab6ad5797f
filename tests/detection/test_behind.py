"""What is said right after something grave is judged by itself, unless it goes on about that."""

import itertools

import pytest

from bot.detection.engine import Detector

GRAVE = (
    "Lotte uit groep 5 huilt elke ochtend bij de deur",
    "Sem heeft ADHD en krijgt nu pillen",
    "Veilig Thuis is gebeld over Mila",
    "De vader van Bram zit vast",
)
PLAIN = (
    "Wie heeft de sleutel van de berging nog?",
    "De koffie is klaar in de personeelskamer",
    "Morgen om 9 uur is de brandoefening",
    "Kan iemand vrijdag mijn pleinwacht overnemen?",
    "De kopieerder op de gang doet het weer",
    "Ik neem morgen taart mee voor mijn verjaardag",
)


@pytest.mark.parametrize(("before", "text"), list(itertools.product(GRAVE, PLAIN)))
def test_a_plain_message_after_a_grave_one_passes(
    detector: Detector, before: str, text: str
) -> None:
    found = detector.detect(text, context=(before,)).assessment
    assert not found.categories
    assert not found.unsure
