"""Which code a letter shows for paying: a Swiss QR-bill for a Swiss account, else the EPC code for euros, else none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from daemon.domain.books.client import Client, Creditor
from daemon.domain.books.invoice import Invoice
from daemon.domain.journal import Claim
from daemon.mail.letters.sheet import clean
from daemon.mail.payment.epc import EpcPayment, epc_payment
from daemon.mail.payment.qr import png
from daemon.mail.payment.swiss import SwissBill, swiss_bill

PaymentCode = SwissBill | EpcPayment


def payment_code(
    creditor: Creditor, client: Client, asked: Sequence[Claim], invoices: Mapping[str, Invoice]
) -> PaymentCode | None:
    """The one code that pays all that is asked for.

    Args:
        asked: of one currency; what is only coming, and what is open besides, is not among them.
        invoices: the client's, by number: for their references.

    Returns:
        None where the owner wants none (`payment: {qr: false}`), and where there can be none.
    """
    ways = creditor.payment.in_currency(asked[0].currency) if asked else creditor.payment
    if ways.qr is False or not ways.iban or not asked:
        return None
    amount = sum((claim.outstanding for claim in asked), Decimal(0))
    debtor = (clean(client.name), client.address, _country(client.calendar.region))
    found = _code(creditor, debtor, amount, asked[0].currency, _references(asked, invoices))
    return None if isinstance(found, str) else found


def why_no_code(creditor: Creditor, invoice: Invoice) -> str | None:
    """Why a letter about one invoice would have none; None where it has one."""
    references = (clean(invoice.reference or invoice.number),)
    found = _code(creditor, ("", "", ""), invoice.owed.amount, invoice.currency, references)
    return found if isinstance(found, str) else None


def _code(
    creditor: Creditor, debtor: tuple[str, str, str], amount: Decimal, currency: str, references: Sequence[str]
) -> PaymentCode | str:
    ways = creditor.payment.in_currency(currency)
    if not ways.iban:
        return f"there is no account for {currency}"
    swiss = swiss_bill(
        creditor=(clean(creditor.name), creditor.address, _country(creditor.calendar.region)),
        debtor=debtor,
        iban=ways.iban,
        amount=amount,
        currency=currency,
        references=references,
    )
    if isinstance(swiss, SwissBill):
        return swiss
    transfer = epc_payment(
        name=clean(creditor.name),
        iban=ways.iban,
        bic=ways.bic,
        amount=amount,
        currency=currency,
        references=references,
    )
    if transfer is not None:
        return transfer
    if ways.is_swiss:
        return swiss
    return "the EPC code is for euros only" + (
        f", not for {currency}" if currency != "EUR" else " up to 999,999,999.99"
    )


def picture_of(code: PaymentCode) -> bytes:
    """The code as a PNG for a letter's HTML part."""
    return png(code.payload, swiss=isinstance(code, SwissBill))


def _references(asked: Sequence[Claim], invoices: Mapping[str, Invoice]) -> tuple[str, ...]:
    """What the client writes into the transfer, each once: the invoice's own reference, else its number."""
    found: dict[str, None] = {}
    for claim in asked:
        invoice = invoices.get(claim.number)
        found[clean(invoice.reference) if invoice and invoice.reference else clean(claim.number)] = None
    return tuple(found)


def _country(region: str) -> str:
    return region.partition("-")[0]
