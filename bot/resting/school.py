"""Storing a changed choice of quiet time, with what it was before, so that it can be undone."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import cast

from bot.errors import SettingError
from bot.resting.sentences import change_rest
from bot.resting.value import Rest
from bot.storage.records import School

PAST = "quiet_past"
MOST_PAST = 20
_UNDO = frozenset({"ongedaan", "ongedaan maken", "terugdraaien", "undo"})


def change_school_rest(
    school: School, typed: str, *, today: date, rest: Rest | None = None
) -> Mapping[str, object]:
    """The change to store for a typed sentence; `SettingError` says kindly what is wrong.

    `rest` is what counts now, where the school chose nothing itself and its policy file does.
    """
    if typed.strip().casefold() in _UNDO:
        return undo_school_rest(school)
    return stored(school, change_rest(rest or Rest.read(school.quiet), typed, today=today))


def stored(school: School, rest: Rest) -> Mapping[str, object]:
    """The change to store for a new choice; the old one is kept for undoing."""
    past = [*past_of(school), school.quiet][-MOST_PAST:]
    return {"quiet": rest.write(), "settings": {**school.settings, PAST: past}}


def undo_school_rest(school: School) -> Mapping[str, object]:
    """The change that brings back what was chosen before the last one."""
    past = past_of(school)
    if not past:
        raise SettingError("rest.error.nothing_to_undo")
    return {"quiet": past[-1], "settings": {**school.settings, PAST: list(past[:-1])}}


def past_of(school: School) -> Sequence[str]:
    """Earlier choices, the oldest first."""
    return cast("Sequence[str]", school.settings.get(PAST, ()))
