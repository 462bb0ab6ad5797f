"""Words as every platform takes them: cleaned, cut, and meant for a group that is closed."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from bot.core.events import ChatRef, CommandGiven, MessagePosted, Place

HOW_TO_HOLD = "Iets voor de groep? Stuur het mij privé, met “voor morgen:” ervoor. Ik bewaar het."
NOT_ALONG = (
    "Een bijlage bij je bericht kon ik niet meesturen. Stuur die zelf nog in de groep.\n"
    "I could not send a file along with your message. Please send it to the group yourself."
)
_FOR_LATER = re.compile(r"\s*(?:voor morgen|voor de groep|for tomorrow|for the group)\s*:\s*", re.I)
_QUESTIONS = frozenset({"magditdelen", "share", "dringend", "urgent"})

# In a group only these commands are ours; another bot may listen to any other.
COMMANDS = frozenset(
    {
        *("help", "hulp", "code", "dringend", "urgent", "stop", "opnieuw"),
        *("instellen", "setup", "stilte", "niveau", "teamadres", "vrij", "free"),
        *("magditdelen", "share", "watweetje", "aboutme", "vergeetmij", "forgetme"),
        *("teamgroep", "oudergroep", "negeer"),
    }
)


def clean(text: str) -> str:
    """What can be stored and sent at all: no NUL, no half characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def pieces(text: str, fits: Callable[[str], int]) -> Iterator[str]:
    """Cut at a line end or a space where there is one, else in the middle of a word.

    `fits` tells how many characters of a text can go at once.
    """
    rest = clean(text)
    while (cut := fits(rest)) < len(rest):
        at = max(rest.rfind("\n", 0, cut), rest.rfind(" ", 0, cut))
        at = cut if at < cut // 2 else at
        if rest[:at].strip():
            yield rest[:at]
        rest = rest[at:].lstrip()
    if rest.strip():
        yield rest


def for_group(said: MessagePosted) -> str | None:
    """What somebody writes privately for the closed group, without the words that say so."""
    begin = _FOR_LATER.match(said.text)
    if begin is None or said.place is not Place.PRIVATE:
        return None
    return said.text[begin.end() :]


def unseen(said: MessagePosted, group: ChatRef, message: str, text: str) -> MessagePosted:
    """A private message as one to the closed group its author is in, not yet seen by anybody."""
    return replace(
        said,
        chat=group,
        message=message,
        place=Place.OTHER,
        text=text,
        reply_to=None,
        delivered=False,
    )


def said_aloud(command: CommandGiven) -> bool:
    """Whether a command given in a group says something to that group as well.

    One word is enough for a question; behind any other command it is a value.
    """
    if command.place is Place.PRIVATE:
        return False
    least = 1 if command.command in _QUESTIONS else 2
    return len(command.argument.split()) >= least
