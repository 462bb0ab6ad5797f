"""The limits of the Block Kit reference: https://docs.slack.dev/reference/block-kit."""


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
