"""What the tests of the harness say to the servers: a mail, and an IMAP line."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from imapclient import IMAPClient

from tests.real.servers import Account, Dovecot


def a_mail(
    subject: str = "Invoice 2026-014", *, sender: str = "carla@client.test", to: str = "owner@example.test"
) -> bytes:
    return (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{time.time_ns()}@client.test>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGood morning.\r\n.a line with a dot\r\n"
    ).encode()


@contextmanager
def imap(dovecot: Dovecot, user: Account) -> Iterator[IMAPClient]:
    with IMAPClient(
        "localhost", dovecot.tls_port, ssl_context=dovecot.certificates.client_context(), timeout=10
    ) as client:
        client.login(user.username, user.password)
        yield client
