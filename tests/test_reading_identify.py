# ruff: noqa: E501  mails and tables read better unbroken
"""Whom a mail is about, by which evidence, and what evidence is worth nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from daemon.domain.books.directory import Directory, LetterRef
from daemon.domain.books.reading import Evidence, Kind, Reading
from daemon.mail.read import Reader

TOKEN = "sol-k1-mfrggzdfmztwq2lkmfrggzdfmz"
LETTER = LetterRef("acme", "acme-1", ("2026-041",), ("anna@acme.example",))
BOOK = Directory(
    letters={TOKEN: LETTER},
    threads={"Thread.1@acme.example": LETTER},
    addresses={
        "anna@acme.example": ("acme",),
        "studio@fisco.example": ("acme", "beta"),
        "carlo@gmail.com": ("beta",),
    },
    domains={"acme.example": ("acme",), "gmail.com": ("beta",)},
    numbers={"2026-041": ("acme",), "2026-050": ("beta",), "2026-051": ("beta",), "7": ("beta",)},
    names={"acme": "Acme S.p.A.", "beta": "Beta GmbH"},
    owner=frozenset({"giulia@bianchi.example", "fatture@bianchi.example"}),
)


def read(sender: str = "anna@acme.example", subject: str = "Hello", text: str = "Hello.", headers: str = "") -> Reading:
    raw = f"From: {sender}\nTo: fatture@bianchi.example\nSubject: {subject}\nDate: Wed, 11 Nov 2026 09:00:00 +0100\n{headers}\n{text}\n"
    return Reader({}).read(raw.encode(), BOOK, date(2026, 11, 11))


@pytest.mark.parametrize(
    "headers",
    [
        f"In-Reply-To: <{TOKEN}@bianchi.example>\n",
        f"In-Reply-To: {TOKEN}@bianchi.example\n",
        f"References: <a@b.example>\n <{TOKEN}@bianchi.example>\n <c@d.example>\n",
        f"References: <a@b.example> (the old one) {TOKEN.upper()}@bianchi.example\n",
        f"Delivered-To: fatture+{TOKEN}@bianchi.example\n",
        f"X-Original-To: fatture+{TOKEN}@bianchi.example\n",
        f"Envelope-To: SRS0=x=bianchi.example=fatture+{TOKEN}@relay.example\n",
    ],
)
def test_our_token_ties_a_mail_to_its_letter_wherever_it_stands(headers: str) -> None:
    """8.7 % of the replies on a real list have no angle brackets (FIELD)."""
    match = read(headers=headers).match

    assert (match.evidence, match.letter_id, match.numbers, match.known_sender) == (
        Evidence.TOKEN,
        "acme-1",
        ("2026-041",),
        True,
    )


def test_a_colleague_who_was_forwarded_the_letter_is_matched_but_not_known() -> None:
    match = read("carla@holding.example", headers=f"In-Reply-To: <{TOKEN}@bianchi.example>\n").match

    assert (match.client, match.known_sender, match.ours) == ("acme", False, True)


OLDER = "sol-k1-bbbbbbbbbbbbbbbbbbbbbbbbbb"


def test_of_several_letters_of_a_conversation_the_latest_is_answered() -> None:
    """Our letters name those before them, and a mail program hands all of them on, oldest first (RFC 5322 3.6.4)."""
    book = replace(
        BOOK, letters={**BOOK.letters, OLDER: LetterRef("acme", "acme-0", ("2025-099",), ("anna@acme.example",))}
    )
    ids = f"References: <{OLDER}@bianchi.example>\n <{TOKEN}@bianchi.example>\n <own.1@bianchi.example>\n"
    raw = f"From: anna@acme.example\nIn-Reply-To: <own.1@bianchi.example>\n{ids}\nWe dispute it.\n"

    assert Reader({}).read(raw.encode(), book, date(2026, 11, 11)).match.letter_id == "acme-1"


def test_an_answer_is_also_about_the_other_invoices_of_the_client_that_it_names() -> None:
    book = replace(BOOK, numbers={**BOOK.numbers, "2026-052": ("acme",)})
    raw = f"From: anna@acme.example\nIn-Reply-To: <{TOKEN}@bianchi.example>\n\nWe dispute 2026-052, not 2026-050.\n"

    assert Reader({}).read(raw.encode(), book, date(2026, 11, 11)).match.numbers == ("2026-041", "2026-052")


def test_a_token_that_we_never_made_proves_nothing() -> None:
    """The right shape is not enough."""
    match = read("eve@evil.example", headers="In-Reply-To: <sol-k1-aaaaaaaaaaaaaaaaaaaaaaaaaa@bianchi.example>\n").match

    assert (match.evidence, match.client) == (Evidence.NONE, None)


def test_a_mail_of_the_conversation_ties_by_thread_with_its_case_kept() -> None:
    by_id = read(headers="References: Thread.1@acme.example\n").match
    other_case = read("x@y.example", headers="References: <thread.1@ACME.example>\n").match

    assert (by_id.evidence, by_id.letter_id) == (Evidence.THREAD, "acme-1")
    assert other_case.evidence is Evidence.NONE


def test_a_known_sender_who_names_a_number_means_that_invoice() -> None:
    match = read(text="About 2026-041: which order is it?").match

    assert (match.evidence, match.client, match.numbers) == (Evidence.NUMBER, "acme", ("2026-041",))


def test_F48_a_stranger_who_names_a_number_binds_nothing() -> None:
    match = read("eve@evil.example", text="I paid 2026-041 and 2026-050.").match

    assert (match.evidence, match.client, match.numbers) == (Evidence.NONE, None, ())
    assert set(match.clients) == {"acme", "beta"}


def test_an_accountant_of_two_clients_is_narrowed_by_the_number_or_left_open() -> None:
    named = read("studio@fisco.example", text="2026-050 is paid").match
    open_ = read("studio@fisco.example", text="Paid.").match

    assert (named.client, named.numbers) == ("beta", ("2026-050",))
    assert (open_.client, open_.clients) == (None, ("acme", "beta"))


def test_the_clients_domain_counts_and_a_freemail_domain_never_does() -> None:
    colleague = read("boss@acme.example").match
    stranger = read("somebody@gmail.com").match
    contact = read("carlo@gmail.com").match

    assert (colleague.evidence, colleague.client, colleague.known_sender) == (Evidence.DOMAIN, "acme", False)
    assert stranger.client is None
    assert (contact.evidence, contact.client) == (Evidence.SENDER, "beta")


def test_F17_a_reply_that_lost_its_references_is_tied_by_the_letter_that_it_quotes() -> None:
    """Outlook on the web and some gateways drop them; what the client wrote itself still outranks the quote."""
    quoted = read("studio@fisco.example", text="Paid.\n\n> invoice 2026-050").match
    both = read("studio@fisco.example", text="2026-041 is paid.\n\n> invoice 2026-050").match
    of_two = read("studio@fisco.example", text="Paid.\n\n> invoices 2026-041 and 2026-050").match
    stranger = read("eve@evil.example", text="Paid.\n\n> invoice 2026-050").match

    assert (quoted.evidence, quoted.client, quoted.numbers) == (Evidence.QUOTE, "beta", ("2026-050",))
    assert (both.evidence, both.client) == (Evidence.NUMBER, "acme")
    assert (of_two.client, of_two.clients) == (None, ("acme", "beta"))
    assert stranger.client is None


def test_evidence_weighs_less_the_easier_it_is_to_forge() -> None:
    weights = [evidence.weight for evidence in Evidence]

    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) == len(weights)


def test_a_number_inside_another_number_is_not_named() -> None:
    inside = read("studio@fisco.example", text="Order 12026-0501").match
    short = read("studio@fisco.example", text="I have 7 questions.").match

    assert inside.client is None
    assert short.client is None


def test_a_stranger_who_names_a_client_is_shown_with_that_name() -> None:
    assert read("eve@evil.example", text="Beta GmbH pays on Friday").match.clients == ("beta",)


def test_F51_our_own_letter_that_comes_back_is_own() -> None:
    reading = read("fatture@bianchi.example", headers=f"X-Sollecito-Id: {TOKEN}\n")

    assert reading.kind is Kind.OWN
    assert reading.intent is None


def test_a_stranger_who_sets_our_loop_header_is_not_own() -> None:
    assert read("eve@evil.example", headers=f"X-Sollecito-Id: {TOKEN}\n").kind is Kind.REPLY


def test_the_owner_in_the_thread_is_a_reply_by_the_owner() -> None:
    """From the inbox or from Sent: a person has taken over."""
    reading = read("Giulia <giulia@bianchi.example>", headers=f"In-Reply-To: <{TOKEN}@bianchi.example>\n")

    assert (reading.kind, reading.by_owner, reading.match.client) == (Kind.REPLY, True, "acme")


@pytest.mark.parametrize("field", ["Cc", "To"])
def test_the_owners_mail_is_about_the_client_it_is_written_to(field: str) -> None:
    """A mail of its own, seen in Sent or because we are in its Cc."""
    headers = f"{field}: Anna <anna@acme.example>\n"
    reading = read("Giulia <giulia@bianchi.example>", headers=headers)
    named = read("Giulia <giulia@bianchi.example>", subject="Invoice 2026-041", headers=headers)

    assert (reading.by_owner, reading.match.client, reading.match.evidence) == (True, "acme", Evidence.RECIPIENT)
    assert (named.match.evidence, named.match.numbers) == (Evidence.NUMBER, ("2026-041",))


@pytest.mark.parametrize("to", ["studio@fisco.example", "eve@evil.example", "anna@acme.example, carlo@gmail.com"])
def test_the_owners_mail_to_nobody_or_to_several_clients_is_about_none(to: str) -> None:
    assert read("Giulia <giulia@bianchi.example>", headers=f"Cc: {to}\n").match.client is None


def test_a_strangers_mail_to_a_client_is_not_about_the_client() -> None:
    assert read("eve@evil.example", headers="Cc: anna@acme.example\n").match.client is None


def test_a_newsletter_of_the_client_is_unrelated_but_a_reply_through_their_list_is_not() -> None:
    list_headers = "List-Unsubscribe: <https://acme.example/u>\nPrecedence: bulk\n"

    assert read(headers=list_headers).kind is Kind.UNRELATED
    assert read(headers=list_headers + f"In-Reply-To: <{TOKEN}@bianchi.example>\n").kind is Kind.REPLY


def test_F30_F33_the_digest_is_the_same_wherever_the_mail_lies() -> None:
    """Folder, flags, line ends and received headers that a server adds do not change it; another body does."""
    raw = b"Message-ID: <a@b.example>\r\nDate: Wed, 11 Nov 2026 09:00:00 +0100\r\nFrom: anna@acme.example\r\n\r\nHello.\r\n"
    reader = Reader({})
    first = reader.read(raw, BOOK, date(2026, 11, 11)).mail
    moved = reader.read(b"X-Moved: yes\n" + raw.replace(b"\r\n", b"\n") + b"\n", BOOK, date(2026, 12, 1)).mail
    other = reader.read(raw.replace(b"Hello", b"Hallo"), BOOK, date(2026, 11, 11)).mail

    assert first == moved
    assert first != other


def test_a_stranger_who_quotes_our_letter_is_shown_with_the_invoice_that_it_names() -> None:
    """The accountant to whom the client passed it on, by a program that loses the References."""
    quoted = "They have paid.\n\nFrom: Anna <anna@acme.example>\nSent: Monday\nTo: me\nSubject: I: reminder\n\nInvoice 2026-041 is open."
    match = read("rag@studio-neri.example", "R: I: reminder", quoted).match

    assert (match.client, match.clients, match.evidence) == (None, ("acme",), Evidence.NONE)


@pytest.mark.parametrize("written", ["2026\u2011041", "2026\u2013041", "2026\u2010041", "2026-\u200b041"])
def test_a_number_is_found_with_the_hyphens_that_programs_put_into_it(written: str) -> None:
    assert read(text=f"About {written}: paid.").match.numbers == ("2026-041",)
