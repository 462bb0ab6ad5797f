"""What somebody asks about themselves in plain words, instead of with a command."""

import re

_LONGEST = 120
_ASKED = {
    "stored": re.compile(
        r"\bwat (?:weet|bewaar) (?:je|jij) (?:\w+ )?(?:over|van) (?:mij|me)\b"
        r"|\bwhat do you (?:know|store|keep) about me\b", re.I),
    "phone": re.compile(
        r"\bwie (?:kan|moet|mag|bel) (?:ik )?(?:nu |dan )?(?:bellen|nu)\b|\bwie bel ik\b"
        r"|\bwho (?:can|do|should) i call\b", re.I),
    "removed": re.compile(
        r"\bwaarom (?:\w+ ){1,3}(?:bericht|appje|post) (?:\w+ )?(?:weg|verwijderd|weggehaald)\w*"
        r"|\bwaarom (?:heb|haalde) (?:je|jij) (?:\w+ ){0,3}(?:bericht|appje)\b"
        r"|\bwhy was my message (?:removed|taken)\b", re.I),
    "help": re.compile(r"^\W*(?:help|hulp|wat kan je|wat kun je|what can you do)\W*$", re.I),
}  # fmt: skip


def about_me(text: str) -> str | None:
    """Which of them it is; `None` for everything else, such as a question with a draft in it."""
    if len(text) > _LONGEST or '"' in text:
        return None
    return next((what for what, pattern in _ASKED.items() if pattern.search(text)), None)
