"""The relay in front of a real Postfix with Dovecot's log-in behind it."""

import asyncio
import email
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.message import Message
from typing import Any
from unittest.mock import ANY

import pytest

from daemon.adapters.smtp import SmtpRelay
from daemon.ports import Accepted, Deferred, Fault, InDoubt, Parcel, Refused, Security, SmtpSettings
from tests.real.clients import a_mail
from tests.real.line_proxy import LineProxy, Rules
from tests.real.servers import Account, Dovecot, MailHouse
from tests.smtp_parcels import send
from tests.smtp_peer import SmtpPeer


@asynccontextmanager
async def relay_of(
    house: MailHouse, owner: Account, *, password: str | None = None, reply_timeout: float = 20.0, **settings: Any
) -> AsyncIterator[SmtpRelay]:
    usual: dict[str, Any] = {
        "host": "localhost",
        "port": house.postfix.starttls_port,
        "security": Security.STARTTLS,
        "username": owner.username,
        "per_minute": 0,
        "ca_file": str(house.ca_file),
    }
    relay = SmtpRelay(
        SmtpSettings(**(usual | settings)), lambda: password or owner.password, reply_timeout=reply_timeout
    )
    try:
        yield relay
    finally:
        await relay.close()


def parcel(owner: Account, recipient: str, subject: str = "Reminder", token: str = "k1.t0ken") -> Parcel:
    return Parcel(sender=owner.address, recipient=recipient, content=a_mail(subject), envelope_id=token)


async def mails(dovecot: Dovecot, user: Account, count: int = 1) -> list[bytes]:
    return await asyncio.to_thread(dovecot.wait_for_mails, user.username, count)


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
async def test_a_letter_reaches_the_clients_inbox(mail_house: MailHouse, security: Security) -> None:
    """Over STARTTLS and over TLS from the first byte, logged in, the certificate verified."""
    owner, client = mail_house.new_user("owner"), mail_house.new_user("client")
    ports = {Security.STARTTLS: mail_house.postfix.starttls_port, Security.TLS: mail_house.postfix.tls_port}

    async with relay_of(mail_house, owner, security=security, port=ports[security]) as relay:
        answer = await send(relay, parcel(owner, client.address, "Promemoria"))
    [mail] = await mails(mail_house.dovecot, client)

    assert isinstance(answer, Accepted)
    assert "queued as" in answer.reply
    assert b"Subject: Promemoria" in mail


async def test_many_letters_over_few_lines_all_arrive_once(mail_house: MailHouse) -> None:
    owner, client = mail_house.new_user("owner"), mail_house.new_user("client")

    async with relay_of(mail_house, owner, connections=3, per_connection=5) as relay:
        answers = await asyncio.gather(
            *(send(relay, parcel(owner, client.address, f"Letter {number}.")) for number in range(24))
        )
    arrived = await mails(mail_house.dovecot, client, 24)

    assert {type(answer) for answer in answers} == {Accepted}
    subjects = sorted(str(email.message_from_bytes(mail)["Subject"]) for mail in arrived)
    assert subjects == sorted(f"Letter {number}." for number in range(24))


async def test_F6_greylisting_defers_and_the_next_attempt_succeeds(mail_house: MailHouse) -> None:
    owner, client = mail_house.new_user("owner"), mail_house.new_user("client")
    mail_house.postfix.answer_rcpt(client.address, "450 4.2.0 Greylisted, try again later")

    async with relay_of(mail_house, owner) as relay:
        first = await send(relay, parcel(owner, client.address))
    mail_house.postfix.answer_rcpt(client.address, None)
    async with relay_of(mail_house, owner) as relay:
        second = await send(relay, parcel(owner, client.address))

    assert isinstance(first, Deferred)
    assert (first.code, first.ours) == (450, False)
    assert isinstance(second, Accepted)


async def test_F9_a_refused_recipient_is_the_addresss_fault_and_the_next_letter_goes_on_the_same_line(
    mail_house: MailHouse,
) -> None:
    owner, client, gone = mail_house.new_user("owner"), mail_house.new_user("client"), mail_house.new_user("gone")
    mail_house.postfix.answer_rcpt(gone.address, "550 5.1.1 User unknown")

    async with relay_of(mail_house, owner, connections=1) as relay:
        refused = await send(relay, parcel(owner, gone.address))
        accepted = await send(relay, parcel(owner, client.address))
    mail_house.postfix.answer_rcpt(gone.address, None)

    assert refused == Refused(Fault.ADDRESS, ANY, 550)
    assert isinstance(accepted, Accepted)


async def test_a_recipient_refused_further_on_comes_back_as_a_report_with_our_token(mail_house: MailHouse) -> None:
    """The relay takes the letter, the client's own server does not: RFC 3461's ENVID finds its letter again."""
    owner = mail_house.new_user("owner")

    async with SmtpPeer(port=mail_house.postfix.hard_port, rcpt="550 5.1.1 No such user"):
        async with relay_of(mail_house, owner) as relay:
            answer = await send(relay, parcel(owner, "anna@hard.test", token="k1+a=Z9"))
        [raw] = await mails(mail_house.dovecot, owner)
    report = email.message_from_bytes(raw)

    assert isinstance(answer, Accepted)
    assert field(report, "Original-Envelope-Id") == "k1+a=Z9"
    assert field(report, "Action") == "failed"
    assert field(report, "Status") == "5.1.1"
    assert [part.get_content_type() for part in report.get_payload()][-1] == "text/rfc822-headers"  # type: ignore[union-attr]


async def test_F10_a_server_that_offers_no_reports_gets_the_letter_all_the_same(
    make_mail_house: Callable[..., MailHouse],
) -> None:
    house = make_mail_house(postfix_settings={"smtpd_discard_ehlo_keywords": "dsn"})
    owner, client = house.new_user("owner"), house.new_user("client")

    async with relay_of(house, owner) as relay:
        answer = await send(relay, parcel(owner, client.address))

    assert isinstance(answer, Accepted)


async def test_F11_stripped_starttls_stops_before_the_log_in(make_mail_house: Callable[..., MailHouse]) -> None:
    house = make_mail_house(postfix_settings={"smtpd_discard_ehlo_keywords": "starttls", "smtpd_tls_auth_only": "no"})
    owner, client = house.new_user("owner"), house.new_user("client")

    async with relay_of(house, owner) as relay:
        answer = await send(relay, parcel(owner, client.address))

    assert answer == Deferred(ANY, ours=True)
    assert "offers no STARTTLS" in answer.reason
    assert "sasl" not in house.postfix.log()


async def test_F13_a_wrong_password_is_our_fault(mail_house: MailHouse) -> None:
    owner, client = mail_house.new_user("owner"), mail_house.new_user("client")

    async with relay_of(mail_house, owner, password="wrong") as relay:
        answer = await send(relay, parcel(owner, client.address))

    assert answer == Refused(Fault.OURS, ANY, 535)
    assert "smtp.password" in answer.reason


async def test_F13_a_sender_that_is_not_ours_is_our_fault_although_postfix_says_so_at_rcpt(
    make_mail_house: Callable[..., MailHouse],
) -> None:
    house = make_mail_house(
        postfix_settings={
            "smtpd_sender_restrictions": "reject_sender_login_mismatch",
            "smtpd_sender_login_maps": "static:nobody",
        }
    )
    owner, client = house.new_user("owner"), house.new_user("client")

    async with relay_of(house, owner) as relay:
        answer = await send(relay, parcel(owner, client.address))

    assert answer == Refused(Fault.OURS, ANY, 553)
    assert "RCPT: 553 5.7.1" in answer.reason


async def test_a_letter_larger_than_postfix_takes_is_not_offered(make_mail_house: Callable[..., MailHouse]) -> None:
    house = make_mail_house(postfix_settings={"message_size_limit": "2000"})
    owner, client = house.new_user("owner"), house.new_user("client")
    large = parcel(owner, client.address, "x\r\nX-Long: " + "\r\n y" * 1000)

    async with relay_of(house, owner) as relay:
        answer = await send(relay, large)

    assert answer == Refused(Fault.MESSAGE, ANY, 552)


async def test_F4_a_lost_reply_is_in_doubt_and_the_letter_was_delivered(mail_house: MailHouse) -> None:
    """Why a doubt is never resent by itself: here the client has the letter."""
    owner, client = mail_house.new_user("owner"), mail_house.new_user("client")
    proxy = LineProxy(
        mail_house.postfix.tls_port,
        up=Rules(silence_after=b"\r\n.\r\n"),
        tls=mail_house.certificates.server_context(),
        upstream_tls=mail_house.certificates.client_context(),
    )
    async with proxy:
        settings: dict[str, Any] = {"security": Security.TLS, "port": proxy.port, "reply_timeout": 2.0}
        async with relay_of(mail_house, owner, **settings) as relay:
            answer = await send(relay, parcel(owner, client.address))
        arrived = await mails(mail_house.dovecot, client)

    assert answer == InDoubt("message: no answer in time")
    assert len(arrived) == 1


async def test_F8_an_idle_line_that_postfix_ended_costs_no_letter(make_mail_house: Callable[..., MailHouse]) -> None:
    """Postfix says 421 and closes while the line lies in our pool."""
    house = make_mail_house(postfix_settings={"smtpd_timeout": "1s"})
    owner, client = house.new_user("owner"), house.new_user("client")

    async with relay_of(house, owner, connections=1) as relay:
        first = await send(relay, parcel(owner, client.address))
        await asyncio.sleep(1.6)
        second = await send(relay, parcel(owner, client.address))

    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)


def field(report: Message, name: str) -> str | None:
    """A field of the machine-readable part of a report, wherever its block is."""
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload():
            assert isinstance(block, Message)
            if name in block:
                return str(block[name])
    return None
