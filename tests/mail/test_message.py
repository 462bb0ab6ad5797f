"""Whatever a person, a file or a group is called, a mail has the headers that were meant."""

import string
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.delivery.mail import Mail, MailFile, build, checked_address, message_id_for
from bot.delivery.mail_message import safe_file_name, safe_line, safe_text
from bot.errors import DeliveryError

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MEANT = [
    "Date",
    "Message-ID",
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Auto-Submitted",
    "X-Case",
    "MIME-Version",
    "Content-Type",
]
_NASTY = (
    "\r\n", "\n", "\r", "\r\n ", "\0", "\x85", "\u2028", "\ud800", "\u202e", "Bcc: e@evil.nl", ": ",
    "=?utf-8?q?", "=0D=0ABcc:_e@evil.nl", "?=", '"', "\\", "<", ">", "@", ",", ";", "'", "%0d%0a",
    "utf-8''", "é", "👩‍🏫", "a" * 80, " ", "--", "filename=", "--==",
)  # fmt: skip
NASTY = st.text(max_size=250) | st.lists(st.sampled_from(_NASTY), max_size=20).map("".join)


def letter(**changes) -> Mail:
    values = {
        "message_id": "<m1@school.nl>",
        "sender": "fluister@school.nl",
        "to": ("team@school.nl",),
        "subject": "Bericht",
        "text": "tekst",
    }
    return Mail(**(values | changes))


def read_back(mail: Mail):
    raw = build(mail, NOON).as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    return message_from_bytes(raw, policy=default)


def content(part) -> str:
    return part.get_content().replace("\r\n", "\n").removesuffix("\n")


@settings(max_examples=250, deadline=None)
@given(subject=NASTY, name=NASTY, file_name=NASTY, value=NASTY, mime=NASTY)
def test_no_name_can_add_a_header(subject, name, file_name, value, mime):
    mail = letter(
        subject=subject,
        sender_name=name,
        reply_to="anna@school.nl",
        headers=(("X-Case", value),),
        html="<p>x</p>",
        attachments=(MailFile(file_name, mime, b"\xff\r\n.\r\n"),),
    )
    back = read_back(mail)
    assert back.keys() == MEANT
    assert back["Subject"] == safe_line(subject, 200)
    assert back["X-Case"] == safe_line(value, 200)
    assert [one.addr_spec for one in back["From"].addresses] == ["fluister@school.nl"]
    assert [one.addr_spec for one in back["To"].addresses] == ["team@school.nl"]
    (file,) = back.iter_attachments()
    assert set(file.keys()) == {
        "Content-Type",
        "Content-Transfer-Encoding",
        "Content-Disposition",
        "MIME-Version",
    }
    assert file.get_filename() == safe_file_name(file_name)
    assert file.get_payload(decode=True) == b"\xff\r\n.\r\n"


@settings(max_examples=150, deadline=None)
@given(text=NASTY, html=NASTY.filter(bool))
def test_a_text_reads_back_as_it_was_made_safe(text, html):
    back = read_back(letter(text=text, html=html))
    assert content(back.get_body(("plain",))) == safe_text(text).removesuffix("\n")
    assert content(back.get_body(("html",))) == safe_text(html).removesuffix("\n")


@given(NASTY)
def test_a_safe_text_keeps_everything_that_is_text(text):
    plain = "".join(c for c in text if c.isprintable() or c in "\n\t")
    assert safe_text(plain) == plain


def test_what_is_not_text_becomes_a_replacement_character():
    assert safe_text("a\0b\ud800c\r\nd\re") == "a\ufffdb\ufffdc\nd\ne"


def test_an_ordinary_mail_has_both_forms_and_says_it_is_automatic():
    back = read_back(letter(text="hallo", html="<p>hallo</p>", sender_name="Fluister"))
    assert back["Auto-Submitted"] == "auto-generated"
    assert back["Date"].datetime == NOON
    assert str(back["From"]) == "Fluister <fluister@school.nl>"
    assert back.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in back.iter_parts()] == ["text/plain", "text/html"]


def test_a_mail_without_html_is_plain_text_alone():
    assert read_back(letter()).get_content_type() == "text/plain"


def test_a_later_mail_hangs_under_the_first():
    back = read_back(letter(in_reply_to="<a@s.nl>", references=("<a@s.nl>", "<b@s.nl>")))
    assert back["In-Reply-To"] == "<a@s.nl>"
    assert back["References"] == "<a@s.nl> <b@s.nl>"


@pytest.mark.parametrize("bad", ["", "a@b.nl", "<a@b.nl>\r\nBcc: e@x.nl", "<a b@c.nl>", "<é@c.nl>"])
def test_a_malformed_message_id_is_refused(bad):
    for mail in (letter(message_id=bad), letter(in_reply_to=bad), letter(references=(bad,))):
        with pytest.raises(DeliveryError) as caught:
            build(mail, NOON)
        assert caught.value.permanent


@pytest.mark.parametrize("name", ["Bcc", "To", "X-", "X-A\r\nBcc", "X-A:", "x-é", "Content-Type"])
def test_an_extra_header_cannot_be_one_that_means_something(name):
    with pytest.raises(DeliveryError):
        build(letter(headers=((name, "v"),)), NOON)


def test_an_extra_header_stands_there_once():
    with pytest.raises(DeliveryError):
        build(letter(headers=(("X-A", "1"), ("x-a", "2"))), NOON)


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("rapport.pdf", "rapport.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\map\\brief.docx", "C__map_brief.docx"),
        ("", "bijlage"),
        ("...", "bijlage"),
        ("rapport\u202efdp.exe", "rapportfdp.exe"),
        ("a\r\nb\0c.pdf", "a b c.pdf"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
        ("zorgplan groep 6 – Zoë.docx", "zorgplan groep 6 – Zoë.docx"),
    ],
)
def test_a_file_name_stays_readable_and_harmless(given_name, shown):
    assert safe_file_name(given_name) == shown


@given(NASTY)
@example("\ud800\r\n\u202e\r\n\ud800")
def test_a_file_name_made_safe_stays_as_it_is(name):
    once = safe_file_name(name)
    assert once
    assert len(once) <= 100
    assert safe_file_name(once) == once


@pytest.mark.parametrize("mime", ["message/rfc822", "multipart/mixed", "", "x", "text/x\r\ny"])
def test_a_file_that_claims_to_be_a_mail_travels_as_bytes(mime):
    (file,) = read_back(letter(attachments=(MailFile("a", mime, b"b"),))).iter_attachments()
    assert file.get_content_type() == "application/octet-stream"
    assert file.get_payload(decode=True) == b"b"


def test_the_media_type_is_kept():
    files = (MailFile("a.pdf", "Application/PDF; x=1", b""), MailFile("b.csv", "text/csv", b"\xff"))
    types = [
        part.get_content_type() for part in read_back(letter(attachments=files)).iter_attachments()
    ]
    assert types == ["application/pdf", "text/csv"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("team@school.nl", "team@school.nl"),
        ("Team.Groep-6+x@School.NL", "Team.Groep-6+x@school.nl"),
        ("anna@münchen.example", "anna@xn--mnchen-3ya.example"),
        ("o'brien@school.nl", "o'brien@school.nl"),
        ("bot@localhost", "bot@localhost"),
    ],
)
def test_an_address_is_one_plain_address(text, address):
    assert checked_address(text) == address


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "team",
        "@school.nl",
        "team@",
        "a@b@school.nl",
        "Team <team@school.nl>",
        "<team@school.nl>",
        "team@school.nl,evil@x.nl",
        "team@school.nl evil@x.nl",
        " team@school.nl",
        "team@school.nl\n",
        "team@school.nl\r\nBcc: e@x.nl",
        "te\0am@school.nl",
        '"a b"@school.nl',
        '"team@school.nl"@evil.nl',
        "team(comment)@school.nl",
        ".team@school.nl",
        "te..am@school.nl",
        "tëam@school.nl",
        "team@school",
        "team@-school.nl",
        "team@school..nl",
        "team@school.nl.",
        "team@1.2.3.4",
        "team@[1.2.3.4]",
        "team@straße.example",
        "team@\u2028.nl",
        "team@sch\ud800ool.nl",
        "a" * 65 + "@school.nl",
        "a@" + ".".join(["b" * 60] * 5),
        "a@" + "é" * 10000 + ".nl",
    ],
)
def test_anything_else_is_no_address_and_is_not_repeated(bad):
    with pytest.raises(DeliveryError) as caught:
        checked_address(bad)
    assert caught.value.permanent
    assert not bad or bad not in str(caught.value).replace("team@school.nl", "")


@given(st.text(max_size=80) | st.text(max_size=30).map(lambda t: f"{t}@school.nl"))
def test_an_accepted_address_has_no_character_that_could_end_it(text):
    try:
        address = checked_address(text)
    except DeliveryError:
        return
    assert address.count("@") == 1
    assert set(address) <= set(string.ascii_letters + string.digits + "!#$%&'*+-/=?^_`{|}~.@")
    assert checked_address(address) == address


def test_the_message_id_of_a_key_is_always_the_same_and_another_for_another_key():
    assert message_id_for("case:1", "school.nl") == message_id_for("case:1", "School.nl")
    ids = {message_id_for(str(n), "school.nl") for n in range(1000)}
    assert len(ids) == 1000


@given(NASTY)
def test_a_message_id_is_well_formed_whatever_the_key(key):
    mail = letter(message_id=message_id_for(key, "school.nl"))
    assert read_back(mail)["Message-ID"] == mail.message_id
