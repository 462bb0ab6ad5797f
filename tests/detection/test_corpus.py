"""The corpus keeps its form, its size and variety, and apart from what it is scored on."""

import json
import re
from pathlib import Path

import pytest

from bot.detection.corpus import measure
from bot.detection.corpus.checks import doubts, faults, file_faults, pairs
from bot.detection.corpus.export import record
from bot.detection.corpus.figures import Text, partners, texts, very_short
from bot.detection.corpus.likeness import grams, nearest
from bot.detection.corpus.rows import FILES, FRESH, STREAMS, Row, render, row, rows

CARD = Path(measure.__file__).with_name("CARD.md")
# "Wil" the verb beside the name, and an account number with a wrong digit; both on the card.
KNOWN_DOUBTS = {"stad.txt:778", "waarden.txt:56"}


@pytest.fixture(scope="module")
def messages() -> list[Row]:
    return list(rows())


@pytest.fixture(scope="module")
def days() -> list[Row]:
    return list(rows(STREAMS))


@pytest.fixture(scope="module")
def fresh() -> list[Row]:
    return list(rows(FRESH))


def too_like(ones: list[Text], others: list[Text], apart=None) -> list[str]:
    """Places that share six words of ten with their nearest; very short messages always may."""
    near = nearest([text for _, text in ones], [text for _, text in others], 1, apart)
    both = zip(ones, near, strict=True)
    return [p for (p, text), n in both if n.likeness >= 0.6 and not very_short(text)]


def test_every_line_follows_the_form():
    assert list(faults()) == []


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("geen labels", "expected labels|voice|text"),
        ("q|v|hoi", "expected labels|voice|text"),
        ("h|v|", "expected labels|voice|text"),
        ("hh|v|{h:ziek}", "a letter stands twice"),
        ("n:weather|v|het regent", "unknown topic"),
        ("n:short|q|hoi", "unknown voice"),
        ("n:short|v|hoi ", "space around the text"),
        ("n:short|v|cafe\u0301", "not in Unicode form NFC"),
        ("n:short|v|hoi\u200b", "a character that cannot be seen"),
        ("h|v|{h:ziek} [Jan", "[ is not closed"),
        ("h|v|{h:ziek", "{ is not closed"),
        ("h|v|ziek}", "} closes nothing"),
        ("h|v|{h:[ziek}]", "} closes nothing"),
        ("h|v|[Jan [Piet]]", "a mark within a name"),
        ("h|v|{x:ziek}", "unknown mark"),
        ("h|v|{ziek}", "unknown mark"),
        ("h|v|[] is {h:ziek}", "PERSON: empty, or space at its edge"),
        ("h|v|is{h: ziek}", "HEALTH: empty, or space at its edge"),
        ("n:short|v|{h:ziek}", "content marked in a harmless message"),
        ("p1=h|v|{h:ziek}", "pair p1 is not one confidential and one harmless message"),
        ("n:short|v|hoi ] >> ja", "] closes nothing"),
    ],
)
def test_a_broken_line_is_named_with_file_and_line(line: str, what: str):
    found = list(file_faults("proef.txt", f"# kop\n\n{line}\n"))
    assert f"proef.txt:3: {what}" in found


def test_a_sound_file_has_no_faults():
    lines = "p1=h?+photo|v|[Jan] is {h:ziek}\np1=n:short|v|zieke jan >> haha 🤦‍♀️\n"
    assert list(file_faults("proef.txt", lines)) == []


def test_every_span_lies_within_its_text_and_no_mark_is_left(messages, days, fresh):
    for one in (*messages, *days, *fresh):
        message = render(one.marked)
        for span in (*message.names, *message.content, *message.values):
            assert 0 <= span.start < span.end <= len(message.text), one.place
        assert not re.search(r"[\[\]{}]", message.text), one.place


def test_marked_names_are_always_marked_and_numbers_pass_their_checks(messages, days, fresh):
    found = list(doubts((*messages, *days, *fresh)))
    assert [one for one in found if one.rpartition(": ")[0] not in KNOWN_DOUBTS] == []


def test_a_second_look_is_asked_where_something_seems_off():
    wrong = {
        "d|v|[Jan] en Jan, {BSN:111222334}": 2,
        "d|v|{IBAN:NL00INGB0001234567}": 1,
        "c|v|ze weten het wachtwoord": 1,
        "d|v|haar nummer": 1,
        "d+document|v|alle nummers": 0,
    }
    for line, many in wrong.items():
        assert len(list(doubts([row(line, "proef.txt:1")]))) == many, line


def test_there_are_as_many_messages_as_promised(messages, days):
    written = [row for row in messages if not row.place.startswith("stroom_")]
    dull = [row for row in (*messages, *days) if row.place.startswith("stroom_") and not row.flag]
    assert len(written) >= 6000
    assert len(dull) >= 2000
    assert 0.45 <= sum(row.flag for row in written) / len(written) <= 0.55
    assert sum(row.flag for row in days) / len(days) <= 0.1


def test_there_are_three_hundred_complete_pairs_each_on_one_side_of_the_split(messages):
    found = pairs(messages)
    assert len(found) >= 300
    for key, both in found.items():
        assert sorted(row.flag for row in both) == [False, True], key
        assert both[0].held_out == both[1].held_out, key


def test_the_ordinary_days_are_not_among_the_messages(messages, days):
    assert not set(FILES) & set(STREAMS)
    told = texts(row for row in days if row.flag)
    assert too_like(told, texts(messages)) == []


def test_fresh_messages_are_like_none_that_were_trained_or_tuned_on(messages, days, fresh):
    assert len(fresh) >= 250
    assert not {*FRESH} & {*FILES, *STREAMS}
    assert too_like(texts(fresh), texts((*messages, *days))) == []


def test_messages_are_no_templates_filled_in(messages):
    # Ordinary days repeat themselves, as people do.
    messages = [row for row in messages if not row.place.startswith("stroom")]
    found = texts(messages)
    runs = [gram for _, text in found for gram in grams(text, 4)]
    assert len(set(runs)) / len(runs) > 0.95
    assert len(too_like(found, found, partners(messages))) < len(found) / 200


@pytest.mark.skipif(not measure.DEV.exists(), reason="the development corpus is not at hand")
def test_nothing_is_like_a_message_of_the_development_corpus(messages, days, fresh):
    dev = measure.development(measure.DEV)
    assert too_like(texts((*messages, *days, *fresh)), dev) == []


def test_likeness_is_the_share_of_common_words():
    near = nearest(["Een twee, drie", "vier", "acht"], ["een twee", "drie vier vijf", "acht"], 1)
    assert [(n.likeness, n.index) for n in near] == [(2 / 3, 0), (1 / 3, 1), (1.0, 2)]
    near = nearest(["een twee drie", "zes"], ["een twee drie", "twee drie vier"], 2, {0: {0}})
    assert [(n.likeness, n.index) for n in near] == [(1 / 3, 1), (0.0, -1)]


def test_the_export_has_the_keys_and_types_of_the_norm(messages):
    places = {row.place: record(row) for row in messages}
    assert len({one["id"] for one in places.values()}) == len(messages)
    for one in places.values():
        assert one["flag"] == bool(one["categories"]) == (one["topic"] is None)
        assert one["attachment"] in (None, "photo", "document", "voice")
        assert not one.get("doubtful") or one["note"]
        for span in one["spans"]:
            assert one["text"][span["start"] : span["end"]] == span["surface"]


def test_the_export_of_one_message_says_everything():
    line = "p7=hf?+voice|v|[Bo] >> 🙏 [Jan] is {h:ziek}"
    assert record(row(line, "proef.txt:12")) == {
        "id": "proef-0012",
        "text": "🙏 Jan is ziek",
        "chat": "team",
        "attachment": "voice",
        "flag": True,
        "categories": ["health", "family_situation"],
        "spans": [
            {"start": 2, "end": 5, "type": "PERSON", "surface": "Jan"},
            {"start": 9, "end": 13, "type": "HEALTH", "surface": "ziek"},
        ],
        "topic": None,
        "note": "either answer can be defended; said just before: Bo",
        "pair": "proef-p7",
        "doubtful": True,
    }


def test_measuring_writes_the_messages_the_days_and_the_fresh_ones(tmp_path, messages, days, fresh):
    one, two, three = (tmp_path / f"{name}.jsonl" for name in ("messages", "days", "fresh"))
    asked = ["--jsonl", str(one), "--streams", str(two), "--fresh", str(three)]
    assert measure.main(asked) == 0
    written = [json.loads(line) for line in one.read_text("utf-8").splitlines()]
    assert [w["text"] for w in written] == [text for _, text in texts(messages)]
    assert len(two.read_text("utf-8").splitlines()) == len(days)
    assert len(three.read_text("utf-8").splitlines()) == len(fresh)


def test_the_card_gives_the_size_as_it_is(messages, days, fresh):
    """Otherwise: python -m bot.detection.corpus.measure --card bot/detection/corpus/CARD.md"""
    card = CARD.read_text("utf-8")
    assert f"| all | {len(messages):,} | {len(days):,} | {len(fresh):,} |" in card
    assert f"| near-miss pairs | {len(pairs(messages)):,} |" in card


def test_figures_replace_only_what_stands_between_the_marks():
    card = f"voor {measure.BEGIN} oud {measure.END} na"
    assert measure.with_figures(card, "nieuw") == (
        f"voor {measure.BEGIN}\n\nnieuw\n\n{measure.END} na"
    )
    with pytest.raises(ValueError, match="no <!-- measured -->"):
        measure.with_figures("een kaart", "nieuw")
