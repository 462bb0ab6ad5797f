"""Quiet time in the private chat: who sets what, what becomes of held words, who hears what."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.adapters.base import Action, LockGroup, Post, ShowPrivately, UnlockGroup
from bot.core.events import (
    Attachment,
    AttachmentKind,
    ButtonPressed,
    ChatRef,
    MessageDeleted,
    Pass,
    Place,
    Receipt,
    Refuse,
)
from bot.core.policy import Level
from bot.delivery.rest import asked
from bot.delivery.sweeping import Sweeping
from bot.errors import DeliveryError
from bot.resting.value import Rest
from tests.journeys.chat import ABLE, NAME, TEAM, Fault, refuse
from tests.journeys.school import DIAGNOSIS, School

pytestmark = pytest.mark.asyncio(loop_scope="module")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
HELLO = "Wie rijdt er morgen mee naar Zwolle?"
GATED = replace(ABLE, hold_before_delivery=True)


@pytest_asyncio.fixture(loop_scope="module")
async def resting(school: School) -> AsyncIterator[School]:
    """A school with quiet hours, and afterwards as it was."""
    before = (await school.app.house.school()).school
    await school.change(quiet=Rest(on=True, urgent=True).write())
    school.chat.capabilities = GATED
    yield school
    for person in await school.app.house.repository.people(before.id):
        await school.app.house.repository.change_person(
            person.id, works="", leave=(), digest=False, lessons="", past=()
        )
    await school.change(quiet=before.quiet, settings={})
    await move_to(school, "2026-12-11T10:00")


def set_clock(school: School, wall: str) -> None:
    school.clock.set(datetime.fromisoformat(wall).replace(tzinfo=AMSTERDAM))


async def move_to(school: School, wall: str) -> None:
    set_clock(school, wall)
    await school.app.clock_moved()
    await school.settled()
    await school.app.rest.look()
    await school.settled()


async def evening(school: School, text: str = HELLO, who: str = "anna") -> None:
    await move_to(school, "2026-11-24T20:30")
    await school.say(text, who, delivered=False)


async def catches_up(school: School) -> None:
    """Celine is free on Wednesdays and Fridays, and wants to read afterwards what she missed."""
    await school.command("cel", "vrij", "werkdagen ma di do")
    await school.command("cel", "vrij", "samenvatting aan")


def texts(school: School) -> list[str]:
    return [post.text for post in school.chat.posts()]


async def test_an_admin_sets_quiet_hours_in_a_sentence_and_takes_them_back(
    resting: School,
) -> None:
    told = await resting.command("bert", "stilte", "ma-vr 18:00-07:30")
    assert "Het team werkt: ma-vr 07:30-18:00" in told
    await resting.press("Ongedaan maken", "bert")
    assert "ma-vr 07:30-17:30" in resting.heard("bert")
    told = await resting.write("bert", "stilte studiedag 25-11-2026")
    assert "Studiedagen (het team werkt): 25-11-2026" in told
    lines = await resting.app.house.repository.school_changes(
        (await resting.app.house.school()).school.id
    )
    assert [line.key for line in lines].count("quiet") >= 3


async def test_a_button_asks_and_the_next_line_answers(resting: School) -> None:
    await resting.command("bert", "stilte")
    await resting.press("Vakantie", "bert")
    assert "Welke vakantie" in resting.heard("bert")
    told = await resting.write("bert", "Meivakantie 24-4-2027 t/m 9-5-2027")
    assert "Meivakantie: 24-4-2027 t/m 9-5-2027" in told
    assert "Meivakantie: 24-4-2027 t/m 9-5-2027 (te bevestigen)" not in told


async def test_only_an_admin_changes_the_schools_hours(resting: School) -> None:
    before = (await resting.app.house.school()).school.quiet
    assert "alleen de beheerder" in await resting.command("anna", "stilte", "uit")
    assert "Het team werkt" in await resting.command("anna", "stilte")
    assert (await resting.app.house.school()).school.quiet == before


async def test_everybody_sets_their_own_days_and_nobody_elses(resting: School) -> None:
    await resting.command("anna", "vrij", "ma di wo-ochtend")
    told = await resting.command("anna", "vrij", "14-12-2026 t/m 18-12-2026")
    assert "Je werkt: ma di wo-ochtend" in told
    assert "Vrij: 14-12-2026 t/m 18-12-2026" in told
    assert "de dagen van het team" in await resting.command("bert", "vrij")
    assert "Ongedaan maken" in resting.labels("anna")
    await resting.press("Ongedaan maken", "anna")
    assert "14-12-2026" not in resting.heard("anna")


async def test_somebody_the_school_has_not_listed_can_still_say_when_they_work(
    resting: School,
) -> None:
    assert "Je werkt: ma" in await resting.command("dirk", "werkdagen", "ma")
    assert "Je werkt: ma" in await resting.command("dirk", "vrij")


async def test_a_calendar_file_gives_days_off(resting: School) -> None:
    event = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261214\r\nDTEND;VALUE=DATE:20261219\r\n"
    data = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{event}END:VEVENT\r\nEND:VCALENDAR\r\n"
    file = Attachment(AttachmentKind.DOCUMENT, "ics", "agenda.ics", "text/calendar", len(data))
    resting.chat.files["ics"] = data.encode()
    where = ChatRef(NAME, "private:anna")
    await resting.say("", "anna", chat=where, place=Place.PRIVATE, attachments=(file,))
    assert "Ik las één periode uit" in resting.heard("anna")
    assert "Vrij: 14-12-2026 t/m 18-12-2026" in resting.heard("anna")


async def test_held_words_are_read_back_changed_and_delivered_as_they_became(
    resting: School,
) -> None:
    await evening(resting)
    await resting.press("Lees terug")
    assert HELLO in resting.heard()
    await resting.press("Verander")
    assert "nieuwe tekst" in resting.heard()
    await resting.write("anna", "Wie rijdt er mee naar Assen?")
    assert "Wie rijdt er mee naar Assen?" in resting.heard()
    await move_to(resting, "2026-11-25T07:31")
    assert texts(resting) == ["Wie rijdt er mee naar Assen?"]


async def test_held_words_are_never_changed_into_confidential_ones(resting: School) -> None:
    await evening(resting)
    await resting.press("Verander")
    await resting.write("anna", DIAGNOSIS)
    assert "lijkt vertrouwelijk" in resting.heard()
    await resting.write("anna", "stop")
    await move_to(resting, "2026-11-25T07:31")
    assert texts(resting) == [HELLO]


async def test_urgent_goes_at_once_with_a_reason_and_is_counted_without_a_name(
    resting: School,
) -> None:
    await evening(resting)
    await resting.press("Toch nu (dringend)")
    await resting.press("Iets met het gebouw")
    assert texts(resting) == [HELLO]
    assert "Bel er ook over" in resting.heard()
    house = resting.app.house
    counts = await house.repository.counts((await house.school()).school.id)
    assert ("urgent.building", 1) in {(one.name, one.count) for one in counts}
    incidents = await house.repository.incidents(
        (await house.school()).school.id, datetime(2020, 1, 1, tzinfo=AMSTERDAM)
    )
    assert not any("urgent" in one.event for one in incidents)
    await move_to(resting, "2026-11-25T07:31")
    assert texts(resting) == [HELLO], "and not once more in the morning"


async def test_what_was_urgent_and_refused_is_never_said_to_be_there(resting: School) -> None:
    await evening(resting)
    resting.chat.faults.append(refuse(Post))
    await resting.press("Toch nu (dringend)")
    await resting.press("Iets met het gebouw")
    assert "Ik kon je bericht niet in de groep zetten" in resting.heard()
    await move_to(resting, "2026-11-25T07:31")
    told = len(resting.chat.whispers())
    await resting.press("Probeer opnieuw")
    assert len(resting.chat.whispers()) == told + 1, "each press is answered"
    assert "Ik kon je bericht niet in de groep zetten" in resting.heard()
    resting.chat.faults.clear()
    await resting.press("Probeer opnieuw")
    assert resting.heard() == "Je bericht staat in de groep."
    assert texts(resting) == [HELLO]


async def test_without_the_schools_word_nothing_can_be_marked_as_urgent(resting: School) -> None:
    await resting.change(quiet=Rest(on=True).write())
    await evening(resting)
    assert "Toch nu (dringend)" not in resting.labels()


async def test_where_nothing_can_be_held_one_kind_word_is_said_once_an_evening(
    resting: School,
) -> None:
    resting.chat.capabilities = replace(ABLE, delete_others=None)
    await move_to(resting, "2026-11-24T20:30")
    for text in (HELLO, "En wie neemt de sleutel mee?", "Laat maar"):
        await resting.say(text)
    assert len(resting.chat.whispers()) == 1
    assert "niemand hoeft dit nu te lezen" in resting.heard()
    await resting.say(HELLO, "cel")
    assert len(resting.chat.whispers("cel")) == 1
    await move_to(resting, "2026-11-25T20:30")
    await resting.say(HELLO)
    assert len(resting.chat.whispers()) == 2


async def test_a_school_may_choose_to_be_told_only(resting: School) -> None:
    await resting.change(quiet=Rest(on=True, how="tell").write())
    await move_to(resting, "2026-12-01T20:30")
    await resting.say(HELLO, delivered=False)
    assert "niemand hoeft dit nu te lezen" in resting.heard()
    await move_to(resting, "2026-12-02T07:31")
    assert texts(resting) == [], "it was let through and is not delivered again"


async def test_who_teaches_hears_so_once_that_day(resting: School) -> None:
    await resting.command("anna", "vrij", "lessen di 08:30-12:00")
    heard = len(resting.chat.whispers())
    await move_to(resting, "2026-11-24T10:15")
    await resting.say("Wie heeft de sleutel?")
    await resting.say("Ik heb hem al")
    assert len(resting.chat.whispers()) == heard + 1
    assert "Je hebt nu les" in resting.heard()


async def test_a_part_timer_hears_on_the_next_working_day_what_was_said(resting: School) -> None:
    await catches_up(resting)
    before = len(resting.chat.whispers("cel"))
    await move_to(resting, "2026-11-25T10:00")
    await resting.say("De gymles begint vrijdag een half uur later")
    gone = await resting.say("Koffie is op")
    await resting.delete(gone)
    await resting.say("Donderdag neem ik taart mee", "cel")
    await resting.say(DIAGNOSIS, "bert")
    assert len(resting.chat.whispers("cel")) == before
    await move_to(resting, "2026-11-26T07:31")
    (digest,) = resting.chat.whispers("cel")[before:]
    assert "Welkom terug" in digest.text
    assert "De gymles begint vrijdag een half uur later" in digest.text
    for left_out in ("Koffie", "ADHD", "taart"):
        assert left_out not in digest.text
    await move_to(resting, "2026-11-30T07:31")
    assert len(resting.chat.whispers("cel")) == before + 1, "once"


async def test_an_edit_after_the_digest_is_not_sent_again(resting: School) -> None:
    await catches_up(resting)
    before = len(resting.chat.whispers("cel"))
    await move_to(resting, "2026-11-25T10:00")
    event = await resting.say("De gymles begint om tien uur")
    edited = await resting.edit(event, "De gymles begint om elf uur")
    await move_to(resting, "2026-11-26T07:31")
    (digest,) = resting.chat.whispers("cel")[before:]
    assert "elf uur" in digest.text
    assert "tien uur" not in digest.text
    await resting.edit(edited, "De gymles begint om twaalf uur", revision=2)
    await move_to(resting, "2026-11-30T07:31")
    assert len(resting.chat.whispers("cel")) == before + 1


async def test_a_clock_that_jumps_back_delivers_nothing_twice(resting: School) -> None:
    await evening(resting)
    await move_to(resting, "2026-11-25T07:31")
    assert texts(resting) == [HELLO]
    await move_to(resting, "2026-11-24T21:00")
    await resting.say("Nog iets", delivered=False)
    await move_to(resting, "2026-11-25T07:31")
    assert texts(resting) == [HELLO, "Nog iets"]


async def test_nothing_is_kept_for_who_did_not_ask(resting: School) -> None:
    await resting.command("cel", "vrij", "werkdagen ma di do")
    await move_to(resting, "2026-11-25T10:00")
    await resting.say("De gymles begint vrijdag een half uur later")
    house = resting.app.house
    assert await house.repository.catchups_waiting((await house.school()).school.id) == {}


async def test_opting_out_destroys_what_was_kept(resting: School) -> None:
    await catches_up(resting)
    await move_to(resting, "2026-11-25T10:00")
    await resting.say("De gymles begint vrijdag een half uur later")
    before = len(resting.chat.whispers("cel"))
    await resting.command("cel", "vrij", "samenvatting uit")
    await move_to(resting, "2026-11-26T07:31")
    assert len(resting.chat.whispers("cel")) == before + 1, "only the answer to opting out"
    house = resting.app.house
    assert await house.repository.catchups_waiting((await house.school()).school.id) == {}


async def test_what_was_held_overnight_reaches_who_is_free_that_morning_too(
    resting: School,
) -> None:
    await catches_up(resting)
    before = len(resting.chat.whispers("cel"))
    await evening(resting)
    await move_to(resting, "2026-11-25T07:31")
    assert texts(resting) == [HELLO]
    await move_to(resting, "2026-11-26T07:31")
    assert [HELLO in one.text for one in resting.chat.whispers("cel")[before:]] == [True]


async def test_a_delivery_that_died_after_posting_still_reaches_who_was_free_that_day(
    resting: School,
) -> None:
    """Killed between the post and writing it down, and back only when she works again."""
    await catches_up(resting)
    before = len(resting.chat.whispers("cel"))
    await evening(resting)
    await resting.say("En wie neemt de sleutel mee?", "bert", delivered=False)
    thursday = datetime.fromisoformat("2026-11-26T07:31").replace(tzinfo=AMSTERDAM)
    resting.chat.died_after.append((Post, lambda: resting.clock.set(thursday)))
    await move_to(resting, "2026-11-25T07:31")
    assert resting.clock.now() >= thursday
    await move_to(resting, "2026-11-26T07:32")
    (digest,) = resting.chat.whispers("cel")[before:]
    assert digest.text.index(HELLO) < digest.text.index("En wie neemt de sleutel mee?")
    assert len(texts(resting)) == 1
    await move_to(resting, "2026-11-30T07:31")
    assert len(resting.chat.whispers("cel")) == before + 1, "once"


async def test_hours_that_change_overnight_bring_what_was_held_at_the_new_time(
    resting: School,
) -> None:
    await evening(resting)
    await resting.command("bert", "stilte", "uit")
    await resting.settled()
    assert texts(resting) == [HELLO]


async def test_a_stuck_message_is_told_and_can_be_released_by_hand(resting: School) -> None:
    await evening(resting)
    resting.chat.faults.append(refuse(Post))
    await move_to(resting, "2026-11-25T07:31")
    assert texts(resting) == []
    assert "Ik kon je bericht niet in de groep zetten" in resting.heard("anna")
    assert "/stilte wachtend" in resting.heard("bert")
    assert "Er wacht één bericht; te laat: 1" in await resting.command("bert", "stilte", "wachtend")
    resting.chat.faults.clear()
    await resting.press("Bezorg nu", "bert")
    assert texts(resting) == [HELLO]
    assert "Er wacht niets" in await resting.command("bert", "stilte", "wachtend")


async def test_what_a_platform_refuses_for_now_is_shown_as_late(resting: School) -> None:
    await evening(resting)
    resting.chat.faults.append(refuse(Post, permanent=False))
    set_clock(resting, "2026-11-25T07:31")
    await resting.app.clock_moved()
    await resting.eventually(lambda: any(isinstance(one, Post) for one in resting.chat.tried))
    rest = resting.app.rest
    assert len(await rest.late()) == len(await rest.waiting()) == 1
    resting.chat.faults.clear()
    await resting.settled()
    assert texts(resting) == [HELLO]
    assert await rest.waiting() == ()


async def test_an_admin_on_the_server_has_what_is_stuck_delivered_by_whoever_runs(
    resting: School,
) -> None:
    """Also in quiet time, also after one attempt that failed, and never what is not late."""
    await evening(resting)
    resting.chat.faults.append(refuse(Post))
    await move_to(resting, "2026-11-25T07:31")
    await move_to(resting, "2026-11-25T19:00")
    await resting.say("Tot morgen", "bert", delivered=False)
    repository, rest = resting.app.house.repository, resting.app.rest
    for broken in (True, False):
        (late,) = await rest.late()
        await repository.update_case(late.id, due_at=asked(resting.clock.now()))
        if not broken:
            resting.chat.faults.clear()
        await rest.look()
        await resting.settled()
        assert texts(resting) == ([] if broken else [HELLO])
        await move_to(resting, "2026-11-25T21:00")
    assert len(await rest.waiting()) == 1
    assert await rest.late() == ()
    await move_to(resting, "2026-11-26T07:31")
    assert texts(resting) == [HELLO, "Tot morgen"]


async def test_a_stuck_message_is_tried_again_by_itself(resting: School) -> None:
    await evening(resting)
    resting.chat.faults.append(refuse(Post))
    await move_to(resting, "2026-11-25T07:31")
    resting.chat.faults.clear()
    await move_to(resting, "2026-11-25T09:00")
    assert texts(resting) == [HELLO]


@pytest.mark.parametrize(
    ("friday", "monday"),
    [
        ("2027-03-26T18:00", "2027-03-30T07:31"),  # Easter, and the clock goes forward
        ("2027-10-29T20:00", "2027-11-01T07:31"),  # the clock goes back
        ("2027-04-23T20:00", "2027-05-10T07:31"),  # a May holiday of the school's own
        ("2026-12-18T20:00", "2027-01-04T07:31"),  # Christmas and New Year
    ],
)
async def test_a_message_waits_over_holidays_and_clock_changes_and_comes_once(
    resting: School, friday: str, monday: str
) -> None:
    await resting.command("bert", "stilte", "vakantie Meivakantie 24-4-2027 t/m 9-5-2027")
    await move_to(resting, friday)
    await resting.say(HELLO, "anna", delivered=False)
    almost = datetime.fromisoformat(monday).replace(minute=29)
    await move_to(resting, almost.isoformat())
    assert texts(resting) == []
    await move_to(resting, monday)
    assert texts(resting) == [HELLO]
    await move_to(resting, monday.replace("07:31", "09:00"))
    assert texts(resting) == [HELLO]


def second(kind: type) -> Fault:
    """Refuse the second of a kind for good, once."""
    seen = [0]

    def fault(action: Action) -> None:
        seen[0] += isinstance(action, kind)
        if seen[0] == 2 and isinstance(action, kind):
            raise DeliveryError("chat: 400", permanent=True)

    return fault


def long(word: str) -> str:
    return f"{word}: {'de agenda van morgen staat klaar ' * 60}"


async def test_a_digest_refused_half_way_sends_no_message_twice(resting: School) -> None:
    words = ("eerste", "tweede", "derde")
    for one in words:
        await evening(resting, long(one))
    resting.chat.faults.append(second(Post))
    await move_to(resting, "2026-11-25T07:31")
    assert len(await resting.app.rest.waiting()) == 2, "what stands there is over"
    await move_to(resting, "2026-11-25T09:00")
    said = "\n".join(texts(resting))
    assert [said.count(f"{one}: ") for one in words] == [1, 1, 1]
    assert [said.index(f"{one}: ") for one in words] == sorted(
        said.index(f"{one}: ") for one in words
    )
    assert await resting.app.rest.waiting() == ()


async def test_a_look_that_began_before_the_refusal_leaves_it_waiting(resting: School) -> None:
    """A slow look and a delivery pass each other on a busy machine."""
    await evening(resting)
    resting.chat.faults.append(second(Post))
    await resting.say(long("tweede"), "bert", delivered=False)
    await resting.say(long("derde"), "bert", delivered=False)
    set_clock(resting, "2026-11-25T07:31")
    began = resting.clock.now()
    await move_to(resting, "2026-11-25T07:31:10")
    await resting.app.rest.tick(began)
    await resting.settled()
    assert len(await resting.app.rest.waiting()) == 1


async def test_a_personal_digest_refused_half_way_sends_no_message_twice(
    resting: School,
) -> None:
    await catches_up(resting)
    before = len(resting.chat.whispers("cel"))
    await move_to(resting, "2026-11-25T10:00")
    words = ("eerste", "tweede", "derde")
    for one in words:
        await resting.say(long(one))
    resting.chat.faults.append(second(ShowPrivately))
    await move_to(resting, "2026-11-26T07:31")
    await move_to(resting, "2026-11-26T07:33")
    said = "\n".join(one.text for one in resting.chat.whispers("cel")[before:])
    assert [said.count(f"{one}: ") for one in words] == [1, 1, 1]


async def test_what_is_deleted_from_the_group_again_is_in_nobodys_digest(resting: School) -> None:
    """The post is ours; its author, or an admin, took it away before she came back."""
    await catches_up(resting)
    before = len(resting.chat.whispers("cel"))
    await evening(resting)
    await resting.say("En wie neemt de sleutel mee?", "bert", delivered=False)
    await move_to(resting, "2026-11-25T07:31")
    (ours,) = [
        done.message for action, done in resting.chat.done.values() if isinstance(action, Post)
    ]
    await resting.say("De koffie is op", "bert")
    await resting.tell(MessageDeleted(TEAM, str(ours), resting.clock.now()))
    await move_to(resting, "2026-11-26T07:31")
    (digest,) = resting.chat.whispers("cel")[before:]
    assert "De koffie is op" in digest.text
    assert HELLO not in digest.text
    assert "sleutel" not in digest.text


async def test_whom_to_phone_first_depends_on_the_moment(resting: School) -> None:
    house = resting.app.house
    for name, role in (("Dirk Directeur", "directie"), ("Coen Concierge", "conciërge")):
        org = (await house.school()).school.id
        await house.repository.add_person(org, name=name, phone="0612345699", roles=(role,))
    await resting.command("bert", "stilte", "bel weekend conciërge")
    await move_to(resting, "2026-11-24T20:30")
    await resting.command("anna", "dringend")
    assert "Dirk" in resting.labels()[0]
    await move_to(resting, "2026-11-28T11:00")
    await resting.command("anna", "dringend")
    assert "Coen" in resting.labels()[0]


async def test_later_hours_let_what_was_held_wait_and_it_is_not_late_meanwhile(
    resting: School,
) -> None:
    await evening(resting)
    await resting.command("bert", "stilte", "ma-vr 09:00-17:30")
    await move_to(resting, "2026-11-25T08:00")
    assert texts(resting) == []
    assert await resting.app.rest.late() == ()
    assert len(await resting.app.rest.waiting()) == 1
    await move_to(resting, "2026-11-25T09:01")
    assert texts(resting) == [HELLO]


async def test_days_off_told_while_something_waits_do_not_let_it_expire(resting: School) -> None:
    await evening(resting)
    await resting.command("bert", "stilte", "vrij Verbouwing 25-11-2026 t/m 18-12-2026")
    for day in ("2026-11-25T08:00", "2026-12-10T08:00", "2026-12-28T08:00"):
        await move_to(resting, day)
        await Sweeping(resting.app.house).run()
        assert texts(resting) == []
    await move_to(resting, "2027-01-04T07:31")
    assert texts(resting) == [HELLO]


async def through_the_summer(school: School) -> None:
    """From the end of July until the first working morning, with a sweep on the way."""
    await move_to(school, "2027-08-25T10:00")
    await Sweeping(school.app.house).run()
    await school.settled()
    assert texts(school) == []
    await move_to(school, "2027-08-30T07:31")


async def test_what_waits_because_its_author_chose_so_outlives_the_summer(resting: School) -> None:
    resting.chat.capabilities = ABLE
    await move_to(resting, "2027-07-20T12:00")
    await resting.say(HELLO)
    await resting.press("Later bezorgen")
    await through_the_summer(resting)
    assert texts(resting) == [HELLO]


async def test_what_is_to_come_back_after_the_summer_comes_back(resting: School) -> None:
    await move_to(resting, "2027-07-20T12:00")
    await resting.say(DIAGNOSIS, delivered=False)
    await resting.press("Toch plaatsen")
    await resting.press("Niemand is herkenbaar")
    await through_the_summer(resting)
    assert texts(resting) == [DIAGNOSIS]


async def test_whoever_chose_the_safe_version_never_sees_the_other_one_posted(
    resting: School,
) -> None:
    await resting.change(level=Level.TIP)
    await evening(resting, DIAGNOSIS)
    await resting.press("Herschrijf")
    await resting.press("Plaats deze versie")
    await resting.command("bert", "stilte", "uit")
    await resting.settled()
    await move_to(resting, "2026-11-25T07:31")
    (posted,) = texts(resting)
    assert "een leerling" in posted
    assert "ADHD" not in posted


async def test_everybody_hears_of_what_expired_however_long_ago_it_was_written(
    resting: School,
) -> None:
    await move_to(resting, "2026-12-18T20:00")
    await resting.say(HELLO, delivered=False)
    await resting.say("Tot volgend jaar", "cel", delivered=False)
    resting.chat.faults.append(refuse(Post))
    await move_to(resting, "2027-01-04T07:31")
    set_clock(resting, "2027-01-19T12:00")
    await Sweeping(resting.app.house).run()
    await Sweeping(resting.app.house).run()
    await resting.settled()
    for who in ("anna", "cel"):
        assert "Ik heb mijn kopie van je bericht gewist" in resting.heard(who)


async def test_who_withdraws_just_too_late_hears_so_and_is_never_thanked(resting: School) -> None:
    """The message is on its way while the button is pressed."""
    await evening(resting)
    token = resting.button("Neem terug")
    told: list[Receipt] = []

    async def pressed(action: Action) -> None:
        if isinstance(action, Post) and not told:
            told.append(
                await resting.tell(
                    ButtonPressed(TEAM, resting.account("anna"), token, resting.clock.now())
                )
            )

    resting.chat.before = pressed
    await move_to(resting, "2026-11-25T07:31")
    (answer,) = told
    assert isinstance(answer, Refuse)
    assert texts(resting) == [HELLO]
    assert "teruggenomen" not in resting.heard().casefold()


async def test_a_group_that_could_not_be_opened_is_opened_within_the_hour(resting: School) -> None:
    resting.chat.capabilities = replace(GATED, lock=True)
    await move_to(resting, "2026-11-24T20:30")
    assert resting.chat.locked()
    resting.chat.faults.append(refuse(UnlockGroup))
    await move_to(resting, "2026-11-25T07:31")
    assert resting.chat.did(UnlockGroup) == []
    resting.chat.faults.clear()
    await move_to(resting, "2026-11-25T08:01")
    assert len(resting.chat.did(UnlockGroup)) == 1
    await move_to(resting, "2026-11-25T09:01")
    assert len(resting.chat.did(UnlockGroup)) == 1


async def test_a_lock_that_comes_through_in_the_morning_locks_nobody_out(resting: School) -> None:
    resting.chat.capabilities = replace(GATED, lock=True)
    resting.chat.faults.append(refuse(LockGroup, permanent=False))
    set_clock(resting, "2026-11-24T20:30")
    await resting.app.rest.look()
    await resting.eventually(lambda: any(isinstance(a, LockGroup) for a in resting.chat.tried))
    set_clock(resting, "2026-11-25T07:31")
    resting.chat.faults.clear()
    await resting.settled()
    assert not resting.chat.locked()


async def test_a_group_that_is_the_teams_no_more_is_opened_and_nothing_goes_in_unread(
    resting: School,
) -> None:
    resting.chat.capabilities = replace(GATED, lock=True)
    await move_to(resting, "2026-11-24T20:30")
    assert resting.chat.locked()
    await resting.command("bert", "/negeer", ref=TEAM)
    try:
        unseen = await resting.tell(resting.posted(DIAGNOSIS, delivered=False))
        await resting.app.rest.look()
        await resting.settled()
        opened = await resting.tell(resting.posted(HELLO, delivered=False))
    finally:
        await resting.command("bert", "/teamgroep", ref=TEAM)
    assert isinstance(unseen, Refuse)
    assert "lees ik niet meer mee" in unseen.text
    assert len(resting.chat.did(UnlockGroup)) == 1
    assert opened == Pass(), "where it is open, everybody writes for themselves"
