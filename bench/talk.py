"""What is said on every platform that is measured, and how its times are summed up."""

import statistics

DIAGNOSIS = "Sem uit groep {group} heeft gisteren de diagnose ADHD gekregen ({mark})"
SAID = (
    "Wie heeft de sleutel van het magazijn?",
    "De studiedag is verplaatst naar 12 maart, graag agenda vrijhouden",
    "Koffie is op, wie rijdt er langs de winkel?",
    "Kan iemand mijn pleinwacht van 10.15 overnemen?",
)


def spread(seconds: list[float]) -> dict[str, float]:
    """Median, 99th percentile and slowest, in milliseconds."""
    ordered = sorted(seconds)
    return {
        "p50": round(statistics.median(ordered) * 1000, 1),
        "p99": round(ordered[round(0.99 * (len(ordered) - 1))] * 1000, 1),
        "slowest": round(ordered[-1] * 1000, 1),
        "count": len(ordered),
    }
