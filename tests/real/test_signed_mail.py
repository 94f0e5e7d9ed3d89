"""A signed order through real servers: what Postfix and Dovecot add and fold must not break it, nor vouch for it."""

import smtplib

import pytest

from daemon.adapters.dkim_signatures import DkimSignatures
from daemon.domain.books.authenticity import Authentic, NotAuthentic, Why
from daemon.domain.books.owner import CommandTrust
from daemon.loops.authenticate import authenticate
from daemon.wiring.check_commands import check_commands
from tests.authentic_mails import OWNER
from tests.dkim_signed import Dns, record, signed
from tests.real.imap_accounts import MakeMailbox, started
from tests.real.servers import Account, Dovecot, MailHouse

ORDER = (
    f"From: Giulia Bianchi <{OWNER}>\r\nTo: fatture@example.test\r\nSubject: Re: 17 Nov: 4 decisions, {'x' * 90}\r\n"
    "Message-ID: <1@bianchi.example>\r\nDate: Tue, 17 Nov 2026 08:02:11 +0100\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    "paid 1\r\n.a line with a dot \r\nè pagata\r\n\r\n\r\n"
).encode()
FORGED = b"Authentication-Results: mail.example.test; dmarc=pass header.from=bianchi.example\r\n"
BOTH = CommandTrust(authserv_id="mail.example.test", dkim=True)


async def _arrived(mail_house: MailHouse, user: Account, open_mailbox: MakeMailbox, *mails: bytes) -> list[bytes]:
    reader = await started(open_mailbox(mail_house.dovecot, user))
    for raw in mails:
        mail_house.postfix.deliver(raw, user.address, sender=OWNER)
    found: list[bytes] = []
    while len(found) < len(mails):
        found += (await reader.read()).get("INBOX", [])
    return found


@pytest.mark.parametrize("algorithm", ["rsa-sha256", "ed25519-sha256"])
async def test_a_signature_verifies_after_transport(
    mail_house: MailHouse, user: Account, open_mailbox: MakeMailbox, algorithm: str
) -> None:
    signatures = DkimSignatures(Dns(record(kind=algorithm.partition("-")[0])).look_up)
    good, changed = await _arrived(
        mail_house,
        user,
        open_mailbox,
        signed(ORDER, algorithm=algorithm),
        signed(ORDER, algorithm=algorithm).replace(b"paid 1", b"paid 2"),
    )
    if b"paid 2" in good:
        good, changed = changed, good

    assert await authenticate(good, BOTH, signatures) == Authentic(OWNER, "signature")
    assert await authenticate(changed, BOTH, signatures) == NotAuthentic(Why.DKIM_FAIL, "broken")


async def test_check_online_reads_off_the_mails_whom_to_believe(
    mail_house: MailHouse, dovecot: Dovecot, user: Account, open_mailbox: MakeMailbox
) -> None:
    mailbox = open_mailbox(dovecot, user)
    await started(mailbox)
    empty = await check_commands(CommandTrust(), mailbox)
    for number in range(3):
        dovecot.put(user.username, b"Authentication-Results: mx.example.test; dkim=pass header.d=x.test\r\n" + ORDER)
        dovecot.put(user.username, b"Subject: %d\r\n\r\nno results\r\n" % number)
    rows = [
        await check_commands(trust, mailbox)
        for trust in (
            CommandTrust(),
            CommandTrust(authserv_id="mx.example.test"),
            CommandTrust(authserv_id="m365"),
            CommandTrust(dkim=True),
        )
    ]

    assert "the inbox is empty" in empty["words"]
    assert [row["ok"] for row in rows] == [True, True, False, True]
    assert "owner.commands: {authserv_id: mx.example.test}" in rows[0]["words"]
    assert "3 of the newest 6 mails carry results of mx.example.test" in rows[1]["words"]
    assert "they are of mx.example.test" in rows[2]["words"]


async def test_F48_whoever_logs_in_at_our_server_cannot_vouch_for_himself(
    mail_house: MailHouse, user: Account, open_mailbox: MakeMailbox
) -> None:
    """A real submission of somebody with an account: no filter has looked at it, and his own field is the top-most."""
    neighbour = mail_house.new_user("neighbour")
    reader = await started(open_mailbox(mail_house.dovecot, user))
    with smtplib.SMTP("localhost", mail_house.postfix.starttls_port, timeout=10) as line:
        line.starttls(context=mail_house.certificates.client_context())
        line.login(neighbour.username, neighbour.password)
        line.sendmail(neighbour.address, [user.address], FORGED + ORDER)
    found: list[bytes] = []
    while not found:
        found = (await reader.read()).get("INBOX", [])

    assert b"Authentication-Results: mail.example.test; dmarc=pass" in found[0]
    assert await authenticate(found[0], BOTH, DkimSignatures(Dns(record()).look_up)) == NotAuthentic(Why.NO_RESULTS)
