"""A readable version of a message that can stand in the group: no names, no stars, nothing made up.

Sentences that carry the sensitive matter are replaced as a whole by one that only says that
there is something; in the other sentences names become "een leerling" or "een collega".
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.core.findings import Category, Detection, Finding

_SENTENCE = re.compile(r"[^\n]+?(?:[.!?]+(?=\s|$)|$|\n)", re.MULTILINE)
_GROUP = re.compile(r"\b(?:groep|klas|gr\.?)\s?\d[a-z]?\b|\b[1-8][a-e]\b", re.IGNORECASE)
_STAFF_BEFORE = re.compile(r"\b(?:juf|meester|collega|mevrouw|meneer|mw|dhr)\.?\s*$", re.IGNORECASE)

_CONTENT = frozenset(
    {"HEALTH", "YOUTH_CARE", "PERFORMANCE", "HR", "FAMILY", "ABSENCE", "INCIDENT", "CREDENTIAL"}
)
_WORD_FOR = {
    "NL_BSN": "het BSN",
    "IBAN_CODE": "het rekeningnummer",
    "PHONE_NUMBER": "het telefoonnummer",
    "EMAIL_ADDRESS": "het mailadres",
    "NL_POSTCODE_ADDRESS": "het adres",
    "NL_LICENSE_PLATE": "het kenteken",
    "DATE_OF_BIRTH": "de geboortedatum",
    "ID_DOCUMENT": "het documentnummer",
}


@dataclass(frozen=True, slots=True)
class _Change:
    start: int
    end: int
    words: str


def rewrite(text: str, findings: Sequence[Finding], categories: Sequence[Category]) -> str:
    """Return the safe version; it is never empty and holds no character of a found span."""
    about = _about(text, categories)
    parts: list[str] = []
    told = False
    for sentence in _SENTENCE.finditer(text):
        inside = [f for f in findings if f.start < sentence.end() and f.end > sentence.start()]
        if _sensitive(inside):
            if not told:
                parts.append(about)
                told = True
        else:
            parts.append(_nameless(text, sentence.start(), sentence.end(), inside, categories))
    return " ".join(part for part in (p.strip() for p in parts) if part) or about


def safe_version(
    text: str,
    findings: Sequence[Finding],
    categories: Sequence[Category],
    detect: Callable[[str], Detection],
) -> str:
    """Return the rewritten version, or only the announcement where something is still seen."""
    safe = rewrite(text, findings, categories)
    again = detect(safe)
    return announcement(text, categories) if again.confidential or again.failed else safe


def announcement(text: str, categories: Sequence[Category]) -> str:
    """Return the shortest safe version: only that there is something, and where it will come."""
    return _about(text, categories)


def _sensitive(findings: Sequence[Finding]) -> bool:
    return any(f.entity_type in _CONTENT or f.entity_type in _WORD_FOR for f in findings)


def _about(text: str, categories: Sequence[Category]) -> str:
    main = categories[0] if categories else None
    if main is Category.CREDENTIALS:
        return "Ik heb een code of wachtwoord voor wie het nodig heeft; dat stuur ik persoonlijk."
    who = "een collega" if main is Category.HR else _pupil(text)
    return f"Er is iets te melden over {who}. Wie erbij betrokken is, krijgt het per mail."


def _pupil(text: str) -> str:
    group = _GROUP.search(text)
    if group is None:
        return "een leerling"
    name = group.group().lower()
    return f"een leerling uit {name if not name[0].isdigit() else 'klas ' + name}"


def _nameless(
    text: str, start: int, end: int, inside: Sequence[Finding], categories: Sequence[Category]
) -> str:
    changes = [
        _Change(max(f.start, start), min(f.end, end), _person(text, f, categories))
        for f in sorted(inside, key=lambda f: f.start)
        if f.entity_type == "PERSON"
    ]
    out: list[str] = []
    at = start
    for change in changes:
        if change.start < at:
            continue
        out.append(text[at : change.start])
        out.append(change.words)
        at = change.end
    out.append(text[at:end])
    return "".join(out)


def _person(text: str, finding: Finding, categories: Sequence[Category]) -> str:
    before = text[max(0, finding.start - 16) : finding.start]
    if _STAFF_BEFORE.search(before):
        return "(collega)"
    staff = bool(categories) and categories[0] is Category.HR
    return "een collega" if staff else "een leerling"
