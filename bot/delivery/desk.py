"""What people can see and set on a platform's own pages: the same sentences as in the chat."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from bot.adapters.base import Button, Field, Form, Panel
from bot.core.decisions import Person as ByPerson
from bot.core.decisions import Reply
from bot.core.events import Account
from bot.core.policy import Level
from bot.core.quiet_hours import local_day
from bot.delivery.house import House
from bot.delivery.plans import drafts, first_job
from bot.delivery.resting import Resting
from bot.delivery.setup import Setting
from bot.errors import SettingError
from bot.resting.own import own_summary
from bot.resting.summary import school_summary
from bot.resting.value import How
from bot.settings import InForce, change_level, change_team_address
from bot.texts import text

REST, SETUP, OWN = "stilte", "instellen", "vrij"
_REGIONS = ("noord", "midden", "zuid")
_HOW = {How.HOLD: "bewaar", How.ASK: "vraag", How.TELL: "zeg"}
_OPENING = {
    "week": "werk", "region": "regio", "urgent": "dringend", "study": "studiedag",
    "works": "werkdagen", "leave": "verlof", "digest": "samenvatting",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Says:
    """Texts of one language."""

    language: str

    def __call__(self, key: str, **values: object) -> str:
        return text(f"desk.{key}", self.language, **values)


class Front:
    """The desk of every platform with pages of its own; only admins see what is an admin's."""

    def __init__(self, house: House, resting: Resting, setting: Setting) -> None:
        self._house = house
        self._resting = resting
        self._setting = setting

    async def panel(self, who: Account) -> Panel:
        """Quiet time, one's own days, what is kept, and for admins how far Fluister goes."""
        school = await self._house.school()
        say = _Says(school.school.language)
        today = local_day(school.calendar, self._house.clock.now())
        admin = await self._house.repository.is_admin(who)
        stored = await self._house.repository.about(who)
        told = [say("rest", summary=school_summary(school.rest, today, say.language))]
        person = await self._house.person(who)
        if person is not None:
            told.append(say("own", summary=own_summary(person, today, say.language)))
        told.append(text("about.stored", say.language, **{k: str(v) for k, v in stored.items()}))
        if admin:
            level = text(f"desk.level.{school.level.value}", say.language)
            address = school.team_address or say("nothing")
            told.append(say("school", level=level, address=address))
        forms = [Button(say("form.own"), OWN)]
        if admin:
            forms += [Button(say("form.rest"), REST), Button(say("form.setup"), SETUP)]
        return Panel("\n\n".join(told), tuple(forms))

    async def form(self, who: Account, name: str) -> Form | None:
        """The form of a command; an admin's for admins only."""
        school = await self._house.school()
        say = _Says(school.school.language)
        if name == OWN:
            return await self._own_form(who, say)
        if not await self._house.repository.is_admin(who):
            return None
        match name:
            case "stilte":
                return _made(REST, say("form.rest"), _rest_fields(school, say), say)
            case "instellen":
                return _made(SETUP, say("form.setup"), _setup_fields(school, say), say)
            case _:
                return None

    async def filled(self, who: Account, name: str, given: Mapping[str, str]) -> Mapping[str, str]:
        """Store every field that changed, the first wrong one stops it and is explained."""
        form = await self.form(who, name)
        if form is None:
            return {}
        changed = {
            one.name: given[one.name]
            for one in form.fields
            if given.get(one.name) and given[one.name] != one.value
        }
        for field, value in changed.items():
            try:
                await self._change(who, name, field, value)
            except SettingError as wrong:
                language = (await self._house.school()).school.language
                return {field: text(wrong.key, language, **wrong.values)}
        return {}

    async def _change(self, who: Account, name: str, field: str, value: str) -> None:
        if name == SETUP:
            await self._set_up(who, field, value)
            return
        opening = _OPENING.get(field, "")
        sentence = f"{opening} {value}".strip()
        if name == REST:
            await self._resting.say_school(who, sentence)
        else:
            await self._resting.say_own(who, sentence)

    async def _set_up(self, who: Account, field: str, value: str) -> None:
        """A level counts at once; an address only after the mail to it was read back."""
        repository = self._house.repository
        if field == "level":
            school = (await self._house.school()).school
            change = change_level(value)
            await repository.change_school(school.version, change, by=repository.account_mark(who))
            return
        change_team_address(value)
        replies = await self._setting.commanded(who, "teamadres", value)
        said = tuple(Reply(one.key, ByPerson(), one.values, one.buttons, who) for one in replies)
        key = f"desk:{secrets.token_hex(12)}"
        await repository.add_plan(key, None, drafts(said))
        await self._house.submit(first_job(key, said))

    async def _own_form(self, who: Account, say: _Says) -> Form:
        person = await self._house.person(who)
        school = await self._house.school()
        digest = "aan" if person is not None and person.digest else "uit"
        fields = [
            Field("works", say("works"), person.works if person else "", hint=say("works_hint")),
            Field("leave", say("leave"), hint=say("leave_hint")),
        ]
        if school.rest.digests:
            fields.append(Field("digest", say("digest"), digest, _switch(say)))
        return _made(OWN, say("form.own"), fields, say)


def _made(name: str, title: str, fields: list[Field], say: _Says) -> Form:
    return Form(name, title, say("save"), say("cancel"), tuple(fields))


def _rest_fields(school: InForce, say: _Says) -> list[Field]:
    rest = school.rest
    how = tuple((word, say(f"how.{kind.value}")) for kind, word in _HOW.items())
    return [
        Field("on", say("on"), "aan" if rest.on else "uit", _switch(say)),
        Field("week", say("week"), rest.week, hint=say("week_hint")),
        Field("region", say("region"), rest.region, tuple((one, one) for one in _REGIONS)),
        Field("how", say("how_title"), _HOW[How(rest.how)], how),
        Field("urgent", say("urgent"), "aan" if rest.urgent else "uit", _switch(say)),
        Field("study", say("study"), hint=say("study_hint")),
    ]


def _setup_fields(school: InForce, say: _Says) -> list[Field]:
    levels = (Level.OBSERVE, Level.TIP, Level.ACT)
    options = tuple((one.value, say(f"level.{one.value}")) for one in levels)
    chosen = school.school.level.value if school.school.level else school.level.value
    return [
        Field("level", say("level_title"), chosen, options),
        Field("address", say("address"), school.team_address, hint=say("address_hint")),
    ]


def _switch(say: _Says) -> tuple[tuple[str, str], ...]:
    return (("aan", say("switch_on")), ("uit", say("switch_off")))
