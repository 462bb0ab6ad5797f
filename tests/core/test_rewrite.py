"""The safe version: readable, nameless, nothing made up."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.findings import Category, Finding
from bot.core.rewrite import rewrite


def found(text: str, part: str, kind: str = "PERSON") -> Finding:
    start = text.index(part)
    return Finding(kind, start, start + len(part), 0.9, "test")


def test_a_name_in_a_harmless_sentence_becomes_a_pupil() -> None:
    text = "De jas van Sem ligt bij de conciërge."
    assert rewrite(text, [found(text, "Sem")], []) == (
        "De jas van een leerling ligt bij de conciërge."
    )


def test_a_sensitive_sentence_is_replaced_as_a_whole_and_keeps_the_group() -> None:
    text = "Morgen om 8.30 overleg. Sem uit groep 6 heeft ADHD!"
    findings = [found(text, "Sem"), found(text, "heeft ADHD", "HEALTH")]
    safe = rewrite(text, findings, [Category.HEALTH])
    assert safe.startswith("Morgen om 8.30 overleg.")
    assert "een leerling uit groep 6" in safe
    assert "ADHD" not in safe
    assert "*" not in safe


def test_a_colleague_is_called_a_colleague() -> None:
    text = "Marloes krijgt geen verlenging"
    safe = rewrite(text, [found(text, "krijgt geen verlenging", "HR")], [Category.HR])
    assert "een collega" in safe


def test_a_password_is_never_repeated() -> None:
    text = "ww van parnassys is Zomer24!"
    safe = rewrite(text, [found(text, "Zomer24!", "CREDENTIAL")], [Category.CREDENTIALS])
    assert "Zomer" not in safe


@given(
    st.lists(st.sampled_from(["Sem", "Noor", "is", "ziek.", "groep 6", "🙂", "\n", "!", "Ali"]),
             min_size=1, max_size=12)
)  # fmt: skip
def test_no_found_span_survives(words: list[str]) -> None:
    text = " ".join(words)
    findings = []
    at = 0
    for word in words:
        start = text.index(word, at)
        at = start + len(word)
        if word in ("Sem", "Noor", "Ali"):
            findings.append(Finding("PERSON", start, at, 0.9, "test"))
        if word == "ziek.":
            findings.append(Finding("HEALTH", start, at, 0.9, "test"))
    safe = rewrite(text, findings, [Category.HEALTH])
    assert safe.strip()
    for finding in findings:
        assert text[finding.start : finding.end] not in safe
