"""Buttons, codes, links and mails work once, for whom they are meant."""

import asyncio
from datetime import timedelta

import pytest

from bot.storage.codes import ALPHABET
from bot.storage.records import (
    CaseState,
    MailState,
    NewButton,
    Person,
    Refusal,
    School,
    TakenButton,
)
from bot.storage.records import Session as SignedIn
from bot.storage.repository import Repository
from tests.storage.conftest import ANNA, BERT, NOW, new_case

LATER = NOW + timedelta(hours=1)


def button(token: str, group: str = "g", **changes: object) -> NewButton:
    values = {"account": ANNA, "case_id": None, "choice": "send_team", "argument": "p1"}
    return NewButton(token=token, group=group, expires_at=LATER, **{**values, **changes})  # type: ignore[arg-type]


async def test_one_press_uses_up_the_whole_group(repo: Repository) -> None:
    await repo.add_buttons([button("one"), button("two", argument="é\x00"), button("x", "other")])
    await repo.add_buttons([button("one", argument="changed")])
    assert await repo.take_button("two", ANNA, NOW) == TakenButton("g", None, "send_team", "é\x00")
    assert await repo.take_button("one", ANNA, NOW) is Refusal.USED
    assert isinstance(await repo.take_button("x", ANNA, NOW), TakenButton)


async def test_a_press_told_twice_gets_the_same_answer_marked_as_repeated(
    repo: Repository,
) -> None:
    await repo.add_buttons([button("one"), button("two")])
    first = await repo.take_button("one", ANNA, NOW)
    again = await repo.take_button("one", ANNA, LATER)
    assert isinstance(first, TakenButton)
    assert isinstance(again, TakenButton)
    assert (first.again, again.again) == (False, True)
    assert (first.choice, first.argument) == (again.choice, again.argument)


async def test_of_many_presses_at_once_exactly_one_counts(
    repo: Repository, twin: Repository
) -> None:
    await repo.add_buttons([button("one"), button("two")])
    taken = await asyncio.gather(
        *(who.take_button(token, ANNA, NOW) for who in (repo, twin) * 4 for token in ("one", "two"))
    )
    fresh = [one for one in taken if isinstance(one, TakenButton) and not one.again]
    assert len(fresh) == 1
    assert taken.count(Refusal.USED) >= 8


async def test_a_button_is_refused_for_others_and_after_its_time(repo: Repository) -> None:
    await repo.add_buttons([button("one")])
    assert await repo.take_button("none", ANNA, NOW) is Refusal.UNKNOWN
    assert await repo.take_button("one", BERT, NOW) is Refusal.NOT_YOURS
    assert await repo.take_button("one", ANNA, LATER) is Refusal.EXPIRED
    assert isinstance(await repo.take_button("one", ANNA, NOW), TakenButton)


async def test_dropped_buttons_are_unknown(repo: Repository) -> None:
    case, _ = await repo.add_case(new_case(), (), "")
    await repo.add_buttons([button("one", case_id=case.id), button("two")])
    assert await repo.drop_buttons(case.id) == 1
    assert await repo.take_button("one", ANNA, NOW) is Refusal.UNKNOWN


async def test_a_refusal_is_false_in_a_condition() -> None:
    assert not any(Refusal)


async def test_a_mail_attempt_remembers_how_far_it_came(repo: Repository) -> None:
    school = await repo.create_school("s")
    case, _ = await repo.add_case(new_case(school.id), (), "")
    assert await repo.begin_mail("<1@x>", case.id) is MailState.NEW
    assert await repo.begin_mail("<1@x>", case.id) is MailState.STARTED
    await repo.finish_mail("<1@x>", MailState.UNCERTAIN, 0)
    assert await repo.uncertain_mails(school.id) == 1
    assert await repo.begin_mail("<1@x>", case.id) is MailState.UNCERTAIN
    assert await repo.begin_mail("<1@x>", case.id) is MailState.STARTED
    await repo.finish_mail("<1@x>", MailState.NEW, 451)
    assert await repo.begin_mail("<1@x>", case.id) is MailState.NEW
    await repo.finish_mail("<1@x>", MailState.ACCEPTED, 250)
    assert await repo.begin_mail("<1@x>", case.id) is MailState.ACCEPTED
    assert await repo.uncertain_mails(school.id) == 0


async def test_a_mail_is_uncertain_until_its_author_decided(repo: Repository) -> None:
    school = await repo.create_school("s")
    case, _ = await repo.add_case(new_case(school.id), (), "")
    await repo.begin_mail("<1@x>", case.id)
    await repo.finish_mail("<1@x>", MailState.UNCERTAIN, 0)
    assert await repo.uncertain_mails(school.id) == 1
    assert await repo.uncertain_mails("another school") == 0
    await repo.move_case(case.id, {CaseState.OPEN}, CaseState.DISMISSED)
    assert await repo.uncertain_mails(school.id) == 0


async def test_of_two_senders_only_one_may_believe_it_is_the_first(
    repo: Repository, twin: Repository
) -> None:
    case, _ = await repo.add_case(new_case(), (), "")
    before = await asyncio.gather(*(who.begin_mail("<1@x>", case.id) for who in (repo, twin) * 3))
    assert before.count(MailState.NEW) == 1


async def test_an_admin_code_claims_the_school_once(repo: Repository, school: School) -> None:
    code = await repo.new_admin_code(school.id, NOW)
    assert set(code) <= set(ALPHABET + "-")
    assert len(code) >= 9
    typed = f" {code.lower().replace('-', ' ')} "
    assert await repo.redeem_admin_code(typed, ANNA, NOW) is True
    assert await repo.redeem_admin_code(code, BERT, NOW) is Refusal.USED
    assert await repo.is_admin(ANNA)
    assert not await repo.is_admin(BERT)
    assert await repo.admins(school.id) == (ANNA,)
    assert (await repo.admins(school.id))[0].name == "Anna de Vries"


async def test_a_code_may_be_used_by_one_of_two_at_once(
    repo: Repository, twin: Repository, school: School
) -> None:
    code = await repo.new_admin_code(school.id, NOW)
    results = await asyncio.gather(
        repo.redeem_admin_code(code, ANNA, NOW), twin.redeem_admin_code(code, BERT, NOW)
    )
    assert sorted(map(bool, results)) == [False, True]
    assert len(await repo.admins(school.id)) == 1


async def test_five_wrong_tries_kill_an_admin_code(repo: Repository, school: School) -> None:
    code = await repo.new_admin_code(school.id, NOW)
    for n in range(5):
        wrong = f"AAAA{n + 2}BBBBB"
        assert await repo.redeem_admin_code(wrong, BERT, NOW) is Refusal.UNKNOWN
    assert await repo.redeem_admin_code(code, ANNA, NOW) is Refusal.EXPIRED
    fresh = await repo.new_admin_code(school.id, NOW)
    assert await repo.redeem_admin_code(fresh, ANNA, NOW) is True


@pytest.mark.parametrize("word", ["vakantie", "staartdelen", "feestdagen", "", "x" * 9999, "\x00"])
async def test_ordinary_words_and_rubbish_wear_no_code_out(
    repo: Repository, school: School, word: str
) -> None:
    person = await repo.add_person(school.id, name="Anna")
    admin, link = (
        await repo.new_admin_code(school.id, NOW),
        await repo.new_link_code(person.id, NOW),
    )
    for _ in range(6):
        assert await repo.redeem_admin_code(word, ANNA, NOW) is Refusal.UNKNOWN
        assert await repo.redeem_link_code(word, ANNA, NOW) is Refusal.UNKNOWN
    for _ in range(6):
        assert await repo.redeem_admin_code(link, ANNA, NOW) is Refusal.UNKNOWN
    assert await repo.redeem_admin_code(admin, ANNA, NOW) is True
    assert await repo.redeem_link_code(link, ANNA, NOW)


async def test_codes_end_after_a_day_and_a_new_one_replaces_the_old(
    repo: Repository, school: School
) -> None:
    old = await repo.new_admin_code(school.id, NOW)
    code = await repo.new_admin_code(school.id, NOW)
    assert await repo.redeem_admin_code(old, ANNA, NOW) is Refusal.UNKNOWN
    late = NOW + timedelta(hours=24)
    assert await repo.redeem_admin_code(code, ANNA, late) is Refusal.EXPIRED


async def test_a_link_code_links_an_account_to_its_person(repo: Repository, school: School) -> None:
    anna = await repo.add_person(school.id, name="Anna de Vries")
    code = await repo.new_link_code(anna.id, NOW)
    linked = await repo.redeem_link_code(code, ANNA, NOW)
    assert isinstance(linked, Person)
    assert linked.accounts == (ANNA,)
    assert (await repo.person_for(ANNA)) == linked
    assert await repo.redeem_link_code(code, BERT, NOW) is Refusal.USED
    assert await repo.person_for(BERT) is None


async def test_who_keeps_guessing_link_codes_must_wait(repo: Repository, school: School) -> None:
    anna = await repo.add_person(school.id, name="Anna")
    code = await repo.new_link_code(anna.id, NOW)
    for n in range(5):
        assert await repo.redeem_link_code(f"AAAA{n + 2}BBB", BERT, NOW) is Refusal.UNKNOWN
    assert await repo.redeem_link_code(code, BERT, NOW) is Refusal.EXPIRED
    assert await repo.redeem_link_code(code, ANNA, NOW)


async def test_a_platform_admin_is_suggested_and_never_assumed(
    repo: Repository, school: School
) -> None:
    assert await repo.suggest_admin(BERT)
    assert not await repo.is_admin(BERT)
    assert await repo.suggested_admins(school.id) == (BERT,)
    await repo.add_admin(school.id, BERT)
    assert await repo.is_admin(BERT)
    assert not await repo.suggest_admin(BERT)
    assert await repo.is_admin(BERT)
    assert await repo.remove_admin(school.id, BERT)
    assert not await repo.is_admin(BERT)


async def test_a_sign_in_link_opens_one_session(repo: Repository) -> None:
    token = await repo.new_sign_in(ANNA, NOW)
    opened = await repo.redeem_sign_in(token, NOW)
    assert isinstance(opened, SignedIn)
    assert opened.account == ANNA
    assert opened.token != opened.csrf
    assert opened.token not in repr(opened)
    assert await repo.session(opened.token, NOW) == opened
    assert await repo.session(opened.token, opened.expires_at) is None
    assert await repo.session(token, NOW) is None
    assert await repo.redeem_sign_in(token, NOW) is Refusal.USED
    assert await repo.end_session(opened.token)
    assert await repo.session(opened.token, NOW) is None


async def test_a_sign_in_link_ends_after_ten_minutes(repo: Repository) -> None:
    token = await repo.new_sign_in(None, NOW)
    late = await repo.redeem_sign_in(token, NOW + timedelta(minutes=10))
    assert late is Refusal.EXPIRED
    assert await repo.redeem_sign_in("rubbish\x00", NOW) is Refusal.UNKNOWN
    assert (await repo.redeem_sign_in(token, NOW)).account is None  # type: ignore[union-attr]
