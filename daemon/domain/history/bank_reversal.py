"""A payment that the bank took back."""

from __future__ import annotations

from collections.abc import Sequence

from daemon.domain import journal as j
from daemon.domain.history.same_payment import is_one


def without_reversed(recorded: Sequence[j.PaymentRecorded], entry: j.PaymentReversed) -> list[j.PaymentRecorded]:
    """The payments of an invoice less the one that the bank took back.

    Where the owner had told the same payment by command, that goes with it.  What the YAML says is the owner's to
    change.
    """
    gone = next((p for p in recorded if p.by == "bank" and p.bank_id == entry.undoes), None)
    if gone is None:
        return list(recorded)
    left = [payment for payment in recorded if payment is not gone]
    twin = next((p for p in left if p.by == "owner" and is_one(p.amount, p.on, gone.amount, gone.on)), None)
    return [payment for payment in left if payment is not twin]
