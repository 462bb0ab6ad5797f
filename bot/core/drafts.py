"""A draft somebody asked about: offered as a mail or, made safe, as a message in the group."""

from bot.core.choices import CaseView, ask_colleague
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
    Rows,
    Whisper,
)
from bot.core.situation import Colleague, Response, Situation, rows

_PREFIX = "draft:"


def draft_message(of: str) -> str:
    """The name a draft is stored under, from the private message it came in."""
    return f"{_PREFIX}{of}"


def is_draft(message: str) -> bool:
    """Whether a stored message never stood in a chat."""
    return message.startswith(_PREFIX)


def offer(safe: str, team_address: str, *, colleagues: bool) -> Reply:
    """Show the safe version, and what can be done with the draft."""
    return Reply("advice.draft", Person(), {"safe": safe}, _buttons(team_address, colleagues))


def _buttons(team_address: str, colleagues: bool) -> Rows:
    return rows(
        ButtonSpec("advice.button.mail", Choice.SEND_TEAM) if team_address else None,
        ButtonSpec("advice.button.mail_to", Choice.SEND_TO) if colleagues else None,
        ButtonSpec("advice.button.post_safe", Choice.POST_REWRITTEN),
        ButtonSpec("advice.button.discard", Choice.DISCARD),
    )


def choose_draft(choice: Choice, argument: str, case: CaseView, s: Situation) -> Response:
    """What a button under an offered draft leads to; anything else changes nothing."""
    match choice:
        case Choice.SEND_TEAM if s.team_address:
            return _mailed("advice.mailed", {"address": s.team_address}, ())
        case Choice.SEND_TO if s.colleagues:
            return Response((ask_colleague(s, Choice.SHOW_MAIL, argument),))
        case Choice.SHOW_MAIL | Choice.SEND_TO_COLLEAGUE if s.colleagues:
            return _to_colleague(choice, _known(argument, s), case, s)
        case Choice.POST_REWRITTEN:
            return _posted(case.safe, s)
        case Choice.DISCARD:
            return _done((Whisper("advice.discarded", Person()), Erase(Person())), "discard")
        case Choice.BACK:
            return _offered_again(case, s)
        case _:
            return Response((Whisper("advice.expired", Person()),))


def _known(person: str, s: Situation) -> Colleague | None:
    return next((colleague for colleague in s.colleagues if colleague.id == person), None)


def _to_colleague(choice: Choice, to: Colleague | None, case: CaseView, s: Situation) -> Response:
    """Show the mail, and send it only after that; whoever left is asked for again."""
    match to:
        case None:
            return Response((ask_colleague(s, Choice.SHOW_MAIL),))
        case Colleague() if choice is Choice.SEND_TO_COLLEAGUE:
            return _mailed("advice.mailed_to", {"name": to.name}, (to.id,))
        case Colleague():
            return _shown(to, case)


def _shown(to: Colleague, case: CaseView) -> Response:
    values: dict[str, object] = {"name": to.name, "subject": case.subject, "text": case.text}
    buttons = rows(
        ButtonSpec("advice.button.send", Choice.SEND_TO_COLLEAGUE, to.id),
        ButtonSpec("button.back", Choice.BACK),
    )
    return Response((Whisper("advice.mail_draft", Person(), values, buttons),))


def _offered_again(case: CaseView, s: Situation) -> Response:
    buttons = _buttons(s.team_address, bool(s.colleagues))
    return Response((Whisper("advice.draft", Person(), {"safe": case.safe}, buttons),))


def _mailed(key: str, values: dict[str, object], to: tuple[str, ...]) -> Response:
    me = Person()
    return _done((Copy(me), Mail(me, to), Whisper(key, me, values)), "mail")


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
