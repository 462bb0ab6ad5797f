"""The private chat: commands, codes, setting up, and "mag ik dit delen?".

Every answer is a plan of its own, under a key made from the event, so that an event told twice
is answered once.
"""

import json
import re

from bot.core.decisions import Person as ByPerson
from bot.core.decisions import Reply
from bot.core.events import Account, ButtonPressed, CommandGiven, MessagePosted, Pass, Receipt
from bot.core.respond import call_buttons
from bot.delivery import moments
from bot.delivery.about_me import about_me
from bot.delivery.advising import Advising
from bot.delivery.agendas import Agendas, calendar_file
from bot.delivery.belonging import belongs
from bot.delivery.holding import Holding
from bot.delivery.house import House
from bot.delivery.leaving import manages_alone
from bot.delivery.plans import drafts, first_job, plan_key
from bot.delivery.resting import REST_COMMANDS, Resting
from bot.delivery.setup import Setting
from bot.storage.records import Refusal, TakenButton

LONGEST_QUESTION = 20_000
LONGEST_SENTENCE = 200
_REST_WORDS = frozenset({"stilte", "werkdagen", "verlof", "samenvatting"})
_FOR_COLLEAGUES = REST_COMMANDS | {"dringend", "urgent"}
_OTHER_TALKS = ("setup", "rest", "held")
_CODE = re.compile(r"(?:code\s+)?([A-Za-z0-9]{4,5}-?[A-Za-z0-9]{4,5})", re.IGNORECASE)


class Private:
    """Answers what somebody says to Fluister alone."""

    def __init__(
        self,
        house: House,
        advising: Advising,
        setting: Setting,
        resting: Resting,
        holding: Holding,
        agendas: Agendas,
    ) -> None:
        self._house = house
        self._advising = advising
        self._setting = setting
        self._resting = resting
        self._holding = holding
        self._agendas = agendas

    async def said(self, event: MessagePosted) -> Receipt:
        """Answer one private message."""
        chat = event.chat
        key = plan_key("dm", chat.platform, chat.chat, event.message, str(event.revision))
        if await self._again(key):
            return Pass()
        text = event.text[:LONGEST_QUESTION]
        state = await self._state(event.sender)
        replies = await self._replies(event, text, key, state)
        await self._answer(key, event.sender, replies)
        if state.get("kind") not in _OTHER_TALKS:
            await self._advising.offer(event, text)
        return Pass()

    async def _replies(
        self, event: MessagePosted, text: str, key: str, state: dict[str, object]
    ) -> tuple[Reply, ...]:
        code = _CODE.fullmatch(text.strip())
        if code is not None:
            answer = await self._code(event.sender, code.group(1))
            if answer:
                return answer
        match state.get("kind"):
            case "setup":
                return await self._setting.typed(event.sender, state, text)
            case "rest" if "?" not in text:
                return await self._resting.typed(event.sender, state, text)
            case "held":
                return await self._holding.typed(event, key, state, text)
            case _:
                return await self._new(event, text, state)

    async def _new(
        self, event: MessagePosted, text: str, state: dict[str, object]
    ) -> tuple[Reply, ...]:
        """Take what answers no question of ours: a calendar, words about rest, or a question."""
        agenda, meant = calendar_file(event.attachments), _said_of_rest(text)
        wanted = about_me(text)
        for_colleagues = agenda or meant or wanted == "phone"
        if for_colleagues and not await belongs(self._house, event.sender):
            return _say("help.stranger")
        if agenda:
            return await self._agendas.sent(event.sender, agenda, text)
        if meant:
            return await self._resting.commanded(event.sender, *meant)
        if wanted:
            return await self._told(event.sender, wanted)
        return await self._advising.asked(event, text, state)

    async def _told(self, account: Account, wanted: str) -> tuple[Reply, ...]:
        """Answer from the records what somebody asks about themselves."""
        match wanted:
            case "stored":
                return await self._about(account)
            case "phone":
                return await self._urgent(account)
            case "removed":
                return await self._removed(account)
            case _:
                return _say("help.all")

    async def _forget(self, account: Account) -> tuple[Reply, ...]:
        repository = self._house.repository
        org = (await self._house.school()).school.id
        if await manages_alone(repository, org, (account,)):
            return _say("about.only_admin")
        await repository.forget(account)
        return _say("about.forgotten")

    async def _removed(self, account: Account) -> tuple[Reply, ...]:
        articles = await self._house.repository.last_taken_away(account)
        if articles is None:
            return _say("about.nothing_removed")
        school = await self._house.school()
        rules = [rule for rule in school.policy.rules if rule.article in articles]
        says = rules[0].says if rules else ""
        protocol = school.policy.name
        return _say("about.removed", says=says, articles=", ".join(articles), protocol=protocol)

    async def commanded(self, event: CommandGiven) -> Receipt:
        """Carry out a command, wherever it was given; the answer is always private."""
        who = self._house.repository.account_mark(event.by)
        key = plan_key("cmd", who, event.command, event.at.isoformat(), event.argument)
        if await self._again(key):
            return Pass()
        if _word(event) in _FOR_COLLEAGUES and not await belongs(self._house, event.by):
            replies = _say("help.stranger")
        else:
            replies = await self._command(event, event.argument[:LONGEST_QUESTION].strip())
        await self._answer(key, event.by, replies)
        return Pass()

    async def _command(self, event: CommandGiven, argument: str) -> tuple[Reply, ...]:
        match _word(event):
            case "start" | "code" if argument:
                return await self._code(event.by, argument) or _say("code.unknown")
            case "start" | "help" | "hulp":
                return _say("help.all")
            case "dringend" | "urgent":
                return await self._urgent(event.by)
            case "instellen" | "setup" | "niveau" | "teamadres":
                return await self._setting.commanded(event.by, event.command, argument)
            case word if word in REST_COMMANDS:
                return await self._resting.commanded(event.by, word, argument)
            case "magditdelen" | "share":
                return await self._advising.asked_text(event.by, argument)
            case "watweetje" | "aboutme":
                return await self._about(event.by)
            case "vergeetmij" | "forgetme":
                return await self._forget(event.by)
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
        elif taken.choice == "rest" and not await belongs(self._house, event.by):
            replies = _say("help.stranger")
        elif taken.choice == "rest":
            replies = await self._resting.pressed(event.by, taken.argument)
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


def _word(event: CommandGiven) -> str:
    return event.command.lstrip("/!").casefold()


def _said_of_rest(text: str) -> tuple[str, str] | None:
    """A command typed without its stroke, "stilte ma-vr 18:00-07:30", and never a question."""
    word, _, argument = text.strip().partition(" ")
    if word.casefold() not in _REST_WORDS or len(text) > LONGEST_SENTENCE or "?" in text:
        return None
    return word.casefold(), argument.strip()


def _say(key: str, **values: object) -> tuple[Reply, ...]:
    return (Reply(key, ByPerson(), values),)
