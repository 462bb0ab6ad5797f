"""Where a message would go, and to whom."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.core.findings import Detection
from bot.detection.reading import cues
from bot.detection.reading.parts import Parts

# The first that is named wins: who says "Parro" means Parro, whatever else is in the sentence.
_CHANNELS = (
    "parro", "team_group", "closed_app", "linkedin_group", "social_media", "mail", "whatsapp",
    "phone",
)  # fmt: skip
_HINTS = {"team_group": "team", "unknown": ""}
_OUTSIDE = ("public", "press")
_ONE_FAMILY = re.compile(
    r"\bouders? van (?:(?!Groep|Klas)[A-Z]\w+|d[ai]t kind\b)|\b(?:haar|zijn|hun) eigen kind\b"
)

_OF_COLLEAGUE = re.compile(r"\b(?:van|over) (?:een|mijn|de|die) collega\w*")
_TO_NAME = re.compile(r"\b(?:aan|naar|met) [A-Z][a-zë]+\b|\b[A-Z][a-zë]+ (?:app|mail|bericht)en\b")


@dataclass(frozen=True, slots=True)
class Place:
    """A channel of the vocabulary (or none) and those who would read it."""

    channel: str
    audience: frozenset[str]

    def facts(self) -> dict[str, frozenset[str]]:
        """As known facts; what was not said is left out."""
        found = {}
        if self.channel:
            found["channel"] = frozenset({self.channel})
        if self.audience:
            found["audience"] = self.audience
        return found


def place_of(
    parts: Parts, action: str, hint: str | None, detect: Callable[[str], Detection]
) -> Place:
    """Read channel and audience; `hint` is what the caller knows of the audience."""
    audience = _HINTS.get(hint or "", hint or "")
    channel = _channel(parts, audience)
    if channel == "team_group" and action in ("make_group", "join_group") and audience != "team":
        channel = "whatsapp"
    if channel == "team_group" and audience in ("", "team"):
        return Place(channel, frozenset({"team"}))
    readers = {audience} if audience in cues.AUDIENCE else _readers(parts, channel)
    if not readers and channel in ("whatsapp", "parro", "mail") and _names_somebody(parts, detect):
        readers = {"colleague"}
    if not readers and channel == "parro":
        readers = {"class_parents"}  # what Parro is for
    if action == "reply" and channel in ("social_media", "linkedin_group"):
        readers |= _counterparts(parts)
    return _settle(channel, _narrow(parts, readers))


def _channel(parts: Parts, audience: str) -> str:
    named = _named(parts.frame) or ("" if _for_the_group(parts) else _named(parts.whole))
    if audience not in ("", "team"):
        if named == "team_group" or (not named and cues.THE_GROUP.search(parts.frame)):
            return "whatsapp"
        return named or _usual(parts, audience)
    family = cues.AUDIENCE["class_parents"].search(parts.frame)
    if named in ("", "whatsapp") and not family and cues.THE_GROUP.search(parts.frame):
        readers = _OF_COLLEAGUE.sub("", parts.frame)
        other = cues.AUDIENCE["colleague"].search(readers) and named == "whatsapp"
        return "whatsapp" if other and audience != "team" else "team_group"
    if audience == "team" and named in ("", "whatsapp"):
        return "team_group"
    team = cues.AUDIENCE["team"].search(parts.frame)
    return "team_group" if named == "whatsapp" and team and not family else named


def _for_the_group(parts: Parts) -> bool:
    """A draft for "de groep": the channels it speaks of itself say nothing about its own."""
    return bool(parts.draft and cues.THE_GROUP.search(parts.frame))


def _named(text: str) -> str:
    return next((name for name in _CHANNELS if cues.CHANNEL[name].search(text)), "")


def _usual(parts: Parts, audience: str) -> str:
    """What somebody means who names no channel: "posten" for the public is social media."""
    if audience == "public":
        return "social_media"
    group = audience == "parent" and cues.AUDIENCE["class_parents"].search(parts.frame)
    return "whatsapp" if group and cues.THE_GROUP.search(parts.frame) else ""


def _readers(parts: Parts, channel: str) -> set[str]:
    if channel in ("social_media", "linkedin_group"):
        if cues.TO_PUPILS.search(parts.frame):
            return {"pupil"}
        parents = cues.AUDIENCE["class_parents"].search(parts.frame)
        return {"public", "class_parents"} if parents else {"public"}
    if cues.PRIVATE_CIRCLE.search(parts.frame):
        return {"outsider"}
    for who in ("team", "class_parents", "parent", "colleague", "press", "outsider", "pupil"):
        if cues.AUDIENCE[who].search(parts.frame):
            return {who}
    if cues.ANY_PARENTS.search(parts.frame):
        return {"class_parents"}
    return {"public"} if cues.AUDIENCE["public"].search(parts.frame) else set()


def _counterparts(parts: Parts) -> set[str]:
    """The parent or pupil somebody would be answering."""
    found = {who for who in ("parent", "pupil") if cues.AUDIENCE[who].search(parts.whole)}
    return found | ({"parent"} if cues.ANY_PARENTS.search(parts.whole) else set())


def _narrow(parts: Parts, readers: set[str]) -> set[str]:
    """Tell one family from all parents."""
    if not readers & {"parent", "class_parents"}:
        return readers
    rest = readers - {"parent", "class_parents"}
    if _ONE_FAMILY.search(parts.whole):
        return rest | {"parent"}
    together = cues.AUDIENCE["class_parents"].search(parts.frame)
    return rest | ({"class_parents"} if together else readers & {"parent", "class_parents"})


def _settle(channel: str, readers: set[str]) -> Place:
    if channel == "parro" and readers & set(_OUTSIDE):
        readers = readers - set(_OUTSIDE)
    return Place(channel, frozenset(readers))


def _names_somebody(parts: Parts, detect: Callable[[str], Detection]) -> bool:
    if cues.CHILDREN.search(parts.whole) and not _TO_NAME.search(parts.whole):
        return False  # the name is as likely a pupil's as the reader's
    found: Detection = detect(parts.whole)
    return any(finding.entity_type == "PERSON" for finding in found.findings)
