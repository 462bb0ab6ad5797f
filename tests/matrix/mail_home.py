"""A real mail server of our own: postfix takes mail in, dovecot shows it over IMAP.

Both run in folders of their own on free ports of this machine and take mail for `school.nl` only.
Postfix must be started by root; without it, or without the two, an SMTP server in this process
takes their place, and the mail is read from its memory.
"""

import contextlib
import email
import email.policy
import imaplib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

from tests.matrix.synapse_home import free_port

USER = "nobody"
_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
virtual unix - n n - - virtual
error unix - - n - - error
retry unix - - n - - error
showq unix n - n - - showq
postlog unix-dgram n - n - 1 postlogd
"""
_MAIN = """\
compatibility_level = 3.6
queue_directory = {base}/queue
data_directory = {base}/data
command_directory = {sbin}
daemon_directory = {libexec}
mail_owner = postfix
myhostname = mail.school.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
local_recipient_maps =
alias_maps =
alias_database =
smtpd_peername_lookup = no
disable_dns_lookups = yes
maillog_file = {base}/postfix.log
maillog_file_prefixes = {base}
virtual_mailbox_domains = school.nl
virtual_mailbox_base = {base}/boxes
virtual_mailbox_maps = static:team/
virtual_minimum_uid = 100
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_transport = virtual
default_transport = error:only school.nl here
smtpd_recipient_restrictions = reject_unauth_destination
message_size_limit = 30000000
"""
_DOVECOT = """\
base_dir = {base}/dovecot
state_dir = {base}/dovecot-state
log_path = {base}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = dovecot
default_login_user = dovenull
first_valid_uid = 100
mail_location = maildir:{base}/boxes/team
passdb {{
  driver = static
  args = password=geheim
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/boxes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service stats {{
  chroot =
}}
service anvil {{
  chroot =
}}
"""


class NoMailServerError(Exception):
    """There is no real mail server here, and why."""


class MailServer:
    """Where mail goes out to, and where it is read back."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.smtp, self.imap = free_port(), free_port()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.smtp}?starttls=never"

    def start(self) -> None:
        postfix, dovecot = shutil.which("postfix"), shutil.which("dovecot")
        if postfix is None or dovecot is None:
            raise NoMailServerError("postfix and dovecot are not installed")
        if os.geteuid() != 0:
            raise NoMailServerError("only root can start postfix")
        self._write(Path(postfix))
        try:
            _run(postfix, "-c", str(self.base / "conf"), "start")
            _run(dovecot, "-c", str(self.base / "dovecot.conf"))
            self._wait()
        except (subprocess.SubprocessError, OSError) as error:
            self.stop()
            raise NoMailServerError(f"they do not start here ({type(error).__name__})") from None

    def _write(self, postfix: Path) -> None:
        nobody = pwd.getpwnam(USER)
        daemons = next(p for p in (Path("/usr/lib/postfix/sbin"), Path("/usr/libexec/postfix"))
                       if p.is_dir())  # fmt: skip
        values = {
            "base": self.base, "uid": nobody.pw_uid, "gid": nobody.pw_gid, "port": self.smtp,
            "imap": self.imap, "sbin": postfix.parent, "libexec": daemons,
        }  # fmt: skip
        self.base.chmod(0o755)
        for name in ("conf", "queue", "data", "boxes"):
            (self.base / name).mkdir()
        shutil.chown(self.base / "data", "postfix")
        shutil.chown(self.base / "boxes", nobody.pw_uid, nobody.pw_gid)
        (self.base / "conf" / "main.cf").write_text(_MAIN.format(**values))
        (self.base / "conf" / "master.cf").write_text(_MASTER.format(**values))
        (self.base / "dovecot.conf").write_text(_DOVECOT.format(**values))

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                self.mails()
                return
            if time.monotonic() > deadline:
                raise NoMailServerError("dovecot does not answer")
            time.sleep(0.1)

    def mails(self) -> list[EmailMessage]:
        """Everything in the team's mailbox, as an IMAP client sees it."""
        with imaplib.IMAP4("127.0.0.1", self.imap, timeout=20) as client:
            client.login("team@school.nl", "geheim")
            client.select("INBOX", readonly=True)
            numbers = client.search(None, "ALL")[1][0].split()
            raw = [client.fetch(number.decode(), "(BODY.PEEK[])")[1][0] for number in numbers]
        policy = email.policy.default
        return [email.message_from_bytes(one[1], policy=policy) for one in raw]  # type: ignore[index,misc]

    def stop(self) -> None:
        with contextlib.suppress(subprocess.SubprocessError, OSError):
            _run("doveadm", "-c", str(self.base / "dovecot.conf"), "stop")
        with contextlib.suppress(subprocess.SubprocessError, OSError):
            _run("postfix", "-c", str(self.base / "conf"), "stop")


def _run(*command: str) -> None:
    """Without pipes: a daemon would keep them open for ever."""
    subprocess.run(command, check=True, timeout=60, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip


@contextlib.contextmanager
def mail_server() -> Iterator[MailServer]:
    base = Path(tempfile.mkdtemp(prefix="fluister-mail-"))
    server = MailServer(base)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(base, ignore_errors=True)
