"""What kind of matter a question is about: the detector's word first, then what it names."""

import re
from collections.abc import Callable

from bot.core.findings import Detection
from bot.detection.reading import cues
from bot.detection.reading.group import confidential_content, manner_content
from bot.detection.reading.parts import Parts
from bot.detection.reading.place import Place

Detect = Callable[[str], Detection]
# "dat Lev ADHD heeft": a capital inside a clause is a name, whatever the detector knows of it.
_NAMED = re.compile(r"\b[A-Z][a-zë]+\b")


def content_of(parts: Parts, action: str, place: Place, detect: Detect) -> frozenset[str]:
    """The values of `content`; empty where the question does not say."""
    private = _confidential(parts, action, detect)
    if action in ("correct", "remove"):
        error = frozenset({"error"}) if cues.ERROR.search(parts.whole) else frozenset()
        return private | error
    if cues.CLAIM.search(parts.whole):
        return private | {"claim"}
    manner = _manner(parts, action)
    if private:
        return private | manner
    harmless = _harmless(parts, place, manner)
    if not harmless and not manner and _of_one_person(parts, action, place, detect):
        return frozenset({"confidential"})
    if not harmless and not manner and _plain(parts, place, detect):
        harmless = frozenset({"practical"})
    return manner | harmless


def _confidential(parts: Parts, action: str, detect: Detect) -> frozenset[str]:
    if parts.draft:
        # The very question the group would ask: the answer must be the same.
        found = detect(parts.draft)
        told = confidential_content(found)
        return told or _told_plainly(parts.draft, found)
    said = parts.clause or ("" if _only_answers(parts, action) else parts.whole)
    if said and not _elsewhere(parts, action):
        found = detect(said)
        if found.confidential:
            return confidential_content(found)
        if cues.STATE.search(said) and (_names(found) or _NAMED.search(parts.clause)):
            return frozenset({"confidential"})
    return _named_confidential(parts.whole)


def _elsewhere(parts: Parts, action: str) -> bool:
    """Whether the matter is in a picture or in somebody's complaint, not in these words.

    The model was trained on messages; of what is told around one it makes too much.
    """
    if action == "reply" and _argues(parts.whole):
        return True
    shown = any(cues.ATTACHMENT[kind].search(parts.frame) for kind in ("image", "video", "audio"))
    return shown and not parts.clause


def _only_answers(parts: Parts, action: str) -> bool:
    """Whether it tells what would be answered to, and not what the answer says."""
    return action == "reply" and " dat " not in parts.whole


_SHARING = ("publish", "reply", "forward")
_OUTSIDE = frozenset({"public", "press", "outsider", "class_parents"})


def _of_one_person(parts: Parts, action: str, place: Place, detect: Detect) -> bool:
    """Whether somebody at school would be talked about to outsiders, on no harmless subject."""
    if action not in _SHARING or not place.audience & _OUTSIDE:
        return False
    if cues.ATTACHMENT["image"].search(parts.frame) or cues.TOUCHY.search(parts.whole):
        return False
    if cues.QUOTED_PERSON.search(parts.whole) and _agreed(parts):
        return False
    if cues.ONE_PERSON.search(parts.whole):
        return True
    return _names(detect(parts.content))


def _agreed(parts: Parts) -> bool:
    """Whether whoever is quoted finds it good."""
    return any(cues.CONSENT[how].search(parts.whole) for how in ("oral", "explicit", "written"))


def _plain(parts: Parts, place: Place, detect: Detect) -> bool:
    """Whether it says what would be written, and that is about nobody."""
    if not parts.clause or place.channel not in ("team_group", "whatsapp", "mail", "parro"):
        return False
    said = parts.clause.replace("iemand", "")  # "wie heeft …?" in other words
    if cues.STATE.search(said) or cues.SOMEBODY.search(said) or cues.TOUCHY.search(said):
        return False
    return not _names(detect(parts.clause))


def _names(detection: Detection) -> bool:
    return any(found.entity_type == "PERSON" for found in detection.findings)


def _told_plainly(text: str, detection: Detection) -> frozenset[str]:
    """A state of somebody named, for a draft that goes elsewhere than to the group."""
    told = cues.STATE.search(text) and _names(detection)
    return frozenset({"confidential"}) if told else frozenset()


def _named_confidential(text: str) -> frozenset[str]:
    """What is confidential by its very name; papers and numbers about people are their data."""
    if cues.PAPERS.search(cues.OWN_PAPER.sub("", text)) or cues.PERSONAL_NUMBER.search(text):
        return frozenset({"confidential", "personal_data"})
    named = cues.SECRET.search(text) or cues.ABOUT_ONE.search(text) or cues.WHO_HAS.search(text)
    if named or (cues.STATE.search(text) and cues.SOMEBODY.search(text)):
        return frozenset({"confidential"})
    return frozenset()


def _manner(parts: Parts, action: str) -> frozenset[str]:
    found: set[str] = set()
    if parts.draft:
        found |= manner_content(parts.draft)
    insult = cues.INSULT.search(parts.content) or cues.SCOLDING.search(parts.frame)
    if insult and not cues.OTHERS_SAY.search(parts.frame):
        found.add("insult")
    if cues.DISRESPECT.search(parts.content):
        found.add("disrespect")
    if cues.EMBARRASSING.search(parts.whole) and cues.ATTACHMENT["image"].search(parts.whole):
        found.add("embarrassing")
    if action == "reply" and _argues(parts.whole):
        found.add("argument")
    if cues.OFFICIAL.search(parts.frame) and action == "reply":
        found.add("official_tone")
    return frozenset(found)


def _argues(text: str) -> bool:
    """A discussion about the trade itself is no argument with somebody."""
    others = cues.OTHERS_SAY.search(text) and cues.UNFAVOURABLE.search(text)
    if others or cues.ARGUMENT.search(text):
        return True
    return bool(cues.DISCUSSION.search(text)) and not cues.GENERAL.search(text)


def _harmless(parts: Parts, place: Place, manner: frozenset[str]) -> frozenset[str]:
    if cues.QUOTE.search(parts.frame):
        return frozenset({"quote"})
    if _others_work(parts):
        return frozenset({"others_work"})
    if cues.OPINION.search(parts.content):
        return frozenset({"opinion"})
    if cues.LINK.search(parts.frame):
        general = {"general"} if cues.GENERAL.search(parts.whole) else set()
        return frozenset({"link", "practical", *general})
    if manner & {"argument", "official_tone", "disrespect"}:
        return frozenset()
    if parts.draft:
        return frozenset({"practical"}) if place.channel == "team_group" else _topics(parts)
    return _topics(parts)


def _others_work(parts: Parts) -> bool:
    if cues.SELF_MADE.search(parts.whole):
        return False
    return bool(cues.OTHERS_WORK.search(parts.whole))


def _topics(parts: Parts) -> frozenset[str]:
    text = parts.whole
    touchy = cues.TOUCHY.search(text) and not cues.OWN_SICKNESS.search(text)
    if touchy:
        return frozenset()
    found = set()
    if cues.ANNOUNCEMENT.search(parts.frame):
        found.add("announcement")
    if cues.SUBSTANTIVE.search(parts.frame):
        found.add("substantive")
    if found:
        return frozenset(found)
    if cues.GENERAL.search(text):
        found.add("general")
    if cues.PRACTICAL.search(text):
        found.add("practical")
    return frozenset(found)
