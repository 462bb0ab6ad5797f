"""What somebody tells beside the matter itself: accounts, consent, permission, what went wrong."""

import re
from collections.abc import Mapping
from re import Pattern

from bot.detection.reading import cues
from bot.detection.reading.parts import Parts
from bot.detection.reading.place import Place

Values = dict[str, frozenset[str]]
_GROUP_MANNERS = (
    "threat", "bullying", "discrimination", "hate", "obscene", "login",
)  # fmt: skip
_ACCOUNTS = (
    "befriend", "follow", "make_account", "change_login", "choose_profile", "join_group",
    "publish", "reply", "forward", "make_group", "leave_job",
)  # fmt: skip
_SENDERS = {
    "private": "own", "mixed": "own", "professional": "own", "work_owned": "official",
    "alias": "alias", "lookalike": "lookalike",
}  # fmt: skip
_JOINING = ("befriend", "follow", "join_group")
_NAMING = ("make_account", "choose_profile", "publish")
_SCHOOL_NAMED = re.compile(r"\b(?:van|bij|@) ?(?:de |het |'t )?[A-Z]\w+|[Ss]chool|[Cc]ollege")
# Whom somebody becomes friends with, wherever that is.
_WITH = {who: cues.AUDIENCE[who] for who in ("class_parents", "parent", "pupil", "colleague")}


def told_facts(parts: Parts, action: str, place: Place) -> Values:
    """What is said of accounts, consent and permission; nothing that is not said."""
    found: Values = {}
    pupils = action == "use_in_lesson" or cues.PUPILS_ACT.search(parts.whole) is not None
    _one(found, "consent", cues.CONSENT, parts.whole)
    if "consent" in found:
        _one(found, "consent_from", cues.CONSENT_FROM, parts.whole)
    if place.channel != "mail" and action in _ACCOUNTS:
        # What stands in the message itself is about its own matter, not about the account.
        _one(found, "account", cues.ACCOUNT, parts.frame if parts.draft else parts.whole)
        if action in _NAMING and _school_in_name(parts):
            found["account"] = frozenset({"lookalike"})
        found |= _sender(found)
        private = found.get("account") == frozenset({"private"})
        if private and not cues.FOR_SCHOOL.search(parts.whole):
            found["capacity"] = frozenset({"personal"})
    if action in _JOINING:
        found |= _friends(parts)
    if action in _JOINING or _to_pupils(action, place):
        found |= _own_account(parts, found)
    _one(found, "permission", cues.PERMISSION, parts.whole)
    _one(found, "harm", cues.HARM, parts.whole)
    _one(found, "own_class", cues.OWN_CLASS, parts.frame)
    _one(found, "app_managed", cues.APP_MANAGED, parts.whole)
    if pupils and "permission" in found:
        found["permission_from"] = frozenset({"leraar"})
    return found


def _friends(parts: Parts) -> Values:
    """With whom somebody would be friends."""
    found: Values = {}
    _one(found, "audience", _WITH, parts.whole)
    if "audience" not in found and cues.PUPILS_MEANT.search(parts.whole):
        found["audience"] = frozenset({"pupil"})
    if cues.PARENT_MEANT.search(parts.whole):
        found["audience"] = frozenset({"parent"})
    if cues.FORMER_PUPIL.search(parts.whole):
        found |= {"audience": frozenset({"outsider"}), "about": frozenset({"third_party"})}
    return found


def _to_pupils(action: str, place: Place) -> bool:
    """Whether pupils would be written to directly, where one has an account."""
    written = action in ("publish", "reply", "forward") and place.channel == "social_media"
    return written and place.audience == frozenset({"pupil"})


def _school_in_name(parts: Parts) -> bool:
    """Whether an account would bear the school's name: said so, or seen in the name given."""
    if cues.SCHOOL_IN_NAME.search(parts.frame) is None:
        return False
    named = _SCHOOL_NAMED.search(parts.draft) if parts.draft else None
    frame = parts.frame.casefold()
    return named is not None or "naam van" in frame or (bool(parts.draft) and "in mijn" in frame)


def passed_on(known: Mapping[str, frozenset[str]]) -> Values:
    """Pictures of somebody that another sent: nobody shown agreed, and they go by a messenger."""
    shown = known["attachment"] & {"image", "video", "audio"}
    people = known.get("about", frozenset()) & {"pupil", "parent", "colleague"}
    if known["action"] != frozenset({"forward"}) or not shown or not people:
        return {}
    usual: Values = {"consent": frozenset({"none"}), "channel": frozenset({"whatsapp"})}
    return {fact: values for fact, values in usual.items() if fact not in known}


def shown(known: Mapping[str, frozenset[str]]) -> Values:
    """Who asks consent for a picture shows people, also where it does not say whom."""
    pictures = known["attachment"] & {"image", "video", "audio"}
    if not pictures or "consent" not in known or "about" in known:
        return {}
    return {"about": frozenset({"pupil"}), "recognisable": frozenset({"yes"})}


def _own_account(parts: Parts, found: Values) -> Values:
    """Whoever names no account means their own."""
    if "account" in found or cues.FOR_SCHOOL.search(parts.whole):
        return {}
    private = {"account": frozenset({"private"}), "capacity": frozenset({"personal"})}
    return private | _sender(private)


def _sender(found: Values) -> Values:
    """Who the readers would take it to come from."""
    named = found.get("account", frozenset())
    return {"sender": frozenset(_SENDERS[account] for account in named)} if named else {}


def _one(found: Values, fact: str, table: Mapping[str, Pattern[str]], text: str) -> None:
    value = next((value for value, pattern in table.items() if pattern.search(text)), None)
    if value is not None:
        found[fact] = frozenset({value})


def disclosed(parts: Parts, action: str) -> set[str]:
    """What the author says about who they are, or what a device is for."""
    if action == "use_in_lesson":
        return {"purpose"} if cues.PURPOSE.search(parts.whole) else set()
    if asks_to_disclose(parts):
        return set()
    found = set()
    if cues.EMPLOYMENT.search(parts.content):
        found.add("employment")
    if cues.JOB.search(parts.content):
        found.add("function")
    if cues.OWN_NAME.search(parts.whole):
        found.add("name")
    return found


def asks_to_disclose(parts: Parts) -> bool:
    """Whether somebody asks if they must say who they are, and so does not say it yet."""
    if parts.draft or not cues.DUTY.search(parts.whole):
        return False
    return any(one.search(parts.whole) for one in (cues.EMPLOYMENT, cues.JOB, cues.OWN_NAME))


def school_link(parts: Parts) -> frozenset[str]:
    """Whether the school is in it: no, or not to be seen; empty where nothing says so."""
    said = parts.frame if parts.draft else parts.whole  # of a message, not in it
    if cues.NO_SCHOOL_LINK.search(said):
        return frozenset({"no"})
    if cues.VAGUE_LINK.search(parts.content) and not cues.SCHOOL_LINK.search(parts.content):
        return frozenset({"unknown"})
    return frozenset()


def manners(parts: Parts) -> frozenset[str]:
    """The special kinds of content in what would be written."""
    found = {kind for kind, pattern in cues.MANNER.items() if pattern.search(parts.content)}
    if cues.QUOTED_PERSON.search(parts.whole):
        found.add("quote")
    if _criticises(parts):
        found.add("criticism")
    if cues.ACCOUNTABLE.search(parts.whole) and not parts.draft:
        found.add("accountable")
    if cues.LEFT_OUT.search(parts.whole):
        found |= {"left_out"} if cues.SHRUG.search(parts.whole) else set()
    return frozenset(found)


def _criticises(parts: Parts) -> bool:
    """Whether somebody is unfavourable about their own school, in their own words."""
    if cues.OTHERS_SAY.search(parts.frame):
        return False
    text = parts.content
    if cues.UNFAVOURABLE.search(text) and cues.OWN_SCHOOL.search(text):
        return True
    views = cues.OPINION.search(text) and cues.THOSE_IN_CHARGE.search(text)
    return bool(views) and not cues.FAVOURABLE.search(text)


def group_manners(text: str) -> frozenset[str]:
    """The kinds a group message is told off for, by its author alone."""
    found = {kind for kind in _GROUP_MANNERS if cues.MANNER[kind].search(text)}
    if cues.AIMED.search(text):
        if cues.DISRESPECT.search(text):
            found.add("disrespect")
        if cues.MANNER["harms_name"].search(text):
            found.add("harms_name")
    return frozenset(found)


def incidents(parts: Parts) -> frozenset[str]:
    """What went wrong, as somebody reports it."""
    return frozenset(k for k, pattern in cues.INCIDENT.items() if pattern.search(parts.whole))


def only_reports(parts: Parts) -> bool:
    """Whether somebody tells what happened, rather than asking to share something."""
    if parts.draft or parts.clause:
        return False
    if cues.REPORTING.search(parts.whole):
        return True
    return "?" not in parts.whole and not cues.WANTS.search(parts.whole)


def pupils_in_lesson(parts: Parts) -> bool:
    """Whether pupils would use something in class; "they" in a lesson are pupils."""
    if not cues.LESSON.search(parts.whole):
        return False
    return bool(cues.PUPILS_ACT.search(parts.whole) or cues.THEY_ACT.search(parts.whole))
