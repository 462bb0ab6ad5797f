"""From keys and values to what a person reads: the only place where user texts are made."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import texts

_DAYS = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_SHORT = {"nl": 2, "en": 3}
_MONTHS = {
    "nl": ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


def render(
    key: str,
    values: Mapping[str, object],
    *,
    language: str,
    zone: str,
    now: datetime,
) -> str:
    """Return the text for `key`; instants are shown in `zone`, lists as a sentence would.

    An instant `until` also gives `at_until`, which reads right in the middle of a sentence.
    A key with an empty article falls back to its `…_bare` sister, where there is one.
    """
    shown = {name: _shown(name, value, language, zone, now) for name, value in values.items()}
    for name, value in values.items():
        if isinstance(value, datetime):
            shown[f"at_{name}"] = at_moment(value, language=language, zone=zone, now=now)
    if not shown.get("article") and texts.has(f"{key}_bare"):
        key = f"{key}_bare"
    return texts.text(key, language, **{**_DEFAULTS, **shown})


_DEFAULTS: Mapping[str, object] = {
    "article": "", "address": "", "until": "", "kinds": "", "contact": "", "categories": "",
    "reasons": "", "privacy_contact": "", "grace_ends": "", "name": "", "who": "", "phone": "",
    "at_until": "", "at_grace_ends": "",
}  # fmt: skip


def _shown(name: str, value: object, language: str, zone: str, now: datetime) -> object:
    if isinstance(value, datetime):
        return moment(value, language=language, zone=zone, now=now)
    if name == "categories" and isinstance(value, tuple):
        return sentence([texts.text(f"category.{kind}", language) for kind in value], language)
    if name == "article":
        return texts.text("pointer.article", language, article=value) if value else ""
    if name == "who" and isinstance(value, tuple):
        return sentence([texts.text(f"advice.role.{role}", language) for role in value], language)
    if name == "reasons" and isinstance(value, tuple):
        known = [texts.text(str(key), language) for key in value if texts.has(str(key))]
        return sentence(known, language)
    if value is None:
        return ""
    return value


def sentence(parts: list[str], language: str) -> str:
    """Join parts the way one would say them."""
    unique = list(dict.fromkeys(parts))
    if len(unique) < 2:
        return "".join(unique)
    joint = " en " if language == "nl" else " and "
    return ", ".join(unique[:-1]) + joint + unique[-1]


def moment(at: datetime, *, language: str, zone: str, now: datetime) -> str:
    """Say an instant as people do: "07:30" today, "ma 07:30" this week, else with the date."""
    day, date, clock = _parts(at, language, zone, now)
    return " ".join(part for part in (day[: _SHORT.get(language, 2)], date, clock) if part)


def at_moment(at: datetime, *, language: str, zone: str, now: datetime) -> str:
    """Say when something happens: "om 07:30" today, "maandag om 07:30" on another day."""
    day, date, clock = _parts(at, language, zone, now)
    on, before = ("on", "at") if language == "en" else ("", "om")
    parts = (on if day else "", day, date, before, clock)
    return " ".join(part for part in parts if part)


def _parts(at: datetime, language: str, zone: str, now: datetime) -> tuple[str, str, str]:
    """The day, the date and the time, as far as they need to be said."""
    local = at.astimezone(ZoneInfo(zone))
    clock = f"{local:%H:%M}"
    days = (local.date() - now.astimezone(ZoneInfo(zone)).date()).days
    if days == 0:
        return "", "", clock
    day = _DAYS.get(language, _DAYS["nl"])[local.weekday()]
    if 0 < days < 7:
        return day, "", clock
    month = _MONTHS.get(language, _MONTHS["nl"])[local.month - 1]
    return day, f"{local.day} {month}", clock
