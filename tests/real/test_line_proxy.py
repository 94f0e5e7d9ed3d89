"""The broken lines: each fault of `LineProxy` once, in front of a real server."""

import asyncio
import smtplib
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from imapclient import IMAPClient

from tests.real.clients import a_mail
from tests.real.line_proxy import LineProxy, Rules
from tests.real.servers import Account, MailHouse


@contextmanager
def smtp(port: int, *, patience: float = 5.0) -> Iterator[smtplib.SMTP]:
    line = smtplib.SMTP("localhost", port, timeout=patience)
    try:
        yield line
    finally:
        line.close()


async def test_a_line_without_rules_changes_nothing(mail_house: MailHouse) -> None:
    user = mail_house.new_user()
    raw = a_mail() + (b"x" * 70 + b"\r\n") * 20_000

    async with LineProxy(mail_house.postfix.plain_port) as line:
        await asyncio.to_thread(_send, line.port, user, raw)
        [mail] = await asyncio.to_thread(mail_house.dovecot.wait_for_mails, user.username)

    body = raw.partition(b"\r\n\r\n")[2]
    assert mail.endswith(body.replace(b"\r\n", b"\n"))


async def test_F2_the_answer_to_the_dot_never_arrives_and_the_mail_is_there(mail_house: MailHouse) -> None:
    """The client times out, the server has accepted: the letter is in doubt."""
    user = mail_house.new_user()

    async with LineProxy(mail_house.postfix.plain_port, up=Rules(silence_after=b"\r\n.\r\n")) as line:
        with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
            await asyncio.to_thread(_send, line.port, user, a_mail(), patience=0.4)
        mails = await asyncio.to_thread(mail_house.dovecot.wait_for_mails, user.username)

    assert len(mails) == 1


@pytest.mark.parametrize("how", ["close", "reset"])
async def test_F4_the_line_is_cut_after_the_dot_and_the_mail_is_there(mail_house: MailHouse, how: str) -> None:
    user = mail_house.new_user()
    rules = Rules(cut_at=b"\r\n.\r\n", how="reset" if how == "reset" else "close")

    async with LineProxy(mail_house.postfix.plain_port, up=rules, times=1) as line:
        with pytest.raises((ConnectionResetError, smtplib.SMTPServerDisconnected)):
            await asyncio.to_thread(_send, line.port, user, a_mail())
        await asyncio.to_thread(_send, line.port, user, a_mail("the second connection is whole"))
        mails = await asyncio.to_thread(mail_house.dovecot.wait_for_mails, user.username, 2)

    assert sum(b"the second connection is whole" in mail for mail in mails) == 1  # Postfix delivers side by side


async def test_a_line_cut_in_the_body_delivers_nothing(mail_house: MailHouse) -> None:
    user = mail_house.new_user()

    async with LineProxy(mail_house.postfix.plain_port, up=Rules(cut_after=500, how="reset")) as line:
        with pytest.raises((OSError, smtplib.SMTPServerDisconnected)):
            await asyncio.to_thread(_send, line.port, user, a_mail() * 20)

    assert mail_house.dovecot.mails(user.username) == []


async def test_F22_a_held_line_is_silent_and_forgets_nothing(mail_house: MailHouse) -> None:
    async with LineProxy(mail_house.dovecot.starttls_port) as line:
        client = await asyncio.to_thread(socket.create_connection, ("localhost", line.port), 5)
        with client:
            greeting = await asyncio.to_thread(client.recv, 4096)
            line.hold()
            client.sendall(b"a NOOP\r\n")
            client.settimeout(0.2)
            with pytest.raises(TimeoutError):
                await asyncio.to_thread(client.recv, 4096)
            line.release()
            client.settimeout(5)
            answer = await asyncio.to_thread(client.recv, 4096)

    assert greeting.startswith(b"* OK")
    assert answer.startswith(b"a OK")


async def test_open_lines_can_be_cut_at_will(mail_house: MailHouse) -> None:
    async with LineProxy(mail_house.dovecot.starttls_port) as line:
        client = await asyncio.to_thread(socket.create_connection, ("localhost", line.port), 5)
        with client:
            await asyncio.to_thread(client.recv, 4096)
            line.cut("reset")
            with pytest.raises(ConnectionResetError):
                await asyncio.to_thread(client.recv, 4096)


async def test_F26_the_text_of_a_tls_line_can_be_split_and_delayed(mail_house: MailHouse) -> None:
    """The proxy ends the TLS of both sides, so that each piece is a TLS record of its own."""
    user, dovecot = mail_house.new_user(), mail_house.dovecot
    tls, upstream = mail_house.certificates.server_context(), mail_house.certificates.client_context()
    rules = Rules(pieces=40, gap=0.01)

    def log_in(port: int) -> float:
        begun = time.monotonic()
        with IMAPClient("localhost", port, ssl_context=mail_house.certificates.client_context(), timeout=5) as client:
            client.login(user.username, user.password)
        return time.monotonic() - begun

    async with LineProxy(dovecot.tls_port, down=rules, tls=tls, upstream_tls=upstream) as line:
        split = await asyncio.to_thread(log_in, line.port)
    whole = await asyncio.to_thread(log_in, dovecot.tls_port)

    assert split > whole + 0.1  # over 400 bytes of capabilities, ten pieces and more


def _send(port: int, to: Account, raw: bytes, *, patience: float = 5.0) -> None:
    with smtp(port, patience=patience) as line:
        line.sendmail("carla@client.test", [to.address], raw)
