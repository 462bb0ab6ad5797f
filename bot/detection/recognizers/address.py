"""Home addresses: street and number, with postcode and place where they follow."""

import re
from collections.abc import Iterator

from bot.detection.allow import allowed
from bot.detection.cues import HOME, KIN, PUBLIC_PLACE, near, words
from bot.detection.names.lists import is_word
from bot.detection.numbers import SPOKEN
from bot.detection.recognizers.around import PERSONAL, Mask, clause, named_near
from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.sheet import Hit, Sheet

_ENDINGS = (
    "straat str. str laan weg plein dijk dreef singel kade gracht hof pad steeg plantsoen park wal "
    "ring baan markt burg veld akker wier hout horst tocht meent brink boulevard erf gaarde wijk "
    "weide wei sloot vaart haven poort wetering winde donk kamp stede berg hoek heuvel eind oord "
    "zoom rede werf kwartier hage waard terp buorren wyk leane strjitte heechhout finne"
)
_STREETS = tuple(_ENDINGS.split())
_SUFFIX = "(?:" + "|".join(map(re.escape, _STREETS)).replace("|ring", "|(?<!e)ring") + ")"
_NUMBER = (
    r"(?:n(?:umme)?r\.? ?)?\d{1,4}(?:(?: ?-?[A-Za-z](?:\d{1,3})?|[ -]?(?:bis|hs|huis|\d?[IV]{1,3}|\d{1,3}(?:e|hoog)?))"  # noqa: E501
    r"(?![\w.:,]*\d|\w))?"
)
_SAID = r"(?:nummer |nr\.? )?[a-z\u00eb\u00e9]{3,30}(?: en [a-z]{6,9}tig)?"
_TOWN = (
    r"(?:'s-|Den |De |Het |Sint |St\. |Bergen op |Nieuw-|Oud-|Nieuwe |Oude )?(?:IJ|[A-Z])[a-z]{%d,30}"  # noqa: E501
    r"(?:-[A-Z][a-z]{1,30}){0,2}(?: (?:aan|op|bij) (?:de|den|het)? ?[A-Z][a-z]{1,30}| aan Zee)?"
)
_POST = r"(?:,? {0,2}[1-9]\d{3} ?[A-Z]{2}(?![A-Za-z\d]))"
_PLACE = r"(?:,? (?:in |te )?" + _TOWN % 3 + ")"
_PLACE_BEHIND_POST = r"(?:,? (?:in |te )?" + _TOWN % 1 + ")"
_TAIL = tuple(map(re.compile, (_POST, _PLACE, _PLACE_BEHIND_POST)))
_LEAD = (
    r"(?<![\w@.'-])((?:(?:[A-Z][\w'.-]{0,30}|van|de|den|der|het|ter|ten|Prof\.|Dr\.|Mr\.|St\.) ){0,4})"  # noqa: E501
    r"([A-Za-z\u00c0-\u017f'-]{0,40}(?i:" + _SUFFIX + r")) ("
)
_HOUSE, _SPACE = re.compile(r" (?:n(?:umme)?r\.? ?)?\d"), re.compile(" ")
_STREET = re.compile(_LEAD + _NUMBER + r")(?!\w|[:%]|[.,]\d)")
_STREET_SAID = re.compile(_LEAD + _SAID + r")(?!\w)")
_CUED = re.compile(
    r"(?:\b[Ww]oon(?:t|de)?|\bwonen|\b[Vv]erhuis[dt]?|\b[Aa]dres|\bhuisadres)\b[^.\n]{0,45}?"
    r"(?:\b(?:op|aan|naar|is|in)|:) ((?:(?:de|het|It|De|Het|'t) )?(?:[A-Z][\w'-]{1,30} ){1,3})("
    + _NUMBER
    + r")(?!\w|[:%]|[.,]\d)"
)
_LISTED = re.compile(
    r", ((?:(?:[Dd]e|[Hh]et|It|'t|Op) )?[A-Z][\w'-]{3,30}(?: [A-Z][\w'-]{2,30})? )("
    + _NUMBER
    + r"), "
)
_OPENED = re.compile(
    r"(?<![\w'-])((?:Laan|Plein|Kade|Weg|Pad|Hof|Park|Singel|Dijk|Achter|Boven|Onder|Buiten|Aan) "
    r"(?:(?:van|de|den|der|het|'t|ter) ){1,2}(?:[A-Z][\w'-]{1,30} ){1,3})("
    + _NUMBER
    + r")(?!\w|[:%]|[.,]\d)"
)
_NUMBERED = re.compile(r"(?:Groep|Klas|Lokaal|Blok|Les|Kamer)\b")
_IN_TOWN = re.compile(
    r"\b(?:[Oo]p|[Aa]an|[Nn]aar) ((?:(?:de|het|'t) )?(?:[A-Z][\w'-]{1,30} ){1,3})("
    + _NUMBER
    + r") (?:in|te) ((?:[Dd]en |[Dd]e )?[A-Z][a-z-]{2,30})(?!\w)"
)
_ABROAD = re.compile(
    r"(?<![\w'-])((?:[A-Z][\w'.-]{1,30} ){1,4})(\d{1,4}[a-z]?), (?:[A-Z]{1,2}-)?\d{5} [A-Z]\w{2,30}"
)
_POSTED = re.compile(
    r"(?<![\w.,:-])(" + _NUMBER + r"),? {1,2}([1-9]\d{3}) ?([A-Z]{2}|[a-z]{2})(?![A-Za-z\d])"
)
_WALKED = re.compile(
    r"(?:(?:\d{1,2}e|[A-Z][\w'.-]{0,30}|van|der|den|de|het|'t|ter|ten|te|op|aan|in|bij|en|tot) ){1,6}$"  # noqa: E501
)
_CLOSED = re.compile(r"\s*(?:$|[,.;!?\n)]|(?:in|te|en) )")
_NOT_LEADING = re.compile(r"(?:(?:van|der|den|de|het|ter|ten|te|op|aan|in|bij|en|tot) )+")
_NO_LETTERS = (
    "om tm en in op is de ik te je we ze of al zo nu na er me km cm kg ml mg mm st nd pm am ha"
)
_LOWER_CODES = frozenset(_NO_LETTERS.split())
_CODE = re.compile(
    r"(?<![\w-])([1-9]\d{3}) ?([A-Z]{2}),? (?:nr\.? ?|nummer |huisnummer )?(\d{1,4}[a-zA-Z]?)(?![\w:])"  # noqa: E501
)
_OPENING = re.compile(r"(?:Op|Aan|In|Naar|Bij|Adres|Voor|Van|Langs|Woont) (?:de |het )?(?=[A-Z])")
_LABEL = re.compile(
    r"(?<!\w)(?:fam(?:ilie)?|gezin|mevr(?:ouw)?|mw|dhr|heer|meneer|mijnheer|juf|meester)\.? $",
    re.IGNORECASE,
)
_THEIRS = words(
    r"(?:waar|als|of|dat) (?:hij|zij|ze|m|die)", r"(?:haar|zijn|hun|z'n) (?:\w+ )?(?:huis|adres)",
    r"bij (?:hem|haar|hen|hun)", r"host family", r"(?:her|his|their) address", r"lives",
    r"opstap\w*", r"logeer\w*",
)  # fmt: skip
_OURS = words(
    r"(?:bezoek|school|vestigings|aflever|afhaal|factuur|bestel)adres", r"ons (?:\w+ )?adres", r"bso",  # noqa: E501
    r"kdv|bedrijventerrein|kamphuis|kampadres|\w*zaal|opvang|peuterspeelzaal|restaurant|pand",
)  # fmt: skip
_NOT_STREETS = frozenset(
    ["park", "weg", "plein", "hof", "markt", "veld", "ring", "wei", "wijk", "kamp", "haven", "poort", "berg", "hoek", "eind", "baan", "pad", "burg", "wal", "vergadering", "weekmarkt", "onderweg", "sportpark", "speelplein", "schoolplein", "voorplein", "tienermarkt", "werkplein", "halverwege", "vanwege", "langsweg", "zwembad", "leerplein", "leesplein", "snelweg", "startbaan", "renbaan", "busbaan", "sleeptocht", "fietstocht", "speurtocht", "spooktocht", "tocht", "gebied", "sportveld", "voetbalveld", "buitenwijk", "zomerkamp", "schoolkamp", "kerstmarkt", "rommelmarkt", "boekenmarkt", "stagemarkt", "banenmarkt", "oudermarkt", "groepsverhoging", "achterhoek", "invalidenvak", "hoofdweg", "leeshoek", "taalhoek", "rekenhoek", "bouwhoek", "huishoek", "poppenhoek", "themahoek", "speelhoek", "watertafel", "afvalberg", "zandberg", "vrijdag"]  # noqa: E501
)  # fmt: skip
_BARE = frozenset(
    [
        "singel",
        "dijk",
        "kade",
        "gracht",
        "dreef",
        "laan",
        "brink",
        "steeg",
        "wetering",
        "boulevard",
        "erf",
        "werf",
    ]
)
_TIME_WORD = re.compile(
    r" ?(?:u(?:ur)?|min(?:uten)?|dagen|weken|euro|km|kilometer|keer|jaar|leerlingen|kinderen|stuks|x)\b"  # noqa: E501
)
_YEAR_CODE = re.compile(r"(?:19|20)\d\d ?(?:OM|TM|EN|IN|OP|IS|DE|VO|PO)")


class AddressNlRecognizer(DutchRecognizer):
    """One home is one address: certain near a person or a home, none where the place is public."""

    ENTITIES = ("NL_POSTCODE_ADDRESS",)

    def spans(self, sheet: Sheet) -> Iterator[Hit]:
        """Addresses with a house number that are not a public place's."""
        taken = Mask(len(sheet.text))
        for start, end in _candidates(sheet):
            if not taken.free(start, end):
                continue
            taken.take(start, end)
            if not allowed(sheet, "address", sheet.text[start:end]) and (
                score := _score(sheet, start, end)
            ):
                yield Hit("NL_POSTCODE_ADDRESS", start, end, score)


def _candidates(sheet: Sheet) -> Iterator[tuple[int, int]]:
    text = sheet.text
    if any(c.isdigit() for c in text):
        yield from _written(text)
    numbers = (token.lower for token in sheet.tokens if token.lower in SPOKEN)
    if " nummer " in text or any(number != "een" for number in numbers):
        yield from _said(text)


def _said(text: str) -> Iterator[tuple[int, int]]:
    """Addresses whose house number is said in words, at the end of its clause."""
    for match in _STREET_SAID.finditer(text) if _street_before(text, _SPACE) else ():
        number = match.group(3)
        words_said = re.split(r" en |^nummer |^nr\.? ", number)
        known = all(not word or word in SPOKEN for word in words_said) and number != "een"
        closed = number.startswith(("nummer ", "nr")) or _CLOSED.match(text, match.end())
        start = _street_start(match) if known and closed else None
        if start is not None:
            yield start, _tail(text, match.end())


def _written(text: str) -> Iterator[tuple[int, int]]:
    yield from _posted(text)
    yield from _in_town(text)
    for match in _ABROAD.finditer(text):
        yield _after_label(text, match.start()), match.end()
    for match in _STREET.finditer(text) if _street_before(text, _HOUSE) else ():
        if (start := _street_start(match)) is not None and not _TIME_WORD.match(text, match.end()):
            yield start, _tail(text, match.end())
    for pattern in (_CUED, _LISTED, _OPENED):
        for match in pattern.finditer(text):
            if not _NUMBERED.match(match.group(1)):
                yield match.start(1), _tail(text, match.end(2))
    for match in _CODE.finditer(text):
        if not _YEAR_CODE.match(match.group()):
            yield match.span()


def _street_before(text: str, behind: re.Pattern[str]) -> bool:
    """Whether a word that ends like a street stands before something; saves a slow search."""
    low = text.lower()
    return any(low.endswith(_STREETS, 0, match.start()) for match in behind.finditer(low))


def _posted(text: str) -> Iterator[tuple[int, int]]:
    """Streets of any name, known by the postcode behind their house number."""
    for match in _POSTED.finditer(text):
        if _is_code(match.group(2), match.group(3)) and (
            (start := _walk(text, match.start())) is not None
        ):
            yield start, _tail(text, match.end(1))


def _in_town(text: str) -> Iterator[tuple[int, int]]:
    """Streets of any name, known by the town behind their house number."""
    for match in _IN_TOWN.finditer(text):
        if not is_word(match.group(3).lower()) and not _NUMBERED.match(match.group(1)):
            yield match.start(1), match.end()


def _is_code(figures: str, letters: str) -> bool:
    year = figures[:2] in ("19", "20")
    if letters.islower():
        return not year and letters not in _LOWER_CODES
    return not _YEAR_CODE.match(figures + letters)


def _walk(text: str, number: int) -> int | None:
    """Where a street of any name begins before its house number, when a postcode follows."""
    first = max(0, number - 120)
    match = _WALKED.search(text[first:number])
    if match is None:
        return None
    start = _after_label(text, first + match.start())
    if leading := _NOT_LEADING.match(text, start, number):
        start = leading.end()
    if opening := _OPENING.match(text, start, number):
        start = opening.end()
    return start if start < number and text[start].isupper() else None


def _after_label(text: str, start: int) -> int:
    """Behind the family's name, when a label such as "fam" stands before it."""
    if not _LABEL.search(text[max(0, start - 14) : start]):
        return start
    space = text.find(" ", start, start + 40)
    return space + 1 if space > 0 else start


def _street_start(match: re.Match[str]) -> int | None:
    """Where the street begins, with its article when that is part of the name."""
    lead, street = match.group(1), match.group(2)
    low = street.lower()
    if low in _NOT_STREETS and not (lead.strip() and street[0].isupper()):
        return None
    if low in _BARE or (lead and low in _NOT_STREETS):
        return match.start(1) if lead else (match.start(2) if street[0].isupper() else None)
    if not street[0].isupper():
        return match.start(2) if len(low) > 6 and _plausible(match) else None
    kept = re.search(r"(?:(?:[Dd]e|[Hh]et|It|'t|van|der|den|ter|ten|[A-Z][\w'.-]*) )*$", lead)
    words = lead[kept.start() :] if kept else ""
    plain = re.sub(r"^(?:(?:de|het|van|den|der|ter|ten) )+(?=$)", "", words)
    plain = _OPENING.sub("", plain)
    start = _after_label(match.string, match.start(2) - len(plain))
    return min(start, match.start(2))


def _plausible(match: re.Match[str]) -> bool:
    return bool(
        re.search(
            r"(?:straat|laan|weg|plein|dijk|dreef|singel|kade|gracht)$", match.group(2).lower()
        )
    )


def _tail(text: str, end: int) -> int:
    """Where an address ends: behind its postcode and place, where they follow."""
    post, place, behind_post = _TAIL
    if match := post.match(text, end):
        end = match.end()
        place = behind_post
    match = place.match(text, end)
    return match.end() if match else end


def _score(sheet: Sheet, start: int, end: int) -> float:
    around = clause(sheet.text, start, end, 140, 60)
    if _OURS.search(around) and not PERSONAL.search(around):
        return 0.0
    if near(sheet, HOME, start, 60, end - start + 15) or KIN.search(around):
        return 0.9
    if _THEIRS.search(around):
        return 0.85
    if named_near(sheet, start, end, 30, 0):
        return 0.85
    if PUBLIC_PLACE.search(around):
        return 0.0
    return 0.85 if _TAIL[0].search(sheet.text, start, end) else 0.75
