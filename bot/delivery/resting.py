"""The private talk about quiet time: an admin sets the school's, everybody their own days.

Every button says one of the short sentences of `bot.resting`, so that a press, a typed line and
the web page can never mean different things.
"""

import json
from collections.abc import Mapping
from datetime import date, timedelta

from bot.core.decisions import ButtonSpec, Choice, Reply
from bot.core.decisions import Person as ByPerson
from bot.core.events import Account
from bot.core.quiet_hours import Leave, WorkingTime, local_day, next_working, school_year, why
from bot.core.situation import rows
from bot.delivery.house import House
from bot.delivery.rest import Rest as Nights
from bot.errors import SettingError
from bot.people import working_time
from bot.resting.own import change_own, own_summary, remembering, with_leave
from bot.resting.school import change_school_rest, past_of
from bot.resting.summary import school_summary
from bot.storage.records import Person
from bot.texts import text

LASTS = timedelta(hours=12)
SCHOOL, OWN = "school", "own"
_OPENINGS = {"week": "werk", "study": "studiedag", "holiday": "vakantie"}
_OWN_OPENINGS = {"works": "werkdagen", "leave": "verlof"}
REST_COMMANDS = frozenset(
    {"stilte", "quiet", "vrij", "free", "werkdagen", "verlof", "samenvatting", "web", "beheer"}
)
_HELD = frozenset({"wachtend", "wachtende", "waiting", "held"})
State = Mapping[str, object]
Replies = tuple[Reply, ...]


class Resting:
    """Shows and changes quiet time by short sentences."""

    def __init__(self, house: House, nights: Nights) -> None:
        self._house = house
        self._nights = nights

    async def commanded(self, account: Account, word: str, argument: str) -> Replies:
        """Carry out one of `REST_COMMANDS`."""
        match word:
            case "stilte" | "quiet":
                return await self.school(account, argument)
            case "vrij" | "free":
                return await self.own(account, argument)
            case "web" | "beheer":
                return await self.web(account)
            case _:
                return await self.own(account, f"{word} {argument}".strip())

    async def school(self, account: Account, typed: str) -> Replies:
        """Show the school's quiet time, or change it when an admin says how."""
        admin = await self._house.repository.is_admin(account)
        if not typed:
            return (await self._told("rest.told", admin=admin),)
        if not admin:
            return (_say("setup.only_admin"),)
        if typed.casefold() in _HELD:
            return (await self._held(),)
        try:
            await self._change(account, typed)
        except SettingError as wrong:
            return (_say(wrong.key, **wrong.values),)
        await self._nights.look()
        undone = typed.casefold().startswith(("ongedaan", "undo"))
        return (await self._told("rest.undone" if undone else "rest.saved", admin=True),)

    async def say_school(self, account: Account, typed: str) -> None:
        """Change the school's quiet time by a sentence of an admin, who was asked for already."""
        await self._change(account, typed)
        await self._nights.look()

    async def _change(self, account: Account, typed: str) -> None:
        repository = self._house.repository
        school = (await self._house.school()).school
        change = change_school_rest(school, typed, today=await self._today())
        await repository.change_school(school.version, change, by=repository.account_mark(account))

    async def _told(self, key: str, *, admin: bool) -> Reply:
        school = await self._house.school()
        today = await self._today()
        summary = school_summary(school.rest, today, school.school.language)
        if not admin:
            return _say(key, summary=summary)
        toggle = ("off", "uit") if school.rest_on else ("on", "aan")
        unsure = any(not one.confirmed for one in school.calendar.closed if one.end >= today)
        year = school_year(today)
        buttons = rows(
            _ask("week"),
            _ask("study"),
            _ask("holiday"),
            _button("confirm", f"bevestig {year}", year=year) if unsure else None,
            _button(toggle[0], toggle[1]),
            _button("undo", "ongedaan") if past_of(school.school) else None,
            ButtonSpec("rest.button.web", Choice.REST, "web"),
        )
        return Reply(key, ByPerson(), {"summary": summary}, buttons)

    async def _held(self) -> Reply:
        waiting = await self._nights.waiting()
        if not waiting:
            return _say("rest.held.none")
        late = len(await self._nights.late())
        release = ButtonSpec("rest.held.release", Choice.REST, "release")
        return Reply(
            "rest.held.list", ByPerson(), {"count": len(waiting), "late": late}, rows(release)
        )

    async def own(self, account: Account, typed: str) -> Replies:
        """Show somebody's own days, or change them; nobody can change another's."""
        person = await self._me(account)
        if not typed:
            return (await self._own_told(person, "rest.own.told"),)
        try:
            await self.change_own(account, person, typed)
        except SettingError as wrong:
            return (_say(wrong.key, **wrong.values),)
        undone = typed.casefold().startswith(("ongedaan", "undo"))
        changed = await self._me(account)
        return (await self._own_told(changed, "rest.own.undone" if undone else "rest.own.saved"),)

    async def change_own(self, account: Account, person: Person, typed: str) -> None:
        """Store what somebody said about their own days."""
        await self._store(account, person, change_own(person, typed))

    async def _store(self, account: Account, person: Person, fields: Mapping[str, object]) -> None:
        repository = self._house.repository
        await repository.change_person(person.id, **fields)
        await repository.note_change(person.org, repository.account_mark(account), "own_days")
        self._house.people_changed()

    async def say_own(self, account: Account, typed: str) -> None:
        """Change somebody's own days by a sentence; `SettingError` says what is wrong with it."""
        await self.change_own(account, await self._me(account), typed)

    async def add_leave(self, account: Account, leave: tuple[Leave, ...]) -> None:
        """Add days that were read from somebody's calendar."""
        person = await self._me(account)
        await self._store(account, person, remembering(person, {
            "leave": with_leave(person.leave, *leave)
        }))  # fmt: skip

    async def _me(self, account: Account) -> Person:
        """Whoever speaks; somebody the school has not listed yet is added by their own word."""
        person = await self._house.person(account)
        if person is not None:
            return person
        repository = self._house.repository
        school = (await self._house.school()).school
        added = await repository.add_person(school.id, name=account.name)
        await repository.link_account(added.id, account)
        self._house.people_changed()
        return added

    async def own_told(self, account: Account, key: str, **values: object) -> Reply:
        """Somebody's days read back under a text of choice."""
        return await self._own_told(await self._me(account), key, **values)

    async def _own_told(self, person: Person, key: str, **values: object) -> Reply:
        school = await self._house.school()
        language = school.school.language
        summary = own_summary(person, await self._today(), language)
        wants = ("off", "uit") if person.digest else ("on", "aan")
        digest = ButtonSpec(
            f"rest.button.digest_{wants[0]}", Choice.REST, f"own:samenvatting {wants[1]}"
        )
        buttons = rows(
            ButtonSpec("rest.button.works", Choice.REST, "ask:works"),
            ButtonSpec("rest.button.leave", Choice.REST, "ask:leave"),
            ButtonSpec("rest.button.agenda", Choice.REST, "ask:agenda"),
            digest if school.rest.digests else None,
            ButtonSpec("rest.button.undo", Choice.REST, "own:ongedaan") if person.past else None,
        )
        free = await self._free(person) if key == "rest.own.told" else ""
        return Reply(key, ByPerson(), {"summary": summary, "free": free, **values}, buttons)

    async def _free(self, person: Person) -> str:
        """Whether this is somebody's own working time, and when the next begins."""
        school = await self._house.school()
        language = school.school.language
        if not school.rest_on:
            return text("setup.rest_off", language)
        now = self._house.clock.now()
        time: WorkingTime = working_time(person, school.calendar)
        reason = why(time, now)
        said = text(reason.key, language, name=reason.name)
        following = None if reason.working else next_working(time, now)
        if following is None:
            return text("quiet.not_free", language, why=said)
        until = await self._house.say_moment(following)
        return text("quiet.free", language, why=said, until=until)

    async def pressed(self, account: Account, argument: str) -> Replies:
        """Take a pressed button as the sentence it stands for."""
        kind, _, said = argument.partition(":")
        match kind:
            case "school":
                return await self.school(account, said)
            case "own":
                return await self.own(account, said)
            case "ask":
                return await self._asking(account, said)
            case "release":
                return await self._released(account)
            case _:
                return await self.web(account)

    async def _released(self, account: Account) -> Replies:
        if not await self._house.repository.is_admin(account):
            return (_say("setup.only_admin"),)
        count = await self._nights.release_all()
        return (_say("rest.held.released" if count else "rest.held.nothing_late", count=count),)

    async def _asking(self, account: Account, what: str) -> Replies:
        """Ask for what a button cannot say; the next private message is the answer."""
        school = what in _OPENINGS
        key = f"rest.ask.{what}" if school else f"rest.own.ask_{what}"
        opening = _OPENINGS.get(what) or _OWN_OPENINGS.get(what, "")
        state = {"kind": "rest", "whose": SCHOOL if school else OWN, "opening": opening}
        expires = self._house.clock.now() + LASTS
        if opening:
            stored = json.dumps(state).encode()
            await self._house.repository.put_dialogue(account, stored, expires)
        return (_say(key),)

    async def typed(self, account: Account, state: State, words: str) -> Replies:
        """Take the answer to an open question; "stop" ends it."""
        await self._house.repository.drop_dialogue(account)
        if words.strip().casefold() in ("stop", "/stop"):
            return (_say("dialogue.stopped"),)
        sentence = f"{state.get('opening')} {words.strip()}"
        if state.get("whose") == SCHOOL:
            return await self.school(account, sentence)
        return await self.own(account, sentence)

    async def web(self, account: Account) -> Replies:
        """Send the one-time link to the pages; what they show depends on who it is."""
        place = self._house.web.url
        if not place:
            return (_say("rest.web.nowhere"),)
        token = await self._house.repository.new_sign_in(account, self._house.clock.now())
        address = f"{place}/beheer/in/{token}"
        if not address.startswith("https:"):  # platforms refuse buttons to an address at home
            return (_say("rest.web.link_here", url=address),)
        link = ButtonSpec("rest.button.web", url=address)
        return (Reply("rest.web.link", ByPerson(), {}, rows(link)),)

    async def _today(self) -> date:
        school = await self._house.school()
        return local_day(school.calendar, self._house.clock.now())


def _ask(what: str) -> ButtonSpec:
    return ButtonSpec(f"rest.button.{what}", Choice.REST, f"ask:{what}")


def _button(name: str, sentence: str, **values: str) -> ButtonSpec:
    return ButtonSpec(f"rest.button.{name}", Choice.REST, f"school:{sentence}", label_values=values)


def _say(key: str, **values: object) -> Reply:
    return Reply(key, ByPerson(), values)
