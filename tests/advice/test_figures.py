"""The figures of the adviser do not fall unnoticed; `python -m bench.advice` gives all of them."""

from collections import Counter

import pytest

from bench.advice import ROOT, SCHOOLS, ask, held_back, own_questions
from bot.policies import load_policy

EVERY = 3


@pytest.fixture(scope="module")
def answers(detect):
    policies = {name: load_policy(ROOT / "policies" / f"{name}.yaml") for name in SCHOOLS}
    held = [question for question in own_questions() if held_back(question)]
    return [ask(policies, detect, question) for question in held[::EVERY]]


def test_nine_in_ten_answers_to_unseen_questions_are_exactly_right(answers):
    assert sum(one.exact for one in answers) >= 0.9 * len(answers)


def test_none_of_them_is_a_yes_where_it_should_be_no_or_ask_first(answers):
    assert [one.question.id for one in answers if one.unsafe] == []


def test_every_answer_names_an_article_or_says_that_there_is_none(answers):
    assert [one.question.id for one in answers if not one.cited] == []


def test_the_questions_are_many_and_of_every_school_and_answer():
    questions = own_questions()
    assert len({question.text for question in questions}) >= 600
    assert len({question.id for question in questions}) == len(questions) >= 2_000
    assert min(Counter(question.policy for question in questions).values()) >= 200
    assert set(Counter(question.expected for question in questions)) == {
        "yes", "no", "yes_if", "ask_manager",
    }  # fmt: skip
