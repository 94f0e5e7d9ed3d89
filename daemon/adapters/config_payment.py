"""How the creditor can be paid, in the config: accounts, link, and whether letters show a QR code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from daemon.adapters import config_kinds as kinds
from daemon.adapters.config_shape import Checked, Field, ListOf, Record, place_of
from daemon.adapters.config_wording import listed
from daemon.adapters.yaml_nodes import ListNode, MapNode, Report
from daemon.domain.books.client import BankAccount, Creditor, PaymentWays
from daemon.domain.books.invoice import Invoice
from daemon.mail.letters.payment_code import why_no_code
from daemon.ports import Problem

Place = tuple[int, int]  # line and column, from 1


def _account(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> BankAccount:
    return BankAccount(**values)


def _payment_ways(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> PaymentWays:
    if values.get("qr") and not {"iban", "accounts"} & node.entries.keys():
        report.wrong(node.entries["qr"], "a QR code pays to an account: add `iban`, or take `qr` out")
    lines: dict[str, int] = {}
    place = node.entries.get("accounts")
    for account, item in zip(
        values.get("accounts", ()), place.items if isinstance(place, ListNode) else (), strict=True
    ):
        assert isinstance(item, MapNode)
        at = item.entries["currency"]
        if account.currency in lines:
            said = f"{account.currency} has an account already, in line {lines[account.currency]}"
            report.wrong(at, f"{said}: letters name one account for each currency; keep one of the two")
        lines.setdefault(account.currency, at.start_mark.line + 1)
    return PaymentWays(**values)


_ACCOUNT = {
    "bic": Field(kinds.BIC, "the bank's code"),
    "bank": Field(kinds.NAME, "the bank's name"),
}
ACCOUNT = Record(
    "an account",
    {
        "currency": Field(kinds.CURRENCY, "letters in this currency name this account", required=True),
        "iban": Field(kinds.IBAN, "the account to pay to", required=True),
        **_ACCOUNT,
    },
    _account,
)
PAYMENT_WAYS = Record(
    "`payment`",
    {
        "iban": Field(kinds.IBAN, "the account to pay to"),
        **_ACCOUNT,
        "accounts": Field(ListOf(ACCOUNT, what="accounts"), "where other currencies have accounts of their own"),
        "link": Field(kinds.LINK, "where to pay online; {number} becomes the number of the invoice"),
        "note": Field(kinds.PARAGRAPH, "one more sentence about paying"),
        "qr": Field(
            kinds.BOOLEAN, "a QR code to pay by: left out, where one can be made; true: and say where not; false"
        ),
    },
    _payment_ways,
)


def payment_places(creditor: Checked | None) -> Mapping[str, Place]:
    """Where `payment` and its keys are written; () where it is not."""
    ways = creditor.place("payment") if creditor and "payment" in creditor.values else None
    if not isinstance(ways, MapNode):
        return {}
    return {"payment": place_of(ways), **{key: place_of(node) for key, node in ways.entries.items()}}


def missing_codes(
    creditor: Creditor, invoices: Iterable[Invoice], places: Mapping[str, Place], file: str
) -> tuple[Problem, ...]:
    """Why invoices have no QR code, where the owner counts on one.

    Under `qr: true` it was asked for, and that is an error; a Swiss account alone makes it worth a notice.
    """
    ways = creditor.payment
    if ways.qr is False or not places or not (ways.iban or ways.accounts):
        return ()  # nothing to pay to: that is said where it is written
    numbers: dict[str, list[str]] = {}
    count: Counter[str] = Counter()
    for invoice in invoices:
        if invoice.credit or not (ways.qr or ways.in_currency(invoice.currency).is_swiss):
            continue
        reason = why_no_code(creditor, invoice)
        if reason is not None:
            count[reason] += 1
            if len(some := numbers.setdefault(reason, [])) < 3:
                some.append(invoice.number)
    line, column = places.get("qr") or places.get("iban") or places.get("accounts") or places["payment"]
    way_out = "; without `qr: true` such letters go without one" if ways.qr else ""
    return tuple(
        Problem(
            file=file,
            line=line,
            column=column,
            message=f"no QR code for {_named(some, count[reason])}: {reason}{way_out}",
        )
        for reason, some in numbers.items()
    )


def _named(some: list[str], count: int) -> str:
    if count == len(some):
        return listed(some).replace(" or ", " and ")
    return f"{', '.join(some)} and {count - len(some)} more"
