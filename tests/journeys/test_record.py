"""What is written down afterwards, and what never is."""

import logging
from datetime import timedelta

import pytest

from bot.adapters.base import RemoveMessage
from bot.core.events import Account, Attachment, AttachmentKind, MessageEdited
from bot.storage.records import Step
from tests.journeys.chat import refuse
from tests.journeys.school import ADDRESS, DIAGNOSIS, School

pytestmark = pytest.mark.asyncio(loop_scope="module")
PRIVATE = ("Sem", "ADHD", "diagnose", "groep 6", "Anna", "verslag")


async def of(school: School, event) -> dict:
    case = await school.case(event)
    return {i.event: i for i in await school.incidents() if i.case_id == case.id}


async def test_an_incident_tells_kinds_rules_and_times_and_no_words(school: School) -> None:
    event = await school.say(DIAGNOSIS)
    await school.press(f"Stuur naar {ADDRESS}")
    incidents = await of(school, event)
    seen, mailed = incidents["seen"], incidents["mailed"]
    assert "health" in seen.categories
    assert seen.rule_ids
    assert seen.articles[0] == "Intern 3"
    assert seen.exposure is not None
    assert timedelta(0) <= seen.exposure < timedelta(seconds=10)
    assert mailed.mailed_at is not None
    assert seen.group_size == 12
    for word in PRIVATE:
        assert word not in repr(incidents)
        assert word not in "".join(str(getattr(i, f)) for i in incidents.values()
                                   for f in type(i).__slots__)  # fmt: skip


async def test_the_sender_is_only_a_keyed_hash(school: School) -> None:
    event = await school.say(DIAGNOSIS)
    seen = (await of(school, event))["seen"]
    mark = school.app.house.repository.account_mark(school.account("anna"))
    assert seen.sender_mark == mark
    assert "anna" not in mark
    other = school.app.house.repository.account_mark(school.account("bert"))
    assert mark != other


async def test_the_exposure_counts_until_the_platform_really_removed_it(school: School) -> None:
    school.chat.faults.append(refuse(RemoveMessage, permanent=False, times=3))
    event = await school.say(DIAGNOSIS)
    seen = (await of(school, event))["seen"]
    assert seen.exposure is not None
    assert seen.exposure > timedelta(seconds=0.3)


async def test_what_still_stands_in_the_group_has_no_exposure_yet(school: School) -> None:
    school.chat.faults.append(refuse(RemoveMessage))
    event = await school.say(DIAGNOSIS)
    assert (await of(school, event))["seen"].exposure is None


async def test_a_reason_is_recorded_as_a_word_from_the_list(school: School) -> None:
    event = await school.say(DIAGNOSIS)
    await school.press("Toch plaatsen")
    label = school.labels()[0]
    await school.press(label)
    record = (await of(school, event))["posted_anyway"]
    assert record.detail in ("nobody_recognisable", "permission", "already_public", "safety")


async def test_no_log_line_holds_a_word_of_a_message(
    school: School, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    file = Attachment(AttachmentKind.DOCUMENT, "v", "verslag psycholoog Sem.pdf")
    school.chat.files = {"v": b"%PDF verslag over Sem"}
    school.chat.faults.append(refuse(RemoveMessage, permanent=False, times=1))
    event = await school.say(DIAGNOSIS, attachments=(file,))
    await school.tell(MessageEdited(event))
    await school.press("Herschrijf")
    await school.press("Terug")
    await school.press(f"Stuur naar {ADDRESS}")
    await school.write("anna", f"Mag ik delen dat {DIAGNOSIS}?")
    await school.later(days=1)
    logging.getLogger("bot.delivery").debug("canary")
    heard = "".join(f"{r.getMessage()} {r.exc_text or ''} {r.args}" for r in caplog.records)
    printed = capfd.readouterr()
    assert "canary" in heard
    for word in ("ADHD", "diagnose", "psycholoog"):
        assert word not in heard
        assert word not in printed.out + printed.err


async def test_no_repr_shows_a_word_of_a_message(school: School) -> None:
    file = Attachment(AttachmentKind.DOCUMENT, "gone", "verslag Sem.pdf")
    event = await school.say(DIAGNOSIS, attachments=(file,), quoted=DIAGNOSIS)
    case = await school.case(event)
    step = await school.app.house.repository.step("nothing", 0)
    assert step is None
    payload = Step("k", 0, case.id, "Mail", DIAGNOSIS.encode(), None, *_rest())
    account = Account("chat", "u1", "Anna de Vries")
    shown = repr([event, MessageEdited(event), case, payload, account, school.chat.tried])
    for word in PRIVATE:
        assert word not in shown


def _rest() -> tuple:
    from bot.storage.records import PlanState, StepState

    return StepState.PLANNED, 0, True, PlanState.ACTIVE


async def test_counts_name_kinds_only(school: School) -> None:
    await school.say("Kijk " + DIAGNOSIS, attachments=(Attachment(AttachmentKind.PHOTO, "x"),))
    for name in await school.counts():
        assert not any(word in name for word in PRIVATE)
