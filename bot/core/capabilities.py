"""What a platform lets a bot do; `respond` picks from a ladder of these, nothing is faked."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Capabilities:
    """One platform's means.

    `delete_others` is the greatest age at which a member's message can be removed, `None` where
    it cannot. `dm_first` means the bot may write privately to somebody who never wrote to it.
    """

    delete_others: timedelta | None = None
    ephemeral: bool = False
    dm_first: bool = False
    lock: bool = False
    hold_before_delivery: bool = False
    post_as_author: bool = False
    schedule: bool = False
    silent: bool = False
    dnd: bool = False
    buttons: bool = False
    sees_edits: bool = False
    sees_deletes: bool = False
