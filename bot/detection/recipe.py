"""All trained parts anew, in their order: `make train`, or `python -m bot.detection.recipe`.

Every step is a process of its own with a fixed seed, and writes where the package reads. The words
model comes behind the encoder: it sees names as both finders together see them. With `--quick` a
copy of the package in a temporary folder is trained on little, to show that the recipe works.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_QUICK_ROWS, _QUICK_LAYERS, _QUICK_FEWER = 200, "3", "2"
_AGAIN_ROUNDS, _AGAIN_RATE = "3", "5e-5"  # second, gentler trainings
_LOOK = """
from bot.detection.engine import build_detector
found = build_detector().detect("juf Anna: bsn 123456782 van Sem")
assert not found.failed, found.failed
print("The detector reads with the new parts;", len(found.findings), "findings in its first text.")
"""


def steps(work: Path, quick: bool = False) -> Iterator[tuple[str, list[str]]]:
    """Name and arguments of every step; with few layers and one round when `quick`."""
    training = "bot.detection.encoder.training"
    first, second, lighter, last = (
        str(work / name) for name in ("first", "second", "lighter", "last")
    )
    layers = ["--layers", _QUICK_LAYERS] if quick else []
    fewer = ["--layers", _QUICK_FEWER] if quick else []
    of = ["--of", _QUICK_LAYERS] if quick else []
    rounds = ["--rounds", "1"] if quick else []
    again = ["--rate", _AGAIN_RATE, *(rounds or ["--rounds", _AGAIN_ROUNDS])]
    student = [f"{training}.lighter", second]
    yield "names", ["-m", "bot.detection.names.train"]
    yield "encoder", ["-m", f"{training}.train", first, *layers, *rounds]
    yield "encoder-again", ["-m", f"{training}.train", second, *layers, "--start", first, *again]
    yield "lighter", ["-m", *student, lighter, *fewer, *of, *rounds]
    yield "lighter-again", ["-m", *student, last, *fewer, *of, "--start", lighter, *again]
    yield "export", ["-m", f"{training}.export", last, *fewer]
    yield "words", ["-m", "bot.detection.model.train"]
    yield "calibration", ["-m", "bot.detection.calibrate"]
    yield "quick-look", ["-m", "bot.detection.model.train_quick"]
    yield "look", ["-c", _LOOK]


def follow(root: Path, chosen: Sequence[tuple[str, list[str]]]) -> None:
    """Run the steps on the package in `root`; raises `CalledProcessError` at the first that fails."""  # noqa: E501
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": str(root)}
    for name, arguments in chosen:
        begun = time.monotonic()
        _say(f"{name} …")
        subprocess.run([sys.executable, *arguments], cwd=root, env=environment, check=True)  # noqa: S603
        _say(f"{name}: {time.monotonic() - begun:.0f} s")


def little(folder: Path, rows: int) -> Path:
    """A copy of the package with about so many rows of its corpus; its root."""
    root = folder / "copy"
    skipped = shutil.ignore_patterns("__pycache__", "static", "templates")
    shutil.copytree(ROOT / "bot", root / "bot", ignore=skipped)
    corpus = sorted((root / "bot" / "detection" / "corpus").glob("*.txt"))
    for path in corpus:
        lines = [ln for ln in path.read_text("utf-8").splitlines() if ln and ln[0] != "#"]
        path.write_text("\n".join(lines[:: 1 + len(lines) * len(corpus) // rows]) + "\n", "utf-8")
    return root


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> None:
    """Train everything, or show on little that it can be done."""
    asked = argparse.ArgumentParser(prog="make train")
    asked.add_argument("--quick", action="store_true", help="little, in a temporary folder")
    asked.add_argument("--only", nargs="+", help="these steps alone")
    asked.add_argument("--work", type=Path, help="where the network goes before its export")
    args = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = args.work.resolve() if args.work else Path(folder) / "work"
        root = little(Path(folder), _QUICK_ROWS) if args.quick else ROOT
        every = list(steps(work, args.quick))
        follow(root, [s for s in every if not args.only or s[0] in args.only])


if __name__ == "__main__":
    main()
