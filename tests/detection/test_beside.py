"""What stands beside a value or a confidential sentence neither hides it nor makes it one."""

import pytest

from bot.detection.engine import Detector

VALUES = (
    ("De code van de voordeur is 4321, dit geldt ook voor de brandoefening.", "4321"),
    ("Wachtwoord oefensite: Zomer2024!", "Zomer2024!"),
    ("Sem geb. 12-03-2015 speelt mee in de musical", "12-03-2015"),
    ("Paspoort Sem: NPX3D4K57, oefent met lezen", "NPX3D4K57"),
    ("hij zegt dat ie 18 is maar in Eduarte staat 17-11-2009. Mag zijn contract?", "17-11-2009"),
    ("Bel moeder:06-12345678/06-87654321", "06-87654321"),
    ("tel.0612345678 moeder", "0612345678"),
    ("Sem,0612345678,0687654321", "0612345678"),
    ("Bel Charlot op 06-12345678", "06-12345678"),
    ("bsn:123456782/Lisa", "123456782"),
    ("BSN123456782", "123456782"),
    ("Sem,123456782,12-03-2015", "123456782"),
    ("Nieuwe leerling Sem Bakker, Dorpsstraat 12, 3512 AB Utrecht, komt maandag op school",
     "Dorpsstraat 12, 3512 AB Utrecht"),
    ("De broodbak mag weg, bij m'n buurman op Lage Esch 4 in Markelo", "Lage Esch 4 in Markelo"),
    ("Medicijnkast heeft een nieuw slotje, draai 40-12-28", "40-12-28"),
    ("Eerst het paneel links, 2591#, dan pas licht aan", "2591#"),
)  # fmt: skip
NONE = (
    "Agenda MR-25-03 staat klaar",
    "Toner TN-243-B bestellen",
    "ordernummer 0612345678",
    "kassabon 0612345678",
    "prijs 1,061234567 en 3,123456782",
)
GRAVE = (
    "Sem heeft ADHD",
    "Lisa is zwanger",
    "Veilig Thuis is gebeld over Mila",
    "Bram wordt thuis geslagen",
)
PLAIN = (
    "De koffie is klaar in de personeelskamer en er is taart, fijne dag allemaal",
    "Morgen om 9 uur is de brandoefening, denk aan de jassen",
    "Wie heeft de sleutel van de berging nog?",
    "Hoi allemaal!",
)


def flagged(detector: Detector, text: str) -> bool:
    found = detector.detect(text).assessment
    return bool(found.categories) or found.unsure


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_a_value_is_found_whatever_stands_beside_it(detector, text, value):
    found = detector.detect(text).findings
    assert value in {text[f.start : f.end] for f in found if f.entity_type != "PERSON"}


@pytest.mark.parametrize("text", NONE)
def test_numbers_of_things_are_no_finding(detector, text):
    assert not flagged(detector, text)


@pytest.mark.parametrize(
    "text",
    ["Nieuw nummer van Bram Jansen: 06-12345678 gr Anna", "Ik heb Bram gesproken, bel 0612345678"],
)
def test_the_number_of_somebody_else_is_not_ones_own_to_give(detector, text):
    assert flagged(detector, text)
    assert not flagged(detector, "Mijn nieuwe nummer is 06-12345678, gr Anna")


@pytest.mark.parametrize("grave", GRAVE)
@pytest.mark.parametrize("plain", PLAIN)
def test_a_harmless_sentence_does_not_hide_a_grave_one(detector, grave, plain):
    ends = "" if plain[-1] in "?!" else "."
    assert flagged(detector, f"{grave}. {plain}")
    assert flagged(detector, f"{plain}{ends} {grave}.")


def test_dots_in_the_middle_of_a_joke_do_not_cut_it_in_two(detector):
    assert not flagged(detector, "Bram heeft koorts... reiskoorts! Morgen naar de Efteling")
