"""The school's choices about quiet time and a colleague's own days: one way to change them.

Chat, web page, terminal and policy all hand in the same short sentences ("studiedag 25-11-2026",
"werkdagen ma di wo-ochtend"); this package alone knows what they mean.
"""

from bot.resting.own import change_own, own_summary
from bot.resting.school import change_school_rest, undo_school_rest
from bot.resting.sentences import change_rest
from bot.resting.summary import school_summary
from bot.resting.value import DEFAULT_WEEK, How, Rest, calendar_for

__all__ = [
    "DEFAULT_WEEK",
    "How",
    "Rest",
    "calendar_for",
    "change_own",
    "change_rest",
    "change_school_rest",
    "own_summary",
    "school_summary",
    "undo_school_rest",
]
