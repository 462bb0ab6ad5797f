"""The groups the bot is in; the first one becomes the team's, every other one stays unread."""

from datetime import UTC, datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.core.events import ChatRef, Place
from bot.storage.crypto import Keyring
from bot.storage.records import Chat
from bot.storage.schools import first_school, make_school
from bot.storage.store import Store, changed
from bot.storage.tables import ChatRow, SchoolRow

_ADOPTABLE = (Place.TEAM, Place.OTHER)


class Chats(Store):
    """Groups, their places and their locks."""

    async def chat(self, ref: ChatRef) -> Chat | None:
        """The group, unless it is unknown or the bot was removed from it."""

        def work(session: Session) -> Chat | None:
            row = session.get(ChatRow, (ref.platform, ref.chat))
            return None if row is None or row.removed else _read(self._keys, row)

        return await self._database.read("read a chat", work)

    async def team_chat(self, org: str) -> Chat | None:
        """The school's team group, the first where there are several."""
        teams = [chat for chat in await self.chats(org) if chat.is_team]
        return teams[0] if teams else None

    async def chats(self, org: str) -> tuple[Chat, ...]:
        """Every group of a school the bot is in, in the order of joining."""
        query = (
            select(ChatRow)
            .where(col(ChatRow.org) == org, col(ChatRow.removed).is_(False))
            .order_by(col(ChatRow.created_at), col(ChatRow.platform), col(ChatRow.chat))
        )
        return await self._database.read(
            "read chats",
            lambda session: tuple(_read(self._keys, row) for row in session.exec(query)),
        )

    async def adopt_chat(self, ref: ChatRef, title: str, place: Place) -> tuple[Chat, bool]:
        """Note that the bot is in a group; true when it was not there before.

        The school's first group becomes the team's by itself. Every later one is `OTHER` (or
        what the platform says it is, if that is not a team's) until an admin names its place.
        A group the bot comes back to keeps its place.
        """

        def work(session: Session) -> tuple[Chat, bool]:
            org = _own_school(session, self._keys)
            row = session.get(ChatRow, (ref.platform, ref.chat))
            if row is None:
                row = self._new(org, ref, _place(session, org, place))
                new = True
            else:
                new, row.removed = row.removed, False
            if title or not row.title_sealed:
                row.title_sealed = _seal_title(self._keys, ref, title)
            session.add(row)
            session.flush()
            return _read(self._keys, row), new

        return await self._database.write("adopt a chat", work)

    def _new(self, org: str, ref: ChatRef, place: Place) -> ChatRow:
        return ChatRow(
            platform=ref.platform,
            chat=ref.chat,
            org=org,
            place=place.value,
            title_sealed=b"",
            created_at=datetime.now(UTC),
        )

    async def set_place(self, ref: ChatRef, place: Place) -> bool:
        """Give a group the place an admin named."""
        return await self._set(ref, place=place.value)

    async def set_locked_until(self, ref: ChatRef, until: datetime | None) -> bool:
        return await self._set(ref, locked_until=until)

    async def set_size(self, ref: ChatRef, size: int | None) -> bool:
        return await self._set(ref, size=size)

    async def chat_removed(self, ref: ChatRef) -> bool:
        """Note that the bot is no longer in a group."""
        return await self._set(ref, removed=True, locked_until=None)

    async def _set(self, ref: ChatRef, **values: object) -> bool:
        statement = (
            update(ChatRow)
            .where(col(ChatRow.platform) == ref.platform, col(ChatRow.chat) == ref.chat)
            .values(**values)
        )
        return await self._database.write("change a chat", lambda s: changed(s, statement) == 1)


def _own_school(session: Session, keys: Keyring) -> str:
    """The school's id, its row locked so that two groups cannot both be first."""
    row = first_school(session)
    org = make_school(session, keys, "").id if row is None else row.id
    session.exec(select(SchoolRow.id).where(col(SchoolRow.id) == org).with_for_update()).all()
    return org


def _place(session: Session, org: str, place: Place) -> Place:
    if place not in _ADOPTABLE:
        return place
    others = select(ChatRow.place).where(
        col(ChatRow.org) == org, col(ChatRow.place).in_([p.value for p in _ADOPTABLE])
    )
    return Place.TEAM if session.exec(others).first() is None else Place.OTHER


def _seal_title(keys: Keyring, ref: ChatRef, title: str) -> bytes:
    return keys.seal(title.encode("utf-8", "surrogatepass"), _aad(ref.platform, ref.chat))


def _read(keys: Keyring, row: ChatRow) -> Chat:
    title = keys.open(row.title_sealed, _aad(row.platform, row.chat))
    return Chat(
        ref=ChatRef(row.platform, row.chat),
        org=row.org,
        place=Place(row.place),
        title=title.decode("utf-8", "surrogatepass"),
        locked_until=row.locked_until,
        size=row.size,
    )


def _aad(platform: str, chat: str) -> str:
    return f"chats/{platform}/{chat}"
