"""What a private "mag ik dit delen?" is, in the facts the rules speak of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from bot.core.facts import Facts
from bot.core.findings import Detection
from bot.core.policy import Settings
from bot.detection.reading import cues, told
from bot.detection.reading.content import content_of
from bot.detection.reading.group import group_facts
from bot.detection.reading.parts import Parts, split
from bot.detection.reading.place import Place, place_of

Detect = Callable[[str], Detection]
_ATTACHED = {
    "photo": "image", "video": "video", "voice": "audio", "document": "document",
    "other": "document",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Topic:
    """A question about the protocol itself; `words` are those to look for in its rules."""

    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as facts; `draft` is the literal text to be shared, if there is one.

    `topic` is set where the protocol itself is asked about. `asks` says whether the text is a
    question at all, rather than an answer to one of ours.
    """

    facts: Facts
    draft: str = field(default="", repr=False)
    topic: Topic | None = None
    asks: bool = True


def question_facts(
    text: str,
    detect: Detect,
    *,
    attachment: str | None = None,
    audience_hint: str | None = None,
    settings: Settings,
) -> Reading:
    """Read one Dutch question; nothing of what it does not say is guessed, save what is usual."""
    detect = cache(detect)
    parts = split(text)
    action = _action(parts)
    attached = _attachment(parts, attachment)
    place = place_of(parts, action, audience_hint, detect)
    about = _about(parts)
    known: dict[str, frozenset[str]] = {
        "event": _event(parts),
        "action": frozenset({action}),
        "attachment": attached,
        "author": _author(parts),
        "urgent": _yes_no(cues.URGENT.search(parts.whole) is not None),
        "doubt": _yes_no(cues.DOUBT.search(parts.frame) is not None),
        "duty": _duty(parts),
        "time": _time(parts),
        "length": frozenset({"long" if _long(parts, settings) else "short"}),
    }
    known |= place.facts() | about | _told(parts, action) | _agreements(parts, place)
    known |= told.told_facts(parts, action, place)
    known |= told.passed_on(known) | told.shown(known)
    content = content_of(parts, action, place, detect) | told.manners(parts)
    if not content and known.get("about") == frozenset({"self"}):
        content = frozenset({"practical"})
    if "confidential" in content:
        content -= {"accountable", "official_news"}
    if content:
        known["content"] = content
        known |= _whose(parts, content, known)
    if parts.draft and place.channel == "team_group":
        known |= _as_in_group(parts.draft, detect, settings)
    incident = _incident(parts, action, content)
    if incident:
        known["incident"] = incident
        if _topic(parts) is None:
            known["event"] = _reported(parts, known["event"])
        if cues.PUPILS_MEANT.search(parts.whole):
            known["author"] = frozenset({"leerling"})
    return Reading(Facts(known), parts.draft, _topic(parts), _asks(parts))


def _yes_no(value: bool) -> frozenset[str]:
    return frozenset({"yes" if value else "no"})


def _duty(parts: Parts) -> frozenset[str]:
    """Whether somebody asks if they must, or if they may leave out what is asked of them."""
    disclaimer = cues.DUTY_WAIVED.search(parts.whole) and cues.DISCLAIMER_WORDS.search(parts.whole)
    if disclaimer or cues.IGNORING.search(parts.whole):
        return frozenset({"waived"})
    return _yes_no(cues.DUTY.search(parts.whole) is not None)


def _as_in_group(draft: str, detect: Detect, settings: Settings) -> dict[str, frozenset[str]]:
    """A draft for the group is read as the group reads it, so that the answer is the same."""
    facts = group_facts(draft, detect(draft), quiet=False, settings=settings)
    found = {fact: facts.known[fact] for fact in ("about", "recognisable") if facts.get(fact)}
    content = facts.get("content") or frozenset({"practical"})
    posted = {"action": frozenset({"publish"}), "author": frozenset({"medewerker"})}
    return {**found, **posted, "content": content}


def _whose(
    parts: Parts, content: frozenset[str], known: dict[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    """Confidential matter is about somebody, who is known by it; a code is nobody's."""
    people = known.get("about", frozenset()) & {"pupil", "parent", "colleague"}
    if "confidential" not in content or people:
        return {}
    if cues.SECRET.search(parts.whole) and "personal_data" not in content:
        return {"recognisable": frozenset({"no"})}
    return {"about": frozenset({"pupil"}), "recognisable": frozenset({"yes"})}


def _event(parts: Parts) -> frozenset[str]:
    events = {"question"}
    only_duty = cues.DUTY.search(parts.frame) and not cues.ASKING.search(parts.frame)
    answerable = "accountable" in told.manners(parts)
    only_duty = only_duty and not told.asks_to_disclose(parts)
    if not only_duty and not answerable and _topic(parts) is None:
        events.add("plan")
    if parts.draft:
        events.add("draft")
    return frozenset(events)


def _reported(parts: Parts, events: frozenset[str]) -> frozenset[str]:
    """Something went wrong: a report, and no plan where nothing is asked to be shared."""
    return (events - {"plan"} if told.only_reports(parts) else events) | {"report"}


def _topic(parts: Parts) -> Topic | None:
    """Whether the protocol itself is asked about; "mag ik volgens het protocol …" is a plan."""
    text = parts.frame if parts.draft else parts.whole
    if cues.PROTOCOL.search(text):
        return Topic(text)
    plan = cues.MAY_I.search(text)
    return Topic(text) if cues.BY_PROTOCOL.search(text) and not plan else None


def _asks(parts: Parts) -> bool:
    return bool(
        "?" in parts.whole
        or parts.draft
        or cues.ASKING.search(parts.whole)
        or _topic(parts) is not None
    )


def _action(parts: Parts) -> str:
    if cues.REQUIRED_APP.search(parts.whole) and cues.COMPULSION.search(parts.whole):
        return "require_app"
    if told.pupils_in_lesson(parts):
        return "use_in_lesson"
    for action, pattern in cues.ACTION.items():
        if pattern.search(parts.frame):
            return action
    return "publish"


def _attachment(parts: Parts, hint: str | None) -> frozenset[str]:
    found = {kind for kind, pattern in cues.ATTACHMENT.items() if pattern.search(parts.frame)}
    if hint:
        found.add(_ATTACHED.get(hint, "document"))
    return frozenset(found) or frozenset({"none"})


def _author(parts: Parts) -> frozenset[str]:
    if cues.BOARD.search(parts.whole):
        return frozenset({"bestuur"})
    if cues.PUPILS_ACT.search(parts.whole) or told.pupils_in_lesson(parts):
        return frozenset({"leerling"})
    return frozenset({"leidinggevende" if cues.LEADER.search(parts.whole) else "medewerker"})


def _about(parts: Parts) -> dict[str, frozenset[str]]:
    for who, pattern in cues.ABOUT.items():
        if pattern.search(parts.whole):
            if who not in ("pupil", "parent", "colleague"):
                return {"about": frozenset({who.removesuffix("_seen")})}
            hidden = cues.UNRECOGNISABLE.search(parts.whole) is not None
            return {"about": frozenset({who}), "recognisable": _yes_no(not hidden)}
    thing = cues.PRACTICAL.search(parts.frame) and not cues.SOMEBODY.search(parts.whole)
    return {"about": frozenset({"nobody"})} if thing else {}


def _time(parts: Parts) -> frozenset[str]:
    times = set()
    if cues.QUIET.search(parts.frame) and not cues.WORKDAY.search(parts.frame):
        times.add("quiet")
    if cues.HASTE.search(parts.frame):
        times.add("before_post")
    if cues.OWN_LESSON.search(parts.frame):
        times.add("own_lesson")
    if cues.EXAM.search(parts.frame):
        times.add("exam")
    return frozenset(times or {"working"})


def _long(parts: Parts, settings: Settings) -> bool:
    limit = settings.length_limit
    return bool(cues.LONG.search(parts.frame)) or (limit is not None and len(parts.draft) > limit)


def _told(parts: Parts, action: str) -> dict[str, frozenset[str]]:
    """What the author tells the reader: capacity, source, reasons, that it was changed."""
    if action in ("correct", "remove"):
        return _told_of_change(parts)
    known: dict[str, frozenset[str]] = {}
    disclosed = set()
    if cues.PERSONAL.search(parts.whole):
        known["capacity"] = frozenset({"personal"})
        disclosed.add("capacity")
    elif cues.FOR_SCHOOL.search(parts.whole) or cues.SCHOOLS_OWN.search(parts.frame):
        known["capacity"] = frozenset({"school"})
        disclosed.add("capacity")
    if cues.SOURCE.search(parts.whole):
        disclosed.add("source")
    if parts.draft and cues.REASON.search(parts.draft):
        disclosed.add("reason")
    disclosed |= told.disclosed(parts, action)
    known["disclosed"] = frozenset(disclosed or {"nothing"})
    return known | _disclaimer(parts)


def _told_of_change(parts: Parts) -> dict[str, frozenset[str]]:
    if cues.MARKED.search(parts.whole):
        return {"disclosed": frozenset({"edit_mark"})}
    if cues.SILENTLY.search(parts.whole):
        return {"disclosed": frozenset({"nothing"})}
    return {}


def _disclaimer(parts: Parts) -> dict[str, frozenset[str]]:
    if cues.PRESCRIBED.search(parts.whole):
        return {"disclaimer": frozenset({"prescribed"})}
    if cues.DISCLAIMED.search(parts.whole):
        return {"disclaimer": frozenset({"own"})}
    if cues.NOT_DISCLAIMED.search(parts.whole):
        return {"disclaimer": frozenset({"none"})}
    return {}


def _agreements(parts: Parts, place: Place) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    if place.channel == "mail":
        private = "outsider" in place.audience and cues.AUDIENCE["outsider"].search(parts.whole)
        own = private and cues.PRIVATE_MAIL.search(parts.whole)
        found["account"] = frozenset({"private" if own else "professional"})
    if cues.NOT_AGREED.search(parts.whole):
        found["agreed"] = frozenset({"no"})
    elif cues.AGREED.search(parts.whole):
        found["agreed"] = frozenset({"yes"})
    if cues.NEEDED.search(parts.whole):
        found["needed"] = frozenset({"yes"})
    if cues.PERMITTED.search(parts.whole):
        found["maker_permission"] = frozenset({"yes"})
    elif cues.NO_PERMISSION.search(parts.whole) or cues.PUBLISHED.search(parts.whole):
        found["maker_permission"] = frozenset({"no"})
    if cues.SCHOOL_LINK.search(parts.whole) or cues.OFFICIAL.search(parts.whole):
        found["school_link"] = frozenset({"yes"})
    elif linked := told.school_link(parts):
        found["school_link"] = linked
    return found


def _incident(parts: Parts, action: str, content: frozenset[str]) -> frozenset[str]:
    found = set(told.incidents(parts))
    if cues.WAITING.search(parts.whole) and cues.ERROR.search(parts.whole):
        found.add("error_reported")
    if "confidential" in content and action == "remove" and cues.SUFFICIENT.search(parts.whole):
        found.add("breach_pupil")
    if cues.DERAILING.search(parts.whole) and cues.ARGUMENT.search(parts.whole):
        found.add("derailing")
    return frozenset(found)
