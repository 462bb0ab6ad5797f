"""What detection found in one message, as values that never show the text itself."""

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """The kinds of confidential matter a message can hold; the labelling norm's names."""

    PUPIL_IDENTITY_WITH_DETAIL = "pupil_identity_with_detail"
    HEALTH = "health"
    YOUTH_CARE = "youth_care"
    FAMILY_SITUATION = "family_situation"
    PERFORMANCE = "performance"
    ABSENCE = "absence"
    HR = "hr"
    IDENTIFIER = "identifier"
    CREDENTIALS = "credentials"
    IMAGE = "image"
    CONFIDENTIAL_DOCUMENT = "confidential_document"


@dataclass(frozen=True, slots=True)
class Finding:
    """One span of a text and what it is; `start` and `end` count Unicode code points, half-open."""

    entity_type: str
    start: int
    end: int
    score: float
    recognizer: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"span {self.start}:{self.end} is empty or negative")
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"score {self.score} lies outside 0..1")


@dataclass(frozen=True, slots=True)
class Assessment:
    """The judgement over the whole message: how likely it is confidential, and of what kind.

    `probability` lies in 0..1. `categories` has the main one first. `reasons` are keys of the
    text catalogue, never quotes. `unsure` means: a person would have to look ("ask"); `certain`
    that it is sure enough to take the message away, and not only to say a word about it.
    """

    probability: float = 0.0
    categories: tuple[Category, ...] = ()
    reasons: tuple[str, ...] = ()
    unsure: bool = False
    certain: bool = True


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A recognizer that could not do its work: a failed check, never "nothing found"."""

    recognizer: str
    error: str  # the exception's class name only: its message could hold text


@dataclass(frozen=True, slots=True)
class Detection:
    """Everything detection says about one message."""

    findings: tuple[Finding, ...] = ()
    assessment: Assessment = Assessment()
    failed: tuple[FailedCheck, ...] = ()
    unchecked: tuple[str, ...] = ()  # kinds of attachment nobody looked into: "photo", "voice"

    @property
    def confidential(self) -> bool:
        """Whether this would be whispered about at level *tip*."""
        return bool(self.assessment.categories)
