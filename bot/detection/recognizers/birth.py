"""Dates of birth: a full date with a cue, or close to a person it can only belong to."""

import re
from collections.abc import Iterator

from bot.detection.cues import ADULT, PUPIL, words
from bot.detection.numbers import SPOKEN
from bot.detection.recognizers.around import PERSONAL, clause, made_up, named_near
from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.sheet import Hit, Sheet, Token, spoken

_MONTHS = "januari februari maart april mei juni juli augustus september oktober november december"
_MONTH = (
    r"(?:jan(?:uari|uary)?|feb(?:r(?:uar[iy])?|uari)?|mrt|maart|mar(?:ch)?|apr(?:il)?|mei|may|jun[ie]?|jul[iy]?|"
    r"aug(?:ustus|ust)?|agustus|sep(?:t(?:ember)?)?|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = re.compile(
    r"(?=[\djfmasond])(?<![\w/-])(?<!\d\.)(?:(?P<d>\d{1,2})(?P<s> ?[-/.] ?| )(?P<m>\d{1,2})(?P=s)'?(?P<y>\d{4}|\d{2})|"  # noqa: E501
    r"(?P<d2>\d{1,2})(?:e|st|nd|rd|th)?(?: of)? ?-?(?:" + _MONTH + r")[ -]?'?(?P<y2>\d{4}|\d{2})|"
    r"(?:" + _MONTH + r") (?P<d4>\d{1,2})(?:st|nd|rd|th)?,? (?P<y4>\d{4})|"
    r"(?P<y3>(?:19|20)\d\d)[-/.](?P<m3>\d\d?)[-/.](?P<d3>\d\d?))(?![\w/-]|[.:]\d)",
    re.IGNORECASE,
)
_GLUED = re.compile(
    r"(?<![\w/-])(?<!\d\.)(?:(?P<d>\d\d)(?P<m>\d\d)(?P<y>(?:19|20)\d\d)|"
    r"(?P<y2>(?:19|20)\d\d)(?P<m2>\d\d)(?P<d2>\d\d))(?![\w/-]|[.,]\d)"
)
_CUE = words(
    r"geb(?:oren|oortedatum|oortedag|oortedata|\.? ?dat(?:um)?|dd)?\.?", r"geb[a-z]{0,9}dat(?:um|a)?\.?", r"dob", r"gb\.?",  # noqa: E501
    r"born", r"birth\w*", r"date of birth", r"geboorte\w*", r"verjaardag\w*", r"jarig",
)  # fmt: skip
_AGE = words(
    r"leeftijd\w*", r"(?:\d{1,2}|\w+) jaar(?: oud)?", r"hoe oud", r"minderjarig\w*", r"meerderjarig\w*",  # noqa: E501
    r"al (?:1\d|[4-9]|20)", r"vog", r"aanmeld\w*", r"inschrijv\w*", r"paspoort", r"id-?kaart", r"bsn",  # noqa: E501
    r"klopt", r"check(?:en)?", r"achternaam", r"formulier\w*", r"schrikkel\w*",
    r"(?:is|zijn) (?:(?:allebei|beiden?|ook|nog|pas|dus|wel) )?van",
    r"eduarte|magister|somtoday|osiris|parnassys|esis",
)  # fmt: skip
_YEAR_SAID = re.compile(r"duizend|honderd|negentien|twintig|\b(?:19|20)\d\d\b")
_FIGURES = re.compile(r"\d ")  # more of a number that is written in groups
_STAR = re.compile(r"\*\s*$")
_NO_BIRTH = re.compile(
    r"\b(?:op|tot(?: en met)?|t/m|van|vanaf|per|voor|v[oó][oó]r|na|sinds|sedert|datum|d\.d\.|dd\.?|uiterlijk|versie|"  # noqa: E501
    r"om|deadline|begon|gestart|dagtekening|ingang|verloopt|geldig|houdbaar|foto|uit|wet|notulen)\s*$",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"(?:\b(?:vanaf|v[oó][oó]r|na|tussen|tot(?: en met)?|t/m|uiterlijk)|\btussen [\w ./'-]{6,20} en)\s*$",  # noqa: E501
    re.IGNORECASE,
)
_OF_A_THING = re.compile(
    r"(?:brief|gebouw|wet|besluit|document|plan|boek|foto|film|versie|rapport|toets|lijst|verslag|mail|dossier|vog|contract|"
    r"bericht|methode|rooster) (?:is|was|zijn)(?: \w{2,9})? van\s*$",
    re.IGNORECASE,
)
_THING = words(
    r"rapport(?:en)?", r"notulen", r"versie", r"factuur", r"contract", r"protocol", r"verslag", r"bestand",  # noqa: E501
    r"incident", r"jubileum", r"overl[ie]\w*", r"in dienst", r"getrouwd", r"verbouwing", r"foto(?:'s)?", r"opgericht",  # noqa: E501
    r"garantie", r"keuring", r"gekocht", r"geplaatst", r"rooster", r"toets", r"examen\w*", r"les",
)  # fmt: skip
_THEY = words(r"hij|zij|ze|hem|haar|student|kinderen|kind|broertje|zusje")
_END = re.compile(r"[.!?]\s")
_ANSWER = 10  # code points beside a date that is nearly the whole message
_UNSURE = 0.55


class BirthDateRecognizer(DutchRecognizer):
    """A bare date is never one; a class-mate's "jarig op 12 maart" is none either."""

    ENTITIES = ("DATE_OF_BIRTH",)

    def spans(self, sheet: Sheet) -> Iterator[Hit]:
        """Full dates of somebody between two and a hundred years of age."""
        cued = bool(_CUE.search(sheet.spoken))
        for match in _DATE.finditer(sheet.text):
            if (year := _year(match)) and (score := _score(sheet, *match.span(), year)):
                yield Hit("DATE_OF_BIRTH", *match.span(), score)
        if cued:
            yield from _glued(sheet)
        for start, end, year in _said(sheet) if _YEAR_SAID.search(sheet.lower) else ():
            if score := _score(sheet, start, end, year):
                yield Hit("DATE_OF_BIRTH", start, end, score)


def _glued(sheet: Sheet) -> Iterator[Hit]:
    """Eight figures in a row, right behind a cue."""
    for match in _GLUED.finditer(sheet.text):
        before = sheet.text[max(0, match.start() - 30) : match.start()]
        date = (match["d"] or match["d2"], match["m"] or match["m2"], match["y"] or match["y2"])
        if _CUE.search(before) and _real(*map(int, date)):
            yield Hit("DATE_OF_BIRTH", *match.span(), 0.9)


def _year(match: re.Match[str]) -> int:
    """The year of a date that exists, else 0."""
    if match["s"] == " " and not _told(match):
        return 0
    day = int(match["d"] or match["d2"] or match["d3"] or match["d4"])
    month = int(match["m"] or match["m3"] or 1)
    year = int(match["y"] or match["y2"] or match["y3"] or match["y4"])
    if year < 100:
        year += 2000 if year < 30 else 1900
    return year if _real(day, month, year) else 0


def _told(match: re.Match[str]) -> bool:
    """Whether three numbers with spaces between them are said to be a date, or are no others'."""
    text, start = match.string, match.start()
    cued = _CUE.search(text, max(0, start - 30), start) is not None
    return cued or (len(match["y"]) == 4 and not _FIGURES.match(text, max(0, start - 2)))


def _real(day: int, month: int, year: int) -> bool:
    return 1 <= day <= 31 and 1 <= month <= 12 and 1925 <= year <= 2035


def _score(sheet: Sheet, start: int, end: int, year: int) -> float:
    before = spoken(sheet.text[max(0, start - 45) : start])
    if _LIMIT.search(before) or _OF_A_THING.search(before):
        return 0.0
    if _CUE.search(before) or _STAR.search(sheet.text, max(0, start - 45), start):
        return 0.0 if made_up(sheet, start, end) else 0.95
    if _CUE.search(sheet.text, end, end + 14):
        return 0.85
    if not 1930 <= year <= 2022:
        return 0.0
    if named_near(sheet, start, end, 4, 0):
        return 0.8
    if _THING.search(spoken(_sentence(sheet.text, start, end))):
        return 0.0
    around = spoken(clause(sheet.text, start, end, 80, 70))
    if _CUE.search(around) or _AGE.search(around):
        return 0.8
    if _NO_BIRTH.search(before):
        return 0.0
    return _beside_person(sheet, start, end, around)


def _sentence(text: str, start: int, end: int) -> str:
    """What stands around a date, on its line and before its sentence ends."""
    around = clause(text, start, end, 60, 40)
    past = around.find(text[start:end]) + end - start
    ends = _END.search(around, past)
    return around[: ends.start()] if ends else around


def _beside_person(sheet: Sheet, start: int, end: int, around: str) -> float:
    """A date long past, with a person about it or as the whole answer to a question."""
    if named_near(sheet, start, end, 45, 12):
        return 0.8
    if _somebody(around) and _somebody(sheet.text, sheet):
        return 0.65
    asked = _CUE.search("".join(sheet.context[-1:]))
    alone = len(sheet.text) - (end - start) <= _ANSWER
    return 0.85 if asked and len(sheet.text) < 80 else _UNSURE * alone


def _somebody(text: str, sheet: Sheet | None = None) -> bool:
    """Whether a text speaks of anybody; of a whole sheet it is asked once."""
    if sheet is not None:
        return sheet.once("somebody", lambda: _somebody(text))
    return any(pattern.search(text) for pattern in (PERSONAL, PUPIL, ADULT, _THEY))


def _ordinals() -> dict[str, int]:
    irregular = (
        "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde dertiende "  # noqa: E501
        "veertiende vijftiende zestiende zeventiende achttiende negentiende"
    )
    values = {word: number for number, word in enumerate(irregular.split(), 1)}
    values |= {
        word + "ste": int(number)
        for word, number in SPOKEN.items()
        if number.isdigit() and 20 <= int(number) <= 31
    }
    return values | {f"{day}e": day for day in range(1, 32)}


_ORDINALS = _ordinals()
_MONTH_NUMBER = {word: number for number, word in enumerate(_MONTHS.split(), 1)}


def _said(sheet: Sheet) -> Iterator[tuple[int, int, int]]:
    """Dates said in words with their year: "de negende van de vierde tweeduizend zestien"."""
    tokens = sheet.tokens
    for place, token in enumerate(tokens):
        day = _ORDINALS.get(token.lower) or _small(token, 31)
        if not day:
            continue
        after = _skip(tokens, place + 1)
        month = _month(tokens[after]) if after < len(tokens) else 0
        if month and (found := _said_year(tokens, _skip(tokens, after + 1))):
            article = place and tokens[place - 1].lower == "de" and token.lower in _ORDINALS
            start = tokens[place - 1].start if article else token.start
            if not sheet.text[start : found[0].end].isascii() or not _DATE.fullmatch(
                sheet.text, start, found[0].end
            ):
                yield start, found[0].end, found[1]


def _small(token: Token, most: int) -> int:
    value = SPOKEN.get(token.lower, token.text)
    number = int(value) if value.isascii() and value.isdigit() and len(value) <= 4 else 0
    return number if 1 <= number <= most else 0


def _month(token: Token) -> int:
    month = _MONTH_NUMBER.get(token.lower) or _ORDINALS.get(token.lower, 0) or _small(token, 12)
    return month if month <= 12 and not token.text.isdigit() else 0


def _skip(tokens: tuple[Token, ...], place: int) -> int:
    while place < len(tokens) and tokens[place].lower in ("van", "de", ","):
        place += 1
    return place


def _said_year(tokens: tuple[Token, ...], place: int) -> tuple[Token, int] | None:
    """The last token of a year said in one, two or three words, and the year."""
    heads = [SPOKEN.get(token.lower, token.text) for token in tokens[place : place + 2]]
    if not heads or not (heads[0].isascii() and heads[0].isdigit()):
        return None
    second = int(heads[1]) if len(heads) > 1 and heads[1].isascii() and heads[1].isdigit() else -1
    if heads[0] in ("2000", "1900") and 1 <= second <= 99:
        return tokens[place + 1], int(heads[0]) + second
    if heads[0] in ("19", "20") and 10 <= second <= 99:
        return tokens[place + 1], int(heads[0] + heads[1])
    year = int(heads[0][:4])
    return (tokens[place], year) if 1930 <= year <= 2035 and len(heads[0]) == 4 else None
