"""Dutch number plates: the fourteen side codes, with dashes or behind a cue word."""

import re
from collections.abc import Iterator

from bot.detection.allow import allowed
from bot.detection.cues import near, words
from bot.detection.numbers import spelled_runs
from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.sheet import Hit, Sheet

_L = "[BDFGHJKLMNPRSTVWXYZ]"
_SHAPES = (
    "LL-99-99", "99-99-LL", "99-LL-99", "LL-99-LL", "LL-LL-99", "99-LL-LL", "99-LLL-9",
    "9-LLL-99", "LL-999-L", "L-999-LL", "LLL-99-L", "L-99-LLL", "9-LL-999", "999-LL-9",
)  # fmt: skip


def _pattern(gap: str) -> str:
    return "|".join(s.replace("L", _L).replace("9", r"\d").replace("-", gap) for s in _SHAPES)


_PLATE = words(
    r"kenteken\w*", r"nummerbord\w*", r"(?:nummer|nr\.? ?)?plaat", r"license plate", r"kent\."
)
_DASHED = re.compile(r"(?<![\w-])(?:" + _pattern("-") + r")(?![\w-])")
_WHOLE = re.compile(_pattern(""))
_LOOSE = re.compile(
    r"(?<![\w-])(?:" + "|".join((_pattern("-"), _pattern(" "), _pattern(""))) + r")(?![\w-])",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\d{4}[A-Za-z]{2}")  # an old plate without its dashes looks like one
_CUE = words(
    r"kenteken\w*", r"nummerbord\w*", r"plaat", r"auto", r"wagen", r"busje", r"bestelbus\w*", r"bus",  # noqa: E501
    r"scooter", r"brommer", r"kia|golf|polo|audi|seat|opel|volvo|bmw|clio|fiat|peugeot|skoda|tesla",
    r"volkswagen|vw|toyota|renault|citroen|citroën|ford|mercedes|hyundai|suzuki|mazda|nissan|dacia",
    r"kentekenplaat", r"gereden|reed|rijdt|weggereden|aanrijding|geparkeerd|parkeert|parkeer\w*|getuige|bumper",  # noqa: E501
    r"spiegel", r"lichten", r"motor", r"bestuurder", r"license plate", r"car", r"trekhaak",
    r"n(?:umme)?r\.? ?plaat", r"kent\.", r"banden", r"laadp(?:lek|aal)\w*", r"kiss (?:and|en|&) ride", r"(?:foute?|dubbel|verkeerd) geparkeerd",  # noqa: E501
)  # fmt: skip
_SCHOOL_OWN = words(
    r"school(?:bus|busje|auto|bestelbus|taxi|wagen)\w*", r"onze (?:bus|busje|schoolbus)"
)
_PARKED = words(  # what is said of a car that nobody names
    r"blokke\w+", r"verplaats\w*", r"wegzetten", r"weggezet", r"verzet(?:ten)?", r"eigenaar", r"dubbel", r"rijd\w{0,3}",  # noqa: E501
    r"sta(?:at|an) (?:(?:hier|er|nou|nu|al|weer|alweer|steeds|nog) ){0,3}(?:fout|verkeerd|scheef|in de weg|voor de|op de stoep)",  # noqa: E501
    r"voor de (?:poort|deur|inrit|nooduitgang)", r"berlingo|caddy|kangoo|duster|sprinter|transporter|caravan|aanhanger|vrachtwagen|taxi",  # noqa: E501
)  # fmt: skip
_ABROAD = words(
    r"(?:belgische?|duitse?|poolse?|franse?|turkse?|engelse?|buitenlandse?|oekra[iï]e?nse?)"
)
_FOREIGN = re.compile(
    r"(?<![\w-])(?:\d-[A-Z]{3}-\d{3}|[A-Z]{2}[- ]?\d{3}[- ]?[A-Z]{2}|\d{2} ?[A-Z]{1,3} ?\d{2,4}|"
    r"[A-Z]{1,3}[- ](?:[A-Z]{1,2}[- ]?)?\d{2,5}[A-Z]{0,2})(?![\w-])"
)
_NEVER = re.compile(r"GVD|KKK|NSB|PKK|PSV|TBS|PVV|SGP|VVD|MRT|^(?:VR|GR)-", re.IGNORECASE)
_THING = words(
    r"kavel",
    r"artikel\w*",
    r"\w{0,15}order\w*",
    r"bestel\w*",
    r"kast",
    r"versie",
    r"lokaal",
    r"serie\w*",
    r"code",
    r"model",
    r"toner|printer|agenda|notulen|stukken|bijlage|planning|groepsindeling|besluit|notitie",
)
_DIGIT = re.compile(r"\d")
_CLOSE = 25  # code points from the word for a plate to a plate of another shape
_UNCUED = 0.58  # it may be anything's number: asked about, never taken away for it alone


class PlateNlRecognizer(DutchRecognizer):
    """The plate leads to one person; the school's own vehicle does not."""

    ENTITIES = ("NL_LICENSE_PLATE",)

    def spans(self, sheet: Sheet) -> Iterator[Hit]:
        """Plates of others than the school."""
        if not _DIGIT.search(sheet.text):
            if _PLATE.search(sheet.text):
                yield from _spelled(sheet)
            return
        cued = bool(_CUE.search(sheet.text))
        if "-" not in sheet.text and not cued:
            return
        sure = cued or _PARKED.search(sheet.text)
        for match in (_LOOSE if cued else _DASHED).finditer(sheet.text):
            if _counts(sheet, match, cued):
                yield Hit("NL_LICENSE_PLATE", *match.span(), 0.9 if sure else _UNCUED)
        if cued:
            yield from _spelled(sheet)
            yield from _foreign(sheet)


def _foreign(sheet: Sheet) -> Iterator[Hit]:
    """Plates of other countries, close behind the word for one or for where a car is from."""
    for match in _FOREIGN.finditer(sheet.text):
        named = any(near(sheet, cue, match.start(), _CLOSE) for cue in (_PLATE, _ABROAD))
        if named and not _LOOSE.match(sheet.text, match.start()) and not _ours(sheet, match):
            yield Hit("NL_LICENSE_PLATE", *match.span(), 0.85)


def dashed_plate(value: str) -> bool:
    """Whether a value has the shape of a Dutch plate."""
    return _DASHED.fullmatch(value) is not None


def _spelled(sheet: Sheet) -> Iterator[Hit]:
    """Plates read aloud, right behind the word for one."""
    for run in spelled_runs(sheet):
        for first in range(len(run)):
            value = ""
            for element in run[first : first + 6]:
                value += element.value
                if len(value) >= 6:
                    break
            if _WHOLE.fullmatch(value) and near(sheet, _PLATE, run[first].start, 45):
                yield Hit("NL_LICENSE_PLATE", run[first].start, element.end, 0.85)
                break


def _counts(sheet: Sheet, match: re.Match[str], cued: bool) -> bool:
    value = match.group()
    if not any(c.isdigit() for c in value) or _NEVER.search(value):
        return False
    if _POSTCODE.fullmatch(value):
        return False
    if "-" not in value and not near(sheet, _CUE, match.start(), 45, len(value) + 20):
        return False
    small = "-" not in value and " " in value and not any(c.isupper() for c in value)
    if small and not near(sheet, _PLATE, match.start(), _CLOSE):
        return False
    if near(sheet, _THING, match.start(), 20) and not cued:
        return False
    return not _ours(sheet, match)


def _ours(sheet: Sheet, match: re.Match[str]) -> bool:
    """Whether a plate is the school's own."""
    own = near(sheet, _SCHOOL_OWN, match.start(), 40, len(match.group()) + 30)
    return own or allowed(sheet, "plate", match.group())
