"""How the work stands, read from outside: beside a process that works there, or where none does."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.work.engine import LATE_AFTER
from bot.work.homes import home_for


@dataclass(frozen=True, slots=True)
class Standing:
    """`failed` jobs gave up; `late` ones could have run or ended a quarter of an hour ago."""

    failed: int
    late: int


def standing(url: str) -> Standing:
    """Count in the work database `url`; nothing is made, locked or changed there.

    Blocks. ConfigError when the database cannot be read.
    """
    home = home_for(url)
    if not home.lived_in():
        return Standing(0, 0)
    return Standing(len(home.ledger.failed()), home.ledger.late(datetime.now(UTC) - LATE_AFTER))
