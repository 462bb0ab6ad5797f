"""What happens in the group beside what is written: about whom, a change, a removal, a lesson."""

import re
from datetime import timedelta

from bot.core.facts import Facts
from bot.core.findings import Detection
from bot.detection.normal import normalise
from bot.detection.reading import cues
from bot.detection.reading.parts import LONGEST

# Who mends a slip at once owes nobody an explanation: hardly anybody read it.
READ_AFTER = timedelta(minutes=5)
_MARK = re.compile(
    r"\b(?:aangepast|gewijzigd|bewerkt|verbeterd|gecorrigeerd|correctie|update|edit|rectificatie)\b"
    r"|\b(?:moet(?:en)? zijn|bedoel(?:de)? ik)\b|^\W*\*",
    re.I,
)
_PEOPLE = ("pupil", "parent", "colleague")
_PLACE = {"channel": "team_group", "audience": "team", "author": "medewerker"}


def subject_facts(
    text: str, detection: Detection, kinds: frozenset[str]
) -> dict[str, frozenset[str]]:
    """About whom a message is that shows or says something of people.

    `kinds` are the values of `attachment`. Whoever is named without a word of pupils or parents is
    taken for a colleague: that is who a team talks about by name.
    """
    matched = normalise(text[:LONGEST]).text
    who = next((one for one in _PEOPLE if cues.ABOUT[one].search(matched)), None)
    if who is None and any(found.entity_type == "PERSON" for found in detection.findings):
        who = "colleague"
    if who is None:
        return {}
    about = {"about": frozenset({who})}
    if not kinds & {"image", "video"}:
        return about
    hidden = cues.UNRECOGNISABLE.search(matched) is not None
    return {**about, "recognisable": frozenset({"no" if hidden else "yes"})}


def edited_facts(text: str, after: timedelta) -> Facts | None:
    """A message changed `after` it was sent; `None` for a slip that was mended at once."""
    if after < READ_AFTER:
        return None
    told = _MARK.search(normalise(text[:LONGEST]).text) is not None
    return Facts.of(event="edited", action="correct", **_PLACE,
                    disclosed="edit_mark" if told else "nothing")  # fmt: skip


def deleted_facts(after: timedelta) -> Facts | None:
    """A message its author took away `after` it was sent; why is not known yet."""
    if after < READ_AFTER:
        return None
    return Facts.of(event="deleted", action="remove", disclosed="nothing", **_PLACE)


def lesson_facts() -> Facts:
    """A message from somebody who teaches at that moment, without leave to use the group."""
    return Facts.of(
        event="group_message", time="own_lesson", urgent="no", length="short", attachment="none",
        permission="none", permission_from="schoolleiding", **_PLACE,
    )  # fmt: skip
