"""Short sentences about quiet time: what a school says of itself, and a colleague of their days."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import policy_folder
from bot.core.quiet_hours import Half, Leave, at_local, is_working, team_open
from bot.errors import PolicyError, SettingError
from bot.people import pattern_of, working_time
from bot.policies import load_policy
from bot.resting.own import change_own, own_summary
from bot.resting.school import change_school_rest
from bot.resting.sentences import change_rest
from bot.resting.summary import school_summary
from bot.resting.value import Rest, calendar_for
from bot.settings import in_force
from bot.storage.records import Person, School
from bot.texts import has

TODAY = date(2026, 11, 24)
ANNA = Person("1", "school", "Anna")


def said(*sentences: str, rest: Rest = Rest()) -> Rest:  # noqa: B008
    for sentence in sentences:
        rest = change_rest(rest, sentence, today=TODAY)
    return rest


def open_at(rest: Rest, wall: str) -> bool:
    calendar = calendar_for(rest)
    return team_open(calendar, at_local(calendar, datetime.fromisoformat(wall)))


@pytest.mark.parametrize(
    ("sentence", "week"),
    [
        ("ma-vr 07:30-17:30", "ma-vr 07:30-17:30"),
        ("ma-vr 18:00-07:30", "ma-vr 07:30-18:00"),
        ("stil ma-vr 18:00-07:30", "ma-vr 07:30-18:00"),
        ("werk ma-do 8-17; vr 8-12", "ma-do 08:00-17:00; vr 08:00-12:00"),
    ],
)
def test_hours_may_be_said_as_working_or_as_quiet_ones(sentence, week):
    rest = said(sentence)
    assert (rest.on, rest.week) == (True, week)


def test_a_holiday_of_the_schools_own_replaces_the_shipped_one():
    rest = said("aan", "vakantie Meivakantie 24-4-2027 t/m 7-5-2027")
    assert not open_at(rest, "2027-05-07T10:00")
    assert open_at(said("aan"), "2027-05-07T10:00")
    again = said("vakantie meivakantie 26-4-2027 t/m 7-5-2027", rest=rest)
    assert [(one.start, one.end) for one in again.own] == [(date(2027, 4, 26), date(2027, 5, 7))]


def test_on_a_study_day_the_team_works_and_a_free_day_is_free():
    rest = said("aan", "studiedag 20 oktober 2027, 30-12-2026", "vrij Brugdag 7-5-2027")
    assert open_at(rest, "2026-12-30T10:00")
    assert not open_at(rest, "2027-05-07T10:00")
    assert not open_at(rest, "2026-12-29T10:00")


def test_the_team_may_be_back_before_the_pupils():
    day = "2027-08-26T10:00"
    assert not open_at(said("aan", "regio midden"), day)
    assert open_at(said("aan", "regio midden", "terug 25-8-2027"), day)


def test_confirming_a_year_makes_its_holidays_the_schools_own():
    rest = said("aan", "bevestig 2026-2027")
    assert all(
        one.confirmed
        for one in calendar_for(rest).closed
        if date(2026, 8, 1) <= one.start < date(2027, 7, 1)
    )
    assert school_summary(rest, TODAY).count("te bevestigen") < school_summary(
        said("aan"), TODAY
    ).count("te bevestigen")


def test_what_was_set_on_a_date_can_be_cleared():
    rest = said("studiedag 25-11-2026", "vrij 7-5-2027", "wis 25-11-2026", "wis 7-5-2027")
    assert (rest.study, rest.own) == ((), ())


@pytest.mark.parametrize(
    ("sentence", "field", "value"),
    [
        ("regio noord", "region", "Noord"), ("goede vrijdag werken", "good_friday", False),
        ("5 mei elk jaar", "liberation_day", "every_year"), ("adviesweek aan", "advice_week", True),
        ("dringend aan", "urgent", True), ("vraag", "how", "ask"), ("zeg", "how", "tell"),
        ("samenvatting uit", "digests", False), ("uit", "on", False),
        ("bel weekend conciërge, directie", "calls", (("weekend", ("conciërge", "directie")),)),
        ("eigen jaar 2026-2027", "own_years", ("2026-2027",)),
    ],
)  # fmt: skip
def test_one_sentence_changes_one_thing(sentence, field, value):
    rest = said("aan", sentence)
    assert getattr(rest, field) == value
    assert Rest.read(rest.write()) == rest


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("regio oost", "setup.region_wrong"), ("studiedag morgen", "rest.error.date"),
        ("studiedag 31-2-2027", "rest.error.no_such_date"),
        ("vrij 1-1-1900", "rest.error.far_date"),
        ("vakantie Mei 9-5-2027 t/m 24-4-2027", "quiet.error.end_before_start"),
        ("vakantie 24-4-2027 t/m 9-5-2027", "rest.error.holiday_name"),
        ("vakantie Lang 1-1-2027 t/m 1-6-2028", "quiet.error.too_long"),
        ("vrij 1-5-2027 2-5-2027 3-5-2027", "rest.error.too_many_dates"),
        ("bevestig 2026-2028", "rest.error.year"),
        ("bevestig 2050-2051", "rest.error.unknown_year"),
        ("wis 1-5-2027", "rest.error.nothing_there"), ("ma-vr 25-26", "quiet.error.week_time"),
        ("ma 8-12, 11-13", "quiet.error.overlap"), ("stil ma 8-9, 10-11", "rest.error.quiet_range"),
        ("5 mei soms", "rest.error.liberation"), ("dringend misschien", "rest.error.on_or_off"),
        ("x" * 700, "rest.error.too_long"), ("hoi", "quiet.error.week_part"),
        ("bel weekend de buurman", "rest.error.call"), ("bel ooit ib", "rest.error.call"),
        ("goede vrijdag misschien", "rest.error.good_friday"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_a_text_that_says_why(sentence, key):
    with pytest.raises(SettingError) as caught:
        said(sentence)
    assert caught.value.key == key
    assert has(key)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80), st.sampled_from(["", "vrij ", "studiedag ", "wis ", "werk ", "stil "]))
def test_no_sentence_at_all_breaks_the_reader(text, opening):
    for change in (lambda: said(opening + text), lambda: change_own(ANNA, opening + text)):
        try:
            change()
        except SettingError as wrong:
            assert has(wrong.key)  # noqa: PT017


def test_every_change_of_the_school_can_be_taken_back_step_by_step():
    school = School("1", 1)
    first = replace(school, **change_school_rest(school, "ma-vr 8-17", today=TODAY))
    second = replace(first, **change_school_rest(first, "regio zuid", today=TODAY))
    back = replace(second, **change_school_rest(second, "ongedaan", today=TODAY))
    assert back.quiet == first.quiet
    start = replace(back, **change_school_rest(back, "ongedaan", today=TODAY))
    assert start.quiet == ""
    with pytest.raises(SettingError, match="nothing_to_undo"):
        change_school_rest(start, "ongedaan", today=TODAY)


def test_a_colleague_says_days_halves_and_weeks():
    fields = change_own(ANNA, "werkdagen ma di wo-ochtend do (oneven)")
    anna = replace(ANNA, **fields)
    calendar = calendar_for(Rest(on=True))

    def works(wall: str) -> bool:
        at = at_local(calendar, datetime.fromisoformat(wall))
        return is_working(working_time(anna, calendar), at)

    assert works("2026-11-25T09:00")
    assert not works("2026-11-25T14:00")
    assert not works("2026-11-26T09:00"), "week 48 is even"
    assert works("2026-12-03T09:00"), "week 49 is odd"
    assert not works("2026-11-27T09:00")


@pytest.mark.parametrize(
    ("sentence", "leave"),
    [
        ("verlof 14-12-2026", Leave(date(2026, 12, 14), date(2026, 12, 14))),
        ("14-12-2026 t/m 18-12-2026", Leave(date(2026, 12, 14), date(2026, 12, 18))),
        ("verlof 14 december 2026 ochtend",
         Leave(date(2026, 12, 14), date(2026, 12, 14), Half.MORNING)),
        ("vrij vanaf 1-1-2027", Leave(date(2027, 1, 1))),
    ],
)  # fmt: skip
def test_leave_is_a_day_a_period_a_half_or_until_further_notice(sentence, leave):
    assert change_own(ANNA, sentence)["leave"] == (leave,)


def test_own_days_can_be_cleared_and_taken_back():
    anna = replace(ANNA, **change_own(ANNA, "werkdagen ma-wo"))
    anna = replace(anna, **change_own(anna, "verlof 14-12-2026 t/m 18-12-2026"))
    gone = replace(anna, **change_own(anna, "wis verlof 16-12-2026"))
    assert gone.leave == ()
    back = replace(gone, **change_own(gone, "ongedaan"))
    assert (back.leave, back.works) == (anna.leave, "ma-wo")
    assert "14-12-2026 t/m 18-12-2026" in own_summary(back, TODAY)


def test_somebody_may_have_no_working_days_at_all():
    nobody = replace(ANNA, **change_own(ANNA, "werkdagen geen"))
    calendar = calendar_for(Rest(on=True))
    assert pattern_of(nobody.works).parts == ()
    assert not is_working(working_time(nobody, calendar), datetime(2026, 11, 24, 10, tzinfo=UTC))


def test_what_is_stored_for_undoing_never_grows_without_end():
    anna = ANNA
    for number in range(40):
        anna = replace(anna, **change_own(anna, f"samenvatting {'aan' if number % 2 else 'uit'}"))
    assert len(anna.past) < 10
    assert all(json.loads(one) for one in anna.past)


def test_a_policy_file_may_say_the_same_sentences(tmp_path):
    file = tmp_path / "school.yaml"
    head = "protocol: {id: x, name: X, version: '1'}\nextends: matthijsje.yaml\n"
    (tmp_path / "matthijsje.yaml").write_text(
        (policy_folder() / "matthijsje.yaml").read_text("utf-8"), "utf-8"
    )
    file.write_text(f"{head}settings:\n  quiet: [ma-do 8-17, regio zuid]\n", "utf-8")
    policy = load_policy(file)
    found = in_force(School("1", 1), policy)
    assert (found.rest.on, found.rest.week, found.rest.region) == (
        True, "ma-do 08:00-17:00", "Zuid",
    )  # fmt: skip
    chosen = replace(School("1", 1), quiet=Rest(on=True, region="Noord").write())
    assert in_force(chosen, policy).rest.region == "Noord"
    file.write_text(f"{head}settings:\n  quiet: [regio oost]\n", "utf-8")
    with pytest.raises(PolicyError, match="Noord, Midden of Zuid"):
        load_policy(file)
