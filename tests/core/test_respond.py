"""What happens to a group message, by level, means and moment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.capabilities import Capabilities
from bot.core.decisions import (
    Choice,
    Copy,
    Decision,
    Erase,
    Hold,
    Mail,
    PostPointer,
    Record,
    Remove,
    Rules,
    Whisper,
)
from bot.core.judge import Verdict
from bot.core.policy import Act, Level, Redirect, VerdictKind
from bot.core.respond import dialable, respond
from bot.core.situation import Colleague, Contact, Situation

NOW = datetime(2026, 11, 24, 9, 15, tzinfo=UTC)
LATER = NOW + timedelta(hours=12)
CONFIDENTIAL = Verdict(
    VerdictKind.NO_RULE,
    "school.yaml",
    "1",
    deciding=("MAT-INT-3d",),
    articles=("Intern 3",),
    acts=frozenset({Act.WITHDRAW, Act.NOTE}),
)
HARMLESS = Verdict(VerdictKind.NO_RULE, "school.yaml", "1")
SITUATION = Situation(
    caps=Capabilities(delete_others=timedelta(hours=48), ephemeral=True),
    now=NOW,
    level=Level.ACT,
    redirect=Redirect.ON_CLICK,
    grace_ends=NOW + timedelta(minutes=10),
    expires=NOW + timedelta(days=9),
    categories=("health",),
    team_address="team@school.nl",
    colleagues=(Colleague("p1", "Bert"),),
)


def kinds(decisions: tuple[Decision, ...]) -> list[str]:
    return [type(decision).__name__ for decision in decisions]


def choices(decisions: tuple[Decision, ...]) -> set[Choice | None]:
    whisper = next(d for d in decisions if isinstance(d, Whisper))
    return {spec.choice for row in whisper.buttons for spec in row}


def test_a_harmless_message_in_working_time_passes_untouched() -> None:
    assert not respond(HARMLESS, SITUATION).keep


def test_at_act_the_message_is_removed_before_the_sender_is_told() -> None:
    response = respond(CONFIDENTIAL, SITUATION)
    assert kinds(response.decisions) == ["Remove", "Record", "Whisper", "Erase"]


def test_files_are_copied_before_anything_is_taken_away() -> None:
    response = respond(CONFIDENTIAL, replace(SITUATION, has_files=True))
    names = kinds(response.decisions)
    assert names.index("Copy") < names.index("Remove")
    assert isinstance(response.decisions[0], Copy)


def test_a_held_message_is_kept_with_its_files() -> None:
    quiet = replace(SITUATION, delivered=False, quiet_until=LATER, has_files=True)
    assert kinds(respond(HARMLESS, quiet).decisions) == ["Copy", "Hold", "Whisper"]
    urgent = replace(HARMLESS, redirect=("phone",))
    assert kinds(respond(urgent, quiet).decisions) == ["Copy", "Hold", "Whisper"]


@pytest.mark.parametrize("doubt", [{"level": Level.TIP}, {"unsure": True}, {"failed": True}])
def test_what_may_be_confidential_is_held_with_its_files(doubt: dict[str, Any]) -> None:
    quiet = replace(SITUATION, delivered=False, quiet_until=LATER, has_files=True, **doubt)
    held = ["Record", "Copy", "Hold", "Whisper"]
    assert kinds(respond(CONFIDENTIAL, quiet).decisions) == held


def test_after_the_grace_period_the_copy_goes_to_the_team_with_a_pointer() -> None:
    response = respond(CONFIDENTIAL, replace(SITUATION, redirect=Redirect.AFTER_GRACE))
    mail, pointer = response.decisions[-2:]
    assert isinstance(mail, Mail)
    assert mail.to == ()
    assert mail.at == SITUATION.grace_ends
    assert isinstance(pointer, PostPointer)
    assert pointer.article == "Intern 3"


def test_a_copy_nobody_chooses_for_ends_and_its_author_is_told() -> None:
    end = respond(CONFIDENTIAL, SITUATION).decisions[-1]
    assert isinstance(end, Erase)
    assert end.tell
    assert end.at == SITUATION.expires


def test_an_automatic_mail_in_quiet_hours_waits_for_working_time() -> None:
    situation = replace(SITUATION, redirect=Redirect.AT_ONCE, quiet_until=LATER)
    mail = next(d for d in respond(CONFIDENTIAL, situation).decisions if isinstance(d, Mail))
    assert mail.at == LATER


@pytest.mark.parametrize("redirect", [Redirect.AT_ONCE, Redirect.AFTER_GRACE])
def test_no_mail_is_promised_for_after_the_copy_must_be_gone(redirect: Redirect) -> None:
    after = NOW + timedelta(days=41)
    summer = replace(SITUATION, redirect=redirect, grace_ends=after, quiet_until=after)
    decisions = respond(CONFIDENTIAL, summer).decisions
    whisper, end = decisions[-2:]
    assert isinstance(whisper, Whisper)
    assert whisper.key == "whisper.act"
    assert end == Erase(Rules(CONFIDENTIAL.deciding), tell=True, at=SITUATION.expires)
    assert not any(isinstance(d, Mail | PostPointer) for d in decisions)


def test_at_tip_silence_changes_nothing_in_the_group() -> None:
    response = respond(CONFIDENTIAL, replace(SITUATION, level=Level.TIP))
    assert not any(isinstance(d, Remove | Mail) for d in response.decisions)
    assert any(isinstance(d, Whisper) for d in response.decisions)


def test_at_observe_it_is_only_counted() -> None:
    response = respond(CONFIDENTIAL, replace(SITUATION, level=Level.OBSERVE))
    assert [type(d) for d in response.decisions] == [Record]


def test_switched_off_nothing_happens_at_all() -> None:
    assert not respond(CONFIDENTIAL, replace(SITUATION, level=Level.OFF)).keep


def test_a_secret_cannot_be_posted_anyway() -> None:
    open_choices = choices(respond(CONFIDENTIAL, SITUATION).decisions)
    secret = choices(respond(CONFIDENTIAL, replace(SITUATION, secret=True)).decisions)
    assert {Choice.POST_ANYWAY, Choice.NOT_CONFIDENTIAL} <= open_choices
    assert not {Choice.POST_ANYWAY, Choice.NOT_CONFIDENTIAL} & secret


def test_without_an_address_or_colleagues_the_mail_buttons_are_absent() -> None:
    bare = replace(SITUATION, team_address="", colleagues=())
    assert not {Choice.SEND_TEAM, Choice.SEND_TO} & choices(respond(CONFIDENTIAL, bare).decisions)


@pytest.mark.parametrize(
    "situation",
    [
        replace(SITUATION, caps=Capabilities(ephemeral=True)),
        replace(SITUATION, age=timedelta(hours=49)),
    ],
    ids=["the platform cannot delete", "the message is too old"],
)
def test_what_the_bot_cannot_remove_it_asks_the_author_to_remove(situation: Situation) -> None:
    response = respond(CONFIDENTIAL, situation)
    assert "Remove" not in kinds(response.decisions)
    whisper = next(d for d in response.decisions if isinstance(d, Whisper))
    assert whisper.key == "whisper.please_remove"


def test_a_message_nobody_saw_yet_is_refused_instead_of_removed() -> None:
    response = respond(CONFIDENTIAL, replace(SITUATION, delivered=False))
    assert response.refuse == "gate.confidential"
    assert "Remove" not in kinds(response.decisions)


def test_in_quiet_hours_an_undelivered_message_is_held_until_the_group_works() -> None:
    response = respond(HARMLESS, replace(SITUATION, delivered=False, quiet_until=LATER))
    hold = response.decisions[0]
    assert isinstance(hold, Hold)
    assert hold.until == LATER
    assert response.refuse == "gate.held"


def test_a_platform_without_a_gate_asks_now_or_later() -> None:
    response = respond(HARMLESS, replace(SITUATION, quiet_until=LATER))
    assert choices(response.decisions) >= {Choice.DELIVER_LATER}


def test_urgent_means_the_phone_and_the_message_still_waits() -> None:
    urgent = replace(HARMLESS, redirect=("phone",))
    situation = replace(
        SITUATION,
        delivered=False,
        quiet_until=LATER,
        call_list=(Contact("Bert", "06-12345601"),),
    )
    response = respond(urgent, situation)
    assert kinds(response.decisions) == ["Hold", "Whisper"]
    whisper = response.decisions[1]
    assert isinstance(whisper, Whisper)
    assert whisper.buttons[0][0].url == "tel:0612345601"


def test_what_could_not_be_checked_is_said_and_never_called_clean() -> None:
    response = respond(HARMLESS, replace(SITUATION, failed=True))
    whisper = next(d for d in response.decisions if isinstance(d, Whisper))
    assert whisper.key == "whisper.not_checked"
    assert any(isinstance(d, Record) and d.event == "not_checked" for d in response.decisions)


@pytest.mark.parametrize(
    ("redirect", "key"), [(("mail",), "whisper.note"), ((), "whisper.note_tone")]
)
def test_a_note_speaks_of_mail_only_where_mail_is_the_way(
    redirect: tuple[str, ...], key: str
) -> None:
    note = replace(HARMLESS, acts=frozenset({Act.NOTE}), redirect=redirect)
    whisper = respond(note, SITUATION).decisions[0]
    assert isinstance(whisper, Whisper)
    assert whisper.key == key


@pytest.mark.parametrize(
    ("verdict", "situation", "ends"),
    [
        (replace(HARMLESS, acts=frozenset({Act.NOTE})), SITUATION, SITUATION.expires),
        (HARMLESS, replace(SITUATION, failed=True), SITUATION.expires),
        (HARMLESS, replace(SITUATION, quiet_until=LATER), LATER),
        (
            replace(HARMLESS, redirect=("phone",)),
            replace(SITUATION, quiet_until=LATER),
            SITUATION.expires,
        ),
    ],
    ids=["a note", "not checked", "now or later", "urgent"],
)
def test_a_mere_word_to_the_author_ends_in_silence(
    verdict: Verdict, situation: Situation, ends: datetime
) -> None:
    end = respond(verdict, situation).decisions[-1]
    assert isinstance(end, Erase)
    assert not end.tell
    assert end.at == ends


def test_a_doubtful_number_is_asked_about_and_never_removed() -> None:
    response = respond(HARMLESS, replace(SITUATION, unsure=True, categories=()))
    assert "Remove" not in kinds(response.decisions)


@given(
    level=st.sampled_from(Level),
    redirect=st.sampled_from(Redirect),
    delivered=st.booleans(),
    quiet=st.booleans(),
    files=st.booleans(),
    secret=st.booleans(),
    failed=st.booleans(),
    unsure=st.booleans(),
    can_delete=st.booleans(),
    confidential=st.booleans(),
)
def test_nothing_is_taken_away_below_act_or_without_telling_the_sender(
    level: Level,
    redirect: Redirect,
    delivered: bool,
    quiet: bool,
    files: bool,
    secret: bool,
    failed: bool,
    unsure: bool,
    can_delete: bool,
    confidential: bool,
) -> None:
    situation = replace(
        SITUATION,
        level=level,
        redirect=redirect,
        delivered=delivered,
        quiet_until=LATER if quiet else None,
        has_files=files,
        secret=secret,
        failed=failed,
        unsure=unsure,
        caps=Capabilities(delete_others=timedelta(days=1) if can_delete else None),
    )
    response = respond(CONFIDENTIAL if confidential else HARMLESS, situation)
    taken = [d for d in response.decisions if isinstance(d, Remove | Mail)]
    if taken or (response.refuse and not quiet):
        assert level is Level.ACT
        assert any(isinstance(d, Whisper) for d in response.decisions)
    if response.refuse:
        assert any(isinstance(d, Hold | Erase | Mail) for d in response.decisions)


def test_a_phone_link_holds_digits_only() -> None:
    assert dialable("+31 (0)6-1234 5601") == "+310612345601"
    assert dialable("06 1234\x0056;01") == "0612345601"
