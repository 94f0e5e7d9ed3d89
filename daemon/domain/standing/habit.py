"""How a client pays: on the average of the last settled invoices, in time or late (FIELD S19)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from daemon.domain.books.invoice import Invoice
from daemon.domain.books.policy import HabitTerms
from daemon.domain.journal import PaymentRecorded
from daemon.domain.standing.balance import money_in, parts_paid

ENOUGH = 2  # settled invoices before we speak of a habit


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What is known of a client's way to pay."""

    stated: bool | None = None  # `late_payer:` of the YAML; None: learned
    settled: int = 0  # invoices that are paid in full
    days_late: tuple[int, ...] = ()  # of the last of them, each instalment for itself, the oldest first; 0: in time
    terms: HabitTerms = field(default_factory=HabitTerms)

    @property
    def mean(self) -> Decimal | None:
        """Days late on the average, one decimal; None: nothing was settled yet."""
        if not self.days_late:
            return None
        mean = Decimal(sum(self.days_late)) / len(self.days_late)
        return mean.quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def learned(self) -> bool | None:
        """Whether they pay late by habit, by what happened; None: too little did."""
        if self.settled < ENOUGH:
            return None
        return sum(self.days_late) > self.terms.late * len(self.days_late)

    @property
    def late_payer(self) -> bool | None:
        """Whether late payment is their habit: as the owner says, else as learned; None: it cannot be said."""
        return self.learned if self.stated is None else self.stated

    @property
    def good_payer(self) -> bool:
        """Whether all of the last invoices were paid in time, and the owner does not say otherwise."""
        return not self.late_payer and self.settled >= ENOUGH and not any(self.days_late)


def habit_of(
    stated: bool | None,
    terms: HabitTerms,
    invoices: Iterable[Invoice],
    recorded: Mapping[str, Sequence[PaymentRecorded]],
    today: date,
) -> Habit:
    """Learn from what was paid, in the YAML and by the journal, up to `today`.

    An invoice that was paid early counts as 0 days late: it makes up for no other.  Of one in instalments each counts
    from its own day.  What the creditor's bank collects says nothing about how its payer pays.
    """
    settled, paid_on = 0, list[tuple[date, int]]()
    for invoice in invoices:
        told = recorded.get(invoice.number, ()) if recorded else ()
        if not (invoice.payments or told) or invoice.credit or invoice.is_collected(today):
            continue
        paid, last = money_in(invoice, told, today)
        if last is not None and paid >= invoice.owed.amount:
            settled += 1
            parts = parts_paid(invoice, told, today) if invoice.instalments else [(invoice.due_on, last)]
            paid_on += [(on, max((on - due_on).days, 0)) for due_on, on in parts]
    if not paid_on:
        return Habit(stated=stated, terms=terms)
    lately = sorted(paid_on)[-terms.last :]
    return Habit(stated=stated, settled=settled, days_late=tuple(days for _, days in lately), terms=terms)
