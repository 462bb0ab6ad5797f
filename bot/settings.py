"""What counts for the school right now: its own choices over the policy over the installation.

Also the one implementation of every change to those choices, served to chat, web and terminal.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from bot.calendars import Region
from bot.core.findings import Category
from bot.core.policy import Level, Policy, Redirect
from bot.core.quiet_hours import QuietError, SchoolCalendar, parse_week, week_text
from bot.errors import SettingError
from bot.resting.school import stored
from bot.resting.sentences import rest_of
from bot.resting.value import Rest, calendar_for
from bot.storage.records import School

_ADDRESS = re.compile(r"[^@\s<>(),;:\"\\]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")


@dataclass(frozen=True, slots=True)
class InForce:
    """Everything that counts for one school at this version of its settings."""

    school: School
    policy: Policy
    calendar: SchoolCalendar = field(repr=False)
    rest: Rest
    level: Level
    team_address: str = field(repr=False)
    own_domains: tuple[str, ...] = field(repr=False)

    @property
    def rest_on(self) -> bool:
        return self.rest.on

    def level_for(self, category: Category | None) -> Level:
        """The level for one category; the school may set some apart."""
        if self.level is Level.OFF or category is None:
            return self.level
        own = self.school.levels.get(category.value)
        return Level(own) if own else self.level

    def redirect_for(self, category: Category | None) -> Redirect:
        if category is None:
            return Redirect.ON_CLICK
        return self.policy.settings.redirects.get(category, Redirect.ON_CLICK)


def in_force(
    school: School, policy: Policy, *, level: Level | None = None, team_address: str = ""
) -> InForce:
    """Combine the school's choices with the policy and what the installation was started with.

    `level` and `team_address` are the installation's; what the school chose itself wins, except
    that nothing is read before the personnel council and the DPIA have their dates: only a level
    given from outside (a trial) does without. An address counts once a mail to it was read back;
    the one in a policy file never does, since many schools may use the same file.
    """
    chosen = school.team_address or team_address
    domain = chosen.partition("@")[2]
    confirmed = school.team_address_confirmed or not school.team_address
    rest = Rest.read(school.quiet) if school.quiet else _rest_of(policy.settings.quiet)
    return InForce(
        school=school,
        policy=policy,
        calendar=calendar_for(rest),
        rest=rest,
        level=_level(school, level),
        team_address=chosen if confirmed else team_address,
        own_domains=tuple(dict.fromkeys(d for d in (domain, *policy.settings.own_domains) if d)),
    )


@lru_cache(maxsize=64)
def _rest_of(sentences: tuple[str, ...]) -> Rest:
    return rest_of(sentences)


def _level(school: School, given: Level | None) -> Level:
    ready = school.pmr_on is not None and school.dpia_on is not None
    if ready and school.level is not None:
        return school.level
    if given is not None:
        return given
    return Level.OBSERVE if ready else Level.OFF


def change_week(school: School, typed: str) -> Mapping[str, object]:
    """Check hours as an admin types them; the change to store, with quiet hours switched on."""
    try:
        week = week_text(parse_week(typed))
    except QuietError as error:
        raise SettingError("setup.week_wrong") from error
    return stored(school, replace(Rest.read(school.quiet), on=True, week=week))


def change_region(school: School, typed: str) -> Mapping[str, object]:
    """Check a holiday region."""
    for region in Region:
        if typed.strip().casefold() == region.value.casefold():
            return stored(school, replace(Rest.read(school.quiet), region=region.value))
    raise SettingError("setup.region_wrong")


def change_team_address(typed: str) -> Mapping[str, object]:
    """Check the team's address; it counts as unconfirmed until a test mail was seen."""
    address = typed.strip().lower()
    if len(address) > 254 or not _ADDRESS.fullmatch(address):
        raise SettingError("setup.address_wrong")
    return {"team_address": address, "team_address_confirmed": False}


def change_level(typed: str) -> Mapping[str, object]:
    """Check a level by its name."""
    try:
        return {"level": Level(typed.strip().casefold())}
    except ValueError:
        raise SettingError("setup.level_wrong") from None


def change_date(name: str, typed: str, *, today: date) -> Mapping[str, object]:
    """Check the date of a consent: day-month-year or ISO, not in the future."""
    found = re.fullmatch(r"\s*(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})\s*", typed)
    if found is None:
        raise SettingError("setup.date_wrong")
    first, month, last = (int(part) for part in found.groups())
    year, day = (first, last) if first > 31 else (last, first)
    try:
        given = date(year, month, day)
    except ValueError:
        raise SettingError("setup.date_wrong") from None
    if given > today or given.year < 2018:
        raise SettingError("setup.date_impossible")
    return {name: given}
