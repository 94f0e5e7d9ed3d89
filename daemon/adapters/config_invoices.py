"""Invoices and credit notes of the config: their schema, and what has to fit together within one."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from daemon.adapters import config_kinds as kinds
from daemon.adapters.config_shape import Field, ListOf, Record, place_of
from daemon.adapters.yaml_nodes import ListNode, MapNode, Node, Report, is_blank
from daemon.domain.books.invoice import Instalment, Invoice, Line, Method, Payment, Source, StatedHold
from daemon.domain.books.money import Money, too_fine

_EARLIEST_PAYMENT = timedelta(days=2 * 366)  # before the invoice; earlier, the year is taken for a slip
_LONGEST_TERM = timedelta(days=3 * 366)  # from the issue to the due date; longer is worth a word

Place = tuple[int, int]  # line and column, from 1


class InvoiceDraft(NamedTuple):
    """An invoice as far as it can be judged by itself, and what the checks across files name."""

    invoice: Invoice | None  # None: something in it is wrong, and reported
    number: str | None
    client: str | None
    number_at: Place
    client_at: Place
    pdf_at: Place | None = None
    against_at: Place | None = None
    policy_at: Place | None = None
    policy: str | None = None
    evidence_at: Place | None = None


def _line(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> Line:
    return Line(**values)


def _payment(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> Payment:
    return Payment(**values)


def _instalment(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> Instalment:
    return Instalment(due_on=values["due"], amount=values["amount"])


def _hold(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> StatedHold:
    return StatedHold(until=values.get("until"), because=values["because"])


LINE = Record(
    "a line of an invoice",
    {
        "what": Field(kinds.line(300), "what was done or delivered", required=True),
        "quantity": Field(kinds.DECIMAL, "how many, as in 10"),
        "unit": Field(kinds.line(40), "of what, as in hour"),
        "price": Field(kinds.DECIMAL, "of one unit, without tax"),
        "vat": Field(kinds.PERCENT, "tax in percent, as in 22"),
    },
    _line,
)
PAYMENT = Record(
    "a payment",
    {
        "on": Field(kinds.DATE, "the day on which the money came in", required=True),
        "amount": Field(kinds.MONEY, "in the invoice's currency", required=True),
    },
    _payment,
)
INSTALMENT = Record(
    "an instalment",
    {
        "due": Field(kinds.DATE, "the last day on which it is paid in time", required=True),
        "amount": Field(kinds.MONEY, "in the invoice's currency", required=True),
    },
    _instalment,
)
HOLD = Record(
    "a hold",
    {
        "until": Field(kinds.DATE, "the last day without a letter; left out, the hold lasts until you take it out"),
        "because": Field(kinds.NAME, "the reason, for the daily digest", required=True),
    },
    _hold,
)


def _invoice(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> InvoiceDraft:
    """The invoice with its places, when its parts fit together; what is wrong is not in `values`."""
    known = len(report.problems)
    due = _due(values, node, report)
    _check_amounts(values, node, report)
    _check_credit(values, node, report)
    _check_method(values, node, report)
    if "payments" in values:
        _check_payments(values, node, report)
    if "instalments" in values:
        _check_instalments(values, node, report)
    invoice = pdf = None
    if whole and due is not None and len(report.problems) == known:
        pdf = values.get("pdf")
        invoice = _build(values, node, report, due)
    places = node.entries
    return InvoiceDraft(
        invoice,
        values.get("number"),
        values.get("client"),
        place_of(places.get("number", node)),
        place_of(places.get("client", node)),
        None if pdf is None else place_of(places["pdf"]),
        place_of(places["against"]) if "against" in values else None,
        place_of(places["policy"]) if "policy" in values else None,
        values.get("policy"),
        place_of(places["evidence"]) if "evidence" in values else None,
    )


def _build(values: dict[str, Any], node: MapNode, report: Report, due: date) -> Invoice:
    currency, payable, pdf = values["currency"], values.get("payable"), values.get("pdf")
    line, column = place_of(node)
    return Invoice(
        number=values["number"],
        client=values["client"],
        total=Money(values["total"], currency),
        due_on=due,
        issued_on=values.get("issued"),
        payable=None if payable is None else Money(payable, currency),
        lines=values.get("lines", ()),
        pdf=None if pdf is None else str(Path(report.file).absolute().parent / pdf),
        evidence=tuple(str(Path(report.file).absolute().parent / file) for file in values.get("evidence", ())),
        reference=values.get("reference"),
        terms=values.get("terms"),
        instalments=values.get("instalments", ()),
        payments=values.get("payments", ()),
        hold=values.get("hold"),
        credit=values.get("credit", False),
        against=values.get("against"),
        policy=values.get("policy"),
        not_before=values.get("not_before"),
        manual=values.get("manual", False),
        method=values.get("method", Method.TRANSFER),
        returned_on=values.get("returned"),
        source=Source(file=report.file, line=line, column=column),
    )


def _due(values: dict[str, Any], node: MapNode, report: Report) -> date | None:
    """The due date; of a credit note its own date, of instalments the first one's, where none is written."""
    due: date | None = values.get("due")
    issued: date | None = values.get("issued")
    if due is not None:
        if issued is not None and due < issued:
            report.wrong(
                node.entries["due"], f"due on {due}, before it was issued on {issued}: one of the two is wrong"
            )
        elif issued is not None and due - issued > _LONGEST_TERM:
            report.notice(node.entries["due"], f"due {(due - issued).days} days after its issue: is the year right?")
        return due
    if "due" in node.entries and not is_blank(node.entries["due"]):
        return None  # not a date, and reported
    if values.get("credit"):
        if issued is None and "issued" not in node.entries:
            report.wrong(node, "`issued` is missing: a credit note needs its date")
        return issued
    if values.get("instalments"):
        first: Instalment = values["instalments"][0]
        return first.due_on
    if "instalments" not in node.entries and "credit" not in node.entries:
        report.wrong(node, "`due` is missing in an invoice: the last day on which payment is in time, as in 2026-10-31")
    return None


def _check_amounts(values: dict[str, Any], node: MapNode, report: Report) -> None:
    amount, payable, currency = values.get("total"), values.get("payable"), values.get("currency")
    if currency is not None:
        for key in ("total", "payable"):
            if key in values:
                _fine(node.entries[key], values[key], currency, report)
    if amount is not None and payable is not None and payable > amount:
        report.notice(node.entries["payable"], f"more is payable ({payable}) than the invoice's total ({amount})")


def _check_credit(values: dict[str, Any], node: MapNode, report: Report) -> None:
    if values.get("credit"):
        for odd in ("payable", "instalments", "policy", "not_before", "manual", "method", "returned"):
            if odd in values:
                report.wrong(node.key(odd), f"a credit note has no `{odd}`: take it out, or take out `credit: true`")
    elif "against" in values and ("credit" in values or "credit" not in node.entries):
        report.wrong(node.key("against"), "`against` belongs to a credit note: add `credit: true`, or take it out")


def _check_method(values: dict[str, Any], node: MapNode, report: Report) -> None:
    """Only what the bank fetches comes back, and not before there was an invoice."""
    returned, issued = values.get("returned"), values.get("issued")
    if returned is None or values.get("credit"):
        return
    unread = "method" in node.entries and "method" not in values
    if not unread and values.get("method", Method.TRANSFER) is Method.TRANSFER:
        report.wrong(
            node.key("returned"),
            "only a debit or a draft comes back unpaid: add `method: sdd` or `method: riba`, or take `returned` out",
        )
    elif issued is not None and returned < issued:
        report.wrong(
            node.entries["returned"],
            f"returned on {returned}, before the invoice was issued on {issued}: one of the two is wrong",
        )


def _check_payments(values: dict[str, Any], node: MapNode, report: Report) -> None:
    issued, currency, at = values.get("issued"), values.get("currency"), node.entries["payments"]
    for paid, amount_at, day_at in zip(values["payments"], _items(at, "amount"), _items(at, "on"), strict=True):
        if currency is not None:
            _fine(amount_at, paid.amount, currency, report)
        if issued is not None and issued - paid.on > _EARLIEST_PAYMENT:
            report.wrong(day_at, f"paid on {paid.on}, years before it was issued on {issued}: is the year right?")


def _items(node: Node, key: str) -> list[Node]:
    """The nodes of `key` in each record of a list."""
    assert isinstance(node, ListNode)
    return [item.entries[key] for item in node.items if isinstance(item, MapNode)]


def _fine(at: Node, amount: Any, currency: str, report: Report) -> None:
    wrong = too_fine(amount, currency)
    if wrong:
        report.wrong(at, wrong)


def _check_instalments(values: dict[str, Any], node: MapNode, report: Report) -> None:
    """They ascend, none is due before the issue, and together they are what is payable."""
    instalments, currency, issued = values["instalments"], values.get("currency"), values.get("issued")
    at = node.entries["instalments"]
    before: Instalment | None = None
    for one, amount_at, due_at in zip(instalments, _items(at, "amount"), _items(at, "due"), strict=True):
        if currency is not None:
            _fine(amount_at, one.amount, currency, report)
        if issued is not None and one.due_on < issued:
            report.wrong(
                due_at, f"due on {one.due_on}, before the invoice was issued on {issued}: one of the two is wrong"
            )
        if before is not None and one.due_on <= before.due_on:
            report.wrong(
                due_at, f"due on {one.due_on}, not after the instalment before it: write them in order of their dates"
            )
        before = one
    together = sum(one.amount for one in instalments)
    amount, payable = values.get("total"), values.get("payable")
    if amount is None or ("payable" in node.entries and payable is None):
        return  # not read, and reported
    if together not in (amount, payable):
        wanted = f"payable {payable} or total {amount}" if payable is not None else f"total {amount}"
        report.wrong(at, f"the instalments add up to {together}, not to {wanted}: correct one of the amounts")
    elif payable is not None and together != payable:
        report.notice(at, f"the instalments add up to the total {amount}, not to what is payable, {payable}")


INVOICE = Record(
    "an invoice",
    {
        "number": Field(kinds.NUMBER, "as printed on the invoice; in quotes", required=True),
        "client": Field(kinds.line(64), "the name under which the client stands in `clients`", required=True),
        "issued": Field(kinds.DATE, "the date of the invoice"),
        "due": Field(kinds.DATE, "the last day on which payment is in time"),
        "currency": Field(kinds.CURRENCY, "three letters, as in EUR", required=True),
        "total": Field(kinds.MONEY, "as printed on the invoice, tax included", required=True),
        "payable": Field(kinds.MONEY, "what is really owed, where it is not the total (withholding, split payment)"),
        "lines": Field(ListOf(LINE, what="lines"), "what the invoice is for; shown in the letters"),
        "pdf": Field(kinds.PATH, "the invoice itself, attached to the letters; beside the file that names it"),
        "evidence": Field(
            ListOf(kinds.PATH, what="files"),
            "signed orders, receipts, confirmations, as in [contracts/2026-041.pdf]: for `sollecito dossier`",
        ),
        "reference": Field(kinds.REFERENCE, "payment reference, as the client has to write it"),
        "terms": Field(kinds.PARAGRAPH, "terms of payment, cited from the firm reminder on"),
        "instalments": Field(ListOf(INSTALMENT, what="instalments", empty=False), "where it is paid in parts"),
        "payments": Field(ListOf(PAYMENT, what="payments"), "what has come in"),
        "policy": Field(kinds.KEY, "how this one is reminded of, where not as the client's others"),
        "not_before": Field(kinds.DATE, "no letter before this day; the ladder's clock runs on"),
        "manual": Field(kinds.BOOLEAN, "true: nothing goes by itself, only what you ask for with `remind`"),
        "method": Field(
            kinds.words("transfer", "sdd", "riba", make=Method),
            "sdd (direct debit) or riba (bank draft): your bank fetches the money, and no letter goes",
        ),
        "returned": Field(kinds.DATE, "of sdd and riba: the day on which it came back unpaid; then letters begin"),
        "hold": Field(HOLD, "no letters about this invoice, and why"),
        "credit": Field(kinds.BOOLEAN, "true: this is a credit note, its total in the client's favour"),
        "against": Field(kinds.line(60), "of a credit note: the number of the invoice that it corrects"),
    },
    _invoice,
    partial=True,
)
