"""A held message stays its author's: its words can be changed until they are delivered."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.core.decisions import Person as ByPerson
from bot.core.decisions import Reply, Whisper
from bot.core.events import MessagePosted
from bot.core.respond import held_buttons
from bot.delivery import moments
from bot.delivery.house import House
from bot.delivery.planned import Planned
from bot.delivery.plans import drafts, first_job
from bot.storage.records import Case, CaseState

LASTS = timedelta(days=2)
LONGEST = 20_000
Replies = tuple[Reply, ...]


class Holding:
    """Takes the new words of a held message in the private chat."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._planned = Planned(house)

    async def begin(self, case: Case) -> None:
        """Take the author's next private message as the new words."""
        state = json.dumps({"kind": "held", "case": case.id}).encode()
        expires = self._house.clock.now() + LASTS
        await self._house.repository.put_dialogue(case.sender, state, expires)

    async def typed(
        self, event: MessagePosted, key: str, state: Mapping[str, object], words: str
    ) -> Replies:
        """Judge and store the new words; `key` is that of the answer."""
        await self._house.repository.drop_dialogue(event.sender)
        if words.strip().casefold() in ("stop", "/stop"):
            return (_say("dialogue.stopped"),)
        case = await self._house.repository.case(str(state.get("case")))
        if case is None or case.state is not CaseState.HELD or case.sender != event.sender:
            return (_say("quiet.too_late"),)
        if not words.strip():
            return (_say("quiet.change_empty"),)
        return await self._changed(case, words[:LONGEST], key)

    async def _changed(self, case: Case, words: str, key: str) -> Replies:
        school = await self._house.school()
        found = await asyncio.to_thread(self._house.detect, words, own_domains=school.own_domains)
        if found.confidential or found.assessment.unsure or found.failed:
            await self.begin(case)
            return (_say("quiet.change_confidential"),)
        if await self._planned.taken_back(case):
            return (_say("quiet.too_late"),)
        new = await self._house.repository.replace_copy(
            case.id, case.revision + 1, words, case.attachments, found.findings, ()
        )
        if not new:
            return (_say("quiet.too_late"),)
        situation = await moments.for_case(self._house, school, replace(case, categories=()))
        values = {"until": case.due_at or situation.quiet_until, "text": words}
        said = (Whisper("quiet.changed", ByPerson(), values, held_buttons(situation)),)
        await self._house.repository.add_plan(key, case.id, drafts(said))
        await self._house.submit(first_job(key, said))
        return ()


def _say(key: str) -> Reply:
    return Reply(key, ByPerson())
