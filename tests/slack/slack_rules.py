"""What Slack's documentation says about each method: arguments, token types, scopes.

From the published Web API description (2021) and, for what is newer or changed since, written by
hand from the method's own page (`NEWER`). The scopes are today's: `chat:write:bot` and
`chat:write:user` became `chat:write`, and a bot token deletes only the bot's own messages.
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
    "chat.deleteScheduledMessage": _m("channel scheduled_message_id", "as_user", "chat:write"),
    "chat.getPermalink": _m("channel message_ts"),
    "chat.scheduleMessage": _m(
        "channel post_at",
        f"{_SAY} markdown_text metadata reply_broadcast unfurl_links unfurl_media",
        "chat:write",
    ),
    "chat.scheduledMessages.list": _m("", "channel cursor latest limit oldest"),
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
    "dnd.endSnooze": _m(scope="dnd:write", tokens="user"),
    "dnd.setSnooze": _m("num_minutes", scope="dnd:write", tokens="user"),
    "files.completeUploadExternal": _m(
        "files", "channel_id channels initial_comment thread_ts blocks", "files:write"
    ),
    "files.getUploadURLExternal": _m(
        "filename length", "alt_txt alt_text snippet_type", "files:write"
    ),
    "files.info": _m("file", "count cursor limit page", "files:read"),
    "oauth.v2.access": _m(
        "", "client_id client_secret code grant_type redirect_uri refresh_token", tokens="none"
    ),
    "users.info": _m("user", "include_locale", "users:read"),
    "views.open": _m("trigger_id view"),
    "views.publish": _m("user_id view", "hash"),
}


_PAGES = "https://docs.slack.dev/reference/methods/"
# Methods and arguments that the description of 2021 does not have, and where they are described.
NEWER = {
    "apps.connections.open": (_PAGES + "apps.connections.open", frozenset()),
    "files.getUploadURLExternal": (_PAGES + "files.getUploadURLExternal", frozenset()),
    "files.completeUploadExternal": (_PAGES + "files.completeUploadExternal", frozenset()),
    "oauth.v2.access": (_PAGES + "oauth.v2.access", {"grant_type", "refresh_token"}),
    "chat.postMessage": (_PAGES + "chat.postMessage", {"metadata"}),
    "chat.scheduleMessage": (
        _PAGES + "chat.scheduleMessage",
        {"markdown_text", "metadata", "icon_emoji", "icon_url", "username"},
    ),
    "chat.update": (
        _PAGES + "chat.update",
        {"icon_emoji", "icon_url", "thread_ts", "username"},
    ),
    "conversations.info": (_PAGES + "conversations.info", {"include_num_members"}),
    "conversations.replies": (_PAGES + "conversations.replies", {"include_all_metadata"}),
}


def bad_blocks(blocks: object) -> str | None:
    """The limits of the Block Kit reference; what is wrong, or nothing."""
    if not isinstance(blocks, list) or len(blocks) > 50:
        return "more than 50 blocks"
    return next((fault for block in blocks if (fault := _bad_block(block)) is not None), None)


def _bad_block(block: dict[str, object]) -> str | None:
    match block["type"]:
        case "section":
            fits = 1 <= len(block["text"]["text"]) <= 3000  # type: ignore[index]
            return None if fits else "section text of 1 to 3000 characters"
        case "actions":
            return _bad_actions(block["elements"])  # type: ignore[arg-type]
        case "input":
            return _bad_input(block)
        case "divider":
            return None
        case other:
            return f"block type {other}"


def _bad_actions(elements: list[dict[str, object]]) -> str | None:
    ids = [element["action_id"] for element in elements]
    if not 1 <= len(ids) <= 25 or len(set(ids)) != len(ids):
        return "1 to 25 elements with their own action_id"
    return next((f for element in elements if (f := _bad_button(element)) is not None), None)


def bad_modal(view: dict[str, object]) -> str | None:
    """A modal as the Block Kit reference has it."""
    if view.get("type") != "modal" or not view.get("callback_id"):
        return "a modal with a callback_id"
    for name in ("title", "submit", "close"):
        if not 1 <= len(view[name]["text"]) <= 24:  # type: ignore[index]
            return f"{name} of 1 to 24 characters"
    return bad_blocks(view["blocks"])


def _bad_input(block: dict[str, object]) -> str | None:
    element = block["element"]
    if not 1 <= len(block["label"]["text"]) <= 2000 or not block["block_id"]:  # type: ignore[index]
        return "input with a label and a block_id"
    if element["type"] == "plain_text_input":  # type: ignore[index]
        return None
    options = element.get("options", [])  # type: ignore[attr-defined]
    if element["type"] != "static_select" or not 1 <= len(options) <= 100:  # type: ignore[index]
        return "a select with 1 to 100 options"
    if any(len(o["text"]["text"]) > 75 or not 1 <= len(o["value"]) <= 150 for o in options):
        return "options of at most 75 characters"
    chosen = element.get("initial_option")  # type: ignore[attr-defined]
    return None if chosen is None or chosen in options else "an initial option that is one"


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
