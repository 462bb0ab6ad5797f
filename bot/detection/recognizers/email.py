"""Private e-mail addresses; role mailboxes and school domains are public."""

import re
from collections.abc import Iterator

from bot.detection.allow import AllowList
from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.sheet import Hit, Sheet

_MAIL = re.compile(
    r"(?<![\w.+-])[\w][\w.+'-]{0,63}(?: ?@ ?|\s?\(at\)\s?|\s?\[at\]\s?)"
    r"((?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,5}[^\W\d_]{2,18})(?![\w@])"
)  # fmt: skip
_ROLE = re.compile(
    r"(?:info|administratie|admin|noreply|no-reply|directie|secretariaat|mr|or|ouderraad|zorg\w*|ib|"
    r"bovenbouw|onderbouw|middenbouw|receptie|contact|helpdesk|support|ict|planning|verzuim|hr|"
    r"leerplicht|bestellingen|facturen|financi\w*|service|klantenservice|aanmeld\w*|inschrijv\w*|"
    r"redactie|nieuwsbrief|team\w*|school\w*|groep\w*|fg|privacy|avg|post|mail|kamp|excursie\w*|"
    r"sportdag|reservering\w*|boeking\w*|webmaster|pers|stage\w*|bestuur|loket|balie)",
    re.IGNORECASE,
)
_MADE_UP = re.compile(r"(?:voorbeeld|example|test|domein)\.", re.IGNORECASE)
_SCHOOL = re.compile(
    r"(?:school|college|lyceum|gymnasium|scholen|onderwijs|edu\b|^(?:obs|cbs|rkbs|pcb|kbs|ods|sbo|so|vso)"
    r"[a-z-]{3,}\.nl$|gemeente|ggd|overheid|politie|\.gov|veiligthuis|jeugdbescherming)",
    re.IGNORECASE,
)


class EmailNlRecognizer(DutchRecognizer):
    """Addresses of persons; what the school or an organisation publishes is left alone."""

    ENTITIES = ("EMAIL_ADDRESS",)

    def spans(self, sheet: Sheet) -> Iterator[Hit]:
        """Addresses that are neither a role mailbox nor at a school's domain."""
        if "@" not in sheet.text and "at)" not in sheet.lower and "at]" not in sheet.lower:
            return
        for match in _MAIL.finditer(sheet.text):
            if not _public(sheet, match.group(), match.group(1)):
                yield Hit("EMAIL_ADDRESS", match.start(), match.end(), 0.95)


_CONSUMER = re.compile(
    r"(?:solcon|gmail|hotmail|outlook|live|icloud|ziggo|kpnmail|home|planet|xs4all|upcmail|casema|"
    r"hetnet|yahoo|msn|me|proton\w*|gmx|freemail|zonnet|tele2|chello|quicknet|telfort|online|kpn)"
    r"\.[a-z.]{2,6}",
    re.IGNORECASE,
)


def _public(sheet: Sheet, address: str, domain: str) -> bool:
    if isinstance(sheet.allow, AllowList) and sheet.allow.own_domain(domain):
        return True
    box = re.split(r"\W*(?:@|\(at\)|\[at\])", address)[0]
    return bool(
        _ROLE.fullmatch(box)
        or re.fullmatch(_ROLE.pattern + r"[._-].*", box, re.IGNORECASE)
        or _MADE_UP.search(domain)
        or (_SCHOOL.search(domain) and not _CONSUMER.fullmatch(domain))
    )
