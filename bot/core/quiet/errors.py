"""What can be wrong with working time, each with the key of the text that explains it."""


class QuietError(ValueError):
    """Working time that cannot be: `key` names the user text, `values` fill it in.

    The exception's own text is the key alone; what somebody typed stands only in `values`.
    """

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class NaiveInstantError(QuietError):
    """An instant without a time zone, or outside the years a calendar can answer for."""


class PeriodError(QuietError):
    """A period that ends before it starts, is far too long, or is not made of plain dates."""


class WeekError(QuietError):
    """A week, pattern or lesson whose hours cannot be: overlapping, empty or on no weekday."""


class WeekTextError(WeekError):
    """Typed school hours that cannot be read."""
