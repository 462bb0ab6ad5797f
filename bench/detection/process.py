"""One system in a process of its own: `python -m bench.detection.process NAME SETS ANSWERS ROUNDS`.

Reads the sets and writes the answers as JSON. One thread throughout.
"""

import json
import statistics
import sys
import time
from pathlib import Path

from bench.detection.systems import SYSTEMS, Answer, System

WARM = 50  # messages before anything is timed
Timing = dict[str, object]


def main(name: str, sets: Path, answers: Path, rounds: int) -> None:
    """Build, answer every set, then time the first one."""
    records = json.loads(sets.read_text("utf-8"))
    begun, worked = time.perf_counter(), time.process_time()
    system = SYSTEMS[name]()
    first = next(iter(records.values()))
    system.ask(first[0])
    found = {
        "load_s": round(time.perf_counter() - begun, 2),
        "load_cpu_s": round(time.process_time() - worked, 2),
        "loaded_mib": resident("VmRSS"),
        "answers": {k: [_plain(system.ask(r)) for r in some] for k, some in records.items()},
        "timing": timed(system, first, rounds),
        "most_mib": resident("VmHWM"),
    }
    answers.write_text(json.dumps(found), "utf-8")


def _plain(answer: Answer) -> list[object]:
    return [answer.flag, [list(span) for span in answer.spans], answer.certain]


def timed(system: System, records: list[dict[str, object]], rounds: int) -> Timing:
    """Milliseconds a message and messages a second: the median of the rounds, and the slowest."""
    for record in records[:WARM]:
        system.ask(record)
    middle, slow, single, pile, worked = [], [], [], [], []
    for _ in range(rounds):
        times = []
        cpu = time.process_time()
        for record in records:
            begun = time.perf_counter()
            system.ask(record)
            times.append((time.perf_counter() - begun) * 1e3)
        worked.append((time.process_time() - cpu) / len(records) * 1e3)
        cuts = statistics.quantiles(times, n=100)
        middle.append(cuts[49])
        slow.append(cuts[98])
        single.append(len(times) / sum(times) * 1e3)
        begun = time.perf_counter()
        system.pile(records)
        pile.append(len(records) / (time.perf_counter() - begun))
    return {
        "messages": len(records),
        "rounds": rounds,
        "p50_ms": _spread(middle, max),
        "p99_ms": _spread(slow, max),
        "cpu_ms": _spread(worked, max),
        "single_per_s": _spread(single, min),
        "pile_per_s": _spread(pile, min),
    }


def _spread(values: list[float], slowest: object) -> dict[str, float]:
    worst = slowest(values)  # type: ignore[operator]
    return {"median": round(statistics.median(values), 2), "slowest": round(worst, 2)}


def resident(what: str) -> int | None:
    """Memory of this process in MiB, now (VmRSS) or at most (VmHWM); none where it is not told."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    for line in status.read_text().splitlines():
        if line.startswith(what):
            return int(line.split()[1]) // 1024
    return None


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
