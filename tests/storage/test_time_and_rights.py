"""Nothing stays longer than its time, and everybody may see and erase what is theirs."""

from datetime import timedelta

from bot.core.events import Account
from bot.storage.records import CaseState, NewButton, Refusal, School, StepState
from bot.storage.repository import Repository
from tests.storage.conftest import ANNA, BERT, CHAT, NOW, STEPS, new_case

DAY = timedelta(days=1)
DUE = NOW + 3 * DAY


async def state(repo: Repository, case_id: str) -> tuple[CaseState, bool]:
    case = await repo.case(case_id)
    assert case is not None
    return case.state, case.has_copy


async def test_a_copy_nobody_chose_for_expires_and_its_sender_can_be_told(
    repo: Repository, school: School
) -> None:
    case, _ = await repo.add_case(new_case(school.id), (), "")
    await repo.put_file(case.id, 0, "kenji.jpg", "image/jpeg", b"x")
    await repo.add_buttons([NewButton("t", "g", ANNA, case.id, "x", "", NOW + 40 * DAY)])
    assert (await repo.sweep(DUE - timedelta(seconds=1))).expired == ()
    assert await state(repo, case.id) == (CaseState.OPEN, True)
    report = await repo.sweep(DUE)
    assert [(c.id, c.sender, c.text) for c in report.expired] == [(case.id, ANNA, "")]
    assert report.removed == 1
    assert await state(repo, case.id) == (CaseState.EXPIRED, False)
    assert await repo.files(case.id) == ()
    assert await repo.take_button("t", ANNA, NOW) is Refusal.UNKNOWN
    assert (await repo.sweep(DUE)).expired == ()


async def test_what_is_on_its_way_gets_one_more_day(repo: Repository) -> None:
    case, _ = await repo.add_case(new_case(), (), "")
    await repo.claim_case(case.id, "plan")
    await repo.sweep(DUE + DAY - timedelta(seconds=1))
    assert await state(repo, case.id) == (CaseState.REDIRECTING, True)
    assert (await repo.sweep(DUE + DAY)).expired == ()
    assert await state(repo, case.id) == (CaseState.FAILED, False)


async def test_a_copy_left_behind_by_an_ended_case_is_erased_quietly(repo: Repository) -> None:
    case, _ = await repo.add_case(new_case(state=CaseState.MAILED), (), "")
    report = await repo.sweep(DUE)
    assert (report.expired, report.removed) == ((), 1)
    assert await state(repo, case.id) == (CaseState.MAILED, False)


async def test_the_row_of_a_case_goes_with_its_plans_when_incidents_go(repo: Repository) -> None:
    case, _ = await repo.add_case(new_case(), STEPS, "plan")
    await repo.begin_mail("<1@x>", case.id)
    await repo.sweep(NOW + 29 * DAY)
    assert await repo.case(case.id) is not None
    await repo.sweep(NOW + 30 * DAY)
    assert await repo.case(case.id) is None
    assert await repo.step("plan", 0) is None


async def test_a_copy_still_kept_outlives_the_incident_retention(repo: Repository) -> None:
    case, _ = await repo.add_case(new_case(expires_at=NOW + 60 * DAY), (), "")
    await repo.sweep(NOW + 40 * DAY)
    assert await state(repo, case.id) == (CaseState.OPEN, True)


async def test_what_expires_after_the_incident_retention_is_known_until_the_next_sweep(
    repo: Repository,
) -> None:
    case, _ = await repo.add_case(new_case(expires_at=NOW + 40 * DAY), (), "")
    assert [one.id for one in (await repo.sweep(NOW + 40 * DAY)).expired] == [case.id]
    assert await state(repo, case.id) == (CaseState.EXPIRED, False)
    await repo.sweep(NOW + 40 * DAY)
    assert await repo.case(case.id) is None


async def test_everything_else_goes_at_its_own_time(repo: Repository, school: School) -> None:
    await repo.put_dialogue(ANNA, b"x", NOW)
    await repo.add_buttons([NewButton("t", "g", ANNA, None, "x", "", NOW)])
    await repo.record_incident(
        org=school.id, case_id=None, event="e", seen_at=NOW - DAY, expires_at=NOW
    )
    await repo.new_admin_code(school.id, NOW - DAY)
    token = await repo.new_sign_in(None, NOW - DAY)
    await repo.redeem_sign_in(token, NOW - DAY)
    await repo.redeem_link_code("AAAA2BBB", ANNA, NOW - DAY)
    await repo.add_plan("loose", None, STEPS)
    kept = NOW + timedelta(seconds=1)
    await repo.put_dialogue(BERT, b"kept", kept)
    assert (await repo.sweep(NOW)).removed == 7
    assert await repo.dialogue(ANNA) is None
    assert await repo.dialogue(BERT) == b"kept"
    assert await repo.incidents(school.id, NOW - 9 * DAY) == ()
    assert await repo.school() == school
    assert (await repo.sweep(NOW)).removed == 0


async def test_finished_plans_without_a_case_go_after_a_week_and_open_ones_stay(
    repo: Repository,
) -> None:
    from datetime import UTC, datetime

    await repo.add_plan("done", None, STEPS[:1])
    await repo.finish_step("done", 0, StepState.DONE)
    await repo.add_plan("open", None, STEPS)
    await repo.sweep(datetime.now(UTC) + 8 * DAY)
    assert await repo.step("done", 0) is None
    assert await repo.step("open", 0) is not None


async def fill(repo: Repository, school: School) -> str:
    case, _ = await repo.add_case(new_case(school.id), STEPS, "plan")
    await repo.add_case(new_case(school.id, message="b", sender=BERT), STEPS, "plan-b")
    await repo.put_dialogue(ANNA, b"x", DUE)
    await repo.put_dialogue(BERT, b"x", DUE)
    await repo.add_buttons([NewButton("t", "g", ANNA, None, "x", "", DUE)])
    person = await repo.add_person(school.id, name="Anna", email="a@x.nl")
    await repo.link_account(person.id, ANNA)
    await repo.add_admin(school.id, ANNA)
    await repo.add_admin(school.id, BERT)
    token = await repo.new_sign_in(ANNA, NOW)
    await repo.redeem_sign_in(token, NOW)
    await repo.new_sign_in(ANNA, NOW)
    await repo.change_school(1, {"claimed": True}, by=repo.account_mark(ANNA))
    await repo.record_incident(
        org=school.id, case_id=case.id, event="e", seen_at=NOW, expires_at=DUE, sender=ANNA
    )
    celine = await repo.add_person(school.id, name="Celine", email="c@x.nl")
    for sender in (ANNA, BERT):
        await repo.add_catchup(school.id, {celine.id: DUE}, CHAT, sender.user, sender, "x", NOW)
    cel = Account("demo", "cel", "Celine")
    await repo.add_catchup(school.id, {person.id: DUE}, CHAT, "for-anna", cel, "x", NOW)
    return case.id


async def test_what_is_stored_about_somebody_can_be_told(repo: Repository, school: School) -> None:
    await fill(repo, school)
    assert await repo.about(ANNA) == {
        "cases": 1, "incidents": 1, "person": 1, "dialogue": 1, "buttons": 1, "admin": 1,
        "catchups": 1, "catchups_for_me": 1, "sessions": 1,
    }  # fmt: skip


async def test_somebody_can_be_forgotten_and_others_stay(repo: Repository, school: School) -> None:
    case_id = await fill(repo, school)
    bert = await repo.about(BERT)
    assert await repo.forget(ANNA) > 0
    assert set((await repo.about(ANNA)).values()) == {0}
    assert await repo.about(BERT) == bert
    assert await repo.case(case_id) is None
    assert await repo.step("plan", 0) is None
    assert [one.name for one in await repo.people(school.id)] == ["Celine"]
    waiting = await repo.catchups_waiting(school.id)
    (celine,) = await repo.people(school.id)
    assert list(waiting) == [(celine.id, "demo")], "nothing written by her, nothing kept for her"
    (item,) = await repo.claim_catchup(celine.id, "plan", "demo")
    assert item.sender == BERT
    (incident,) = await repo.incidents(school.id, NOW)
    assert incident.sender_mark is None
    assert {change.by for change in await repo.school_changes(school.id)} == {"forgotten"}
    assert await repo.forget(ANNA) == 0
