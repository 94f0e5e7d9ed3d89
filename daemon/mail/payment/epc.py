"""The EPC QR code: a SEPA credit transfer to scan, in EUR only.

Source: EPC069-12 version 3.0 (guidelines for a QR code); FIELD 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from daemon.mail.payment.reference import bare, is_qr_iban, rf_of

_LEAST, _MOST = Decimal("0.01"), Decimal("999999999.99")
_LONGEST_NAME = 70
_LONGEST_TEXT = 140
_LONGEST_PAYLOAD = 331  # octets


@dataclass(frozen=True, slots=True, kw_only=True)
class EpcPayment:
    """What one code says."""

    name: str
    iban: str
    amount: Decimal  # EUR
    bic: str | None = None
    reference: str | None = None  # ISO 11649, bare; then there is no text
    text: str = ""  # what the payment is for, where there is no reference

    @property
    def payload(self) -> str:
        """The lines of version 002, charset 1 (UTF-8)."""
        lines = ["BCD", "002", "1", "SCT", self.bic or "", self.name, self.iban, f"EUR{self.amount:.2f}", ""]
        lines += [self.reference or ""] if self.reference or not self.text else ["", self.text]
        return "\n".join(lines)


def epc_payment(
    *, name: str, iban: str | None, bic: str | None, amount: Decimal, currency: str, references: Sequence[str]
) -> EpcPayment | None:
    """The code for one transfer that pays everything a letter asks for.

    Args:
        references: what the client is to write, one an invoice: its reference, else its number.

    Returns:
        None where there can be no such code: not EUR, no account, an account for Swiss QR references only, or an
        amount out of range.  A structured reference only for one invoice, and only where it is a valid RF.
    """
    if currency != "EUR" or not iban or is_qr_iban(iban) or not _LEAST <= amount <= _MOST:
        return None
    only = rf_of(references[0]) if len(references) == 1 else None
    payment = EpcPayment(
        name=name[:_LONGEST_NAME].rstrip(),
        iban=bare(iban),
        bic=bic,
        amount=amount,
        reference=only,
        text="" if only else short_list(references, _LONGEST_TEXT),
    )
    spare = _LONGEST_PAYLOAD - len(payment.payload.encode())
    if spare >= 0:
        return payment
    return EpcPayment(
        name=payment.name, iban=payment.iban, bic=bic, amount=amount,
        text=short_list(references, len(payment.text) + spare),
    )  # fmt: skip


def short_list(references: Sequence[str], most: int) -> str:
    """References in a row, as many as go into `most` octets of UTF-8, and how many more there are."""
    for count in range(len(references), 0, -1):
        left = len(references) - count
        text = ", ".join(references[:count]) + (f" +{left}" if left else "")
        if len(text.encode()) <= most:
            return text
    return references[0].encode()[:most].decode(errors="ignore") if references else ""
