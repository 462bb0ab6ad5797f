"""What stands before a secret: a word for one, a question that asked for it, a quiz."""

import re
from bisect import bisect_right
from operator import itemgetter

from bot.detection.cues import words
from bot.detection.recognizers import secret
from bot.detection.sheet import Sheet

QUIZ_OR_LOCK = words(
    r"alarm\w*", r"deur\w*", r"kluis\w*", r"ww", r"wachtwoord\w*", r"sleutelkast\w*", r"pas(?:je)?",
    r"host ?key", r"account",
)  # fmt: skip
_BEHIND_USER = re.compile(
    r"(?: ?/{1,2} ?| \| ?| (?:met|en dan|daarna|en daarna) )(\S{4,40})", re.IGNORECASE
)
_REACH = 130
_ANSWER = 60  # code points; a longer text is no bare answer to a question


def asked(sheet: Sheet) -> bool:
    """Whether a short message answers a question about a secret."""

    def look() -> bool:
        before = "".join(sheet.context[-1:])
        wanted: object = secret.PASSWORD.search(before) or secret.CODE.search(before)
        if "?" in before:  # a door or an account is only asked about in a question
            wanted = wanted or secret.LOCK.search(before) or secret.ACCOUNT.search(before)
            wanted = wanted or re.search(r"\bin(?:toets|tik|voer)|\btoetsen\b", before)
        wanted = wanted or re.search(r"\bhoe kom (?:ik|je|we) ", before)
        return bool(wanted) and len(sheet.text) <= _ANSWER and not secret.NO_SECRET.search(before)

    return sheet.once("asked for a secret", look)


def text_before(sheet: Sheet, start: int, reach: int = _REACH) -> str:
    """What stands before a value, without the quotes and the markup that open around it."""
    return sheet.text[max(0, start - reach) : start].rstrip("*~`'\"")


def last(pattern: re.Pattern[str], text: str) -> int:
    """Where the last of what a pattern finds ends, or -1."""
    return max((match.end() for match in pattern.finditer(text)), default=-1)


def said(sheet: Sheet, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    """The half-open spans of everything that a pattern finds in the text, looked for once."""
    return sheet.once(pattern.pattern, lambda: [m.span() for m in pattern.finditer(sheet.spoken)])


def last_said(sheet: Sheet, pattern: re.Pattern[str], start: int) -> int:
    """The same as `last` gives for `text_before` that place, without looking once more."""
    spans, reach = said(sheet, pattern), max(0, start - _REACH)
    place = bisect_right(spans, start, key=itemgetter(1)) - 1
    return spans[place][1] - reach if place >= 0 and spans[place][0] >= reach else -1


def user_name(sheet: Sheet, end: int) -> bool:
    """Whether the value that ends here is the name of an account, with its secret behind it."""
    secret_behind = _BEHIND_USER.match(sheet.text, end)
    return secret_behind is not None and secret.mixed(secret_behind[1].rstrip(",.;:)"))


def quizzed(before: str) -> bool:
    """Whether the nearest thing named before the value is a quiz."""
    return last(secret.QUIZ, before) > last(QUIZ_OR_LOCK, before)
