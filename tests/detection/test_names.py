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
        ("ik had net de moeder van fenna aan de lijn en het is toch jeugdreuma", ["fenna"]),
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


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Marieke vdB neemt de sleutel mee", ["Marieke vdB"]),
        ("Kun jij met Karel v D ruilen, of met Els vK?", ["Karel v D", "Els vK"]),
        ("A. ten H. is officieel berispt", ["A. ten H."]),
    ],
)
def test_an_initial_behind_a_name_belongs_to_it_with_its_particle_glued_or_not(
    detector: Detector, text: str, names: list[str]
) -> None:
    assert named(detector, text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Spelling: Noor V, Sam I+, Lotte V-", ["Noor", "Sam", "Lotte"]),
        ("Daan van E naar M4 in één jaar", ["Daan"]),
    ],
)
def test_a_level_behind_a_name_is_no_initial(
    detector: Detector, text: str, names: list[str]
) -> None:
    assert named(detector, text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Wouters gymtas staat nog in de kleedkamer", ["Wouter"]),
        ("Zerdahs moeder belde net", ["Zerdah"]),
        ("Emirhan'ın annesi geldi", ["Emirhan"]),
    ],
)
def test_a_genitive_is_taken_off_a_name_in_other_forms_too(
    detector: Detector, text: str, names: list[str]
) -> None:
    assert named(detector, text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Mw Post wil een gesprek", ["Post"]),
        ("Bij fam Kampen is niemand thuis", ["Kampen"]),
        ("Opa De Weerd haalt vandaag op", ["De Weerd"]),
        ("moeder v. Zaylinho stond weer te schreeuwen", ["Zaylinho"]),
    ],
)
def test_a_title_or_a_kin_word_says_that_a_name_follows(
    detector: Detector, text: str, names: list[str]
) -> None:
    assert named(detector, text) == names


@pytest.mark.parametrize(
    "text",
    [
        "pony Truus heeft hoefbevangen",
        "De duif heet nu Gert",
        "We kijken de film Klaus met groep 5",
        "Voor het rollenspel heet de leerling Kevin en zijn ouders zijn net gescheiden",
        "Toets gaat over 'Daan' die online geronseld wordt",
        "Citaat van de dag: 'Roelof is ziek maar ook een kever'",
    ],
)
def test_animals_dolls_and_made_up_people_are_nobody(detector: Detector, text: str) -> None:
    assert named(detector, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Anne Frank staat op het programma voor groep 8",
        "Wie leest er mee in Jip en Janneke?",
        "Ze wordt onderzocht op Duchenne",
        "Eduroam ligt er weer uit",
        "Overleg met William Schrikker is om 11 uur",
    ],
)
def test_names_that_everybody_knows_are_nobody_at_school(detector: Detector, text: str) -> None:
    assert named(detector, text) == []


def test_who_turns_fifty_brings_a_sarah_that_is_nobody(detector: Detector) -> None:
    assert named(detector, "Tineke wordt 50! Sarah staat al in de tuin") == ["Tineke"]
    assert named(detector, "Sarah heeft 50 punten gehaald") == ["Sarah"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@Wendy Joey is gevallen op het plein", ["Wendy", "Joey"]),
        ("Jan Willem ruilt met Anne Marie", ["Jan Willem", "Anne Marie"]),
        ("Ayoub Ben Moussa was er niet bij gym", ["Ayoub Ben Moussa"]),
        ("Ruben Bakker-El Amrani komt in 2b", ["Ruben Bakker-El Amrani"]),
        ("Anouk Mulder lekker naar Disney met haar opa", ["Anouk Mulder"]),
        ("noa de jong heeft adhd volgens de arts", ["noa de jong"]),
        ("zet maar op de lijst voor Sjoerd van Facilitair", ["Sjoerd"]),
    ],
)
def test_first_names_and_surnames_that_belong_together_are_one_name(
    detector: Detector, text: str, names: list[str]
) -> None:
    assert named(detector, text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Opdrachten staan in Teams, ik ben er maandag weer. Emmerik", ["Emmerik"]),
        ("Jarigen in maart:\n3 Wilco\n11 Soumia\n29 Loes", ["Wilco", "Soumia", "Loes"]),
        ("Donja, Ties en Remco lopen mee naar de bieb", ["Donja", "Ties", "Remco"]),
    ],
)
def test_a_new_name_is_believed_where_a_name_is_expected(
    detector: Detector, text: str, names: list[str]
) -> None:
    assert named(detector, text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("fam Terpstra-Ali Fjildwei 21 9299 VJ Zwagerbosch", ["Terpstra-Ali"]),
        ("Jan de Vries Dorpsstraat 4 Assen", ["Jan de Vries"]),
    ],
)
def test_a_name_right_before_an_address_is_found_beside_it(
    detector: Detector, text: str, names: list[str]
) -> None:
    found = detector.detect(text).findings
    assert named(detector, text) == names
    assert [f.entity_type for f in found if f.start > len(names[0])] == ["NL_POSTCODE_ADDRESS"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Linden en Wilgen beginnen met een half klasje", []),
        ("de computer van Groen doet het niet", []),
        ("Ottoline 5a is weer te laat", ["Ottoline"]),
        ("Kees heeft vlaai meegenomen", ["Kees"]),
        ("Pinda is VIP", []),
    ],
)
def test_where_one_finder_doubts_the_other_settles_it(
    detector: Detector, text: str, names: list[str]
) -> None:
    assert named(detector, text) == names


def test_one_word_in_capitals_is_a_name_where_the_lists_know_it(detector: Detector) -> None:
    assert named(detector, "HILLEGONDA") == ["HILLEGONDA"]


def test_a_greeting_is_no_part_of_the_name_under_it(detector: Detector) -> None:
    assert named(detector, "Mvg P. Hofman") == ["P. Hofman"]


def test_a_case_is_of_a_pupil_and_one_of_a_lesson_is_of_nobody(detector: Detector) -> None:
    assert named(detector, "casus Samira bespreken we in het zorgteam") == ["Samira"]
    assert named(detector, "De moeder in casus Samira op bladzijde 12 is boos") == []
