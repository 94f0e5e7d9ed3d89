"""A real Postfix 3.7 in a temporary directory, which delivers into a `Dovecot`."""

import os
import shutil
import smtplib
import stat
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.real.dovecot import Dovecot
from tests.real.postfix_conf import main_cf, master_cf
from tests.real.workplace import ServerDidNotStart, Workplace, program, tail_of

DOMAIN = "example.test"
_MASTER = "/usr/lib/postfix/sbin/master"
_QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace")


class Postfix:
    """Submission on two ports, and a plain port for the mail of the world.

    `starttls_port` (STARTTLS, log-in required), `tls_port` (implicit TLS, log-in required), `plain_port` (neither;
    takes mail for our own domain only).  An unknown user of our domain is refused on the plain port and gets a real
    DSN on the other two.  Mail to `soft.test` and `hard.test` is passed on to `soft_port` and `hard_port`: let an
    `SmtpPeer(port=...)` answer there what the test needs; `dead.test` goes to a port where nothing ever listens.

    Args:
        settings: main.cf parameters over ours, such as {"smtpd_discard_ehlo_keywords": "dsn"} (F10).
        routes: more domains to pass on to a port of this machine.
        delay_warning: seconds until the DSN with `Action: delayed`; Postfix may be a second early.
        give_up_after: seconds until the final DSN for mail that is only deferred.
    """

    def __init__(
        self,
        dovecot: Dovecot,
        *,
        settings: Mapping[str, str] | None = None,
        routes: Mapping[str, int] | None = None,
        delay_warning: int = 2,
        give_up_after: int = 60,
    ) -> None:
        self.dovecot = dovecot
        self.host = "localhost"
        self._settings = dict(settings or {})
        self._routes = dict(routes or {})
        self._delay_warning = delay_warning
        self._give_up_after = give_up_after
        self._recipients: dict[str, str] = {}
        self._answers: dict[str, str] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._place.clear()

    def start(self) -> None:
        """Lay the directory out and start; returns when all three ports answer.

        Raises:
            ServerDidNotStart: Postfix is missing, we are not root, or it does not answer for ten seconds.
        """
        program(_MASTER)
        program("/usr/sbin/postmap")
        if os.geteuid() != 0:
            raise ServerDidNotStart("the real mail servers are started by root: run the tests as root or through sudo")
        self._place = Workplace("postfix")
        self.folder = self._place.folder
        self.starttls_port = self._place.port()
        self.tls_port = self._place.port()
        self.plain_port = self._place.port()
        self.soft_port = self._place.port()
        self.hard_port = self._place.port()
        self._dead_port = self._place.port()
        self.ca_file = self.dovecot.ca_file
        self._etc = self.folder / "etc"
        self._etc.mkdir()
        self.dovecot.certificates.write_to(self.folder)
        (self.folder / "key.pem").chmod(0o600)
        (self._etc / "main.cf").write_text(
            main_cf(
                at=self.folder,
                domain=DOMAIN,
                lmtp_port=self.dovecot.lmtp_port,
                auth_port=self.dovecot.auth_port,
                delay_warning=self._delay_warning,
                give_up_after=self._give_up_after,
                settings=self._settings,
            )
        )
        (self._etc / "master.cf").write_text(master_cf(self.plain_port, self.starttls_port, self.tls_port))
        routes = {
            "soft.test": self.soft_port,
            "hard.test": self.hard_port,
            "dead.test": self._dead_port,
            **self._routes,
        }
        lines = [f"{DOMAIN} lmtp:inet:127.0.0.1:{self.dovecot.lmtp_port}"]
        lines += [f"{domain} smtp:[127.0.0.1]:{port}" for domain, port in routes.items()]
        (self._etc / "transport").write_text("\n".join([*lines, "* error:5.4.4 no such domain", ""]))
        self._age_settings()
        self._write_map("recipients", self._recipients)
        self._write_map("answers", self._answers)
        self._age_settings()
        self._lay_out_spool()
        try:
            self._launch()
        except ServerDidNotStart:
            self._place.clear()
            raise

    def stop(self) -> None:
        """End it at once; what is in the queue stays there."""
        self._place.kill()

    def restart(self) -> None:
        """Start again on the same ports with the same queue, without the halves of mails that were being taken."""
        self._place.kill()
        for file in (self.folder / "spool" / "incoming").rglob("*"):  # as `postfix start` does, by postsuper(1)
            if file.is_file() and not file.stat().st_mode & stat.S_IXUSR:
                file.unlink()
        self._launch()

    def log(self) -> str:
        """Everything that Postfix logged."""
        return tail_of(self.folder / "mail.log", lines=1_000_000)

    def wait_for_log(self, text: str, *, within: float = 10.0) -> None:
        """Wait until Postfix has logged this.

        Raises:
            AssertionError: not within so many seconds.
        """
        until = time.monotonic() + within
        while text not in self.log():
            assert time.monotonic() < until, (
                f"not logged within {within} s: {text}\n{tail_of(self.folder / 'mail.log')}"
            )
            time.sleep(0.01)

    def add_recipient(self, address: str) -> None:
        """Accept mail for this address on the plain port, from the next connection on."""
        self._recipients[address] = "ok"
        self._write_map("recipients", self._recipients)

    def answer_rcpt(self, address: str, reply: str | None) -> None:
        """From the next connection on, answer RCPT for this address so on every port; None: as usual again.

        `answer_rcpt(a, "450 4.2.0 Greylisted, try again later")` and later `answer_rcpt(a, None)` is greylisting.
        """
        if reply is None:
            self._answers.pop(address, None)
        else:
            self._answers[address] = reply
        self._write_map("answers", self._answers)

    def deliver(self, raw: bytes, to: str, *, sender: str = "someone@client.test") -> None:
        """Hand a mail in at the plain port, as the client's mail server does.

        Raises:
            smtplib.SMTPException: refused, such as for an unknown user.
        """
        with smtplib.SMTP("127.0.0.1", self.plain_port, timeout=20) as line:
            line.sendmail(sender, [to], raw)

    def queued(self) -> int:
        """How many mails wait in the queue, being delivered or deferred."""
        # One that is tried again in vain goes from `deferred` to `active` and back, and may be met in neither; then it
        # rests for a second, and a second look finds it.
        if not (met := self._met()):
            time.sleep(0.05)
            met = self._met()
        return met

    def _met(self) -> int:
        # By name: a mail on its way from one queue to the next may be met in both.  And twice: one that goes back may
        # else be met in neither.
        places = [self.folder / "spool" / name for name in ("incoming", "active", "deferred", "incoming", "active")]
        return len({file.name for place in places for file in place.rglob("*") if file.is_file()})

    def retry_now(self) -> None:
        """Try all deferred mails again at once."""
        subprocess.run(["/usr/sbin/postqueue", "-c", str(self._etc), "-f"], check=True, capture_output=True)

    def _launch(self) -> None:
        self._place.run(
            [_MASTER, "-c", str(self._etc), "-d"], user=None, log=self.folder / "mail.log", ready=self._greet
        )

    def _greet(self) -> None:
        for port in (self.plain_port, self.starttls_port):
            with smtplib.SMTP("127.0.0.1", port, timeout=5) as line:
                line.ehlo_or_helo_if_needed()

    def _write_map(self, name: str, entries: Mapping[str, str]) -> None:
        # By rename: smtpd looks whether its open table was unlinked before it takes the next connection.  A table
        # rewritten in place is seen by its age only, in whole seconds.
        aside = self._etc / f"{name}.new"
        aside.write_text("".join(f"{key} {value}\n" for key, value in entries.items()))
        subprocess.run(["/usr/sbin/postmap", "-c", str(self._etc), f"hash:{aside}"], check=True, capture_output=True)
        aside.replace(self._etc / name)
        Path(f"{aside}.db").replace(self._etc / f"{name}.db")

    def _age_settings(self) -> None:
        """Make the settings look an hour old: Postfix waits up to two seconds for a file that is still young."""
        an_hour_ago = time.time() - 3600
        for file in self._etc.iterdir():
            os.utime(file, (an_hour_ago, an_hour_ago))

    def _lay_out_spool(self) -> None:
        spool = self.folder / "spool"
        spool.mkdir()
        _folder(self.folder / "data", 0o700, "postfix")
        for name in _QUEUES:
            _folder(spool / name, 0o700, "postfix")
        _folder(spool / "maildrop", 0o730, "postfix", "postdrop")
        _folder(spool / "public", 0o710, "postfix", "postdrop")
        _folder(spool / "pid", 0o755, "root")


def _folder(path: Path, mode: int, owner: str, group: str = "root") -> None:
    path.mkdir()
    path.chmod(mode)
    shutil.chown(path, owner, group)
