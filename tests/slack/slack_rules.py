"""What Slack's documentation says about each method: arguments, token types, scopes.

From the published Web API description (2021) and, for what is newer or changed since, from the
method pages on docs.slack.dev: `apps.connections.open`, `files.getUploadURLExternal`,
`files.completeUploadExternal`, the rename of `chat:write:bot` to `chat:write`, and the rule that
a bot token deletes only the bot's own messages.
"""

from dataclasses import dataclass

BOT, USER, APP, NONE = "bot", "user", "app", "none"


@dataclass(frozen=True)
class Method:
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()
    scope: str = ""
    tokens: frozenset[str] = frozenset({BOT, USER})


def _m(needs: str = "", takes: str = "", scope: str = "", tokens: str = "bot user") -> Method:
    sets = [frozenset(text.split()) for text in (needs, f"{needs} {takes}", tokens)]
    return Method(sets[0], sets[1], scope, sets[2])


_SAY = "as_user attachments blocks icon_emoji icon_url link_names parse text thread_ts username"
METHODS = {
    "apps.connections.open": _m(scope="connections:write", tokens="app"),
    "auth.revoke": _m(takes="test"),
    "auth.test": _m(),
    "chat.delete": _m("channel ts", "as_user", "chat:write"),
    "chat.postEphemeral": _m("channel user", _SAY, "chat:write"),
    "chat.postMessage": _m(
        "channel", f"{_SAY} mrkdwn reply_broadcast unfurl_links unfurl_media metadata", "chat:write"
    ),
    "chat.update": _m("channel ts", _SAY, "chat:write"),
    "conversations.info": _m("channel", "include_locale include_num_members", "channels:read"),
    "conversations.open": _m("", "channel users return_im", "im:write"),
    "conversations.replies": _m(
        "channel ts",
        "cursor inclusive latest limit oldest include_all_metadata",
        "channels:history",
    ),
    "dnd.setSnooze": _m("num_minutes", scope="dnd:write", tokens="user"),
    "files.completeUploadExternal": _m(
        "files", "channel_id channels initial_comment thread_ts blocks", "files:write"
    ),
    "files.getUploadURLExternal": _m(
        "filename length", "alt_txt alt_text snippet_type", "files:write"
    ),
    "files.info": _m("file", "count cursor limit page", "files:read"),
    "oauth.v2.access": _m("", "client_id client_secret code redirect_uri", tokens="none"),
    "users.getPresence": _m("", "user", "users:read"),
    "users.info": _m("user", "include_locale", "users:read"),
    "views.publish": _m("user_id view", "hash"),
}


def bad_blocks(blocks: object) -> str | None:
    """The limits of the Block Kit reference; what is wrong, or nothing."""
    if not isinstance(blocks, list) or len(blocks) > 50:
        return "more than 50 blocks"
    for block in blocks:
        if block["type"] == "section":
            if not 1 <= len(block["text"]["text"]) <= 3000:
                return "section text of 1 to 3000 characters"
        elif block["type"] == "actions":
            ids = [element["action_id"] for element in block["elements"]]
            if not 1 <= len(ids) <= 25 or len(set(ids)) != len(ids):
                return "1 to 25 elements with their own action_id"
            for element in block["elements"]:
                if (fault := _bad_button(element)) is not None:
                    return fault
        else:
            return f"block type {block['type']}"
    return None


def _bad_button(element: dict[str, object]) -> str | None:
    label = element["text"]["text"]  # type: ignore[index]
    if element["type"] != "button" or not 1 <= len(label) <= 75:
        return "button with a label of 1 to 75 characters"
    if len(str(element.get("value", ""))) > 2000:
        return "button value of at most 2000 characters"
    url = element.get("url")
    if url is not None and not str(url).startswith(("http://", "https://")):
        return "button url to the web"
    return None
