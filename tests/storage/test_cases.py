"""A message that needs action is kept whole, once, with what must happen to it."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.events import ChatRef
from bot.errors import StorageError
from bot.storage.records import CaseState, StepDraft
from bot.storage.repository import Repository
from tests.storage.conftest import ANNA, CHAT, NOW, STEPS, TEXT, new_case


async def test_a_case_comes_back_as_it_was_given(repo: Repository) -> None:
    new = new_case(text="NUL \x00, half een paar \ud800 en 👩‍🏫", conversation="draad", secret=True)
    case, fresh = await repo.add_case(new, STEPS, "plan")
    assert fresh
    assert (await repo.case(case.id)) == case
    for name in new.__dataclass_fields__:
        assert getattr(case, name) == getattr(new, name), name
    assert case.sender.name == "Anna de Vries"
    assert case.sent_at.utcoffset() == timedelta(0)
    assert not case.complete


async def test_a_case_without_files_is_complete_from_the_start(repo: Repository) -> None:
    case, _ = await repo.add_case(new_case(attachments=()), STEPS, "plan")
    assert case.complete


async def test_neither_case_nor_step_shows_its_text_in_a_repr(repo: Repository) -> None:
    case, _ = await repo.add_case(new_case(), STEPS, "plan")
    step = await repo.step("plan", 0)
    shown = repr(case) + repr(step) + repr(repo) + repr(new_case())
    for private in (TEXT, "vader", "kenji", "Anna de Vries", "step-one"):
        assert private not in shown


async def test_the_same_event_again_gives_the_first_case_and_no_second_plan(
    repo: Repository,
) -> None:
    first, _ = await repo.add_case(new_case(), STEPS, "plan")
    again, fresh = await repo.add_case(new_case(text="anders"), STEPS, "other-plan")
    assert not fresh
    assert again == first
    assert await repo.step("other-plan", 0) is None


async def test_of_many_tellings_at_once_exactly_one_makes_the_case(
    repo: Repository, twin: Repository
) -> None:
    calls = [who.add_case(new_case(), STEPS, "plan") for who in (repo, twin) * 4]
    results = await asyncio.gather(*calls)
    assert sum(fresh for _, fresh in results) == 1
    assert len({case.id for case, _ in results}) == 1


async def test_numbers_in_a_chat_rise_without_doubles_under_concurrency(
    repo: Repository, twin: Repository
) -> None:
    calls = [
        who.add_case(new_case(message=f"{who is twin}{n}"), STEPS, f"p{who is twin}{n}")
        for n in range(8)
        for who in (repo, twin)
    ]
    results = await asyncio.gather(*calls)
    assert len({case.seq for case, _ in results}) == 16


async def test_a_plan_that_cannot_be_stored_leaves_no_case_behind(repo: Repository) -> None:
    with pytest.raises(StorageError):
        await repo.add_case(new_case(), (*STEPS, StepDraft("bad\x00kind", b"")), "plan")
    assert await repo.case_for(CHAT, "m1") is None
    assert await repo.step("plan", 0) is None


async def test_the_latest_revision_is_the_one_found(repo: Repository) -> None:
    await repo.add_case(new_case(revision=2, text="twee"), STEPS, "b")
    await repo.add_case(new_case(revision=1, text="een"), STEPS, "a")
    found = await repo.case_for(CHAT, "m1")
    assert found is not None
    assert found.text == "twee"
    assert await repo.case_for(ChatRef("demo", "elders"), "m1") is None


async def test_a_case_moves_only_from_where_it_is(repo: Repository) -> None:
    case, _ = await repo.add_case(new_case(), (), "")
    assert await repo.move_case(case.id, {CaseState.OPEN}, CaseState.HELD)
    assert not await repo.move_case(case.id, {CaseState.OPEN}, CaseState.MAILED)
    assert (await repo.case(case.id)).state is CaseState.HELD  # type: ignore[union-attr]
    assert not await repo.move_case("nobody", {CaseState.OPEN}, CaseState.HELD)


async def test_only_one_plan_claims_a_case_and_it_may_ask_again(
    repo: Repository, twin: Repository
) -> None:
    case, _ = await repo.add_case(new_case(), (), "")
    claims = await asyncio.gather(
        *(who.claim_case(case.id, f"plan-{n}") for n, who in enumerate((repo, twin) * 3))
    )
    assert sum(claims) == 1
    winner = f"plan-{claims.index(True)}"
    assert await repo.claim_case(case.id, winner)
    assert not await repo.claim_case(case.id, "late")
    await repo.move_case(case.id, {CaseState.REDIRECTING}, CaseState.OPEN)
    assert await repo.claim_case(case.id, "late")
    await repo.move_case(case.id, {CaseState.REDIRECTING}, CaseState.MAILED)
    assert not await repo.claim_case(case.id, "late")


async def test_plain_fields_change_and_others_are_refused(repo: Repository) -> None:
    case, _ = await repo.add_case(new_case(), (), "")
    await repo.update_case(case.id, removed_at=NOW, whisper_message="w1", complete=True)
    changed = await repo.case(case.id)
    assert changed is not None
    assert (changed.removed_at, changed.whisper_message, changed.complete) == (NOW, "w1", True)
    with pytest.raises(StorageError, match="text cannot be changed"):
        await repo.update_case(case.id, text="geheim")


async def test_an_edit_replaces_the_copy_and_an_older_one_does_not(repo: Repository) -> None:
    case, _ = await repo.add_case(new_case(), (), "")
    await repo.put_file(case.id, 0, "kenji.jpg", "image/jpeg", b"pixels")
    assert await repo.replace_copy(case.id, 3, "nieuw", (), (), ("hr",))
    assert not await repo.replace_copy(case.id, 2, "oud", (), (), ())
    new = await repo.case(case.id)
    assert new is not None
    assert (new.text, new.revision, new.categories, new.findings) == ("nieuw", 3, ("hr",), ())
    assert new.sender.name == "Anna de Vries"
    assert new.complete
    assert await repo.files(case.id) == ()


async def test_an_erased_copy_is_gone_but_it_is_known_that_it_was(repo: Repository) -> None:
    case, _ = await repo.add_case(new_case(reply_to="m0"), STEPS, "plan")
    await repo.put_file(case.id, 0, "kenji.jpg", "image/jpeg", b"pixels")
    await repo.erase_copy(case.id)
    left = await repo.case(case.id)
    assert left is not None
    assert (left.text, left.quoted, left.attachments, left.sender.name) == ("", "", (), "")
    assert not left.has_copy
    assert left.sender == ANNA
    assert await repo.files(case.id) == ()
    with pytest.raises(StorageError, match="gone already"):
        await repo.put_file(case.id, 0, "kenji.jpg", "image/jpeg", b"pixels")
    assert not await repo.replace_copy(case.id, 9, "terug", (), (), ())


async def test_files_come_back_in_order_and_a_second_time_replaces(repo: Repository) -> None:
    case, _ = await repo.add_case(new_case(), (), "")
    await repo.put_file(case.id, 1, "b.pdf", "application/pdf", b"oud")
    await repo.put_file(case.id, 0, "a.jpg", "image/jpeg", bytes(range(256)) * 4000)
    await repo.put_file(case.id, 1, "b.pdf", "application/pdf", b"")
    files = await repo.files(case.id)
    assert [(f.index, f.name, f.content[:3]) for f in files] == [
        (0, "a.jpg", b"\x00\x01\x02"),
        (1, "b.pdf", b""),
    ]
    assert "a.jpg" not in repr(files)


async def test_held_messages_come_in_the_order_they_were_sent(repo: Repository) -> None:
    for n, (state, due) in enumerate(
        [
            (CaseState.HELD, NOW),
            (CaseState.HELD, NOW - timedelta(hours=1)),
            (CaseState.OPEN, NOW),
            (CaseState.HELD, NOW + timedelta(seconds=1)),
        ]
    ):
        await repo.add_case(new_case(message=f"m{n}", state=state, due_at=due), (), "")
    await repo.add_case(
        new_case(chat=ChatRef("demo", "ander"), state=CaseState.HELD, due_at=NOW), (), ""
    )
    assert [case.message for case in await repo.held_cases(CHAT, NOW)] == ["m0", "m1"]
    assert [c.message for c in await repo.cases_in({CaseState.OPEN}, "org")] == ["m2"]


@pytest.mark.parametrize("bad", ["x\x00y", "\ud800", "y" * 5000])
async def test_an_impossible_identifier_is_refused_without_repeating_it(
    repo: Repository, bad: str
) -> None:
    with pytest.raises(StorageError) as refusal:
        await repo.add_case(new_case(message=bad), STEPS, "plan")
    assert bad not in str(refusal.value)
    assert "identifier" in str(refusal.value)


async def test_an_instant_without_a_zone_is_refused(repo: Repository) -> None:
    with pytest.raises(StorageError, match="time zone"):
        await repo.add_case(new_case(sent_at=NOW.replace(tzinfo=None)), (), "")
