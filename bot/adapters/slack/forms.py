"""Forms as Slack's modals: asked for with fields of ours, read back without believing anything."""

from collections.abc import Mapping

from bot.adapters.base import Field, Form
from bot.adapters.slack.blocks import Block
from bot.adapters.slack.reading import Payload, clean, part, words

PREFIX = "fluister:"
LONGEST_TITLE = 24
LONGEST_LABEL = 75
LONGEST_VALUE = 600
MOST_FIELDS = 40
_ANSWER = "answer"


def modal(form: Form) -> Block:
    """The view Slack opens; every field may stay as it is."""
    return {
        "type": "modal",
        "callback_id": PREFIX + form.name,
        "title": _plain(form.title, LONGEST_TITLE),
        "submit": _plain(form.submit, LONGEST_TITLE),
        "close": _plain(form.cancel, LONGEST_TITLE),
        "blocks": [_input(one) for one in form.fields[:MOST_FIELDS]],
    }


def given_in(view: Payload) -> tuple[str, Mapping[str, str]]:
    """The form's name and what was filled in, an empty text for what was left open."""
    name = words(view, "callback_id").removeprefix(PREFIX)
    values = part(part(view, "state"), "values")
    return name, {str(block): _answered(part(values, str(block))) for block in values}


def complaint(wrong: Mapping[str, str]) -> Mapping[str, object]:
    """The answer that keeps a modal open and says under each field what is wrong."""
    return {"response_action": "errors", "errors": dict(wrong)}


def _answered(block: Payload) -> str:
    answer = part(block, _ANSWER)
    chosen = answer.get("selected_option")
    if isinstance(chosen, Mapping):
        return words(chosen, "value")
    value = answer.get("value")
    return clean(value)[:LONGEST_VALUE].strip() if isinstance(value, str) else ""


def _input(one: Field) -> Block:
    block: Block = {
        "type": "input",
        "block_id": one.name,
        "optional": True,
        "label": _plain(one.label, 2000),
        "element": _select(one) if one.options else _typed(one),
    }
    return {**block, "hint": _plain(one.hint, 2000)} if one.hint else block


def _typed(one: Field) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": _ANSWER,
        "max_length": LONGEST_VALUE,
    }
    return {**element, "initial_value": one.value[:LONGEST_VALUE]} if one.value else element


def _select(one: Field) -> Block:
    options = [{"text": _plain(label, LONGEST_LABEL), "value": value} for value, label in
               one.options[:100]]  # fmt: skip
    element: Block = {"type": "static_select", "action_id": _ANSWER, "options": options}
    chosen = next((option for option in options if option["value"] == one.value), None)
    return {**element, "initial_option": chosen} if chosen else element


def _plain(text: str, longest: int) -> Block:
    shown = text if len(text) <= longest else text[: longest - 1] + "…"
    return {"type": "plain_text", "text": shown or "…", "emoji": False}
