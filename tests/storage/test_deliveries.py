"""A delivery killed at any moment: who was free gets the words once, and never before the group."""

from datetime import timedelta

from bot.core.events import Account
from bot.storage.records import CaseState, NewButton, Refusal, School
from bot.storage.repository import Repository
from tests.storage.conftest import ANNA, CHAT, NOW, TEXT, new_case

DAY = timedelta(days=1)
CELINE = Account("demo", "cel", "Celine")


async def held(repo: Repository, school: School, message: str = "m1") -> str:
    case, _ = await repo.add_case(
        new_case(school.id, message=message, state=CaseState.HELD, due_at=NOW), (), ""
    )
    return case.id


async def free(repo: Repository, school: School) -> str:
    person = await repo.add_person(school.id, name="Celine", email="c@x.nl")
    return person.id


async def texts(repo: Repository, person: str, plan: str = "digest") -> list[str]:
    return [item.text for item in await repo.claim_catchup(person, plan, "demo")]


async def test_the_words_are_out_of_reach_until_they_stand_in_the_group(
    repo: Repository, school: School
) -> None:
    case_id, celine = await held(repo, school), await free(repo, school)
    assert await repo.take_held((case_id,), "plan", {case_id: {celine: NOW + DAY}}) == (case_id,)
    assert await repo.catchups_waiting(school.id) == {}
    assert await texts(repo, celine, "early") == []
    await repo.held_delivered({case_id: "bot-1"})
    assert list(await repo.catchups_waiting(school.id)) == [(celine, "demo")]
    assert await texts(repo, celine) == [TEXT]


async def test_a_delivery_begun_again_on_another_day_keeps_what_the_first_attempt_kept(
    repo: Repository, twin: Repository, school: School
) -> None:
    case_id, celine = await held(repo, school), await free(repo, school)
    await repo.take_held((case_id,), "plan", {case_id: {celine: NOW + DAY}})
    assert await twin.take_held((case_id,), "plan", {}) == (case_id,), "she works by now"
    assert await twin.take_held((case_id,), "other", {case_id: {celine: NOW}}) == ()
    await twin.held_delivered({case_id: "bot-1"})
    assert await texts(repo, celine) == [TEXT]
    assert await repo.take_held((case_id,), "plan", {case_id: {celine: NOW + DAY}}) == ()
    await repo.held_delivered({case_id: "bot-1"})
    assert await repo.catchup_told("digest", NOW) == 1
    assert await repo.catchups_waiting(school.id) == {}


async def test_what_was_noted_as_delivered_leaves_no_copy_and_no_buttons(
    repo: Repository, school: School
) -> None:
    case_id = await held(repo, school)
    await repo.add_buttons([NewButton("t", "g", ANNA, case_id, "x", "", NOW + DAY)])
    await repo.take_held((case_id,), "plan", {})
    await repo.held_delivered({case_id: "bot-1"})
    case = await repo.case(case_id)
    assert case is not None
    assert (case.state, case.has_copy) == (CaseState.DELIVERED, False)
    assert await repo.take_button("t", ANNA, NOW) is Refusal.UNKNOWN


async def test_what_could_not_be_delivered_reaches_nobody_and_can_still_be_withdrawn(
    repo: Repository, school: School
) -> None:
    case_id, celine = await held(repo, school), await free(repo, school)
    await repo.take_held((case_id,), "plan", {case_id: {celine: NOW + DAY}})
    await repo.give_back((case_id,), "plan", NOW + DAY)
    assert await repo.move_case(case_id, {CaseState.HELD}, CaseState.WITHDRAWN)
    await repo.held_delivered({case_id: "bot-1"})
    assert await repo.catchups_waiting(school.id) == {}
    assert await texts(repo, celine) == []


async def test_one_message_of_a_plan_given_back_leaves_the_others_alone(
    repo: Repository, school: School
) -> None:
    one, two = await held(repo, school), await held(repo, school, "m2")
    celine = await free(repo, school)
    wanted = {case: {celine: NOW + DAY} for case in (one, two)}
    assert await repo.take_held((one, two), "plan", wanted) == (one, two)
    await repo.give_back((one,), "plan", NOW + DAY)
    await repo.held_delivered({two: "bot-1"})
    assert await texts(repo, celine) == [TEXT]


async def test_a_delivery_given_up_for_good_takes_the_kept_words_along(
    repo: Repository, school: School
) -> None:
    case_id, celine = await held(repo, school), await free(repo, school)
    await repo.take_held((case_id,), "plan", {case_id: {celine: NOW + 60 * DAY}})
    await repo.sweep(NOW + 5 * DAY)
    await repo.held_delivered({case_id: "bot-1"})
    assert await texts(repo, celine) == []


async def test_a_message_a_platform_tells_again_is_not_told_to_her_again(
    repo: Repository, school: School
) -> None:
    celine = await free(repo, school)

    async def said(text: str) -> None:
        await repo.add_catchup(school.id, {celine: NOW}, CHAT, "m1", ANNA, text, NOW)

    await said("De gymles begint later")
    await said("De gymles begint om tien uur")
    assert await texts(repo, celine) == ["De gymles begint om tien uur"]
    assert await repo.catchup_told("digest", NOW) == 1
    assert (await repo.about(ANNA))["catchups"] == 0, "no words are left"
    await said("De gymles begint later")
    assert await repo.catchups_waiting(school.id) == {}
    assert await texts(repo, celine, "next") == []
    await repo.sweep(NOW + 2 * DAY)
    await said("Iets heel anders onder hetzelfde nummer")
    assert len(await texts(repo, celine, "next")) == 1


async def test_what_a_platform_refused_waits_again(repo: Repository, school: School) -> None:
    celine = await free(repo, school)
    await repo.add_catchup(school.id, {celine: NOW}, CHAT, "m1", ANNA, "x", NOW)
    before = await repo.catchups_waiting(school.id)
    assert await texts(repo, celine) == ["x"]
    assert await repo.catchups_waiting(school.id) == {}
    assert await repo.catchup_refused("digest") == 1
    assert await repo.catchups_waiting(school.id) == before


async def test_each_new_word_changes_the_mark_of_what_waits(
    repo: Repository, school: School
) -> None:
    celine = await free(repo, school)
    marks = set()
    for message in ("m1", "m2", "m10"):
        await repo.add_catchup(school.id, {celine: NOW}, CHAT, message, ANNA, message, NOW)
        marks |= set((await repo.catchups_waiting(school.id)).values())
    assert len(marks) == 3
    assert await texts(repo, celine) == ["m1", "m2", "m10"], "in the order they were said"
