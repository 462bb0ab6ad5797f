"""The private talk about "mag ik dit delen?": its state is kept, its answers are replies."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.core.decisions import Choice, Person, Reply
from bot.core.dialogue import DialogueState
from bot.core.events import Account, AttachmentKind, MessagePosted
from bot.core.findings import Detection
from bot.core.policy import Policy
from bot.delivery.advise import Turn, pressed, said
from bot.delivery.drafting import Drafting
from bot.delivery.house import House
from bot.settings import InForce
from bot.storage.records import TakenButton

LASTS = timedelta(days=2)


class Advising:
    """Answers questions by the school's own protocol; works whatever the level is."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._drafting = Drafting(house)

    async def asked(
        self, event: MessagePosted, words: str, state: Mapping[str, object]
    ) -> tuple[Reply, ...]:
        """Answer a private message, or take it as the answer to our own question."""
        kind = event.attachments[0].kind if event.attachments else None
        return await self._said(event.sender, words, state, kind)

    async def offer(self, event: MessagePosted, words: str) -> None:
        """Offer what can be done with a draft that came with the question."""
        await self._drafting.offer(event, words)

    async def asked_text(self, account: Account, words: str) -> tuple[Reply, ...]:
        """Answer a question given with a command; it begins a new talk."""
        return await self._said(account, words, {}, None)

    async def pressed(
        self, account: Account, state: Mapping[str, object], taken: TakenButton
    ) -> tuple[Reply, ...]:
        """Go on after a button under one of our questions."""
        school = await self._house.school()
        if taken.choice == Choice.ASK_MANAGER.value:
            values = {"articles": taken.argument, "protocol": school.policy.name}
            key = "advice.summary" if taken.argument else "advice.summary_silent"
            return (Reply(key, Person(), values),)
        known = DialogueState.from_json(state)
        if taken.choice == Choice.STOP.value:
            turn = await self._heard(school, known, "stop", None)
        else:
            turn = pressed(_policy(school), known, taken.argument, school.school.language)
        return await self._keep(account, turn)

    async def _said(
        self,
        account: Account,
        words: str,
        state: Mapping[str, object],
        kind: AttachmentKind | None,
    ) -> tuple[Reply, ...]:
        school = await self._house.school()
        known = DialogueState.from_json(state)
        return await self._keep(account, await self._heard(school, known, words, kind))

    async def _heard(
        self, school: InForce, state: DialogueState, words: str, kind: AttachmentKind | None
    ) -> Turn:
        return await asyncio.to_thread(
            said,
            _policy(school),
            self._detect(school),
            state,
            words,
            attachment=kind.value if kind else None,
            language=school.school.language,
        )

    def _detect(self, school: InForce) -> Callable[[str], Detection]:
        return partial(self._house.detect, own_domains=school.own_domains)

    async def _keep(self, account: Account, turn: Turn) -> tuple[Reply, ...]:
        state, replies = turn
        repository = self._house.repository
        if state.open:
            expires = self._house.clock.now() + LASTS
            stored = json.dumps(state.to_json()).encode()
            await repository.put_dialogue(account, stored, expires)
        else:
            await repository.drop_dialogue(account)
        return replies


def _policy(school: InForce) -> Policy:
    """The protocol with the address the school really uses."""
    settings = replace(school.policy.settings, team_address=school.team_address)
    return replace(school.policy, settings=settings)
