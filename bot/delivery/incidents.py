"""The record of what happened: kinds, rules and times, never text, the sender only as a hash."""

from datetime import timedelta

from bot.core.decisions import Record
from bot.delivery.house import House
from bot.storage.records import Step


class Incidents:
    """Writes incident rows and counts; nobody is scored."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def record(self, decision: Record, step: Step) -> None:
        """Record one event of a case; repeating it changes nothing."""
        case = await self._house.repository.case(step.case_id) if step.case_id else None
        if case is None:
            return
        school = await self._house.school()
        now = self._house.clock.now()
        keep = timedelta(days=school.policy.settings.incident_days)
        await self._house.repository.record_incident(
            key=f"{step.plan_key}:{step.seq}",
            org=case.org,
            case_id=case.id,
            event=decision.event,
            categories=decision.categories or case.categories,
            rule_ids=case.rule_ids,
            articles=case.articles,
            facts=case.facts,
            detail=decision.detail,
            seen_at=case.seen_at,
            at=now,
            removed_at=case.removed_at,
            mailed_at=case.mailed_at,
            group_size=case.group_size,
            sender=case.sender,
            expires_at=now + keep,
        )
