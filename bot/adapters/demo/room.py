"""The demo's chat platform: one team group, three colleagues, a private chat each.

The room knows nothing about confidentiality or working time. It is what a platform is: people
write, edit, delete and press; a bot with rights posts, removes, whispers and locks. What a person
may not do raises `SettingError` (its key is a text for that person); what the bot may not do
raises `DeliveryError`.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.adapters.base import Button
from bot.adapters.demo import words
from bot.adapters.demo.changes import Changes
from bot.adapters.demo.values import (
    BOT,
    COLLEAGUES,
    TEAM,
    Change,
    ChangeKind,
    Colleague,
    Deleted,
    Edited,
    Happening,
    Invited,
    Kind,
    Line,
    Pressed,
    RoomFile,
    Said,
    Standing,
    private_chat,
)
from bot.errors import DeliveryError, SettingError

DELETE_UP_TO = timedelta(days=365)
_UNHEARD_AT_MOST = 500
_LINES_AT_MOST = 2_000


class Room:
    """Everything that stands in the demo's chats, in memory.

    `now` gives the time, aware UTC. `prefix` begins every line's id, so that two rooms never
    share one.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        people: Sequence[Colleague] = COLLEAGUES,
        title: str = "Team Matthijsje",
        prefix: str | None = None,
    ) -> None:
        self.people = tuple(people)
        self.title = title
        self.locked = False
        self.notice = ""
        self.has_bot = False
        self.changes = Changes()
        self._now = now
        self._prefix = secrets.token_hex(3) if prefix is None else prefix
        self._count = 0
        self._lines: dict[str, Line] = {}
        self._unheard: asyncio.Queue[Happening] = asyncio.Queue(_UNHEARD_AT_MOST)
        self._hearing: Happening | None = None

    # What can be seen

    def subscribe(self) -> AsyncIterator[Change]:
        """Stream what changes from now on; a reader that is too slow gets one `MISSED`."""
        return self.changes.watch()

    def lines(self, chat: str, who: str | None = None) -> list[Line]:
        """Return the lines of a chat as `who` sees them (nobody in particular: what all see)."""
        return [
            line
            for line in self._lines.values()
            if line.chat == chat and (line.standing is Standing.SEEN or line.author == who)
        ]

    def line(self, line_id: str) -> Line | None:
        return self._lines.get(line_id)

    def name_of(self, who: str) -> str:
        return next((person.name for person in self.people if person.id == who), "")

    def has_chat(self, chat: str) -> bool:
        return chat == TEAM or any(chat == private_chat(person.id) for person in self.people)

    # What people do

    def say(
        self,
        who: str,
        chat: str,
        text: str,
        files: Sequence[RoomFile] = (),
        reply_to: str | None = None,
    ) -> Line:
        """Write in the group or in one's own private chat with the bot.

        In a locked group the line waits, seen by its author alone, until the bot lets it through.
        """
        self._member(who, chat)
        words.check(text, files)
        quoted = self._visible(who, reply_to) if reply_to else None
        if quoted is not None and quoted.chat != chat:
            raise SettingError("demo.errors.gone")
        waits = chat == TEAM and self.locked and self.has_bot
        line = self._new(
            chat,
            who,
            Kind.SAID,
            text=text,
            files=tuple(files),
            reply_to=reply_to,
            standing=Standing.WAITING if waits else Standing.SEEN,
        )
        self._happened(Said(line, quoted.text if quoted else ""))
        self._keep(line, ChangeKind.SAID, who)
        return line

    def edit(self, who: str, line_id: str, text: str) -> Line:
        """Change the words of one's own line."""
        old = self._own(who, line_id)
        if old.standing is not Standing.SEEN:
            raise SettingError("demo.errors.waiting")
        words.check(text, old.files)
        line = replace(old, text=text, revision=old.revision + 1)
        quoted = self._lines.get(old.reply_to or "")
        self._happened(Edited(line, quoted.text if quoted else ""))
        self._keep(line, ChangeKind.EDITED, who)
        return line

    def delete(self, who: str, line_id: str) -> None:
        """Take back one's own line."""
        line = self._own(who, line_id)
        self._happened(Deleted(line.chat, line.id, self._now()))
        self._drop(line, ChangeKind.DELETED)

    def press(self, who: str, token: str) -> None:
        """Press a button the bot showed to `who`; one that is gone by now cannot be pressed."""
        chat = private_chat(who)
        self._member(who, chat)
        line = next((line for line in self.lines(chat) if _offers(line, token)), None)
        if line is None:
            raise SettingError("demo.errors.button")
        self._happened(Pressed(chat, who, token, self._now()))
        self.changes.tell(ChangeKind.PRESSED, chat=chat, line=line.id, who=who)

    def invite(self, by: str) -> None:
        """Put the bot in the group, once."""
        self._member(by, TEAM)
        if self.has_bot:
            return
        self.has_bot = True
        self._happened(Invited(by, self._now()))
        self._keep(self._new(TEAM, by, Kind.JOINED), ChangeKind.JOINED, by)

    # What the bot hears

    async def hear(self) -> Happening:
        """Wait for what happened next; the same is heard again until `heard`."""
        if self._hearing is None:
            self._hearing = await self._unheard.get()
        return self._hearing

    def heard(self) -> None:
        """Say that the last happening was dealt with."""
        self._hearing = None

    # What the bot does

    def let_through(self, line_id: str) -> None:
        """Say that nothing stands in the way of a line; a waiting one is shown to everybody."""
        line = self._lines.get(line_id)
        if line is not None:
            self._keep(
                replace(line, standing=Standing.SEEN, note=""), ChangeKind.CHECKED, line.author
            )

    def refuse(self, line_id: str, note: str) -> None:
        """Keep a waiting line from everybody but its author, who reads `note` under it."""
        line = self._lines.get(line_id)
        if line is not None and line.standing is not Standing.SEEN:
            self._keep(
                replace(line, standing=Standing.HELD, note=note), ChangeKind.HELD, line.author
            )

    def remove(self, chat: str, line_id: str) -> None:
        """Take a line away for everybody; already gone is fine."""
        self._rights(chat)
        line = self._lines.get(line_id)
        if line is None or line.chat != chat:
            return
        if self._now() - line.at > DELETE_UP_TO:
            raise _refused(f"line {line_id} is too old to remove")
        self._drop(line, ChangeKind.REMOVED)

    def post(
        self,
        chat: str,
        text: str,
        author: str | None = None,
        files: Sequence[RoomFile] = (),
        reply_to: str | None = None,
        silent: bool = False,
    ) -> str:
        """Post as the bot, or in a member's name; return the line's id."""
        self._rights(chat)
        if author is not None and (chat != TEAM or not self.name_of(author)):
            raise _refused(f"nobody called {author!r} can be posted for in this chat")
        line = self._new(
            chat,
            author or BOT,
            Kind.SAID if author else Kind.BOT,
            text=text,
            files=tuple(files),
            reply_to=reply_to if reply_to in self._lines else None,
            via_bot=author is not None,
            silent=silent,
        )
        if chat == TEAM:
            for who in [author] if author else [person.id for person in self.people]:
                self._settle_held(who, text)
        self._keep(line, ChangeKind.RETURNED if author else ChangeKind.POSTED, author or "")
        return line.id

    def whisper(
        self,
        to: str,
        text: str,
        buttons: tuple[tuple[Button, ...], ...] = (),
        near: bool = False,
        replaces: str | None = None,
    ) -> str:
        """Show something to one person alone, or change what was shown; return the line's id."""
        chat = private_chat(to)
        self._rights(chat)
        old = self._lines.get(replaces or "")
        if old is not None and (old.chat != chat or old.author != BOT):
            raise _refused(f"line {old.id} was not shown to this person by the bot")
        if old is not None:
            line = replace(old, text=text, buttons=buttons, revision=old.revision + 1)
        else:
            line = self._new(chat, BOT, Kind.BOT, text=text, buttons=buttons, near=near)
        self._keep(line, ChangeKind.WHISPERED, to)
        return line.id

    def lock(self, notice: str = "") -> None:
        """Let nobody but the bot post in the group; twice is once."""
        self._rights(TEAM)
        if self.locked:
            return
        self.locked, self.notice = True, notice
        self.changes.tell(ChangeKind.LOCKED)

    def unlock(self) -> None:
        """Let everybody post again; what was held is the bot's to deliver and not shown twice."""
        self._rights(TEAM)
        if not self.locked:
            return
        self.locked, self.notice = False, ""
        for line in [one for one in self._lines.values() if one.standing is Standing.HELD]:
            self._drop(line, ChangeKind.SETTLED)
        self.changes.tell(ChangeKind.UNLOCKED)

    # How it is kept

    def _new(self, chat: str, author: str, kind: Kind, **rest: object) -> Line:
        self._count += 1
        line_id = f"{self._prefix}-{self._count}"
        return Line(line_id, chat, author, self._now(), kind, **rest)  # type: ignore[arg-type]

    def _keep(self, line: Line, kind: ChangeKind, who: str) -> None:
        self._lines[line.id] = line
        while len(self._lines) > _LINES_AT_MOST:
            del self._lines[next(iter(self._lines))]
        self.changes.tell(kind, chat=line.chat, line=line.id, who=who)

    def _drop(self, line: Line, kind: ChangeKind) -> None:
        del self._lines[line.id]
        self.changes.tell(kind, chat=line.chat, line=line.id, who=line.author)

    def _settle_held(self, author: str, text: str) -> None:
        """Clear what `author` had held and is now delivered, so that it is not shown twice."""
        for line in self.lines(TEAM, author):
            if line.standing is Standing.HELD and line.text.strip() in text:
                self._drop(line, ChangeKind.SETTLED)

    def _happened(self, happening: Happening) -> None:
        if not self.has_bot:
            return
        try:
            self._unheard.put_nowait(happening)
        except asyncio.QueueFull:
            raise SettingError("demo.errors.busy") from None

    def _member(self, who: str, chat: str) -> None:
        if not self.name_of(who):
            raise SettingError("demo.errors.person")
        if chat not in (TEAM, private_chat(who)):
            raise SettingError("demo.errors.chat")

    def _own(self, who: str, line_id: str) -> Line:
        line = self._visible(who, line_id)
        if line.author != who or line.kind is not Kind.SAID:
            raise SettingError("demo.errors.not_yours")
        return line

    def _visible(self, who: str, line_id: str) -> Line:
        line = self._lines.get(line_id)
        if line is None or line not in self.lines(line.chat, who):
            raise SettingError("demo.errors.gone")
        self._member(who, line.chat)
        return line

    def _rights(self, chat: str) -> None:
        if not self.has_bot:
            raise _refused("the bot is not in the room yet")
        if not self.has_chat(chat):
            raise _refused("there is no such chat in the demo room")


def _offers(line: Line, token: str) -> bool:
    return any(button.token == token for row in line.buttons for button in row if button.token)


def _refused(what: str) -> DeliveryError:
    return DeliveryError(f"demo: {what}", permanent=True)
