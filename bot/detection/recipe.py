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
_QUICK_ROWS, _QUICK_LAYERS, _QUICK_ROUNDS = 200, 2, 1
_AGAIN_ROUNDS, _AGAIN_RATE = 4, "5e-5"  # a second, gentler training of the encoder
_LOOK = """
from bot.detection.engine import build_detector
found = build_detector().detect("juf Anna: bsn 123456782 van Sem")
assert not found.failed, found.failed
print("The detector reads with the new parts;", len(found.findings), "findings in its first text.")
"""


def steps(work: Path, layers: int | None, rounds: int | None) -> Iterator[tuple[str, list[str]]]:
    """Name and arguments of every step; the lengths of the training itself where none are given."""
    training = "bot.detection.encoder.training"
    cut = [] if layers is None else ["--layers", str(layers)]
    brief = [] if rounds is None else ["--rounds", str(rounds)]
    first, second = work / "first", work / "second"
    again = ["--start", str(first), "--rate", _AGAIN_RATE, "--rounds", str(rounds or _AGAIN_ROUNDS)]
    yield "names", ["-m", "bot.detection.names.train"]
    yield "encoder", ["-m", f"{training}.train", str(first), *cut, *brief]
    yield "encoder-again", ["-m", f"{training}.train", str(second), *cut, *again]
    yield "export", ["-m", f"{training}.export", str(second), *cut]
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
        root, layers, rounds = ROOT, None, None
        if args.quick:
            root, layers, rounds = little(Path(folder), _QUICK_ROWS), _QUICK_LAYERS, _QUICK_ROUNDS
        every = list(steps(work, layers, rounds))
        follow(root, [s for s in every if not args.only or s[0] in args.only])


if __name__ == "__main__":
    main()
