"""Everything wrong with one policy file, gathered before anybody is told."""

from collections.abc import Collection
from dataclasses import dataclass, field
from difflib import get_close_matches

from bot.errors import PolicyError

_SHOWN = 60
_MOST = 50


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; `line` and `column` count from 1, and 0 means the file as a whole."""

    file: str
    line: int
    column: int
    what: str
    found: str = ""
    allowed: tuple[str, ...] = ()
    nearest: str = ""

    def __str__(self) -> str:
        parts = [f"{self.file}:{self.line}:{self.column}: {self.what}"]
        if self.found:
            parts.append(f"found {self.found}")
        if self.nearest:
            parts.append(f"did you mean {self.nearest!r}?")
        if self.allowed:
            parts.append(f"allowed: {', '.join(self.allowed)}")
        return "; ".join(parts)


class PolicyFileError(PolicyError):
    """The file cannot be used; `faults` holds every fault found, in the order of the file."""

    def __init__(self, faults: Collection[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.line, fault.column)))
        shown = [str(fault) for fault in self.faults[:_MOST]]
        if len(self.faults) > _MOST:
            shown.append(f"… and {len(self.faults) - _MOST} more")
        super().__init__("\n".join(shown))


@dataclass(slots=True)
class Ledger:
    """Where faults are written down while one file is read."""

    file: str
    faults: list[Fault] = field(default_factory=list)

    def add(
        self,
        place: tuple[int, int],
        what: str,
        *,
        found: str = "",
        allowed: Collection[str] = (),
    ) -> None:
        """Write down one fault; the nearest allowed word is looked up here."""
        near = get_close_matches(found, list(allowed), n=1, cutoff=0.5)
        self.faults.append(
            Fault(
                self.file, *place, what,
                found=clip(found), allowed=tuple(allowed), nearest=near[0] if near else "",
            )
        )  # fmt: skip


def clip(text: str) -> str:
    """Show a found value short and printable."""
    short = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return repr(short) if text else ""
