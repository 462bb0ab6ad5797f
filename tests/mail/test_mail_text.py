"""What the mails say, and to whom they say nothing."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from bot.delivery.mail_text import case_code, compose, draft_subject

VALUES = {
    "name": "Anna de Vries",
    "at": datetime(2026, 3, 29, 13, 5, tzinfo=UTC),
    "zone": "Europe/Amsterdam",
    "article": "Intern 3",
    "text": "Sem is morgen afwezig\n\nGroet",
    "files": ("zorgplan.pdf",),
    "code": "7F3K2",
}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.shown = ""
        self.quote = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.shown += data
        if self.tags[-1:] == ["blockquote"]:
            self.quote += data


def page(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def test_a_copy_says_who_wrote_what_where_when_and_why_it_came_by_mail():
    subject, plain, html = compose("copy", VALUES, "nl")
    assert subject == "[Fluister] Bericht uit de teamgroep · zaak 7F3K2"
    said = (
        "Anna de Vries schreef dit in de teamgroep op zondag 29 maart om 15:05.",
        "niet in de groep (Intern 3)",
        "zorgplan.pdf",
        "Allen beantwoorden",
        "Waarom krijg je dit?",
    )
    for words in said:
        assert words in plain
        assert words in page(html).shown
    assert "> Sem is morgen afwezig\n> \n> Groet\n" in plain
    assert page(html).quote.startswith("Sem is morgen afwezig\n\nGroet")


def test_the_english_copy_is_english():
    subject, plain, html = compose("copy", VALUES, "en")
    assert subject == "[Fluister] Message from the team group · case 7F3K2"
    assert "on Sunday 29 March at 15:05" in plain
    assert '<html lang="en">' in html


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_subject_holds_nothing_personal(language):
    values = VALUES | {"group": "Oudergesprek Sem de Vries"}
    subject, _, _ = compose("copy", values, language)
    for personal in ("Anna", "Sem", "Intern", "zorgplan"):
        assert personal not in subject


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_draft_is_not_said_to_have_stood_in_the_group(language):
    subject, plain, _ = compose("draft", VALUES, language)
    known_as = draft_subject("one", language).replace(case_code("one"), VALUES["code"])
    assert subject == known_as
    assert not any(personal in subject for personal in ("Anna", "Sem", "zorgplan"))
    said = "niet gestaan" if language == "nl" else "did not stand there"
    assert said in plain
    assert "> Sem is morgen afwezig\n" in plain


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_is_not_known_is_left_out(language):
    _, plain, html = compose("copy", {"at": VALUES["at"], "code": "7F3K2"}, language)
    for shown in (plain, page(html).shown):
        assert "()" not in shown
        assert "None" not in shown
        assert "{" not in shown
    assert ("Een collega" if language == "nl" else "A colleague") in plain
    assert texts.text("mail.copy.empty", language) in plain


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_test_mail_shows_the_code(language):
    _, plain, html = compose("test", {"code": "K7M2P9QX"}, language)
    assert "> K7M2P9QX" in plain
    assert "K7M2P9QX" in page(html).quote


@given(
    st.text(max_size=100)
    | st.sampled_from(
        ["<script>x</script>", '"><img src=x>', "</blockquote>", "{{ 7*7 }}", "{name}"]
    )
)
def test_nothing_anybody_writes_becomes_markup_or_a_template(written):
    values = VALUES | {"text": written, "name": written, "article": written, "files": (written,)}
    expected = page(compose("copy", VALUES | {"text": "x"}, "nl")[2])
    shown = page(compose("copy", values, "nl")[2])
    assert shown.tags == expected.tags
    assert shown.attributes == expected.attributes


def test_the_html_fetches_nothing():
    reader = page(compose("copy", VALUES | {"text": "https://evil.nl/x.png"}, "nl")[2])
    assert not {"a", "img", "link", "script", "iframe", "style"} & set(reader.tags)
    assert not {"src", "href", "background"} & {name for name, _ in reader.attributes}
    styles = [value or "" for name, value in reader.attributes if name == "style"]
    assert not any("url(" in style for style in styles)


def test_both_languages_have_the_same_texts_with_the_same_gaps():
    def gaps(language):
        return {
            key: set(re.findall(r"\{(\w+)\}", template))
            for key, template in texts.catalogue(language).items()
            if key.startswith("mail.")
        }

    assert gaps("nl") == gaps("en")


def test_a_case_code_is_short_steady_and_spells_no_word():
    codes = [case_code(str(n)) for n in range(500)]
    assert codes[0] == case_code("0")
    assert all(re.fullmatch(r"\d[B-Z]\d[B-Z]\d", code) for code in codes)
    assert len(set(codes)) > 480
