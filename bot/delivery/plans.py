"""A plan is a row of decisions carried out one after the other; each is a step, stored and sealed.

Only the first step is submitted; every finished step hands on the next, so that the order is
kept and a killed process resumes where it stood.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from bot.core.decisions import Decision
from bot.delivery.codec import encode
from bot.storage.records import StepDraft
from bot.work.jobs import Job

STEP = "step"


def plan_key(kind: str, *parts: str) -> str:
    """The key of the plan for one event; whatever a platform's ids hold, the key is an identifier.

    Hashed whole, because ids may hold white space or separators, and may be of any length.
    """
    told = json.dumps(parts).encode("ascii")
    return f"{kind}:{hashlib.sha256(told).hexdigest()[:40]}"


def stuck_key(case_id: str) -> str:
    """The key under which it is said, once, that a held message could not be delivered."""
    return f"stuck:{case_id}"


def drafts(decisions: Sequence[Decision]) -> tuple[StepDraft, ...]:
    """The steps to store for these decisions."""
    return tuple(StepDraft(type(d).__name__, encode(d), _at(d)) for d in decisions)


def first_job(plan: str, decisions: Sequence[Decision]) -> Job:
    """The job that begins a plan; it may be submitted again without harm."""
    return step_job(plan, 0, _at(decisions[0]) if decisions else None)


def step_job(plan: str, seq: int, at: datetime | None) -> Job:
    """The job for one step; `at` is the domain time it must wait for."""
    return Job(STEP, f"{STEP}:{plan}:{seq}", (plan, str(seq)), at=at)


def _at(decision: Decision) -> datetime | None:
    return getattr(decision, "at", None)
