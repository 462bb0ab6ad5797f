"""The commands about policy files, and what they say."""

import asyncio
import contextlib
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.app import keyring, prepare
from bot.cli import app
from bot.config import load
from bot.core.facts import Facts
from bot.core.policy import Act, Example, Outcome, Policy, Rule, VerdictKind
from bot.delivery.policy_words import difference_lines, replay_lines
from bot.policies import load_policy
from bot.policies.coverage import Effect, coverage, effect_of
from bot.policies.difference import Way, differences, outcome
from bot.storage.records import Incident
from bot.storage.repository import Repository

FOLDER = Path(__file__).parents[2] / "policies"
FIVE = [str(FOLDER / f"{s}.yaml") for s in ("matthijsje", "hogeland", "kalisto", "aloysius", "omo")]
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def run(folder, *arguments):
    with contextlib.chdir(folder):
        return CliRunner().invoke(app, arguments, env={"TERM": "dumb"})


def rule(rule_id="A-1", verdict="REFUSE", says="Zo is het.", when=None, **then):
    kind = VerdictKind[verdict] if verdict else None
    case = {k: frozenset([v]) for k, v in (when or {"event": "plan", "content": "opinion"}).items()}
    return Rule(rule_id, "1", says, when=(case,), then=Outcome(kind, **then),
                examples=(Example("a", True), Example("b", False)))  # fmt: skip


def policy(*rules, name="A", **given):
    return Policy("a", f"protocol {name}", "1", "a.yaml", rules, **given)


def test_coverage_counts_247_of_247(tmp_path):
    done = run(tmp_path, "policy", "coverage", *FIVE)
    assert done.exit_code == 0
    assert done.output.splitlines()[-1] == "247 van 247 normen verantwoord, in 5 bestanden"
    assert "Intern 4: " in done.output


def test_coverage_of_the_shipped_files_needs_no_names_and_shows_each_norm(tmp_path):
    done = run(tmp_path, "policy", "coverage", "--norms")
    assert "247 van 247" in done.output
    assert "MAT-INT-4a: let op het moment" in done.output


def test_coverage_of_a_protocol_with_a_hole_fails(tmp_path):
    text = (FOLDER / "matthijsje.yaml").read_text("utf-8").replace("MAT-INL-1, MAT", "MAT-X-9, MAT")
    (tmp_path / "hole.yaml").write_text(text, "utf-8")
    done = run(tmp_path, "policy", "coverage", "hole.yaml")
    assert done.exit_code == 1
    assert "39 van 40 normen verantwoord" in done.output
    assert "staat er niet in: 1" in done.output
    assert run(tmp_path, "policy", "check", "hole.yaml").exit_code == 1


def test_check_tells_where_a_rule_stands_that_never_decides(tmp_path):
    text = (FOLDER / "voorbeeld.yaml").read_text("utf-8")
    text += """
  - id: NIEUW-1
    article: Pers
    says: De pers mag je antwoorden als je durft.
    gloss: You may answer the press if you dare.
    when: {event: plan, action: answer_press, audience: press, channel: phone}
    then: {verdict: allow}
    examples: [{hit: een}, {miss: twee}]
"""
    (tmp_path / "own.yaml").write_text(text, "utf-8")
    done = run(tmp_path, "policy", "check", "own.yaml")
    line = text[: text.index("- id: NIEUW-1")].count("\n") + 1
    assert done.exit_code == 1
    assert f"own.yaml:{line}: error: NIEUW-1: never decides: PERS-1 always wins" in done.output


@pytest.mark.parametrize(
    ("given", "effect"),
    [
        (rule(when={"event": "group_message", "content": "insult"}), Effect.ENFORCED),
        (rule(when={"event": "deleted"}, verdict=None, acts=(Act.NOTE,)), Effect.ENFORCED),
        (rule(when={"event": "group_message", "time": "quiet"}, verdict=None,
              acts=(Act.HOLD,)), Effect.SCHEDULED),
        (rule(when={"event": "timer", "time": "exam"}), Effect.SCHEDULED),
        (rule(), Effect.ADVISED),
        (rule(verdict="ASK", asks=("consent",)), Effect.ASKED),
        (rule(verdict=None, remind=("risk",)), Effect.REMINDED),
        (rule(when={"event": "timer", "time": "period_start"}, verdict=None, remind=("risk",)),
         Effect.REMINDED),
        (rule(when={"event": "report", "incident": "conduct"}, verdict=None,
              record=("mentor",)), Effect.RECORDED),
        (Rule("A", "1", "s", keywords=("x",)), Effect.INFORMS),
    ],
)  # fmt: skip
def test_what_is_done_with_a_norm_follows_from_its_rule(given, effect):
    assert effect_of(given) is effect


def test_an_extra_rule_adds_to_its_norm_and_never_stands_in_for_it():
    norms = {"1": ("A-1", "A-2")}
    (covered,) = coverage(policy(rule("A-1b"), rule("A-1"), articles=norms))
    assert [(norm.id, norm.main) for norm in covered.norms] == [
        ("A-1", Effect.ADVISED), ("A-2", Effect.NOT_COVERED),
    ]  # fmt: skip


def test_nothing_changes_between_a_policy_and_itself(tmp_path):
    done = run(tmp_path, "policy", "diff", "matthijsje", "matthijsje")
    assert "Voor het team verandert er niets." in done.output


@pytest.mark.parametrize(
    ("before", "after", "way"),
    [
        ("ALLOW", "REFUSE", Way.STRICTER),
        ("REFUSE", "ALLOW", Way.LOOSER),
        ("ALLOW", "ALLOW_IF", Way.STRICTER),
    ],
)
def test_a_changed_verdict_is_told_as_stricter_or_looser(before, after, way):
    (change,) = differences(policy(rule(verdict=before)), policy(rule(verdict=after)))
    assert change.way is way


def test_a_difference_is_told_in_dutch_with_the_sentence_of_the_rule():
    old = policy(rule(verdict="ALLOW", says="Een mening mag."))
    new = policy(rule(verdict="CONSULT", consult=("directie",), says="Een mening bespreek je."))
    told = "\n".join(difference_lines(old, new))
    assert "Strenger:" in told
    assert "Een mening bespreek je. [A-1]" in told
    assert "was: ja (1); wordt: eerst vragen bij de directie" in told


def test_what_is_gone_and_what_is_new_is_told_too():
    tells = Rule("A-2", "2", "Weet dit.", keywords=("x",))
    ways = {c.way for c in differences(policy(rule(), tells), policy(rule()))}
    assert ways == {Way.GONE}
    ways = {c.way for c in differences(policy(rule()), policy(rule(), tells))}
    assert ways == {Way.NEW}
    ((change),) = differences(policy(rule()), policy())
    assert change.before.word == "no"
    assert change.after.word == "silent"


def test_two_protocols_with_nothing_in_common_but_the_subject_can_be_compared(tmp_path):
    done = run(tmp_path, "policy", "diff", "hogeland", "kalisto")
    assert done.exit_code == 0
    assert "Van protocol" in done.output.splitlines()[0]
    assert "Strenger:" in done.output
    assert re.search(r"was: .+; wordt: ", done.output)
    assert "{" not in done.output


def incident(number, *facts, at=NOW):
    return Incident(f"i{number}", f"c{number}", "seen", (), (), (), "", at, at, None, None, None,
                    None, tuple(facts))  # fmt: skip


def test_replay_counts_what_would_go_otherwise_and_says_what_it_cannot_know():
    group = {"event": "group_message", "content": "confidential"}
    old = policy(rule(when=group, acts=(Act.WITHDRAW,)))
    new = policy(rule(when=group, acts=(Act.NOTE,)))
    seen = ("event=group_message", "content=confidential")
    incidents = [incident(1, *seen), incident(2, *seen), incident(3), incident(4, "event=deleted")]
    told = list(replay_lines(incidents, old, new, 30))
    assert "Vastgelegd: 4 keer" in told[0]
    assert any("wordt: tip aan de schrijver" in line and "2 keer" in line for line in told)
    assert any("gaat hetzelfde: 1" in line for line in told)
    assert any("niet opnieuw te bekijken: 1" in line for line in told)
    assert "wordt niet bewaard" in told[-1]


def test_one_message_is_one_thing_however_many_rows_it_left():
    rows = [incident(1, "event=group_message"), incident(1, "event=group_message")]
    told = next(iter(replay_lines(rows, policy(), policy(), 7)))
    assert "Vastgelegd: 1 keer" in told


def test_words_of_a_vocabulary_that_moved_on_are_left_out():
    facts = Facts.read(["event=group_message", "event=telepathy", "mood=good", "nonsense", "="])
    assert facts.known == {"event": {"group_message"}}
    assert outcome(policy(), facts).word == "nothing"


def test_replay_without_a_school_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("FLUISTER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("FLUISTER_SECRET_KEY", "k" * 40)
    done = run(tmp_path, "policy", "replay", "kalisto", "--days", "7")
    assert done.exit_code == 0, done.output
    assert "Dagen terug: 7. Vastgelegd: 0 keer" in done.output


def test_replay_judges_what_was_recorded_again(tmp_path, monkeypatch):
    monkeypatch.setenv("FLUISTER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("FLUISTER_SECRET_KEY", "k" * 40)
    facts = ("event=group_message", "channel=team_group", "content=confidential")
    asyncio.run(recorded(tmp_path, facts))
    text = (FOLDER / "matthijsje.yaml").read_text("utf-8").replace("[withdraw, note]", "[note]")
    (tmp_path / "softer.yaml").write_text(text, "utf-8")
    done = run(tmp_path, "policy", "replay", "softer.yaml")
    assert done.exit_code == 0, done.output
    assert "Vastgelegd: 1 keer" in done.output
    assert "was: gaat uit de groep" in done.output
    assert "wordt: tip aan de schrijver" in done.output
    assert "gaat hetzelfde: 1" in run(tmp_path, "policy", "replay", "matthijsje").output


async def recorded(folder, facts):
    config = load(os.environ, folder / "fluister.toml")
    prepare(config)
    repository = await Repository.open(config.database_url, keyring(config))
    school = await repository.create_school("De Ark")
    now = datetime.now(UTC)
    await repository.record_incident(
        org=school.id, case_id="c1", event="seen", seen_at=now, expires_at=now + timedelta(days=9),
        facts=facts,
    )  # fmt: skip
    await repository.close()


def test_the_schema_command_prints_the_committed_schema(tmp_path):
    done = run(tmp_path, "policy", "schema")
    assert done.output == (FOLDER / "schema.json").read_text("utf-8")


def test_explain_names_the_file_its_version_and_what_it_builds_on(tmp_path):
    (tmp_path / "school.yaml").write_text(
        'protocol: {id: s, name: protocol School, version: "3"}\nextends: matthijsje.yaml\n',
        "utf-8",
    )
    done = run(tmp_path, "explain", "Sem heeft ADHD", "--policy", "school.yaml")
    assert "protocol: school.yaml, versie 3" in done.output
    assert f"bouwt op: matthijsje.yaml, versie {load_policy(FIVE[0]).version}" in done.output
