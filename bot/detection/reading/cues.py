"""What Dutch school staff write when they mean a fact; the words themselves are in cues.yaml."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

import yaml

from bot.detection.cues import words

Table = Mapping[str, re.Pattern[str]]


@cache
def _file() -> dict[str, list[str] | dict[str, list[str]]]:
    text = resources.files(__package__).joinpath("cues.yaml").read_text("utf-8")
    loaded: dict[str, list[str] | dict[str, list[str]]] = yaml.safe_load(text)
    return loaded


def _pattern(name: str) -> re.Pattern[str]:
    return words(*_file()[name])


def _table(name: str) -> Table:
    rows = _file()[name]
    assert isinstance(rows, dict)  # noqa: S101
    return MappingProxyType({value: words(*alternatives) for value, alternatives in rows.items()})


PRIVATE_MAIL = _pattern("private_mail")
URGENT = _pattern("urgent")
QUIET = _pattern("quiet")
WORKDAY = _pattern("workday")
DOUBT = _pattern("doubt")
DUTY = _pattern("duty")
DUTY_WAIVED = _pattern("duty_waived")
DISCLAIMER_WORDS = _pattern("disclaimer_words")
LEADER = _pattern("leader")
BOARD = _pattern("board")
AUDIENCE = _table("audience")
CHANNEL = _table("channel")
THE_GROUP = _pattern("the_group")
COMPULSION = _pattern("compulsion")
REQUIRED_APP = _pattern("required_app")
ACTION = _table("action")
ATTACHMENT = _table("attachment")
ONE_PERSON = _pattern("one_person")
ANY_PARENTS = _pattern("any_parents")
CHILDREN = _pattern("children")
ABOUT = _table("about")
UNRECOGNISABLE = _pattern("unrecognisable")
LINK = _pattern("link")
PRACTICAL = _pattern("practical")
GENERAL = _pattern("general")
OPINION = _pattern("opinion")
SCHOOL_LINK = _pattern("school_link")
OFFICIAL = _pattern("official")
ARGUMENT = _pattern("argument")
DISCUSSION = _pattern("discussion")
DISRESPECT = _pattern("disrespect")
INSULT = _pattern("insult")
SCOLDING = _pattern("scolding")
AIMED = _pattern("aimed")
EMBARRASSING = _pattern("embarrassing")
CLAIM = _pattern("claim")
QUOTE = _pattern("quote")
OTHERS_WORK = _pattern("others_work")
PUBLISHED = _pattern("published")
PERMITTED = _pattern("permitted")
NO_PERMISSION = _pattern("no_permission")
SOURCE = _pattern("source")
REASON = _pattern("reason")
SELF_MADE = _pattern("self_made")
PERSONAL = _pattern("personal")
FOR_SCHOOL = _pattern("for_school")
SCHOOLS_OWN = _pattern("schools_own")
DISCLAIMED = _pattern("disclaimed")
NOT_DISCLAIMED = _pattern("not_disclaimed")
AGREED = _pattern("agreed")
NOT_AGREED = _pattern("not_agreed")
NEEDED = _pattern("needed")
SILENTLY = _pattern("silently")
MARKED = _pattern("marked")
ERROR = _pattern("error")
WAITING = _pattern("waiting")
SUFFICIENT = _pattern("sufficient")
DERAILING = _pattern("derailing")
HASTE = _pattern("haste")
LONG = _pattern("long")
ANNOUNCEMENT = _pattern("announcement")
SUBSTANTIVE = _pattern("substantive")
PROTOCOL = _pattern("protocol")
BY_PROTOCOL = _pattern("by_protocol")
MAY_I = _pattern("may_i")
ASKING = _pattern("asking")

# Confidential matter that a question names without a case.
SECRET = _pattern("secret")
PERSONAL_NUMBER = _pattern("personal_number")
PAPERS = _pattern("papers")
STATE = _pattern("state")
SOMEBODY = _pattern("somebody")
ABOUT_ONE = _pattern("about_one")
WHO_HAS = _pattern("who_has")
TOUCHY = _pattern("touchy")
OWN_SICKNESS = _pattern("own_sickness")

# What other protocols speak of.
PUPILS_ACT = _pattern("pupils_act")
THEY_ACT = _pattern("they_act")
LESSON = _pattern("lesson")
OWN_LESSON = _pattern("own_lesson")
EXAM = _pattern("exam")
ACCOUNT = _table("account")
CONSENT = _table("consent")
CONSENT_FROM = _table("consent_from")
PERMISSION = _table("permission")
PURPOSE = _pattern("purpose")
NO_SCHOOL_LINK = _pattern("no_school_link")
VAGUE_LINK = _pattern("vague_link")
HARM = _table("harm")
OWN_CLASS = _table("own_class")
APP_MANAGED = _table("app_managed")
EMPLOYMENT = _pattern("employment")
JOB = _pattern("job")
OWN_NAME = _pattern("own_name")
PRESCRIBED = _pattern("prescribed")
QUOTED_PERSON = _pattern("quoted_person")
INCIDENT = _table("incident")
PUPILS_MEANT = _pattern("pupils_meant")
FORMER_PUPIL = _pattern("former_pupil")
TO_PUPILS = _pattern("to_pupils")
PRIVATE_CIRCLE = _pattern("private_circle")
UNFAVOURABLE = _pattern("unfavourable")
FAVOURABLE = _pattern("favourable")
THOSE_IN_CHARGE = _pattern("those_in_charge")
OTHERS_SAY = _pattern("others_say")
PARENT_MEANT = _pattern("parent_meant")
IGNORING = _pattern("ignoring")
OWN_SCHOOL = _pattern("own_school")
ACCOUNTABLE = _pattern("accountable")
LEFT_OUT = _pattern("left_out")
SHRUG = _pattern("shrug")
SCHOOL_IN_NAME = _pattern("school_in_name")
OWN_PAPER = _pattern("own_paper")
WANTS = _pattern("wants")
REPORTING = _pattern("reporting")

# Kinds of content that are seen in the words themselves, in a group message as in a question.
MANNER: Table = MappingProxyType(
    {
        "harms_name": _pattern("harms_name"),
        "against_mission": _pattern("against_mission"),
        "threat": _pattern("threat"),
        "bullying": _pattern("bullying"),
        "discrimination": _pattern("discrimination"),
        "hate": _pattern("hate"),
        "obscene": _pattern("obscene"),
        "login": _pattern("hacking"),
        "trade": _pattern("trade"),
        "rumour": _pattern("rumour"),
        "figures": _pattern("figures"),
        "official_news": _pattern("official_news"),
        "official_tone": _pattern("official_voice"),
    }
)
