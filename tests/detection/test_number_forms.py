"""Numbers in the forms people type them: abbreviated words, separators, plates from abroad."""

import pytest

from bot.detection.recognizers.bsn import BsnRecognizer
from bot.detection.recognizers.document_number import DocumentNumberRecognizer
from bot.detection.recognizers.iban import IbanNumberRecognizer
from bot.detection.recognizers.plate import PlateNlRecognizer
from bot.detection.sheet import Sheet


def found(recognizer, text):
    sheet = Sheet.of(text)
    sheet.once("persons", tuple)
    return {text[hit.start : hit.end]: hit.score for hit in recognizer.spans(sheet)}


@pytest.mark.parametrize(
    "text",
    [
        "Onderwijsnr: 100529246", "tijdelijk ond.nr 10 46 53 596",
        "Bugerservicenummer Noa 691618458",
        "persoonsgebonden nr 925043278", "citizen service number 779863331 for the new girl",
    ],
)  # fmt: skip
def test_a_number_of_a_pupil_is_sure_behind_its_name_however_that_is_abbreviated(text):
    assert max(found(BsnRecognizer(), text).values()) > 0.9


def test_two_numbers_with_a_stroke_between_them_are_both_found():
    assert set(found(BsnRecognizer(), "bsn's: 725472807/839028088")) == {"725472807", "839028088"}
    assert not found(BsnRecognizer(), "bsn staat in dossier 725472807/2026")


def test_an_account_number_glued_to_its_own_name_is_found():
    assert set(found(IbanNumberRecognizer(), "IBANNL46RBRB0511770235")) == {"NL46RBRB0511770235"}


@pytest.mark.parametrize(
    ("plate", "text"),
    [
        ("KLE-XY 482", "duits kenteken KLE-XY 482"), ("WPR 4821K", "poolse bus met kenteken WPR 4821K"),  # noqa: E501
        ("1-ABC-234", "Belgische auto 1-ABC-234 met een meneer erin"), ("AB-123-CD", "franse auto AB-123-CD"),  # noqa: E501
        ("34 ABC 128", "kenteken 34 ABC 128"), ("99 xx bg", "kenteken 99 xx bg ofzo"),
    ],
)  # fmt: skip
def test_a_plate_from_abroad_or_in_small_letters_counts_close_behind_the_word_for_one(plate, text):
    assert set(found(PlateNlRecognizer(), text)) == {plate}


def test_a_dutch_plate_is_not_cut_to_a_foreign_one():
    assert set(found(PlateNlRecognizer(), "kenteken H 914 KV genoteerd")) == {"H 914 KV"}


@pytest.mark.parametrize(
    "text", ["auto 2 en KLE-XY 482 op de lijst", "Engelse auto's, zie HS 4 en MT 2026", "de auto is 12 st hs"]  # noqa: E501
)  # fmt: skip
def test_without_that_word_letters_and_figures_are_no_foreign_plate(text):
    assert not found(PlateNlRecognizer(), text)


@pytest.mark.parametrize(
    "text",
    [
        "TX-338-K staat voor de poort", "Van wie is de PX-93-ZL? banden leeg", "41-RB-XD graag verplaatsen!!",  # noqa: E501
        "GG-12-HJ blokkeert de uitgang", "nrplaat RD-019-L", "kent. ZJ-608-P gezien",
    ],
)  # fmt: skip
def test_a_plate_is_sure_where_something_is_said_of_a_car_that_nobody_names(text):
    assert max(found(PlateNlRecognizer(), text).values()) > 0.8


def test_a_number_of_an_order_is_no_plate():
    assert not found(PlateNlRecognizer(), "bestelling HP-207-X is binnen")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("284 190 5736", "v-nr 284 190 5736"), ("284.190.5736", "v nummer van Ahmad 284.190.5736"),
        ("V2841905736", "V-nummer V2841905736"), ("V-2841905736", "v-nummer is V-2841905736, dank"),
        ("V 284 190 5736", "V-nummer van de nieuwe: V 284 190 5736."), ("4817-293-056", "rijbewijs 4817-293-056"),  # noqa: E501
        ("NXD82KR74", "voor het visum: NXD82KR74, nog twee jaar geldig"), ("48172935K", "el dni es 48172935K"),  # noqa: E501
    ],
)  # fmt: skip
def test_a_document_is_found_with_its_letter_and_in_any_grouping(number, text):
    assert set(found(DocumentNumberRecognizer(), text)) == {number}


@pytest.mark.parametrize(
    "text",
    [
        "rijbewijs halen? bel 020 123 4567", "v-nummer vragen: 0344 612 708", "documentnaam BIJLAGE12",  # noqa: E501
        "paspoort mee, vlucht om 10.45-12.30", "rijbewijs sinds 12-10-2014",
    ],
)  # fmt: skip
def test_a_phone_number_a_date_and_a_file_are_no_document(text):
    assert not found(DocumentNumberRecognizer(), text)
