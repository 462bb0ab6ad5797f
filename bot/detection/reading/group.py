"""What a group message is, in the facts the rules speak of."""

import re

from bot.core.facts import Facts
from bot.core.findings import Category, Detection
from bot.core.policy import Settings
from bot.detection.normal import normalise
from bot.detection.reading import cues
from bot.detection.reading.events import subject_facts
from bot.detection.reading.told import group_manners

# What is private about a person, beside being confidential.
PERSONAL = frozenset(
    {
        Category.HEALTH, Category.FAMILY_SITUATION, Category.HR, Category.IDENTIFIER,
        Category.ABSENCE,
    }
)  # fmt: skip
_KINDS = {"photo": "image", "video": "video", "voice": "audio", "document": "document"}
_LONGEST = 4_000
_NOT_SHORT = 120
_GREETING = re.compile(
    r"^\W{0,3}(?:beste|hoi|hallo|dag|lieve|goedemorgen) (?:allemaal|collega|team|mensen)", re.I
)
_ITEMS = re.compile(r"(?:^|\s)(\d)[.)] ?\S")
_ENCLOSED = re.compile(r"\b(?:hierbij|bijgevoegd|zie hieronder)\b", re.I)
_BREACH = re.compile(r"\bdata-? ?lek(?:ken)?\b|\bdata breach\b", re.I)
_PROPOSES = re.compile(
    r"\b(?:stel voor|voorstel|wat vinden jullie|ik vind|mijn mening|oneens)\b", re.I
)


def group_facts(
    text: str,
    detection: Detection,
    *,
    attachments: tuple[str, ...] = (),
    quiet: bool,
    settings: Settings,
    outsiders: bool = False,
) -> Facts:
    """The facts of one message in the team's group.

    `attachments` are kinds ("photo", "document", "voice", "video", "other"); `quiet` says that
    the group does not work now, `outsiders` that people from outside the school read along.
    """
    matched = normalise(text[:_LONGEST]).text
    known: dict[str, frozenset[str]] = {
        "event": frozenset({"group_message"}),
        "channel": frozenset({"team_group"}),
        "audience": frozenset({"team", "outsider"} if outsiders else {"team"}),
        "time": frozenset({"quiet" if quiet else "working"}),
        "urgent": frozenset({"yes" if cues.URGENT.search(matched) else "no"}),
        "length": frozenset({"long" if too_long(text, settings) else "short"}),
        "attachment": frozenset(_KINDS.get(kind, "document") for kind in attachments or ())
        or frozenset({"none"}),
    }
    content = confidential_content(detection) | manner_content(matched) | group_manners(matched)
    if content:
        known["content"] = content
    if content or known["attachment"] & {"image", "video"}:
        known |= subject_facts(text, detection, known["attachment"])
    if "confidential" in content:
        named = frozenset({"yes" if _names_one(detection) else "no"})
        known.setdefault("recognisable", named)
    return Facts(known)


def _names_one(detection: Detection) -> bool:
    """Whether it leads to a person: a name, or what is one person's alone."""
    if PERSONAL.intersection(detection.assessment.categories):
        return True
    return any(found.entity_type == "PERSON" for found in detection.findings)


def about_breach(text: str) -> bool:
    """Whether a message tells of a data breach: the law's clock for it never rests."""
    return _BREACH.search(normalise(text[:_LONGEST]).text) is not None


def confidential_content(detection: Detection) -> frozenset[str]:
    """The values of `content` that what was found amounts to."""
    if not detection.confidential and not detection.assessment.unsure:
        return frozenset()
    if PERSONAL.intersection(detection.assessment.categories):
        return frozenset({"confidential", "personal_data"})
    return frozenset({"confidential"})


def manner_content(text: str) -> frozenset[str]:
    """Whether it is an announcement, a discussion or an insult; silent when in doubt."""
    found: set[str] = set()
    items = len(set(_ITEMS.findall(text)))
    enclosed = _ENCLOSED.search(text) is not None
    paper = cues.ANNOUNCEMENT.search(text) is not None
    if (paper and (enclosed or items > 1)) or (_GREETING.search(text) and enclosed and items > 1):
        found.add("announcement")
    if len(text) >= _NOT_SHORT and len(set(_PROPOSES.findall(text.lower()))) > 1:
        found.add("substantive")
    if cues.INSULT.search(text) and cues.AIMED.search(text):
        found.add("insult")
    return frozenset(found)


def too_long(text: str, settings: Settings) -> bool:
    """Whether it is longer than the school calls short; never where it set no limit."""
    return settings.length_limit is not None and len(text) > settings.length_limit
