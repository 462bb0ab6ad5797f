"""The short talk: at most three questions, every way out of it, and a state without any words."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.decisions import Ask, Choice, Reply
from bot.core.dialogue import (
    MOST_QUESTIONS,
    Answered,
    Asked,
    DialogueState,
    Restarted,
    Stopped,
    Unclear,
    ask_buttons,
    step,
)
from bot.core.facts import VOCABULARY, Facts
from bot.delivery.advise import pressed, said
from bot.texts import has

VAGUE = Facts.of(event=("question", "plan"), action="publish", author="medewerker",
                 attachment="none", doubt="no", duty="no", urgent="no", time="working")  # fmt: skip


def kept(state):
    return DialogueState.from_json(json.loads(json.dumps(state.to_json())))


def test_a_vague_question_is_answered_after_the_cheapest_facts(policy):
    state, (ask,) = step(policy, DialogueState(), Asked(VAGUE))
    assert isinstance(ask, Ask)
    assert ask.fact == "audience"
    state, (ask,) = step(policy, kept(state), Answered("audience", "team"))
    assert ask.fact == "channel"
    state, (reply,) = step(policy, kept(state), Answered("channel", "parro"))
    assert isinstance(reply, Reply)
    assert reply.values["advice"].kind == "no"
    assert "Intern 3" in reply.values["advice"].articles
    assert state == DialogueState()


def test_i_dont_know_is_an_answer_and_three_questions_are_the_most(policy):
    state, decisions = step(policy, DialogueState(), Asked(VAGUE))
    asked = 0
    while isinstance(decisions[-1], Ask):
        asked += 1
        state, decisions = step(policy, kept(state), Answered(state.open, "unknown"))
    assert 0 < asked <= MOST_QUESTIONS
    assert isinstance(decisions[0], Reply)


def test_what_is_not_understood_is_asked_once_more_and_then_counts_as_unknown(policy):
    state, _ = step(policy, DialogueState(), Asked(VAGUE))
    first = state.open
    state, (sorry, again) = step(policy, kept(state), Unclear())
    assert (sorry.key, again.fact) == ("advice.not_understood", first)
    state, _ = step(policy, kept(state), Unclear())
    assert state.open != first


def test_stop_and_again_end_the_talk(policy):
    state, _ = step(policy, DialogueState(), Asked(VAGUE))
    assert step(policy, state, Stopped())[0] == DialogueState()
    assert step(policy, state, Restarted())[0] == DialogueState()


def test_a_new_question_replaces_the_open_one(policy, detect):
    state, _ = step(policy, DialogueState(), Asked(VAGUE))
    state, (reply,) = said(policy, detect, kept(state), "Mag de klassenlijst in de teamapp?")
    assert reply.values["answer"].startswith("Nee.")
    assert state == DialogueState()


@pytest.mark.parametrize("words", ["het hele team", "Het hele team.", "voor het hele team"])
def test_words_answer_as_well_as_a_button(policy, detect, words):
    state, _ = step(policy, DialogueState(), Asked(VAGUE))
    state, _ = said(policy, detect, kept(state), words)
    assert state.facts.get("audience") == {"team"}


@pytest.mark.parametrize("words", ["weet ik niet", "geen idee", "I don't know"])
def test_not_knowing_can_be_said_in_words(policy, detect, words):
    state, _ = step(policy, DialogueState(), Asked(VAGUE))
    state, _ = said(policy, detect, kept(state), words)
    assert state.facts.get("audience") == {"unknown"}


@pytest.mark.parametrize(
    ("words", "key"), [("stop", "dialogue.stopped"), ("Opnieuw!", "advice.again")]
)
def test_stop_and_again_can_be_said_in_words(policy, detect, words, key):
    state, _ = step(policy, DialogueState(), Asked(VAGUE))
    after, (reply,) = said(policy, detect, kept(state), words)
    assert (after, reply.key) == (DialogueState(), key)


def test_a_pressed_button_goes_on_where_the_talk_was(policy, detect):
    state, (question,) = said(policy, detect, DialogueState(), "mag ik dit delen?")
    first = question.buttons[0][0]
    assert first.choice is Choice.ANSWER
    state, replies = pressed(policy, kept(state), first.argument)
    assert replies
    assert pressed(policy, DialogueState(), first.argument)[1][0].key == "advice.expired"


def test_every_question_and_option_has_words_in_the_catalogue(policy):
    from bot.core.advice import options
    from bot.core.facts import ASKABLE

    for fact in ASKABLE:
        assert has(f"advice.ask.{fact}")
        rows = ask_buttons(Ask(fact, Asked, options(policy, fact)))
        assert all(has(button.label) for row in rows for button in row)
        assert [row[0].choice for row in rows[-2:]] == [Choice.ANSWER, Choice.STOP]
    for fact in VOCABULARY:
        assert has(f"advice.provided.{fact}")


def test_the_state_never_holds_what_somebody_wrote(policy, detect):
    state, _ = said(
        policy, detect, DialogueState(), "Mag ik mijn duo via Parro iets over Zebedeus sturen?"
    )
    assert "Zebedeus" not in json.dumps(state.to_json())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["kind", "facts", "open", "asked", "unclear"]), JSON))
@settings(max_examples=150, deadline=None)
def test_a_state_that_is_not_ours_starts_anew(stored):
    assert isinstance(DialogueState.from_json(stored), DialogueState)


@given(st.lists(st.sampled_from([
    Unclear(), Stopped(), Restarted(), Asked(VAGUE), Answered("audience", "team"),
    Answered("channel", "parro"), Answered("content", "practical"), Answered("x", "y"),
]), max_size=12))  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_any_talk_always_says_something_and_stays_small(policy, events):
    state = DialogueState()
    for event in events:
        state, decisions = step(policy, kept(state), event)
        assert decisions
        assert len(json.dumps(state.to_json())) < 2_000


def test_nee_toch_niet_takes_back_the_last_answer_and_asks_it_again(policy, detect):
    state, _ = step(policy, DialogueState(), Asked(VAGUE))
    state, _ = said(policy, detect, kept(state), "Het hele team")
    assert state.open == "channel"
    state, (again,) = said(policy, detect, kept(state), "nee toch niet")
    assert state.open == "audience"
    assert again.key == "advice.question"
    assert "audience" not in state.facts.known


def test_nee_toch_niet_to_the_first_question_ends_the_talk(policy, detect):
    state, _ = step(policy, DialogueState(), Asked(VAGUE))
    state, (reply,) = said(policy, detect, kept(state), "toch niet")
    assert (state, reply.key) == (DialogueState(), "dialogue.stopped")


def test_an_earlier_answer_can_be_corrected_while_another_question_is_open(policy, detect):
    state, _ = step(policy, DialogueState(), Asked(VAGUE))
    state, _ = said(policy, detect, kept(state), "Iedereen, openbaar")
    assert state.facts.get("audience") == frozenset({"public"})
    assert state.open
    state, _ = said(policy, detect, kept(state), "nee, het hele team")
    assert state.open == "channel"
    assert state.facts.get("audience") == frozenset({"team"})
    state, (reply,) = said(policy, detect, kept(state), "Parro")
    assert "Intern 3" in reply.values["answer"]


def test_a_stored_talk_goes_on_with_the_same_answer_as_one_that_never_stopped(policy, detect):
    words = ("Mag ik dit doorsturen?", "Het hele team", "Parro")
    state, running = DialogueState(), DialogueState()
    for line in words:
        state, restarted = said(policy, detect, kept(state), line)
        running, whole = said(policy, detect, running, line)
        assert [r.values for r in restarted] == [r.values for r in whole]
    assert state == running == DialogueState()
