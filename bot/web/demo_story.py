"""The guided story: which step somebody is at, decided by what really happens in the room."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.adapters.demo.values import TEAM, Change, ChangeKind


class Step(StrEnum):
    """The steps, in order; each is a text and a button in the page."""

    HARMLESS = "harmless"
    CONFIDENTIAL = "confidential"
    WHISPER = "whisper"
    MAIL = "mail"
    EVENING = "evening"
    MORNING = "morning"
    ADVICE = "advice"
    END = "end"


_ORDER = tuple(Step)


@dataclass
class Story:
    """Follows the room. `shown` is false when somebody put the story away."""

    step: Step = Step.HARMLESS
    shown: bool = True
    asked: bool = False

    def saw(self, change: Change) -> bool:
        """Take in one change; tell whether a step was completed by it."""
        if self.step is Step.ADVICE and change.kind is ChangeKind.SAID and change.chat != TEAM:
            self.asked = True
        if self.step is Step.ADVICE and not self.asked:
            return False
        return self._done(_COMPLETES[self.step](change))

    def mail_came(self) -> bool:
        return self._done(self.step is Step.WHISPER)

    def mail_was_read(self) -> bool:
        return self._done(self.step is Step.MAIL)

    def skip(self) -> None:
        self._done(True)

    def restart(self) -> None:
        self.step, self.shown, self.asked = Step.HARMLESS, True, False

    def put_away(self) -> None:
        self.shown = False

    @property
    def number(self) -> int:
        """Which step this is, from 1."""
        return _ORDER.index(self.step) + 1

    @property
    def total(self) -> int:
        """How many steps there are, the closing words not counted."""
        return len(_ORDER) - 1

    def _done(self, completed: bool) -> bool:
        if completed and self.step is not Step.END:
            self.step = _ORDER[self.number]
            return True
        return False


def follow(story: Story, changes: Iterable[Change]) -> None:
    for change in changes:
        story.saw(change)


def _in_team(kind: ChangeKind) -> Callable[[Change], bool]:
    return lambda change: change.kind is kind and change.chat == TEAM


def _never(change: Change) -> bool:
    del change
    return False


def _answered_privately(change: Change) -> bool:
    return change.kind is ChangeKind.WHISPERED


_COMPLETES: dict[Step, Callable[[Change], bool]] = {
    Step.HARMLESS: _in_team(ChangeKind.CHECKED),
    Step.CONFIDENTIAL: _in_team(ChangeKind.REMOVED),
    Step.WHISPER: _never,
    Step.MAIL: _never,
    Step.EVENING: _in_team(ChangeKind.HELD),
    Step.MORNING: _in_team(ChangeKind.RETURNED),
    Step.ADVICE: _answered_privately,
    Step.END: _never,
}
