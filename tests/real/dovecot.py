"""A real Dovecot 2.3 (IMAP and LMTP) in a temporary directory."""

import imaplib
import itertools
import os
import pwd
import shutil
import smtplib
import ssl
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.canary import PASSWORD
from tests.real import oauth
from tests.real.dovecot_conf import dovecot_conf
from tests.real.tls import Certificates
from tests.real.workplace import INSTALL_HINT, ServerDidNotStart, Workplace, program, tail_of

SYSTEM_USER = "mailtest"
FOLDERS: Mapping[str, str] = {"Sent": "\\Sent", "Junk": "\\Junk", "Drafts": "\\Drafts", "Trash": "\\Trash"}
_PROBE = "harness@example.test"


class Dovecot:
    """IMAP on two ports, LMTP, and the log-in service that Postfix asks.

    Args:
        without: capabilities not announced, such as ("IDLE",), ("CONDSTORE", "QRESYNC"), ("MOVE", "UIDPLUS") (F29).
        special_use: mark Sent, Junk, Drafts and Trash as such (RFC 6154).
        folders: mailboxes made for every user: name to special use, "" for none.
        settings: more lines for the end of dovecot.conf, such as "mail_max_userip_connections = 1" (F28).
        oauth_settings: more lines for oauth2.conf, such as "scope = mail".
    """

    def __init__(
        self,
        certificates: Certificates | None = None,
        *,
        without: tuple[str, ...] = (),
        special_use: bool = True,
        folders: Mapping[str, str] = FOLDERS,
        settings: str = "",
        oauth_settings: str = "",
    ) -> None:
        self.certificates = certificates or Certificates()
        self.host = "localhost"
        self._without = without
        self._special_use = special_use and "SPECIAL-USE" not in without
        self._folders = dict(folders)
        self._settings = settings
        self._oauth_settings = oauth_settings
        self._serial = itertools.count()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._place.clear()

    def start(self) -> None:
        """Lay the directory out and start; returns when a user can log in.

        Raises:
            ServerDidNotStart: Dovecot or the user `mailtest` is missing, or the log-in fails for ten seconds.
        """
        program("/usr/sbin/dovecot")
        try:
            owner = pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            raise ServerDidNotStart(f"there is no user {SYSTEM_USER}: {INSTALL_HINT}") from None
        if os.geteuid() != 0:
            raise ServerDidNotStart("the real mail servers are started by root: run the tests as root or through sudo")
        self._uid, self._gid = owner.pw_uid, owner.pw_gid
        self._place = Workplace("dovecot")
        self.folder = self._place.folder
        self.starttls_port = self._place.port()  # clear text, STARTTLS offered
        self.tls_port = self._place.port()  # TLS from the first byte
        self.lmtp_port = self._place.port()
        self.auth_port = self._place.port()  # for Postfix
        self.ca_file = self.certificates.ca_file
        for name in ("users", "mail", "oauth-keys"):
            (self.folder / name).mkdir()
        self.certificates.write_to(self.folder)
        oauth.write_key(self.folder / "oauth-keys")
        (self.folder / "oauth2.conf").write_text(
            "introspection_mode = local\n"
            f"local_validation_key_dict = fs:posix:prefix={self.folder}/oauth-keys/\n"
            f"username_attribute = email\n{self._oauth_settings}\n"
        )
        (self.folder / "dovecot.conf").write_text(self._config())
        self.add_user(_PROBE, "probe")
        subprocess.run(["chown", "-R", f"{SYSTEM_USER}:{SYSTEM_USER}", str(self.folder)], check=True)
        try:
            self._launch()
        except ServerDidNotStart:
            self._place.clear()
            raise

    def stop(self, *, gently: bool = False) -> None:
        """Stop: at once (SIGKILL), or gently with a BYE to everyone, which takes about a second."""
        if gently:
            self._place.terminate()
        else:
            self._place.kill()

    def restart(self) -> None:
        """Start again on the same ports, with the same users and mail."""
        self._place.kill()
        self._launch()

    def log(self) -> str:
        """Everything that Dovecot logged."""
        return tail_of(self.folder / "dovecot.log", lines=1_000_000)

    def add_user(self, address: str, password: str = PASSWORD) -> None:
        """Let a new user log in and get mail, from this moment on."""
        # A file for each user: Dovecot looks at most once a second whether one that it has read has changed.
        (self.folder / "users" / address).write_text(f"{address}:{{PLAIN}}{password}::::::\n")

    def change_password(self, address: str, password: str) -> None:
        """From now on only the new password is right; takes a second."""
        file = self.folder / "users" / address
        later = file.stat().st_mtime + 2  # Dovecot compares size and whole seconds
        self.add_user(address, password)
        os.utime(file, (later, later))
        time.sleep(1.1)

    def remove_user(self, address: str) -> None:
        """From now on the user is unknown: no log-in, and LMTP answers 550 5.1.1; takes a second."""
        (self.folder / "users" / address).unlink()
        time.sleep(1.1)

    def access_token(self, address: str, *, lifetime: int = 3600) -> str:
        """An OAuth token for XOAUTH2 and OAUTHBEARER; a negative lifetime (seconds) has expired."""
        return oauth.access_token(address, lifetime=lifetime)

    def deliver(self, raw: bytes, to: str, *, sender: str = "someone@client.test") -> None:
        """Deliver over LMTP, as a mail server does: 4 to 15 ms.

        Raises:
            smtplib.SMTPException: Dovecot refused it, such as for an unknown user.
        """
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as line:
            line.sendmail(sender, [to], raw)

    def put(self, user: str, raw: bytes, folder: str = "INBOX", *, flags: str = "") -> None:
        """Let a mail appear in a folder by a rename, as a delivery agent does: 0.4 ms.

        Args:
            raw: the message; line ends may be CRLF or LF.
            flags: Maildir flags, such as "S" for one that was read.
        """
        maildir = self._maildir(user, folder, make=True)
        name = f"{time.time():.6f}.{os.getpid()}_{next(self._serial)}.test"
        aside = maildir / "tmp" / name
        aside.write_bytes(raw)
        os.chown(aside, self._uid, self._gid)
        aside.replace(maildir / "cur" / f"{name}:2,{flags}" if flags else maildir / "new" / name)

    def mails(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """The messages in a folder, oldest delivery first, read from the disk: nothing is marked as seen."""
        maildir = self._maildir(user, folder)
        files = [file for sub in ("new", "cur") for file in (maildir / sub).glob("*")]
        return [file.read_bytes() for file in sorted(files, key=_delivered_at)]

    def wait_for_mails(self, user: str, count: int = 1, folder: str = "INBOX", *, within: float = 10.0) -> list[bytes]:
        """The messages once there are at least `count` of them.

        Raises:
            AssertionError: not within so many seconds; with the tail of the log.
        """
        until = time.monotonic() + within
        while len(mails := self.mails(user, folder)) < count:
            assert time.monotonic() < until, (
                f"{len(mails)} mails for {user} in {folder} after {within} s, expected {count}.\n"
                + tail_of(self.folder / "dovecot.log")
            )
            time.sleep(0.01)
        return mails

    def kick(self, user: str) -> bool:
        """Cut every session of a user; returns when they are gone, False when there was none."""
        until = time.monotonic() + 0.3
        while self._doveadm("kick", user) == 68:  # Dovecot counts a session a moment after the client has its OK
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        while self._doveadm("kick", user) != 68:
            time.sleep(0.02)
        return True

    def renew_uidvalidity(self, user: str, folder: str = "INBOX") -> None:
        """Give a folder a new UIDVALIDITY, as a restore or a move to another server does (F30); cuts the sessions."""
        self.kick(user)
        maildir = self._maildir(user, folder)
        for file in [*maildir.glob("dovecot-uidlist*"), *maildir.glob("dovecot.index*")]:
            file.unlink()

    def remove_folder(self, user: str, folder: str) -> None:
        """Delete a folder and its mails from under everyone (F31)."""
        shutil.rmtree(self._maildir(user, folder))

    def _doveadm(self, *words: str) -> int:
        """The exit code: 0, or 68 when the user has no session."""
        command = [program("/usr/bin/doveadm"), "-c", str(self.folder / "dovecot.conf"), *words]
        done = subprocess.run(command, capture_output=True, check=False)
        assert done.returncode in (0, 68), done.stderr.decode()
        return done.returncode

    def _maildir(self, user: str, folder: str, *, make: bool = False) -> Path:
        home = self.folder / "mail" / user
        root = home / "Maildir"
        maildir = root if folder.upper() == "INBOX" else root / f".{folder}"
        if make and not (maildir / "tmp").exists():
            for path in (home, root, maildir, *(maildir / sub for sub in ("cur", "new", "tmp"))):
                path.mkdir(exist_ok=True)
                os.chown(path, self._uid, self._gid)
        return maildir

    def _launch(self) -> None:
        shutil.rmtree(self.folder / "run", ignore_errors=True)
        config = str(self.folder / "dovecot.conf")
        self._place.run(
            ["/usr/sbin/dovecot", "-F", "-c", config],
            user=SYSTEM_USER,
            log=self.folder / "dovecot.log",
            ready=self._log_in,
        )

    def _log_in(self) -> None:
        try:
            with imaplib.IMAP4_SSL("localhost", self.tls_port, ssl_context=_UNVERIFIED, timeout=5) as line:
                line.login(_PROBE, "probe")
        except imaplib.IMAP4.error as error:
            raise ConnectionError(f"log-in failed: {error}") from error

    def _config(self) -> str:
        return dovecot_conf(
            at=self.folder,
            user=SYSTEM_USER,
            uid=self._uid,
            gid=self._gid,
            ports=(self.starttls_port, self.tls_port, self.lmtp_port, self.auth_port),
            folders={name: use if self._special_use else "" for name, use in self._folders.items()},
            without=self._without,
            settings=self._settings,
        )


def _delivered_at(file: Path) -> tuple[float, str]:
    seconds, _, rest = file.name.partition(".")
    return file.stat().st_mtime, seconds + rest


def _unverified() -> ssl.SSLContext:
    """For the readiness probe only: it must also see a server whose certificate has expired on purpose."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


_UNVERIFIED = _unverified()
