"""What every part of delivery works with, put together once by the app."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.adapters.base import Adapter, OnBehalf
from bot.core.capabilities import Capabilities
from bot.core.events import Account, ChatRef
from bot.core.findings import Detection
from bot.core.policy import Level, Policy
from bot.delivery.mail import SmtpSettings
from bot.delivery.render import moment
from bot.errors import DeliveryError
from bot.settings import InForce, in_force
from bot.storage.records import Person, School
from bot.storage.repository import Repository
from bot.work.clock import Clock
from bot.work.jobs import Job

Submit = Callable[[Job], Awaitable[None]]


class Detect(Protocol):
    """Look at one message; see `bot.detection.engine.Detector.detect`."""

    def __call__(
        self,
        text: str,
        *,
        attachments: tuple[str, ...] = (),
        file_names: tuple[str, ...] = (),
        context: tuple[str, ...] = (),
        own_domains: tuple[str, ...] = (),
    ) -> Detection: ...


@dataclass(frozen=True, slots=True)
class Post:
    """How mail leaves: the server and the sender; `None` settings mean no mail can be sent."""

    smtp: SmtpSettings | None = field(default=None, repr=False)
    sender: str = field(default="", repr=False)


@dataclass(slots=True)
class Place:
    """Where the web pages are found from outside; empty while none are served."""

    url: str = ""


@dataclass(frozen=True, slots=True)
class House:
    """The wiring: storage, work, clock, platforms, mail, detection and the protocol.

    `policies` finds a policy by file name; `level` and `team_address` were given from outside.
    """

    repository: Repository
    submit: Submit
    clock: Clock
    adapters: Mapping[str, Adapter]
    detect: Detect
    policies: Callable[[str], Policy]
    policy_file: str
    policy_folder: Path
    post: Post = Post()
    level: Level | None = None
    team_address: str = field(default="", repr=False)
    web: Place = field(default_factory=Place)
    people: dict[str, tuple[Person, ...]] = field(default_factory=dict, repr=False)

    async def school(self) -> InForce:
        """What counts right now."""
        return self.weigh(await self._stored())

    def weigh(self, school: School) -> InForce:
        """Combine a stored school with policy and installation."""
        policy = self.policies(school.policy_file or self.policy_file)
        return in_force(school, policy, level=self.level, team_address=self.team_address)

    async def _stored(self) -> School:
        school = await self.repository.school()
        return school or await self.repository.create_school("School")

    def adapter(self, platform: str) -> Adapter:
        """The adapter of one platform; `DeliveryError` while it is not running."""
        adapter = self.adapters.get(platform)
        if adapter is None:
            raise DeliveryError(f"{platform} is not connected", permanent=False)
        return adapter

    async def means(self, account: Account) -> Capabilities:
        """What can be done for one person: with their own account, where they gave leave."""
        own = self.on_behalf(account.platform)
        if own is not None:
            return await own.means_for(account)
        return self.adapter(account.platform).capabilities

    def on_behalf(self, platform: str) -> OnBehalf | None:
        """The platform, where it lets members give us leave to act for them."""
        adapter: object = self.adapters.get(platform)
        return adapter if isinstance(adapter, OnBehalf) else None

    async def person(self, account: Account) -> Person | None:
        return await self.repository.person_for(account)

    async def say_moment(self, at: datetime) -> str:
        """An instant as people of this school say it."""
        school = (await self.school()).school
        return moment(at, language=school.language, zone=school.zone, now=self.clock.now())

    async def colleagues(self, org: str) -> tuple[Person, ...]:
        """Everybody of a school, remembered until somebody changes."""
        if org not in self.people:
            self.people[org] = await self.repository.people(org)
        return self.people[org]

    def people_changed(self) -> None:
        """Forget what was remembered of people."""
        self.people.clear()

    async def size(self, chat: ChatRef) -> int | None:
        """How many people are in a chat, where the platform says so."""
        adapter = self.adapters.get(chat.platform)
        try:
            return await adapter.member_count(chat) if adapter else None
        except DeliveryError:
            return None
