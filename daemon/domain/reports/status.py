"""Where every invoice stands, as the `status` document that scripts may rely on (DESIGN 5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from daemon.domain.books.ledger import Ledger
from daemon.domain.history import ClientHistory, History, LetterRecord, Status
from daemon.domain.journal import Because, HoldPlaced, LetterQueued
from daemon.domain.ladder.decide import Decided, Quiet, Why, decide_letters
from daemon.domain.ladder.forecast import forecast, start_of
from daemon.domain.standing.balance import Item
from daemon.domain.standing.case import Case, case_of
from daemon.domain.standing.open_calls import is_corrected, is_overtaken
from daemon.domain.standing.plan_days import is_missed

_NOTHING = Decimal("0.00")
_AHEAD = timedelta(days=60)
_MOST = 300  # open invoices and instalments
Document = dict[str, Any]  # what `json.dumps` takes


def stamp(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with Z, whole seconds."""
    return None if moment is None else moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def status_document(
    ledger: Ledger, history: History, today_of: Callable[[str], date], read_to_end_at: datetime | None
) -> Document:
    """Every invoice of the books with its state and why nothing goes out, how the clients pay, the letters that wait.

    Also those in doubt, and the mailbox.
    """
    invoices: list[Document] = []
    clients: list[Document] = []
    cases = {key: case_of(ledger, history, key, today_of(key)) for key in ledger.clients}
    next_on = _next_letters(ledger, history, cases)
    for key, case in cases.items():
        today = case.today
        decision = decide_letters(case, today, start_of(today))
        clients.append(_client_row(case))
        reasons: dict[str, list[Quiet]] = {}
        for quiet in decision.quiet:
            reasons.setdefault(quiet.ref.number, []).append(quiet)
        by_number: dict[str, list[Item]] = {}
        for item in case.items:
            by_number.setdefault(item.ref.number, []).append(item)
        going = {number for entry in decision.entries for number in _numbers(entry)}
        invoices += [
            {
                **_row(case, items, next_on.get((key, number)), today),
                "quiet": None if number in going else _quiet(reasons.get(number, ())),
            }
            for number, items in by_number.items()
        ]
    active = history.active_letters()
    return {
        "invoices": invoices,
        "clients": clients,
        "in_doubt": [
            letter_row(r) for _, r in active if any(d.status is Status.IN_DOUBT for d in r.deliveries.values())
        ],
        "waiting": [letter_row(record) for _, record in active if record.status is Status.WAITING],
        "mailbox": {"read_to_end_at": stamp(read_to_end_at)},
    }


def _next_letters(ledger: Ledger, history: History, cases: Mapping[str, Case]) -> dict[tuple[str, str], date]:
    """The day of the next letter by client and number, as `plan` has it; none where one waits for the owner's go.

    Where very much is open, to look ahead would keep the daemon too long from its work: what is queued is all then.
    """
    active = history.active_letters()
    letters = [record.queued for _, record in active if record.status is Status.QUEUED]
    if sum(not item.settled for case in cases.values() for item in case.items) <= _MOST:
        today = min((case.today for case in cases.values()), default=date.min)
        letters = forecast(ledger, history, today, today + _AHEAD).letters
    waits = {(client, n) for client, record in active if record.status is Status.WAITING for n in record.numbers}
    found: dict[tuple[str, str], date] = {}
    for letter in letters:
        for claim in letter.claims:
            if (letter.client, claim.number) not in waits:
                found.setdefault((letter.client, claim.number), letter.on)
    return found


def letter_row(record: LetterRecord) -> Document:
    queued = record.queued
    return {
        "letter_id": queued.letter_id,
        "client": queued.client,
        "to": queued.to,
        "letter": queued.letter,
        "invoices": list(record.numbers),
        "at": stamp(queued.at),
    }


def _numbers(entry: Decided) -> tuple[str, ...]:
    return tuple(claim.number for claim in entry.claims) if isinstance(entry, LetterQueued) else entry.numbers


def _quiet(reasons: Sequence[Quiet]) -> Document | None:
    """Why nothing goes out about an invoice today: of several instalments, the one that moves first."""
    if not reasons:
        return None
    first = min(reasons, key=lambda quiet: (quiet.why == Why.PAID, quiet.until or date.max))
    return {"why": str(first.why), "until": _iso(first.until)}


def _client_row(case: Case) -> Document:
    habit = case.habit
    return {
        "client": case.client.key,
        "policy": case.policy.name,
        "late_payer": habit.late_payer,
        "stated": habit.stated is not None,
        "mean_days_late": None if habit.mean is None else str(habit.mean),
        "settled": habit.settled,
        "told": _told(case),
    }


def _told(case: Case) -> Document | None:
    """The address that the owner told us, while the YAML still names others before it."""
    told = case.history.told.contact
    if told is None or not case.is_told or told.address.lower() in told.instead_of[:1]:
        return None
    return {"email": told.address, "name": told.name, "on": told.on.isoformat(), "instead_of": list(told.instead_of)}


def _row(case: Case, items: Sequence[Item], next_on: date | None, today: date) -> Document:
    history, invoice = case.history, items[0].invoice
    number = invoice.number
    about = [pair for item in items for pair in history.letters_about(item.ref) if pair[0].counts]
    last = max(about, key=lambda pair: pair[0].on, default=None)
    outstanding = sum((max(item.outstanding, _NOTHING) for item in items if not item.written_off), _NOTHING)
    hold = main_hold(history, number, today)
    # in the order in which they were suggested
    calls = [c for c in history.open_calls(number) if not is_corrected(case, c) and not is_overtaken(case, c)]
    stated = invoice.held_on(today)
    state = state_of(case, items, today)
    over = state in ("paid", "written-off", "handed-over")
    if over:
        calls = []  # nothing is left to call about, as in the digest
    held: Document | None = None
    if hold is not None and not over:
        held = {"because": hold.because.value, "until": _iso(hold.until), "review_on": _iso(hold.review_on)}
    elif stated is not None and not over:
        held = {"because": stated.because, "until": _iso(stated.until), "review_on": None}
    plan = history.plans.get(number)
    return {
        "number": number,
        "client": case.client.key,
        "due": min((i.due_on for i in items if not i.settled), default=invoice.due_on).isoformat(),
        "outstanding": str(outstanding),
        "currency": invoice.currency,
        "state": state,
        "level": last[1] if last else None,
        "last_letter_on": last[0].on.isoformat() if last else None,
        "next_on": _iso(next_on),
        "hold": held,
        "written_off": _written_off(history, number) if state == "written-off" else None,
        "plan": None if plan is None else {"agreed_on": plan.on.isoformat(), "parts": _parts(case, items, today)},
        "call": (
            {"because": calls[-1].because, "contact": calls[-1].contact, "phone": calls[-1].phone} if calls else None
        ),
    }


def _written_off(history: ClientHistory, number: str) -> Document:
    given_up = history.told.written_off[number]
    return {"on": given_up.on.isoformat(), "amount": str(given_up.amount), "because": given_up.because}


def _parts(case: Case, items: Sequence[Item], today: date) -> list[Document]:
    """The parts of a payment plan: what each is, what is open of it, and whether it was missed."""
    own = case.under(items[0].invoice.policy)
    return [
        {
            "instalment": item.ref.instalment,
            "due": item.due_on.isoformat(),
            "amount": str(item.owed),
            "outstanding": str(max(item.outstanding, _NOTHING)),
            "missed": is_missed(own, item, today),
        }
        for item in items
    ]


def state_of(case: Case, items: Sequence[Item], today: date) -> str:
    """One of upcoming, open, held, promised, disputed, paid, written-off, handed-over."""
    history, number = case.history, items[0].ref.number
    if all(item.settled for item in items):
        return "written-off" if any(item.given_up for item in items) else "paid"
    if number in history.handed_over:
        return "handed-over"
    reasons = {hold.because for hold in history.holds.on(number, today)}
    if Because.DISPUTE in reasons:
        return "disputed"
    longest = main_hold(history, number, today)
    if longest is not None and longest.because is Because.PROMISE:
        return "promised"
    if reasons or items[0].invoice.held_on(today):
        return "held"
    return "open" if any(item.due_on < today and not item.settled for item in items) else "upcoming"


def main_hold(history: ClientHistory, number: str, today: date) -> HoldPlaced | None:
    """The hold that lasts longest; those that only the owner lifts first, the newest of them."""
    holds = history.holds.on(number, today)
    return max(holds, key=lambda hold: (hold.until or date.max, hold.at), default=None)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
