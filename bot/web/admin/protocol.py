"""The page for the protocol: which file counts, what it does, how far Fluister goes, consent."""

import asyncio
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.core.policy import Level, Policy
from bot.core.quiet_hours import local_day
from bot.delivery.house import House
from bot.delivery.policy_words import coverage_lines, difference_lines
from bot.errors import FluisterError, SettingError
from bot.policies import check_policy
from bot.settings import InForce, change_date, change_level
from bot.storage.records import School
from bot.web.admin.door import Door, Guest

MOST_CHANGES = 40
_DATES = ("pmr_on", "dpia_on")


class ProtocolPages:
    """Shows what the protocol leads to before anything is changed."""

    def __init__(self, house: House, door: Door) -> None:
        self._house = house
        self._door = door

    async def page(self, request: Request, guest: Guest) -> Response:
        """The page itself; everything in it comes from `state`."""
        return self._door.page(request, "protocol.html", guest.language, guest, here="protocol")

    async def state(self, request: Request, guest: Guest) -> Response:
        """Everything the page shows."""
        del request
        return JSONResponse(await self._state(guest))

    async def compare(self, request: Request, guest: Guest) -> Response:
        """What would change for the team with another file, and what is wrong with that file."""
        name = request.query_params.get("file", "")
        school = await self._house.school()
        policy = await asyncio.to_thread(self._checked, name)
        lines = await asyncio.to_thread(
            lambda: list(difference_lines(school.policy, policy, guest.language))
        )
        return JSONResponse({"lines": lines, "problems": _problems(policy)})

    async def change(self, request: Request, guest: Guest) -> Response:
        """Make one change, if nobody changed anything since the page was shown."""
        form = await request.form(max_files=0, max_fields=4, max_part_size=1_000)
        school = await self._house.school()
        if str(form.get("version", "")) != str(school.school.version):
            raise SettingError("setup.changed_meanwhile")
        change = self._changed(school, str(form.get("what", "")), str(form.get("value", "")))
        await self._house.repository.change_school(
            school.school.version, change, by=self._door.mark(guest)
        )
        return JSONResponse(await self._state(guest))

    def _changed(self, school: InForce, what: str, value: str) -> Mapping[str, object]:
        if what == "level":
            return change_level(value)
        if what == "policy_file":
            self._checked(value)
            return {"policy_file": value}
        if what in _DATES:
            today = local_day(school.calendar, self._house.clock.now())
            return change_date(what, value, today=today)
        raise SettingError("beheer.error.unknown")

    def _checked(self, name: str) -> Policy:
        if name not in self._files():
            raise SettingError("setup.policy_wrong")
        try:
            return self._house.policies(name)
        except FluisterError as broken:
            raise SettingError("setup.policy_broken") from broken

    def _files(self) -> list[str]:
        return sorted(file.name for file in self._house.policy_folder.glob("*.yaml"))

    async def _state(self, guest: Guest) -> dict[str, object]:
        school = await self._house.school()
        changes = await self._house.repository.school_changes(school.school.id)
        return {
            "version": school.school.version,
            "name": school.policy.name,
            "policy_version": school.policy.version,
            "file": school.school.policy_file or self._house.policy_file,
            "files": self._files(),
            "level": school.level.value,
            "levels": [one.value for one in Level if one is not Level.OFF],
            **_consent(school.school),
            "coverage": list(coverage_lines(school.policy, guest.language)),
            "problems": _problems(school.policy),
            "changes": [
                {"at": one.at.isoformat(), "what": one.key, "by": _who(one.by)}
                for one in reversed(changes[-MOST_CHANGES:])
            ],
        }


def _problems(policy: Policy) -> list[str]:
    return [str(one) for one in check_policy(policy)]


def _consent(school: School) -> dict[str, str]:
    return {name: str(getattr(school, name) or "") for name in _DATES}


def _who(by: str) -> str:
    """Where a change was made; whose account it was stays a hash and is not shown."""
    return by if by in ("cli", "web", "chat", "demo") else ""
