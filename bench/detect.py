"""Detection side by side: `make bench-detect`.

Ours, plain Presidio, deduce, n-grams with a logistic regression, and a spaCy pipeline of medium
size: each in a process of its own, on one thread, on the same messages. Figures go to the screen
and to bench/results/detect.json and detect.md.

  python -m bench.detect [--only NAME …] [--rounds N] [--peers PYTHON]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bench.detection.messages import DEVELOPMENT, sets
from bench.detection.score import figures
from bench.machine import describe

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results"
PEERS = ROOT / ".venv-bench" / "bin" / "python"
ROUNDS = 5
TOLD = {
    "fluister": "Fluister",
    "presidio": "Presidio, as installed ¹",
    "deduce": "deduce ²",
    "ngrams": "n-grams + logistic ³",
    "spacy-md": "spaCy fr_core_news_md ⁴",
}
SETS = {
    "dev": "Development corpus (never trained on; half of it confidential)",
    "own": "Held-out messages of our own corpus",
    "fresh": "Fresh messages (by writers who saw no other; never trained on, nor read)",
    "days": "Ordinary days (never trained on; one in fourteen confidential)",
}
JUDGES = ("fluister", "presidio", "deduce", "ngrams")
NOTES = """\
¹ Its own patterns for Dutch on a blank pipeline, from score 0.4; dates and sites left out, which favours it.
² Any hit is a flag. It is made for medical letters. Load time after its first start, which builds a cache for minutes.
³ Trained on the same rows as ours; marks no spans.
⁴ French, as no Dutch pipeline comes as a package: there for speed and size only.
Doubtful messages are left out of the shares and counted in the column of their name.
Names and identifiers count when type, begin and end are exactly right.
CPU is the processor's time for a message; wall-clock figures suffer when the machine has other work."""  # noqa: E501


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--only", nargs="+", choices=TOLD, default=list(TOLD))
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    asked.add_argument("--peers", type=Path, default=PEERS)
    args = asked.parse_args()
    if not args.peers.exists() and args.only != ["fluister"]:
        raise SystemExit("The peers are not installed: make .venv-bench/.installed")
    messages = sets()
    found: dict[str, Any] = {}
    for name in args.only:
        python = Path(sys.executable) if name == "fluister" else args.peers
        print(f"{name} …", file=sys.stderr, flush=True)
        found[name] = measured(name, python, messages, args.rounds)
    result = {"machine": describe(), "load_average": os.getloadavg(), "systems": found}
    text = table(found, messages)
    if set(args.only) == set(TOLD):
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "detect.json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
        (RESULTS / "detect.md").write_text(text, "utf-8")
    print(text)


def measured(name: str, python: Path, messages: dict[str, Any], rounds: int) -> dict[str, Any]:
    """Run one system over all sets, and count."""
    with tempfile.TemporaryDirectory() as folder:
        given, answers = Path(folder) / "sets.json", Path(folder) / "answers.json"
        given.write_text(json.dumps(messages), "utf-8")
        one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        subprocess.run(
            [python, "-m", "bench.detection.process", name, given, answers, str(rounds)],
            cwd=ROOT, env={**os.environ, **one, "PYTHONHASHSEED": "0"}, check=True,
        )  # fmt: skip
        found = json.loads(answers.read_text("utf-8"))
    answered = found.pop("answers")
    return {**found, "sets": {k: figures(messages[k], answered[k]) for k in messages}}


def table(found: dict[str, Any], messages: dict[str, Any]) -> str:
    """The tables, as Markdown."""
    lines = ["# Detection, side by side", ""]
    for name in messages:
        lines += [f"## {SETS[name]}", "", *quality(name, found), ""]
    if not DEVELOPMENT.exists():
        lines += ["The development corpus is not at hand here.", ""]
    return "\n".join([*lines, "## Speed and size", "", *speed(found), "", NOTES, ""])


def quality(name: str, found: dict[str, Any]) -> Iterator[str]:
    yield from head(
        "system", "F1", "precision", "recall", "false alarms", "doubtful as labelled", "person F1",
        "identifier recall", "pairs", "needless removals (95 % at most)",
    )  # fmt: skip
    for system in found:
        if system not in JUDGES:
            continue
        got = found[system]["sets"][name]
        alarms, clean = got["false_alarms_of"]
        doubt, couples, gone = got["doubtful"], got["pairs"], got["removed"]
        marks = system != "ngrams"
        yield row(
            TOLD[system], of(got["f1"]), of(got["precision"]), of(got["recall"]),
            f"{percent(got['false_alarms'])} ({alarms}/{clean})",
            f"{doubt['as_labelled']}/{doubt['messages']}",
            of(got["person"]["f1"]) if marks else "–",
            of(got["identifiers"]["recall"]) if marks else "–",
            f"{couples['right']}/{couples['of']}" if couples["of"] else "–",
            f"{gone['needless']}/{gone['of_clean']} ({percent(gone['upper_bound'])})"
            if system == "fluister" else "–",
        )  # fmt: skip


def speed(found: dict[str, Any]) -> Iterator[str]:
    yield from head(
        "system", "one by one /s", "in a pile /s", "p50 ms", "p99 ms", "CPU ms", "load s",
        "memory MiB",
    )  # fmt: skip
    for system, got in found.items():
        t = got["timing"]
        yield row(
            TOLD[system], f"{t['single_per_s']['median']:.0f}", f"{t['pile_per_s']['median']:.0f}",
            *(f"{t[k]['median']:.2f}" for k in ("p50_ms", "p99_ms", "cpu_ms")),
            f"{got['load_s']:.1f}", str(got["most_mib"] or "–"),
        )  # fmt: skip


def head(*names: str) -> Iterable[str]:
    return row(*names), "|" + "--|" * len(names)


def row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def of(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share * 100:.2f} %"


if __name__ == "__main__":
    main()
