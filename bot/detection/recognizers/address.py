"""Home addresses: street and number, with postcode and place where they follow."""

import re
from collections.abc import Iterator

from bot.detection.allow import allowed
from bot.detection.cues import HOME, KIN, PUBLIC_PLACE, line_of, near
from bot.detection.numbers import SPOKEN
from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.sheet import Hit, Sheet

_SUFFIX = (
    r"(?:straat|str\.?|laan|weg|plein|dijk|dreef|singel|kade|gracht|hof|pad|steeg|plantsoen|park|wal|"
    r"(?<!e)ring|baan|markt|burg|veld|akker|wier|hout|horst|tocht|meent|brink|boulevard|erf|gaarde|"
    r"wijk|weide|wei|sloot|vaart|haven|poort|wetering|winde|donk|kamp|stede|berg|hoek|heuvel|eind|"
    r"oord|zoom|rede|werf|kwartier|hage|waard|terp|buorren|wyk|leane|strjitte|heechhout|finne)"
)
_NUMBER = (
    r"(?:n(?:umme)?r\.? ?)?\d{1,4}(?:(?: ?-?[A-Za-z]|[ -]?(?:bis|hs|huis|\d?[IV]{1,3}|\d{1,3}(?:e|hoog)?))"  # noqa: E501
    r"(?![\w.:,]*\d|\w))?"
)
_SAID = r"(?:nummer |nr\.? )?(?:" + "|".join(sorted(SPOKEN, key=len, reverse=True)) + r")"
_POST = r"(?:,? {0,2}[1-9]\d{3} ?[A-Z]{2}(?![A-Za-z\d]))"
_PLACE = r"(?:,? (?:in |te )?(?:'s-|Den |De |Het |Sint |Bergen op |Nieuw-|Oud-)?[A-Z][a-z]{3,}(?:-[A-Z][a-z]+)*(?: (?:aan|op|bij) [a-z ]{0,10}[A-Z][a-z]+)?)"  # noqa: E501
_STREET = re.compile(
    r"(?<![\w@.-])((?:(?:[A-Z][\w'.-]*|van|de|den|der|het|ter|ten|Prof\.|Dr\.|Mr\.|St\.) ){0,4})"
    r"([A-Za-z\u00c0-\u017f'-]{0,40}"
    "(?i:" + _SUFFIX + ")" + r") (" + _NUMBER + "|" + _SAID + r")(?!\w|[:%]|[.,]\d)",
)
_CUED = re.compile(
    r"(?:\b[Ww]oon(?:t|de)?|\bwonen|\b[Vv]erhuis[dt]|\b[Aa]dres|\bhuisadres)\b[^.\n]{0,45}?"
    r"(?:\b(?:op|aan|naar|is|in)|:) ((?:(?:de|het|It|De|Het|'t) )?(?:[A-Z][\w'-]+ ){1,3})("
    + _NUMBER
    + r")(?!\w|[:%]|[.,]\d)"
)
_LISTED = re.compile(
    r", ((?:(?:[Dd]e|[Hh]et|It|'t|Op) )?[A-Z][\w'-]{3,}(?: [A-Z][\w'-]{2,})? )(" + _NUMBER + r"), "
)
_CODE = re.compile(
    r"(?<![\w-])([1-9]\d{3}) ?([A-Z]{2}),? (?:nr\.? ?|nummer |huisnummer )?(\d{1,4}[a-zA-Z]?)(?![\w:])"  # noqa: E501
)
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
        taken: list[tuple[int, int]] = []
        for start, end in _candidates(sheet.text):
            if any(start < e and s < end for s, e in taken):
                continue
            taken.append((start, end))
            if not allowed(sheet, "address", sheet.text[start:end]) and (
                score := _score(sheet, start, end)
            ):
                yield Hit("NL_POSTCODE_ADDRESS", start, end, score)


def _candidates(text: str) -> Iterator[tuple[int, int]]:
    if not any(c.isdigit() for c in text) and " nummer " not in text:
        return
    for match in _STREET.finditer(text):
        if (start := _street_start(match)) is not None and not _TIME_WORD.match(text, match.end()):
            yield start, _tail(text, match.end())
    for pattern in (_CUED, _LISTED):
        for match in pattern.finditer(text):
            if not re.match(r"(?:Groep|Klas|Lokaal|Blok|Les|Kamer)\b", match.group(1)):
                yield match.start(1), _tail(text, match.end(2))
    for match in _CODE.finditer(text):
        if not _YEAR_CODE.match(match.group()):
            yield match.span()


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
    plain = re.sub(r"^(?:Op|Aan|In|Naar|Bij|Adres|Voor|Van|Langs) (?:de |het )?", "", plain)
    return match.start(2) - len(plain)


def _plausible(match: re.Match[str]) -> bool:
    return bool(
        re.search(
            r"(?:straat|laan|weg|plein|dijk|dreef|singel|kade|gracht)$", match.group(2).lower()
        )
    )


def _tail(text: str, end: int) -> int:
    for pattern in (_POST, _PLACE):
        if match := re.compile(pattern).match(text, end):
            end = match.end()
    return end


def _score(sheet: Sheet, start: int, end: int) -> float:
    line = line_of(sheet.text, start)
    if near(sheet, HOME, start, 60, end - start + 15) or KIN.search(line):
        return 0.9
    return 0.0 if PUBLIC_PLACE.search(line) else 0.75
