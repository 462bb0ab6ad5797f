"""The parts of a question: what would be shared, and the question around it."""

import re
from dataclasses import dataclass, field

from bot.detection.normal import normalise
from bot.detection.reading.spelling import spelled

LONGEST = 4_000  # a question is a few lines; cues beyond this are not looked for
_SHORTEST_DRAFT = 4
# Single quotes also stand in "foto's" and "'s avonds", so they must open after a space.
_QUOTED = re.compile(
    r'"([^"\n]{3,2000})"|(?<![^\s(:])\'(?!s\b)([^\'\n]{8,600}(?:\'s[^\'\n]{1,300})?)\'(?!\w)'
)
# A message given whole may hold quotes of its own: the outer ones count.
_ENCLOSED = re.compile(r':\s{0,3}["«“„](\S[\s\S]{0,3000})["»”]\s{0,3}\??\s{0,3}$')
_AFTER_COLON = re.compile(r":\s{0,3}(\S[\s\S]{0,3000})$")
_CLAUSE = re.compile(
    r"\b(?:zetten|zeggen|schrijven|melden|vertellen|delen|appen|app|posten|plaatsen|mailen|weten|vragen|vermelden|berichten|gooien|sturen|bespreken|opscheppen|antwoorden)"
    r"(?: \w+)?,? (dat|of|wie|waarom|hoe|waar)\b ([^.?!\n]{3,600})",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"(?:mag|mogen|kan|kunnen|zal|moet) (?:ik|we|wij|het|dit|dat)\b", re.IGNORECASE
)
_GREETED = re.compile(
    r"\W{0,3}(?:(?:beste|hoi|hallo|dag|lieve|geachte|goedemorgen|goedemiddag),? ){1,2}"
    r"(?:(?:alle )?(ouders\b)|(?:alle )?(?:collega|team|allemaal|mensen|iedereen))",
    re.IGNORECASE,
)
_ASKS_BEFORE = re.compile(r"\b(?:mag|mogen|kan|kunnen|zal|is|goed|oké|ok)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Parts:
    """`whole` is the question as matched; `frame` is it without the draft and the clause.

    `draft` is the literal text to be shared, `clause` what a "dat …" says of it; either may be
    empty.
    """

    whole: str = field(repr=False)
    frame: str = field(repr=False)
    draft: str = field(repr=False)
    clause: str = field(repr=False)

    @property
    def content(self) -> str:
        """Where the matter itself stands."""
        return self.draft or self.whole


def split(text: str) -> Parts:
    """Take a question apart; the draft keeps its own spelling."""
    written = normalise(text[:LONGEST]).text
    draft, around = _pasted(written) or _draft(written)
    whole, frame = spelled(written), spelled(around)
    if draft and _CLAUSE.search(frame):
        # "Als ik alleen 'J.' schrijf, mag ik dan zeggen dat …": what is quoted is not the message.
        draft, frame = "", whole
    found = None if draft else _CLAUSE.search(frame)
    if found is None:
        return Parts(whole, frame, draft, "")
    rest = frame[: found.start(1)] + frame[found.end() :]
    return Parts(whole, rest, "", found.group(2).strip())


def _pasted(text: str) -> tuple[str, str] | None:
    """A message to colleagues or parents given without a question, as "may it go to them"."""
    greeted = _GREETED.match(text)
    if greeted is None or "?" in text or _ASKING.search(text):
        return None
    return text.strip(), "Mag dit naar alle ouders" if greeted.group(1) else "Mag dit in de groep"


def _draft(text: str) -> tuple[str, str]:
    """The quoted part, or what follows a colon after the question; and what is left."""
    whole = _ENCLOSED.search(text)
    if whole is not None and _ASKS_BEFORE.search(text, 0, whole.start()):
        return whole.group(1).strip(), text[: whole.start()]
    for found in _QUOTED.finditer(text):
        inside = (found.group(1) or found.group(2)).strip()
        if len(inside) >= _SHORTEST_DRAFT and " " in inside:
            return inside, text[: found.start()] + text[found.end() :]
    after = _AFTER_COLON.search(text)
    if after is not None and _ASKING.match(after.group(1)):
        return "", text
    if after is not None and _ASKS_BEFORE.search(text, 0, after.start()):
        return after.group(1).strip(), text[: after.start()]
    return "", text
