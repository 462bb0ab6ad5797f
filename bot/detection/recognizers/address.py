"""Home addresses: street and number, with postcode and place where they follow."""

import re
from collections.abc import Iterator

from bot.detection.allow import allowed
from bot.detection.cues import HOME, KIN, PUBLIC_PLACE, near, words
from bot.detection.names.lists import first_names, is_place, is_word
from bot.detection.numbers import SPOKEN
from bot.detection.recognizers.around import PERSONAL, Mask, clause, named_near
from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.recognizers.postcode import GAP, has_code, is_code, tail
from bot.detection.recognizers.street import STREETS, begin, is_somebody
from bot.detection.sheet import Hit, Sheet

_SUFFIX = "(?:" + "|".join(map(re.escape, STREETS)).replace("|ring", "|(?<!e)ring") + ")"
_NUMBER = (
    r"(?:(?:huis)?n(?:umme)?r\.? ?)?\d{1,4}(?:(?: ?-?[A-Za-z](?:\d{1,3})?|[ -]?(?:bis|hs|huis|\d?[IV]{1,3}|\d{1,3}(?:e|hoog)?))"  # noqa: E501
    r"(?![\w.:,]*\d|\w))?"
)
_BEHIND = r"(?!\w|[:%-]\d|[:%]|\.\d|,\d(?!\d{3} ?[A-Za-z]{2}(?!\w))|/\d{1,2}[-/])"
_SAID = r"(?:nummer |nr\.? )?[a-z\u00eb\u00e9]{3,30}(?: en [a-z]{6,9}tig)?"
_LEAD = (
    r"(?<![\w@.'-])((?:(?:[A-Z][\w'.-]{0,30}|van|de|den|der|het|ter|ten|'t|v\.|\d{1,2}e) ){0,6})"
    r"([A-Za-z\u00c0-\u017f'-]{0,40}(?i:" + _SUFFIX + r"))(?: |(?<=str\.))("
)
_HOUSE, _SPACE = re.compile(r" (?:(?:huis)?n(?:umme)?r\.? ?)?\d"), re.compile(" ")
_STREET = re.compile(_LEAD + _NUMBER + r")" + _BEHIND)
_STREET_SAID = re.compile(_LEAD + _SAID + r")(?!\w)")
_CUED = re.compile(
    r"(?:\b[Ww]oon(?:t|de)?|\bwonen|\b[Vv]erhuis[dt]?|\b[Aa]dres|\bhuisadres)\b[^.\n]{0,45}?"
    r"(?:\b(?:op|aan|naar|is|in)|:) ((?:(?:de|het|It|De|Het|'t) )?(?:[A-Z][\w'-]{1,30} ){1,3})("
    + _NUMBER
    + r")"
    + _BEHIND
)
_DWELT = re.compile(
    r"[Ww]o(?:on(?:t|de)?|nen)(?: nu| dus)? ((?:[A-Z][\w'-]{1,30} ){1,3})("
    + _NUMBER
    + r")"
    + _BEHIND
)
_LISTED = re.compile(
    r", ((?:(?:[Dd]e|[Hh]et|It|'t|Op) )?[A-Z][\w'-]{3,30}(?: [A-Z][\w'-]{2,30})? )("
    + _NUMBER
    + r"), "
)
_COUNT_BEFORE = re.compile(r"(?<![\d-])\d{1,2}$")
_COUNT_BEHIND = re.compile(r"[\w'-]{1,30} \d{1,2}(?![\d-])")
_OPENED = re.compile(
    r"(?<![\w'-])((?:Laan|Plein|Kade|Weg|Pad|Hof|Park|Singel|Dijk|Achter|Boven|Onder|Buiten|Aan) "
    r"(?:(?:van|de|den|der|het|'t|ter) ){1,2}(?:[A-Z][\w'-]{1,30} ){1,3})("
    + _NUMBER
    + r")"
    + _BEHIND
)
_LIVED = re.compile(r"\b(?:woon(?:t|de)?|wonen|verhuisd|adres)\b[^.\d\n]{0,30}$", re.IGNORECASE)
_LIVED_RIGHT_THERE = re.compile(
    r"\b(?:woon(?:t|de)?|wonen|verhuisd)(?: (?:nu|dus|naar|op|aan|in|de|het)){0,4} $", re.IGNORECASE
)
_OF_A_YEAR = re.compile(
    r"(?<![\w'-])(?:[Pp]lein|[Ll]aan) (?:(?:19)?\d\d-(?:19)?\d\d|1[89]\d\d) " + _NUMBER + _BEHIND
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
_CODE_LIKE = re.compile(r"[1-9]\d{3} ?[A-Za-z]{2}(?![A-Za-z\d])")
_POSTED = re.compile(
    r"(?<![\w.,:-])("
    + _NUMBER
    + r")(?:,|"
    + GAP
    + r")([1-9]\d{3}) ?([A-Z]{2}|[a-z]{2})(?![A-Za-z\d])"
)
_WALKED = re.compile(
    r"(?:(?:\d{1,2}e|[A-Z][\w'.-]{0,30}|van|der|den|de|het|'t|ter|ten|te|op|aan|in|bij|en|tot) ){1,6}$"  # noqa: E501
)
_CLOSED = re.compile(r"\s*(?:$|[,.;!?\n)]|(?:in|te|en) )")
_NOT_LEADING = re.compile(r"(?:(?:van|der|den|de|het|ter|ten|te|op|aan|in|bij|en|tot) )+")
_CODE = re.compile(
    r"(?<![\w-])([1-9]\d{3})(?: ?([A-Z]{2})|([a-z]{2}))(?:,? |-)(?:(?:huis)?(?:nr\.? ?|nummer ))?(\d{1,4}[a-zA-Z]?)(?![\w:])"  # noqa: E501
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
    ["park", "weg", "plein", "hof", "markt", "veld", "ring", "wei", "wijk", "kamp", "haven", "poort", "berg", "hoek", "eind", "baan", "pad", "burg", "wal", "vergadering", "weekmarkt", "onderweg", "sportpark", "speelplein", "schoolplein", "voorplein", "tienermarkt", "werkplein", "halverwege", "vanwege", "langsweg", "zwembad", "leerplein", "leesplein", "snelweg", "startbaan", "renbaan", "busbaan", "sleeptocht", "fietstocht", "speurtocht", "spooktocht", "tocht", "gebied", "sportveld", "voetbalveld", "buitenwijk", "zomerkamp", "schoolkamp", "kerstmarkt", "rommelmarkt", "boekenmarkt", "stagemarkt", "banenmarkt", "oudermarkt", "groepsverhoging", "achterhoek", "invalidenvak", "hoofdweg", "leeshoek", "taalhoek", "rekenhoek", "bouwhoek", "huishoek", "poppenhoek", "themahoek", "speelhoek", "watertafel", "afvalberg", "zandberg", "vrijdag", "leerweg", "rekenweg", "feyenoord", "bocht", "einde", "oever", "passage", "hoeve", "hofje", "straatje", "laantje", "weekeinde", "uiteinde"]  # noqa: E501
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
_COUNTED = re.compile(r" (?:uur|jaar|dagen|huizen|deuren|straten|keer|weken|kinderen|minuten)\b")
_TIME_WORD = re.compile(
    r" ?(?:u(?:ur)?|min(?:uten)?|dagen|weken|euro|km|kilometer|keer|jaar|leerlingen|kinderen|stuks|x)\b"  # noqa: E501
)


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
        closed = (
            number.startswith(("nummer ", "nr"))
            or _CLOSED.match(text, match.end())
            or (_home_before(text, match.start()) and not _COUNTED.match(text, match.end()))
        )
        start = _street_start(match) if known and closed else None
        if start is not None:
            yield start, tail(text, match.end())


def _home_before(text: str, start: int) -> bool:
    return HOME.search(text, max(0, start - 40), start) is not None


def _written(text: str) -> Iterator[tuple[int, int]]:
    coded = _CODE_LIKE.search(text) is not None
    if coded:
        yield from _posted(text)
    yield from _in_town(text)
    for match in _ABROAD.finditer(text):
        last = text.rfind(" ", match.start(), match.end(1) - 1) + 1
        yield begin(text, match.start(), max(match.start(), last), match.end(1)), match.end()
    if _street_before(text, _HOUSE):
        yield from _named_streets(text)
    for pattern in (_CUED, _DWELT, _LISTED, _OPENED):
        for match in pattern.finditer(text):
            counted = pattern is _LISTED and _is_count(match)
            if not counted and not _NUMBERED.match(match.group(1)):
                yield match.start(1), tail(text, match.end(2))
    for match in _CODE.finditer(text) if coded else ():
        if is_code(match[1], match[2] or match[3]):
            yield match.span()


def _named_streets(text: str) -> Iterator[tuple[int, int]]:
    """Streets whose last word ends like one, or that are called after a year."""
    for match in _OF_A_YEAR.finditer(text):
        yield match.start(), tail(text, match.end())
    for match in _STREET.finditer(text):
        if (start := _street_start(match)) is not None and not _TIME_WORD.match(text, match.end()):
            yield start, tail(text, match.end())


def _is_count(match: re.Match[str]) -> bool:
    """Whether a word with a number stands among others with theirs, or counts what it names."""
    low = match.group(1).split()[-1].lower()
    text, start, end = match.string, match.start(), match.end()
    if _COUNT_BEFORE.search(text, max(0, start - 8), start) or _COUNT_BEHIND.match(text, end):
        return True
    return is_word(low) or is_place(low) or low in first_names()


def _street_before(text: str, behind: re.Pattern[str]) -> bool:
    """Whether a word that ends like a street stands before something; saves a slow search."""
    low = text.lower()
    return "str." in low or any(
        low.endswith(STREETS, 0, match.start()) for match in behind.finditer(low)
    )


def _posted(text: str) -> Iterator[tuple[int, int]]:
    """Streets of any name, known by the postcode behind their house number."""
    for match in _POSTED.finditer(text):
        if is_code(match.group(2), match.group(3)) and (
            (start := _walk(text, match.start())) is not None
        ):
            yield start, tail(text, match.end(1))


def _in_town(text: str) -> Iterator[tuple[int, int]]:
    """Streets of any name, known by the town behind their house number."""
    for match in _IN_TOWN.finditer(text):
        if not is_word(match.group(3).lower()) and not _NUMBERED.match(match.group(1)):
            yield match.start(1), match.end()


def _walk(text: str, number: int) -> int | None:
    """Where a street of any name begins before its house number, when a postcode follows."""
    first = max(0, number - 120)
    match = _WALKED.search(text[first:number])
    if match is None:
        return None
    start = first + match.start()
    if leading := _NOT_LEADING.match(text, start, number):
        start = leading.end()
    street = text.rfind(" ", start, number - 1) + 1
    start = begin(text, start, max(start, street), number - 1)
    return start if start < number and text[start].isupper() else None


def _street_start(match: re.Match[str]) -> int | None:
    """Where the street begins, with its article when that is part of the name."""
    lead, street = match.group(1), match.group(2)
    low = street.lower()
    if low in _NOT_STREETS and not (lead.strip() and street[0].isupper()):
        return match.start(2) if _lived_in(match) else None
    if low in _BARE or (lead and low in _NOT_STREETS):
        return _bare_start(match)
    if not street[0].isupper():
        return match.start(2) if len(low) > 6 and _plausible(match) else None
    if is_somebody(lead.split(), street) and not _plausible(match):
        return None
    return begin(match.string, match.start(1), *match.span(2))


def _bare_start(match: re.Match[str]) -> int | None:
    """Where a street begins whose last word is no name by itself: "de Hoge Wier", "Singel"."""
    lead, street = match.group(1), match.group(2)
    if not lead:
        return match.start(2) if street[0].isupper() else None
    if is_somebody(lead.split(), street):
        return None
    return begin(match.string, match.start(1), *match.span(2))


def _lived_in(match: re.Match[str]) -> bool:
    """Whether somebody is said to live where a word stands that most often is no street."""
    lived = _LIVED if match.group(2)[0].isupper() else _LIVED_RIGHT_THERE
    return lived.search(match.string, max(0, match.start(2) - 45), match.start(2)) is not None


def _plausible(match: re.Match[str]) -> bool:
    return bool(
        re.search(
            r"(?:straat|laan|weg|plein|dijk|dreef|singel|kade|gracht)$", match.group(2).lower()
        )
    )


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
    return 0.85 if has_code(sheet.text, start, end) else 0.75
