"""The manifest asks Slack for what the code uses, and for nothing else."""

from pathlib import Path

import yaml

from bot.adapters.slack.values import BOT_SCOPES, COMMANDS, EVENTS, USER_SCOPES
from tests.slack.methods import METHODS

MANIFEST = Path(__file__).parents[2] / "deploy" / "slack" / "manifest.yaml"


def _manifest():
    return yaml.safe_load(MANIFEST.read_text("utf-8"))


def test_scopes_events_and_commands_are_those_of_the_code():
    manifest = _manifest()
    scopes = manifest["oauth_config"]["scopes"]
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    commands = [one["command"] for one in manifest["features"]["slash_commands"]]
    assert sorted(scopes["bot"]) == sorted(BOT_SCOPES)
    assert sorted(scopes["user"]) == sorted(USER_SCOPES)
    assert sorted(events) == sorted(EVENTS)
    assert sorted(commands) == sorted(COMMANDS)


def test_every_scope_a_used_method_needs_is_asked_for():
    asked = {*BOT_SCOPES, *USER_SCOPES, "connections:write"}
    scopes = {method.scope for method in METHODS.values() if method.scope}
    kinds = ("channels", "groups", "im")
    assert {scope.replace("*", kind) for scope in scopes for kind in kinds} <= asked


def test_every_event_has_the_scope_slack_wants_for_it():
    wanted = {
        "message.channels": "channels:history", "message.groups": "groups:history",
        "message.im": "im:history", "message.mpim": "mpim:history", "user_change": "users:read",
        "member_joined_channel": "channels:read", "group_left": "groups:read",
    }  # fmt: skip
    assert {wanted[event] for event in EVENTS if event in wanted} <= set(BOT_SCOPES)


def test_buttons_the_home_tab_and_writing_to_the_bot_are_switched_on():
    manifest = _manifest()
    home = manifest["features"]["app_home"]
    assert manifest["settings"]["interactivity"]["is_enabled"] is True
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert (home["home_tab_enabled"], home["messages_tab_enabled"]) == (True, True)
    assert home["messages_tab_read_only_enabled"] is False


def test_texts_keep_to_slacks_lengths():
    manifest = _manifest()
    shown = manifest["display_information"]
    assert len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4000
    assert all(len(c["description"]) <= 100 for c in manifest["features"]["slash_commands"])
