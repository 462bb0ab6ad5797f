"""Secrets in the forms people type them, and what stands beside a secret but is none."""

import pytest

from bot.detection.recognizers.credential import CredentialRecognizer
from bot.detection.recognizers.plate import PlateNlRecognizer
from bot.detection.recognizers.secret import PASSWORD
from bot.detection.recognizers.secret_near import last, last_said, text_before
from bot.detection.sheet import Sheet


def secrets(text, *before):
    sheet = Sheet.of(text)
    asked = Sheet(sheet.normal, context=before)
    found = (sheet.normal.original(h.start, h.end) for h in CredentialRecognizer().spans(asked))
    return {text[start:end] for start, end in found}


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("Vlinder!27", "ww parnassys: Vlinder!27"), ("T3rmiet", "ww magister = T3rmiet"), ("giraffe5", "ww snappet groep 5: giraffe5"),  # noqa: E501
        ("Kwartel2026!", "ww: tijdelijk Kwartel2026!, morgen veranderen"),
    ],
)  # fmt: skip
def test_the_word_that_says_whose_secret_it_is_is_not_the_secret(secret, text):
    assert secrets(text) == {secret}


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("Nachtegaal88", "beamer-account is gast201 met Nachtegaal88, niet wijzigen"),
        ("Winterjas!88", "inloggen als examen2 met Winterjas!88"), ("Egel2025!", "inlog gewoon zorg@ en dan Egel2025!"),  # noqa: E501
        ("Bram2011", "magister inlog Bram: 148822 / Bram2011"),
    ],
)  # fmt: skip
def test_the_name_of_an_account_with_its_secret_behind_it_is_not_the_secret(secret, text):
    assert secrets(text) == {secret}


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("Zomer2025!", "Zomer2025! is het wachtwoord van de beamer"), ("2580", "2580 is de alarmcode"),  # noqa: E501
        ("7712", "7712 = alarm"), ("zonnebloem12", "zonnebloem12 is nog steeds het ww"),
        ("4402", "4402 is de code van het hek"),
    ],
)  # fmt: skip
def test_a_secret_may_stand_before_the_word_for_it(secret, text):
    assert secrets(text) == {secret}


@pytest.mark.parametrize(
    "text",
    [
        "662190 is de code voor lessonup", "Kamernummer 204118 is de code in Zermelo", "2026 is het jaar van de code",  # noqa: E501
        "1500 is het minimum", "48812 is de bestelcode",
    ],
)  # fmt: skip
def test_a_number_before_another_word_is_no_secret(text):
    assert not secrets(text)


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("5821", "code alarm 5821"), ("C1905X", "code achterdeur C1905X"), ("40218", "code kopieerapparaat 40218"),  # noqa: E501
        ("920184", "inlogcode somtoday 920184, snel"), ("7290", "toegangscode gymzaal (7290)"), ("7290", "code:7290,niet vergeten"),  # noqa: E501
        ("2290", "lockbox 2290 bij de zijdeur"), ("3519", "cijferslot fietsenkelder 3519"), ("290", "slotje gymkast is 290"),  # noqa: E501
        ("1953", "Sleutelkastje fietsenhok staat op 1953"), ("2580", "alarm, is het nog steeds 2580 of niet"),  # noqa: E501
        ("3519", "fietsenkelder: 3519 en dan trekken"), ("4061", "cijferslot op 4061 zetten"), ("7391", "7391 op het paneel bij de deur"),  # noqa: E501
        ("2651", "laptopkar gaat open met 2651, dank"), ("4471", "tablet ontgrendelen met 4471"), ("A27B", "de medicijnkast gaat open met A27B"),  # noqa: E501
        ("5518#", "met 5518# gaat het alarm eraf"), ("8264", "voor de voicemail toets je 8264"),
    ],
)  # fmt: skip
def test_a_code_is_found_beside_the_thing_that_it_opens(secret, text):
    assert secrets(text) == {secret}


@pytest.mark.parametrize(
    "text",
    [
        "fietsenstalling: 240 plekken", "kopieer 1200 blaadjes", "de aula is open met 1200 stoelen", "kast 1204 leeghalen graag",  # noqa: E501
        "Wie doet de poort open? De bakker komt met 300 krentenbollen", "code voor magister 2026 komt nog",  # noqa: E501
        "het slot is 180 euro", "printer lokaal 2104 doet het niet", "code staat bij printer 1204", "deur 2104, 2106 en 2108 op slot",  # noqa: E501
        "reserveringscode 482913 voor het museum", "Ticketcode dierentuin GZ-55190-2284", "Integriteitscode 2026",  # noqa: E501
        "Wachtwoord vergeten? Ordernummer van de licentie is 48812-VO-2026", "dat je niet inlogt op je privé-iPad",  # noqa: E501
        "nieuw wachtwoordbeleid: minimaal 14 tekens",
    ],
)  # fmt: skip
def test_what_is_counted_named_or_ordered_opens_nothing(text):
    assert not secrets(text)


@pytest.mark.parametrize(
    "text", ["medicijnkluis: draai 24-8-51", "kluisje toetsen: 30-08-44", "kluis is 4-18-33, doe dicht", "linksom 17-04-33 en trekken, die kluis"]  # noqa: E501
)  # fmt: skip
def test_three_numbers_that_a_safe_is_turned_to_are_its_combination(text):
    assert len(secrets(text)) == 1


@pytest.mark.parametrize(
    "text", ["kluis leeg op 24-8-26", "sleutelkast: 12-10-26 komt de monteur", "stand bij de poort 12-10-8"]  # noqa: E501
)  # fmt: skip
def test_a_date_of_these_years_and_a_score_are_no_combination(text):
    assert not secrets(text)


def test_codes_in_one_row_are_all_found():
    assert secrets("alarm, kluis en kopieerapparaat: 2580, 1470 en 33120") == {
        "2580",
        "1470",
        "33120",
    }
    assert secrets("Codes:\n- alarm 2580\n- magazijn 1973*\n- kopieer 40771") == {
        "2580",
        "1973*",
        "40771",
    }
    assert secrets("codes dit jaar: voordeur 4402, poort 1188") == {"4402", "1188"}
    assert secrets("alarmcode 2580, 1200 euro kwijt") == {"2580"}


def test_the_star_that_closes_a_code_belongs_to_it_and_a_star_for_bold_does_not():
    assert secrets("code van het hek #2468*, dan duwen") == {"#2468*"}
    assert secrets("alarm: *2468* dus") == {"2468"}
    assert secrets("de **code is 2468** dus") == {"2468"}


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("drieënveertig zeventien", "de pin is drieënveertig zeventien"), ("4 keer de 7", "de code is 4 keer de 7"),  # noqa: E501
        ("twee keer de zes", "alarm: twee keer de zes, makkelijk"),
    ],
)  # fmt: skip
def test_a_code_is_found_as_it_is_told(secret, text):
    assert secrets(text) == {secret}


@pytest.mark.parametrize(
    "text", ["het alarm is twee keer afgegaan", "gooi 2 keer de 6 en je bent af", "code is twintig dertig keer gevraagd"]  # noqa: E501
)  # fmt: skip
def test_what_happens_so_many_times_is_no_code(text):
    assert not secrets(text)


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("welkombijons", "wifi gasten: welkombijons"), ("busjekomtzo", "wifi heet Gast, sleutel is busjekomtzo"),  # noqa: E501
        ("koekjesbijdethee", "wifi voor de poetsploeg: gasten-zuid, koekjesbijdethee"),
        ("hoera-het-is-vrijdag", "wachtwoord hoera-het-is-vrijdag"), ("sneeuwpop", "ww is sneeuwpop kleine letters"),  # noqa: E501
        ("sleutelbloem-71", "sleutelbloem-71, met hoofdletter, voor het beeldarchief"), ("Canva4all!", "canva: team@school.nl, Canva4all!"),  # noqa: E501
        ("zonnetje", 'Het wachtwoord van juf Mia haar account is "zonnetje"'), ("blauwebal", "ww='blauwebal'"),  # noqa: E501
        ("Blauwe Bal 8", "wachtwoord: Blauwe Bal 8, met spaties"), ("Stiefel88", "psw: Stiefel88"), ("Xk4%pL9", "passwd Xk4%pL9"),  # noqa: E501
        ("(Geheim)99", "ww van m'n laptop is (Geheim)99"), ("laptop123", "laptop wachtwoord laptop123"),  # noqa: E501
    ],
)  # fmt: skip
def test_a_password_is_found_whole_in_many_forms(secret, text):
    assert secrets(text) == {secret}


@pytest.mark.parametrize(
    "text",
    [
        "wifi: storing", "wifi is: slecht", "wifi op 4: langzaam", "wachtwoord moet met een hoofdletter", "Namen met hoofdletter graag",  # noqa: E501
        "Klas2b met een hoofdletter", "mail naar ouders@school.nl, groep7b", "wachtwoord: Zie Lokaal 12",  # noqa: E501
    ],
)  # fmt: skip
def test_an_ordinary_word_in_such_a_place_is_no_password(text):
    assert not secrets(text)


def test_a_code_is_the_answer_to_what_must_be_typed():
    assert secrets("8 3 0 2 SNEL", "welk nummer moet ik intoetsen? ik sta hier nu") == {"8 3 0 2"}
    asked = "wat is de code?"
    assert secrets("7741#, en dan snel want na 20 sec gaat het af", asked) == {"7741#"}


def test_a_plate_beside_a_gate_is_a_plate():
    text = "Er staat een auto half op de stoep bij het hek, K-417-ZB. Van iemand van ons?"
    assert not secrets(text)
    assert [text[h.start : h.end] for h in PlateNlRecognizer().spans(Sheet.of(text))] == [
        "K-417-ZB"
    ]


@pytest.mark.parametrize("text", ["", "ww op het bord, ", "let op: wachtwoord en pw, "])
def test_a_word_for_a_secret_counts_as_far_as_it_reaches_wherever_it_is_looked_for(text):
    sheet = Sheet.of(text + "en dan nog wat " * 15)
    places = [token.start for token in sheet.tokens]
    assert [last_said(sheet, PASSWORD, place) for place in places] == [
        last(PASSWORD, text_before(sheet, place)) for place in places
    ]
