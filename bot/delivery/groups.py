"""Being added to a chat, and which chat is the team's: only that one is ever read."""

from collections.abc import Mapping

from bot.core.decisions import PostNotice, Reply, Setup
from bot.core.events import (
    BotAdded,
    BotRemoved,
    ChatRef,
    CommandGiven,
    MembersChanged,
    MessagePosted,
    Pass,
    Place,
    Receipt,
    Refuse,
)
from bot.core.policy import Level
from bot.delivery.house import House
from bot.delivery.plans import drafts, first_job, plan_key
from bot.storage.records import Chat
from bot.texts import text

PLACES: Mapping[str, Place] = {
    "teamgroep": Place.TEAM,
    "oudergroep": Place.PARENTS,
    "negeer": Place.OTHER,
}


class Groups:
    """Adopts the first group by itself; every other one is ignored until an admin names it."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._places: dict[ChatRef, Place] = {}

    async def place_of(self, ref: ChatRef) -> Place:
        """What kind of chat this is; the first group seen becomes the team's."""
        known = self._places.get(ref)
        if known is not None:
            return known
        chat = await self._known(ref, "")
        self._places[ref] = chat.place
        return chat.place

    async def unread(self, event: MessagePosted) -> Receipt:
        """Let a message pass unread; only what we would post in a locked group is refused."""
        if event.delivered:
            return Pass()
        chat = await self._house.repository.chat(event.chat)
        if chat is None or chat.locked_until is None:
            return Pass()
        return Refuse(text("gate.not_read", (await self._house.school()).school.language))

    async def _known(self, ref: ChatRef, title: str) -> Chat:
        chat = await self._house.repository.chat(ref)
        if chat is not None:
            return chat
        adopted, new = await self._house.repository.adopt_chat(ref, title, Place.OTHER)
        if new and adopted.place is Place.TEAM:
            await self._hello(adopted)
        return adopted

    async def added(self, event: BotAdded) -> Receipt:
        """Say hello once in the team's group; suggest its administrators, assume nothing."""
        chat = await self._known(event.chat, event.title)
        self._places[event.chat] = chat.place
        for account in event.admins:
            await self._house.repository.suggest_admin(account)
        return Pass()

    async def removed(self, event: BotRemoved) -> Receipt:
        """Stop at once; the admins are told."""
        # Not forgotten: a message told late must not make us come back by ourselves.
        self._places[event.chat] = Place.OTHER
        await self._house.repository.chat_removed(event.chat)
        school = await self._house.school()
        admins = await self._house.repository.admins(school.school.id)
        told = tuple(Reply("hello.removed", Setup(), to=admin) for admin in admins)
        if told:
            chat = event.chat
            plan = plan_key("removed", chat.platform, chat.chat, event.at.isoformat())
            await self._house.repository.add_plan(plan, None, drafts(told))
            await self._house.submit(first_job(plan, told))
        return Pass()

    async def changed(self, event: MembersChanged) -> Receipt:
        if event.size is not None and await self._house.repository.chat(event.chat):
            await self._house.repository.set_size(event.chat, event.size)
        return Pass()

    async def named(self, event: CommandGiven) -> bool:
        """Whether an admin just named what this group is; anybody else's word changes nothing."""
        place = PLACES.get(event.command.lstrip("/!").casefold())
        if place is None or event.place is Place.PRIVATE:
            return False
        if not await self._house.repository.is_admin(event.by):
            return False
        await self._known(event.chat, "")
        await self.name(event.chat, place)
        return True

    async def name(self, ref: ChatRef, place: Place) -> None:
        """Say what kind of chat this is, from now on."""
        await self._house.repository.set_place(ref, place)
        self._places[ref] = place

    async def _hello(self, chat: Chat) -> None:
        school = await self._house.school()
        key = "hello.group" if school.level is not Level.OFF else "hello.group_waiting"
        contact = school.policy.settings.contacts.get("beheerder", "")
        days = school.policy.settings.incident_days
        kept = text("hello.days", school.school.language, count=days)
        values = {"days": kept, "contact": contact}
        notice = PostNotice(key, Setup(), values, chat=chat.ref)
        plan = plan_key("hello", chat.ref.platform, chat.ref.chat)
        await self._house.repository.add_plan(plan, None, drafts((notice,)))
        await self._house.submit(first_job(plan, (notice,)))
