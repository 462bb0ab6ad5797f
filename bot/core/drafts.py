"""A draft somebody asked about: offered as a mail or, made safe, as a message in the group."""

from bot.core.decisions import (
    ButtonSpec,
    Choice,
    Copy,
    Decision,
    Erase,
    Mail,
    Person,
    Record,
    Reply,
    Repost,
    Whisper,
)
from bot.core.situation import Response, Situation, rows

_PREFIX = "draft:"


def draft_message(of: str) -> str:
    """The name a draft is stored under, from the private message it came in."""
    return f"{_PREFIX}{of}"


def is_draft(message: str) -> bool:
    """Whether a stored message never stood in a chat."""
    return message.startswith(_PREFIX)


def offer(safe: str, team_address: str) -> Reply:
    """Show the safe version, and what can be done with the draft."""
    buttons = [ButtonSpec("advice.button.post_safe", Choice.POST_REWRITTEN)]
    if team_address:
        mail = ButtonSpec("advice.button.mail", Choice.SEND_TEAM)
        buttons = [mail, *buttons]
    buttons.append(ButtonSpec("advice.button.discard", Choice.DISCARD))
    return Reply("advice.draft", Person(), {"safe": safe}, rows(*buttons))


def choose_draft(choice: Choice, safe: str, s: Situation) -> Response:
    """What a button under an offered draft leads to; anything else changes nothing."""
    match choice:
        case Choice.SEND_TEAM if s.team_address:
            return _mailed(s)
        case Choice.POST_REWRITTEN:
            return _posted(safe, s)
        case Choice.DISCARD:
            return _done((Whisper("advice.discarded", Person()), Erase(Person())), "discard")
        case _:
            return Response((Whisper("advice.expired", Person()),))


def _mailed(s: Situation) -> Response:
    me = Person()
    said = Whisper("advice.mailed", me, {"address": s.team_address})
    return _done((Copy(me), Mail(me), said), "mail")


def _posted(safe: str, s: Situation) -> Response:
    me = Person()
    later = s.quiet_until is not None
    key = "whisper.rewritten_posted_later" if later else "whisper.rewritten_posted"
    said = Whisper(key, me, {"until": s.quiet_until})
    back = Repost(me, safe, at=s.quiet_until)
    record = Record(me, "rewritten")
    steps: tuple[Decision, ...] = (said, record, back) if later else (back, said, record)
    return _done((*steps, Erase(me)), "rewritten")


def _done(decisions: tuple[Decision, ...], why: str) -> Response:
    return Response(decisions, (f"choice.draft_{why}",))
