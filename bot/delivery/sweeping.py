"""What has had its time is destroyed, and who was counting on it is told."""

import structlog

from bot.delivery.house import House

_log = structlog.get_logger()


class Sweeping:
    """The hourly broom."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def run(self) -> None:
        """Destroy everything that expired."""
        report = await self._house.repository.sweep(self._house.clock.now())
        _log.info("swept", rows=report.removed)
