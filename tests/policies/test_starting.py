"""A first policy file out of a few answers."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.cli import app
from bot.core.judge import judge
from bot.delivery.advise import advise
from bot.delivery.policy_tests import run_examples
from bot.detection.engine import build_detector
from bot.policies import check_policy, load_policy, read_policy
from bot.policies.check import Weight
from bot.policies.coverage import accounted, coverage
from bot.policies.difference import plainest
from bot.policies.starting import School, questions, starter

EXAMPLE = Path(__file__).parents[2] / "policies" / "voorbeeld.yaml"
SCHOOL = School("De Testschool", "team@testschool.nl")
ANSWERS = [
    pytest.param(question.key, number, id=f"{question.key}-{number + 1}")
    for question in questions()
    for number in range(len(question.options))
]


@pytest.fixture(scope="module")
def detect():
    return build_detector().detect


def errors(policy):
    return [str(p) for p in check_policy(policy) if p.weight is Weight.ERROR]


def test_the_shipped_example_is_what_the_usual_answers_give():
    made = starter(School("Voorbeeldschool", "team@voorbeeldschool.nl", EXAMPLE.name), {})
    assert EXAMPLE.read_text("utf-8") == made


def test_the_example_passes_check_and_all_its_examples(detect):
    policy = load_policy(EXAMPLE)
    assert [str(problem) for problem in check_policy(policy)] == []
    results = run_examples(policy, detect)
    assert [result.says for result in results if not result.good] == []
    done, everything = accounted(coverage(policy))
    assert done == everything > 15


ASKED = [
    ("no", "Vrije tijd", "Moet ik in het weekend berichten in de teamapp lezen?"),
    ("no", "Groepsapp", "Mag ik de notulen van de vergadering in de teamapp zetten?"),
    ("no", "Groepsapp", "Mag ik een heel lang verhaal van elf punten in de teamapp zetten?"),
    ("yes", "Groepsapp", "Mag ik in de teamapp zetten dat de koffie op is?"),
    ("yes", "Groepsapp", "Mag ik in de teamapp vragen wie mijn pleinwacht kan overnemen?"),
]


@pytest.mark.parametrize(("verdict", "article", "words"), ASKED)
def test_the_example_answers_from_its_own_articles(detect, verdict, article, words):
    answer = advise(load_policy(EXAMPLE), detect, words)
    assert (answer.kind.value, answer.articles) == (verdict, (article,))


@pytest.mark.parametrize(("key", "number"), ANSWERS)
def test_every_answer_gives_a_file_that_passes_check_and_its_own_examples(key, number, detect):
    policy = read_policy(starter(SCHOOL, {key: number}), "x.yaml")
    assert errors(policy) == []
    article = next(question.article for question in questions() if question.key == key)
    results = run_examples(policy, detect)
    mine = [r for r in results if policy.rule(r.rule).article == article]
    assert [result.says for result in mine if not result.good] == []


def test_the_answers_are_about_what_protocols_differ_in():
    keys = [question.key for question in questions()]
    assert len(keys) == len(set(keys)) >= 15
    assert all(len(question.options) > 1 for question in questions())
    assert all(set(question.says) == {"nl", "en"} for question in questions())


@given(st.dictionaries(st.sampled_from([q.key for q in questions()]), st.integers(0, 1)))
def test_any_answers_together_give_a_file_without_errors(answers):
    policy = read_policy(starter(SCHOOL, answers), "x.yaml")
    assert errors(policy) == []
    for rule in policy.rules:
        for case in rule.when:
            assert judge(policy, plainest(case)).version == "1"


@given(st.text(max_size=60))
def test_whatever_a_school_is_called_the_file_can_be_read(name):
    policy = read_policy(starter(School(name, "team@x.nl"), {}), "x.yaml")
    assert policy.name.startswith("protocol")


def run(folder, *arguments, given=""):
    with contextlib.chdir(folder):
        return CliRunner().invoke(app, ["policy", *arguments], input=given)


def test_the_questions_are_asked_one_by_one_and_the_file_passes_its_check(tmp_path):
    typed = "De Ark\nteam@ark.nl\n" + "9\nx\n2\n" + "\n" * 40
    done = run(tmp_path, "new", "ark.yaml", given=typed)
    assert done.exit_code == 0, done.output
    assert "Dat is geen van de nummers" in done.output
    policy = load_policy(tmp_path / "ark.yaml")
    assert policy.name == "protocol De Ark"
    assert policy.settings.team_address == "team@ark.nl"
    assert "alleen een tip" in (tmp_path / "ark.yaml").read_text("utf-8").lower()
    assert run(tmp_path, "check", "ark.yaml").exit_code == 0


def test_a_file_that_is_there_is_never_written_over(tmp_path):
    (tmp_path / "mine.yaml").write_text("mine", "utf-8")
    assert run(tmp_path, "new", "mine.yaml", "--defaults").exit_code == 1
    assert (tmp_path / "mine.yaml").read_text("utf-8") == "mine"


def test_a_team_address_that_is_none_writes_nothing(tmp_path):
    done = run(tmp_path, "new", "x.yaml", given="De Ark\nteam\n" + "\n" * 40)
    assert done.exit_code == 1
    assert not (tmp_path / "x.yaml").exists()
