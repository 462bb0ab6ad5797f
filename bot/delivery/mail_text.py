"""What stands in the mails: a subject without anybody's name, plain text, and the same as HTML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Literal
from zoneinfo import ZoneInfo

from jinja2 import DictLoader, Environment, select_autoescape

from bot.delivery.mail_message import safe_file_name, safe_line, safe_text
from bot.texts import text

Kind = Literal["copy", "draft", "test"]

MAX_SHOWN_NAME = 80
# No vowels and nothing that looks like something else: no word can come out of it.
_DIGITS = "23456789"
_LETTERS = "BCDFGHJKMNPQRSTVWXZ"

_PLAIN = """\
{{ hello }}

{{ intro }}

{% for line in lines %}
> {{ line }}
{% endfor %}
{% if files %}

{{ files_title }}:
{% for name in files %}
- {{ name }}
{% endfor %}
{% endif %}
{% if answer %}

{{ answer }}
{% endif %}

-- \n\
{{ sign }}
{{ why }}
"""

# Everything inline and nothing fetched: opening the mail tells nobody anything.
_HTML = """\
<!DOCTYPE html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{ subject }}</title>
</head>
<body style="margin:0;padding:16px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif">
<div style="max-width:36rem;margin:0 auto">
<p>{{ hello }}</p>
<p>{{ intro }}</p>
<blockquote dir="auto" style="margin:16px 0;padding:8px 16px;border-left:4px solid #2f6f6a;\
white-space:pre-wrap;overflow-wrap:anywhere">{{ quote }}</blockquote>
{% if files %}
<p style="margin-bottom:0">{{ files_title }}:</p>
<ul style="margin-top:4px">
{% for name in files %}
<li dir="auto" style="overflow-wrap:anywhere">{{ name }}</li>
{% endfor %}
</ul>
{% endif %}
{% if answer %}
<p>{{ answer }}</p>
{% endif %}
<p style="margin-top:24px;font-size:14px">{{ sign }}<br>{{ why }}</p>
</div>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class _Parts:
    """One mail before it is laid out; every string is in the reader's language."""

    subject: str
    intro: str = field(repr=False)
    quote: str = field(repr=False)
    why: str
    answer: str = ""
    files: tuple[str, ...] = field(default=(), repr=False)


def compose(kind: Kind, values: Mapping[str, object], language: str) -> tuple[str, str, str]:
    """Return subject, plain text and HTML of one mail.

    `copy`, a message on its way out of a chat, takes `code` and `at` (aware), and may take `name`,
    `zone`, `group` (the chat's name in a sentence), `article`, `text` and `files` (names).
    `draft`, which never stood in a chat, takes the same. `test` takes `code`. What is missing is
    left out.
    """
    parts = _test(values, language) if kind == "test" else _copy(kind, values, language)
    shown = {
        "language": language,
        "subject": parts.subject,
        "hello": text("mail.hello", language),
        "intro": parts.intro,
        "quote": parts.quote,
        "lines": parts.quote.split("\n"),
        "files": parts.files,
        "files_title": text("mail.file" if len(parts.files) == 1 else "mail.files", language),
        "answer": parts.answer,
        "sign": text("mail.sign", language),
        "why": parts.why,
    }
    pages = _pages()
    plain = pages.get_template("mail.txt").render(shown)
    return parts.subject, plain, pages.get_template("mail.html").render(shown)


def case_code(case_id: str) -> str:
    """Return the short code a case is known by in subjects, such as 7F3K2: derived, not secret."""
    digest = sha256(b"case code\0" + case_id.encode("utf-8", "surrogatepass")).digest()
    alphabets = (_DIGITS, _LETTERS, _DIGITS, _LETTERS, _DIGITS)
    return "".join(
        alphabet[byte % len(alphabet)] for alphabet, byte in zip(alphabets, digest, strict=False)
    )


def draft_subject(case_id: str, language: str) -> str:
    """Return what the mail of a draft is called, to be shown before it goes."""
    return _subject("draft", {"code": case_code(case_id)}, language)


def _copy(kind: Kind, values: Mapping[str, object], language: str) -> _Parts:
    group = _line(values, "group") or text("mail.group", language)
    article = _line(values, "article")
    who = _line(values, "name") or text("mail.someone", language)
    intro = text(
        f"mail.{kind}.intro" if article else f"mail.{kind}.intro_bare",
        language,
        name=who[:1].upper() + who[1:],
        group=group,
        when=_when(values, language),
        article=text("pointer.article", language, article=article),
    )
    files = values.get("files", ())
    written = safe_text(str(values.get("text") or "")).strip("\n")
    return _Parts(
        # The group's own name could be somebody's; the subject is seen on lock screens.
        subject=_subject(kind, values, language, group=text("mail.group", language)),
        intro=intro,
        quote=written if written.strip() else text("mail.copy.empty", language),
        why=text("mail.copy.why", language),
        answer=text("mail.copy.answer", language),
        files=tuple(safe_file_name(str(name)) for name in files)
        if isinstance(files, (tuple, list))
        else (),
    )


def _test(values: Mapping[str, object], language: str) -> _Parts:
    return _Parts(
        subject=_subject("test", values, language),
        intro=text("mail.test.intro", language),
        quote=_line(values, "code"),
        why=text("mail.test.why", language),
    )


def _subject(kind: str, values: Mapping[str, object], language: str, **more: str) -> str:
    return text(f"mail.{kind}.subject", language, code=_line(values, "code"), **more)


def _line(values: Mapping[str, object], name: str) -> str:
    return safe_line(str(values.get(name) or ""), MAX_SHOWN_NAME)


def _when(values: Mapping[str, object], language: str) -> str:
    at = values["at"]
    if not isinstance(at, datetime):
        raise TypeError("at must be a datetime")
    local = at.astimezone(ZoneInfo(str(values.get("zone") or "Europe/Amsterdam")))
    return text(
        "mail.when",
        language,
        day=text(f"mail.day.{local.weekday()}", language),
        date=local.day,
        month=text(f"mail.month.{local.month}", language),
        time=f"{local:%H:%M}",
    )


@cache
def _pages() -> Environment:
    return Environment(
        loader=DictLoader({"mail.txt": _PLAIN, "mail.html": _HTML}),
        autoescape=select_autoescape(("html",)),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
