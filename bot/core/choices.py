"""What a pressed button leads to: the sender's way through the whisper, as a pure step."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.core.decisions import (
    POST_REASONS,
    URGENT_REASONS,
    ButtonSpec,
    Choice,
    Copy,
    Count,
    Decision,
    Digest,
    Erase,
    Hold,
    Mail,
    Person,
    PostPointer,
    Record,
    Remove,
    Repost,
    Whisper,
)
from bot.core.events import ChatRef
from bot.core.respond import act_buttons, call_buttons, held_buttons, tip_buttons
from bot.core.situation import Response, Situation, rows

COLLEAGUES_AT_ONCE = 15


@dataclass(frozen=True, slots=True)
class CaseView:
    """What a choice is about; `in_group` says that the message still stands in the group.

    `safe` is the rewritten version, made from the stored copy; `text` the author's own words;
    `subject` what a mail of a draft would be called.
    """

    article: str
    in_group: bool
    held: bool = False
    safe: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    subject: str = ""
    id: str = ""
    chat: ChatRef | None = None


def choose(  # noqa: C901  (one line per choice is the readable form)
    choice: Choice, argument: str, case: CaseView, s: Situation
) -> Response:
    """Decide what follows; an impossible choice answers with what is possible instead."""
    if case.held and not s.categories:
        return _held(choice, argument, case, s)
    match choice:
        case Choice.SEND_TEAM if s.team_address:
            return _mail(case, s, ())
        case Choice.SEND_TO_COLLEAGUE:
            return _mail(case, s, (argument,))
        case Choice.SEND_TO:
            return Response((ask_colleague(s, Choice.SEND_TO_COLLEAGUE, argument),))
        case Choice.REWRITE:
            return _show_safe(case)
        case Choice.POST_REWRITTEN:
            return _repost(case, s, "whisper.rewritten_posted", "rewritten", text=case.safe)
        case Choice.POST_ANYWAY if not s.secret:
            return _ask_reason()
        case Choice.POST_WITH_REASON if not s.secret and argument in POST_REASONS:
            return _repost(case, s, "whisper.posted_anyway", "posted_anyway", detail=argument)
        case Choice.NOT_CONFIDENTIAL if not s.secret:
            return _confirm_false_positive(case)
        case Choice.CONFIRM_NOT_CONFIDENTIAL if not s.secret:
            return _false_positive(case, s)
        case Choice.TAKE_AWAY | Choice.DISCARD:
            return _discard(case, s)
        case Choice.BREACH:
            key = "whisper.breach" if s.privacy_contact else "whisper.breach_nobody"
            return _say(key, {"contact": s.privacy_contact})
        case Choice.DELIVER_LATER if s.quiet_until is not None and s.can_remove:
            return _later(s, s.quiet_until)
        case Choice.NOW_URGENT if s.urgent:
            return _ask_urgent()
        case Choice.NOW_WITH_REASON if s.urgent and argument in URGENT_REASONS:
            return _stays(argument, s)
        case Choice.URGENT:
            return Response((Whisper("quiet.call", Person(), {}, call_buttons(s)),))
        case _:
            return _menu(case, s)


def removed_by_author(s: Situation) -> Response:
    """Decide what to say when the author took the message away, as we had asked."""
    said = Whisper("whisper.removed_by_you", Person(), {}, act_buttons(s))
    return Response((said,), ("means.author_removed",))


def _mail(case: CaseView, s: Situation, to: tuple[str, ...]) -> Response:
    me = Person()
    decisions: list[Decision] = [Copy(me)]
    if case.in_group and s.can_remove:
        decisions.append(Remove(me))
    key, values = "whisper.mailed_to" if to else "whisper.mailed", {"address": s.team_address}
    decisions += [
        Mail(me, to),
        Whisper(key, me, values, if_kept=Whisper(f"{key}_kept", me, values)),
        PostPointer(me, case.article, at=s.quiet_until),
    ]
    return Response(tuple(decisions), ("choice.mail",))


def ask_colleague(s: Situation, then: Choice, start: str = "") -> Whisper:
    """Ask to whom a mail goes; `then` is what choosing somebody means.

    `start` is how many names were leafed past; what is no such number begins at the first.
    """
    first = int(start) if start.isascii() and start.isdecimal() else 0
    first = first if first < len(s.colleagues) else 0
    after = first + COLLEAGUES_AT_ONCE
    buttons = [
        ButtonSpec("button.colleague", then, colleague.id, label_values={"name": colleague.name})
        for colleague in s.colleagues[first:after]
    ]
    before = max(first - COLLEAGUES_AT_ONCE, 0)
    leafing = rows(
        ButtonSpec("button.more_names", Choice.SEND_TO, str(after))
        if after < len(s.colleagues)
        else None,
        ButtonSpec("button.earlier_names", Choice.SEND_TO, str(before)) if first else None,
    )
    back = rows(ButtonSpec("button.back", Choice.BACK))
    return Whisper("whisper.to_whom", Person(), {}, (*rows(*buttons), *leafing, *back))


def _show_safe(case: CaseView) -> Response:
    buttons = rows(
        ButtonSpec("button.post_rewritten", Choice.POST_REWRITTEN),
        ButtonSpec("button.back", Choice.BACK),
    )
    return Response((Whisper("whisper.rewritten", Person(), {"safe": case.safe}, buttons),))


def _ask_reason() -> Response:
    reasons = [
        ButtonSpec(f"reason.{reason}", Choice.POST_WITH_REASON, reason) for reason in POST_REASONS
    ]
    back = ButtonSpec("button.back", Choice.BACK)
    return Response((Whisper("whisper.why_anyway", Person(), {}, rows(*reasons, back)),))


def _repost(
    case: CaseView, s: Situation, key: str, event: str, *, text: str | None = None, detail: str = ""
) -> Response:
    me = Person()
    later = s.quiet_until is not None
    told = Whisper(f"{key}_later" if later else key, me, {"until": s.quiet_until})
    record = Record(me, event, detail=detail)
    back: list[Decision] = []
    if not case.in_group:
        back = [Repost(me, text, at=s.quiet_until)]
    elif text is not None and s.can_remove:
        back = [Remove(me), Repost(me, text, at=s.quiet_until)]
    # Quiet hours still apply: the person hears at once that it comes back later.
    steps = [told, record, *back] if later else [*back, told, record]
    return Response((*steps, Erase(me)), (f"choice.{event}",))


def _confirm_false_positive(case: CaseView) -> Response:
    key = "whisper.sure_stays" if case.in_group else "whisper.sure_back"
    buttons = rows(
        ButtonSpec("button.sure", Choice.CONFIRM_NOT_CONFIDENTIAL),
        ButtonSpec("button.back", Choice.BACK),
    )
    return Response((Whisper(key, Person(), {}, buttons),))


def _false_positive(case: CaseView, s: Situation) -> Response:
    if case.in_group:
        me = Person()
        said = Whisper("whisper.thanks", me)
        return Response((said, Record(me, "false_positive"), Erase(me)), ("choice.false_positive",))
    return _repost(case, s, "whisper.posted_back", "false_positive")


def _discard(case: CaseView, s: Situation) -> Response:
    me = Person()
    decisions: list[Decision] = []
    if case.in_group and s.can_remove:
        decisions.append(Remove(me))
    decisions += [
        Whisper("whisper.discarded", me, if_kept=Whisper("whisper.discarded_kept", me)),
        Record(me, "discarded"),
        Erase(me),
        PostPointer(me, case.article, moved=False, at=s.quiet_until),
    ]
    return Response(tuple(decisions), ("choice.discard",))


def _held(choice: Choice, argument: str, case: CaseView, s: Situation) -> Response:
    me = Person()
    values = {"until": s.quiet_until}
    match choice:
        case Choice.WITHDRAW:
            steps = (Whisper("quiet.withdrawn", me), Remove(me), Erase(me))
            return Response(steps, ("choice.withdraw",))
        case Choice.URGENT:
            buttons = (*call_buttons(s), *rows(ButtonSpec("button.withdraw", Choice.WITHDRAW)))
            return Response((Whisper("quiet.call", me, values, buttons),))
        case Choice.READ_HELD:
            shown = {**values, "text": case.text}
            return Response((Whisper("quiet.read_back", me, shown, held_buttons(s)),))
        case Choice.CHANGE_HELD:
            return Response((Whisper("quiet.change_how", me, values, held_buttons(s)),))
        case Choice.NOW_URGENT if s.urgent:
            return _ask_urgent()
        case Choice.NOW_WITH_REASON if s.urgent and argument in URGENT_REASONS and case.chat:
            return _now(argument, case.id, case.chat, s)
        case Choice.DELIVER_AGAIN if s.quiet_until is None and case.chat:
            posted = Digest(me, (case.id,), case.chat)
            return Response((posted, Whisper("quiet.delivered", me)), ("choice.again",))
        case _:
            return Response((Whisper("quiet.held", me, values, held_buttons(s)),))


def _ask_urgent() -> Response:
    """Ask for a reason of the closed list: nobody types why, and nobody keeps who."""
    reasons = [
        ButtonSpec(f"urgent.{reason}", Choice.NOW_WITH_REASON, reason) for reason in URGENT_REASONS
    ]
    back = ButtonSpec("button.back", Choice.BACK)
    return Response((Whisper("quiet.why_urgent", Person(), {}, rows(*reasons, back)),))


def _now(reason: str, case_id: str, chat: ChatRef, s: Situation) -> Response:
    me = Person()
    steps = (
        Count(me, f"urgent.{reason}"),
        Digest(me, (case_id,), chat),
        Whisper("quiet.now_posted", me, {}, call_buttons(s)),
    )
    return Response(steps, ("choice.urgent",))


def _stays(reason: str, s: Situation) -> Response:
    me = Person()
    said = Whisper("quiet.now_stays", me, {}, call_buttons(s))
    return Response((Count(me, f"urgent.{reason}"), said, Erase(me)), ("choice.urgent",))


def _later(s: Situation, until: datetime) -> Response:
    me = Person()
    kept = Whisper("quiet.later_kept", me)
    values = {"until": until, "article": ""}
    said = Whisper("quiet.held", me, values, held_buttons(s), if_kept=kept)
    return Response((Copy(me), Remove(me), Hold(me, until), said), ("choice.later",))


def _menu(case: CaseView, s: Situation) -> Response:
    buttons = tip_buttons(s) if case.in_group else act_buttons(s)
    values: dict[str, object] = {"article": case.article}
    return Response((Whisper("whisper.menu", Person(), values, buttons),))


def _say(key: str, values: dict[str, object]) -> Response:
    back = rows(ButtonSpec("button.back", Choice.BACK))
    return Response((Whisper(key, Person(), values, back),))
