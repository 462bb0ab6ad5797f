"""A colleague's own working days, leave and wishes: changed by that colleague alone."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date

from bot.core.quiet_hours import Half, Leave, PeriodError, QuietError, parse_week
from bot.errors import SettingError
from bot.people import lessons_of, pattern_of
from bot.resting.dates import dates_in, dutch, period_in, shown
from bot.storage.records import Person
from bot.texts import text

LONGEST = 600
MOST_LEAVE = 300
MOST_PAST = 8
_ON, _OFF = frozenset({"aan", "on", "ja", "yes"}), frozenset({"uit", "off", "nee", "no"})
_EVERY = frozenset({"alle", "alles", "all", "hele week", "voltijd", "team"})
_HALVES = {
    "ochtend": Half.MORNING, "morning": Half.MORNING, "s ochtends": Half.MORNING,
    "middag": Half.AFTERNOON, "afternoon": Half.AFTERNOON,
}  # fmt: skip
Fields = Mapping[str, object]
Change = Callable[[Person, str], Fields]


def change_own(person: Person, typed: str) -> Fields:
    """The fields to store for one sentence such as "verlof 12-12-2026 t/m 20-12-2026".

    What was stored before comes along, so that it can be undone. `SettingError` says what is
    wrong and how to type it.
    """
    if len(typed) > LONGEST:
        raise SettingError("rest.error.too_long")
    words = " ".join(typed.split())
    lowered = words.casefold()
    if lowered in {"ongedaan", "ongedaan maken", "undo"}:
        return _undone(person)
    for opening, change in _CHANGES.items():
        if lowered == opening or lowered.startswith(f"{opening} "):
            return remembering(person, change(person, words[len(opening) :].strip()))
    return remembering(person, _plain(person, words))


def _plain(person: Person, words: str) -> Fields:
    """Without an opening: dates are leave, days are working days."""
    if dates_in(words):
        return _leave(person, words)
    try:
        return _works(person, words)
    except SettingError:
        raise SettingError("rest.error.own_unknown", found=shown(words)) from None


def _works(person: Person, typed: str) -> Fields:
    del person
    words = typed.casefold().replace(" en ", " ")
    if words in _EVERY:
        return {"works": ""}
    pattern_of(words)
    if not words:
        raise SettingError("people.days_wrong")
    return {"works": words}


def _leave(person: Person, typed: str) -> Fields:
    start, end = period_in(typed)
    open_end = re.search(r"\b(?:vanaf|from)\b", typed, re.IGNORECASE) and start == end
    halves = [half for word, half in _HALVES.items() if re.search(rf"\b{word}\b", typed.casefold())]
    half = halves[0] if len(set(halves)) == 1 else Half.DAY
    return {"leave": with_leave(person.leave, Leave(start, None if open_end else end, half))}


def with_leave(leave: tuple[Leave, ...], *new: Leave) -> tuple[Leave, ...]:
    """Leave with more of it, each period once, in order; too many raise `SettingError`."""
    merged = tuple(sorted({*leave, *new}, key=lambda one: (one.start, one.end or date.max)))
    if len(merged) > MOST_LEAVE:
        raise SettingError("rest.error.too_many")
    return merged


def _clear(person: Person, typed: str) -> Fields:
    words = typed.casefold()
    if not dates_in(words):
        if words in {"", "alles", "all"}:
            return {"leave": ()}
        raise SettingError("rest.error.date", found=shown(typed))
    first, last = period_in(words)
    kept = tuple(
        one for one in person.leave if not (one.start <= last and first <= (one.end or date.max))
    )
    if kept == person.leave:
        raise SettingError("rest.error.nothing_there")
    return {"leave": kept}


def _digest(person: Person, typed: str) -> Fields:
    del person
    if typed.casefold() not in _ON | _OFF:
        raise SettingError("rest.error.on_or_off")
    return {"digest": typed.casefold() in _ON}


def _lessons(person: Person, typed: str) -> Fields:
    del person
    if typed.casefold() in {"geen", "none", "wis"}:
        return {"lessons": ""}
    try:
        parse_week(typed)
        lessons_of(typed)
    except (QuietError, PeriodError) as wrong:
        raise SettingError(wrong.key, **wrong.values) from None
    return {"lessons": typed.casefold()}


_CHANGES: Mapping[str, Change] = {
    "werkdagen": _works, "werkdag": _works, "ik werk": _works, "working days": _works,
    "i work": _works,
    "wis verlof": _clear, "verlof wissen": _clear, "clear leave": _clear, "wis": _clear,
    "verlof": _leave, "vrij": _leave, "leave": _leave,
    "samenvatting": _digest, "digest": _digest,
    "lessen": _lessons, "lestijden": _lessons, "lessons": _lessons,
}  # fmt: skip


def remembering(person: Person, fields: Fields) -> Fields:
    """Add what counted until now, so that one step back is always possible."""
    before = {
        "works": person.works,
        "lessons": person.lessons,
        "digest": person.digest,
        "leave": [
            [str(one.start), str(one.end) if one.end else "", one.half] for one in person.leave
        ],
    }
    return {**fields, "past": (*person.past, json.dumps(before))[-MOST_PAST:]}


def _undone(person: Person) -> Fields:
    if not person.past:
        raise SettingError("rest.error.nothing_to_undo")
    before = json.loads(person.past[-1])
    leave = tuple(
        Leave(date.fromisoformat(start), date.fromisoformat(end) if end else None, Half(half))
        for start, end, half in before["leave"]
    )
    return {**before, "leave": leave, "past": person.past[:-1]}


def own_summary(person: Person, today: date, language: str = "nl") -> str:
    """What is known of somebody's days, read back in a few lines."""
    works = person.works or text("rest.own.team_days", language)
    lines = [text("rest.own.works", language, works=works)]
    coming = [one for one in person.leave if (one.end or date.max) >= today]
    lines += [_leave_line(one, language) for one in coming[:12]]
    if person.lessons:
        lines.append(text("rest.own.lessons", language, lessons=person.lessons))
    lines.append(text(f"rest.own.digest_{'on' if person.digest else 'off'}", language))
    return "\n".join(lines)


def _leave_line(one: Leave, language: str) -> str:
    half = "" if one.half is Half.DAY else f" ({text(f'rest.half.{one.half.value}', language)})"
    if one.end is None:
        return text("rest.own.leave_from", language, start=dutch(one.start), half=half)
    if one.end == one.start:
        return text("rest.own.leave_day", language, start=dutch(one.start), half=half)
    values = {"start": dutch(one.start), "end": dutch(one.end), "half": half}
    return text("rest.own.leave", language, **values)
