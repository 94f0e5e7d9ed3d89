"""What follows from statements: payments booked, questions for the owner, reversals; each entry counts once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

import msgspec

from daemon.domain import journal as j
from daemon.domain.books.bank_statement import BankEntry, Flow, Statement, in_order
from daemon.domain.books.ledger import Ledger
from daemon.domain.commands.errand import Desk
from daemon.domain.commands.holds import lift
from daemon.domain.history import History
from daemon.domain.history.client_history import ClientHistory
from daemon.domain.journal import Because
from daemon.domain.payments.match_payments import book, match_payment
from daemon.domain.payments.match_reversal import Booked, booked_payments, match_reversal
from daemon.domain.payments.open_claims import OpenClaims
from daemon.domain.payments.payment_match import PaymentMatch, PaymentPart, Verdict
from daemon.domain.standing.case import case_of

_LONGEST = 140  # signs of the payer's words that are kept


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What statements tell, and what is to be recorded of it."""

    entries: tuple[j.AnyEntry, ...]
    matches: tuple[PaymentMatch, ...]  # one for each movement, the oldest first


def reckon(
    statements: Sequence[Statement],
    ledger: Ledger,
    history: History,
    today_of: Callable[[str], date],
    today: date,
    at: datetime,
    known: Collection[str] = (),
) -> Reckoned:
    """Match every entry, in the order of their days, whatever the order of the files.

    Args:
        today: the creditor's.
        known: ids that were seen in this turn, besides those that the history knows.
    """
    turn = _Turn(ledger, history, today_of, at)
    matches = []
    for entry in in_order(statements):
        if entry.id in history.bank.seen or entry.id in known:
            matches.append(PaymentMatch(entry=entry, verdict=Verdict.KNOWN, because=("it was read before",)))
        else:
            matches.append(turn.take(entry))
    read = [
        _read(s, until, today, at)
        for s in statements
        if (until := _told_until(s, today)) is not None
        and ((s.account, s.id) not in history.bank.statements or _later(s, until, history))
    ]
    return Reckoned((*turn.entries, *read), tuple(matches))


def _told_until(statement: Statement, today: date) -> date | None:
    """The last day that it can tell of; None: there is none.  A day that has not come is a slip, or a bank's habit.

    Then what it does tell counts, and not today: nobody knows when in the day it was made.
    """
    if statement.goes_on:
        return None
    if statement.until <= today:
        return statement.until
    return max((entry.booked_on for entry in statement.entries if entry.booked_on <= today), default=None)


def _read(statement: Statement, until: date, today: date, at: datetime) -> j.BankRead:
    return j.BankRead(
        at=at,
        account=statement.account,
        currency=statement.currency,
        statement=statement.id,
        file=statement.file,
        until=until,
        entries=len(statement.entries),
        on=today,
    )


def _later(statement: Statement, until: date, history: History) -> bool:
    """The same statement once more, with more days in it: some banks number a month's file, not a day's."""
    known = history.bank.until.get(statement.account)
    return known is None or known[1] < until


class _Turn:
    """The entries of one reading, one after the other; each sees what the ones before it did."""

    def __init__(self, ledger: Ledger, history: History, today_of: Callable[[str], date], at: datetime) -> None:
        self.entries: list[j.AnyEntry] = []
        self._ledger, self._history, self._today_of, self._at = ledger, history, today_of, at
        self._books = OpenClaims(ledger, history, today_of)
        self._booked: dict[str, Booked] | None = None  # by the bank's id; looked up when there is a reversal
        self._mine: dict[str, list[j.AnyEntry]] = {}  # what was found so far, by client

    def take(self, entry: BankEntry) -> PaymentMatch:
        if entry.flow is Flow.IN:
            match = self._twice(match_payment(entry, self._books))
        else:
            if self._booked is None:
                self._booked = booked_payments(self._history, self._ledger)
                for earlier in self.entries:
                    if isinstance(earlier, j.PaymentRecorded):
                        self._booked.setdefault(earlier.bank_id, Booked()).add(earlier)
            match = match_reversal(entry, self._books, self._booked)
        if match.verdict is Verdict.SURE:
            self._reverse(match) if match.undoes else self._book(match)
        elif match.verdict is Verdict.UNSURE:
            self._ask(match)
        return match

    def _twice(self, match: PaymentMatch) -> PaymentMatch:
        """Unsure where the same sum of the same day was booked from another file: it may be the same money.

        Formats have references of their own, and what is told within the day has none yet.  Within one reading two
        alike are two: a file tells each once.
        """
        entry = match.entry
        if match.verdict is not Verdict.SURE or not any(self._is_booked(part, entry) for part in match.parts):
            return match
        why = "the same sum of the same day is booked already: a second one?"
        return replace(match, verdict=Verdict.UNSURE, because=(*match.because, why))

    def _is_booked(self, part: PaymentPart, entry: BankEntry) -> bool:
        known = self._history.clients.get(part.client)
        return any(
            payment.by == "bank"
            and payment.bank_id != entry.id
            and (payment.on, payment.amount, payment.currency) == (entry.booked_on, part.amount, entry.currency)
            for payment in (known.payments.get(part.number, ()) if known else ())
        )

    def _book(self, match: PaymentMatch) -> None:
        entry = match.entry
        book(match, self._books)
        for part in match.parts:
            recorded = j.PaymentRecorded(
                at=self._at, client=part.client, number=part.number, amount=part.amount, currency=entry.currency,
                on=entry.booked_on, by="bank", bank_id=entry.id,
            )  # fmt: skip
            self._add(part.client, recorded)
            if self._booked is not None:
                self._booked.setdefault(entry.id, Booked()).add(recorded)
        for client in dict.fromkeys(part.client for part in match.parts):
            self._answer(client, tuple(part.number for part in match.parts if part.client == client))

    def _answer(self, client: str, numbers: tuple[str, ...]) -> None:
        """The client says that it is paid, and the money is here: the question is answered."""
        known = self._history.clients.get(client)
        if known is None or not any(hold.because is Because.CLAIMS_PAID for hold in known.holds):
            return
        desk = Desk(ledger=self._ledger, history=self._history, today=self._today_of, at=self._at)
        before = tuple(self._mine.get(client, ()))
        for lifted in lift(desk.case(client), desk, numbers, frozenset({Because.CLAIMS_PAID}), before):
            by_rule = msgspec.structs.replace(lifted, by="rule") if isinstance(lifted, j.HoldLifted) else lifted
            self._add(client, by_rule)

    def _reverse(self, match: PaymentMatch) -> None:
        entry = match.entry
        for part in match.parts:
            self._add(
                part.client,
                j.PaymentReversed(
                    at=self._at, client=part.client, number=part.number, amount=part.amount, currency=entry.currency,
                    bank_id=entry.id, undoes=match.undoes, on=entry.booked_on,
                ),
            )  # fmt: skip
        if self._booked is not None:
            self._booked.pop(match.undoes, None)

    def _ask(self, match: PaymentMatch) -> None:
        entry, client = match.entry, match.client
        parts = tuple(j.PaymentPart(number=part.number, amount=part.amount) for part in match.parts)
        self._add(
            client,
            j.PaymentUnsure(
                at=self._at, client=client, bank_id=entry.id, parts=parts, amount=entry.amount,
                currency=entry.currency, booked_on=entry.booked_on, name=entry.name[:_LONGEST],
                text=entry.text[:_LONGEST], because="; ".join(match.because)[:500], undoes=match.undoes,
                on=self._today_of(client),
            ),
        )  # fmt: skip
        hold = self._hold(match)
        if hold is not None:
            self._add(client, hold)

    def _hold(self, match: PaymentMatch) -> j.HoldPlaced | None:
        """No reminder about what may be paid (FIELD 2.4); where the invoice is unknown, about nothing of theirs.

        Also about what is paid: the bank may take that back.
        """
        if match.undoes:
            return None
        client, today = match.client, self._today_of(match.client)
        named = match.about or tuple(part.number for part in match.parts)
        numbers = named or tuple(claim.number for claim in self._books.open_of(client, match.entry.currency))
        if not numbers:
            return None
        known = self._history.clients.get(client) or ClientHistory(client)
        ahead = sum(isinstance(entry, j.HoldPlaced) for entry in self._mine.get(client, ()))
        return j.HoldPlaced(
            at=self._at, client=client, hold_id=known.next_hold_id(ahead),
            numbers=numbers, because=Because.BANK, on=today, note=match.entry.id,
        )  # fmt: skip

    def _add(self, client: str, entry: j.AnyEntry) -> None:
        self.entries.append(entry)
        self._mine.setdefault(client, []).append(entry)


# -- what the owner answers ---------------------------------------------------------------------------------------


def settled_as(
    unsure: j.PaymentUnsure, parts: Sequence[tuple[str, str, Decimal]], desk: Desk
) -> tuple[j.AnyEntry, ...]:
    """The payment is for these: client, number and amount of each.  What it held back goes on."""
    booked: list[j.AnyEntry] = [
        j.PaymentRecorded(
            at=desk.at, client=client, number=number, amount=amount, currency=unsure.currency, on=unsure.booked_on,
            by="bank", bank_id=unsure.bank_id,
        )
        for client, number, amount in parts
    ]  # fmt: skip
    away = [] if any(client == unsure.client for client, _, _ in parts) else [_dismissed(unsure, desk)]
    for client in dict.fromkeys(client for client, _, _ in parts):
        case = case_of(desk.ledger, desk.history, client, desk.today(client))
        numbers = tuple(number for its, number, _ in parts if its == client)
        booked += lift(case, desk, numbers, frozenset({Because.CLAIMS_PAID}))
    return (*booked, *away, *_freed(unsure, desk))


def reversed_as(unsure: j.PaymentUnsure, desk: Desk) -> tuple[j.AnyEntry, ...]:
    """It was taken back, says the owner."""
    return tuple(
        j.PaymentReversed(
            at=desk.at, client=unsure.client, number=part.number, amount=part.amount, currency=unsure.currency,
            bank_id=unsure.bank_id, undoes=unsure.undoes, on=unsure.booked_on,
        )
        for part in unsure.parts
    )  # fmt: skip


def put_away(unsure: j.PaymentUnsure, desk: Desk) -> tuple[j.AnyEntry, ...]:
    """It is for none of the invoices here; what it held back goes on."""
    return (_dismissed(unsure, desk), *_freed(unsure, desk))


def _dismissed(unsure: j.PaymentUnsure, desk: Desk) -> j.PaymentDismissed:
    return j.PaymentDismissed(at=desk.at, client=unsure.client, bank_id=unsure.bank_id, on=desk.today(unsure.client))


def _freed(unsure: j.PaymentUnsure, desk: Desk) -> list[j.AnyEntry]:
    today = desk.today(unsure.client)
    return [
        j.HoldLifted(at=desk.at, client=unsure.client, hold_id=hold.hold_id, on=today)
        for hold in desk.history.of(unsure.client).holds
        if hold.because is Because.BANK and hold.note == unsure.bank_id
    ]
