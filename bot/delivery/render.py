"""From keys and values to what a person reads: the only place where user texts are made."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import texts

_DAYS = {
    "nl": ("ma", "di", "wo", "do", "vr", "za", "zo"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
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

    A key with an empty article falls back to its `…_bare` sister, where there is one.
    """
    shown = {name: _shown(name, value, language, zone, now) for name, value in values.items()}
    if not shown.get("article") and texts.has(f"{key}_bare"):
        key = f"{key}_bare"
    return texts.text(key, language, **{**_DEFAULTS, **shown})


_DEFAULTS: Mapping[str, object] = {
    "article": "", "address": "", "until": "", "kinds": "", "contact": "", "categories": "",
    "reasons": "", "privacy_contact": "", "grace_ends": "", "name": "", "who": "", "phone": "",
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
    local = at.astimezone(ZoneInfo(zone))
    today = now.astimezone(ZoneInfo(zone)).date()
    clock = f"{local:%H:%M}"
    days = (local.date() - today).days
    if days == 0:
        return clock
    day = _DAYS.get(language, _DAYS["nl"])[local.weekday()]
    if 0 < days < 7:
        return f"{day} {clock}"
    month = _MONTHS.get(language, _MONTHS["nl"])[local.month - 1]
    return f"{day} {local.day} {month} {clock}"
