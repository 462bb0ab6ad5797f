"""Rules of the group other than confidentiality: a word to the writer, and nobody is reported."""

from datetime import UTC, datetime, timedelta

import pytest

from bot import texts
from bot.core.capabilities import Capabilities
from bot.core.decisions import Erase, Record, Whisper
from bot.core.events import Account
from bot.core.facts import Facts
from bot.core.findings import Assessment, Category, Detection, Finding
from bot.core.judge import judge
from bot.core.policy import Act, Level, Outcome, Policy, Redirect, Rule, Settings, VerdictKind
from bot.core.respond import respond
from bot.core.situation import Situation
from bot.core.tips import tip_key, whom_to_talk_to
from bot.delivery.render import render
from bot.detection.reading import group_facts
from bot.detection.reading.events import deleted_facts, edited_facts, lesson_facts

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
CLEAN = Detection()


def situation(level=Level.TIP, categories=()):
    return Situation(
        caps=Capabilities(), now=NOW, level=level, redirect=Redirect.ON_CLICK, grace_ends=NOW,
        expires=NOW, categories=categories,
    )  # fmt: skip


def policy(*acts, content=("insult", "threat", "bullying"), **then):
    rule = Rule(
        "A", "Artikel 7", "s",
        when=({"event": frozenset({"group_message"}), "content": frozenset(content)},),
        then=Outcome(VerdictKind.REFUSE, acts=acts, **then),
    )  # fmt: skip
    return Policy("a", "A", "1", "a.yaml", (rule,))


def decided(text, *acts, level=Level.TIP, **then):
    facts = group_facts(text, CLEAN, quiet=False, settings=Settings())
    return respond(judge(policy(*acts, **then), facts), situation(level)).decisions


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Als Dirk nog één keer mijn lokaal inpikt dan weet ik hem te vinden.", "tip.threat"),
        ("Laten we Henk gewoon nergens meer voor uitnodigen.", "tip.hurtful"),
        ("Wat is die vader van Tygo toch een ongelooflijke eikel zeg.", "whisper.note_tone"),
    ],
)
def test_each_kind_of_hard_word_gets_its_own_tip_to_the_writer_alone(text, key):
    tip, _ = decided(text, Act.NOTE)
    assert isinstance(tip, Whisper)
    assert tip.key == key


@pytest.mark.parametrize("level", [Level.TIP, Level.ACT])
@pytest.mark.parametrize("act", [Act.NOTE, Act.WITHDRAW])
def test_a_hard_word_is_never_taken_away_recorded_or_reported(act, level):
    text = "Als Dirk nog één keer mijn lokaal inpikt dan weet ik hem te vinden."
    decisions = decided(text, act, level=level, record=("directie",), escalate=("politie",))
    assert [type(decision) for decision in decisions] == [Whisper, Erase]
    assert not any(isinstance(decision, Record) for decision in decisions)


def test_at_observe_nobody_is_told_anything():
    assert decided("Wat is die vader toch een eikel zeg.", Act.NOTE, level=Level.OBSERVE) == ()


def test_the_writer_of_a_threat_hears_whom_they_can_talk_to_and_that_nobody_is_told():
    text = "Als Dirk nog één keer mijn lokaal inpikt dan weet ik hem te vinden."
    tip, _ = decided(text, Act.NOTE, redirect=("leidinggevende",), escalate=("politie",))
    said = render(tip.key, tip.values, language="nl", zone="Europe/Amsterdam", now=NOW)
    assert "je leidinggevende" in said
    assert "politie" not in said
    assert "Ik vertel dit aan niemand" in said
    assert "Artikel 7" in said


def test_who_is_named_by_no_rule_is_pointed_to_their_manager():
    verdict = judge(policy(Act.NOTE), Facts.of(event="group_message", content="threat"))
    assert whom_to_talk_to(verdict) == ("leidinggevende",)


def test_too_long_and_meant_for_all_is_a_hint_at_mail():
    text = "Beste allemaal, hierbij de notulen van dinsdag met alle besluiten: 1. x 2. y 3. z"
    tip, _ = decided(text, Act.NOTE, content=("announcement",), redirect=("mail",))
    assert tip.key == "whisper.note"


def test_a_confidential_message_is_still_withdrawn():
    verdict = judge(
        policy(Act.WITHDRAW, content=("confidential",)),
        Facts.of(event="group_message", content="confidential"),
    )
    seen = respond(verdict, situation(Level.OBSERVE, ("health",)))
    assert [type(decision) for decision in seen.decisions] == [Record]


@pytest.mark.parametrize(
    ("text", "found", "about"),
    [
        ("Kijk, groep 6 op de sportdag", (), "pupil"),
        ("De moeder van net aan het hek", (), "parent"),
        ("Dit is ons teamuitje", (), "colleague"),
        ("Wendy op de fiets", (Finding("PERSON", 0, 5, 0.9, "x"),), "colleague"),
    ],
)
def test_a_photo_tells_about_whom_it_is(text, found, about):
    detection = Detection(findings=found)
    facts = group_facts(text, detection, attachments=("photo",), quiet=False, settings=Settings())
    assert facts.get("about") == {about}
    assert facts.get("recognisable") == {"yes"}


def test_a_harmless_text_is_about_nobody_in_particular():
    facts = group_facts("Wie neemt groep 6 over?", CLEAN, quiet=False, settings=Settings())
    assert facts.get("about") is None


def test_what_is_private_of_a_colleague_is_about_a_colleague():
    detection = Detection(
        (Finding("PERSON", 15, 22, 0.9, "x"),), Assessment(0.9, (Category.HEALTH,))
    )
    text = "Even ter info: Monique zit thuis met een burn-out."
    facts = group_facts(text, detection, quiet=False, settings=Settings())
    assert facts.get("content") == {"confidential", "personal_data"}
    assert facts.get("about") == {"colleague"}


def test_a_photo_of_somebody_is_a_tip_about_photos():
    rule = Rule(
        "A", "Artikel 3", "s",
        when=({"event": frozenset({"group_message"}), "about": frozenset({"pupil"}),
               "attachment": frozenset({"image"})},),
        then=Outcome(VerdictKind.REFUSE, acts=(Act.NOTE,)),
    )  # fmt: skip
    facts = group_facts(
        "groep 6 op kamp", CLEAN, attachments=("photo",), quiet=False, settings=Settings()
    )
    assert tip_key(judge(Policy("a", "A", "1", "a.yaml", (rule,)), facts)) == "tip.photo"


LATE = timedelta(minutes=20)


@pytest.mark.parametrize(
    ("text", "disclosed"),
    [
        ("De vergadering is om 15.00 uur", "nothing"),
        ("De vergadering is om 15.00 uur (aangepast: stond 14.00)", "edit_mark"),
        ("Correctie: de vergadering is om 15.00 uur", "edit_mark"),
    ],
)
def test_a_late_change_says_whether_it_was_marked(text, disclosed):
    facts = edited_facts(text, LATE)
    assert facts is not None
    assert facts.get("disclosed") == {disclosed}
    assert facts.get("event") == {"edited"}


def test_a_slip_mended_at_once_is_no_event():
    assert edited_facts("De vergadering is om 15.00 uur", timedelta(seconds=40)) is None
    assert deleted_facts(timedelta(seconds=40)) is None


def test_a_late_removal_is_one_whose_reason_is_not_told():
    facts = deleted_facts(LATE)
    assert facts is not None
    assert facts.get("event") == {"deleted"}
    assert facts.get("disclosed") == {"nothing"}


def test_in_a_lesson_only_a_protocol_that_speaks_of_lessons_has_something_to_say():
    rule = Rule(
        "A", "A.1", "s",
        when=({"event": frozenset({"group_message"}), "time": frozenset({"own_lesson"})},),
        then=Outcome(acts=(Act.HOLD,)),
    )  # fmt: skip
    speaks = Policy("a", "A", "1", "a.yaml", (rule,))
    assert judge(speaks, lesson_facts()).acts == {Act.HOLD}
    assert judge(policy(Act.NOTE), lesson_facts()).acts == frozenset()


def test_every_tip_there_is_has_its_words():
    keys = ("threat", "hurtful", "login", "private", "photo", "edited", "deleted")
    assert all(texts.has(f"tip.{key}") for key in keys)


def test_an_account_is_never_shown_in_what_a_tip_remembers():
    assert "Anna" not in repr(Account("demo", "1", "Anna"))
