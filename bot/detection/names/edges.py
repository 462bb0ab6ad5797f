"""Where a name begins and ends: without titles, loose signs and the genitive."""

import re
from collections.abc import Iterator, Sequence

from bot.detection.names.lists import (
    GREETINGS,
    PARTICLE,
    PARTICLES,
    TITLES,
    first_names,
    last_names,
)
from bot.detection.sheet import Token

# "Noor B", "Sam v/d L.", "Annemiek vdB", not "Noor I" in English
_INITIAL = re.compile(rf"(?: {PARTICLE} | v(?:dr?)?| )(?!I\b)[A-Z](?:\.(?!\w))?(?![\w'’&/+-])")
_WORK = re.compile(
    r"facilitair|zorg|administratie|receptie|financiën|ict|automatisering|personeelszaken|hrm?"
    r"|economie|handel|techniek|sport|muziek|gym|(?:onder|midden|boven)bouw|kleuters|[bt]so|ib"
    r"|biologie|wiskunde|aardrijkskunde|geschiedenis|nederlands|engels|frans|duits|natuurkunde"
    r"|scheikunde|kunst|dans|drama|bouw|roostering|planning|beheer|schoonmaak|keuken|kantine"
)
# Levels of a test stand behind names and are no part of them: "Noor V, Sam I+", "Bo van E naar M".
_LEVEL = re.compile(r" (?:[IV]\b|(?:van )?[A-Z] naar\b)")
_NEAR = 200  # code points
_LEVELS = re.compile(r"\b(?:I{1,3}|IV|V)[+-](?!\w)|\b[A-Z] naar\b")
# What follows a genitive: anything, or what somebody has for certain.
_OWNED = re.compile(r" [a-z]")
_OF_KIN = re.compile(
    r" (?:(?:pleeg|stief|half|schoon)?(?:moeder|vader|ouders?|broer|zus|zoon|dochter|kind)[a-z]*"
    r"|mama|papa|ma|pa|oma|opa|tante|oom|mam|pap|heit|mem|mentor|juf|parents|mom|mum|dad|mother"
    r"|father|brother|sister)\b"
)
# "Kim's", and the suffixes that Turkish puts behind a name: "Emirhan'ın annesi".
_SUFFIX = re.compile(r"'(?:s|[ny]?[aeıiuü]|n?[ıiuü]n|[dt][ae]n?|l[ae])$")


def pieces(tokens: Sequence[Token], text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """A run cut where a sentence ends inside it; a full stop behind an initial ends nothing."""
    begin = first
    for place in range(first, last):
        ends = tokens[place].text in ".!?:," and not (
            tokens[place].text == "." and place > first and len(tokens[place - 1].text) <= 1
        )
        broken = place > begin and "\n" in text[tokens[place - 1].end : tokens[place].start]
        if ends or broken:
            if place > begin:
                yield begin, place
            begin = place + 1 if ends else place
    if begin < last:
        yield begin, last


def shortened(tokens: Sequence[Token], first: int, last: int) -> tuple[int, int]:
    """A run without the small-letter words before and behind its capitalised ones."""
    capitals = [i for i in range(first, last) if tokens[i].text[0].isupper()]
    if not capitals:
        return first, last
    while first < capitals[0] and tokens[first].lower not in PARTICLES:
        first += 1
    for place in range(first, last - 1):
        if tokens[place].lower in TITLES and tokens[place].text.isalpha():
            first = place + 1
    greeted = first < last - 1 and tokens[first].lower in GREETINGS - first_names()
    first += greeted
    end = last
    while end - 1 > capitals[-1] and tokens[end - 1].lower not in last_names():
        if tokens[end - 1].text == "." or (len(tokens[end - 1].text) == 1 and end - 1 > first):
            break
        end -= 1
    return first, max(_before_work(tokens, first, end), first)


def _before_work(tokens: Sequence[Token], first: int, end: int) -> int:
    """Where a name ends whose surname is where somebody works: "Sjoerd van Facilitair"."""
    if (
        end - first > 2
        and _WORK.fullmatch(tokens[end - 1].lower)
        and tokens[end - 2].lower in PARTICLES
    ):
        return end - 2
    return end


def tidied(tokens: Sequence[Token], first: int, last: int) -> tuple[int, int] | None:
    """The characters of a run without signs and loose particles at its edges."""
    while last > first and not _may_end(tokens, last - 1, first):
        last -= 1
    while first < last and not tokens[first].text[0].isalpha():
        first += 1
    if first >= last:
        return None
    if not any(
        len(t.text) > 1 or t.text.isupper() for t in tokens[first:last] if t.text[0].isalpha()
    ):
        return None
    return tokens[first].start, tokens[last - 1].end


def tidy(tokens: Sequence[Token], text: str, first: int, last: int) -> tuple[int, int] | None:
    """The characters of a run without loose signs, particles and the genitive."""
    span = tidied(tokens, first, last)
    return (span[0], name_end(text, *span)) if span else None


def _may_end(tokens: Sequence[Token], place: int, first: int) -> bool:
    token = tokens[place]
    if token.text == ".":
        return place > first and len(tokens[place - 1].text) == 1
    if not token.text[0].isalpha():
        return False
    return not (
        token.lower in PARTICLES and place > first and len(token.text) > 1 and token.text.islower()
    )


def name_end(text: str, start: int, end: int) -> int:
    """Where a name ends: behind the initial of a surname, before the genitive."""
    initial = _INITIAL.match(text, end)
    if initial is None or (_LEVEL.match(text, end) and _leveled(text, end)):
        return _without_genitive(text, start, end)
    return initial.end()


def _leveled(text: str, place: int) -> bool:
    return _LEVELS.search(text, max(0, place - _NEAR), place + _NEAR) is not None


def _without_genitive(text: str, start: int, end: int) -> int:
    """Where a name ends when its genitive is taken off: "Kim" of "Kims tante"."""
    name = text[start:end]
    suffix = _SUFFIX.search(name)
    if suffix and suffix.start() > 1:
        return start + suffix.start()
    low = name.lower().split(" ")[-1]
    if len(low) < 4 or not low.endswith("s") or low in first_names():
        return end
    if low[:-1] in first_names():
        return end - 1 if _OWNED.match(text, end) else end
    return end - 1 if _OF_KIN.match(text, end) and low not in last_names() else end
