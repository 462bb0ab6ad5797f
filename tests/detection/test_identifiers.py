"""Values that lead to a person or open a door are found exactly; look-alikes are left alone."""

import pytest

from bot.detection.allow import AllowList

KINDS = {
    "NL_BSN", "PHONE_NUMBER", "IBAN_CODE", "EMAIL_ADDRESS", "NL_POSTCODE_ADDRESS",
    "DATE_OF_BIRTH", "NL_LICENSE_PLATE", "ID_DOCUMENT", "CREDENTIAL",
}  # fmt: skip


def values(detector, text, **more):
    findings = detector.detect(text, **more).findings
    return {(f.entity_type, text[f.start : f.end]) for f in findings if f.entity_type in KINDS}


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("PHONE_NUMBER", "0672.399.674", "tante haalt op, 0672.399.674"),
        ("PHONE_NUMBER", "+31 6 74 75 28 13", "de vader: +31 6 74 75 28 13"),
        ("PHONE_NUMBER", "0031-697815834", "zijn mobiel dan 0031-697815834"),
        ("PHONE_NUMBER", "0344 61 27 08", "opa thuis, 0344 61 27 08"),
        ("PHONE_NUMBER", "0612 447 90 31", "bel haar moeder op 0612 447 90 31"),
        ("PHONE_NUMBER", "nul zes twaalf acht en dertig vijf vijf nul een", "mama: nul zes twaalf acht en dertig vijf vijf nul een"),  # noqa: E501
        ("PHONE_NUMBER", "06 dubbel een twee drie vier vijf zes zeven", "mijn oma heeft 06 dubbel een twee drie vier vijf zes zeven"),  # noqa: E501
        ("NL_BSN", "een een een twee twee twee drie drie drie", "het bsn is een een een twee twee twee drie drie drie"),  # noqa: E501
        ("NL_BSN", "111 222 333", "ze heeft geen DigiD maar wel 111 222 333"),
        ("IBAN_CODE", "NL eenennegentig ABNA nul vier een zeven een zes vier drie nul nul", "de rekening NL eenennegentig ABNA nul vier een zeven een zes vier drie nul nul van haar"),  # noqa: E501
        ("EMAIL_ADDRESS", "noor punt smit apenstaartje ziggo punt nl", "haar mail is noor punt smit apenstaartje ziggo punt nl"),  # noqa: E501
        ("EMAIL_ADDRESS", "noor.smit at gmail.com", "stuur naar noor.smit at gmail.com"),
        ("EMAIL_ADDRESS", "els@familieborg.nl", "els@familieborg.nl voor de foto's"),
        ("NL_POSTCODE_ADDRESS", "Achter de Bleek 6, 3811 AB Soest", "Kaartje naar Achter de Bleek 6, 3811 AB Soest"),  # noqa: E501
        ("NL_POSTCODE_ADDRESS", "Laan van Kronenburg 12", "ze woont nu Laan van Kronenburg 12"),
        ("NL_POSTCODE_ADDRESS", "Beukenlaan zevenendertig", "het adres is Beukenlaan zevenendertig, groene deur"),  # noqa: E501
        ("NL_POSTCODE_ADDRESS", "Molenpad 3, 7955 RN IJhorst", "opa woont Molenpad 3, 7955 RN IJhorst"),  # noqa: E501
        ("DATE_OF_BIRTH", "de zevende van de derde tweeduizend veertien", "hij is geboren op de zevende van de derde tweeduizend veertien"),  # noqa: E501
        ("DATE_OF_BIRTH", "12032015", "geb. 12032015"),
        ("DATE_OF_BIRTH", "9 april 2012", "Ilse is jarig op 9 april 2012"),
        ("NL_LICENSE_PLATE", "G664VG", "iemand reed tegen mijn auto, G664VG"),
        ("NL_LICENSE_PLATE", "XP een vijf een H", "het kenteken was XP een vijf een H"),
        ("ID_DOCUMENT", "B X twee G N twee S X zes", "paspoort begint met B X twee G N twee S X zes"),  # noqa: E501
        ("CREDENTIAL", "551", "het slot van de medicijnkast staat op 551"),
        ("CREDENTIAL", "Haan2020!", "laptop 9 gaat open met Haan2020!"),
        ("CREDENTIAL", "38-12-90", "de kluis: 38-12-90"),
        ("CREDENTIAL", "4-4-1-9", "code van de berging weet je? 4-4-1-9"),
        ("CREDENTIAL", "drie drie acht een", "bij de poort eerst drie drie acht een intoetsen en dan hekje"),  # noqa: E501
        ("CREDENTIAL", "A9034B", "de roldeur gaat alleen open met A9034B"),
        ("CREDENTIAL", "libel", "het wachtwoord is libel"),
    ],
)  # fmt: skip
def test_a_value_is_found_from_its_first_to_its_last_character(detector, kind, value, text):
    assert (kind, value) in values(detector, text)


@pytest.mark.parametrize(
    "text",
    [
        "isbn 978-90-01-58210-4, 32 stuks", "order 0612345678 is binnen", "Kahoot pin 4471882 snel",
        "classroom code h2pw9ka", "06-12-2026 10.30 vergadering", "vr-27-11 en gr-03-04 ruilen",
        "2026 OM 15:00 in lokaal 12", "€ 1.234,56 voor 25 boeken", "versie 2.14.3 van 3-4-2019",
        "de alarmcentrale belt 0523-614400", "de loodgieter: 0523-614411, dag en nacht",
        "GGD jeugdteam 058-2299111", "Bezoekadres bso: Dorpsstraat 118", "Kluis 214 open laten maken",  # noqa: E501
        "kluisje 114 past sleutel 203", "wachtwoord: xxxxxxxx", "wachtwoord is gewijzigd",
        "het alarm ging af om 18:45", "alarm ging om 1845 af", "de beheerder belt: gezin is er al",
        "stuur het naar servicedesk@roc.nl", "mail k.jansen@onslyceum.nl even", "code geel morgen",
        "de Dorpsstraat een week dicht", "op het schoolplein twee fietsen", "toets 2 hoofdstuk 3",
        "De school-gsm: bel de schooltelefoon 06-88880010", "Hij werkt hier sinds 1-8-2010",
        "zaaknummer storing lift: 20419087", "tel tot een twee drie vier vijf", "lokaal C2045 is vrij",  # noqa: E501
        "Paspoort nodig voor kamp? nee", "de kluis weegt 118 kilo", "budgetcode 4310 gebruiken",
        "de code staat bij de receptie", "Magister ging op slot om 1700 uur", "groep 8, 2026 in Ede",  # noqa: E501
    ],
)  # fmt: skip
def test_what_only_looks_like_a_value_is_left_alone(detector, text):
    assert not values(detector, text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("3-5-2014", "Bo geb.3-5-2014"), ("20140503", "Bo geb. 20140503"),
        ("28 febr. 2013", "Bo geb. 28 febr. 2013"), ("31 agustus 2013", "Bo geb. 31 agustus 2013"),
        ("3 mei 2014", "Bo en Bas zijn allebei van 3 mei 2014, tweeling"),
        ("3rd of May 2014", "her birthday: 3rd of May 2014"),
    ],
)  # fmt: skip
def test_a_date_of_birth_is_found_in_every_spelling(detector, value, text):
    assert ("DATE_OF_BIRTH", value) in values(detector, text)


@pytest.mark.parametrize(
    "text",
    [
        "kinderen geboren vanaf 1 oktober 2014 mogen mee", "wie voor 1-10-2020 geboren is, mag",
        "leerlingen geboren tussen 1-10-2013 en 30-9-2014 doen mee",
        "kamer 06 12 34", "het dossier is van 12-02-2020", "overlijdensdatum opa 3 mei 2014",
        "ons schoolgebouw is van 3 mei 2014", "deze brief is van 3 mei 2019",
        "Inkoopnummer van de gemeente: 482 19 07 31, zonder dat betalen ze niet",
    ],
)  # fmt: skip
def test_the_limit_of_a_year_and_the_age_of_a_thing_are_nobodys_birth(detector, text):
    assert not values(detector, text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0624681357", "vader tel0624681357 na vijven"), ("06_24681357", "vader 06_24681357"),
        ("O6-24681357", "vader bereikbaar op O6-24681357"), ("o6 24681357", "oma: o6 24681357"),
        ("06:31415926", "06:31415926 vader Teun"),
        ("00 31 6 31 41 59 26", "papa 00 31 6 31 41 59 26"),
        ("nulzes vierentwintig achtenzestig dertien zevenenvijftig", "bel moeder op nulzes vierentwintig achtenzestig dertien zevenenvijftig"),  # noqa: E501
    ],
)  # fmt: skip
def test_a_phone_number_is_found_glued_or_with_a_letter_for_its_nought(detector, value, text):
    assert ("PHONE_NUMBER", value) in values(detector, text)


@pytest.mark.parametrize(
    "text",
    [
        "bestelling 0612345678 ligt klaar", "Hostel Rome balie: +39 06 5550 1234, dag en nacht",
        "tel van nul tot tien: nul een twee drie vier vijf zes zeven acht negen",
        "Centrum voor Jeugd en Gezin: 010-2010110", "hoofdgebouw 070-3904410, dependance 070-3904411",  # noqa: E501
        "Meld je ziek via 0521-512345", "Nummer van de bibliotheekservice is 058-2347777",
    ],
)  # fmt: skip
def test_orders_counting_and_offices_are_nobodys_phone(detector, text):
    assert not values(detector, text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("team.visser@ziggo.nl", "vader mailt vanaf team.visser@ziggo.nl"),
        ("directie.mama@gmail.com", "nieuw adres: directie.mama@gmail.com"),
        ("or-visser@gmail.com", "moeder is or-visser@gmail.com"),
        ("teamanja@live.nl", "stuur maar naar teamanja@live.nl"),
        ("groepsvader@hotmail.com", "hij mailt vanaf groepsvader@hotmail.com"),
    ],
)
def test_a_private_mailbox_with_a_name_is_somebodys_even_when_it_begins_like_a_role(
    detector, value, text
):
    assert ("EMAIL_ADDRESS", value) in values(detector, text)


@pytest.mark.parametrize(
    "text",
    [
        "obsdezwaan@gmail.com is van school", "oudervereniging@hotmail.com",
        "ouderraad.deklaver@gmail.com voor de lijst",
        "directie@gmail.com is ons oude adres", "team.groep4@gmail.com is van ons samen",
    ],
)  # fmt: skip
def test_a_role_or_a_school_at_a_private_provider_is_nobodys_mailbox(detector, text):
    assert not values(detector, text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("anja.visser(at)gmail(dot)com", "mail moeder anja.visser(at)gmail(dot)com"),
        ("anja.visser(@)gmail.com", "mail moeder anja.visser(@)gmail.com"),
        ("saar2016@live.nl", "mail: saar2016@live.nl.Graag vandaag"),
        ("anja.visser@gmail,com", "mail moeder anja.visser@gmail,com even"),
        ("anja.visser@gmail. com", "mail moeder anja.visser@gmail. com"),
        ("anja.visser apenstaartje gmail.com", "mail moeder anja.visser apenstaartje gmail.com"),
        ("anja visser apenstaartje gmail punt com", "mail moeder anja visser apenstaartje gmail punt com"),  # noqa: E501
        ("anja84 apenstaart hotmail punt com", "mailadres is anja84 apenstaart hotmail punt com"),
    ],
)  # fmt: skip
def test_a_mail_address_is_found_as_it_is_said_or_mistyped(detector, value, text):
    assert ("EMAIL_ADDRESS", value) in values(detector, text)


def test_a_bare_number_that_may_be_a_bsn_is_asked_about_and_not_flagged(detector):
    judged = detector.detect("111222333 staat op het bord").assessment
    assert judged.unsure
    assert not judged.categories


def test_a_landline_of_nobody_in_particular_is_asked_about(detector):
    judged = detector.detect("020 123 45 67 heeft iemand dit opgeschreven").assessment
    assert judged.unsure


def test_a_short_answer_is_read_with_the_question_before_it(detector):
    text = "Zomer2025 probeer die eens"
    asked = ("wachtwoord vergeten van de mail, wie weet het nog",)
    assert ("CREDENTIAL", "Zomer2025") in values(detector, text, context=asked)
    assert not values(detector, "2510", context=("hoeveel stoelen staan er",))


def test_what_the_school_has_made_public_is_no_finding(detector):
    ours = AllowList(
        mail_domains=frozenset(["deklaver.nl"]),
        phones=frozenset(["0612345678"]),
        addresses=frozenset(["Kerkplein 2"]),
    )
    for text in ("bel 06-12345678", "mail jip@deklaver.nl", "kom naar Kerkplein 2"):
        assert not values(detector, text, allow=ours)
