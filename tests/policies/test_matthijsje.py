"""The Matthijsje protocol as it is shipped, through the real detector."""

import re
from pathlib import Path

import pytest

from bot.core.facts import Facts
from bot.core.judge import judge
from bot.core.policy import Act, VerdictKind
from bot.delivery.policy_tests import run_examples
from bot.detection.engine import build_detector
from bot.policies import check_policy, load_policy
from bot.policies.coverage import coverage

FOLDER = Path(__file__).parents[2] / "policies"
FILE = FOLDER / "matthijsje.yaml"
NORMS = re.findall(
    r"\S+",
    """INL-1 INL-2 INL-3 INL-4 EXT-1 EXT-2 EXT-3a EXT-3b EXT-4 EXT-5a EXT-5b EXT-6 EXT-7 EXT-8
INT-1a INT-1b INT-1c INT-2a INT-2b INT-3a INT-3b INT-3c INT-3d INT-4a INT-4b ACH-1 ACH-2a ACH-2b
ACH-3a ACH-3b ACH-3c ACH-3d ACH-4a ACH-4b ACH-5a ACH-5b ACH-5c ACH-5d ACH-6 ACH-7""",
)


@pytest.fixture(scope="module")
def policy():
    return load_policy(FILE)


@pytest.fixture(scope="module")
def detect():
    return build_detector().detect


def test_every_norm_of_the_protocol_is_a_rule_or_says_that_it_only_informs(policy):
    assert len(NORMS) == 40
    assert {f"MAT-{norm}" for norm in NORMS} <= {rule.id for rule in policy.rules}
    assert all(rule.when or rule.keywords for rule in policy.rules)
    assert all(rule.says and rule.gloss and rule.article for rule in policy.rules)


def test_nothing_in_it_contradicts_or_never_decides(policy):
    assert [str(problem) for problem in check_policy(policy)] == []


def test_every_example_of_the_file_comes_out_as_written(policy, detect):
    results = run_examples(policy, detect)
    assert len(results) > 90
    assert [result.says for result in results if not result.good] == []


def test_coverage_names_every_article_once(policy):
    articles = [one.article for one in coverage(policy)]
    assert len(articles) == len(set(articles))
    assert {"Intern 1", "Intern 4", "Extern 8", "Achtergrond 7", "Inleiding"} <= set(articles)


def plan(**facts):
    usual = {"event": ("question", "plan"), "action": "publish", "attachment": "none",
             "author": "medewerker", "doubt": "no", "duty": "no", "urgent": "no",
             "time": "working", "length": "short"}  # fmt: skip
    return Facts.of(**(usual | facts))


CASES = [
    ("confidential in the team's group", Facts.of(event="group_message", channel="team_group",
     audience="team", content=("confidential", "personal_data"), time="working", urgent="no"),
     VerdictKind.REFUSE, "Intern 3"),
    ("a photo of a pupil on the school's Facebook, consent by word of mouth",
     plan(audience="public", channel="social_media", attachment="image", about="pupil",
          recognisable="yes", consent="oral"), VerdictKind.REFUSE, "Extern 3"),
    ("befriend a pupil", plan(action="befriend", audience="pupil", account="private",
     channel="social_media", content="general"), VerdictKind.NO_RULE, None),
    ("a group with pupils", plan(action="make_group", audience="pupil", channel="whatsapp",
     content="practical"), VerdictKind.NO_RULE, None),
    ("doubt about one's own post", plan(audience="public", channel="social_media", doubt="yes",
     content="general"), VerdictKind.CONSULT, "Extern 8"),
    ("doubt of a leader", plan(audience="public", channel="social_media", doubt="yes",
     author="leidinggevende", content="general"), VerdictKind.REFUSE, "Extern 5"),
    ("a work blog without a disclaimer", plan(audience="public", channel="social_media",
     content="general", disclaimer="none"), VerdictKind.ALLOW, "Achtergrond 7"),
    ("argue with a complaining parent on Facebook", plan(action="reply", audience="parent",
     channel="social_media", content="argument"), VerdictKind.REFUSE, "Extern 4"),
    ("a journalist asks for a reaction", plan(action="answer_press", audience="press",
     channel="phone"), VerdictKind.NO_RULE, None),
    ("silently delete one's own wrong post", plan(action="remove", content="error"),
     VerdictKind.REFUSE, "Achtergrond 3"),
    ("delete what was confidential", plan(action="remove", content=("error", "confidential")),
     VerdictKind.ALLOW, "Achtergrond 3"),
    ("plain text for the parents' group", plan(audience="class_parents", channel="whatsapp",
     content="practical"), VerdictKind.ALLOW, "Extern 1"),
    ("Parro for the whole team", plan(audience="team", channel="parro", content="practical"),
     VerdictKind.REFUSE, "Intern 3"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "kind", "article"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_the_cases_that_tell_the_protocols_apart(policy, facts, kind, article):
    verdict = judge(policy, facts)
    assert verdict.kind is kind
    assert article is None or article in verdict.articles


def test_a_confidential_group_message_is_withdrawn_and_mailed_under_intern_3(policy):
    facts = Facts.of(event="group_message", channel="team_group", content="confidential")
    verdict = judge(policy, facts)
    assert Act.WITHDRAW in verdict.acts
    assert verdict.redirect == ("mail",)
    assert verdict.articles == ("Intern 3",)


def test_late_messages_are_held_and_urgent_ones_go_by_phone(policy):
    late = {"event": "group_message", "channel": "team_group", "time": "quiet"}
    assert judge(policy, Facts.of(**late, urgent="no")).acts == {Act.HOLD}
    assert judge(policy, Facts.of(**late, urgent="yes")).redirect == ("phone",)
    assert judge(policy, Facts.of(**late | {"time": "working"}, urgent="no")).acts == frozenset()
