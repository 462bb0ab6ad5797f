"""What a pressed button leads to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.capabilities import Capabilities
from bot.core.choices import CaseView, choose
from bot.core.decisions import (
    Choice,
    Erase,
    Hold,
    Mail,
    PostPointer,
    Record,
    Remove,
    Repost,
    Whisper,
)
from bot.core.policy import Level, Redirect
from bot.core.situation import Colleague, Response, Situation
from bot.texts import text

NOW = datetime(2026, 11, 24, 9, 15, tzinfo=UTC)
LATER = NOW + timedelta(hours=12)
GONE = CaseView("Intern 3", in_group=False, safe="Er is iets met een leerling.")
STANDING = replace(GONE, in_group=True)
S = Situation(
    caps=Capabilities(delete_others=timedelta(days=2)),
    now=NOW,
    level=Level.ACT,
    redirect=Redirect.ON_CLICK,
    grace_ends=NOW,
    expires=NOW,
    team_address="team@school.nl",
    colleagues=(Colleague("p1", "Bert"), Colleague("p2", "Celine")),
)


def names(response: Response) -> list[str]:
    return [type(decision).__name__ for decision in response.decisions]


def test_send_to_team_mails_the_copy_and_leaves_a_pointer() -> None:
    response = choose(Choice.SEND_TEAM, "", GONE, S)
    assert names(response) == ["Copy", "Mail", "Whisper", "PostPointer"]


def test_at_tip_a_chosen_mail_also_takes_the_message_out_of_the_group() -> None:
    response = choose(Choice.SEND_TEAM, "", STANDING, S)
    assert names(response).index("Remove") < names(response).index("Mail")


def test_send_to_a_colleague_mails_only_that_colleague() -> None:
    response = choose(Choice.SEND_TO_COLLEAGUE, "p2", GONE, S)
    assert next(d for d in response.decisions if isinstance(d, Mail)).to == ("p2",)


def test_send_to_offers_the_colleagues_and_a_way_back() -> None:
    whisper = choose(Choice.SEND_TO, "", GONE, S).decisions[0]
    assert isinstance(whisper, Whisper)
    offered = [(spec.choice, spec.argument) for row in whisper.buttons for spec in row]
    assert offered == [
        (Choice.SEND_TO_COLLEAGUE, "p1"),
        (Choice.SEND_TO_COLLEAGUE, "p2"),
        (Choice.BACK, ""),
    ]


def test_a_rewritten_version_is_shown_before_it_is_posted() -> None:
    shown = choose(Choice.REWRITE, "", GONE, S)
    assert names(shown) == ["Whisper"]
    posted = choose(Choice.POST_REWRITTEN, "", GONE, S)
    repost = next(d for d in posted.decisions if isinstance(d, Repost))
    assert repost.text == GONE.safe


def test_posting_anyway_asks_for_a_reason_and_records_it() -> None:
    assert names(choose(Choice.POST_ANYWAY, "", GONE, S)) == ["Whisper"]
    response = choose(Choice.POST_WITH_REASON, "permission", GONE, S)
    assert "Repost" in names(response)
    record = next(d for d in response.decisions if isinstance(d, Record))
    assert (record.event, record.detail) == ("posted_anyway", "permission")


@pytest.mark.parametrize(
    "choice",
    [
        Choice.POST_ANYWAY,
        Choice.NOT_CONFIDENTIAL,
        Choice.CONFIRM_NOT_CONFIDENTIAL,
        Choice.POST_WITH_REASON,
    ],
)
def test_a_secret_never_comes_back_even_through_a_forged_choice(choice: Choice) -> None:
    response = choose(choice, "permission", GONE, replace(S, secret=True))
    assert not any(isinstance(d, Repost) for d in response.decisions)


def test_a_reason_outside_the_closed_list_shows_the_menu_again() -> None:
    response = choose(Choice.POST_WITH_REASON, "omdat ik het zeg", GONE, S)
    assert names(response) == ["Whisper"]


def test_quiet_hours_still_apply_to_what_comes_back() -> None:
    response = choose(Choice.CONFIRM_NOT_CONFIDENTIAL, "", GONE, replace(S, quiet_until=LATER))
    assert names(response) == ["Whisper", "Record", "Repost", "Erase"]
    assert next(d for d in response.decisions if isinstance(d, Repost)).at == LATER


def test_not_confidential_at_tip_leaves_the_message_and_reports_a_false_alarm() -> None:
    response = choose(Choice.CONFIRM_NOT_CONFIDENTIAL, "", STANDING, S)
    assert names(response) == ["Whisper", "Record", "Erase"]


def test_discarding_erases_the_copy_and_says_in_the_group_that_something_went() -> None:
    response = choose(Choice.DISCARD, "", GONE, S)
    pointer = next(d for d in response.decisions if isinstance(d, PostPointer))
    assert any(isinstance(d, Erase) for d in response.decisions)
    assert not pointer.moved


def test_a_held_message_can_be_withdrawn() -> None:
    response = choose(Choice.WITHDRAW, "", replace(GONE, held=True), S)
    assert names(response) == ["Whisper", "Remove", "Erase"]


def test_a_held_message_cannot_be_mailed_by_an_old_button() -> None:
    response = choose(Choice.SEND_TEAM, "", replace(GONE, held=True), S)
    assert not any(isinstance(d, Mail | Remove) for d in response.decisions)


def test_a_held_message_with_something_confidential_can_still_go_to_the_mail() -> None:
    confidential = replace(S, categories=("health",))
    response = choose(Choice.SEND_TEAM, "", replace(GONE, held=True), confidential)
    assert any(isinstance(d, Mail) for d in response.decisions)


def test_a_possible_breach_is_reported_to_whoever_the_school_named_or_else_to_the_manager() -> None:
    (known,) = choose(Choice.BREACH, "", GONE, replace(S, privacy_contact="Bert")).decisions
    (nobody,) = choose(Choice.BREACH, "", GONE, S).decisions
    assert isinstance(known, Whisper)
    assert isinstance(nobody, Whisper)
    assert (known.key, known.values["contact"]) == ("whisper.breach", "Bert")
    assert nobody.key == "whisper.breach_nobody"
    assert "bij de privacy-contactpersoon van je school" in text(nobody.key)


def test_deliver_later_takes_it_out_of_the_group_and_holds_it() -> None:
    response = choose(Choice.DELIVER_LATER, "", STANDING, replace(S, quiet_until=LATER))
    assert next(d for d in response.decisions if isinstance(d, Hold)).until == LATER
