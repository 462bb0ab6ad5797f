"""Working days as a colleague types them."""

import pytest

from bot.core.quiet_hours import Half, Weeks, WorkPart
from bot.errors import SettingError
from bot.people import pattern_of


def test_days_halves_and_weeks_are_read() -> None:
    pattern = pattern_of("ma Dinsdag wo-ochtend vr (oneven)")
    assert [(part.weekday, part.half, part.weeks) for part in pattern.parts] == [
        (0, Half.DAY, Weeks.EVERY),
        (1, Half.DAY, Weeks.EVERY),
        (2, Half.MORNING, Weeks.EVERY),
        (4, Half.DAY, Weeks.ODD),
    ]


def test_a_run_of_days_can_be_of_odd_or_even_weeks() -> None:
    pattern = pattern_of("ma-wo (oneven) do-ochtend (even)")
    assert pattern.parts == (
        WorkPart(0, weeks=Weeks.ODD),
        WorkPart(1, weeks=Weeks.ODD),
        WorkPart(2, weeks=Weeks.ODD),
        WorkPart(3, Half.MORNING, Weeks.EVEN),
    )


@pytest.mark.parametrize("text", ["maa", "ma-nacht", "ma dinges", "ma (soms)", "\x00"])
def test_what_cannot_be_read_is_said_kindly(text: str) -> None:
    with pytest.raises(SettingError, match=r"people\.days_wrong"):
        pattern_of(text)
