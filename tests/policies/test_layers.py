"""A foundation's file, extended by a school's."""

import pytest

from bot.core.facts import Facts
from bot.core.judge import judge
from bot.core.policy import VerdictKind
from bot.policies import PolicyFileError, check_policy, load_policy, read_policy

FOUNDATION = """\
protocol: {id: stichting, name: protocol Stichting, version: "7"}
settings: {team_address: team@stichting.nl, length_limit: 600, incident_days: 30,
           contacts: {leidinggevende: de teamleider}, redirects: {health: after_grace}}
articles: {Artikel 1: [S-1], Artikel 2: [S-2]}
rules:
  - id: S-1
    article: Artikel 1
    says: Niets vertrouwelijks in de groep.
    when: {event: group_message, content: [confidential, personal_data]}
    then: {verdict: refuse, acts: [withdraw, note], redirect: mail}
    examples: [{hit: een}, {miss: twee}]
  - id: S-2
    article: Artikel 2
    says: Een mening mag, met je naam erbij.
    when: {event: plan, content: opinion}
    then: {verdict: allow_if, conditions: [name_self]}
    examples: [{hit: een}, {miss: twee}]
"""
SCHOOL = """\
protocol: {id: school, name: protocol School, version: "2"}
extends: stichting.yaml
"""


@pytest.fixture
def load(tmp_path):
    (tmp_path / "stichting.yaml").write_text(FOUNDATION, "utf-8")

    def write_and_load(added="", text=SCHOOL):
        (tmp_path / "school.yaml").write_text(text + added, "utf-8")
        return load_policy(tmp_path / "school.yaml")

    return write_and_load


def rule(rule_id, verdict, when, *more, article="Artikel 2"):
    lines = "".join(f"    {line}\n" for line in more)
    return f"""\
  - id: {rule_id}
    article: {article}
    says: x
    when: {when}
    then: {verdict}
    examples: [{{hit: een}}, {{miss: twee}}]
{lines}"""


def loosened(policy):
    return [(p.rule, p.detail) for p in check_policy(policy) if p.kind == "loosens"]


def test_a_school_that_adds_nothing_has_its_foundations_rules_and_settings(load):
    policy = load()
    assert [rule.id for rule in policy.rules] == ["S-1", "S-2"]
    assert policy.settings.team_address == "team@stichting.nl"
    assert [(layer.file, layer.version) for layer in policy.layers] == [
        ("school.yaml", "2"), ("stichting.yaml", "7"),
    ]  # fmt: skip


def test_a_verdict_names_the_schools_own_file_and_version(load):
    verdict = judge(load(), Facts.of(event="plan", content="opinion"))
    assert (verdict.policy, verdict.version) == ("school.yaml", "2")


def test_settings_of_the_school_come_over_those_of_the_foundation(load):
    chosen = load("settings: {team_address: team@school.nl, contacts: {directie: Anna}}\n").settings
    assert chosen.team_address == "team@school.nl"
    assert chosen.contacts == {"leidinggevende": "de teamleider", "directie": "Anna"}
    assert chosen.length_limit == 600


def test_adding_and_tightening_is_not_loosening(load):
    policy = load(
        "settings: {length_limit: 300, incident_days: 10, redirects: {health: at_once}}\n"
        "rules:\n"
        + rule("S-2", "{verdict: refuse}", "{event: plan, content: [opinion, claim]}")
        + rule("S-3", "{verdict: allow}", "{event: plan, content: practical}")
    )
    assert loosened(policy) == []
    asked = judge(policy, Facts.of(event="plan", content="opinion"))
    assert asked.kind is VerdictKind.REFUSE


@pytest.mark.parametrize(
    ("added", "about", "words"),
    [
        (rule("S-2", "{verdict: allow}", "{event: plan, content: opinion}"), "S-2", "allow_if"),
        (rule("S-2", "{verdict: allow_if, conditions: name_self}",
              "{event: plan, content: opinion, channel: mail}"), "S-2", "every case"),
        (rule("S-1", "{verdict: refuse, acts: note, redirect: mail}",
              "{event: group_message, content: [confidential, personal_data]}",
              article="Artikel 1"), "S-1", "drops acts: withdraw"),
        (rule("S-2", "{verdict: allow_if, conditions: source}",
              "{event: plan, content: opinion}"), "S-2", "drops conditions: name_self"),
        (rule("S-9", "{verdict: allow}", "{event: plan, content: opinion}", "overrides: S-2"),
         "S-9", "silences S-2"),
        (rule("S-9", "{verdict: out_of_scope}", "{event: plan, channel: parro}"),
         "S-9", "out of the foundation"),
    ],
)  # fmt: skip
def test_a_looser_rule_is_reported_by_check(load, added, about, words):
    found = loosened(load("rules:\n" + added))
    assert {rule_id for rule_id, _ in found} == {about}
    assert words in found[0][1]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("incident_days: 60", "keeps for 60 instead of 30"),
        ("length_limit: 900", "allows 900, not 600"),
        ("redirects: {health: on_click}", "health waits longer"),
        ("closed_apps: [parro, magister]", "also magister"),
        ("social_media_channels: [social_media]", "no longer linkedin_group"),
    ],
)
def test_a_looser_setting_is_reported_by_check(load, setting, words):
    ((about, detail),) = loosened(load(f"settings: {{{setting}}}\n"))
    assert about == ""
    assert words in detail


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("extends: niets.yaml", "no such file beside"),
        ("extends: ../stichting.yaml", "without a folder"),
        ("extends: /etc/passwd", "without a folder"),
        ("extends: [stichting.yaml]", "is a text"),
        ("extends: school.yaml", "cannot extend itself"),
    ],
)
def test_only_a_file_beside_it_can_be_extended(load, line, words):
    with pytest.raises(PolicyFileError) as caught:
        load(text=SCHOOL.replace("extends: stichting.yaml", line))
    assert words in str(caught.value)
    assert "school.yaml:2:" in str(caught.value)


def test_files_that_extend_each_other_are_refused(tmp_path):
    for name, other in (("a", "b"), ("b", "a")):
        text = SCHOOL.replace("stichting", other)
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    with pytest.raises(PolicyFileError, match="cannot extend itself"):
        load_policy(tmp_path / "a.yaml")


def test_a_fault_in_the_foundations_file_is_told_with_its_own_place(tmp_path):
    (tmp_path / "stichting.yaml").write_text(FOUNDATION.replace("refuse", "refuze"), "utf-8")
    with pytest.raises(PolicyFileError, match=r"stichting\.yaml:10:21: .*'refuze'"):
        read_policy(SCHOOL, "school.yaml", [tmp_path])


def test_an_article_the_protocol_does_not_know_is_told_with_the_nearest(load):
    with pytest.raises(PolicyFileError) as caught:
        load("rules:\n" + rule("S-3", "{verdict: allow}", "{event: plan}", article="Artkel 2"))
    (fault,) = caught.value.faults
    assert (fault.line, fault.nearest, fault.allowed) == (
        5,
        "Artikel 2",
        ("Artikel 1", "Artikel 2"),
    )


def test_a_rule_under_another_article_than_its_norm_is_told(load):
    with pytest.raises(PolicyFileError, match="S-1 stands under 'Artikel 1'"):
        load("rules:\n" + rule("S-1", "{verdict: refuse}", "{event: plan}"))


def test_a_norm_without_a_rule_is_found_by_check(load):
    policy = load("articles: {Artikel 3: [S-3a, S-3b]}\n")
    found = {p.rule for p in check_policy(policy) if p.kind == "not_covered"}
    assert found == {"S-3a", "S-3b"}


def test_a_norm_listed_twice_is_a_fault(load):
    with pytest.raises(PolicyFileError, match="has this norm already"):
        load("articles: {Artikel 3: [S-3], Artikel 4: [S-3]}\n")
