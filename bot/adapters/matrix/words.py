"""The few words this adapter shows by itself: names of rooms and the way to press a button.

They belong to the platform, not to a message, so they are not in the catalogue of texts.
"""

import re

from bot.adapters.wording import COMMANDS

PRIVATE_ROOM = "Fluister (alleen jij en ik)"
PRIVATE_TOPIC = "Wat hier staat, zien alleen jij en Fluister."
HOW_TO_PRESS = "Kies met een reactie, of typ het cijfer."
REMOVED = "Fluister: verplaatst"

_SLASHED = re.compile(r"(?<![^\s“\"'(])/(?=([a-z]+))")


def as_typed_here(text: str) -> str:
    """What we say, with the mark that commands begin with here.

    A client keeps what begins with a slash for itself and never sends it.
    """
    return _SLASHED.sub(lambda found: "!" if found[1] in COMMANDS else "/", text)
