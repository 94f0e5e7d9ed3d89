"""Everything that the pages show, as facts: where each client and each invoice stands, and what lies ahead.

Pure, and without words (`daemon.mail.pages`).  What the digest, `status`, `plan` and `calls` say is asked of the
same functions here, so that the pages never tell another story.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from daemon.domain import journal as j
from daemon.domain.books.invoice import Invoice
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.money import Money
from daemon.domain.history import History, LetterRecord
from daemon.domain.ladder.forecast import Forecast, forecast
from daemon.domain.ladder.quiet import Quiet, Why
from daemon.domain.reports import digest
from daemon.domain.reports.call_sheet import CallSheet, call_sheet
from daemon.domain.reports.digest import Digest
from daemon.domain.reports.digest_news import Held, held
from daemon.domain.reports.digest_point import Books
from daemon.domain.reports.report_money import Debts, Month, by_invoice, debts, open_money, pace, settled_on
from daemon.domain.reports.status import state_of
from daemon.domain.standing.balance import Item
from daemon.domain.standing.case import Case, case_of
from daemon.domain.standing.open_calls import open_calls

AHEAD = 60  # days


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceFacts:
    """One invoice."""

    invoice: Invoice
    items: tuple[Item, ...]  # one, or its instalments
    state: str  # as in `status`
    outstanding: Money
    due_on: date  # of the oldest part that is open
    days: int | None  # overdue; None: nothing of it is
    paid_on: date | None  # the last payment, where all of it is settled
    last: LetterRecord | None  # the last letter that claimed it
    next_on: date | None  # the next letter, as if nobody answered
    quiet: Quiet | None  # why nothing goes out today; None: something does

    @property
    def settled(self) -> bool:
        """Whether nothing is wanted of it any more."""
        return all(item.settled for item in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientFacts:
    """One client."""

    case: Case
    invoices: tuple[InvoiceFacts, ...]  # what is open first, the longest overdue before all
    owed: tuple[Money, ...]
    overdue: tuple[Money, ...]
    days: int | None  # of the longest overdue
    held: tuple[Held, ...]
    sheets: tuple[CallSheet, ...]  # of the calls to be made today
    last_letter: LetterRecord | None

    @property
    def key(self) -> str:
        return self.case.client.key

    @property
    def notes(self) -> tuple[Invoice, ...]:
        """Credit notes."""
        return tuple(invoice for invoice in self.case.invoices if invoice.credit)

    @property
    def last_reply(self) -> j.ReplyReceived | None:
        return self.case.history.replies[-1] if self.case.history.replies else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What all pages have in common."""

    ledger: Ledger
    history: History
    today: date  # the creditor's
    now: datetime  # UTC
    digest: Digest  # as it would be sent now
    debts: tuple[Debts, ...]
    pace: tuple[Month, ...]
    ahead: Forecast
    until: date  # the last day of `ahead`
    cases: Mapping[str, Case]  # by client
    numbers: Mapping[tuple[str, str], int]  # (kind, ref) -> the number that the last digest gave to a point


def build(
    ledger: Ledger,
    history: History,
    *,
    today: date,
    now: datetime,
    read_to_end_at: datetime | None,
    faults: tuple[str, ...],
    words: Callable[[str], str],
) -> Report:
    """Gather what the pages have in common; see `daemon.domain.reports.digest.build` for the arguments."""
    cases = {key: case_of(ledger, history, key, today) for key in ledger.clients}
    last, until = history.digest, today + timedelta(days=AHEAD)
    told = digest.build(
        ledger, history, today=today, now=now, since=last.at if last else None, read_to_end_at=read_to_end_at,
        faults=faults, words=words,
    )  # fmt: skip
    return Report(
        ledger=ledger,
        history=history,
        today=today,
        now=now,
        digest=told,
        debts=debts(cases.values(), today),
        pace=pace(cases.values(), today),
        ahead=forecast(ledger, history, today, until),
        until=until,
        cases=cases,
        numbers={(item.kind, item.ref): item.item for item in last.items} if last else {},
    )


def clients(report: Report, words: Callable[[str], str]) -> Iterator[ClientFacts]:
    """Each client in turn, in the order of the books; `words` as for `build`."""
    quiet: dict[tuple[str, str], list[Quiet]] = {}
    for still in report.ahead.quiet:
        quiet.setdefault((still.client, still.quiet.ref.number), []).append(still.quiet)
    following: dict[tuple[str, str], date] = {}
    for letter in report.ahead.letters:
        for claim in letter.claims:
            following.setdefault((letter.client, claim.number), letter.on)
    for key, case in report.cases.items():
        invoices = [
            _invoice(case, items, report.today, quiet.get((key, number), ()), following.get((key, number)))
            for items in by_invoice(case.items)
            for number in [items[0].ref.number]
        ]
        late = [item for item in case.items if not item.settled and item.due_on < report.today]
        books = Books(
            ledger=report.ledger, history=report.history, today=report.today, now=report.now, cases={key: case}
        )
        left = [record for record in case.history.letters.values() if record.counts]
        yield ClientFacts(
            case=case,
            invoices=tuple(sorted(invoices, key=_urgent)),
            owed=open_money(case.items),
            overdue=open_money(late),
            days=max(((report.today - item.due_on).days for item in late), default=None),
            held=held(books, []),
            sheets=tuple(call_sheet(case, call, report.now, words) for call in open_calls(case, report.today)),
            last_letter=max(left, key=lambda record: record.on, default=None),
        )


def _invoice(
    case: Case, items: tuple[Item, ...], today: date, quiet: Sequence[Quiet], next_on: date | None
) -> InvoiceFacts:
    invoice = items[0].invoice
    still = [item for item in items if not item.settled]
    due_on = min((item.due_on for item in still), default=invoice.due_on)
    about = [record for item in items for record, _ in case.history.letters_about(item.ref) if record.counts]
    # Of several instalments the one that moves first, as in `status`.
    first = min(quiet, key=lambda q: (q.why == Why.PAID, q.until or date.max), default=None)
    return InvoiceFacts(
        invoice=invoice,
        items=items,
        state=state_of(case, items, today),
        outstanding=next(iter(open_money(items)), Money.zero(invoice.currency)),
        due_on=due_on,
        days=(today - due_on).days if still and due_on < today else None,
        paid_on=settled_on(items),
        last=max(about, key=lambda record: record.on, default=None),
        next_on=next_on,
        quiet=first,
    )


def _urgent(facts: InvoiceFacts) -> tuple[bool, int, str]:
    """What is open by its due date, then what is settled, the latest first."""
    day = facts.due_on.toordinal()
    return facts.settled, -day if facts.settled else day, facts.invoice.number
