"""What has had its time is destroyed, and who was counting on it is told."""

import structlog

from bot.core.decisions import ByClock, Reply
from bot.delivery.house import House
from bot.delivery.plans import drafts, first_job
from bot.storage.records import Case

_log = structlog.get_logger()


class Sweeping:
    """The hourly broom."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def run(self) -> None:
        """Destroy everything that expired; tell the author of a copy that still waited."""
        school = await self._house.school()
        report = await self._house.repository.sweep(
            self._house.clock.now(), incident_days=school.policy.settings.incident_days
        )
        for case in report.expired:
            await self._tell(case)
        _log.info("swept", rows=report.removed)

    async def _tell(self, case: Case) -> None:
        plan = f"expired:{case.id}"
        told = (Reply("whisper.expired", ByClock(), to=case.sender),)
        # A plan of no case: the next sweep may take the case's row, and its plans with it.
        await self._house.repository.add_plan(plan, None, drafts(told))
        await self._house.submit(first_job(plan, told))
