"""Everything `respond` and `choose` must know about a group at one moment."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.events import Account, MessagePosted
from bot.core.findings import Assessment, Category, Detection
from bot.core.policy import Level
from bot.core.quiet_hours import (
    ReasonKind,
    WorkingTime,
    next_open,
    why,
    working_seconds_after,
)
from bot.core.situation import Colleague, Contact, Situation
from bot.delivery.house import House
from bot.detection.reading import about_breach
from bot.resting.sentences import CALL_ROLES
from bot.resting.value import How
from bot.settings import InForce
from bot.storage.records import Case, Person

SECRETS = frozenset({"CREDENTIAL", "NL_BSN"})
LONGEST_KEEP = timedelta(days=30)


def for_message(
    house: House, school: InForce, event: MessagePosted, detection: Detection
) -> Situation:
    """Look at a message that was just posted: enough to tell whether anything must be done."""
    categories = detection.assessment.categories
    situation = bare(house, school, event.sender)
    return replace(
        situation,
        level=_level(school, detection.assessment),
        redirect=school.redirect_for(categories[0] if categories else None),
        delivered=event.delivered,
        age=max(timedelta(0), situation.now - event.sent_at),
        has_files=bool(event.attachments),
        secret=any(f.entity_type in SECRETS and f.score >= 0.5 for f in detection.findings),
        unsure=detection.assessment.unsure,
        failed=bool(detection.failed),
        breach=about_breach(event.text),
        outsiders=event.outsiders,
        categories=tuple(category.value for category in categories),
        reasons=detection.assessment.reasons,
    )


def _level(school: InForce, judged: Assessment) -> Level:
    """The level of the school; what is not certain is told, never taken away."""
    level = level_of(school, judged.categories)
    doubtful = bool(judged.categories) and not judged.certain
    return Level.TIP if level is Level.ACT and doubtful else level


async def for_case(house: House, school: InForce, case: Case) -> Situation:
    """Look at a stored message whose author makes a choice now."""
    situation = bare(house, school, case.sender)
    main = Category(case.categories[0]) if case.categories else None
    return await completed(
        house,
        school,
        case.sender,
        replace(
            situation,
            level=Level(case.level),
            redirect=school.redirect_for(main),
            delivered=case.removed_at is None and case.delivered,
            age=max(timedelta(0), situation.now - case.sent_at),
            has_files=bool(case.attachments),
            secret=case.secret,
            outsiders="audience=outsider" in case.facts,
            categories=case.categories,
        ),
        case.rule_ids,
    )


def bare(house: House, school: InForce, account: Account) -> Situation:
    """Somebody's platform at this moment, without any message and without looking people up."""
    now = house.clock.now()
    return Situation(
        caps=house.adapter(account.platform).capabilities,
        now=now,
        level=school.level,
        redirect=school.redirect_for(None),
        grace_ends=now,
        expires=now,
        quiet_until=quiet_until(school, now),
        team_address=school.team_address if house.post.smtp else "",
        tell_only=school.rest.how == How.TELL.value,
        urgent=school.rest.urgent,
    )


async def completed(
    house: House,
    school: InForce,
    sender: Account,
    situation: Situation,
    rule_ids: tuple[str, ...] = (),
) -> Situation:
    """Add what only matters once something is done: people, and when waiting ends.

    Whom the rules in `rule_ids` name comes first among the colleagues.
    """
    people = await house.repository.people(school.school.id)
    me = await house.person(sender)
    return replace(
        situation,
        caps=await house.means(sender),
        grace_ends=grace_ends(school, situation.now),
        expires=expires(school, situation.now),
        colleagues=colleagues(school, people, me, rule_ids) if house.post.smtp else (),
        call_list=call_list(people, me, roles_now(school, situation.now)),
        privacy_contact=_privacy_contact(school, people),
    )


def level_of(school: InForce, categories: tuple[Category, ...]) -> Level:
    """The level that counts for a message: that of its main category."""
    return school.level_for(categories[0] if categories else None)


def quiet_until(school: InForce, now: datetime) -> datetime | None:
    """When the group works again; `None` while it works, or when quiet hours are off."""
    if not school.rest_on:
        return None
    opens = next_open(school.calendar, now)
    return None if opens is None or opens <= now else opens


def grace_ends(school: InForce, now: datetime) -> datetime:
    """When a mail may go by itself: after ten minutes of working time, unless told otherwise.

    Of plain time where the school never said when it works.
    """
    wait = timedelta(minutes=school.policy.settings.grace_minutes)
    if not school.rest_on:
        return now + wait
    return working_seconds_after(school.calendar, now, wait) or now + wait


def expires(school: InForce, now: datetime) -> datetime:
    """When a copy nobody chose for is destroyed: working hours, and thirty days at most."""
    keep = timedelta(hours=school.policy.settings.keep_working_hours)
    ends = working_seconds_after(school.calendar, now, keep)
    last = now + LONGEST_KEEP
    return min(ends, last) if ends else last


def kept_until(school: InForce, due: datetime) -> datetime:
    """Held text may stay two weeks past its due moment, should nobody be there to deliver it."""
    return due + timedelta(days=school.policy.settings.held_days)


def colleagues(
    school: InForce, people: tuple[Person, ...], me: Person | None, rule_ids: tuple[str, ...] = ()
) -> tuple[Colleague, ...]:
    """Whom a copy can be mailed to: colleagues with an address on the school's own domain.

    Whom the rules in `rule_ids` say to go to comes first, by role or as the school's own contact.
    """
    able = [
        person
        for person in people
        if person.email.rpartition("@")[2].lower() in school.own_domains
        and (me is None or person.id != me.id)
    ]
    first = _named(school, rule_ids)
    able.sort(key=lambda person: _rank((*person.roles, person.name, person.email), first))
    return tuple(Colleague(person.id, person.name) for person in able)


def _named(school: InForce, rule_ids: tuple[str, ...]) -> tuple[str, ...]:
    """The roles some rules send people to, with what else the school calls whoever has them."""
    rules = [rule.then for rule in school.policy.rules if rule.id in rule_ids]
    roles = dict.fromkeys(role for then in rules for role in (*then.consult, *then.redirect))
    contacts = school.policy.settings.contacts
    return tuple(
        word.casefold()
        for role in roles
        for word in (contacts.get(role, ""), role, *_ALSO_CALLED.get(role, ()))
        if word
    )


_ALSO_CALLED = {"leidinggevende": ("teamleider",), "directie": ("directeur",)}


def _rank(known_as: tuple[str, ...], order: tuple[str, ...]) -> int:
    """The first place in `order` of any of these words; the end for whoever is not in it."""
    words = [word.casefold() for word in known_as]
    return min((order.index(word) for word in words if word in order), default=len(order))


def call_list(
    people: tuple[Person, ...], me: Person | None, first: tuple[str, ...] = ()
) -> tuple[Contact, ...]:
    """Whom to phone now, the roles in `first` before the usual ones; only people with a phone."""
    order = (*first, *(role for role in CALL_ROLES if role not in first))
    reachable = [p for p in people if p.phone and p.roles and (me is None or p.id != me.id)]
    return tuple(
        Contact(p.name, p.phone) for p in sorted(reachable, key=lambda p: _rank(p.roles, order))
    )


def roles_now(school: InForce, now: datetime) -> tuple[str, ...]:
    """Which roles the school said to phone first at a moment such as this."""
    kind = why(WorkingTime(school.calendar), now).kind
    return dict(school.rest.calls).get(_MOMENTS.get(kind, "holiday"), ())


_MOMENTS = {
    ReasonKind.WORKING: "work", ReasonKind.STUDY_DAY: "work", ReasonKind.UNKNOWN: "work",
    ReasonKind.EARLY: "evening", ReasonKind.BREAK: "evening", ReasonKind.EVENING: "evening",
    ReasonKind.NIGHT: "night", ReasonKind.WEEKEND: "weekend",
}  # fmt: skip


def _privacy_contact(school: InForce, people: tuple[Person, ...]) -> str:
    named = school.policy.settings.contacts.get("privacy_contact", "")
    return named or next((p.name for p in people if "privacy_contact" in p.roles), "")
