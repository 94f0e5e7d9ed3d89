"""What holds for every life in which the owner gives up money and tells addresses."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.command import Command, Desk, Done, execute
from daemon.domain.history import Status
from daemon.domain.reports.status import status_document
from daemon.domain.standing.case import contact_for
from tests.builders import at
from tests.digest_scene import desk, digest_of, scene_history, scene_ledger, with_digest
from tests.ladder_days import Days
from tests.ladder_worlds import Event, days_ahead, ledgers, quick
from tests.test_properties_ladder import LAST, LIVES, a_life

WEEKS = timedelta(days=60)


def tell(lived: Days, today: date, name: str, target: str, **given: str) -> Done | None:
    books = Desk(ledger=lived.ledger, history=lived.history, today=lambda _: today, at=at(today, 12))
    answer = execute(Command(name=name, target=target, **given), books)  # type: ignore[arg-type]  # words only
    if isinstance(answer, Done):
        lived.take_in(*answer.entries)
        return answer
    return None


@quick
@given(ledgers(portal=True), LIVES, days_ahead, st.integers(0, 3))
def test_what_is_given_up_is_never_claimed_called_about_or_paid(
    ledger: Ledger, life: list[Event], today: date, pick: int
) -> None:
    lived = a_life(ledger, [event for event in life if event.what != "resume"], until=today)
    number = ledger.invoices[pick % len(ledger.invoices)].number
    if tell(lived, today, "write-off", f"acme/{number}") is None:
        return
    sent, calls, handovers = len(lived.sent), len(lived.calls), len(lived.handovers)
    lived.run(today + timedelta(days=1), today + WEEKS)

    assert not any(claim.number == number for letter in lived.sent[sent:] for claim in letter.claims if letter.level)
    assert not any(number in call.numbers for call in lived.calls[calls:])
    assert not any(number in handover.numbers for handover in lived.handovers[handovers:])
    rows = status_document(lived.ledger, lived.history, lambda _: today + WEEKS, None)["invoices"]
    [row] = [row for row in rows if row["number"] == number]
    paid_later = any(p.on > today for i in ledger.invoices if i.number == number for p in i.payments)
    assert row["state"] == "written-off" or (paid_later and row["state"] == "paid")


@quick
@given(ledgers(), LIVES, days_ahead)
def test_letters_go_where_the_owner_said_while_that_address_works(
    ledger: Ledger, life: list[Event], today: date
) -> None:
    lived = a_life(ledger, [event for event in life if event.what != "email"], until=today)
    tell(lived, today, "email", "acme", text="told@acme.example")
    sent = len(lived.sent)
    lived.run(today, min(today + WEEKS, LAST + WEEKS))
    contact, _ = contact_for(lived.case(today), today)

    assert contact is not None
    assert {letter.to for letter in lived.sent[sent:]} <= {"told@acme.example"}
    pending = [r for r in lived.history.of("acme").letters.values() if r.status is Status.QUEUED]
    assert all(record.queued.to == "told@acme.example" for record in pending)
    assert isinstance(lived.history.of("acme").told.contact, j.ContactTold)


NAMES = (
    "paid", "missing", "write-off", "hold", "resume", "promise", "plan-payment", "dispute", "called", "note", "email",
    "assign", "ignore", "go", "stop", "remind", "statement", "settle", "forget", "",
)  # fmt: skip
TARGETS = st.one_of(
    st.integers(0, 18).map(str), st.sampled_from(["acme", "acme/2026-041", "2026-038", "delta-1", "eta-c1"]), st.text()
)
WORDS = st.one_of(st.text(), st.sampled_from(["paid", "promised 2026-11-24", "sent", "voicemail", "x@acme.example"]))
COMMANDS = st.builds(
    Command,
    name=st.sampled_from(NAMES),
    target=TARGETS,
    amount=st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=2),
    day=st.none() | st.dates(),
    text=WORDS,
    everything=st.booleans(),
    count=st.none() | st.integers(-1, 99),
    every=st.sampled_from(["", "month", "2w", "x"]),
    cancel=st.booleans(),
    currency=st.sampled_from(["", "EUR", "XXX"]),
    client=st.sampled_from(["", "beta", "Acme", "nobody"]),
    numbers=st.lists(st.sampled_from(["2026-050", "beta/2026-050", "2026-041", ""]), max_size=2).map(tuple),
)


@quick
@given(st.lists(COMMANDS, min_size=1, max_size=4))
def test_whatever_is_commanded_is_done_or_refused_in_words_and_can_be_recorded(commands: list[Command]) -> None:
    ledger, history = scene_ledger(), scene_history()
    with_digest(history, digest_of(ledger, history))
    for command in commands:
        answer = execute(command, desk(ledger, history))
        assert isinstance(answer, Done | Refusal)
        assert answer.words if isinstance(answer, Done) else answer.because
        for entry in answer.entries if isinstance(answer, Done) else ():
            history.take_in(j.decode(j.encode(entry)))
    digest_of(ledger, history)
