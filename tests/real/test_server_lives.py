"""Starting, failing to start, stopping, and leaving nothing behind."""

import os
import ssl
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.real.clients import a_mail, imap
from tests.real.servers import Certificates, Dovecot, MailHouse, ServerDidNotStart
from tests.real.workplace import Workplace, program


def test_a_stopped_server_refuses_and_a_restarted_one_has_everything(make_mail_house: Callable[..., MailHouse]) -> None:
    house = make_mail_house()
    user = house.new_user()
    house.dovecot.put(user.username, a_mail())

    house.dovecot.stop()
    with pytest.raises(ConnectionRefusedError), imap(house.dovecot, user):
        pass
    house.dovecot.restart()
    house.postfix.restart()
    house.submit(user, user.address, a_mail("after"))

    assert len(house.dovecot.wait_for_mails(user.username, 2)) == 2


def test_an_expired_certificate_is_not_believed(make_dovecot: Callable[..., Dovecot]) -> None:
    """F12 on a real server: only the harness's own probe looks past it."""
    dovecot = make_dovecot(certificates=Certificates(expired=True))

    with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        IMAPClient("localhost", dovecot.tls_port, ssl_context=dovecot.certificates.client_context())


def test_a_server_that_cannot_start_says_why() -> None:
    with pytest.raises(ServerDidNotStart, match="no_such_setting"), Dovecot(settings="no_such_setting = yes"):
        pass


def test_a_missing_server_fails_and_says_how_to_install_it() -> None:
    """Never a skip: a green run means that the servers were there."""
    with pytest.raises(ServerDidNotStart, match="scripts/install-debian-packages"):
        program("/usr/sbin/no-such-server")


def test_nothing_is_left_of_a_server_that_has_ended() -> None:
    with Dovecot() as dovecot:
        folder = dovecot.folder
        left = [path for path in Path("/proc").glob("[0-9]*/cmdline") if _mentions(path, str(folder))]

        assert left
    assert not folder.exists()
    assert not [path for path in Path("/proc").glob("[0-9]*/cmdline") if _mentions(path, str(folder))]


def test_what_a_killed_run_left_behind_is_cleared_by_the_next() -> None:
    left = Workplace("left")
    sleeper = os.spawnv(os.P_NOWAIT, "/usr/bin/setsid", ["setsid", "tail", "-f", str(left.folder / "owner")])
    until = time.monotonic() + 5
    while not _mentions(Path(f"/proc/{sleeper}/cmdline"), "tail\0-f") and time.monotonic() < until:
        time.sleep(0.01)
    # Only now: from here on another test's server may be the next.
    (left.folder / "owner").write_text("4194305")  # above every possible process id

    Workplace("next").clear()

    assert os.waitstatus_to_exitcode(os.waitpid(sleeper, 0)[1]) == -9
    assert not left.folder.exists()


def _mentions(cmdline: Path, text: str) -> bool:
    try:
        return text.encode() in cmdline.read_bytes()
    except OSError:
        return False
