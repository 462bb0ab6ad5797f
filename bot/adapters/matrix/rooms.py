"""Every room the bot is in, and which chat each one is: a replaced room stays the same chat."""

from bot.adapters.base import AdapterState
from bot.adapters.matrix.room import Room
from bot.adapters.matrix.stored import Table
from bot.adapters.matrix.values import PLATFORM, chat
from bot.core.events import ChatRef
from bot.errors import DeliveryError

MOST_MOVES = 500
MOST_PEOPLE = 2_000


class Rooms:
    """The rooms as last told, and the private room of each person.

    `moved` tells for a room that was replaced which one it is now; a chat keeps the id of its
    first room for ever, so that nothing that was stored about it is lost.
    """

    def __init__(self, state: AdapterState, bot: str) -> None:
        self.bot = bot
        self._rooms: dict[str, Room] = {}
        self._moved: Table[str] = Table(state, "moved", MOST_MOVES)
        self._private: Table[str] = Table(state, "private", MOST_PEOPLE)
        self._latest: Table[str] = Table(state, "latest", MOST_PEOPLE)

    async def load(self) -> None:
        await self._moved.load()
        await self._private.load()
        await self._latest.load()

    def known(self, room: str) -> Room:
        """The room with this id, made when it is new."""
        return self._rooms.setdefault(room, Room(room))

    def find(self, room: str) -> Room | None:
        return self._rooms.get(room)

    def all(self) -> tuple[Room, ...]:
        return tuple(self._rooms.values())

    def forget(self, room: str) -> None:
        self._rooms.pop(room, None)

    def ref(self, room: str) -> ChatRef:
        """The chat a room belongs to: the one it replaced, or itself."""
        seen = {room}
        back = {now: before for before, now in self._moved.rows().items()}
        while room in back and back[room] not in seen:
            room = back[room]
            seen.add(room)
        return chat(room)

    def now(self, ref: ChatRef) -> str:
        """The id of the room that is this chat today."""
        if ref.platform != PLATFORM or not ref.chat.startswith("!"):
            raise DeliveryError(f"matrix: {ref.platform!r} is another platform", permanent=True)
        room, seen = ref.chat, {ref.chat}
        while (following := self._moved.get(room)) is not None and following not in seen:
            room = following
            seen.add(room)
        return room

    def inside(self, ref: ChatRef) -> Room:
        """The room of a chat; a permanent error where the bot is not in it."""
        room = self._rooms.get(self.now(ref))
        if room is None or self.bot not in room.members:
            raise DeliveryError("matrix: the bot is not in that room", permanent=True)
        return room

    def replaced(self, room: str) -> str:
        """The room that says of itself that it was replaced by this one."""
        return next((r.id for r in self._rooms.values() if r.replaced_by == room), "")

    async def move(self, before: str, now: str) -> None:
        """Remember that a room was replaced."""
        await self._moved.put(before, now)

    def was_private(self, room: Room) -> bool:
        """Whether it was made as a private chat, whoever came in since.

        A room of our own says so itself: the server may tell of it before it told us its id.
        """
        return room.id in self._private or bool(self._ours_for(room))

    def _ours_for(self, room: Room) -> str:
        """For whom we made it; creators that its maker names beside are not believed."""
        return room.made_for if room.maker == self.bot else ""

    def is_private(self, room: Room) -> bool:
        """Whether it is somebody's private chat with the bot, and nobody else is there."""
        return self.was_private(room) and room.is_for_two(self.bot)

    def private_with(self, user: str) -> Room | None:
        """The room where only this person and the bot are, if there still is one."""
        others = [name for name, who in self._private.rows().items() if who == user]
        others += [room.id for room in self._rooms.values() if self._ours_for(room) == user]
        for name in (self._latest.get(user) or "", *others):
            room = self._rooms.get(name)
            if room is not None and room.is_between(self.bot, user):
                return room
        return None

    async def talks(self, user: str, room: str) -> None:
        """Remember that this is somebody's private chat, and the one they used last."""
        await self._private.put(room, user)
        await self._latest.put(user, room)
