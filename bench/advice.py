"""How well the adviser answers: labelled questions in, verdicts, facts and times out.

  python -m bench.advice [--no-corpus] [--list]

Two sets: our own questions (tests/advice/questions.jsonl, one half to tune on and one half held
back, told apart by a checksum of the id) and, where it is present, the shared development corpus,
of which only the figures are shown. `--list` prints the failing questions of the half to tune on.
Aims: 0.92 exactly right and no unsafe answer on each; 50 ms at the 99th percentile.
"""

import argparse
import json
import statistics
import sys
import time
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.machine import describe
from bot.core.policy import Policy
from bot.delivery.advise import advise, read, render
from bot.detection.engine import build_detector
from bot.detection.reading import Detect
from bot.policies import load_policy

ROOT = Path(__file__).resolve().parents[1]
OWN = ROOT / "tests" / "advice" / "questions.jsonl"
CORPUS = ROOT.parent / "shared" / "corpus" / "dm_dev.jsonl"
RESULTS = ROOT / "bench" / "results" / "advice.json"
SCHOOLS = ("matthijsje", "hogeland", "kalisto", "aloysius", "omo", "voorbeeld")
LEAST_EXACT = 0.92
MOST_MS = 50.0
FORBIDS = ("no", "ask_manager")
SILENT = ("zegt hier niets over", "buiten dit protocol", "buiten het protocol")


@dataclass(frozen=True, slots=True)
class Question:
    """One labelled question; `facts` are those a reader of it can tell."""

    id: str
    text: str
    policy: str
    expected: str
    attachment: str | None
    audience: str | None
    facts: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of one question; `read` are the facts found in it, `ms` the time it took."""

    question: Question
    verdict: str
    articles: tuple[str, ...]
    answer: str
    read: Mapping[str, frozenset[str]]
    ms: float

    @property
    def exact(self) -> bool:
        return self.verdict == self.question.expected

    @property
    def unsafe(self) -> bool:
        """A plain yes where the answer is no or "ask first": the worst error there is."""
        return self.verdict == "yes" and self.question.expected in FORBIDS

    @property
    def cited(self) -> bool:
        return bool(self.articles) or any(words in self.answer for words in SILENT)


def own_questions(path: Path = OWN) -> list[Question]:
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
    return [
        Question(row["id"], row["text"], row["policy"], row["expected"], row.get("attachment"),
                 row.get("audience"), _facts(row.get("facts", {})))
        for row in rows
    ]  # fmt: skip


def _facts(stored: Mapping[str, str | list[str]]) -> dict[str, frozenset[str]]:
    return {
        fact: frozenset([value] if isinstance(value, str) else value)
        for fact, value in stored.items()
    }


def corpus_questions(path: Path = CORPUS) -> list[Question]:
    """The shared rows, each under the first protocol that its hint names."""
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
    return [
        Question(row["id"], row["text"], row["rule_hint"].split()[0].casefold(), row["expected"],
                 row["attachment"], row["audience"], {})
        for row in rows
    ]  # fmt: skip


def held_back(question: Question) -> bool:
    """Whether it is of the half that nothing may be tuned on; one text is of one half only."""
    return zlib.crc32(question.id.partition("-")[0].encode()) % 2 == 1


def ask(policies: Mapping[str, Policy], detect: Detect, question: Question) -> Answered:
    policy = policies[question.policy]
    began = time.perf_counter()
    advice = advise(
        policy, detect, question.text, attachment=question.attachment, audience=question.audience
    )
    said = render(advice)
    took = (time.perf_counter() - began) * 1e3
    known: Mapping[str, frozenset[str]] = {}
    if question.facts:
        reading = read(policy, detect, question.text, question.attachment, question.audience)
        known = reading.facts.known
    return Answered(question, advice.kind.value, advice.articles, said, known, took)


def figures(answers: list[Answered]) -> dict[str, object]:
    """Exactness, unsafe answers, citation, times; by school and by kind of error."""
    if not answers:
        return {"questions": 0}
    wrong = [one for one in answers if not one.exact]
    times = sorted(one.ms for one in answers)
    return {
        "questions": len(answers),
        "exact": _share(one.exact for one in answers),
        "unsafe": sum(one.unsafe for one in answers),
        "cited": _share(one.cited for one in answers),
        "by_school": {
            school: {"questions": len(mine), "exact": _share(one.exact for one in mine)}
            for school in SCHOOLS
            if (mine := [one for one in answers if one.question.policy == school])
        },
        "wrong": dict(
            Counter(f"{one.question.expected} → {one.verdict}" for one in wrong).most_common()
        ),
        "wrong_ids": [one.question.id for one in wrong],
        "unsafe_ids": [one.question.id for one in answers if one.unsafe],
        "ms": {"p50": round(statistics.median(times), 2), "p99": round(_at(times, 0.99), 2)},
    }


def facts_read(answers: Iterable[Answered]) -> dict[str, dict[str, float | int]]:
    """Precision and recall per fact, over the facts that were labelled."""
    right, found, wanted = Counter[str](), Counter[str](), Counter[str]()
    for one in answers:
        for fact, values in one.question.facts.items():
            seen = one.read.get(fact, frozenset())
            right[fact] += len(values & seen)
            found[fact] += len(seen)
            wanted[fact] += len(values)
    return {
        fact: {
            "labelled": wanted[fact],
            "precision": round(right[fact] / found[fact], 3) if found[fact] else 0.0,
            "recall": round(right[fact] / wanted[fact], 3),
        }
        for fact in sorted(wanted)
    }


def _share(values: Iterable[bool]) -> float:
    listed = list(values)
    return round(sum(listed) / len(listed), 4)


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _show(answers: list[Answered]) -> None:
    for one in answers:
        if not one.exact:
            sign = "UNSAFE " if one.unsafe else ""
            question = one.question
            print(
                f"{sign}{question.id} {question.policy} {question.expected} → {one.verdict}"
                f" {list(one.articles)}\n    {question.text}",
                file=sys.stderr,
            )


def main(argv: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(description="Figures of the adviser.")
    options.add_argument("--no-corpus", action="store_true")
    options.add_argument("--list", action="store_true")
    chosen = options.parse_args(argv)
    policies = {name: load_policy(ROOT / "policies" / f"{name}.yaml") for name in SCHOOLS}
    detect = build_detector().detect
    detect("Warm.")
    own = [ask(policies, detect, question) for question in own_questions()]
    tune = [one for one in own if not held_back(one.question)]
    held = [one for one in own if held_back(one.question)]
    result: dict[str, object] = {
        "what": "answers to 'mag ik dit delen?', one turn, as `fluister advise --jsonl` gives them",
        "machine": describe(),
        "own": {"tuned_on": figures(tune), "held_back": figures(held), "facts": facts_read(own)},
        "aims": {"exact": LEAST_EXACT, "unsafe": 0, "ms_p99": MOST_MS},
    }
    sets = [tune, held]
    if CORPUS.exists() and not chosen.no_corpus:
        corpus = [ask(policies, detect, question) for question in corpus_questions()]
        result["corpus"] = figures(corpus)
        sets.append(corpus)
    if chosen.list:
        _show(tune)
    text = json.dumps(result, indent=2, ensure_ascii=False)
    print(text)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(text + "\n", "utf-8")
    return 0 if all(_met(answers) for answers in sets) else 1


def _met(answers: list[Answered]) -> bool:
    exact = sum(one.exact for one in answers) >= LEAST_EXACT * len(answers)
    return exact and not any(one.unsafe for one in answers)


if __name__ == "__main__":
    sys.exit(main())
