"""Private e-mail addresses; role mailboxes and school domains are public."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.detection.allow import AllowList
from bot.detection.cues import KIN, words
from bot.detection.names.lists import first_names, is_word, last_names
from bot.detection.recognizers.around import PERSONAL, clause
from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.sheet import Hit, Sheet

_LEVEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_DOT = r"(?:\.|\s?[(\[](?:dot|punt)[)\]]\s?)"
_DOMAIN = rf"((?:{_LEVEL}{_DOT}){{1,5}}[^\W\d_]{{2,18}}|{_LEVEL}(?:,|\. )(?:com|nl))(?![\w@])"
_SIGN = r"(?:at|apen?staart(?:je)?)"  # as it is said
_MAIL = re.compile(
    r"(?<![\w.+-])([\w][\w.+'-]{0,63})(?: ?@ ?|\s?\(at\)\s?|\s?\[at\]\s?|\s?\(@\)\s?)" + _DOMAIN
)  # fmt: skip
_AT = re.compile(
    r"(?<![\w.+-])([A-Za-z0-9][\w.+-]{1,63}) " + _SIGN + " " + _DOMAIN,
    re.IGNORECASE,
)
_NEXT_SENTENCE = re.compile(r"(?<=\.[a-z]{2})\.[A-Z][a-z]+$|(?<=\.[a-z]{3})\.[A-Z][a-z]+$")
_SAID_DOT = re.compile(r" (?:punt|dot) |" + _DOT + r"|,|\. ", re.IGNORECASE)
_BIT = r"[^\W_][\w-]{0,30}"
_JOINT = r" (?:punt|dot|streepje|liggend streepje|laag streepje|underscore|min) "
_SAID = re.compile(
    rf"(?<!\w)((?:{_BIT}{_JOINT}){{0,4}}{_BIT}) {_SIGN} "
    rf"({_BIT}(?: (?:punt|dot) {_BIT}){{0,2}} (?:punt|dot) "
    r"(?:nl|com|be|de|net|org|eu|frl|nu|me|fr|pl|uk|info))(?!\w)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:\b(?:e-?)?mail(?:adres)?(?: is)?|\badres(?: is)?|\bis|:) ?((?:[a-z]{2,15} ){1,2})$",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?:info|administratie|admin|noreply|no-reply|directie|secretariaat|mr|or|ouder(?:raad|vereniging|commissie)|activiteiten\w*|zorg\w*|ib|"
    r"bovenbouw|onderbouw|middenbouw|receptie|contact|help\w*|support|ict|planning|verzuim|hr|"
    r"leerplicht|leerling\w*|bestel\w*|facturen|financi\w*|servicedesk|service|klantenservice|aanmeld\w*|"
    r"inschrijv\w*|redactie|nieuwsbrief|team\w*|school\w*|groep\w*|fg|privacy|avg|post|mail|kamp|"
    r"excursie\w*|sportdag|reservering\w*|boeking\w*|webmaster|pers|stage\w*|bestuur|loket|balie|bpv|"
    r"decanaat|decanen|voorlichting|facilitair|rooster\w*|examen\w*|toets\w*|verkoop|sales|office|"
    r"hello|accueil|kontakt|secretariat|media\w*|bibliotheek|jgz|aanvragen|communicatie|events?)",
    re.IGNORECASE,
)
_ROLE_FIRST = re.compile(r"(?:" + _ROLE.pattern + r")[._-].*", re.IGNORECASE)
_MADE_UP = re.compile(r"(?:voorbeeld|example|test|domein)\.", re.IGNORECASE)
_SCHOOL = re.compile(
    r"school|college|lyceum|lyc[eé]e|gymnasium|gym\.|scholen|onderwijs|edu\b|(?:^|[.-])roc\b|"
    r"^(?:obs|cbs|rkbs|pcb|kbs|ods|sbo|so|vso)[a-z-]{3,}\.nl$|universi|hogeschool|"
    r"gemeente|ggd|overheid|politie|\.gov|veiligthuis|jeugdbescherming",
    re.IGNORECASE,
)
_CONSUMER = re.compile(
    r"(?:.*\.)?(?:solcon|gmail|googlemail|hotmail|outlook|live|icloud|ziggo|kpnmail|home|planet|xs4all|upcmail|"
    r"casema|hetnet|yahoo|msn|me|mac|pm|proton\w*|gmx|web|freemail|zonnet|tele2|chello|quicknet|telfort|online|"
    r"kpn|caiway|tiscali|versatel|wanadoo|kabelfoon|telenet|skynet|proximus|onet|wp|o2|interia|seznam|libero|"
    r"mail|yandex|t-online|laposte|orange|free|abv|fastmail|hey|tuta\w*|tutanota|aol|ymail|multiweb|box)"
    r"\.[a-z]{2,9}(?:\.[a-z]{2})?",
    re.IGNORECASE,
)
_PRIVATE = words(r"priv[eé]\w*", r"thuis\w*", r"eigen (?:e-?)?mail\w*", r"persoonlijke?")
_OF_A_SCHOOL = re.compile(
    r"(?:obs|cbs|rkbs|pcbs|kbs|sbo)[._-]?(?:de|het|st|sint)[a-z._-]{3,}|(?:basis|dorps)school.*",
    re.IGNORECASE,
)
_ROLE_OF = re.compile(
    r"(?:team|school|groeps?|help|zorg|leerling|media|stage|examen|rooster|toets|bestel)([a-z]{3,})"
)
_OFFICIAL = re.compile(r"[a-z]{1,3}[._-][a-z.-]{3,}", re.IGNORECASE)
_FAMILY = re.compile(r"(?:[\w-]{1,60}\.)?fam(?:ilie)?[a-z-]{3,60}\.", re.IGNORECASE)
_UNSURE = 0.55


@dataclass(frozen=True, slots=True)
class _Address:
    start: int
    end: int
    box: str
    domain: str


class EmailNlRecognizer(DutchRecognizer):
    """Addresses of persons; what the school or an organisation publishes is left alone."""

    ENTITIES = ("EMAIL_ADDRESS",)

    def spans(self, sheet: Sheet) -> Iterator[Hit]:
        """Addresses, written or said, that are no role mailbox and not at a school's domain."""
        for address in _addresses(sheet):
            if score := _score(sheet, address):
                yield Hit("EMAIL_ADDRESS", address.start, address.end, score)


def _addresses(sheet: Sheet) -> Iterator[_Address]:
    text, low = sheet.text, sheet.lower
    if "@" in text or "at)" in low or "at]" in low:
        for match in _MAIL.finditer(text):
            domain = _NEXT_SENTENCE.sub("", match.group(2))
            end = match.start(2) + len(domain)
            yield _Address(match.start(), end, match.group(1), _written(domain))
    if " at " not in low and "staart" not in low:
        return
    for match in _AT.finditer(text):
        yield _Address(_label(text, match), match.end(), match.group(1), _written(match.group(2)))
    if " punt " in low or " dot " in low:
        for match in _SAID.finditer(text):
            start = _label(text, match)
            yield _Address(start, match.end(), match.group(1), _written(match.group(2)))


def _label(text: str, match: re.Match[str]) -> int:
    """Where a mailbox said in two or three words begins: right behind its label, if it has one."""
    before = text[max(0, match.start() - 60) : match.start()]
    label = _LABEL.search(before)
    start = match.start()
    for word in reversed(label.group(1).split() if label else ()):
        if KIN.fullmatch(word) or (is_word(word.lower()) and word.lower() not in first_names()):
            break
        start -= len(word) + 1
    return start


def _written(domain: str) -> str:
    return _SAID_DOT.sub(".", domain)


def _score(sheet: Sheet, address: _Address) -> float:
    """Sure at a provider for consumers; elsewhere only with a person's life around it."""
    domain = address.domain
    if isinstance(sheet.allow, AllowList) and sheet.allow.own_domain(domain):
        return 0.0
    private = _CONSUMER.fullmatch(domain) is not None
    role = _ROLE.fullmatch(address.box) or _ROLE_FIRST.fullmatch(address.box)
    if _MADE_UP.search(domain) or (role and not (private and _of_somebody(address.box))):
        return 0.0
    if private:
        return 0.0 if _OF_A_SCHOOL.fullmatch(address.box) else 0.95
    if _SCHOOL.search(domain):
        return 0.0
    around = clause(sheet.text, address.start, address.end, 80, 40)
    if _FAMILY.match(domain) or PERSONAL.search(around) or _PRIVATE.search(around):
        return 0.9
    official = _OFFICIAL.fullmatch(address.box) and not _owned(address)
    return 0.0 if official or _of_a_task(address.box) else _UNSURE


def _of_somebody(box: str) -> bool:
    """Whether a mailbox that begins like a task's is called after a person all the same."""
    parts = re.findall(r"[^\W\d_]{3,}", box.lower())
    return any(
        _is_somebodys(part) for part in parts if not (_ROLE.fullmatch(part) and is_word(part))
    )


def _is_somebodys(part: str) -> bool:
    rest = _ROLE_OF.fullmatch(part)
    names = (part, rest[1]) if rest else (part,)
    return any(n in first_names() or n in last_names() or KIN.fullmatch(n) for n in names)


def _of_a_task(box: str) -> bool:
    """Whether a mailbox is called after what is done there, and after nobody."""
    parts = re.findall(r"[^\W\d_]+", box.lower())
    return all(
        len(part) >= 4 and is_word(part) and part not in first_names() and not KIN.search(part)
        for part in parts
    )


def _owned(address: _Address) -> bool:
    """Whether the domain carries the owner's own name."""
    parts = re.findall(r"[a-z]{4,}", address.box.lower())
    return any(part in address.domain.lower().replace("-", "") for part in parts)
