"""What a fresh reader asked of the books: who is renamed, removed or forgotten gets no letter a second time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.domain.history import History, Status
from daemon.domain.ladder import by_hand
from daemon.domain.ladder.decide import decide_letters, still_due
from daemon.domain.ladder.notice import notice
from daemon.domain.reports.digest import build
from daemon.domain.standing.case import case_of
from daemon.loops.desk import OwnersDesk
from daemon.loops.forget import forgetting, without_person
from tests.builders import a_case, a_client, a_contact, a_history, a_ledger, an_invoice, at
from tests.ladder_days import sent
from tests.loop_house import START, House, books
from tests.virtual_time import run_virtually

TODAY = date(2026, 11, 16)


def letters_of(house: House) -> list[j.AnyEntry]:
    return [j.decode(line) for line in house.world.lines]


def a_life(seconds: float = 600.0) -> list[j.AnyEntry]:
    """The journal of a client who got a first reminder."""

    async def life() -> House:
        house = House(books())
        await house.live(seconds)
        assert house.relay.sent == ["anna@acme.example"]
        return house

    return letters_of(run_virtually(life()))


def test_a_client_who_was_forgotten_gets_no_letter_again_because_an_address_had_failed() -> None:
    """Forgotten addresses look alike; that one of them had failed must not make every letter unsent."""
    failed = j.ContactFailed(at=START, client="acme", address="old@acme.example", reason="5.1.1", on=START.date())
    entries = [without_person(entry, "acme") for entry in (*a_life(), failed)]
    history = a_history(*entries[1:])
    case = a_case(books(), history, START.date() + timedelta(days=1))

    assert decide_letters(case, START.date() + timedelta(days=1), START).letters == ()


def digest(ledger: Ledger, history: History, day: date, since: datetime | None) -> str:
    built = build(
        ledger, history, today=day, now=at(day, 6, 30), since=since, read_to_end_at=None, faults=(), words=lambda _: ""
    )
    return repr(built.since)


def test_F57_an_invoice_that_goes_after_the_digest_is_in_the_next_one() -> None:
    """It was taken out at ten, the digest had left at half past seven: tomorrow's says so."""
    ledger = a_ledger(clients=(a_client(),))
    gone = j.InvoiceVanished(at=at(TODAY, 9), client="acme", number="2026-041", on=TODAY)
    seen = j.InvoiceSeen(
        at=at(TODAY, 1), client="acme", number="2026-041", total=an_invoice().total.amount,
        owed=an_invoice().owed.amount, currency="EUR", due_on=an_invoice().due_on, on=TODAY,
    )  # fmt: skip
    history = a_history(seen, gone)
    tomorrow = TODAY + timedelta(days=1)

    assert "vanished" in digest(ledger, history, tomorrow, at(TODAY, 6, 30))
    assert "vanished" not in digest(ledger, history, tomorrow + timedelta(days=1), at(tomorrow, 6, 30))


def test_F58_an_invoice_that_moves_to_another_client_waits_for_the_owners_go() -> None:
    """A client's key was changed in the YAML: the ladder does not begin again by itself with letters that were sent."""
    invoice = an_invoice("acme-2026-1", "acme-spa")
    ledger = a_ledger(invoice, clients=(a_client("acme-spa"),), first_start_sends=True)
    history = a_history(*a_life()[1:])
    day = START.date() + timedelta(days=9)
    letters = decide_letters(a_case(ledger, history, day, "acme-spa"), day, at(day)).letters

    assert [letter.waits_for for letter in letters] == [j.Wait.FIRST_LETTER]


def test_a_letter_asked_for_in_the_evening_leaves_on_the_next_sending_day() -> None:
    """`remind` after the window has closed: the letter is for tomorrow; for today it would be withdrawn, unseen."""

    async def life() -> House:
        house = House(books(), START + timedelta(hours=8))
        await house.live(60.0)
        desk = OwnersDesk(house.book, house.health, None, forgetting(house.book, lambda change: None))
        answer = await desk.handle("remind", {"target": "acme-2026-1"})
        assert answer["ok"], answer
        await house.live(3600.0 * 24)
        return house

    house = run_virtually(life())

    assert house.relay.sent == ["anna@acme.example"]
    assert [status for _, status in house.letters()] == [Status.SENT]


def test_a_letter_asked_for_does_not_go_to_an_address_that_was_taken_out_since() -> None:
    """The owner corrects the contact between `remind` and the window: the old address gets nothing."""
    day = START.date()
    queued = by_hand.remind(a_case(books(), a_history(), day), ("acme-2026-1",), day, START)
    assert isinstance(queued, j.LetterQueued)
    client = a_client("acme", language="en", contacts=(a_contact(email="new@acme.example"),))
    ledger = a_ledger(an_invoice("acme-2026-1"), clients=(client,))
    case = case_of(ledger, a_history(queued), "acme", day, setting_aside=queued.letter_id)

    assert (
        still_due(case, case.history.letters[queued.letter_id], day, START) == "the address is no longer in the books"
    )


def test_F57_a_client_who_goes_with_all_invoices_is_in_the_digest() -> None:
    """Not only an invoice but its client is taken out, or the file with both: the owner is told."""

    async def life() -> House:
        house = House(books("acme", "beta"))
        await house.live(600.0)
        house.book.use(books("beta"))
        await house.live(600.0)
        return house

    house = run_virtually(life())
    told = digest(house.book.ledger, house.book.history, TODAY, START)

    assert "vanished" in told
    assert "acme-2026-1" in told


def renumbered(*known: j.AnyEntry, **changes: object) -> list[j.Wait | None]:
    """What the first letter waits for about an invoice that stood in the books as 2026-41 until it was corrected."""
    figures = a_ledger(an_invoice("2026-41"))
    history = a_history(*known)
    for entry in notice(a_case(figures, history, START.date()), figures.invoices, START.date(), START):
        history.take_in(entry)
    ledger = a_ledger(an_invoice("2026-041", **changes))
    day = START.date() + timedelta(days=9)
    for entry in notice(a_case(ledger, history, day), ledger.invoices, day, at(day)):
        history.take_in(entry)
    return [letter.waits_for for letter in decide_letters(a_case(ledger, history, day), day, at(day)).letters]


PAID = j.PaymentRecorded(
    at=START, client="acme", number="2026-41", amount=Decimal(1220), currency="EUR", on=START.date(), by="owner"
)


def test_F58_an_invoice_whose_number_is_corrected_waits_for_the_owners_go() -> None:
    """Letters, answers and payments are on record under the wrong number: the ladder would begin again."""
    letters = sent("acme-1", START.date(), ("2026-41", 3))

    assert renumbered(*letters) == renumbered(PAID) == [j.Wait.FIRST_LETTER]


def test_an_invoice_that_takes_the_place_of_another_one_waits_for_nobody() -> None:
    """A new one with other figures, or one that is corrected before anything happened to it."""
    letters = sent("acme-1", START.date(), ("2026-41", 3))

    assert renumbered() == renumbered(*letters, due_on=date(2026, 10, 29)) == [None]
