"""Each kind of decision, carried out on its platform."""

from datetime import datetime, timedelta
from typing import assert_never

from bot.adapters.base import File, LockGroup, RemoveMessage, ShowPrivately, Snooze, UnlockGroup
from bot.adapters.base import Post as PostAction
from bot.core.decisions import (
    Ask,
    ButtonSpec,
    ByClock,
    Catchup,
    Choice,
    Copy,
    Count,
    Decision,
    Digest,
    Erase,
    Hold,
    LockChat,
    Mail,
    PostNotice,
    PostPointer,
    Record,
    Remove,
    Reply,
    Repost,
    SetDnd,
    UnlockChat,
    Whisper,
)
from bot.core.events import ChatRef
from bot.core.quiet_hours import local_day
from bot.core.situation import rows
from bot.delivery.catchup import Catching
from bot.delivery.digests import digest_posts, personal_posts
from bot.delivery.house import House
from bot.delivery.incidents import Incidents
from bot.delivery.outcome import DONE, Result, skipped
from bot.delivery.planned import Planned
from bot.delivery.plans import drafts, first_job
from bot.delivery.voices import Voices
from bot.errors import DeliveryError
from bot.storage.records import Case, CaseState, Step

STUCK_WAIT = timedelta(hours=1)
STUCK_BUTTONS = rows(
    ButtonSpec("button.deliver_again", Choice.DELIVER_AGAIN),
    ButtonSpec("button.read_held", Choice.READ_HELD),
    ButtonSpec("button.change_held", Choice.CHANGE_HELD),
    ButtonSpec("button.withdraw", Choice.WITHDRAW),
)


class Acts:
    """Everything except mail, which has its own care."""

    def __init__(self, house: House, voices: Voices, incidents: Incidents) -> None:
        self._house = house
        self._voices = voices
        self._incidents = incidents
        self._catching = Catching(house)
        self._planned = Planned(house)

    async def carry_out(self, decision: Decision, step: Step) -> Result:  # noqa: C901
        """Do it; `DeliveryError` says that the platform would not."""
        match decision:
            case Whisper():
                return await self._voices.whisper(decision, step)
            case Reply() | Ask():
                return await self._voices.reply(decision, step)
            case Copy():
                return await self._copy(step)
            case Remove():
                return await self._remove(step)
            case Repost():
                return await self._repost(decision, step)
            case PostPointer():
                return await self._pointer(decision, step)
            case PostNotice(chat=chat):
                return await self._notice(decision, chat, step)
            case Hold(until=until):
                return await self._hold(step, until)
            case Digest():
                return await self._digest(decision, step)
            case LockChat():
                return await self._lock(decision, step)
            case UnlockChat():
                return await self._unlock(decision, step)
            case SetDnd(until=until):
                case = await self._case(step)
                await self._act(case.chat.platform, Snooze(case.sender, until), step)
                return DONE
            case Erase():
                return await self._erase(decision, step)
            case Record():
                await self._incidents.record(decision, step)
                return DONE
            case Catchup():
                return await self._catchup(decision, step)
            case Count(name=name):
                await self._count(name)
                return DONE
            case Mail():
                return skipped("not_for_here")
            case _:
                assert_never(decision)

    async def _case(self, step: Step) -> Case:
        case = await self._house.repository.case(step.case_id) if step.case_id else None
        if case is None:
            raise DeliveryError("the case of this step is gone", permanent=True)
        return case

    async def _act(self, platform: str, action: object, step: Step, part: int = 0) -> str | None:
        adapter = self._house.adapter(platform)
        key = f"{step.plan_key}:{step.seq}:{part}"
        return (await adapter.act(action, key)).message  # type: ignore[arg-type]

    async def _copy(self, step: Step) -> Result:
        """Fetch the files; only then may anything be taken away."""
        case = await self._case(step)
        if not case.has_copy:
            return skipped("settled")
        have = {file.index for file in await self._house.repository.files(case.id)}
        adapter = self._house.adapter(case.chat.platform)
        for index, attachment in enumerate(case.attachments):
            if index in have:
                continue
            content = await adapter.fetch(attachment)
            await self._house.repository.put_file(
                case.id, index, attachment.name, attachment.mime, content
            )
        await self._house.repository.update_case(case.id, complete=True)
        return DONE

    async def _remove(self, step: Step) -> Result:
        case = await self._case(step)
        await self._planned.taken_back(case)
        if not case.complete:
            return skipped("copy_incomplete")
        if not case.delivered:
            return await self._take_back(case, step)
        # Before the call: the platform may tell us of our own removal sooner than it answers.
        await self._house.repository.update_case(case.id, removed_at=self._house.clock.now())
        await self._act(case.chat.platform, RemoveMessage(case.chat, case.message), step)
        await self._house.repository.update_case(case.id, removed_at=self._house.clock.now())
        await self._house.repository.drop_catchup(case.chat, case.message)
        return DONE

    async def _take_back(self, case: Case, step: Step) -> Result:
        """Clear what only its author still sees; a platform that keeps no such thing is fine."""
        try:
            await self._act(case.chat.platform, RemoveMessage(case.chat, case.message), step)
        except DeliveryError as refused:
            if not refused.permanent:
                raise
        return DONE

    async def _repost(self, decision: Repost, step: Step) -> Result:
        """Put it back in its author's name, or under "van Anna:" where that cannot be."""
        case = await self._case(step)
        if not await self._house.repository.claim_case(case.id, step.plan_key):
            return skipped("settled")
        files = () if decision.text is not None else await self._files(case)
        words = case.text if decision.text is None else decision.text
        post = await self._voices.in_name_of(case, words, files)
        message = await self._act(case.chat.platform, post, step)
        await self._house.repository.move_case(case.id, {CaseState.REDIRECTING}, CaseState.REPOSTED)
        return Result(message=message)

    async def _files(self, case: Case) -> tuple[File, ...]:
        stored = await self._house.repository.files(case.id)
        return tuple(File(file.name, file.mime, file.content) for file in stored)

    async def _pointer(self, decision: PostPointer, step: Step) -> Result:
        """The nameless pointer; pointless where the message never was in the group, or still is."""
        case = await self._case(step)
        if case.delivered and case.removed_at is None:
            return skipped("still_there")
        if not case.delivered:
            return skipped("never_there")
        key = "pointer.moved" if decision.moved else "pointer.removed"
        words = await self._voices.say(key, {"article": decision.article})
        post = PostAction(case.chat, words, silent=True, conversation=case.conversation)
        return Result(message=await self._act(case.chat.platform, post, step))

    async def _notice(self, decision: PostNotice, chat: ChatRef | None, step: Step) -> Result:
        where = chat or (await self._case(step)).chat
        words = await self._voices.say(decision.key, decision.values)
        return Result(message=await self._act(where.platform, PostAction(where, words), step))

    async def _hold(self, step: Step, until: datetime) -> Result:
        case = await self._case(step)
        if case.delivered and not case.complete:
            # It could not be taken out of the group: what stands there is not delivered again.
            await self._house.repository.move_case(case.id, {CaseState.HELD}, CaseState.OPEN)
            return skipped("still_there")
        await self._house.repository.update_case(case.id, due_at=until)
        await self._house.repository.move_case(case.id, {CaseState.OPEN}, CaseState.HELD)
        await self._planned.plan(case, until)
        return DONE

    async def _digest(self, decision: Digest, step: Step) -> Result:
        """Deliver what nobody withdrew meanwhile; each message belongs to one delivery only."""
        repository = self._house.repository
        wanting = await self._catching.wanting(decision.cases)
        mine = await repository.take_held(decision.cases, step.plan_key, wanting)
        found = [await repository.case(case_id) for case_id in mine]
        cases = [case for case in found if case is not None]
        if not cases:
            return skipped("nothing_left")
        message = None
        ours = [case for case in cases if not await self._posted_already(case)]
        posts = await digest_posts(self._house, self._voices, ours) if ours else ()
        for part, post in enumerate(posts):
            message = await self._act(decision.chat.platform, post, step, part)
        await repository.held_delivered([case.id for case in ours])
        if wanting:
            await self._catching.look()
        return Result(label=f"delivered_{len(cases)}", message=message)

    async def _posted_already(self, case: Case) -> bool:
        """Whether the platform delivered it as planned; then it is over for us at once."""
        if not await self._planned.taken_back(case):
            return False
        await self._house.repository.held_delivered([case.id])
        return True

    async def _catchup(self, decision: Catchup, step: Step) -> Result:
        """Send somebody what they missed; it is destroyed once it was sent."""
        repository = self._house.repository
        platform = decision.to.platform
        items = await repository.claim_catchup(decision.person, step.plan_key, platform)
        if not items:
            return skipped("nothing_left")
        for part, words in enumerate(await personal_posts(self._house, self._voices, items)):
            await self._act(platform, ShowPrivately(decision.to, words), step, part)
        await repository.catchup_told(step.plan_key, self._house.clock.now())
        return Result(label=f"caught_up_{len(items)}")

    async def _count(self, name: str) -> None:
        school = await self._house.school()
        day = local_day(school.calendar, self._house.clock.now())
        await self._house.repository.count(school.school.id, day, name)

    async def _lock(self, decision: LockChat, step: Step) -> Result:
        notice = await self._voices.say("quiet.locked", {"until": decision.until})
        await self._act(decision.chat.platform, LockGroup(decision.chat, notice), step)
        await self._house.repository.set_locked_until(decision.chat, decision.until)
        return DONE

    async def _unlock(self, decision: UnlockChat, step: Step) -> Result:
        await self._act(decision.chat.platform, UnlockGroup(decision.chat), step)
        await self._house.repository.set_locked_until(decision.chat, None)
        return DONE

    async def _erase(self, decision: Erase, step: Step) -> Result:
        case = await self._case(step)
        await self._planned.taken_back(case)
        repository = self._house.repository
        if case.state in (CaseState.OPEN, CaseState.HELD):
            ended = CaseState.EXPIRED if decision.tell else CaseState.DISMISSED
            if not await repository.move_case(case.id, {CaseState.OPEN, CaseState.HELD}, ended):
                return skipped("settled")
        await repository.drop_buttons(case.id)
        await repository.erase_copy(case.id)
        if decision.tell:
            await self._voices.whisper(Whisper("whisper.expired", decision.cause), step)
        return DONE

    async def failed(self, decision: Decision, step: Step) -> None:
        """A platform refused for good: what was promised is taken back, kindly."""
        if isinstance(decision, Copy | Remove) and step.case_id:
            await self._house.repository.update_case(step.case_id, complete=False)
        if isinstance(decision, Remove) and step.case_id:
            await self._house.repository.update_case(step.case_id, removed_at=None)
        if isinstance(decision, Catchup):
            await self._house.repository.catchup_refused(step.plan_key)
        if isinstance(decision, Digest):
            await self._stuck(decision, step)

    async def _stuck(self, decision: Digest, step: Step) -> None:
        """Hold again what could not be delivered, and say so once to author and admins."""
        repository = self._house.repository
        again = self._house.clock.now() + STUCK_WAIT
        await repository.give_back(decision.cases, step.plan_key, again)
        for case_id in decision.cases:
            case = await repository.case(case_id)
            if case is None or case.state is not CaseState.HELD:
                continue
            told: tuple[Decision, ...] = (Whisper("quiet.stuck", ByClock(), {}, STUCK_BUTTONS),)
            admins = await repository.admins(case.org)
            told += tuple(Reply("rest.held.stuck_admin", ByClock(), to=one) for one in admins)
            key = f"stuck:{case_id}"
            await repository.add_plan(key, case_id, drafts(told))
            await self._house.submit(first_job(key, told))
