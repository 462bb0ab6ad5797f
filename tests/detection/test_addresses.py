"""Where an address begins and ends, and what is nobody's address."""

import pytest


def addresses(detector, text):
    findings = detector.detect(text).findings
    return {text[f.start : f.end] for f in findings if f.entity_type == "NL_POSTCODE_ADDRESS"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Dorpsstraat 12", "Sem Bakker Dorpsstraat 12"),
        ("Lindelaan 45", "Noa van den Berg Lindelaan 45 wordt om 8u opgehaald"),
        ("Oude Arnhemseweg 12", "tas voor Levi Oude Arnhemseweg 12"),
        ("Kerkstraat 4", "Mevr. Bakker Kerkstraat 4 heeft het pakje"),
        ("Kerkstraat 4", "fam. de Vries Kerkstraat 4"),
        ("Lage Dijk 40", "Kasper Smit Lage Dijk 40"),
        ("Van der Helststraat 2", "Nina Van der Helststraat 2"),
        ("Jonkheer van Citterslaan 4", "Ties Jonkheer van Citterslaan 4"),
        ("Jan van Galenstraat 12", "Ali Yilmaz Jan van Galenstraat 12"),
        ("Kastanjelaan 8", "Lijstje huisbezoek: Fatima El Idrissi Kastanjelaan 8, Joris de Wit"),
    ],
)  # fmt: skip
def test_a_street_begins_behind_the_name_of_who_lives_there(detector, value, text):
    assert value in addresses(detector, text)


def test_the_name_before_a_street_is_still_a_name(detector):
    text = "Sem Bakker Dorpsstraat 12"
    found = {(f.entity_type, text[f.start : f.end]) for f in detector.detect(text).findings}
    assert ("PERSON", "Sem Bakker") in found


@pytest.mark.parametrize(
    "value",
    [
        "Jan van Galenstraat 12", "Pieter de Hoochstraat 8-3", "Anne Franklaan 3", "Frans Halsstraat 12",  # noqa: E501
        "Johan Willem Frisostraat 12", "Martin Luther Kinglaan 4", "Prins Bernhardlaan 8",
        "Van Hogendorpstraat 112-2", "1e Oosterparkstraat 88-hs", "v. Goghstr. 4", "van Speijkstraat 33",  # noqa: E501
        "Van 't Hoffstraat 8",
    ],
)  # fmt: skip
def test_a_street_called_after_somebody_keeps_the_whole_name(detector, value):
    assert value in addresses(detector, f"zijn moeder woont {value}")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Dorpsstraat 12, 1234 ab Utrecht", "ze woont Dorpsstraat 12, 1234 ab Utrecht"),
        ("kerkstraat 12 1234ab utrecht", "kerkstraat 12 1234ab utrecht daar woont opa"),
        ("Molenweg 14\n7821 BN Emmen", "woonadres: Molenweg 14\n7821 BN Emmen\ntot morgen"),
        ("Dorpsstraat 12,1234AB Utrecht", "Mila woont Dorpsstraat 12,1234AB Utrecht"),
        ("Dorpsstraat 12 - 1234 AB Utrecht", "Mila woont Dorpsstraat 12 - 1234 AB Utrecht"),
        ("Lange Nieuwstraat 31 bis", "langs Lange Nieuwstraat 31 bis, Thijs staat klaar"),
        ("Kerkstraat 12", "ze woont Kerkstraat 12 Graag even bellen"),
        ("3512jc 48", "Sara woont 3512jc 48"), ("4813XG-444", "Pleegmoeder Ria, 4813XG-444"),
        ("Haagweg 444\n4813 XG  Breda", "Woonadres:\nHaagweg 444\n4813 XG  Breda\ntot morgen"),
        ("Haagweg 444, 4813 XG BREDA", "Woonadres: Haagweg 444, 4813 XG BREDA is van haar vader"),
        ("Hertenkamp 8 in Oss", "juf Els haar huis: Hertenkamp 8 in Oss"),
    ],
)  # fmt: skip
def test_an_address_ends_behind_its_postcode_and_place_and_before_what_is_none(
    detector, value, text
):
    assert value in addresses(detector, text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Kerkstraat huisnr 7", "ze woont op Kerkstraat huisnr 7"),
        ("Dorpsstr.12", "naar huis gebracht, Dorpsstr.12"),
        ("Plein 1944 nr 12", "hij woont dus op Plein 1944 nr 12"),
        ("hoofdweg 112", "die jongen woont op hoofdweg 112"),
        ("Markt 14", "Ze wonen boven de bakker, Markt 14"),
        ("Westeinde 210, Vriezenveen", "Bram zijn oma woont Westeinde 210, Vriezenveen"),
        ("Putsebocht 214b", "bezorgen bij Putsebocht 214b, 3 hoog, daar woont Ebrar"),
        ("Vlist 8", "Ties woont Vlist 8"),
        ("Beukenlaan twaalf", "oma woont op Beukenlaan twaalf naast de bakker"),
        ("Korenlaan 8, 3076 ZT Rotterdam", "nieuwe adres van de tweeling: Korenlaan 8, 3076 ZT Rotterdam"),  # noqa: E501
    ],
)  # fmt: skip
def test_where_somebody_lives_is_found_however_it_is_written(detector, value, text):
    assert value in addresses(detector, text)


@pytest.mark.parametrize(
    "text",
    [
        "Tarek 34, Wanda 31, ik 4", "Jan 3, Piet 4, Klaas 5 koekjes", "Amersfoort 12, Zwolle 8, Assen 4",  # noqa: E501
        "Kim Berg 3 punten", "Sanne Rietveld 8, Fleur 9",
        "pagina 34, Taalboek 5, oefening 3", "Hoofdstuk 4, Paragraaf 2, som 3", "leerweg 2 kiezen",
        "de balie aan de Vossenlaan 118",
        "dierentuin Wildlands, Raadhuisplein 99, Emmen", "Rijksmuseum, Museumstraat 1, Amsterdam",
        "zorgboerderij De Kwikstaart, Dijkweg 4 in Zeewolde",
    ],
)  # fmt: skip
def test_counts_in_a_row_and_places_of_the_public_are_nobodys_address(detector, text):
    assert not addresses(detector, text)
