"""The private chat: commands, codes, setting up, and "mag ik dit delen?".

Every answer is a plan of its own, under a key made from the event, so that an event told twice
is answered once.
"""

import json
import re
from datetime import timedelta

from bot.core.decisions import Person as ByPerson
from bot.core.decisions import Reply
from bot.core.events import Account, ButtonPressed, CommandGiven, MessagePosted, Pass, Receipt
from bot.core.quiet_hours import WorkingTime, next_working, why
from bot.core.respond import call_buttons
from bot.delivery import moments
from bot.delivery.advising import Advising
from bot.delivery.house import House
from bot.delivery.plans import drafts, first_job, plan_key
from bot.delivery.setup import Setting
from bot.people import working_time
from bot.storage.records import Refusal, TakenButton
from bot.texts import text

DIALOGUE_LASTS = timedelta(days=2)
LONGEST_QUESTION = 20_000
_CODE = re.compile(r"(?:code\s+)?([A-Za-z0-9]{4,5}-?[A-Za-z0-9]{4,5})", re.IGNORECASE)


class Private:
    """Answers what somebody says to Fluister alone."""

    def __init__(self, house: House, advising: Advising, setting: Setting) -> None:
        self._house = house
        self._advising = advising
        self._setting = setting

    async def said(self, event: MessagePosted) -> Receipt:
        """Answer one private message."""
        chat = event.chat
        key = plan_key("dm", chat.platform, chat.chat, event.message, str(event.revision))
        if await self._again(key):
            return Pass()
        text = event.text[:LONGEST_QUESTION]
        replies = await self._replies(event, text)
        await self._answer(key, event.sender, replies)
        return Pass()

    async def _replies(self, event: MessagePosted, text: str) -> tuple[Reply, ...]:
        code = _CODE.fullmatch(text.strip())
        if code is not None:
            answer = await self._code(event.sender, code.group(1))
            if answer:
                return answer
        state = await self._state(event.sender)
        if state.get("kind") == "setup":
            return await self._setting.typed(event.sender, state, text)
        return await self._advising.asked(event, text, state)

    async def commanded(self, event: CommandGiven) -> Receipt:
        """Carry out a command, wherever it was given; the answer is always private."""
        who = self._house.repository.account_mark(event.by)
        key = plan_key("cmd", who, event.command, event.at.isoformat(), event.argument)
        if await self._again(key):
            return Pass()
        replies = await self._command(event, event.argument[:LONGEST_QUESTION].strip())
        await self._answer(key, event.by, replies)
        return Pass()

    async def _command(self, event: CommandGiven, argument: str) -> tuple[Reply, ...]:
        match event.command.lstrip("/!").casefold():
            case "start" | "code" if argument:
                return await self._code(event.by, argument) or _say("code.unknown")
            case "start" | "help" | "hulp":
                return _say("help.all")
            case "dringend" | "urgent":
                return await self._urgent(event.by)
            case "instellen" | "setup" | "stilte" | "niveau" | "teamadres":
                return await self._setting.commanded(event.by, event.command, argument)
            case "vrij" | "free":
                return await self._free(event.by)
            case "magditdelen" | "share":
                return await self._advising.asked_text(event.by, argument)
            case "watweetje" | "aboutme":
                return await self._about(event.by)
            case "vergeetmij" | "forgetme":
                await self._house.repository.forget(event.by)
                return _say("about.forgotten")
            case "stop" | "opnieuw":
                await self._house.repository.drop_dialogue(event.by)
                return _say("dialogue.stopped")
            case _:
                return _say("help.unknown")

    async def saved(self, event: CommandGiven) -> Receipt:
        """Say to an admin that a setting given in a group was taken."""
        chat = event.chat
        key = plan_key("saved", chat.platform, chat.chat, event.at.isoformat())
        await self._answer(key, event.by, _say("setup.saved"))
        return Pass()

    async def answered(self, event: ButtonPressed, taken: TakenButton) -> Receipt:
        """Go on with a dialogue through a button."""
        key = f"press:{self._house.repository.token_id(event.token)}"
        state = await self._state(event.by)
        if taken.choice == "setup":
            replies = await self._setting.pressed(event.by, state, taken.argument)
        else:
            replies = await self._advising.pressed(event.by, state, taken)
        await self._answer(key, event.by, replies)
        return Pass()

    async def _code(self, account: Account, typed: str) -> tuple[Reply, ...]:
        """Try a code as the school's claim and as a colleague's link; nothing tells them apart."""
        now = self._house.clock.now()
        claimed = await self._house.repository.redeem_admin_code(typed, account, now)
        if claimed is True:
            return await self._setting.begin(account)
        person = await self._house.repository.redeem_link_code(typed, account, now)
        if not isinstance(person, Refusal):
            return _say("code.linked", name=person.name)
        if Refusal.EXPIRED in (claimed, person):
            return _say("code.expired")
        return _say("code.unknown") if len(typed) >= 8 and any(map(str.isdigit, typed)) else ()

    async def _urgent(self, account: Account) -> tuple[Reply, ...]:
        school = await self._house.school()
        bare = moments.bare(self._house, school, account)
        situation = await moments.completed(self._house, school, account, bare)
        key = "quiet.call" if situation.call_list else "quiet.call_nobody"
        return (Reply(key, ByPerson(), {}, call_buttons(situation)),)

    async def _free(self, account: Account) -> tuple[Reply, ...]:
        """Tell whether this is somebody's own working time, and when the next begins."""
        school = await self._house.school()
        if not school.rest_on:
            return _say("setup.rest_off")
        person = await self._house.person(account)
        calendar = school.calendar
        time = working_time(person, calendar) if person else WorkingTime(calendar)
        now = self._house.clock.now()
        reason = why(time, now)
        said = text(reason.key, school.school.language, name=reason.name)
        following = None if reason.working else next_working(time, now)
        return _say("quiet.free" if following else "quiet.not_free", why=said, until=following)

    async def _about(self, account: Account) -> tuple[Reply, ...]:
        stored = await self._house.repository.about(account)
        return _say("about.stored", **{name: str(value) for name, value in stored.items()})

    async def _state(self, account: Account) -> dict[str, object]:
        stored = await self._house.repository.dialogue(account)
        loaded = json.loads(stored) if stored else {}
        return loaded if isinstance(loaded, dict) else {}

    async def _again(self, key: str) -> bool:
        """Whether this event was taken in before; its answer is handed on once more."""
        if await self._house.repository.step(key, 0) is None:
            return False
        await self._house.submit(first_job(key, ()))
        return True

    async def _answer(self, key: str, to: Account, replies: tuple[Reply, ...]) -> None:
        if not replies:
            return
        addressed = tuple(
            Reply(reply.key, reply.cause, reply.values, reply.buttons, to) for reply in replies
        )
        await self._house.repository.add_plan(key, None, drafts(addressed))
        await self._house.submit(first_job(key, addressed))


def _say(key: str, **values: object) -> tuple[Reply, ...]:
    return (Reply(key, ByPerson(), values),)
