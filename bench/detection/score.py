"""Counting what a system got right; doubtful messages are counted apart."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import exp, lgamma, log
from typing import Any

IDENTIFIERS = frozenset(
    ["BSN", "IBAN", "PHONE", "EMAIL", "ADDRESS", "DATE_OF_BIRTH", "ID_DOCUMENT", "LICENSE_PLATE",
     "CREDENTIAL"]
)  # fmt: skip
Record = dict[str, Any]
Answers = Sequence[Sequence[Any]]


def figures(records: Sequence[Record], answers: Answers) -> dict[str, Any]:
    """Shares of 0 to 1, and the counts behind them."""
    both = list(zip(records, answers, strict=True))
    plain = [(r["flag"], a[0]) for r, a in both if not r["doubtful"]]
    doubtful = [(r["flag"], a[0]) for r, a in both if r["doubtful"]]
    people, values = spans(both, frozenset(["PERSON"])), spans(both, IDENTIFIERS)
    right, of = pairs(both)
    return {
        "messages": len(plain),
        "confidential": sum(flag for flag, _ in plain),
        **judged(plain),
        "doubtful": {"messages": len(doubtful), "as_labelled": sum(a == b for a, b in doubtful)},
        "with_doubtful": judged(plain + doubtful),
        "person": people,
        "identifiers": values,
        "pairs": {"right": right, "of": of},
        "removed": removed(both),
    }


def judged(pairs: Sequence[tuple[bool, bool]]) -> dict[str, Any]:
    """Precision, recall, F1 and false alarms of (wanted, given)."""
    hits, alarms = pairs.count((True, True)), pairs.count((False, True))
    misses, clean = pairs.count((True, False)), pairs.count((False, False))
    return {
        **_shares(hits, alarms, misses),
        "false_alarms": share(alarms, alarms + clean),
        "false_alarms_of": [alarms, alarms + clean],
    }


def _shares(right: int, extra: int, missed: int) -> dict[str, float | None]:
    return {
        "precision": share(right, right + extra),
        "recall": share(right, right + missed),
        "f1": share(2 * right, 2 * right + extra + missed),
    }


def share(part: int, whole: int) -> float | None:
    """A part of a whole in four decimals; none of an empty whole."""
    return round(part / whole, 4) if whole else None


def spans(both: Iterable[tuple[Record, Sequence[Any]]], kinds: frozenset[str]) -> dict[str, Any]:
    """Exact spans of some types: type, begin and end must be right."""
    right = extra = missed = 0
    for record, answer in both:
        gold = {tuple(s) for s in record["spans"] if s[0] in kinds}
        got = {tuple(s) for s in answer[1] if s[0] in kinds}
        right += len(gold & got)
        extra += len(got - gold)
        missed += len(gold - got)
    return {**_shares(right, extra, missed), "of": right + missed}


def pairs(both: Iterable[tuple[Record, Sequence[Any]]]) -> tuple[int, int]:
    """How many near-miss pairs are right on both sides, and of how many."""
    found: dict[str, list[bool]] = defaultdict(list)
    for record, answer in both:
        if record["pair"]:
            found[record["pair"]].append(record["flag"] == answer[0])
    whole = [sides for sides in found.values() if len(sides) == 2]
    return sum(all(sides) for sides in whole), len(whole)


def removed(both: Iterable[tuple[Record, Sequence[Any]]]) -> dict[str, Any]:
    """What would be taken out of the chat at once, and how much of it needlessly."""
    sure = [(r["flag"], r["doubtful"], bool(a[2])) for r, a in both]
    clean = sum(not flag and not doubt for flag, doubt, _ in sure)
    needless = sum(gone and not flag and not doubt for flag, doubt, gone in sure)
    return {
        "needless": needless,
        "of_clean": clean,
        "upper_bound": round(upper_bound(needless, clean), 5) if clean else None,
        "rightly": sum(gone and flag for flag, _, gone in sure),
        "of_confidential": sum(flag for flag, _, _ in sure),
    }


def upper_bound(seen: int, of: int, chance: float = 0.05) -> float:
    """The share that is exceeded with at most this chance (Clopper and Pearson, one-sided)."""
    if seen >= of:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(seen, of, middle) > chance else (low, middle)
    return high


def _at_most(seen: int, of: int, share: float) -> float:
    return sum(
        exp(
            lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1)
            + k * log(share) + (of - k) * log(1 - share)
        )
        for k in range(seen + 1)
    )  # fmt: skip
