"""The rules our double keeps are those Slack published, or say where they come from."""

import json
from pathlib import Path

import pytest

from tests.slack.methods import ENTRIES, IDS, METHODS, Rates, answer_faults, faults

PUBLISHED = Path(__file__).parents[3] / "shared" / "schemas" / "slack-web-api.json"


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published description is not here")
@pytest.mark.parametrize("method", sorted(METHODS))
def test_the_extract_says_of_every_method_what_slack_published(method):
    whole = json.loads(PUBLISHED.read_text("utf-8"))
    paths = whole["paths"]
    entry = ENTRIES[method]
    if f"/{method}" not in paths:
        assert "published" not in entry
        return
    (described,) = paths[f"/{method}"].values()
    args = {
        one["name"]: one["type"] + ("!" if one.get("required") else "")
        for one in described["parameters"]
        if one["name"] != "token"
    }
    assert entry["published"] == {
        "args": args,
        "scopes": sorted(described["security"][0]["slackAuth"]),
        "json": "application/json" in described["consumes"],
        "answer": _answer(described["responses"]["200"]["schema"], whole["definitions"]),
    }


def _answer(schema, definitions):
    def kind(one):
        name = one.get("$ref", "").rpartition("/")[2]
        if "pattern" in definitions.get(name, {}):
            assert IDS[name.removeprefix("defs_")] == definitions[name]["pattern"]
            return name.removeprefix("defs_")
        found = definitions.get(name, one).get("type") or ("object" if name else "any")
        return "any" if found == "null" else found

    told = {
        name: kind(one) + ("!" if name in schema["required"] else "")
        for name, one in schema["properties"].items()
        if name != "ok"
    }
    return told | ({"*": "any"} if schema["additionalProperties"] else {})


def test_every_entry_says_where_it_is_described():
    for method, entry in ENTRIES.items():
        assert entry["source"] == f"https://docs.slack.dev/reference/methods/{method}"
        assert entry.get("published") or entry.get("today") or not METHODS[method].types


@pytest.mark.parametrize(
    ("given", "as_json", "wrong"),
    [
        ({"channel": "C1", "text": "x"}, True, []),
        ({"channel": "C1", "text": "x", "blocks": "[]"}, False, []),
        ({"text": "x"}, True, ["lacks channel"]),
        ({"channel": "C1", "colour": "red"}, True, ["has no colour"]),
        ({"channel": "C1", "text": 7}, True, ["text is no string"]),
        ({"channel": "C1", "text": None}, True, ["text is no string"]),
        ({"channel": "C1", "unfurl_links": "false"}, True, ["unfurl_links is no boolean"]),
        ({"channel": "C1", "blocks": "not json"}, False, ["blocks is no string"]),
    ],
)
def test_a_wrong_argument_is_seen(given, as_json, wrong):
    assert faults("chat.postMessage", given, as_json=as_json) == wrong


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"channel": "C0TEAMROOM", "ts": "1763700000.000100"}, []),
        ({"channel": "C0TEAMROOM"}, ["answer lacks ts"]),
        ({"channel": "team", "ts": 1.5}, ["answer's channel is no channel!",
                                          "answer's ts is no ts!"]),
        ({"channel": "C0TEAMROOM", "ts": "1763700000.000100", "x": 1}, ["answer has no x"]),
    ],
)  # fmt: skip
def test_a_wrong_answer_of_our_double_is_seen(given, wrong):
    assert answer_faults("chat.delete", given) == wrong


def test_a_method_that_takes_forms_only_refuses_json():
    assert faults("users.info", {"user": "U1"}, as_json=True) == ["takes no JSON body"]
    assert faults("dnd.setSnooze", {"num_minutes": "soon"}, as_json=False) == [
        "num_minutes is no integer"
    ]


def test_limits_are_counted_a_minute_by_tier_and_a_second_by_channel():
    now = [100.0]
    rates = Rates(lambda: now[0])
    assert [rates.wait("apps.connections.open", "") for _ in range(2)] == [0, 60]
    assert [rates.wait("dnd.setSnooze", "") for _ in range(21)][-2:] == [0, 60]
    assert [rates.wait("chat.postMessage", c) for c in ("C1", "C1", "C2")] == [0, 1, 0]
    now[0] += 1.0
    assert rates.wait("chat.postMessage", "C1") == 0
    now[0] += 59.0
    assert rates.wait("apps.connections.open", "") == 0
