"""What a policy file may hold, and how its faults are told."""

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.policy import Act, VerdictKind
from bot.errors import PolicyError
from bot.policies import PolicyFileError, load_policy, read_policy

GOOD = """\
protocol: {id: a, name: protocol A, version: "1"}
rules:
  - id: A-1
    article: Intern 1
    says: Niets vertrouwelijks in de groep.
    when:
      - {event: group_message, content: confidential}
    then:
      verdict: refuse
      acts: [withdraw]
    examples:
      - hit: een
      - miss: twee
"""


def faults(text: str):
    with pytest.raises(PolicyFileError) as caught:
        read_policy(text, "a.yaml")
    return caught.value.faults


def test_a_good_file_becomes_a_policy_with_typed_outcomes():
    policy = read_policy(GOOD, "a.yaml")
    rule = policy.rule("A-1")
    assert rule.then.verdict is VerdictKind.REFUSE
    assert rule.then.acts == (Act.WITHDRAW,)
    assert rule.when[0]["content"] == {"confidential"}
    assert (policy.file, policy.version) == ("a.yaml", "1")


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "found", "nearest"),
    [
        ("content: confidential", "content: confidental", 7, 41, "'confidental'", "confidential"),
        ("content:", "contents:", 7, 32, "'contents'", "content"),
        ("verdict: refuse", "verdict: refuze", 9, 16, "'refuze'", "refuse"),
        ("acts: [withdraw]", "acts: [withdrawn]", 10, 14, "'withdrawn'", "withdraw"),
        ("article:", "artikel:", 4, 5, "'artikel'", "article"),
        ("- miss: twee", "- mis: twee", 13, 9, "'mis'", "miss"),
        ("rules:", "regels:", 2, 1, "'regels'", "rules"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_told_with_place_and_nearest_known_word(
    old, new, line, column, found, nearest
):
    told = faults(GOOD.replace(old, new))
    fault = next(fault for fault in told if fault.found == found)
    assert (fault.line, fault.column, fault.nearest) == (line, column, nearest)
    assert nearest in fault.allowed
    assert f"a.yaml:{line}:{column}:" in str(fault)


def test_all_faults_are_gathered_not_only_the_first():
    broken = GOOD.replace("refuse", "refuze").replace("confidential", "confidental")
    assert {fault.line for fault in faults(broken)} == {7, 9}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("- 1", "mapping"),
        ("a: [", "not YAML"),
        ("a: &x 1\nb: *x", "anchors"),
        ("a: !!python/object:os.system 1", "tags"),
        ("protocol: 1\nprotocol: 2\nrules: []", "twice"),
        ("a: 1\n---\nb: 2", "one document"),
        ("? [a]\n: 1", "key"),
        ("[" * 200, "nested deeper"),
        (GOOD.replace("id: A-1", "id: {x: 1}"), "is a text"),
        (GOOD.replace("    when:\n", "    informs: true\n    when:\n"), "informs has no"),
        (GOOD.replace("article: Intern 1", "article: ''"), "is empty"),
        (GOOD.replace("      - hit: een", "      - {hit: een, miss: twee}"), "either"),
        (GOOD.replace('version: "1"', 'version: "1", x: 2'), "unknown key"),
        (GOOD + "    overrides: A-9\n", "not in this file"),
        (GOOD + GOOD[GOOD.index("  - id") :], "two rules have this id"),
        (GOOD + "settings: {team_address: nope}\n", "e-mail address"),
        (GOOD + "settings: {grace_minutes: -1}\n", "whole number"),
        (GOOD + "settings: {redirects: {health: later}}\n", "does not know"),
    ],
)
def test_every_kind_of_broken_file_gives_a_fault_that_says_what(text, words):
    assert any(words in str(fault) for fault in faults(text))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"a: \xff\xfe", "UTF-8"),
        (b"a: b\x00c", "not YAML"),
        (b"x" * 1_000_001, "larger than"),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_a_reason(tmp_path, raw, words):
    path = tmp_path / "p.yaml"
    path.write_bytes(raw)
    with pytest.raises(PolicyError, match=words):
        load_policy(path)


def test_a_missing_file_is_a_policy_error(tmp_path):
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy(tmp_path / "none.yaml")


def test_an_alias_bomb_ends_at_its_first_anchor_and_at_once():
    bomb = "a: &a [x, x]\n" + "".join(f"k{n}: &k{n} [*a, *a]\n" for n in range(50))
    started = time.monotonic()
    assert len(faults(bomb)) == 1
    assert time.monotonic() - started < 1


def test_yes_and_no_stay_words():
    policy = read_policy(GOOD.replace("content: confidential", "urgent: no"), "a.yaml")
    assert policy.rules[0].when[0]["urgent"] == {"no"}


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_a_policy_or_a_policy_error(text):
    with pytest.raises(PolicyError):
        read_policy(text, "a.yaml")


@given(st.integers(0, len(GOOD) - 1), st.sampled_from("\x00:{}[]&*!#\t\n -x\"'"))
@settings(max_examples=200, deadline=None)
def test_a_good_file_with_one_sign_changed_never_raises_anything_else(place, sign):
    with suppress(PolicyError):
        assert read_policy(GOOD[:place] + sign + GOOD[place + 1 :], "a.yaml").rules
