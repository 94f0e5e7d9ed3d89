"""What is compared after each stretch of time in the model test: the journal, the history, the mailbox, the plan."""

from __future__ import annotations

from daemon.domain import journal as j
from daemon.domain.history import History
from daemon.domain.history.client_history import ClientHistory
from daemon.domain.ladder.decide import decide_letters
from daemon.domain.ladder.forecast import forecast
from daemon.domain.ladder.quiet import refs_of
from tests.model_house import ModelHouse


def look_at(house: ModelHouse) -> None:
    """After each stretch of time; what each DATA and each append must hold was looked at in its moment."""
    assert house.promises.faults == [], "\n".join(house.promises.faults)
    no_mail_was_passed_over(house)
    if house.process.book.is_writing:
        return
    living = house.process.book.history
    assert known(house.replayed()) == known(living), "replaying the journal gives another history"
    every_invoice_has_one_reason(house)


def no_mail_was_passed_over(house: ModelHouse) -> None:
    entries = [j.decode(line) for line in house.world.lines]
    for folder, (uidvalidity, uid) in house.process.book.history.cursors.items():
        if uidvalidity == house.world.uidvalidity:
            passed = {(folder, uidvalidity, n) for n in range(1, uid + 1)}
            read = {(e.folder, e.uidvalidity, e.uid) for e in entries if isinstance(e, j.MailRead)}
            assert passed <= read, f"passed over: {passed - read}"


def every_invoice_has_one_reason(house: ModelHouse) -> None:
    """And the plan names it (promise 3)."""
    book = house.process.book
    today = house.world.today
    for key in book.ledger.clients:
        case = book.case(key)
        decision = decide_letters(case, today, house.world.now())
        acted = [ref.number for letter in decision.letters for ref in refs_of(letter)]
        acted += [n for e in decision.entries if not isinstance(e, j.LetterQueued) for n in set(e.numbers)]
        silent = [quiet.ref.number for quiet in decision.quiet]
        assert sorted({*acted, *silent}) == sorted({item.ref.number for item in case.items} | set(case.credits))
        assert not set(acted) & set(silent), f"{key}: both done and not done"
        assert len(silent) == len(set(silent)), f"{key}: two reasons for one invoice"
    shown = forecast(book.ledger, book.history, today, today)
    named = {(x.client, c.number) for x in shown.letters for c in (*x.claims, *x.also_open)}
    named |= {(e.client, n) for e in (*shown.calls, *shown.handovers) for n in e.numbers}
    named |= {(s.client, s.quiet.ref.number) for s in shown.quiet}
    assert {(invoice.client, invoice.number) for invoice in book.ledger.invoices} <= named


def known(history: History) -> dict[str, object]:
    """A history to compare: without the clients of whom nothing is known."""
    clients = {key: one for key, one in history.clients.items() if one != ClientHistory(key)}
    return {**{name: getattr(history, name) for name in History.__slots__}, "clients": clients}
