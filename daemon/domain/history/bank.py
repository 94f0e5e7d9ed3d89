"""What a bank has told so far: which movements are known, up to which day, and how long that is good for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from daemon.domain import journal as j
from daemon.domain.books.bank_statement import BankTerms
from daemon.domain.books.calendar import BusinessCalendar

_CLOSED_AFTER = 31  # days that an account may lag behind another one


@dataclass(slots=True)
class BankHistory:
    """What was read of the bank so far."""

    seen: set[str] = field(default_factory=set)  # ids of entries that are booked, asked about, or put away
    statements: set[tuple[str, str]] = field(default_factory=set)  # account and id
    until: dict[str, tuple[str, date]] = field(default_factory=dict)  # by account: currency, the last day told
    judged_on: date | None = None  # for a simulation: whether it is stale is asked as of this day

    def take_in(self, entry: j.AnyEntry) -> None:
        match entry:
            case j.BankRead():
                self.statements.add((entry.account, entry.statement))
                known = self.until.get(entry.account)
                if entry.until <= entry.on and (known is None or known[1] < entry.until):  # no day that had not come
                    self.until[entry.account] = (entry.currency, entry.until)
            case j.PaymentRecorded() | j.PaymentUnsure() | j.PaymentReversed() | j.PaymentDismissed():
                if entry.bank_id:
                    self.seen.add(entry.bank_id)
            case _:
                pass

    def as_of(self, day: date) -> BankHistory:
        """The same, for a look ahead: statements are expected to go on coming, or to stay away, as they do on `day`."""
        return replace(self, judged_on=day)


@dataclass(frozen=True, slots=True)
class BankState:
    """What the bank's data says against a reminder."""

    terms: BankTerms
    until: Mapping[str, tuple[str, date]]  # as in `BankHistory`
    judged_on: date | None

    def told_until(self, currency: str) -> tuple[date, str] | None:
        """Up to which day the bank tells, and of which account: of those in a currency the one that lags most.

        An account of which nothing came for a month more than of the newest is closed, and counts no longer.  Where no
        account has the currency, the money comes to one of the others.  None: nothing was ever told.
        """
        all_of_them = [(day, account, its) for account, (its, day) in self.until.items()]
        own = [(day, account) for day, account, its in all_of_them if its == currency]
        own = own or [(day, account) for day, account, _ in all_of_them]
        newest = max((day for day, _ in own), default=date.min)
        return min((known for known in own if (newest - known[0]).days <= _CLOSED_AFTER), default=None)

    def is_stale(self, currency: str, today: date, calendar: BusinessCalendar) -> bool:
        """Whether no statement tells of the last `fresh_within` business days: what was paid may not be known."""
        if self.terms.folder is None:
            return False
        until = self.told_until(currency)
        return until is None or (self.judged_on or today) > calendar.after(until[0], self.terms.fresh_within)


def stale_data(
    terms: BankTerms, history: BankHistory, currencies: Iterable[str], today: date, calendar: BusinessCalendar
) -> dict[str, str]:
    """Where reminders wait for newer data: `stale`, the last day told and the account; or `untold`: there was none yet.

    Nothing where all of it is fresh.
    """
    state = BankState(terms, history.until, history.judged_on)
    stale = [state.told_until(currency) for currency in currencies if state.is_stale(currency, today, calendar)]
    told = [until for until in stale if until is not None]
    if len(told) < len(stale):
        return {"untold": ""}
    return {"stale": f"{min(told)[0]} ({min(told)[1]})"} if told else {}


def state_of(terms: BankTerms | None, history: BankHistory) -> BankState | None:
    return BankState(terms, history.until, history.judged_on) if terms is not None else None
