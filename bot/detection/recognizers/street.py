"""Where the name of a street begins: behind a person, a label or an article before it."""

import re

from bot.detection.names.lists import first_names, is_word, last_names

_ENDINGS = (
    "straat str. str laan weg plein dijk dreef singel kade gracht hof pad steeg plantsoen park wal "
    "ring baan markt burg veld akker wier hout horst tocht meent brink boulevard erf gaarde wijk "
    "weide wei sloot vaart haven poort wetering winde donk kamp stede berg hoek heuvel eind oord "
    "zoom rede werf kwartier hage waard terp buorren wyk leane strjitte heechhout finne "
    "einde bocht oever passage hoeve hofje straatje laantje"
)
STREETS = tuple(_ENDINGS.split())
_LONGEST_FIRST = sorted(STREETS, key=len, reverse=True)
_LINK = re.compile(r"van|de[nr]?|het|te[nr]?|'t|v\.|el|al|l[ae]|ben", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[A-Z]\.){1,4}|[A-Z]")
_TITLE = re.compile(
    r"(?:mevr(?:ouw)?|mw|dhr|heer|meneer|mijnheer|juf(?:frouw)?|meester|opa|oma|tante|oom|fam(?:ilie)?|"
    r"gezin|mama|papa|moeder|vader|voogd|buurvrouw|buurman)\.?",
    re.IGNORECASE,
)
_OF_A_STREET = re.compile(
    r"(?:oude?|nieuwe?|lange|korte|hoge|lage|grote|kleine|groene|kromme|verlengde|eerste|tweede|derde|"
    r"achter|voor|prins(?:es)?|koning(?:in)?|keizer|graaf|burgemeester|dokter|professor|pastoor|sint|jonkheer|president|minister|wethouder|dominee|generaal|admiraal|kardinaal|bisschop|"
    r"monseigneur|ingenieur|"
    r"\d{1,2}e|[a-z]{1,5}\.)"
)
_PLAIN = re.compile(r"linden?|molen|heide|merel|veld|bos|berg|brug|dijk|hout|sluis|.+se")
_NAMESAKE = re.compile(r"hals|deken|mauve|curie|newton|potter|cats|parks|king|bell|doorman")
_LABEL = re.compile(
    r"(?<!\w)(?:fam(?:ilie)?|gezin|mevr(?:ouw)?|mw|dhr|heer|meneer|mijnheer|juf|meester)\.? $",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"(Op|Aan|In|Naar|Bij|Adres|Voor|Van|Langs|Woont|Taxi|Huisbezoek|Thuisadres|Woonadres|Huisadres|"
    r"Ophalen|Afzetten|Morgen|Vandaag|Straks|Nu) (?:de |het )?(?=[A-Z\d])"
)
_ARTICLE = re.compile(r"(?:(?:de|het|van|den|der|ter|ten|'t) )+(?=[A-Z\d]|$)")
_LINKED = re.compile(r"(?:van (?:de[rn]? |'t )?|v\. ?|ter |ten )$")


def begin(text: str, start: int, street: int, end: int) -> int:
    """Where a street begins; its last word is a span, and what may belong to it stands before."""
    opening = _OPENING.match(text, start, end)
    if opening and (opening[1] != "Van" or _is_plain(text[street:end].lower())):
        start = opening.end()
    words = text[start:street].split()
    labelled = _LABEL.search(text, max(0, start - 14), start) is not None
    for _ in range(_others(words, text[street:end].lower(), labelled=labelled)):
        start = text.index(" ", start) + 1
    bare = text[street:end].lower() in STREETS  # "de Hoge Wier": its article belongs to it
    if not bare and (article := _ARTICLE.match(text, start, street)):
        return _link(text, article.end(), street, end)
    return start


def _link(text: str, start: int, street: int, end: int) -> int:
    """Where a street begins that is called after somebody with a "van", in small letters."""
    linked = _LINKED.search(text, max(0, street - 9), street)
    if start < street or linked is None:
        return start
    stem = _stem(text[street:end].lower())
    if not stem or is_word(stem) or stem in first_names() or stem.endswith("se"):
        return start
    return linked.start()


def _others(words: list[str], street: str, *, labelled: bool) -> int:
    """How many of the words before a street are the name of a person who lives there."""
    head = int(words != [] and _TITLE.fullmatch(words[0]) is not None)
    given = head + int(head < len(words) and _is_given(words[head]))
    titled = labelled or head > 0
    last = given
    while last < len(words) and _LINK.fullmatch(words[last].rpartition("-")[2]):
        last += 1
    if _is_surname(words, last, street, sure=titled and given == head, known=titled or given > 0):
        return last + 1
    if 0 < given == len(words):
        whole = (titled and given > head) or _is_plain(street)
        return given if whole and not _INITIALS.fullmatch(words[-1]) else 0
    return given if given < len(words) and _opens_a_street(words[given]) else 0


def _opens_a_street(word: str) -> bool:
    return word[0].isupper() and (
        _LINK.fullmatch(word) is not None or _OF_A_STREET.fullmatch(word.lower()) is not None
    )


def _is_surname(words: list[str], place: int, street: str, *, sure: bool, known: bool) -> bool:
    """Whether a word before a street is a surname; sure behind a title, known behind a name."""
    if place >= len(words):
        return False
    low = words[place].lower().partition("-")[0]
    if _OF_A_STREET.fullmatch(low):
        return (
            place + 1 < len(words) and _OF_A_STREET.fullmatch(words[place + 1].lower()) is not None
        )
    if sure or not known:
        return sure
    behind = words[place + 1] if place + 1 < len(words) else ""
    more = behind != "" and not _LINK.fullmatch(behind)
    if low in first_names():
        return more and low in last_names()
    linked = _LINK.fullmatch(words[place - 1]) is not None
    royal = _stem(street) in first_names()
    return _is_plain(street) or (low in last_names() and (more or linked or royal))


def is_somebody(words: list[str], last: str) -> bool:
    """Whether what stands before a number is somebody's whole name, as where points are counted."""
    return len(words) == 1 and words[0].lower() in first_names() and last.lower() in last_names()


def _is_given(word: str) -> bool:
    low = word.lower()
    known = low in first_names() or low.partition("-")[0] in first_names()
    return known or _INITIALS.fullmatch(word) is not None


def _stem(street: str) -> str:
    ending = next((one for one in _LONGEST_FIRST if street.endswith(one)), "")
    return street.removesuffix(ending)


def _is_plain(street: str) -> bool:
    """Whether a street is called after a thing or a place, and not after somebody."""
    stem = _stem(street)
    if _NAMESAKE.fullmatch(stem):
        return False
    if _PLAIN.fullmatch(stem):
        return True
    return is_word(stem) and stem not in first_names() and stem not in last_names()
