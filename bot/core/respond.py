"""From a verdict on a group message to decisions: the ladder of means, chosen by capability."""

from datetime import datetime

from bot.core.decisions import (
    ButtonSpec,
    Cause,
    Choice,
    Copy,
    Decision,
    Erase,
    Hold,
    Mail,
    PostPointer,
    Record,
    Remove,
    Rows,
    Rules,
    Whisper,
)
from bot.core.judge import Verdict
from bot.core.policy import Act, Level, Redirect
from bot.core.situation import Response, Situation, rows
from bot.core.tips import tip_key, whom_to_talk_to


def respond(verdict: Verdict, situation: Situation) -> Response:
    """Decide what happens to one group message; an empty response lets it pass untouched."""
    if situation.level is Level.OFF:
        return Response()
    # A rule may want a rude word withdrawn: that is its writer's to do, so it stays a tip.
    if (Act.WITHDRAW in verdict.acts and situation.categories) or situation.unsure:
        return _confidential(verdict, situation)
    held = _quiet(verdict, situation)
    if held.keep:
        return held
    if situation.failed:
        return _not_checked(verdict, situation)
    if {Act.NOTE, Act.WITHDRAW} & verdict.acts:
        return _note(verdict, situation)
    return Response()


def _confidential(verdict: Verdict, s: Situation) -> Response:
    cause = Rules(verdict.deciding)
    seen = Record(cause, "seen", s.categories)
    if s.level is Level.OBSERVE:
        return Response((seen,), ("level.observe",))
    if s.level is Level.TIP or s.unsure or s.failed:
        key = "whisper.unsure" if s.unsure else "whisper.tip"
        whisper = Whisper(key, cause, _values(verdict, s), tip_buttons(s))
        if not s.delivered and s.quiet_until is not None:
            held = (seen, *_hold(s, cause, s.quiet_until), whisper)
            values = {"until": s.quiet_until}
            return Response(held, ("level.tip", "means.hold"), "gate.held", values)
        return Response((seen, whisper, Erase(cause, at=s.expires)), ("level.tip",))
    return _act(verdict, s, cause, seen)


def _act(verdict: Verdict, s: Situation, cause: Cause, seen: Record) -> Response:
    values = _values(verdict, s)
    if not s.can_remove:
        whisper = Whisper("whisper.please_remove", cause, values, tip_buttons(s))
        return Response((seen, whisper, Erase(cause, at=s.expires)), ("means.ask_author",))
    decisions: list[Decision] = []
    if s.has_files:
        decisions.append(Copy(cause))
    if s.delivered:
        decisions.append(Remove(cause))
    # Only now: the record tells how long the message stood in the group.
    decisions.append(seen)
    kept = Whisper("whisper.please_remove", cause, values, tip_buttons(s))
    decisions.append(Whisper(_act_key(s), cause, values, act_buttons(s), if_kept=kept))
    decisions += _redirect(verdict, s, cause)
    why = ("level.act", "means.remove" if s.delivered else "means.gate")
    return Response(tuple(decisions), why, "gate.confidential", values)


def _act_key(s: Situation) -> str:
    if not s.team_address:
        return "whisper.act_no_address"
    if not _mails_itself(s):
        return "whisper.act"
    return "whisper.act_at_once" if s.redirect is Redirect.AT_ONCE else "whisper.act_grace"


def _redirect(verdict: Verdict, s: Situation, cause: Cause) -> list[Decision]:
    """Plan the automatic mail and its pointer, or the end of a copy nobody chose for."""
    if not _mails_itself(s):
        return [Erase(cause, tell=True, at=s.expires)]
    at = _mailed_at(s)
    return [Mail(cause, at=at), PostPointer(cause, article_of(verdict), at=at)]


def _mails_itself(s: Situation) -> bool:
    """Whether an automatic mail comes before the copy must go, as in a summer it may not."""
    if s.redirect is Redirect.ON_CLICK or not s.team_address:
        return False
    at = _mailed_at(s)
    return at is None or at < s.expires


def _mailed_at(s: Situation) -> datetime | None:
    """When an automatic mail goes: it waits for working time, whatever the mode."""
    return s.grace_ends if s.redirect is Redirect.AFTER_GRACE else s.quiet_until


def _quiet(verdict: Verdict, s: Situation) -> Response:
    if s.quiet_until is None or s.level is Level.OBSERVE or s.breach:
        return Response()
    cause = Rules(verdict.deciding)
    values = {"until": s.quiet_until, "article": article_of(verdict)}
    if "phone" in verdict.redirect:
        return _urgent(s, cause, values)
    if s.tell_only:
        return Response((Whisper("quiet.nudge", cause, values),), ("means.nudge",))
    if not s.delivered or s.caps.hold_before_delivery:
        whisper = Whisper("quiet.held", cause, values, held_buttons(s))
        held = (*_hold(s, cause, s.quiet_until), whisper)
        return Response(held, ("means.hold",), "gate.held", values)
    if s.can_remove and s.level is Level.ACT:
        whisper = Whisper("quiet.now_or_later", cause, values, later_buttons(s))
        end = Erase(cause, at=min(s.quiet_until, s.expires))
        return Response((whisper, end), ("means.ask_author",))
    return Response((Whisper("quiet.nudge", cause, values),), ("means.nudge",))


def _urgent(s: Situation, cause: Cause, values: dict[str, object]) -> Response:
    whisper = Whisper("quiet.urgent", cause, values, call_buttons(s))
    if s.delivered and not s.caps.hold_before_delivery:
        return Response((whisper, Erase(cause, at=s.expires)), ("means.phone",))
    assert s.quiet_until is not None  # noqa: S101  (checked by the only caller)
    held = (*_hold(s, cause, s.quiet_until), whisper)
    return Response(held, ("means.phone", "means.hold"), "gate.urgent", values)


def _hold(s: Situation, cause: Cause, until: datetime) -> tuple[Decision, ...]:
    """Hold it together with its files: the platform forgets a file nobody ever saw."""
    hold = Hold(cause, until)
    return (Copy(cause), hold) if s.has_files else (hold,)


def _not_checked(verdict: Verdict, s: Situation) -> Response:
    cause = Rules(verdict.deciding)
    record = Record(cause, "not_checked")
    if s.level is Level.OBSERVE:
        return Response((record,), ("check.failed",))
    whisper = Whisper("whisper.not_checked", cause)
    return Response((record, whisper, Erase(cause, at=s.expires)), ("check.failed",))


def _note(verdict: Verdict, s: Situation) -> Response:
    if s.level is Level.OBSERVE:
        return Response()
    cause = Rules(verdict.deciding)
    values = {
        "article": article_of(verdict),
        "address": s.team_address,
        "who": whom_to_talk_to(verdict),
    }
    whisper = Whisper(tip_key(verdict), cause, values)
    return Response((whisper, Erase(cause, at=s.expires)), ("rule.note",))


def article_of(verdict: Verdict) -> str:
    """Return the first deciding article, or nothing where no rule decided."""
    return verdict.articles[0] if verdict.articles else ""


def _values(verdict: Verdict, s: Situation) -> dict[str, object]:
    return {
        "article": article_of(verdict),
        "categories": s.categories,
        "reasons": s.reasons,
        "address": s.team_address,
        "grace_ends": s.grace_ends,
        "privacy_contact": s.privacy_contact,
    }


def act_buttons(s: Situation) -> Rows:
    """Offer what a sender may choose once the message has left the group."""
    return rows(
        _send_team(s),
        ButtonSpec("button.send_to", Choice.SEND_TO) if s.colleagues else None,
        ButtonSpec("button.rewrite", Choice.REWRITE),
        None if s.secret else ButtonSpec("button.post_anyway", Choice.POST_ANYWAY),
        None if s.secret else ButtonSpec("button.not_confidential", Choice.NOT_CONFIDENTIAL),
        ButtonSpec("button.discard", Choice.DISCARD),
        _breach(s),
    )


def tip_buttons(s: Situation) -> Rows:
    """Offer what a sender may choose while the message still stands in the group."""
    return rows(
        _send_team(s),
        ButtonSpec("button.send_to", Choice.SEND_TO) if s.colleagues else None,
        ButtonSpec("button.rewrite", Choice.REWRITE) if s.can_remove else None,
        ButtonSpec("button.take_away", Choice.TAKE_AWAY) if s.can_remove else None,
        None if s.secret else ButtonSpec("button.not_confidential", Choice.NOT_CONFIDENTIAL),
        _breach(s),
    )


def _send_team(s: Situation) -> ButtonSpec | None:
    if not s.team_address:
        return None
    values = {"address": s.team_address}
    return ButtonSpec("button.send_team", Choice.SEND_TEAM, label_values=values)


def _breach(s: Situation) -> ButtonSpec | None:
    """Offer the way to report it: the heaviest kinds of data, or any that outsiders saw."""
    heavy = {"identifier", "credentials", "health", "youth_care", "confidential_document"}
    if s.delivered and (s.outsiders or heavy.intersection(s.categories)):
        return ButtonSpec("button.breach", Choice.BREACH)
    return None


def held_buttons(s: Situation) -> Rows:
    """Offer what the author of a held message may still do."""
    return rows(
        ButtonSpec("button.read_held", Choice.READ_HELD),
        ButtonSpec("button.change_held", Choice.CHANGE_HELD),
        ButtonSpec("button.withdraw", Choice.WITHDRAW),
        *_urgent_buttons(s),
    )


def later_buttons(s: Situation) -> Rows:
    """Offer to deliver later, or to phone, where the group has already seen the message."""
    return rows(
        ButtonSpec("button.deliver_later", Choice.DELIVER_LATER,
                   label_values={"until": s.quiet_until}),
        *_urgent_buttons(s),
    )  # fmt: skip


def _urgent_buttons(s: Situation) -> tuple[ButtonSpec | None, ...]:
    return (
        ButtonSpec("button.now_urgent", Choice.NOW_URGENT) if s.urgent else None,
        ButtonSpec("button.urgent", Choice.URGENT) if s.call_list else None,
    )


def call_buttons(s: Situation) -> Rows:
    """Offer to phone the people on the call list."""
    return rows(
        *(
            ButtonSpec("button.call", url=f"tel:{dialable(contact.phone)}",
                       label_values={"who": contact.label, "phone": contact.phone})
            for contact in s.call_list[:4]
        )
    )  # fmt: skip


def dialable(phone: str) -> str:
    """Keep what a tel: link may hold: digits and a leading plus."""
    digits = "".join(sign for sign in phone if sign.isascii() and sign.isdigit())
    return f"+{digits}" if phone.strip().startswith("+") else digits
