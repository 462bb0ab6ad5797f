"""Hostile text: every recognizer works in proportion to its length, and disguises do not help."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.detection.pack import nl_recognizers
from bot.detection.sheet import Sheet

SIZE = 100_000
SECONDS = 12.0  # generous: a square-law pattern needs minutes at this size
IDENTIFIERS = [
    r for r in nl_recognizers() if r.name not in ("PersonNlRecognizer", "ContentRecognizer")
]
PIECES = (
    "a", "A", "1", "0", "'", "-", ".", " ", "\n", "A'", "A.", "A ", "a-", "1-", "1 ", "06 ", "0612345678 ",  # noqa: E501
    "06-12 ", "NL", "NL11ABNA", "a.", "a@", "a@a.", "a punt ", "a apenstaartje ", " at ", "van de ",
    "straat", "A straat ", "Sem Bakker Dorpsstraat 12 ", "van de Sem ", "straat 1\n1234 ab ",
    "Laan van de ", "woont op ", "woont A ", "a(dot)", "a@a,",
    "Kerkstraat 1 ", "1234 AB ", "12, 1234AB ", ", A 1",
    "geboren ", "12-03-2015 ", "de negende van de ", "tweeduizend ", "een ", "dubbel ", "bsn ", "111222333 ",  # noqa: E501
    "kenteken ", "AB-12-", "v nr ", "AB12", "ww ", "ww:", "wachtwoord is ", "code ", "alarm met ", "toets ",  # noqa: E501
    "1*1*", "a1", "Aa1!", "=", "a=", "https://", "beveiligd met a ", "1234, ", "kluis 1-2-3 ", "draai ", "4 keer de 7 ", "wifi: a", "wifi a, ", "(", "(a)",  # noqa: E501
    "Blauwe ", "V 123 456 ", "kenteken AB ", "a@b.nl, ", "open met ", " is het ww", "codes a b c ", "1*",  # noqa: E501
    "\u200b", "<b>", "**", "é", "😀", "\x00",
)  # fmt: skip


@pytest.mark.parametrize("piece", PIECES, ids=repr)
def test_a_giant_text_of_one_repeated_piece_is_read_in_bounded_time(piece):
    sheet = Sheet.of((piece * (SIZE // len(piece) + 1))[:SIZE])
    sheet.once("persons", tuple)
    for recognizer in IDENTIFIERS:
        start = time.process_time()
        for _ in recognizer.spans(sheet):
            pass
        assert time.process_time() - start < SECONDS, recognizer.name


@pytest.mark.parametrize("recognizer", IDENTIFIERS, ids=lambda r: r.name)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(parts=st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=40))
def test_whatever_it_reads_a_recognizer_answers_with_spans_inside_the_text(recognizer, parts):
    sheet = Sheet.of("".join(parts))
    sheet.once("persons", tuple)
    for hit in recognizer.spans(sheet):
        assert 0 <= hit.start < hit.end <= len(sheet.text)
        assert 0 < hit.score <= 1
        assert hit.entity_type in recognizer.ENTITIES


PLAIN = (
    ("bel oma op 0612345678 vanavond", "0612345678", "PHONE_NUMBER"),
    ("bsn van Sam is 111222333 hoor", "111222333", "NL_BSN"),
    ("IBAN van mijn moeder NL91ABNA0417164300 graag", "NL91ABNA0417164300", "IBAN_CODE"),
    ("mail oma: truus.bakker@gmail.com morgen", "truus.bakker@gmail.com", "EMAIL_ADDRESS"),
    ("Sam is geboren op 12-03-2015 in Urk", "12-03-2015", "DATE_OF_BIRTH"),
    ("de code van het alarm is 4821 vandaag", "4821", "CREDENTIAL"),
)  # fmt: skip


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)


DISGUISES = {
    "zero-width characters inside": lambda value: "\u200b".join(value),
    "soft hyphens inside": lambda value: "\u00ad".join(value),
    "full-width digits": _wide,
    "no-break hyphens": lambda value: value.replace("-", "\u2011"),
    "Markdown bold": lambda value: f"**{value}**",
    "Markdown code": lambda value: f"`{value}`",
    "HTML": lambda value: f"<b>{value}</b>",
    "quotes": lambda value: f"“{value}”",
    "brackets": lambda value: f"({value})",
    "a full stop behind": lambda value: f"{value}.",
}


@pytest.mark.parametrize("disguise", DISGUISES, ids=str)
@pytest.mark.parametrize(("text", "value", "kind"), PLAIN, ids=lambda v: v[:12])
def test_a_disguised_value_is_found_as_well(detector, text, value, kind, disguise):
    dressed = DISGUISES[disguise](value)
    found = detector.detect(text.replace(value, dressed)).findings
    assert kind in {f.entity_type for f in found}


@pytest.mark.parametrize(("text", "value", "kind"), PLAIN, ids=lambda v: v[:12])
@pytest.mark.parametrize(
    "change", [str.upper, str.lower, lambda t: "hoi allemaal, " + t, lambda t: t + " 🙈🙈"]
)
def test_capitals_greetings_and_emoji_do_not_hide_a_value(detector, text, value, kind, change):
    assert kind in {f.entity_type for f in detector.detect(change(text)).findings}


@pytest.mark.parametrize(
    "text",
    [
        "bbel oma op nummerr 0612345678", "de coode van het alarmm is 4821 hoor",
        "bsnn 111222333 van Sam", "ibann NL91ABNA0417164300", "maill truus.bakker@gmail.com",
    ],
)  # fmt: skip
def test_doubled_letters_in_the_words_around_a_value_do_not_hide_it(detector, text):
    judged = detector.detect(text).assessment
    assert judged.categories or judged.unsure
