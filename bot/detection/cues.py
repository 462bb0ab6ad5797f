"""Word patterns several recognizers share: who is meant, and what makes a thing public."""

import re

from bot.detection.sheet import Sheet


def words(*alternatives: str) -> re.Pattern[str]:
    """A case-insensitive pattern of whole words."""
    return re.compile(r"(?<!\w)(?:" + "|".join(alternatives) + r")(?!\w)", re.IGNORECASE)


KIN = words(
    r"(?:groot|schoon|stief|pleeg|bonus|adoptie|peet)?(?:moeder|vader|ouders?|mama|papa|mam|pap)s?",
    r"pa", r"ma", r"moeders", r"vaders", r"heit", r"mem", r"beppe", r"pake", r"mum|mom|dad",
    r"oma|opa|tante|oom|nicht(?:je)?|neef(?:je)?|voogd|verzorger",
    r"(?:stief|half|pleeg|tweeling)?(?:broer|zus)(?:je|jes|s|sen|sje|tje|tjes)?",
    r"zoon(?:tje)?|dochter(?:tje)?|gezin|fam|familie|buurvrouw|buurman",
)  # fmt: skip
PUPIL = words(
    r"leerlinge?|ll|lln|kind(?:je|eren)?|jongen(?:tje|s)?|jochies?|joch|rotjoch|meisjes?|meid(?:en)?",
    r"knul(?:letje)?|ventje|dametje|kleuter|puber|tweeling|drieling|peuter|kanjertje|bikkel",
)  # fmt: skip
ADULT = words(
    r"mevr(?:ouw)?|mw|dhr|meneer|mijnheer|heer|juf|juffrouw|meester|collega",
    r"stagiaire?|invaller|docente?|leerkracht|chauffeur|conci[eë]rge|mentor",
)
HOME = words(
    r"woont?|woonde|wonen|wonend|verhuis[dt]?|verhuisde|verhuizen|thuis|thuisadres|huisbezoek",
    r"huisadres|priv[eé]adres|woonadres|ingeschreven|gezin|buren|bezorgd|huis van",
)
PUBLIC_PLACE = words(
    r"school|schoolgebouw|\w*locatie|gymzaal|sporthal|sportpark|zwembad|bibliotheek|bieb|\w*museum",
    r"theater|kerk|camping|kamperen|\w*boerderij|dierentuin|restaurant|caf[eé]",
    r"navigatie\w*|koeriers?|leveren|levering|bezorgadres|receptie|gemeente(?:huis)?|stadhuis|station",
    r"dorpshuis|buurthuis|kantoor|bestuurskantoor|ggd|ziekenhuis|parkeren|verzamelen|excursie",
    r"schoolreis(?:je)?|kamp|open dag|winkel|garage|speeltuin|wijkcentrum|clubhuis|aula|bushalte",
    r"loket|balie|\w*bedrijf|schouwburg|bioscoop|theaterhuis",
    r"adres van (?:de|het|ons|onze) (?!(?:twee|drie)ling|leerling|kind|jongen|meisje|kleuter)\w+",
    r"hotel|hostel|pabo|stagebeurs|factuuradres|postadres",
)  # fmt: skip
PUBLIC_PHONE = words(
    r"school|receptie|balie|administratie|centrale|taxicentrale|meldpunt|helpdesk|storing\w*|ggd\w*",
    r"secretariaat|faxnummer|fax|camping|gemeente|huisartsenpost|apotheek|bibliotheek|zwembad|museum",
    r"busmaatschappij|busbedrijf|vervoerder|leverancier|monteur|installateur|kopieerhulp|beveiliging",
    r"alarmcentrale|hulplijn|wijkagent|kantoor|bestuursbureau|servicedesk|absenties|schoolfotograaf",
    r"samenwerkingsverband|bedrijf|garage|winkel|praktijk|klantenservice|website|leerplichtbureau",
    r"schoonmaakbedrijf|schoonmaak|catering|theater|conci[eë]rgeloge|ict|toestel",
)  # fmt: skip
OWN = words(r"ik|mij|me|mijn|m'n|mn|wij|ons nummer|nieuw nummer", r"gr|groet(?:jes|en)?|liefs")
MADE_UP = words(
    r"voorbeeld\w*|verzonnen|fictieve?|nep|neppe|geen echt\w*|niet echt\w*|test(?:nummer|account)",
    r"phishing|oefen-?\w*(?:nummer|gegevens|dossier|bsn|account)|dummy",
)


def near(sheet: Sheet, pattern: re.Pattern[str], start: int, before: int, after: int = 0) -> bool:
    """Whether the pattern occurs in the `before` characters before `start` or `after` behind it."""
    return bool(pattern.search(sheet.text, max(0, start - before), start + after))
