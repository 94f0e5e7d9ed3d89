"""The Swiss QR-bill: what its code says.

Source: SIX, Swiss Implementation Guidelines QR-bill, version 2.3 (structured addresses only), chapter 4.  Written here
because the library for it, qrbill (MIT), imports python-stdnum, which is LGPL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from daemon.mail.payment.epc import short_list
from daemon.mail.payment.postal import PostalAddress, postal_address
from daemon.mail.payment.reference import bare, is_qr_iban, is_swiss, qrr_of, rf_of

CURRENCIES = ("CHF", "EUR")
_LEAST, _MOST = Decimal("0.01"), Decimal("999999999.99")
_LONGEST_MESSAGE = 140
_BEYOND = frozenset("ȘșȚț€")  # allowed besides Latin-1 and Latin Extended-A (4.1.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    name: str
    address: PostalAddress

    @property
    def lines(self) -> tuple[str, ...]:
        """As a slip prints it: the name, the street where there is one, and the place."""
        place = f"{self.address.code} {self.address.town}"
        abroad = "" if self.address.country in ("CH", "LI") else f"{self.address.country} - "
        street = f"{self.address.street} {self.address.house}".strip()
        return tuple(line for line in (self.name, street, f"{abroad}{place}") if line)


@dataclass(frozen=True, slots=True, kw_only=True)
class SwissBill:
    """What one code says."""

    iban: str
    creditor: Party
    amount: Decimal
    currency: str  # CHF or EUR
    debtor: Party | None = None  # None: who pays writes it in
    reference: str = ""  # QRR or RF, bare
    message: str = ""

    @property
    def reference_type(self) -> str:
        if not self.reference:
            return "NON"
        return "SCOR" if self.reference.startswith("RF") else "QRR"

    @property
    def payload(self) -> str:
        """The 31 lines that are not optional, in their order; the ultimate creditor is for future use."""
        lines = ["SPC", "0200", "1", self.iban, *_party(self.creditor), *_party(None)]
        lines += [f"{self.amount:.2f}", self.currency, *_party(self.debtor)]
        lines += [self.reference_type, self.reference, self.message, "EPD"]
        return "\n".join(lines)


def _party(party: Party | None) -> list[str]:
    if party is None:
        return [""] * 7
    address = party.address
    return ["S", party.name, address.street, address.house, address.code, address.town, address.country]


def swiss_bill(
    *,
    creditor: tuple[str, str, str],
    debtor: tuple[str, str, str],
    iban: str | None,
    amount: Decimal,
    currency: str,
    references: Sequence[str],
) -> SwissBill | str:
    """The QR-bill that pays everything a letter asks for, or the reason why there can be none.

    Args:
        creditor, debtor: name, address as it is written in the config, country where the address names none.
            A debtor whose address cannot be told is left for the payer to write in.
        references: what the client is to write, one an invoice: its reference, else its number.
    """
    account = bare(iban or "")
    if not is_swiss(account):
        return "the account is not Swiss"
    if currency not in CURRENCIES or not _LEAST <= amount <= _MOST:
        limits = f"up to {_MOST:,}" if currency in CURRENCIES else f"not in {currency}"
        return f"a Swiss QR-bill is in CHF or EUR, {limits}"
    ours = party(*creditor)
    if ours is None:
        return "the address is to be street, postal code and town, as in `Rue du Lac 12, 2501 Biel`"
    only = references[0] if len(references) == 1 else ""
    reference = (qrr_of(only) if is_qr_iban(account) else rf_of(only)) or ""
    if is_qr_iban(account) and not reference:
        return "this account is a QR-IBAN, to which only a QR reference of 27 digits, of one invoice, is paid"
    message = "" if reference else _latin(short_list(references, _LONGEST_MESSAGE))
    return SwissBill(
        iban=account, creditor=ours, amount=amount, currency=currency, debtor=party(*debtor), reference=reference,
        message=message,
    )  # fmt: skip


def party(name: str, address: str, country: str) -> Party | None:
    """Somebody as the code has them; None where the address cannot be told, or does not fit into its fields."""
    found = postal_address(address, country)
    name = name[:70].rstrip()
    if found is None or not name or _latin("".join((name, *found))) != "".join((name, *found)):
        return None
    limits = zip(found, (70, 16, 16, 35, 2), strict=True)
    return Party(name=name, address=found) if all(len(part) <= most for part, most in limits) else None


def _latin(text: str) -> str:
    """Only the characters that may be in the code."""
    return "".join(c for c in text if " " <= c <= "~" or "\u00a0" <= c <= "\u017f" or c in _BEYOND)
