"""What did not come to its end: work that gave up or is late, and mails nobody is sure of."""

from dataclasses import asdict, dataclass
from typing import Protocol

from bot.delivery.house import House
from bot.storage.repository import Repository
from bot.texts import text
from bot.work.engine import EngineStatus

_PLACE, _ASKED = "work", "retry"


class Work(Protocol):
    """What the work engine tells, and does again."""

    async def status(self) -> EngineStatus: ...

    async def retry(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Left:
    """How much was left behind; of each only a number."""

    gave_up: int
    late: int
    uncertain: int

    @property
    def good(self) -> bool:
        """Whether nothing needs an admin; an uncertain mail is its author's to decide."""
        return not self.gave_up and not self.late

    def lines(self, language: str = "nl") -> tuple[str, ...]:
        """The numbers, and what each asks of an admin."""
        found = asdict(self)
        if not any(found.values()):
            return (text("work.none", language),)
        told = (text(f"work.{name}", language) for name, count in found.items() if count)
        return (text("work.counts", language, **found), *told)


class Leftovers:
    """Counts what was left behind and gives it another go."""

    def __init__(self, house: House, work: Work) -> None:
        self._house = house
        self._work = work

    async def count(self) -> Left:
        """How it stands now."""
        org = (await self._house.school()).school.id
        status = await self._work.status()
        uncertain = await self._house.repository.uncertain_mails(org)
        return Left(status.failed, status.late, uncertain)

    async def retry(self) -> int:
        """Give everything that gave up another go; how much that was."""
        return await self._work.retry()

    async def look(self) -> None:
        """Do what an admin asked for on the server, where nobody could reach the engine."""
        asked = self._house.repository.adapter_state(_PLACE)
        if await asked.get(_ASKED) is None:
            return
        await self.retry()
        await asked.compare_and_set(_ASKED, b"asked", None)


async def ask_retry(repository: Repository) -> None:
    """Ask whichever process works, now or later, to give what gave up another go."""
    await repository.adapter_state(_PLACE).put(_ASKED, b"asked")
