"""Speaking to people: whispers by the best means there is, replies, and posts in their name."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.adapters.base import Button, File, Post, ShowPrivately, WayTo
from bot.core.decisions import Ask, Choice, Reply, Rows, Whisper
from bot.core.drafts import is_draft
from bot.core.events import Account, ChatRef
from bot.delivery.house import House
from bot.delivery.outcome import Result, skipped
from bot.delivery.render import render
from bot.errors import DeliveryError
from bot.storage.records import Case, NewButton, Step

BUTTONS_LAST = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class _Said:
    """What to tell whom: final words and buttons, `near` a group or in private."""

    to: Account
    text: str = field(repr=False)
    buttons: tuple[tuple[Button, ...], ...]
    near: ChatRef | None = None
    replaces: str | None = None
    about: WayTo | None = None


class Voices:
    """Renders and shows; every button it shows is stored first, as a one-time token."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def say(self, key: str, values: Mapping[str, object], language: str = "") -> str:
        """Return a text in the school's language and time zone."""
        school = (await self._house.school()).school
        return render(
            key,
            values,
            language=language or school.language,
            zone=school.zone,
            now=self._house.clock.now(),
        )

    async def whisper(self, whisper: Whisper, step: Step) -> Result:
        """Tell the sender alone: ephemeral, else private chat, else a nudge without content."""
        case = await self._house.repository.case(step.case_id) if step.case_id else None
        if case is None:
            return skipped("no_case")
        in_group = case.delivered and case.removed_at is None
        if whisper.if_kept is not None and in_group:
            whisper = whisper.if_kept
        said = _Said(
            case.sender,
            await self.say(whisper.key, whisper.values),
            await self._buttons(whisper.buttons, case.sender, case.id),
            near=None if is_draft(case.message) else case.chat,
            replaces=case.whisper_message,
            about=await self._way_to(case) if in_group else None,
        )
        message = await self._show(said, step)
        if message is not None:
            await self._house.repository.update_case(case.id, whisper_message=message)
        return Result(message=message)

    async def _way_to(self, case: Case) -> WayTo:
        return WayTo(case.chat, case.message, await self.say("button.to_message", {}))

    async def _show(self, said: _Said, step: Step) -> str | None:
        adapter = self._house.adapter(said.to.platform)
        ways = [said.near, None] if adapter.capabilities.ephemeral else [None]
        for part, near in enumerate(ways):
            action = ShowPrivately(
                said.to, said.text, said.buttons, near, said.replaces, said.about
            )
            try:
                return (await adapter.act(action, f"{step.plan_key}:{step.seq}:{part}")).message
            except DeliveryError as refused:
                if not refused.permanent:
                    raise
        return await self._nudge(said, step)

    async def _nudge(self, said: _Said, step: Step) -> str | None:
        """Nobody named, nothing told: only that somebody's private chat has something."""
        if said.near is None:
            raise DeliveryError("there is no way to reach this person", permanent=True)
        words = await self.say("whisper.nudge", {})
        adapter = self._house.adapter(said.to.platform)
        key = f"{step.plan_key}:{step.seq}:nudge"
        await adapter.act(Post(said.near, words, silent=True), key)
        return None

    async def reply(self, decision: Reply | Ask, step: Step) -> Result:
        """Answer in the private chat."""
        if isinstance(decision, Ask):
            return skipped("asked_by_reply")
        if decision.to is None:
            return skipped("nobody")
        buttons = await self._buttons(decision.buttons, decision.to, step.case_id)
        text = await self.say(decision.key, decision.values)
        action = ShowPrivately(decision.to, text, buttons)
        adapter = self._house.adapter(decision.to.platform)
        done = await adapter.act(action, f"{step.plan_key}:{step.seq}:0")
        return Result(message=done.message)

    async def _buttons(
        self, wanted: Rows, account: Account, case_id: str | None
    ) -> tuple[tuple[Button, ...], ...]:
        group = secrets.token_urlsafe(9)
        expires = self._house.clock.now() + BUTTONS_LAST
        stored: list[NewButton] = []
        shown: list[tuple[Button, ...]] = []
        for row in wanted:
            made: list[Button] = []
            for spec in row:
                label = await self.say(spec.label, spec.label_values)
                if spec.url:
                    made.append(Button(label, url=spec.url))
                    continue
                token = secrets.token_urlsafe(18)
                made.append(Button(label, token))
                choice = (spec.choice or Choice.BACK).value
                stored.append(
                    NewButton(token, group, account, case_id, choice, spec.argument, expires)
                )
            shown.append(tuple(made))
        if stored:
            await self._house.repository.add_buttons(stored)
        return tuple(shown)

    async def in_name_of(self, case: Case, words: str, files: Sequence[File] = ()) -> Post:
        """A post that shows whose it is: by the platform's own means, or with a first line."""
        means = await self._house.means(case.sender)
        # What a member gives leave for is words: files are posted by us.
        ours = bool(files) and self._house.on_behalf(case.chat.platform) is not None
        if ours or not means.post_as_author:
            name = await self.name_of(case)
            words = await self.say("digest.from", {"name": name, "text": words})
        return Post(
            case.chat,
            words,
            author=case.sender,
            files=tuple(files),
            reply_to=case.reply_to,
            conversation=case.conversation,
        )

    async def name_of(self, case: Case) -> str:
        """The sender's name as the school knows it, else as the platform shows it."""
        person = await self._house.person(case.sender)
        if person is not None:
            return person.name
        return case.sender.name or await self.say("digest.someone", {})
