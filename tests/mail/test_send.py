"""How a mail ends: what is said of each way a server can behave, with real servers on loopback."""

import asyncio
import dataclasses
import socket
import time
import traceback

import pytest

from bot.delivery.mail import (
    Mail,
    MailError,
    MailFile,
    Sent,
    SmtpSettings,
    Stage,
    StartTls,
    Timeouts,
    backoff,
    message_id_for,
    parse_smtp_url,
    send,
)
from bot.errors import DeliveryError
from tests.mail.faulty_smtp import ECHO, FaultySmtp, Script, certificate

SECRET = "Sem komt morgen niet"
WRONG_LOGIN = "bob:hunter2@"
TEAM, ANNA, BERT = "team@school.nl", "anna@school.nl", "bert@school.nl"
QUICK = Timeouts(connect=0.5, command=0.5, total=2.0)
PATIENT = Timeouts(connect=10, command=10, total=30)
BIG = MailFile("groot.bin", "application/octet-stream", bytes(12_000_000))


def letter(to=(TEAM,), **more) -> Mail:
    return Mail(
        message_id=message_id_for("m1", "school.nl"),
        sender="fluister@school.nl",
        to=to,
        subject="Bericht",
        text=SECRET,
        **more,
    )


def at(url: str, timeouts: Timeouts = PATIENT) -> SmtpSettings:
    return dataclasses.replace(parse_smtp_url(url), timeouts=timeouts)


async def fails(script: Script, mail: Mail | None = None) -> MailError:
    async with FaultySmtp(script) as server:
        with pytest.raises(MailError) as caught:
            await send(mail or letter(), at(server.url(), QUICK if script.hang else PATIENT))
    return caught.value


async def test_an_accepted_mail_is_sent_with_the_servers_code():
    async with FaultySmtp(Script()) as server:
        sent = await send(letter(), at(server.url()))
    assert sent == Sent(250, "2.0.0", (TEAM,))
    assert len(server.mails) == 1
    assert any(
        command.startswith("MAIL FROM:<fluister@school.nl> SIZE=") for command in server.commands
    )


async def test_the_machines_own_name_is_not_told_to_the_server():
    async with FaultySmtp(Script()) as server:
        await send(letter(), at(server.url()))
    assert server.commands[0] == "EHLO school.nl"


@pytest.mark.parametrize("step", ["greeting", "ehlo", "mail", "rcpt", "data", "answer"])
@pytest.mark.parametrize(("code", "permanent"), [("451 4.3.0", False), ("554 5.7.1", True)])
async def test_4xx_is_worth_another_try_and_5xx_is_not_at_any_step(step, code, permanent):
    refusal = f"{code} {ECHO}"
    # A refused EHLO is followed by HELO, which is refused here as well.
    error = await fails(Script(says={step: refusal, "helo": refusal}))
    assert (error.permanent, error.uncertain) == (permanent, False)
    assert error.code == int(code[:3])
    assert error.enhanced == code[4:]


async def test_a_server_that_knows_only_helo_still_gets_its_mail():
    async with FaultySmtp(Script(says={"ehlo": "502 5.5.1 what?"})) as server:
        assert (await send(letter(), at(server.url()))).code == 250


@pytest.mark.parametrize("step", ["greeting", "ehlo", "mail", "rcpt", "data"])
@pytest.mark.parametrize("how", ["close", "hang"])
async def test_a_connection_lost_before_the_content_is_certainly_not_sent(step, how):
    error = await fails(Script(**{how: step}))
    assert (error.permanent, error.uncertain, error.code) == (False, False, None)


async def test_a_connection_closed_halfway_the_content_is_certainly_not_sent():
    error = await fails(Script(close="content"), letter(attachments=(BIG,)))
    assert (error.stage, error.permanent, error.uncertain) == (Stage.DATA, False, False)


async def test_a_server_that_stops_reading_halfway_is_certainly_not_sent():
    async with FaultySmtp(Script(hang="content")) as server:
        settings = at(server.url(), dataclasses.replace(PATIENT, total=2.0))
        with pytest.raises(MailError) as caught:
            await send(letter(attachments=(BIG,)), settings)
    assert (caught.value.stage, caught.value.uncertain) == (Stage.DATA, False)


async def test_a_refusal_halfway_the_content_is_heard():
    error = await fails(Script(early=f"552 5.3.4 {ECHO}"), letter(attachments=(BIG,)))
    assert (error.code, error.permanent, error.uncertain) == (552, True, False)


async def test_praise_halfway_the_content_is_not_taken_for_acceptance():
    error = await fails(Script(early="250 2.0.0 lovely"), letter(attachments=(BIG,)))
    assert (error.permanent, error.uncertain) == (False, False)


async def test_a_connection_lost_after_the_final_dot_is_uncertain():
    error = await fails(Script(close="answer"))
    assert (error.stage, error.permanent, error.uncertain) == (Stage.ANSWER, False, True)


async def test_no_answer_after_the_final_dot_is_uncertain():
    async with FaultySmtp(Script(hang="answer")) as server:
        settings = at(server.url(), dataclasses.replace(PATIENT, total=2.0))
        with pytest.raises(MailError) as caught:
            await send(letter(), settings)
    assert caught.value.uncertain
    assert len(server.mails) == 1


@pytest.mark.parametrize("nonsense", ["hello there", "999 what", "354 go on", "xyz"])
async def test_an_answer_to_the_final_dot_that_makes_no_sense_is_uncertain(nonsense):
    error = await fails(Script(says={"answer": nonsense}))
    assert (error.permanent, error.uncertain) == (False, True)


@pytest.mark.parametrize("nonsense", ["hello there", "354 go on", "\x00\xff"])
async def test_an_answer_earlier_on_that_makes_no_sense_is_worth_another_try(nonsense):
    error = await fails(Script(says={"mail": nonsense}))
    assert (error.permanent, error.uncertain) == (False, False)


async def test_a_slow_answer_to_the_final_dot_may_take_longer_than_a_command():
    async with FaultySmtp(Script(slow={"answer": 0.5})) as server:
        settings = at(server.url(), Timeouts(connect=0.3, command=0.3, total=3.0))
        assert (await send(letter(), settings)).code == 250


async def test_a_refused_connection_is_worth_another_try():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        with pytest.raises(MailError) as caught:
            await send(letter(), at(f"smtp://127.0.0.1:{port}"))
    assert (caught.value.stage, caught.value.permanent) == (Stage.CONNECT, False)


async def test_the_time_for_one_mail_is_bounded():
    begin = time.monotonic()
    await fails(Script(hang="greeting"))
    assert time.monotonic() - begin < 4


async def test_recipients_that_are_refused_are_named_while_the_others_get_their_mail():
    script = Script(rcpt={ANNA: f"550 5.1.1 {ECHO}", BERT: f"452 4.2.2 {ECHO}"})
    async with FaultySmtp(script) as server:
        sent = await send(letter((ANNA, TEAM, BERT)), at(server.url()))
    assert sent.accepted == (TEAM,)
    assert [(r.to, r.code, r.enhanced, r.permanent) for r in sent.refused] == [
        (ANNA, 550, "5.1.1", True),
        (BERT, 452, "4.2.2", False),
    ]
    assert len(server.mails) == 1


async def test_when_all_are_refused_one_that_is_worth_another_try_keeps_the_mail_alive():
    error = await fails(Script(rcpt={ANNA: "550 no", BERT: "450 later"}), letter((ANNA, BERT)))
    assert not error.permanent
    assert [(r.to, r.permanent) for r in error.refused] == [(ANNA, True), (BERT, False)]


async def test_when_all_are_refused_for_good_the_mail_is():
    error = await fails(Script(rcpt={ANNA: "550 no", BERT: "553 no"}), letter((ANNA, BERT)))
    assert error.permanent


async def test_a_retry_can_be_limited_to_some_recipients_and_keeps_the_headers():
    async with FaultySmtp(Script()) as server:
        sent = await send(letter((ANNA, BERT)), at(server.url()), only={BERT})
    assert sent.accepted == (BERT,)
    assert [command for command in server.commands if "RCPT" in command] == [f"RCPT TO:<{BERT}>"]
    assert f"To: {ANNA}, {BERT}".encode() in server.mails[0]


async def test_a_server_that_goes_away_between_recipients_sends_nothing():
    error = await fails(Script(rcpt={BERT: "421 4.3.2 bye"}), letter((ANNA, BERT)))
    assert (error.code, error.permanent, error.uncertain) == (421, False, False)


@pytest.mark.parametrize("step", ["greeting", "mail", "rcpt", "data", "answer"])
async def test_errors_never_repeat_what_a_server_said_or_who_was_to_get_it(step):
    error = await fails(Script(says={step: f"550 5.7.1 {ECHO}"}))
    told = "".join(traceback.format_exception(error)) + repr(error) + repr(error.refused)
    for private in ("Sem", "geheim", TEAM, "quoting"):
        assert private not in told


def test_nothing_private_shows_in_a_repr():
    mail = letter((TEAM,), attachments=(MailFile("sem.pdf", "application/pdf", b"x"),))
    settings = parse_smtp_url("smtp://bob:hunter2@mail.school.nl")
    shown = repr(mail) + repr(settings)
    for private in (SECRET, TEAM, "sem.pdf", "hunter2", "bob"):
        assert private not in shown


async def test_a_right_login_sends():
    script = Script(offers=("AUTH PLAIN",), login=("bob", "p@ss/é"))
    async with FaultySmtp(script) as server:
        await send(letter(), at(server.url("bob:p%40ss%2F%C3%A9@")))
    assert len(server.mails) == 1


async def test_a_wrong_login_is_for_good_and_names_the_settings_but_not_the_password():
    script = Script(offers=("AUTH PLAIN",), login=("bob", "right"))
    async with FaultySmtp(script) as server:
        with pytest.raises(MailError) as caught:
            await send(letter(), at(server.url(WRONG_LOGIN)))
    error = caught.value
    assert (error.stage, error.permanent, error.settings_at_fault) == (Stage.LOGIN, True, True)
    assert "hunter2" not in "".join(traceback.format_exception(error))


async def test_a_server_that_wants_a_login_that_is_not_set_names_the_settings():
    error = await fails(Script(says={"mail": "530 5.7.0 Authentication required"}))
    assert error.permanent
    assert error.settings_at_fault


async def test_a_server_without_login_cannot_be_logged_in_to():
    async with FaultySmtp(Script()) as server:
        with pytest.raises(MailError) as caught:
            await send(letter(), at(server.url("bob:hunter2@")))
    assert (caught.value.stage, caught.value.settings_at_fault) == (Stage.LOGIN, True)


async def test_required_starttls_encrypts_everything_private(tmp_path):
    cafile, context = certificate(tmp_path)
    script = Script(offers=("STARTTLS", "AUTH PLAIN"), tls=context, login=("bob", "pw"))
    async with FaultySmtp(script) as server:
        url = server.url("bob:pw@", f"?starttls=require&cafile={cafile}", "localhost")
        assert (await send(letter(), at(url))).code == 250
    clear = server.commands[: len(server.commands) - len(server.encrypted)]
    assert clear == ["EHLO school.nl", "STARTTLS"]


async def test_a_starttls_that_was_stripped_is_for_good_and_nothing_was_said(tmp_path):
    async with FaultySmtp(Script(offers=("AUTH PLAIN",), login=("bob", "pw"))) as server:
        with pytest.raises(MailError) as caught:
            await send(letter(), at(server.url("bob:pw@", "?starttls=require")))
    error = caught.value
    assert (error.stage, error.permanent, error.settings_at_fault) == (Stage.TLS, True, True)
    assert server.commands == ["EHLO school.nl"]


@pytest.mark.parametrize("tls_from_start", [False, True])
async def test_a_certificate_nobody_signed_is_not_trusted(tmp_path, tls_from_start):
    _, context = certificate(tmp_path)
    script = Script(offers=("STARTTLS",), tls=context, tls_from_start=tls_from_start)
    async with FaultySmtp(script) as server:
        query = "" if tls_from_start else "?starttls=require"
        with pytest.raises(MailError, match="not trusted") as caught:
            await send(letter(), at(server.url("", query, "localhost")))
    assert caught.value.settings_at_fault
    assert not server.mails
    assert not any("MAIL" in command for command in server.commands)


@pytest.mark.parametrize("tls_from_start", [False, True])
async def test_a_certificate_for_another_host_is_not_trusted(tmp_path, tls_from_start):
    cafile, context = certificate(tmp_path, host="elsewhere.example")
    script = Script(offers=("STARTTLS",), tls=context, tls_from_start=tls_from_start)
    async with FaultySmtp(script) as server:
        query = f"?cafile={cafile}" + ("" if tls_from_start else "&starttls=require")
        with pytest.raises(MailError, match="not trusted"):
            await send(letter(), at(server.url("", query, "localhost")))
    assert not server.mails


async def test_tls_from_the_start_sends_with_a_trusted_certificate(tmp_path):
    cafile, context = certificate(tmp_path)
    async with FaultySmtp(Script(tls=context, tls_from_start=True)) as server:
        url = server.url("", f"?cafile={cafile}", "localhost")
        assert (await send(letter(attachments=(BIG,)), at(url))).code == 250
    assert len(server.mails) == 1


@pytest.mark.parametrize("tls_from_start", [False, True])
async def test_over_tls_a_loss_after_the_dot_is_uncertain_too(tmp_path, tls_from_start):
    cafile, context = certificate(tmp_path)
    script = Script(
        offers=("STARTTLS",), tls=context, tls_from_start=tls_from_start, close="answer"
    )
    async with FaultySmtp(script) as server:
        query = f"?cafile={cafile}" + ("" if tls_from_start else "&starttls=require")
        with pytest.raises(MailError) as caught:
            await send(letter(), at(server.url("", query, "localhost")))
    assert caught.value.uncertain


async def test_over_tls_a_loss_halfway_the_content_is_certainly_not_sent(tmp_path):
    cafile, context = certificate(tmp_path)
    async with FaultySmtp(Script(tls=context, tls_from_start=True, close="content")) as server:
        url = server.url("", f"?cafile={cafile}", "localhost")
        with pytest.raises(MailError) as caught:
            await send(letter(attachments=(BIG,)), at(url))
    assert (caught.value.stage, caught.value.uncertain) == (Stage.DATA, False)


async def test_try_on_this_machine_uses_tls_without_asking_for_a_signature(tmp_path):
    _, context = certificate(tmp_path)
    async with FaultySmtp(Script(offers=("STARTTLS",), tls=context)) as server:
        await send(letter(), at(server.url("", "?starttls=try")))
    assert any("MAIL" in command for command in server.encrypted)


async def test_never_leaves_an_offered_starttls_alone(tmp_path):
    _, context = certificate(tmp_path)
    async with FaultySmtp(Script(offers=("STARTTLS",), tls=context)) as server:
        await send(letter(), at(server.url("", "?starttls=never")))
    assert not server.encrypted
    assert len(server.mails) == 1


async def test_a_password_is_not_sent_in_the_clear_over_a_network(monkeypatch):
    async with FaultySmtp(Script(offers=("AUTH PLAIN",), login=("bob", "pw"))) as server:
        settings = dataclasses.replace(
            at(server.url("bob:pw@")), host="127.0.0.1", starttls=StartTls.TRY
        )
        # 127.0.0.1 stands in for a server elsewhere, which a test may not reach.
        monkeypatch.setattr(SmtpSettings, "loopback", False)
        with pytest.raises(MailError, match="password was not sent"):
            await send(letter(), settings)
    assert server.commands == ["EHLO school.nl"]


@pytest.mark.parametrize("bad", ["", "a@b@c.nl", "x@school.nl\r\nRCPT TO:<e@x.nl>"])
async def test_a_bad_address_is_refused_before_anything_is_sent(bad):
    async with FaultySmtp(Script()) as server:
        with pytest.raises(DeliveryError) as caught:
            await send(letter((bad,)), at(server.url()))
    assert caught.value.permanent
    assert not server.commands


async def test_a_mail_to_nobody_is_refused():
    with pytest.raises(DeliveryError) as caught:
        await send(letter((ANNA,)), SmtpSettings("127.0.0.1", 1), only=())
    assert caught.value.permanent


async def test_a_cancelled_send_hangs_up():
    async with FaultySmtp(Script(hang="answer")) as server:
        task = asyncio.create_task(send(letter(), at(server.url())))
        while not server.mails:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_the_bytes_on_the_wire_hold_no_loose_line_ends_and_no_lone_dot():
    text = "a\rb\n.\nc\r\n.\r\nMAIL FROM:<x@y.nl>\r\n..d"
    async with FaultySmtp(Script()) as server:
        await send(
            dataclasses.replace(letter(), text=text, html=f"<pre>{text}</pre>"), at(server.url())
        )
    assert len(server.mails) == 1
    bare = server.mails[0].replace(b"\r\n", b"")
    assert b"\r" not in bare
    assert b"\n" not in bare


def test_backing_off_grows_to_an_hour_and_gives_up_after_a_day():
    waits = []
    while (wait := backoff(len(waits) + 1)) is not None:
        waits.append(wait)
    assert waits[:6] == [60, 300, 900, 1800, 3600, 3600]
    assert 23 * 3600 <= sum(waits) <= 24 * 3600


def test_backing_off_counts_from_one():
    with pytest.raises(ValueError, match="from 1"):
        backoff(0)
