"""The demo's post office: what was sent over the wire is what lies in the mailbox."""

import asyncio
import logging
import stat
from datetime import UTC, datetime

import aiosmtplib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.demo.mailbox import Mailbox
from bot.delivery.mail import Mail, MailError, MailFile, message_id_for, parse_smtp_url, send
from bot.delivery.mail_message import safe_text

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def letter(key="m1", **changes) -> Mail:
    values = {
        "message_id": message_id_for(key, "school.nl"),
        "sender": "fluister@school.nl",
        "sender_name": "Fluister",
        "to": ("team@school.nl",),
        "subject": "Bericht · zaak 7F3K2",
        "text": "Sem is ziek",
    }
    return Mail(**(values | changes))


@pytest.fixture
async def mailbox():
    box = Mailbox(now=lambda: NOON)
    await box.start()
    yield box
    await box.stop()


async def deliver(box: Mailbox, mail: Mail):
    return await send(mail, parse_smtp_url(box.url))


async def raw(box: Mailbox, content: bytes, to=("x@school.nl",)) -> None:
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=box.port, start_tls=False)
    async with client:
        await client.sendmail("y@school.nl", list(to), content)


async def test_a_mail_arrives_with_everything_it_was_sent_with(mailbox):
    files = (MailFile("plan – Zoë.pdf", "application/pdf", bytes(range(256))),)
    mail = letter(html="<p>Sem</p>", attachments=files, reply_to="anna@school.nl")
    assert (await deliver(mailbox, mail)).code == 250
    (got,) = mailbox.messages()
    assert got.message_id == mail.message_id
    assert got.sender == "Fluister <fluister@school.nl>"
    assert got.to == got.recipients == ("team@school.nl",)
    assert got.reply_to == "anna@school.nl"
    assert got.subject == mail.subject
    assert (got.text, got.html) == ("Sem is ziek", "<p>Sem</p>")
    assert got.attachments == ("plan – Zoë.pdf",)
    assert got.files[0].content == bytes(range(256))
    assert (got.received_at, got.read) == (NOON, False)


def test_any_text_comes_through_the_wire_unchanged():
    lines = st.lists(
        st.sampled_from([".", "..", "\n", "\r\n.\r\n", "é", "👩‍🏫", " ", "=", "a" * 500])
    )
    with asyncio.Runner() as runner:
        box = Mailbox(max_mails=3)
        runner.run(box.start())

        @settings(max_examples=60, deadline=None)
        @given(st.text(max_size=400) | lines.map("".join))
        def comes_through(text):
            runner.run(deliver(box, letter(text=text, html=text or "-")))
            got = box.messages()[0]
            assert got.text == safe_text(text).removesuffix("\n")
            assert got.html == safe_text(text or "-").removesuffix("\n")

        comes_through()
        runner.run(box.stop())


async def test_a_large_attachment_comes_through(mailbox):
    content = bytes(range(256)) * 40_000
    await deliver(mailbox, letter(attachments=(MailFile("a.bin", "image/png", content),)))
    assert mailbox.messages()[0].files[0].content == content


async def test_a_mail_over_the_limit_is_refused_for_good_before_it_is_sent():
    box = Mailbox(max_mail=10_000)
    await box.start()
    with pytest.raises(MailError) as caught:
        await deliver(box, letter(attachments=(MailFile("a", "image/png", bytes(20_000)),)))
    await box.stop()
    assert (caught.value.code, caught.value.permanent) == (552, True)
    assert not box.messages()


async def test_listeners_hear_of_every_mail_and_one_that_fails_loses_none(mailbox):
    heard = []
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    mailbox.on_mail(lambda _: 1 / 0)
    mailbox.on_mail(heard.append)
    await deliver(mailbox, letter("a"))
    await deliver(mailbox, letter("b"))
    await asyncio.sleep(0)
    assert heard == list(reversed(mailbox.messages()))
    assert len(heard) == 2


async def test_the_newest_comes_first_and_the_oldest_goes_when_it_is_full():
    box = Mailbox(max_mails=3)
    await box.start()
    for n in range(5):
        await deliver(box, letter(str(n), subject=str(n)))
    await box.stop()
    assert [mail.subject for mail in box.messages()] == ["4", "3", "2"]


async def test_all_mails_together_stay_within_their_bound():
    box = Mailbox(max_total=30_000)
    await box.start()
    for n in range(5):
        await deliver(box, letter(str(n), text="x" * 10_000, subject=str(n)))
    await box.stop()
    assert [mail.subject for mail in box.messages()] == ["4", "3"]


async def test_a_mail_can_be_marked_as_read(mailbox):
    await deliver(mailbox, letter())
    (mail,) = mailbox.messages()
    mailbox.mark_read(mail.number)
    mailbox.mark_read(999)
    assert mailbox.message(mail.number).read


async def test_what_is_kept_in_a_folder_is_there_after_a_restart(tmp_path):
    folder = tmp_path / "post"
    box = Mailbox(folder=folder, now=lambda: NOON, max_mails=2)
    await box.start()
    for n in range(3):
        await deliver(box, letter(str(n), subject=str(n)))
    box.mark_read(box.messages()[0].number)
    await box.stop()
    again = Mailbox(folder=folder, max_mails=2)
    await again.start()
    assert again.messages() == box.messages()
    await deliver(again, letter("later", subject="later"))
    assert [mail.subject for mail in again.messages()] == ["later", "2"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    again.clear()
    assert not list(folder.iterdir())
    await again.stop()


async def test_files_that_are_not_its_own_are_left_alone(tmp_path):
    (tmp_path / "notes.eml").write_text("mine")
    box = Mailbox(folder=tmp_path)
    await box.start()
    await box.stop()
    assert not box.messages()
    assert (tmp_path / "notes.eml").read_text() == "mine"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\xfd",
        b"From: <<<>>>\r\nTo: \xff\r\nSubject: =?x?y?z?=\r\n\r\n\xff",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--y\r\n",
        b"Content-Type: text/plain; charset=no-such-thing\r\n\r\nhallo",
        b"Content-Type: multipart/mixed\r\n\r\nhallo",
        b"To: a@b.nl, \r\nDate: never\r\nMessage-ID: [\r\n\r\nx",
        b"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny",
    ],
)
async def test_a_broken_mail_is_kept_all_the_same(mailbox, content):
    await raw(mailbox, content)
    (mail,) = mailbox.messages()
    assert mail.raw.startswith(content)
    assert mail.recipients == ("x@school.nl",)


async def test_recipients_are_whom_the_server_was_told(mailbox):
    await raw(mailbox, b"To: a@school.nl\r\n\r\nx", to=("b@school.nl", "c@school.nl"))
    (mail,) = mailbox.messages()
    assert (mail.to, mail.recipients) == (("a@school.nl",), ("b@school.nl", "c@school.nl"))


async def test_it_listens_on_this_machine_only(mailbox):
    assert mailbox.url == f"smtp://127.0.0.1:{mailbox.port}"
    hosts = {sock.getsockname()[0] for sock in mailbox._server.sockets}
    assert hosts == {"127.0.0.1"}


async def test_nothing_of_a_mail_reaches_a_log_or_a_repr(caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("mail.log").setLevel(logging.DEBUG)
    box = Mailbox()
    await box.start()
    await deliver(box, letter(attachments=(MailFile("sem.pdf", "application/pdf", b"x"),)))
    await box.stop()
    shown = caplog.text + repr(box.messages())
    for private in ("Sem", "sem.pdf", "team@school.nl", "fluister@"):
        assert private not in shown


async def test_stopping_hangs_up_and_stopping_twice_is_fine():
    box = Mailbox()
    await box.start()
    await box.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", box.port)
    await reader.readline()
    await box.stop()
    await box.stop()
    assert await asyncio.wait_for(reader.read(), 2) == b""
    writer.close()
    with pytest.raises(RuntimeError):
        _ = box.port
