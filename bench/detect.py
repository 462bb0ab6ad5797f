"""Detection beside a plain Presidio analyzer, on the same messages in the same run.

  python bench/detect.py [messages.jsonl]

Without a path: the development corpus where it is at hand, else the messages of our own tests.
"""

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAMES = {
    "NL_BSN": "BSN", "IBAN_CODE": "IBAN", "PHONE_NUMBER": "PHONE", "EMAIL_ADDRESS": "EMAIL",
    "NL_POSTCODE_ADDRESS": "ADDRESS", "NL_LICENSE_PLATE": "LICENSE_PLATE",
}  # fmt: skip
Answer = tuple[bool, set[tuple[str, int, int]]]


def messages(path: Path | None) -> list[dict]:
    corpus = ROOT.parent / "shared" / "corpus" / "dev.jsonl"
    own = ROOT / "tests" / "detection" / "messages.jsonl"
    chosen = path or (corpus if corpus.exists() else own)
    records = [json.loads(line) for line in chosen.read_text("utf-8").splitlines()]
    for record in records:
        record["spans"] = [_span(record["text"], s) for s in record["spans"]]
    print(f"{chosen.name}: {len(records)} messages, {sum(r['flag'] for r in records)} confidential")
    return records


def _span(text: str, span: dict | list) -> tuple[str, int, int]:
    if isinstance(span, dict):
        return span["type"], span["start"], span["end"]
    start = text.index(span[1])
    return NAMES.get(span[0], span[0]), start, start + len(span[1])


def ours() -> Callable[[dict], Answer]:
    from bot.detection.engine import build_detector

    detector = build_detector()

    def ask(record: dict) -> Answer:
        kind = record.get("attachment")
        found = detector.detect(record["text"], attachments=(kind,) if kind else ())
        judged = found.assessment
        spans = {(NAMES.get(f.entity_type, f.entity_type), f.start, f.end) for f in found.findings}
        return bool(judged.categories) or judged.unsure, spans

    return ask


def plain_presidio() -> Callable[[dict], Answer]:
    import tldextract
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry

    from bot.detection.pack import nl_nlp_engine

    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)  # no network
    registry = RecognizerRegistry(supported_languages=["nl"])
    registry.load_predefined_recognizers(languages=["nl"])
    analyzer = AnalyzerEngine(
        registry=registry, nlp_engine=nl_nlp_engine(), supported_languages=["nl"]
    )

    def ask(record: dict) -> Answer:
        found = analyzer.analyze(record["text"], language="nl", score_threshold=0.4)
        spans = {(NAMES.get(r.entity_type, r.entity_type), r.start, r.end) for r in found}
        return bool(spans), spans

    return ask


def measure(name: str, build: Callable[[], Callable[[dict], Answer]], records: list[dict]) -> None:
    begin = time.perf_counter()
    ask = build()
    loaded = time.perf_counter() - begin
    ask(records[0])
    answers, times = [], []
    for record in records:
        begin = time.perf_counter()
        answers.append(ask(record))
        times.append(time.perf_counter() - begin)
    report(name, records, answers, times, loaded)


def report(
    name: str, records: list[dict], answers: list[Answer], times: list[float], loaded: float
) -> None:
    pairs = [(r["flag"], flag) for r, (flag, _) in zip(records, answers, strict=True)]
    hits, alarms = pairs.count((True, True)), pairs.count((False, True))
    misses, clean = pairs.count((True, False)), pairs.count((False, False))
    cuts = statistics.quantiles(times, n=100)
    print(
        f"{name:>16}: F1 {f1(hits, alarms, misses):.3f} (P {hits / max(1, hits + alarms):.3f}, "
        f"R {hits / max(1, hits + misses):.3f}), false alarms {alarms / max(1, alarms + clean):.3f}, "  # noqa: E501
        f"person F1 {span_f1(records, answers, {'PERSON'}):.3f}, "
        f"identifier F1 {span_f1(records, answers, set(NAMES.values()) | {'CREDENTIAL'}):.3f}, "
        f"{len(times) / sum(times):.0f} msg/s, p50 {cuts[49] * 1e3:.2f} ms, p99 {cuts[98] * 1e3:.2f} ms, "  # noqa: E501
        f"load {loaded:.1f} s, RSS so far {rss()} MB"
    )


def f1(right: int, extra: int, missed: int) -> float:
    return 2 * right / max(1, 2 * right + extra + missed)


def span_f1(records: list[dict], answers: list[Answer], kinds: set[str]) -> float:
    right = extra = missed = 0
    for record, (_, found) in zip(records, answers, strict=True):
        gold = {s for s in record["spans"] if s[0] in kinds}
        got = {s for s in found if s[0] in kinds}
        right += len(gold & got)
        extra += len(got - gold)
        missed += len(gold - got)
    return f1(right, extra, missed)


def rss() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    chosen = messages(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    measure("fluister", ours, chosen)
    measure("plain presidio", plain_presidio, chosen)
