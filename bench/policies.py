"""Reading the five protocols, and judging one message against the largest of them.

  python -m bench.policies

Aims: 300 ms to load all five in a fresh process, 200 µs to judge one message.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.machine import describe
from bot.core.facts import Facts
from bot.core.judge import judge
from bot.core.policy import Policy
from bot.policies import load_policy
from bot.policies.difference import plainest

ROOT = Path(__file__).resolve().parents[1]
SCHOOLS = ("matthijsje", "hogeland", "kalisto", "aloysius", "omo")
RESULTS = ROOT / "bench" / "results" / "policies.json"
LOADS = 9
ROUNDS = 30
JUDGED = 400
MOST_LOAD_MS = 300
MOST_JUDGE_US = 200

# In a process of its own, timed from before the loader itself is imported.
_FRESH = """
import sys, time
began = time.perf_counter()
from bot.policies import load_policy
imported = time.perf_counter()
for file in sys.argv[1:]:
    load_policy(file)
print(imported - began, time.perf_counter() - imported)
"""


def files() -> list[Path]:
    return [ROOT / "policies" / f"{school}.yaml" for school in SCHOOLS]


def fresh_loads() -> list[tuple[float, float]]:
    """Milliseconds for importing the loader and for loading all five, each in a new process."""
    command = [sys.executable, "-c", _FRESH, *map(str, files())]
    found = []
    for _ in range(LOADS):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        imported, loaded = map(float, done.stdout.split())
        found.append((imported * 1e3, loaded * 1e3))
    return found


def messages() -> dict[str, Facts]:
    """A message as the group sends them: harmless, confidential, late; and a private question."""
    group = {
        "event": "group_message", "channel": "team_group", "audience": "team", "urgent": "no",
        "length": "short", "attachment": "none", "time": "working",
    }  # fmt: skip
    private = {
        "event": ("question", "plan"), "action": "publish", "audience": "public",
        "channel": "social_media", "author": "medewerker", "urgent": "no", "doubt": "no",
        "duty": "no", "time": "working", "length": "short", "attachment": "image",
    }  # fmt: skip
    care = ("confidential", "personal_data")
    return {
        "harmless message": Facts.of(**group),
        "confidential message": Facts.of(**group, content=care, about="pupil"),
        "late message": Facts.of(**{**group, "time": "quiet"}, content="insult"),
        "private question": Facts.of(**private),
    }


def microseconds(policy: Policy, facts: Facts) -> list[float]:
    """Per judgement, over several rounds."""
    return _rounds(lambda: judge(policy, facts))


def slowest_of_all(policy: Policy) -> tuple[str, float]:
    """The plainest case of every rule in turn: which takes longest, and how long."""
    cases = [(rule.id, plainest(case)) for rule in policy.rules for case in rule.when]
    timed = [
        (min(_rounds(lambda facts=facts: judge(policy, facts), 3, 40)), name)
        for name, facts in cases
    ]
    worst, name = max(timed)
    return name, worst


def _rounds(work: Callable[[], object], rounds: int = ROUNDS, times: int = JUDGED) -> list[float]:
    work()
    found = []
    for _ in range(rounds):
        began = time.perf_counter()
        for _ in range(times):
            work()
        found.append((time.perf_counter() - began) / times * 1e6)
    return found


def spread(values: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(values), 1), "slowest": round(max(values), 1)}


def main() -> int:
    policies = [load_policy(file) for file in files()]
    largest = max(policies, key=lambda policy: len(policy.rules))
    loads = fresh_loads()
    judged = {name: spread(microseconds(largest, facts)) for name, facts in messages().items()}
    rule, worst = slowest_of_all(largest)
    result = {
        "what": "policy files: loading all five, judging one message",
        "machine": describe(),
        "files": {policy.file: len(policy.rules) for policy in policies},
        "rounds": {"loads": LOADS, "judging": ROUNDS, "judgements": JUDGED},
        "load_all_ms": spread([loaded for _, loaded in loads]),
        "import_ms": spread([imported for imported, _ in loads]),
        "largest": largest.file,
        "judge_us": judged,
        "slowest_case_us": {"rule": rule, "best_of_three": round(worst, 1)},
        "aims": {"load_all_ms": MOST_LOAD_MS, "judge_us": MOST_JUDGE_US},
    }
    text = json.dumps(result, indent=2, ensure_ascii=False)
    print(text)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(text + "\n", "utf-8")
    met = statistics.median(loaded for _, loaded in loads) <= MOST_LOAD_MS
    met = met and all(times["median"] <= MOST_JUDGE_US for times in judged.values())
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
