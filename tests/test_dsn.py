# ruff: noqa: E501  mails and tables read better unbroken
"""Delivery notifications: who failed, for good or not, and what it means for the address (RFC 3464, RFC 3463)."""

from __future__ import annotations

from datetime import date

import pytest

from daemon.domain.books.directory import Directory, LetterRef
from daemon.domain.books.reading import Evidence, Kind, Meaning, Reading
from daemon.mail.machines.meaning import meaning_of
from daemon.mail.read import Reader

TOKEN = "sol-k1-mfrggzdfmztwq2lkmfrggzdfmz"
BOOK = Directory(letters={TOKEN: LetterRef("acme", "acme-1", ("2026-041",), ("anna@acme.example",))})


def report(*blocks: str, embedded: str = f"Message-ID: <{TOKEN}@bianchi.example>", around: str = "") -> bytes:
    """A multipart/report with one block a recipient."""
    status = "\n\n".join(("Reporting-MTA: dns; mx.example", *blocks))
    return (
        "From: Mail Delivery System <MAILER-DAEMON@mx.example>\nTo: fatture@bianchi.example\nSubject: Undelivered Mail\n"
        f"{around}MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\n\nSorry.\n\n--b\nContent-Type: message/delivery-status\n\n"
        f"{status}\n\n--b\nContent-Type: message/rfc822\n\n{embedded}\nSubject: x\n\nbody\n--b--\n"
    ).encode()


def failed(
    address: str = "anna@acme.example", status: str = "5.1.1", words: str = "550 user unknown", action: str = "failed"
) -> str:
    return f"Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; {words}"


def read(raw: bytes) -> Reading:
    return Reader({}).read(raw, BOOK, date(2026, 11, 11))


@pytest.mark.parametrize(
    ("status", "words", "meaning"),
    [
        ("5.1.1", "550 5.1.1 User unknown", Meaning.DEAD),
        ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", Meaning.DEAD),
        ("5.4.4", "Host or domain name not found", Meaning.DEAD),
        ("5.0.0", "550 5.1.1 no such user", Meaning.DEAD),
        ("5.2.2", "552 5.2.2 mailbox full", Meaning.GAVE_UP),
        ("5.0.0", "550 user is over quota", Meaning.GAVE_UP),
        ("5.7.1", "550 5.7.1 blocked by policy", Meaning.REFUSED),
        ("5.0.0", "554 message rejected as spam", Meaning.REFUSED),
        ("5.3.4", "552 5.3.4 message too big", Meaning.REFUSED),
        ("4.4.7", "delivery time expired", Meaning.GAVE_UP),
        ("4.4.1", "connection timed out", Meaning.GAVE_UP),
        ("5.1.1", "550 5.1.1 <spam.full.blocked@acme.example>: User unknown", Meaning.DEAD),
    ],
)
def test_five_point_something_is_not_the_same_as_dead(status: str, words: str, meaning: Meaning) -> None:
    """Servers answer 550 to spam and full mailboxes too; words inside an address say nothing."""
    code = int(words[:3]) if words[:3].isdigit() else 0

    assert meaning_of("failed", status, code, words) is meaning


def test_F18_a_delayed_report_is_no_bounce() -> None:
    """`Action: delayed` comes with a 4.x status and sometimes with frightening words."""
    reading = read(report(failed(status="4.4.1", words="550 user unknown", action="delayed")))

    assert reading.kind is Kind.DELAYED
    assert not reading.recipients[0].permanent


def test_a_delivered_report_is_a_receipt() -> None:
    reading = read(report(failed(status="2.0.0", words="250 ok", action="delivered")))

    assert reading.kind is Kind.RECEIPT


def test_each_recipient_is_told_apart() -> None:
    """One dead, one still tried: a bounce, of the dead one only."""
    reading = read(report(failed(), failed("bob@acme.example", "4.2.2", "452 try later", "delayed")))

    assert reading.kind is Kind.BOUNCE
    assert [(r.address, r.permanent) for r in reading.recipients] == [
        ("anna@acme.example", True),
        ("bob@acme.example", False),
    ]


def test_blocks_without_the_empty_line_between_them_are_two_recipients() -> None:
    reading = read(report(failed() + "\n" + failed("bob@acme.example")))

    assert {r.address for r in reading.recipients} == {"anna@acme.example", "bob@acme.example"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do(end: str) -> None:
    raw = report(failed()).replace(b"\n", end.encode())
    reading = read(raw)

    assert reading.kind is Kind.BOUNCE
    assert reading.match.letter_id == "acme-1"
    assert reading.mail == read(report(failed())).mail


def test_F46_our_id_decides_not_the_address() -> None:
    """The client forwards his mail: the address that failed is one that we never wrote to."""
    reading = read(report(failed("anna.private@elsewhere.example")))

    assert reading.match.client == "acme"
    assert reading.match.evidence is Evidence.TOKEN


def test_F47_a_bounce_without_our_id_is_not_ours() -> None:
    """Anybody can write that an address is dead."""
    reading = read(report(failed(), embedded="Message-ID: <sol-k1-aaaaaaaaaaaaaaaaaaaaaaaaaa@bianchi.example>"))

    assert reading.kind is Kind.BOUNCE
    assert not reading.match.ours
    assert reading.match.client is None


def test_F17_the_id_is_found_when_the_provider_replaced_the_message_id() -> None:
    """Our own header, the plus address of the bounce, the ENVID: each is enough."""
    other = "Message-ID: <0102@email.amazonses.example>"
    by_header = read(report(failed(), embedded=f"{other}\nX-Sollecito-Id: {TOKEN}"))
    by_plus = read(report(failed(), embedded=other, around=f"X-Original-To: fatture+{TOKEN}@bianchi.example\n"))
    by_envid = read(report(f"Original-Envelope-Id: {TOKEN}\n", failed(), embedded=other))

    assert by_header.match.ours
    assert by_plus.match.ours
    assert by_envid.match.ours


def test_a_bounce_that_a_person_forwards_in_a_reply_is_a_reply() -> None:
    """The words of a report in a person's mail are that person's mail."""
    raw = b"From: Anna <anna@acme.example>\nTo: x@y.example\nSubject: Re: bounced\n\nLook:\n> Final-Recipient: rfc822; a@b.example\n> Action: failed\n> Status: 5.1.1\n"

    assert read(raw).kind is Kind.REPLY


def test_a_full_mailbox_in_prose_names_its_recipient() -> None:
    """qmail and its many children."""
    raw = b"From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nHi. This is the qmail-send program at mx.example.\n\n<anna@acme.example>:\nSorry, user is over quota (#5.2.2)\n\n--- Below this line is a copy of the message.\n\nTo: other@acme.example\n"
    reading = read(raw)

    assert [(r.address, r.meaning) for r in reading.recipients] == [("anna@acme.example", Meaning.GAVE_UP)]


def test_a_person_at_postmaster_who_answers_is_a_person() -> None:
    """Small companies have one mailbox for everything; "not delivered" is then about goods."""
    raw = b"From: Anna <postmaster@acme.example>\nIn-Reply-To: <x@y.example>\nSubject: Re: invoice\n\nThe goods could not be delivered, see user unknown.\n"

    assert read(raw).kind is Kind.REPLY
    assert (
        read(raw.replace(b"Subject: Re: invoice", b"Return-Path: <>\nSubject: Undeliverable: invoice")).kind
        is Kind.BOUNCE
    )
