"""Each kind of decision, carried out on its platform."""

from datetime import datetime
from typing import assert_never

from bot.adapters.base import File, LockGroup, RemoveMessage, Snooze, UnlockGroup
from bot.adapters.base import Post as PostAction
from bot.core.decisions import (
    Ask,
    Catchup,
    Copy,
    Count,
    Decision,
    Digest,
    Erase,
    Hold,
    LockChat,
    Mail,
    Person,
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
from bot.core.respond import act_buttons
from bot.delivery import moments
from bot.delivery.handover import Handover
from bot.delivery.house import House
from bot.delivery.incidents import Incidents
from bot.delivery.outcome import DONE, Result, skipped
from bot.delivery.planned import Planned
from bot.delivery.plans import drafts, first_job
from bot.delivery.voices import Voices
from bot.errors import DeliveryError
from bot.storage.records import Case, CaseState, Step


class Acts:
    """Everything except mail, which has its own care."""

    def __init__(self, house: House, voices: Voices, incidents: Incidents) -> None:
        self._house = house
        self._voices = voices
        self._incidents = incidents
        self._handover = Handover(house, voices)
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
                return await self._handover.digest(decision, step)
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
                return await self._handover.catchup(decision, step)
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

    async def _act(self, platform: str, action: object, step: Step) -> str | None:
        adapter = self._house.adapter(platform)
        key = f"{step.plan_key}:{step.seq}:0"
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
        school = await self._house.school()
        kept = moments.kept_until(school, until)
        await self._house.repository.update_case(case.id, due_at=until, expires_at=kept)
        await self._house.repository.move_case(case.id, {CaseState.OPEN}, CaseState.HELD)
        await self._planned.plan(case, until)
        return DONE

    async def _count(self, name: str) -> None:
        school = await self._house.school()
        day = local_day(school.calendar, self._house.clock.now())
        await self._house.repository.count(school.school.id, day, name)

    async def _lock(self, decision: LockChat, step: Step) -> Result:
        if decision.until <= self._house.clock.now():
            return skipped("over")
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
            await self._handover.stuck(decision, step)
        if isinstance(decision, Repost) and step.case_id:
            await self._not_posted(step.case_id, step)

    async def _not_posted(self, case_id: str, step: Step) -> None:
        """Give what the group refused back to its author's choice; the rest of its plan ends."""
        repository = self._house.repository
        await repository.move_case(case_id, {CaseState.REDIRECTING}, CaseState.OPEN)
        case = await repository.case(case_id)
        if case is None:
            return
        school = await self._house.school()
        situation = await moments.for_case(self._house, school, case)
        ends = min(moments.expires(school, self._house.clock.now()), case.expires_at)
        plan = f"back:{step.plan_key}:{step.seq}"
        steps = (
            Whisper("whisper.not_posted", Person(), {}, act_buttons(situation)),
            Erase(Person(), tell=True, at=ends),
        )
        await repository.add_plan(plan, case.id, drafts(steps))
        await repository.supersede_plans(case.id, keep=plan)
        await self._house.submit(first_job(plan, steps))
