"""The owner's daily digest: what only a person can do, what will leave, what happened, and where the money is.

Pure: it reads the ledger and the history and says nothing about words or layout (`daemon.mail.owner.digest`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.domain.history import History
from daemon.domain.history.proposals import not_followed
from daemon.domain.reports.digest_decide import decisions
from daemon.domain.reports.digest_money import Owed, owed
from daemon.domain.reports.digest_news import Held, SinceThen, held, since_then
from daemon.domain.reports.digest_point import Books, Point, What
from daemon.domain.reports.digest_upcoming import calls, leaves
from daemon.domain.reports.report_money import Debts, Month, debts, pace
from daemon.domain.standing.case import case_of

SHOWN_IN_BULK = 20  # clients whose letters wait in bulk; the others are counted, and `go --all` is for all
SHOWN_LEAVING = 40  # letters that leave today
SHOWN_AHEAD = 200  # letters that are announced; what is not shown leaves a day later


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Everything that the digest says; `daemon.mail.owner.digest` puts it into words."""

    today: date  # the creditor's
    now: datetime  # UTC
    since_at: datetime | None  # when the last digest was sent
    faults: tuple[str, ...]
    decide: tuple[Point, ...]
    more_in_bulk: tuple[Point, ...]  # letters waiting in bulk that got no number; part of what is to be decided
    call: tuple[Point, ...]
    sent: tuple[j.SendingUnclear, ...] = ()  # mails with an invoice of the owner's that is not proposed
    leaves: tuple[Point, ...]
    more_leaving: int  # letters that leave today and got no number
    ahead: tuple[Point, ...] = ()  # letters that leave on a later day
    more_ahead: int = 0
    held: tuple[Held, ...]
    since: SinceThen
    money: tuple[Owed, ...]
    debts: tuple[Debts, ...] = ()  # who owes it
    pace: tuple[Month, ...] = ()  # how long clients take to pay
    read_to_end_at: datetime | None  # the mailbox, UTC
    in_doubt: int  # letters
    unmatched: int  # mails
    items: tuple[j.DigestItem, ...]

    @property
    def empty(self) -> bool:
        """Nothing to do, nothing leaves, nothing went wrong and nothing happened."""
        return not (self.faults or self.decide or self.call or self.sent or self.leaves or self.ahead or self.since)


def build(
    ledger: Ledger,
    history: History,
    *,
    today: date,
    now: datetime,
    since: datetime | None,
    read_to_end_at: datetime | None,
    faults: tuple[str, ...],
    words: Callable[[str], str],
) -> Digest:
    """Gather the digest of one morning.

    Args:
        today: the creditor's local date; `now`: UTC.  The day's letters are to be planned before.
        since: when the last digest was sent; None: this is the first one.
        read_to_end_at: when the mailbox was last read to its end; None: not yet.
        faults: what keeps the daemon from its work, in words; a name in front (`mailbox: `; those of
            `outside.FAULTS`) is said in the owner's language.
        words: the kept new words of a client's mail, by its digest; "" where none are kept.
    """
    cases = {key: case_of(ledger, history, key, today) for key in ledger.clients}
    books = Books(ledger=ledger, history=history, today=today, now=now, cases=cases)
    decide = decisions(books, since, words)
    bulk = [point for point in decide if point.what is What.BULK]
    more = sorted(bulk, key=_weight)[SHOWN_IN_BULK:]
    hidden = {point.ref for point in more}
    going = leaves(books)
    leaving, later = ([point for point in going if point.what is what] for what in (What.LEAVES, What.AHEAD))
    sections = (
        [point for point in decide if point.ref not in hidden],
        calls(books, words),
        leaving[:SHOWN_LEAVING],
        later[:SHOWN_AHEAD],
    )
    decide_, call, leave, ahead = numbered(sections, ledger)
    return Digest(
        today=today,
        now=now,
        since_at=since,
        faults=faults,
        decide=decide_,
        more_in_bulk=tuple(more),
        call=call,
        sent=not_followed(history.proposals),
        leaves=leave,
        more_leaving=len(leaving) - len(leave),
        ahead=ahead,
        more_ahead=len(later) - len(ahead),
        held=held(books, [*decide_]),
        since=since_then(books, since or now - timedelta(days=1)),
        money=owed((item for case in cases.values() for item in case.items), today),
        debts=debts(cases.values(), today),
        pace=pace(cases.values(), today),
        read_to_end_at=read_to_end_at,
        in_doubt=sum(point.what is What.DOUBT for point in decide_),
        unmatched=sum(point.kind == "unmatched" for point in decide_),
        items=tuple(as_item(point) for section in (decide_, call, leave, ahead) for point in section),
    )


def _weight(point: Point) -> tuple[object, ...]:
    """The largest first; amounts of different currencies are compared as bare figures, for order only."""
    return (-max((money.amount for money in point.money), default=0), point.client)


def numbered(sections: Iterable[list[Point]], ledger: Ledger) -> tuple[tuple[Point, ...], ...]:
    """Number the points through.  A number that is also an invoice's is passed over: `go 7` is to mean one thing."""
    item = 0
    found = []
    for section in sections:
        points = []
        for point in section:
            item += 1
            while str(item) in ledger.by_number:
                item += 1
            points.append(replace(point, item=item))
        found.append(tuple(points))
    return tuple(found)


def as_item(point: Point) -> j.DigestItem:
    return j.DigestItem(
        item=point.item, client=point.client or None, numbers=point.numbers, kind=point.kind, ref=point.ref
    )
