"""What FLUISTER_SMTP_URL may say, and that a mistake in it never shows the password."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.mail import SmtpSettings, StartTls, parse_smtp_url
from bot.errors import ConfigError


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.school.nl", SmtpSettings("mail.school.nl", 25)),
        ("smtp://mail.school.nl:2525/", SmtpSettings("mail.school.nl", 2525)),
        ("smtps://mail.school.nl", SmtpSettings("mail.school.nl", 465, tls=True)),
        ("smtp://[::1]:25", SmtpSettings("::1", 25)),
        ("SMTP://Mail.School.NL", SmtpSettings("mail.school.nl", 25)),
        ("smtp://postfix_relay:25", SmtpSettings("postfix_relay", 25)),
        ("smtp://münchen.example", SmtpSettings("xn--mnchen-3ya.example", 25)),
    ],
)
def test_a_url_names_the_server(url, expected):
    assert parse_smtp_url(url) == expected


def test_a_login_is_percent_decoded():
    settings = parse_smtp_url("smtp://a%40school.nl:p%2F%3F%23%25%20%C3%A9@mail.school.nl:587")
    assert (settings.user, settings.password) == ("a@school.nl", "p/?#% é")


@pytest.mark.parametrize(
    ("url", "expected", "port"),
    [
        ("smtp://u:p@mail.school.nl", StartTls.REQUIRE, 587),
        ("smtp://u:p@127.0.0.1", StartTls.TRY, 587),
        ("smtp://u:p@localhost", StartTls.TRY, 587),
        ("smtp://mail.school.nl", StartTls.TRY, 25),
        ("smtp://u:p@mail.school.nl?starttls=never", StartTls.NEVER, 587),
        ("smtp://u:p@mail.school.nl:25?starttls=try", StartTls.TRY, 25),
        ("smtp://mail.school.nl?starttls=require", StartTls.REQUIRE, 25),
    ],
)
def test_a_login_elsewhere_needs_tls_unless_somebody_says_otherwise(url, expected, port):
    settings = parse_smtp_url(url)
    assert (settings.starttls, settings.port) == (expected, port)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.school.nl:25",
        "http://mail.school.nl",
        "smtp://",
        "smtp://:25",
        "smtp://mail.school.nl:0",
        "smtp://mail.school.nl:70000",
        "smtp://mail.school.nl:x",
        "smtp://hunter2@mail.school.nl",
        "smtp://:hunter2@mail.school.nl",
        "smtp://u:hunter2/more@mail.school.nl",
        "smtp://u:hunter2?more@mail.school.nl",
        "smtp://u:12?hunter2=@mail.school.nl",
        "smtp://u:hunter2#more@mail.school.nl",
        "smtp://u:hunter2%00@mail.school.nl",
        "smtp://u:hunter2%0a@mail.school.nl",
        "smtp://u:hunter2%ff@mail.school.nl",
        "smtp://u:hunter2\n@mail.school.nl",
        "smtp://u:hunter2@mail.school.nl/inbox",
        "smtp://u:hunter2@mail..nl",
        "smtp://u:hunter2@ma il.nl",
        "smtp://u:hunter2@[::1",
        "smtp://u:hunter2@[fe80::1%25eth0]",
        "smtp://mail.school.nl?starttls=maybe",
        "smtp://mail.school.nl?starttls=try&starttls=never",
        "smtp://mail.school.nl?hunter2=1",
        "smtp://mail.school.nl?starttls",
        "smtps://mail.school.nl?starttls=require",
        "smtp://mail.school.nl?cafile=/nowhere/hunter2.pem",
        "smtp://mail.school.nl?cafile=%00",
        "smtp://" + "a" * 5000,
        "smtp://u:hunter2\ud800@mail.school.nl",
    ],
)
def test_a_mistake_says_which_key_and_what_is_allowed_but_not_the_password(url):
    with pytest.raises(ConfigError) as caught:
        parse_smtp_url(url)
    told = str(caught.value)
    assert told.startswith("FLUISTER_SMTP_URL: ")
    assert "starttls=never|try|require" in told
    assert "hunter2" not in told
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@given(st.text(max_size=60) | st.text(max_size=40).map("smtp://".__add__))
def test_whatever_it_holds_it_is_read_or_refused_as_a_setting(url):
    try:
        settings = parse_smtp_url(url)
    except ConfigError:
        return
    assert settings.host
    assert 1 <= settings.port <= 65535


def test_more_certificates_can_be_trusted(tmp_path: Path):
    file = tmp_path / "ca.pem"
    file.write_text("")
    assert parse_smtp_url(f"smtps://mail.school.nl?cafile={file}").cafile == file
