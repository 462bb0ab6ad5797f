"""A copy on its way to the mail: never lost, never sent twice without anybody knowing.

The attempt is written down before the send; the copy is destroyed only after the server said
250. A send whose answer was lost is *uncertain*: its author is told and decides.
"""

from collections.abc import Callable, Sequence

from bot.core.decisions import ButtonSpec, Choice, Erase, Person, Rows, Whisper
from bot.core.decisions import Mail as MailDecision
from bot.core.drafts import is_draft
from bot.delivery import moments
from bot.delivery.house import House
from bot.delivery.mail import Mail, MailFile, Sent, backoff, message_id_for, send
from bot.delivery.mail_text import Kind, case_code, compose
from bot.delivery.outcome import Result, skipped
from bot.delivery.plans import drafts, first_job
from bot.delivery.voices import Voices
from bot.errors import DeliveryError
from bot.settings import InForce
from bot.storage.records import Case, CaseState, MailState, Step, StepState

# Seconds of real time after failed attempt n (from 1); `None` when it is time to give up.
Wait = Callable[[int], float | None]


class Mailing:
    """Sends copies and test mails over the house's SMTP server."""

    def __init__(self, house: House, voices: Voices, wait: Wait = backoff) -> None:
        self._house = house
        self._voices = voices
        self._wait = wait

    async def send(self, decision: MailDecision, step: Step) -> Result:
        """Send the copy of this step's case once; see `_uncertain` for the one doubtful end."""
        case = await self._house.repository.case(step.case_id or "")
        if case is None or not await self._house.repository.claim_case(case.id, step.plan_key):
            return skipped("settled")
        school = await self._house.school()
        to = await self._recipients(decision.to, school)
        if not to or self._house.post.smtp is None:
            values: dict[str, object] = {"article": ""}
            key = "advice.not_mailed" if is_draft(case.message) else "whisper.act_no_address"
            return await self._back(case, step, key, values, ())
        message_id = message_id_for(f"{case.id}:{','.join(sorted(to))}", self._domain())
        before = await self._house.repository.begin_mail(message_id, case.id)
        if before is MailState.ACCEPTED:
            return await self._accepted(case)
        if before is MailState.STARTED:
            return await self._uncertain(case, step, message_id, decision.to)
        mail = await self._mail(case, school, to, message_id)
        return await self._send(mail, case, step, decision.to)

    async def _send(self, mail: Mail, case: Case, step: Step, to: Sequence[str]) -> Result:
        assert self._house.post.smtp is not None  # noqa: S101  (checked by the only caller)
        try:
            sent = await send(mail, self._house.post.smtp)
        except DeliveryError as error:
            return await self._not_sent(error, mail, case, step, to)
        await self._house.repository.finish_mail(mail.message_id, MailState.ACCEPTED, sent.code)
        return await self._partly(sent, case, await self._accepted(case))

    async def _not_sent(
        self, error: DeliveryError, mail: Mail, case: Case, step: Step, to: Sequence[str]
    ) -> Result:
        repository = self._house.repository
        code = getattr(error, "code", None) or 0
        if error.uncertain:
            return await self._uncertain(case, step, mail.message_id, to)
        wait = error.retry_after or self._wait(step.attempts)
        if not error.permanent and wait is not None:
            await repository.finish_mail(mail.message_id, MailState.NEW, code)
            return Result(again=wait)
        await repository.finish_mail(mail.message_id, MailState.REFUSED, code)
        values: dict[str, object] = {"code": str(code or ""), "text": case.text}
        return await self._back(case, step, "whisper.mail_refused", values, to)

    async def _accepted(self, case: Case) -> Result:
        repository = self._house.repository
        await repository.update_case(case.id, mailed_at=case.mailed_at or self._house.clock.now())
        await repository.move_case(case.id, {CaseState.REDIRECTING}, CaseState.MAILED)
        await repository.drop_buttons(case.id)
        await repository.erase_copy(case.id)
        return Result(label="accepted")

    async def _partly(self, sent: Sent, case: Case, result: Result) -> Result:
        """Some recipients were refused: said at once, in a plan of its own."""
        if not sent.refused:
            return result
        plan = f"partly:{case.id}"
        steps = (Whisper("whisper.mail_partly", Person()),)
        await self._house.repository.add_plan(plan, case.id, drafts(steps))
        return Result(label="partly", then=(first_job(plan, steps),))

    async def _uncertain(
        self, case: Case, step: Step, message_id: str, to: Sequence[str]
    ) -> Result:
        """Nobody knows whether it went: say so, and send again only when its author wants it."""
        result = await self._back(case, step, "whisper.mail_uncertain", {}, to, again=True)
        # Only now: a crash before this line finds the attempt still started, and asks again.
        await self._house.repository.finish_mail(message_id, MailState.UNCERTAIN, 0)
        return result

    async def _back(
        self,
        case: Case,
        step: Step,
        key: str,
        values: dict[str, object],
        to: Sequence[str],
        *,
        again: bool = False,
    ) -> Result:
        """Give the copy back to its author's choice, in a plan that replaces this one.

        `to` are the colleagues it was meant for: trying again never widens the circle.
        """
        repository = self._house.repository
        school = await self._house.school()
        plan = f"back:{step.plan_key}:{step.seq}"
        steps = (
            Whisper(key, Person(), values, _after_failure(to, again=again)),
            Erase(Person(), tell=True, at=moments.expires(school, self._house.clock.now())),
        )
        await repository.add_plan(plan, case.id, drafts(steps))
        await repository.supersede_plans(case.id, keep=plan)
        await repository.move_case(case.id, {CaseState.REDIRECTING}, CaseState.OPEN)
        return Result(StepState.FAILED, "returned", then=(first_job(plan, steps),), stop=True)

    async def _recipients(self, ids: Sequence[str], school: InForce) -> tuple[str, ...]:
        """The addresses to send to; only colleagues on the school's own domain count."""
        if not ids:
            return (school.team_address,) if school.team_address else ()
        people = [await self._house.repository.person(person_id) for person_id in ids]
        return tuple(
            person.email
            for person in people
            if person is not None and person.email.rpartition("@")[2].lower() in school.own_domains
        )

    async def _mail(
        self, case: Case, school: InForce, to: tuple[str, ...], message_id: str
    ) -> Mail:
        person = await self._house.person(case.sender)
        files = await self._house.repository.files(case.id)
        name = await self._voices.name_of(case)
        values = {
            "name": name,
            "at": case.sent_at,
            "zone": school.school.zone,
            "article": case.articles[0] if case.articles else "",
            "text": case.text,
            "files": tuple(file.name for file in files),
            "code": case_code(case.id),
        }
        kind: Kind = "draft" if is_draft(case.message) else "copy"
        subject, text, html = compose(kind, values, school.school.language)
        return Mail(
            message_id=message_id,
            sender=self._house.post.sender,
            sender_name="Fluister",
            to=to,
            subject=subject,
            text=text,
            html=html,
            attachments=tuple(MailFile(f.name, f.mime, f.content) for f in files),
            reply_to=person.email if person and person.email else None,
        )

    async def send_test(self, address: str, code: str) -> None:
        """Send the mail whose code an admin reads back; raises `DeliveryError`."""
        if self._house.post.smtp is None:
            raise DeliveryError("no mail server is configured", permanent=True)
        school = await self._house.school()
        subject, text, html = compose("test", {"code": code}, school.school.language)
        message_id = message_id_for(f"test:{address}:{code}", self._domain())
        sender = self._house.post.sender
        mail = Mail(message_id, sender, (address,), subject, text, html, sender_name="Fluister")
        await send(mail, self._house.post.smtp)

    def _domain(self) -> str:
        return self._house.post.sender.rpartition("@")[2] or "fluister.invalid"


def _after_failure(to: Sequence[str], *, again: bool) -> Rows:
    label = "button.send_again" if again else "button.send_team_again"
    same = (
        ButtonSpec(label, Choice.SEND_TO_COLLEAGUE, to[0])
        if to
        else ButtonSpec(label, Choice.SEND_TEAM)
    )
    return (
        (same,),
        (ButtonSpec("button.send_to", Choice.SEND_TO),),
        (ButtonSpec("button.discard", Choice.DISCARD),),
    )
