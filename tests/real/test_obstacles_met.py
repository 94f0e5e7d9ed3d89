"""What a real Dovecot says when it lets nobody in, and the obstacle that is told for it."""

import imaplib

import pytest

from daemon.adapters.imap import ImapMailbox
from daemon.adapters.obstacles import obstacle_in
from daemon.ports import Unreachable
from tests.canary import PASSWORD
from tests.real.imap_accounts import MakeDovecot, account, settings_for
from tests.real.servers import Account, Dovecot


async def told_of(dovecot: Dovecot, user: Account, password: str = PASSWORD) -> str | None:
    """The obstacle that a refused log-in is, by its id."""
    mailbox = ImapMailbox(settings_for(dovecot, user), lambda: password, socket_timeout=5)
    with pytest.raises(Unreachable) as told:
        await mailbox.folders()
    await mailbox.close()
    known = obstacle_in("imap", "localhost", str(told.value))
    return known.id if known else None


async def test_a_wrong_password_a_mailbox_switched_off_and_too_many_lines_are_told_apart(
    make_dovecot: MakeDovecot,
) -> None:
    dovecot = make_dovecot(settings="protocol imap {\n  mail_max_userip_connections = 1\n}")
    user, closed = account(dovecot), account(dovecot, "closed")
    line = f"{closed.address}:{{PLAIN}}{PASSWORD}::::::nologin reason=IMAP_is_disabled\n"
    (dovecot.folder / "users" / closed.address).write_text(line)

    assert await told_of(dovecot, user, "no") == "wrong-password"
    assert await told_of(dovecot, closed) == "switched-off"

    with imaplib.IMAP4_SSL("localhost", dovecot.tls_port, ssl_context=dovecot.certificates.client_context()) as other:
        other.login(user.username, user.password)
        assert await told_of(dovecot, user) == "too-many-connections"
