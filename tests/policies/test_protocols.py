"""The five protocols as they are shipped: whole, proven, and fast to judge."""

import time
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from bot.core.capabilities import Capabilities
from bot.core.decisions import Mail, Record, Remove
from bot.core.facts import Facts
from bot.core.judge import judge
from bot.core.policy import Act, Level, Policy, Redirect, VerdictKind
from bot.core.respond import respond
from bot.core.situation import Situation
from bot.delivery.policy_tests import run_examples
from bot.detection.engine import build_detector
from bot.detection.reading import group_facts
from bot.policies import check_policy, load_policy
from bot.policies.check import Weight
from bot.policies.coverage import Effect, accounted, coverage, effect_of

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "policies"
RULES = ROOT.parent / "shared" / "domain" / "rules.tsv"
NORMS = {"matthijsje": 40, "hogeland": 40, "kalisto": 46, "aloysius": 68, "omo": 53}
PREFIXES = {"MAT": "matthijsje", "HOG": "hogeland", "KAL": "kalisto", "ALO": "aloysius",
            "OMO": "omo"}  # fmt: skip
BEHAVIOURS = {
    "ENFORCE": Effect.ENFORCED, "SCHEDULE": Effect.SCHEDULED, "ADVISE": Effect.ADVISED,
    "ASK": Effect.ASKED, "REMIND": Effect.REMINDED, "RECORD": Effect.RECORDED,
    "INFORM": Effect.INFORMS,
}  # fmt: skip
each = pytest.mark.parametrize("school", NORMS)


@cache
def policy(school: str) -> Policy:
    return load_policy(FOLDER / f"{school}.yaml")


def situation() -> Situation:
    now = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    return Situation(Capabilities(), now, Level.ACT, Redirect.ON_CLICK, now, now)


@pytest.fixture(scope="module")
def detect():
    return build_detector().detect


@each
def test_every_norm_of_the_protocol_has_a_rule(school):
    assert accounted(coverage(policy(school))) == (NORMS[school], NORMS[school])


def test_together_they_are_247_norms():
    assert sum(NORMS.values()) == 247


@pytest.mark.skipif(not RULES.exists(), reason="the list of norms is not at hand")
def test_the_norms_are_those_of_the_list_and_no_others():
    listed: dict[str, set[str]] = {school: set() for school in NORMS}
    for line in RULES.read_text("utf-8").splitlines()[1:]:
        norm = line.split("\t")[0]
        listed[PREFIXES[norm.partition("-")[0]]].add(norm)
    ours = {s: {n for norms in policy(s).articles.values() for n in norms} for s in NORMS}
    assert ours == listed


@pytest.mark.skipif(not RULES.exists(), reason="the list of norms is not at hand")
def test_what_only_informs_in_our_files_only_informs_in_the_list():
    """A norm that could do more is not quietly turned into one that only tells."""
    behaviour = {
        cells[0]: BEHAVIOURS[cells[7]]
        for cells in (line.split("\t") for line in RULES.read_text("utf-8").splitlines()[1:])
    }
    quiet = [
        norm.id
        for school in NORMS
        for part in coverage(policy(school))
        for norm in part.norms
        if norm.main is Effect.INFORMS and behaviour[norm.id] is not Effect.INFORMS
    ]
    assert quiet == []


@each
def test_nothing_in_it_contradicts_or_never_decides(school):
    found = check_policy(policy(school))
    assert [str(problem) for problem in found if problem.weight is Weight.ERROR] == []


@each
def test_every_rule_has_an_article_both_languages_and_two_examples(school):
    for rule in policy(school).rules:
        assert all((rule.article, rule.says, rule.gloss)), rule.id
        assert {example.hits for example in rule.examples} == {True, False}, rule.id


@each
def test_every_example_comes_out_as_written(school, detect):
    results = run_examples(policy(school), detect)
    assert [f"{r.rule}: {r.says}" for r in results if not r.good] == []


def test_there_are_more_than_five_hundred_examples():
    assert sum(len(r.examples) for s in NORMS for r in policy(s).rules) >= 500


@each
def test_every_kind_of_effect_is_told(school):
    effects = Counter(effect_of(rule) for rule in policy(school).rules)
    assert effects[Effect.ADVISED] > 10
    assert effects[Effect.INFORMS] > 3
    assert Effect.NOT_COVERED not in effects


@each
def test_a_message_is_judged_well_within_a_blink(school):
    """Generous, for a busy machine; the benchmark tells the real figures."""
    facts = Facts.of(
        event="group_message", channel="team_group", audience="team", time="quiet", urgent="no",
        length="long", attachment="none", content=("confidential", "personal_data"),
    )  # fmt: skip
    started = time.perf_counter()
    for _ in range(100):
        judge(policy(school), facts)
    assert (time.perf_counter() - started) / 100 < 0.002


@each
def test_a_photo_of_pupils_in_the_group_is_something_to_every_protocol(school):
    rules = policy(school)
    found = build_detector().detect("Kijk, groep 6 op de sportdag!", attachments=("photo",))
    facts = group_facts("Kijk, groep 6 op de sportdag!", found, attachments=("photo",),
                        quiet=False, settings=rules.settings)  # fmt: skip
    verdict = judge(rules, facts)
    assert verdict.kind is VerdictKind.REFUSE
    assert Act.WITHDRAW in verdict.acts


@each
@pytest.mark.parametrize(
    "text",
    [
        "Als Dirk nog één keer mijn lokaal inpikt dan weet ik hem te vinden.",
        "Wat een eikel, die monteur van de kopieermachine.",
        "Typisch, die Polen komen weer niet opdagen op de ouderavond.",
    ],
)
def test_a_hard_word_in_the_group_is_at_most_a_tip_by_every_protocol(school, text, detect):
    rules = policy(school)
    facts = group_facts(text, detect(text), quiet=False, settings=rules.settings)
    verdict = judge(rules, facts)
    told = respond(verdict, situation())
    assert not any(isinstance(done, (Remove, Mail, Record)) for done in told.decisions)
