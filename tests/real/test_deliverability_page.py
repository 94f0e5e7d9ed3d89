"""docs/deliverability.md: its steps for DKIM, with Debian's own OpenDKIM between a real Postfix and the reader."""

import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daemon.adapters.dkim_signatures import DkimSignatures
from daemon.domain.books.authenticity import Authentic, NotAuthentic, Why
from daemon.domain.books.owner import CommandTrust
from daemon.loops.authenticate import authenticate
from tests.imap_desk import Reader
from tests.real.imap_accounts import MakeMailbox, started
from tests.real.servers import DOMAIN, MailHouse
from tests.real.workplace import Workplace, program

PAGE = (Path(__file__).parent.parent.parent / "docs" / "deliverability.md").read_text(encoding="utf-8")
[STEPS] = re.findall(r"```\n(apt-get install -y opendkim.*?)```", PAGE, re.DOTALL)
[CONF] = re.findall(r"```conf\n(.*?)```", PAGE, re.DOTALL)
[POSTCONF] = re.findall(r"^postconf -e (.*)$", PAGE, re.MULTILINE)
LETTER = (
    "From: Studio Bianchi <{sender}>\r\nTo: {to}\r\nSubject: Sollecito di pagamento\r\nMessage-ID: <1@{domain}>\r\n"
    "Date: Tue, 17 Nov 2026 08:02:11 +0100\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: 8bit\r\n\r\nLa fattura è scaduta.\r\n.\r\n"
)


@pytest.fixture
def signer() -> Iterator[tuple[int, bytes]]:
    """OpenDKIM as the page sets it up, for our own domain: the port of its milter, and the record for the DNS."""
    place = Workplace("opendkim")
    etc = Path(tempfile.mkdtemp(dir="/run"))  # OpenDKIM trusts nothing that lies below /tmp, where anybody may write
    etc.chmod(0o755)
    keys = etc / "dkimkeys"
    keys.mkdir()
    port = place.port()
    here = {"/etc/dkimkeys": str(keys), "bianchi.example": DOMAIN, "8891": str(port)}
    for step in STEPS.splitlines():
        if step.startswith(("opendkim-genkey", "chown")):
            subprocess.run(placed(step, here).split(), check=True)
    shutil.chown(keys, "opendkim")
    conf = etc / "opendkim.conf"
    conf.write_text(placed(CONF, here))
    try:
        place.run(
            [program("/usr/sbin/opendkim"), "-f", "-x", str(conf)], user=None, log=conf,
            ready=lambda: socket.create_connection(("127.0.0.1", port), 1).close(),
        )  # fmt: skip
        yield port, txt_record((keys / "sollecito.txt").read_text())
    finally:
        place.clear()
        shutil.rmtree(etc)


def placed(text: str, here: dict[str, str]) -> str:
    for written, instead in here.items():
        text = text.replace(written, instead)
    return text


def txt_record(zone: str) -> bytes:
    """The value of a TXT record in the form of a zone file."""
    return "".join(re.findall(r'"([^"]*)"', zone)).encode()


async def test_a_letter_that_is_handed_in_arrives_with_a_signature_that_verifies(
    signer: tuple[int, bytes], make_mail_house: Callable[..., MailHouse], open_mailbox: MakeMailbox
) -> None:
    port, record = signer
    settings = dict(re.findall(r"'(\w+) = ([^']*)'", POSTCONF.replace("8891", str(port))))
    house = make_mail_house(postfix_settings=settings)
    sender, reader = house.new_user("fatture"), house.new_user("anna")
    inbox = await started(open_mailbox(house.dovecot, reader))
    house.submit(
        sender, reader.address, LETTER.format(sender=sender.address, to=reader.address, domain=DOMAIN).encode()
    )
    [arrived] = await new_mails(inbox)
    published = {f"sollecito._domainkey.{DOMAIN}.": (record,)}
    trust, signatures = CommandTrust(dkim=True), DkimSignatures(lambda name: published.get(name, ()))

    assert b"DKIM-Signature: v=1; a=rsa-sha256;" in arrived
    assert await authenticate(arrived, trust, signatures) == Authentic(sender.address, "signature")
    forged = arrived.replace("è scaduta".encode(), "è pagata".encode())
    assert await authenticate(forged, trust, signatures) == NotAuthentic(Why.DKIM_FAIL, "broken")


async def new_mails(reader: Reader, within: float = 10) -> list[bytes]:
    until = time.monotonic() + within
    found: list[bytes] = []
    while not found and time.monotonic() < until:
        found += (await reader.read()).get("INBOX", [])
    return found
