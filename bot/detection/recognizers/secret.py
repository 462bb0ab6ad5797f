"""The words around a secret and the shapes a secret has."""

import re
from itertools import pairwise

from bot.detection.cues import words

PASSWORD = words(
    r"ww", r"w8w", r"wachtw(?!\w*(?:beleid|manager|kluis|eisen|regels|tips))\w*\.?", r"wwoord", r"w\.?w\.?", r"paswoord\w*", r"pass(?:w|wd|word|code|phrase)?\.?", r"pw",  # noqa: E501
    r"pwd", r"psw\w?", r"passwoord", r"(?:netwerk|wifi|wi-fi)-?sleutel",
    r"\w{0,30}(?:-?wachtwoord(?:en)?|-pw)", r"wachtzin", r"codewoord",
)  # fmt: skip
ACCOUNT = words(
    r"\w{0,30}(?:wifi\w*|inlog(?!code)\w*|-?account)", r"wi-fi", r"log ?in", r"ingelogd",
    r"inloggen", r"gebruikersnaam", r"digid", r"herstel(?:sleutel|code)", r"admin", r"bitlocker\w*", r"licentiesleutel", r"beheerder\w*",  # noqa: E501
    r"api[- ]?(?:key|sleutel)", r"host ?key", r"hotspot", r"eduroam",
)  # fmt: skip
CODE = words(
    r"\w{0,20}pin(?:code\w*)?", r"puk(?:code)?", r"pasje", r"schoolpas", r"bankpas",
    r"tankpas", r"code", r"codes", r"2fa", r"verificatie\w*", r"combi(?:natie)?", r"(?:cijfer|kluis|slot)\w?combinatie",  # noqa: E501
    r"[\w-]{2,30}codes?",
)  # fmt: skip
NO_SECRET = words(
    r"(?:qr|post|bar|streepjes|product|artikel|kortings|actie|kleur|vak|les|opleidings|crebo|brin|land|gedrags|"
    r"dress|kleding|meld|verzuim|branche|examen|klas|groeps|deelname|absentie|fout|reserverings?|ticket|voucher|cadeau|referentie|order|toets|integriteits|kids|bestel|aanvraag|budget|kosten|project|boekings?|zaal|lokaal)-?codes?", r"code (?:geel|oranje|rood)",  # noqa: E501
)  # fmt: skip
LOCK = words(
    r"\w{0,20}(?:kluis(?:je)?|slot(?:je|jes)?|hek|deur|(?<!pas)poort|kastje|koffer)",
    r"alarm\w*", r"sleutelkast\w*", r"paneel", r"lift", r"berging", r"sesam", r"bel",
)  # fmt: skip
KEY_SAFE = words(
    r"sleutel(?:kluis|kast)(?:je)?",
    r"alarm\w{0,2}",
    r"kluisje",
    r"cijferslot(?:je)?",
    r"(?:hang|ketting|fiets|kluis|container|schuur|hek|poort|code|nummer|ring)?slot(?:je)",
    r"(?:hang|ketting|kluis|container|schuur|hek|poort|code|nummer|ring)slot",
    r"lock ?box|sleutelbox|key ?(?:box|safe)",
    r"\w{0,12}(?:hok|kelder|kar|kast|schuur|hek|poort|stalling) slot",
)
PLACE = words(  # what has a lock of its own, and much else
    r"\w{0,20}ingang", r"fietsen(?:hok|kelder|stalling|berging)", r"schuur(?:tje)?", r"magazijn",
    r"\w{2,15}(?:kast|kar|hok)", r"kast", r"container", r"garage", r"aula",
    r"lock ?box|sleutelbox|key ?(?:box|safe)", r"voicemail", r"securitas", r"kopieer\w*",
)  # fmt: skip
DEVICE = words(
    r"parnassys|esis|magister|somtoday|som|snappet|gynzy|basispoort|teams|office|afas|youforce|digibord",
    r"\w{0,15}(?:laptop\w*|insta|dossier)",
    r"chromebook\w*|ipad\w*|tablet\w*|pc|instagram|facebook|canva|mail(?:box)?|kopieer\w*",
    r"printer|rooster\w*|portaal|examenportaal|cito|zermelo|social schools|parro|netflix|youtube|google",  # noqa: E501
    r"zip|pdf\w*|bestand|smartboard|beamer|simkaart|telefoon|scherm|server\w*|toestel",
)  # fmt: skip
QUIZ = words(
    r"kahoot\w*|lesson ?up|quiz\w*|blooket|wordwall|mentimeter|menti|socrative|klascode|groepscode|gimkit",  # noqa: E501
    r"nearpod|escape\w*|escape room|puzzel\w*|\w{3,20}spel|raadsel\w*|speurtocht|meeting|vergader\w*|teams-\w+|zoom|join|deelnamecode|padlet|kluisjes",  # noqa: E501
    r"kortingscode\w*|klassencode|plickers|quizizz|quizlet|scratch|classroom",
)  # fmt: skip
LINK = re.compile(
    r"(?::|=|\bis\b|\bwordt\b|\bword\b|\bnaar\b|\bmet\b|\bgewoon\b|//?|->|→|\bwas\b|\bnu\b|>|\bww\b|\bpw\b)"
)
ENDS_LINKED = re.compile(
    r"(?:[:=?>/)]|,|->|\b(?:is|met|naar|wordt|nu|dan|was|weer|op|steeds|toch|eerst|zet|m|hem|t|vraagt|key|nieuwe?|"
    r"altijd|gewoon|tijdelijk))\s{0,2}[\"'(]?$",
    re.IGNORECASE,
)
_FROM = (  # "is sinds maandag", "wordt per 1 december"
    r"\b(?:is|wordt|word|was|blijft)(?: (?:nu|nog|weer|dus|vanaf|sinds|per|met ingang van|vandaag|"
    r"morgen|gisteren|(?:maan|dins|woens|donder|vrij|zater|zon)dag|volgende week|"
    r"\d{1,2} [a-z]{3,9}|voortaan|gewoon|altijd)){1,4}"
)
STRONGLY_LINKED = re.compile(
    r"(?:[:=>]|->|\b(?:is|met|naar|wordt|nu|dan|was|steeds|namelijk)|\bnl\.?|" + _FROM + r")"
    r"\s{0,2}[\"'(]?$",
    re.IGNORECASE,
)
OPENS = re.compile(
    r"(?:\bstaat (?:nu |weer |gewoon )?op|\bop(?:en|ent)\b[^.!?\n]{0,25} met|\bopent met|\b(?:uit|aan|er)(?:zetten|af|op) met|"  # noqa: E501
    r"\bmet|\btoets|\bdan|\bcijfers|\bdraai\w*|:|=)\s?$",
    re.IGNORECASE,
)
_OPENED = re.compile(  # with what a thing goes open
    r"\b(?:open|ope|ontgrendel\w*|naar binnen|erin|eraf|uitzetten|uitschakelen)"
    r"(?: (?:nu|je|hem|m|'m|deze|ze))? (?:met|mt)"
    r"(?: (?:de )?(?:code|cijfers|pin|combinatie))? ?:? ?$",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\s*(?:$|[.,!?;:)(\n]|(?:en|dan|maar|want|daarna|of|sinds|hekje|groen|enter|zet|voor wie)\b)"
)
ON_PANEL = re.compile(
    r" (?:op|in) (?:het|de|t|'t) "
    r"(?:\w{0,12}paneel(?:tje)?|keypad|cijferslot|alarmkastje|display)\b",
    re.IGNORECASE,
)
_TYPED = re.compile(r"\b(?:toets|tik|typ)(?:t)?(?: je| dan)?(?: in)?[: ]{1,2}$", re.IGNORECASE)
_SET = re.compile(r" (?:te )?(?:zetten|draaien)\b", re.IGNORECASE)
_OF_THING = re.compile(
    r"(?::|\n|:\n)?\s?(?:[-*•] ?)?[\w'./-]{1,25}(?: [\w'./-]{1,25}){0,4}[ :=]{1,3}\(?"
)
_HEADING = re.compile(r"[\w ]{1,40}[:\n](?=\s?[-*•\w])")  # "codes nieuw schooljaar: voordeur ..."
_SAYS = words(
    r"is|was|zijn|gaat|ging|gaan|staat|hangt|ligt|doet|werkt|wordt|worden|heeft|hebben|om|uur|lokaal|kamer|niet|geen|tot|"
    r"vanaf|kan|moet|mag|weet|krijgt?|vraag|bel|en|of|groep|klas|toestel|nummer|nr|per|op"
)
_TURNED = re.compile(
    r"(?:[:=,]|\b(?:is|met|dan|nu|draai\w*|toets\w*|links(?:om)?|rechts(?:om)?|cijfers|code|combinatie))\s?$",
    re.IGNORECASE,
)
_TURN = re.compile(r"\b(?:draai\w*|linksom|rechtsom)\s?$", re.IGNORECASE)
COMBINATION = re.compile(r"\d{1,2}(?: ?- ?\d{1,2}){2,4}")
PRESSED = re.compile(
    r"[ ,]{1,2}(?:(?:dan|daarna|en|en dan|gevolgd door|\+) )*(?:(?:in te |eerst )?(?:toetsen|intoetsen|intoetst?|indrukt?|indrukken|intikken|intikt?|"  # noqa: E501
    r"intypen|invoeren)|(?:een )?(?:hekje|sterretje|enter|hash|ster|ok|groen(?:e knop)?)|(?:(?:hard|dan|tegelijk|meteen) ){0,2}(?:duwen|trekken))\b",  # noqa: E501
    re.IGNORECASE,
)
TYPE_IT = re.compile(
    r"\b(?:toets|tik|typ|voer|draai|druk|zet|gebruik|heb)(?: in)?[: ]{1,2}$", re.IGNORECASE
)
OTHER_NUMBER = words(
    r"\w{0,20}(?:nummer|nr)s?\.?", r"ticket\w*", r"zaak\w*", r"order\w*", r"factuur\w*", r"bon", r"bestelling",  # noqa: E501
    r"volgen|volg", r"bel(?:len)?", r"stand", r"telefoon",
)  # fmt: skip
UNIT_BEHIND = re.compile(
    r" ?(?:u\b|kleur|kopie|uur|euro|min|leerling|kinderen|x\b|stuks|t/m|cm\b|kg\b|kilo|gram|liter|m2\b|punten|pagina|boek|kaart|jaar)"  # noqa: E501
)
_COUNTED = re.compile(
    r"(?:€|\bom|\btot|\bvan|\blokaal|\bkamer|\bgroep|\bblz|\bles|\bblok|\btoestel|\bversie|\bcirca|\bruim|"
    r"\b(?:inlog|gebruikers|user)(?:naam|name)|\buser|\bsleutel|\bzaal|\bgebouw|\bgang) ?:?$",
    re.IGNORECASE,
)
SPELT = re.compile(  # how the secret before it is to be typed
    r"[ ,]{1,2}\(?(?:(?:met|alles|allemaal|zonder|in|een|allebei|wel) ){0,3}"
    r"(?:hoofdletters?|kleine (?:letters?|k)|klein|aan elkaar)\b(?!,? (?:en|dan)\b)",
    re.IGNORECASE,
)
_IS_THE = re.compile(
    r" ?(?:is|was|=|blijft|wordt)(?: (?:nog|steeds|nu|weer|toch|dus|gewoon|ook))*"
    r"(?: (?:het|de|ons|onze|mijn|m'n|haar|zijn|je|jullie))?(?: (?:nieuwe|oude|juiste|goede))? ",
    re.IGNORECASE,
)
KNOWN = re.compile(
    r"(?:https?:.*|www\..*|.*@.*\..*|\d{1,2}[.:]\d{2}u?|\d{1,2}u(?:ur)?|\d{1,2}[-/]\d{1,2}(?:[-/]\d{2,4})?|"
    r"[1-8][a-h]\d?|\d[a-z]{1,4}\d?|[a-z]{1,2}\d{1,3}|\d{4}-\d{4}|\d+[.,]?\d*(?:%|x|e|ste|de|min|uur|euro|cm|kg)|"
    r"€.*|\d{1,2}\.\d{1,2}|@.*|#[a-z]+|groep\d|covid-?19|h\d|\d+/\d+.*|\d+-[a-z]+|(.)\1+|office365|.*\.(?:pdf|docx?|xlsx?|jpe?g|png|mp4|nl|com))",
    re.IGNORECASE,
)
STARRED = re.compile(r"[#*]?\d{1,4}(?:\*\d{1,4}){1,4}[#*]?")
SINGLES = re.compile(r"\d(?:-\d){3,7}")
FULL_DATE = re.compile(r"\d{1,2} ?- ?\d{1,2} ?- ?(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d")
SHORT_DATE = re.compile(r"(?:0?[1-9]|[12]\d|3[01])-(?:0?[1-9]|1[0-2])(?:-\d{2})?")
_LONG_AGO, _TO_COME = 15, 29  # the years, in two figures, that a date in a chat may have
_SIGNS = "!#$%&*+=@^~_?"
_COUNTED_IN = 25  # code points; the longest word before what is counted, and its sign


def counted(before: str) -> bool:
    """Whether a word right before a value says that it counts or numbers something."""
    return _COUNTED.search(before[-_COUNTED_IN:]) is not None


def dated(value: str) -> bool:
    """Whether a value reads as a date or a year that people would write in a chat."""
    if re.fullmatch(r"(?:19|20)\d\d", value):
        return True
    year = re.fullmatch(r".*-(\d\d)", value) if value.count("-") == 2 else None
    far = year is not None and not _LONG_AGO <= int(year[1]) <= _TO_COME
    return bool(SHORT_DATE.fullmatch(value)) and not far


def opens(before: str, behind: str) -> bool:
    """Whether something goes open with the value between these two, and not with a thing."""
    return bool(_OPENED.search(before) and ends(behind))


def ends(behind: str) -> bool:
    """Whether a value is not counted: nothing that there could be so many of stands behind it."""
    return _ENDS.match(behind) is not None


def of_a_thing(gap: str) -> bool:
    """Whether only the name of a locked thing stands between a word for a code and its figures."""
    head = _HEADING.match(gap)
    part = gap[head.end() - 1 :] if head else gap
    if not _OF_THING.fullmatch(part) or _SAYS.search(part):
        return False
    return any(pattern.search(part) for pattern in (LOCK, PLACE, DEVICE))


def on_a_lock(before: str, value: str, behind: str) -> bool:
    """Whether figures are said to be typed on a panel, or a lock to be set or turned to them."""
    if ON_PANEL.match(behind):
        return True
    if _TYPED.search(before):
        return any(pattern.search(before) for pattern in (LOCK, PLACE, DEVICE))
    turned = COMBINATION.fullmatch(value) and re.search(r"\d\d", value)
    if turned and _TURN.search(before):
        return True
    told = (turned and _TURNED.search(before)) or (before.endswith("op ") and _SET.match(behind))
    return bool(told) and any(pattern.search(before) for pattern in (LOCK, KEY_SAFE))


def named_behind(behind: str) -> bool:
    """Whether what stands behind a value calls it a secret: " is het wachtwoord van de beamer"."""
    said = _IS_THE.match(behind)
    if not said or QUIZ.search(behind):
        return False
    patterns = (PASSWORD, CODE, KEY_SAFE)
    named = next((m for p in patterns if (m := p.match(behind, said.end()))), None)
    return named is not None and not NO_SECRET.match(behind, said.end())


def plain(value: str) -> bool:
    """Whether a value is nothing but a word, with a capital in front at most."""
    return value.isalpha() and value[1:].islower()


def mixed(value: str) -> bool:
    """Whether a chunk looks like a made secret: letters with figures, signs or odd capitals."""
    if len(value) < 4 or not any(c.isalpha() for c in value):
        return False
    if plain(value.rstrip("!?")):
        return False
    numbered = sum(c.isdigit() for c in value) < 3  # "laptop12" is one, "laptop123" is its password
    if (numbered and DEVICE.fullmatch(value.rpartition("-")[2])) or ACCOUNT.fullmatch(value):
        return False
    digits = any(c.isdigit() for c in value)
    signs = any(c in _SIGNS for c in value[1:])
    capital = any(a.islower() and b.isupper() for a, b in pairwise(value))
    return (digits and not re.fullmatch(r"\d+[a-z]{1,3}", value)) or signs or capital


def made(value: str) -> bool:
    """Whether a chunk can hardly be anything but a secret, whatever stands around it."""
    core = value.rstrip("!?")
    if (
        not 8 <= len(value) <= 40
        or not value.isascii()
        or KNOWN.fullmatch(value)
        or core[:1] in "#@*_~/"
    ):
        return False
    if re.search(r"[/\\<>(){}\[\]|;:]", value) or re.fullmatch(
        r"[A-Z0-9._-]+|[a-z_.-]+|[\d\W_]+", value
    ):
        return False
    upper, lower, digit = (any(map(f, core)) for f in (str.isupper, str.islower, str.isdigit))
    inner = any(c in "!#$%&*+=@^_" for c in core[1:-1])
    turns = sum(a.isalpha() and b.isdigit() for a, b in pairwise(core[1:]))
    return (upper and lower and digit and (inner or turns >= 2)) or (
        lower and digit and inner and turns >= 2
    )
