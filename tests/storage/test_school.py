"""The school's choices, its chats, dialogues, adapter state, incidents and counts."""

import asyncio
from datetime import date, timedelta

import pytest

from bot.core.events import ChatRef, Place
from bot.core.policy import Level
from bot.errors import SettingError, StorageError
from bot.storage.records import Counted, School
from bot.storage.repository import Repository
from bot.texts import has
from tests.storage.conftest import ANNA, BERT, CHAT, NOW

OTHER = ChatRef("demo", "ouders")
CHANGES: dict[str, object] = {
    "name": "De Regenboog",
    "language": "en",
    "region": "noord",
    "policy_file": "x.yaml",
    "team_address": "team@regenboog.nl",
    "team_address_confirmed": True,
    "claimed": True,
    "level": Level.TIP,
    "levels": {"health": Level.ACT},
    "quiet": '{"on": true}',
    "pmr_on": date(2026, 9, 1),
    "dpia_on": date(2026, 9, 2),
    "settings": {"contacts": {"ib": "Celine"}},
}


async def test_there_is_no_school_until_one_is_made(repo: Repository) -> None:
    assert await repo.school() is None
    made = await repo.create_school("De Regenboog")
    assert await repo.school() == made
    assert (made.name, made.version, made.level, made.zone) == (
        "De Regenboog", 1, None, "Europe/Amsterdam",
    )  # fmt: skip


async def test_every_setting_comes_back_as_it_was_chosen(repo: Repository, school: School) -> None:
    changed = await repo.change_school(1, CHANGES, by="web")
    assert changed == await repo.school()
    for name, value in CHANGES.items():
        assert getattr(changed, name) == value, name
    assert changed.version == 2
    back = await repo.change_school(2, {"level": None, "pmr_on": None}, by="web")
    assert (back.level, back.pmr_on) == (None, None)


async def test_who_changed_from_an_old_version_is_told_so(repo: Repository, school: School) -> None:
    await repo.change_school(1, {"language": "en"}, by="cli")
    with pytest.raises(SettingError) as refusal:
        await repo.change_school(1, {"language": "nl"}, by="cli")
    assert has(refusal.value.key)
    assert (await repo.school()).language == "en"  # type: ignore[union-attr]


async def test_of_two_changes_at_once_one_wins(
    repo: Repository, twin: Repository, school: School
) -> None:
    results = await asyncio.gather(
        *(who.change_school(1, {"language": "en"}, by="cli") for who in (repo, twin) * 3),
        return_exceptions=True,
    )
    assert sum(isinstance(result, School) for result in results) == 1
    assert sum(isinstance(result, SettingError) for result in results) == 5


async def test_the_audit_tells_what_changed_but_no_addresses(
    repo: Repository, school: School
) -> None:
    await repo.change_school(1, CHANGES, by=repo.account_mark(ANNA))
    changes = await repo.school_changes(school.id)
    assert {change.key for change in changes} == set(CHANGES)
    assert {change.by for change in changes} == {repo.account_mark(ANNA)}
    assert {change.key: change.value for change in changes}["level"] == '"tip"'
    for private in ("regenboog", "Regenboog", "Celine", "anna"):
        assert private not in repr(changes)


@pytest.mark.parametrize(
    "change",
    [
        {"nonsense": 1}, {"id": "x"}, {"version": 9}, {"level": "loud"}, {"levels": 3},
        {"claimed": "yes"}, {"pmr_on": "2026-01-01"}, {"team_address": b"x"}, {"name": None},
        {"settings": {"x": object()}}, {"levels": {"health": "loud"}},
    ],
)  # fmt: skip
async def test_what_is_no_setting_or_no_value_for_it_is_refused(
    repo: Repository, school: School, change: dict[str, object]
) -> None:
    with pytest.raises(StorageError, match="change the school"):
        await repo.change_school(1, change, by="cli")
    assert await repo.school() == school


async def test_the_first_group_becomes_the_teams_and_later_ones_stay_unread(
    repo: Repository, school: School
) -> None:
    first, new = await repo.adopt_chat(CHAT, "Team groep 6", Place.OTHER)
    assert (new, first.is_team, first.title, first.org) == (True, True, "Team groep 6", school.id)
    second, new = await repo.adopt_chat(OTHER, "", Place.TEAM)
    assert (new, second.place) == (True, Place.OTHER)
    assert await repo.adopt_chat(CHAT, "", Place.OTHER) == (first, False)
    assert await repo.chats(school.id) == (first, second)
    assert await repo.team_chat(school.id) == first
    assert "Team groep 6" not in repr(first)


async def test_of_two_groups_at_once_one_is_the_teams(
    repo: Repository, twin: Repository, school: School
) -> None:
    adopted = await asyncio.gather(
        *(
            who.adopt_chat(ChatRef("demo", f"g{n}"), "", Place.OTHER)
            for n, who in enumerate((repo, twin) * 3)
        )
    )
    assert sum(chat.is_team for chat, _ in adopted) == 1


async def test_a_parents_group_is_never_adopted_as_the_teams(
    repo: Repository, school: School
) -> None:
    assert (await repo.adopt_chat(OTHER, "", Place.PARENTS))[0].place is Place.PARENTS
    assert (await repo.adopt_chat(CHAT, "", Place.OTHER))[0].is_team


async def test_a_group_without_a_school_makes_one(repo: Repository) -> None:
    chat, _ = await repo.adopt_chat(CHAT, "", Place.OTHER)
    assert (await repo.school()).id == chat.org  # type: ignore[union-attr]


async def test_a_group_the_bot_left_is_unknown_and_keeps_its_place_on_return(
    repo: Repository, school: School
) -> None:
    await repo.adopt_chat(CHAT, "Team", Place.OTHER)
    await repo.set_locked_until(CHAT, NOW)
    await repo.set_size(CHAT, 12)
    chat = await repo.chat(CHAT)
    assert chat is not None
    assert (chat.locked_until, chat.size) == (NOW, 12)
    await repo.chat_removed(CHAT)
    assert await repo.chat(CHAT) is None
    assert await repo.team_chat(school.id) is None
    assert (await repo.adopt_chat(OTHER, "", Place.OTHER))[0].place is Place.OTHER
    back, new = await repo.adopt_chat(CHAT, "", Place.OTHER)
    assert (new, back.place, back.title, back.locked_until) == (True, Place.TEAM, "Team", None)
    assert await repo.set_place(CHAT, Place.OTHER)
    assert not await repo.set_place(ChatRef("demo", "none"), Place.TEAM)


async def test_a_dialogue_is_stored_replaced_and_dropped(repo: Repository) -> None:
    assert await repo.dialogue(ANNA) is None
    await repo.put_dialogue(ANNA, b"one", NOW)
    await repo.put_dialogue(ANNA, b"two", NOW)
    assert await repo.dialogue(ANNA) == b"two"
    assert await repo.dialogue(BERT) is None
    assert await repo.dialogue(ANNA, NOW) is None
    assert await repo.dialogue(ANNA, NOW - timedelta(seconds=1)) == b"two"
    await repo.drop_dialogue(ANNA)
    assert await repo.dialogue(ANNA) is None


async def test_adapter_state_is_kept_per_platform(repo: Repository) -> None:
    demo, slack = repo.adapter_state("demo"), repo.adapter_state("slack")
    await demo.put("token", b"\x00one")
    await demo.put("token", b"two")
    assert await demo.get("token") == b"two"
    assert await slack.get("token") is None


async def test_compare_and_set_writes_only_over_what_was_read(repo: Repository) -> None:
    state = repo.adapter_state("demo")
    assert not await state.compare_and_set("k", b"x", b"y")
    assert await state.compare_and_set("k", None, None)
    assert await state.compare_and_set("k", None, b"a")
    assert not await state.compare_and_set("k", None, b"b")
    assert not await state.compare_and_set("k", b"b", b"c")
    assert await state.compare_and_set("k", b"a", b"b")
    assert await state.get("k") == b"b"
    assert not await state.compare_and_set("k", b"a", None)
    assert await state.compare_and_set("k", b"b", None)
    assert await state.get("k") is None


async def test_of_many_swaps_at_once_one_succeeds(repo: Repository, twin: Repository) -> None:
    states = [repo.adapter_state("demo"), twin.adapter_state("demo")]
    first = await asyncio.gather(
        *(s.compare_and_set("k", None, b"%d" % n) for n, s in enumerate(states * 4))
    )
    assert sum(first) == 1
    now = await states[0].get("k")
    swapped = await asyncio.gather(*(s.compare_and_set("k", now, b"end") for s in states * 4))
    assert sum(swapped) == 1


async def test_an_incident_holds_kinds_and_times_and_is_written_once(
    repo: Repository, school: School
) -> None:
    values = {
        "key": "plan:3",
        "org": school.id,
        "case_id": "c",
        "event": "removed",
        "categories": ("health",),
        "rule_ids": ("R1",),
        "articles": ("intern 3",),
        "detail": "x" * 500,
        "seen_at": NOW,
        "at": NOW + timedelta(seconds=5),
        "removed_at": NOW + timedelta(seconds=2),
        "group_size": 14,
        "sender": ANNA,
        "expires_at": NOW + timedelta(days=30),
    }
    assert await repo.record_incident(**values)
    assert not await repo.record_incident(**values)
    (incident,) = await repo.incidents(school.id, NOW)
    assert incident.exposure == timedelta(seconds=2)
    assert incident.categories == ("health",)
    assert incident.sender_mark == repo.account_mark(ANNA)
    assert len(incident.detail) == 120
    assert await repo.incidents(school.id, NOW + timedelta(minutes=1)) == ()


async def test_counts_add_up_without_losing_any(repo: Repository, twin: Repository) -> None:
    day = date(2026, 11, 24)
    await asyncio.gather(*(who.count("o", day, "seen") for who in (repo, twin) * 10))
    await repo.count("o", day, "seen", by=5)
    await repo.count("o", date(2026, 11, 23), "seen")
    assert await repo.counts("o", day) == (Counted(day, "seen", 25),)
    assert len(await repo.counts("o")) == 2
    assert await repo.counts("other") == ()
