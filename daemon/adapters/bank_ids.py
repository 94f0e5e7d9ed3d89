"""What makes a booked movement the same one, whichever file tells it, and however often."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from hashlib import sha256

from daemon.domain.books.bank_statement import Flow

_NO_REFERENCE = frozenset({"", "NONREF", "NOTPROVIDED", "NOTAVAILABLE", "0", "NULL"})


class Ids:
    """The ids of one statement's entries.

    The bank's own reference is the best there is.  Where it gives none, an entry is told by account, day, amount and
    words, and what is alike in one statement is counted through: two alike payments on a day are two, also when the
    next file tells both again.
    """

    def __init__(self, account: str) -> None:
        self._account = account
        self._alike: dict[str, list[str]] = {}

    def of(
        self, booked_on: date, amount: Decimal, currency: str, flow: Flow, *, reference: str, words: str, part: int = 0
    ) -> str:
        """Args:
        reference: the bank's; `words`: all that names the payer and the purpose.
        part: which of several payments in one entry, from 1; 0: it is the only one.
        """
        known = reference.strip() if reference.strip().upper() not in _NO_REFERENCE else ""
        figures = f"{booked_on}|{amount.normalize():f}|{currency}|{flow}"
        squeezed = "".join(words.split()).casefold()
        basis = f"{self._account}|{known}|{figures}|{part}" if known else f"{self._account}|{figures}|{squeezed}"
        alike = self._alike.setdefault(basis, [])
        if known and squeezed in alike:
            place = alike.index(squeezed)  # the same reference and the same words: told twice
        else:
            place = len(alike)
            alike.append(squeezed)
        return sha256(f"{basis}|{place}".encode()).hexdigest()[:20]
