"""The page for channels: which groups there are, which is read, and who administers."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.adapters.reach import KnowsReach
from bot.core.capabilities import Capabilities
from bot.core.events import Account, ChatRef, Place
from bot.delivery.groups import Groups
from bot.delivery.house import House
from bot.delivery.leaving import let_go
from bot.delivery.leftovers import Leftovers
from bot.errors import DeliveryError, SettingError
from bot.storage.records import Chat
from bot.web.admin.door import Door, Guest

_PLACES = (Place.TEAM, Place.PARENTS, Place.OTHER)


class ChannelPages:
    """Names groups and admins; only the team's group is ever read."""

    def __init__(self, house: House, groups: Groups, leftovers: Leftovers, door: Door) -> None:
        self._house = house
        self._groups = groups
        self._leftovers = leftovers
        self._door = door

    async def page(self, request: Request, guest: Guest) -> Response:
        """The page itself; everything in it comes from `state`."""
        return self._door.page(request, "channels.html", guest.language, guest, here="kanalen")

    async def state(self, request: Request, guest: Guest) -> Response:
        """Everything the page shows."""
        del request
        return JSONResponse(await self._state(guest))

    async def place(self, request: Request, guest: Guest) -> Response:
        """Say what a group is."""
        form = await request.form(max_files=0, max_fields=4, max_part_size=2_000)
        ref = ChatRef(str(form.get("platform", "")), str(form.get("chat", "")))
        place = str(form.get("place", ""))
        if await self._house.repository.chat(ref) is None or place not in _PLACES:
            raise SettingError("beheer.error.unknown")
        await self._groups.name(ref, Place(place))
        await self._note("groups", guest)
        return JSONResponse(await self._state(guest))

    async def admin(self, request: Request, guest: Guest) -> Response:
        """Make a suggested account an admin, or take it back; the last one cannot go."""
        form = await request.form(max_files=0, max_fields=4, max_part_size=2_000)
        org = (await self._house.school()).school.id
        repository = self._house.repository
        mark, add = str(form.get("mark", "")), form.get("do") == "add"
        known = await (repository.suggested_admins(org) if add else repository.admins(org))
        account = next((one for one in known if repository.account_mark(one) == mark), None)
        if account is None:
            raise SettingError("beheer.error.unknown")
        if not add and len(known) < 2:
            raise SettingError("beheer.error.last_admin")
        if add:
            await repository.add_admin(org, account)
        else:
            await repository.remove_admin(org, account)
        await self._note("admins", guest)
        return JSONResponse(await self._state(guest))

    async def remove(self, request: Request, guest: Guest) -> Response:
        """Destroy everything about a colleague who leaves."""
        form = await request.form(max_files=0, max_fields=4, max_part_size=2_000)
        org = (await self._house.school()).school.id
        person = await self._house.repository.person(str(form.get("id", ""))[:64])
        if person is None or person.org != org:
            raise SettingError("beheer.error.unknown")
        await let_go(self._house.repository, person, self._door.mark(guest))
        self._house.people_changed()
        return JSONResponse(await self._state(guest))

    async def retry(self, request: Request, guest: Guest) -> Response:
        """Give work that gave up another go."""
        del request
        count = await self._leftovers.retry()
        if count:
            await self._note("work_retry", guest)
        return JSONResponse({"count": count})

    async def _note(self, what: str, guest: Guest) -> None:
        org = (await self._house.school()).school.id
        await self._house.repository.note_change(org, self._door.mark(guest), what)

    async def _state(self, guest: Guest) -> dict[str, object]:
        org = (await self._house.school()).school.id
        repository = self._house.repository
        left = await self._leftovers.count()
        return {
            "work": {"lines": left.lines(guest.language), "gave_up": left.gave_up},
            "platforms": [
                {"name": name, "can": _can(adapter.capabilities)}
                for name, adapter in sorted(self._house.adapters.items())
            ],
            "groups": [
                {
                    "platform": chat.ref.platform, "chat": chat.ref.chat, "title": chat.title,
                    "place": chat.place.value, "size": chat.size,
                    "locked": chat.locked_until is not None,
                    "unreached": await self._unreached(chat),
                }
                for chat in await repository.chats(org)
            ],
            "people": [
                {"id": one.id, "name": one.name or one.email}
                for one in await repository.people(org)
            ],
            "admins": [await self._row(one) for one in await repository.admins(org)],
            "suggested": [await self._row(one) for one in await repository.suggested_admins(org)],
            "me": await self._name(guest.account) if guest.account else "",
        }  # fmt: skip

    async def _unreached(self, chat: Chat) -> int | None:
        """How many of the team cannot be told anything in private yet: only ever a number."""
        adapter: object = self._house.adapters.get(chat.ref.platform)
        if not chat.is_team or not isinstance(adapter, KnowsReach):
            return None
        try:
            return await adapter.unreached(chat.ref)
        except DeliveryError:
            return None

    async def _row(self, account: Account) -> dict[str, str]:
        """An account with its mark: a place in a list is another's once the list changes."""
        mark = self._house.repository.account_mark(account)
        return {"mark": mark, "name": await self._name(account)}

    async def _name(self, account: Account) -> str:
        person = await self._house.person(account)
        name = person.name if person else account.name
        return f"{name or account.user} ({account.platform})"


def _can(caps: Capabilities) -> list[str]:
    """What a platform can do, as the last part of a text's key."""
    found = {
        "remove": caps.delete_others is not None,
        "whisper": caps.ephemeral or caps.dm_first,
        "hold": caps.hold_before_delivery,
        "lock": caps.lock,
        "name": caps.post_as_author,
        "edits": caps.sees_edits,
    }
    return [name for name, able in found.items() if able]
