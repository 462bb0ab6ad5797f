"""The order in which a new school is asked what Fluister must know."""

from enum import StrEnum


class SetupStep(StrEnum):
    """One question of the walk-through."""

    POLICY = "policy"
    ADDRESS = "address"
    ADDRESS_CODE = "address_code"
    HOURS = "hours"
    REGION = "region"
    LEVEL = "level"
    PMR = "pmr"
    DPIA = "dpia"
    DONE = "done"


ORDER = tuple(SetupStep)


def following(step: SetupStep) -> SetupStep:
    """The question after this one; `ADDRESS` skipped also skips its confirmation."""
    if step is SetupStep.ADDRESS:
        return SetupStep.HOURS
    return ORDER[min(ORDER.index(step) + 1, len(ORDER) - 1)]
