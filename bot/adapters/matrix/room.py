"""One room as its state events describe it: who is in it, who may do what. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.adapters.matrix.reading import Payload, part, whole, words

CREATORS_RULE = 12
INFINITE = 1_000_000_000
MADE_FOR = "nl.fluister.private"
BRIDGED = ("m.bridge", "uk.half-shot.bridge")


@dataclass(slots=True)
class Room:
    """What is known of a room; `apply` takes every state event, in any order of kinds."""

    id: str
    members: dict[str, str] = field(default_factory=dict)
    invited: set[str] = field(default_factory=set)
    version: str = ""
    maker: str = ""
    creators: frozenset[str] = frozenset()
    encrypted: bool = False
    bridged: bool = False
    protocol: str = ""
    bridge_bots: set[str] = field(default_factory=set)
    space: bool = False
    made_for: str = ""
    replaced_by: str = ""
    predecessor: str = ""
    levels: Payload = field(default_factory=dict)
    name: str = ""
    history: str = ""
    askers: dict[str, tuple[str, bool]] = field(default_factory=dict)

    def apply(self, event: Payload) -> None:
        """Take in one state event; what is not one changes nothing."""
        key = event.get("state_key")
        if not isinstance(key, str):
            return
        content = part(event, "content")
        match event.get("type"):
            case "m.room.member":
                self._member(key, content)
                self._asked(key, event)
            case "m.room.create" if key == "":
                self._created(event, content)
            case "m.room.power_levels" if key == "":
                self.levels = content
            case "m.room.encryption" if key == "":
                self.encrypted = True
            case "m.room.tombstone" if key == "":
                self.replaced_by = words(content, "replacement_room")
            case "m.room.name" if key == "":
                self.name = words(content, "name")
            case "m.room.history_visibility" if key == "":
                self.history = words(content, "history_visibility")
            case str(kind) if kind in BRIDGED:
                self._bridge(content)
            case _:
                pass

    def _member(self, user: str, content: Payload) -> None:
        self.members.pop(user, None)
        self.invited.discard(user)
        match content.get("membership"):
            case "join":
                self.members[user] = words(content, "displayname")
            case "invite":
                self.invited.add(user)
            case _:
                pass

    def _asked(self, user: str, event: Payload) -> None:
        """Who asked somebody in, and whether for a private chat; a join repeats the invitation."""
        content, before = part(event, "content"), part(event, "unsigned", "prev_content")
        if content.get("membership") == "invite":
            self.askers[user] = (words(event, "sender"), content.get("is_direct") is True)
        elif before.get("membership") == "invite":
            by = words(part(event, "unsigned"), "prev_sender")
            self.askers[user] = (by, before.get("is_direct") is True)

    def _bridge(self, content: Payload) -> None:
        self.bridged = self.bridged or bool(content)
        self.protocol = words(part(content, "protocol"), "id") or self.protocol
        bot = words(content, "bridgebot")
        if bot:
            self.bridge_bots.add(bot)

    def _created(self, event: Payload, content: Payload) -> None:
        self.version = words(content, "room_version") or "1"
        self.made_for = words(content, MADE_FOR)
        self.space = words(content, "type") == "m.space"
        self.predecessor = words(part(content, "predecessor"), "room_id")
        more = content.get("additional_creators")
        named = [one for one in more if isinstance(one, str)] if isinstance(more, list) else []
        self.maker = words(event, "sender")
        self.creators = frozenset([self.maker, *named])

    @property
    def creators_rule(self) -> bool:
        """From version 12 creators stand above every power level and are not listed in them."""
        return self.version.isdecimal() and int(self.version) >= CREATORS_RULE

    def power(self, user: str) -> int:
        """What somebody may do, as a number."""
        if self.creators_rule and user in self.creators:
            return INFINITE
        if not self.levels:
            return 100 if user in self.creators else 0
        listed = part(self.levels, "users")
        return whole(listed, user, whole(self.levels, "users_default"))

    def needed(self, action: str) -> int:
        """What `redact`, `invite`, `state_default` or a kind of event asks for."""
        events = part(self.levels, "events")
        if action in events:
            return whole(events, action)
        if action.startswith("m.room."):
            return whole(self.levels, "state_default", 50)
        return whole(self.levels, action, 50 if action != "invite" else 0)

    def admins(self, bot: str) -> Iterator[str]:
        """Who has the say here, the bot itself left out."""
        yield from (u for u in self.members if u != bot and self.power(u) >= 100)

    def people(self, bot: str) -> Mapping[str, str]:
        return {u: name for u, name in self.members.items() if u in self.others(bot)}

    def others(self, bot: str) -> set[str]:
        """Everybody else who is in it or was asked in; a bridge's own bot is nobody."""
        return {*self.members, *self.invited} - {bot} - self.bridge_bots

    def is_between(self, bot: str, user: str) -> bool:
        """Whether nobody but these two is in it, or was asked in.

        Who is a bridge's bot is only what somebody says in the room: here it counts for nothing.
        """
        return bot in self.members and {*self.members, *self.invited} - {bot} == {user}

    def is_for_two(self, bot: str) -> bool:
        return bot in self.members and len(self.others(bot)) == 1
