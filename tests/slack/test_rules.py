"""The rules our double keeps are those Slack published, or say where they come from."""

import json
from pathlib import Path

import pytest

from tests.slack.slack_rules import METHODS, NEWER

PUBLISHED = Path(__file__).parents[3] / "shared" / "schemas" / "slack-web-api.json"
# Required in the description of 2021 and not in Slack's own pages, or the other way round.
REQUIRED_TODAY = {"chat.delete": {"channel", "ts"}, "chat.scheduleMessage": {"channel", "post_at"}}


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published description is not here")
@pytest.mark.parametrize("method", sorted(METHODS))
def test_every_method_takes_what_slack_published(method):
    paths = json.loads(PUBLISHED.read_text("utf-8"))["paths"]
    newer = NEWER.get(method, ("", frozenset()))[1]
    if f"/{method}" not in paths:
        assert method in NEWER
        return
    (described,) = paths[f"/{method}"].values()
    known = {one["name"]: one.get("required", False) for one in described["parameters"]}
    assert METHODS[method].takes <= known.keys() | newer
    needed = {name for name, required in known.items() if required} - {"token"}
    assert METHODS[method].needs - REQUIRED_TODAY.get(method, set()) <= known.keys()
    if method != "oauth.v2.access":  # a refresh comes without a code
        assert needed <= METHODS[method].needs


def test_what_is_newer_says_where_it_is_described():
    for method, (source, _) in NEWER.items():
        assert source == f"https://docs.slack.dev/reference/methods/{method}"
