"""Our texts and buttons as Slack shows them.

Words go out as plain text blocks: nothing somebody wrote can become a mention, a link or markup.
"""

from collections.abc import Iterator, Sequence

from bot.adapters.base import Button

Block = dict[str, object]

LONGEST_SECTION = 2900
LONGEST_LABEL = 75
LONGEST_TEXT = 39_000
MOST_SECTIONS = 30
MOST_ROWS = 18
MOST_IN_A_ROW = 5
ACTION = "fluister"


def blocks(text: str, buttons: Sequence[Sequence[Button]], action: str = ACTION) -> list[Block]:
    """Sections for the words, then one row of buttons for each row; calls become links."""
    shown: list[Block] = [_section(piece) for piece in pieces(text, LONGEST_SECTION)]
    shown = shown[:MOST_SECTIONS]
    for number, row in enumerate(buttons[:MOST_ROWS]):
        elements = [
            _button(button, f"{action}_{number}_{place}")
            for place, button in enumerate(row[:MOST_IN_A_ROW])
            if not _is_call(button)
        ]
        shown += [_call(button) for button in row[:MOST_IN_A_ROW] if _is_call(button)]
        if elements:
            shown.append({"type": "actions", "elements": elements})
    return shown


def escaped(text: str) -> str:
    """Words that stay words where Slack would read markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def pieces(text: str, longest: int) -> Iterator[str]:
    """Cut a text at line ends or spaces where there are any, in pieces of at most `longest`."""
    rest = text.strip() or "…"
    while len(rest) > longest:
        cut = max(rest.rfind("\n", 1, longest), rest.rfind(" ", longest // 2, longest))
        cut = cut if cut > 0 else longest
        yield rest[:cut]
        rest = rest[cut:].lstrip() or "…"
    yield rest


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}}


def _button(button: Button, action: str) -> Block:
    label = button.label if len(button.label) <= LONGEST_LABEL else button.label[:74] + "…"
    made: Block = {
        "type": "button",
        "action_id": action,
        "text": {"type": "plain_text", "text": label or "…", "emoji": False},
    }
    if button.url:
        made["url"] = button.url[:3000]
    else:
        made["value"] = button.token[:2000]
    return made


def _is_call(button: Button) -> bool:
    """Slack's buttons open web addresses only; a telephone number is a link in the text."""
    return bool(button.url) and not button.url.startswith(("https://", "http://"))


def _call(button: Button) -> Block:
    label = escaped(button.label).replace("|", "/")
    link = f"<{escaped(button.url)}|{label}>"
    return {"type": "section", "text": {"type": "mrkdwn", "text": link}}
