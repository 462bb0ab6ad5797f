"""Confidential matter that a question names without a case: what no detector of messages sees."""

from bot.detection.cues import words

# Always confidential, whoever it is about.
SECRET = words(
    r"\w*wachtwoord\w*", r"alarmcode\w*", r"\w*pincode\w*", r"toegangscode\w*", r"deurcode\w*", r"inlogcode\w*", r"inloggegevens", r"bsn\w*", r"burgerservicenummer\w*", r"kluiscode",
    r"paspoort\w*", r"kopie id\w*", r"geboortedat\w*", r"code van (?:het alarm|de deur|de kluis)",
)  # fmt: skip
PAPERS = words(
    r"klassenlijst\w*", r"leerlingenlijst\w*", r"leerlinglijst\w*", r"adressenlijst\w*", r"namenlijst\w*", r"cijferlijst\w*", r"telefoonlijst\w*", r"notulen van het zorg\w*", r"zorgnotulen", r"\w*dossiers?",
    r"zorgoverleg", r"handelingsplan\w*", r"groeidocument\w*", r"gespreksverslag\w*", r"oudergesprek\w*", r"(?:toets|cito)(?:uitslagen|scores?|resultaten)", r"uitslagen van", r"medicatielijst\w*", r"overdracht van (?:een |de )?leerling\w*",
    r"verslag (?:over|van) (?:een |de |mijn )?(?:leerling|gesprek|kind|ouder)\w*", r"rapport(?:en|cijfers)? van", r"absentielijst\w*", r"presentielijst\w*", r"zorgleerling\w*", r"leerlingbespreking\w*", r"leerlinggegevens", r"persoonsgegevens",
    r"zorgplan\w*", r"incidentenlijst\w*", r"beoordeling van", r"functioneringsgesprek\w*", r"verzuimlijst\w*", r"loonstrook\w*", r"(?:een ouder|ouders|moeder|vader) mailde", r"mail van (?:een |de )?(?:ouder|moeder|vader)\w*",
)  # fmt: skip
# Confidential as soon as somebody is meant.
STATE = words(
    r"diagnose\w*", r"adhd", r"autis\w+", r"dyslexi\w*", r"dyscalculie", r"medicatie", r"medicijnen", r"epilepsie", r"diabetes", r"kanker", r"depressi\w*", r"burn-?out", r"overspannen", r"psycholoog", r"\w*psychiater", r"therapie", r"opgenomen",
    r"ziekenhuis", r"ziekte", r"ernstig ziek", r"zwanger\w*", r"miskraam", r"allergi\w*", r"luizen", r"overl[ei][jd]d?en", r"overleed", r"sterfgeval", r"zelfmoord\w*", r"suïcid\w*", r"veilig thuis", r"jeugdzorg", r"jeugdbescherming", r"uithuisplaatsing",
    r"uit huis geplaatst", r"pleeggezin", r"voogdij", r"scheid(?:en|ing)\w*", r"gescheiden", r"thuissituatie", r"huiselijk geweld", r"mishandel\w*", r"misbruik\w*", r"schulden", r"verslaafd\w*", r"geslagen", r"gepest", r"pest\w*", r"geschorst", r"schorsing",
    r"gestolen", r"gedrag van", r"gedragsprobleem\w*", r"zittenblijv\w*", r"blijft zitten", r"advies (?:vmbo|havo|vwo)", r"schooladvies", r"\w*onvoldoende\w*", r"cijfers?", r"achterstand\w*", r"niveau van", r"vermist\w*", r"speciaal onderwijs", r"gevecht", r"gevochten",
    r"ontslag\w*", r"ontslagen", r"roddel\w*", r"gerucht\w*", r"conflict\w*", r"ruzie", r"drugs", r"politie", r"gevangenis", r"gedetineerd", r"telefoonnummer van", r"adres van", r"privénummer van", r"bedreig\w*", r"leerplicht\w*", r"spijbel\w*",
)  # fmt: skip
SOMEBODY = words(
    r"leerling\w*", r"kind(?:eren|je)?", r"jongen", r"meisje", r"moeder", r"vader", r"ouders?", r"collega\w*", r"juf\w*", r"meester", r"hij", r"zij", r"ze", r"hem", r"haar", r"zijn", r"hun", r"iemand", r"broer\w*", r"zus\w*", r"gezin", r"oma", r"opa", r"kleuter",
    r"\w*(?:zoon|dochter)\w*", r"(?:ons|een) ander kind", r"die ene", r"invaller", r"stagiaire?", r"gesprek", r"conci[eë]rge", r"directeur", r"teamleider", r"klasgenoot\w*", r"tweeling",
)  # fmt: skip
ABOUT_ONE = words(
    r"(?:een|de|die|mijn) (?:leerling|kind|zorgleerling) (?:\w+ ){0,2}(?:bespreken|doorspreken)", r"over (?:een|die|mijn|haar|zijn) (?:leerling|kind|ouder|moeder|vader)\w*", r"uitspraak van (?:een |de |die )?(?:moeder|vader|ouder|leerling|kind|collega)\w*",
    r"wat (?:een |de |mijn )?(?:moeder|vader|ouder|leerling|collega)\w* (?:\w+ ){0,4}(?:zei|vertelde|schreef)", r"ander kind", r"iedereen (?:\w+ ){0,4}(?:herkent|weet wie)", r"herkent (?:het|hem|haar)", r"initialen", r"uit het gesprek", r"naam van (?:een |de )?(?:leerling|kind|ouder)\w*",
    r"wie het is", r"lastige (?:leerling|les|klas|ouder)\w*", r"moeilijke (?:leerling|ouder)\w*", r"vertrouwelijk\w*", r"in vertrouwen",
)  # fmt: skip
# Not confidential by itself, but no longer plainly practical either.
TOUCHY = words(
    r"ziek", r"afwezig\w*", r"reden", r"waarom (?:hij|zij|ze)", r"waarschuwing", r"dossier", r"mentorklas", r"mijn klas", r"geslaagd", r"voornaam", r"namen", r"collega is", r"iets over", r"vertellen over", r"ingebroken", r"inbraak",
)  # fmt: skip
OWN_SICKNESS = words(r"(?:ik )?ben (?:zelf )?ziek", r"mezelf ziek", r"mijn (?:eigen )?ziekmelding", r"me ziek meld\w*", r"mij ziek meld\w*")
CLEAN = words(r"zonder (?:namen|persoonsgegevens|naam)", r"niets vertrouwelijks", r"geen namen", r"geen vertrouwelijk\w*")
