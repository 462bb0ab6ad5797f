"""One spelling for matching: what is dropped, what is read otherwise, and the way back."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.detection.markup import marks
from bot.detection.normal import normalise
from bot.detection.spelling import slips


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("**Sem** heeft <b>adhd</b>.", "Sem heeft adhd."),
        ("*hoi* _Sem_, ~~weg~~ **_x_**!", "hoi Sem, weg x!"),
        ("Sem<br>komt<br/>niet", "Sem\nkomt\nniet"),
        ("**“Sem”**, ok", '"Sem", ok'),
        ("*code 2468* en **1973**, 5*", "code 2468 en 1973, 5*"),
    ],
)
def test_marks_around_words_are_no_part_of_them(written, read):
    assert normalise(written).text == read


@pytest.mark.parametrize(
    "text",
    [
        "5 * 3 = 15 * 2",
        "* punt een\n* punt twee",
        "jan_piet@x.nl en a_b_c",
        "NL91****4300, k*t",
        "____ invullen",
        "hek 1973*, alarm #2468* en dan trekken",
        "<3 voor wie 2 < 3 en <a href='x'>hier</a> leest",
    ],
)
def test_signs_that_are_no_marks_stay(text):
    assert normalise(text).text == text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("hij heeft in zijn br😀ek ge🙏plast", "hij heeft in zijn br😀ek geplast"),
        ("de kl4s van m0eder", "de klas van moeder"),
        ("de leerlingg moest hetzzelfde doen", "de leerling moest hetzelfde doen"),
    ],
)
def test_a_slip_of_the_thumb_is_read_as_the_word_it_hides(written, read):
    assert normalise(written).text == read


@pytest.mark.parametrize(
    "text",
    [
        "fijn😊tot morgen",  # two words
        "groep4 en havo3, h4a om 10u",
        "het wachtwoord is zonnebl0em",
        "Liannee, Moos en Noor zijn er; neeee",  # a name, and a word drawn out
        "schooll@voorbeeld.example",
        "de maaltijd op het schoolplein",
    ],
)
def test_what_may_be_meant_as_it_stands_stays(text):
    assert slips(text) == {}


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("Sem klas4*_~<b>/😀\u0301é0o \n.\u200b"), max_size=60))
def test_every_letter_that_is_read_stands_somewhere_in_the_text(text):
    normal = normalise(text)
    spans = [normal.original(place, place + 1) for place in range(len(normal.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("*_~ab. "), max_size=30))
def test_marks_do_not_overlap(text):
    behind = 0
    for start, (end, _) in sorted(marks(text).items()):
        assert behind <= start < end
        behind = end


@pytest.mark.parametrize(
    "text", ["a" * 6000, "0" * 5999 + "@", "a😀" * 3000, "*a " * 2000, "aa" * 3000, "<b" * 3000]
)
def test_a_text_made_to_take_long_does_not(text):
    began = time.perf_counter()
    normalise(text)
    assert time.perf_counter() - began < 0.5
