"""What stands around a found value: its clause, names beside it, an organisation or a person."""

from bisect import bisect_left

from bot.detection.cues import MADE_UP, words
from bot.detection.recognizers.person import person_spans
from bot.detection.sheet import Sheet

_WIDEST_NAME = 80  # code points
_SAID_OF = 150  # code points between a value and the words that it is an example
ORGANISATION = words(
    r"\w*(?:loket|desk|balie|centrale|bureau|bedrijf|kantoor|spreekuur|praktijk|winkel|centrum|pool)",
    r"\w*(?:kazerne|magazijn|stichting|vereniging|corporatie|instelling|boerderij|verhuur|drukkerij)",
    r"\w*(?:apotheek|ziekenhuis|kliniek|poli|lab|hostel|hotel|museum|theater|camping|manege|zwembad)",
    r"(?:nood|storings|klanten|onderhouds|technische|facilitaire?|leerlingen)[- ]?(?:dienst|nummer|lijn)",  # noqa: E501
    r"(?:kamp|scouting|dorps|buurt|gemeente|club)huis", r"brandweer", r"politie", r"gemeente",
    r"loodgieter\w*", r"schilder\w*", r"slotenmaker", r"glaszetter", r"elektricien", r"installateur",  # noqa: E501
    r"(?:glas|dak|water|hek|lift)\w*(?:dienst|monteur)", r"monteur", r"huismeester", r"catera?a?r\w*",  # noqa: E501
    r"bedrijfsarts", r"schoolarts", r"jeugdarts", r"planning", r"meldkamer", r"depot", r"vervoerder",  # noqa: E501
    r"ggd\w*|ggz\w*|duo|uwv|cjg|swv|ind|coa|umc\w*|anwb|ns|svb|cak|riagg|mee|halt|jgz|rivm|lumc|amc",
    r"toets \d", r"keuze \d", r"kies \d", r"doorkies\w*", r"verbindt? .{0,12}door", r"algemene? (?:nr|nummer)",  # noqa: E501
    r"hoofdgebouw|dependance|\w*service|(?:loopbaan|steun|inlever|service)punt",
    r"ziekmeld\w*", r"verzuim melden", r"meldt? (?:\w+ )?ziek", r"absent\w*",
    r"klantnummer", r"vaste lijn van (?:de|het)",
)  # fmt: skip
PERSONAL = words(
    r"(?:groot|schoon|stief|pleeg|bonus)?(?:moeder|vader)s?", r"mama|papa|mam|pap|mum|mom|dad",
    r"oma|opa|beppe|pake|heit|mem|tante|oom|voogd|nichtje|neefje|zusje|broertje|zus|broer|buurvrouw|buurman",
    r"ouders? van", r"(?:haar|zijn|hun|z'n|zn|d'r) ouders", r"fam(?:ilie)?\.?",
    r"(?<!jeugd en )gezin", r"thuis", r"priv[eé]\w*", r"leerlinge?", r"jongen", r"meisje",
    r"zoon(?:tje)?|dochter(?:tje)?",
    r"van (?:hem|haar)", r"(?:zijn|haar) (?:mobiel|nummer|vaste|huis|adres)\w*", r"host family",
)  # fmt: skip


def clause(text: str, start: int, end: int, before: int = 120, after: int = 60) -> str:
    """The text around a span, on its own line and at most so many code points away."""
    first = text.rfind("\n", max(0, start - before), start) + 1 or max(0, start - before)
    last = text.find("\n", end, end + after)
    return text[first : last if last >= 0 else end + after]


def named_near(sheet: Sheet, start: int, end: int, before: int = 45, after: int = 25) -> bool:
    """Whether a person's name stands on the same line close before or behind a span."""
    spans = sheet.once("spans of persons", lambda: sorted(person_spans(sheet)))
    place = bisect_left(spans, (max(0, start - before - _WIDEST_NAME), 0))
    while place < len(spans) and spans[place][0] < end + after:
        first, last = spans[place]
        beside = last > start - before and (last <= start or first >= end)
        if beside and "\n" not in sheet.text[min(last, end) : max(first, start)]:
            return True
        place += 1
    return False


def made_up(sheet: Sheet, start: int = 0, end: int = 0) -> bool:
    """Whether it is said near a span, or else anywhere, that what is there is an example."""
    said = sheet.once("made up", lambda: [m.span() for m in MADE_UP.finditer(sheet.spoken)])
    if not end:
        return bool(said)
    return any(first - end <= _SAID_OF and start - last <= _SAID_OF for first, last in said)


class Mask:
    """Which positions of a text are taken."""

    def __init__(self, length: int) -> None:
        self._taken = bytearray(length)

    def free(self, start: int, end: int) -> bool:
        """Whether nothing in the half-open span is taken yet."""
        return self.first(start, end) < 0

    def first(self, start: int, end: int) -> int:
        """The first position in the half-open span that is taken, or -1."""
        return self._taken.find(1, start, end)

    def take(self, start: int, end: int) -> None:
        """Mark a half-open span as taken."""
        self._taken[start:end] = b"\x01" * (end - start)
