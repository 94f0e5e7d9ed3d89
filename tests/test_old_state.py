"""F64 without servers: what shows that the state is an old one, what is taken back into it, and what waits."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial

import pytest

from daemon.domain import journal as j
from daemon.domain.books.invoice import Invoice, Payment
from daemon.domain.history import Status
from daemon.domain.ladder.lost_letter import as_it_was, numbers_named
from daemon.loops.desk import OwnersDesk
from daemon.loops.lost import LostLetters
from daemon.mail.tokens.token import message_id, token
from tests.builders import a_history, a_ledger, an_invoice, at
from tests.ladder_days import Days
from tests.loop_house import START, House, books, token_of
from tests.virtual_time import run_virtually

HOUR = 3600.0
ABOUT = "Invoice acme-2026-1 is overdue."


def a_mail(letter_id: str, *, itself: bool, token: str = "", text: str = ABOUT, sent_at: datetime = START) -> bytes:
    """A letter of ours as it lies in Sent, or the client's answer to it."""
    token = token or token_of(letter_id)
    mail = EmailMessage()
    us, them = "fatture@bianchi.example", "anna@acme.example"
    mail["From"], mail["To"] = (us, them) if itself else (them, us)
    mail["Subject"], mail["Date"] = ("Reminder" if itself else "Re: Reminder"), format_datetime(sent_at)
    if itself:
        mail["Message-ID"], mail["X-Sollecito-Id"] = message_id(token, "bianchi.example"), token
    else:
        mail["Message-ID"], mail["In-Reply-To"] = "<1@acme.example>", message_id(token, "bianchi.example")
    mail.set_content(text)
    return mail.as_bytes()


def lived(*mails: tuple[str, bytes], seconds: float = HOUR, then: str = "") -> House:
    """Some hours of a daemon that finds these mails (folder, content) at its start; then perhaps the owner's go."""

    async def life() -> House:
        house = House(books())
        for folder, content in mails:
            house.world.deliver(content, folder)
        await house.live(seconds)
        if then:
            desk = OwnersDesk(house.book, house.health, None, _forget)
            assert (await desk.handle("go", {"target": then}))["ok"]
        return house

    return run_virtually(life())


async def _forget(client: str) -> None: ...


def weeks_after(house: House) -> list[str]:
    """The letters that leave in the two weeks that follow, by the same rules."""
    days = Days(house.book.ledger, house.book.history)
    return [letter for _, letter in days.run(date(2026, 11, 3), date(2026, 11, 16)).letters()]


def test_F64_without_a_lost_letter_nothing_waits() -> None:
    house = lived()

    assert house.relay.sent == ["anna@acme.example"]
    assert not house.book.history.old.waits


def test_F64_a_letter_in_sent_that_was_never_begun_stops_all() -> None:
    """The planner queues acme-1 anew before it is seen; the journal takes the real one in its place."""
    house = lived(("Sent", a_mail("acme-1", itself=True)))
    history = house.book.history

    assert house.relay.sent == []
    assert [entry.letter_id for entry in history.old.recovered.values()] == ["acme-1"]
    assert house.letters() == [("first-reminder", Status.SENT)]
    assert [claim.number for claim in history.of("acme").letters["acme-1"].queued.claims] == ["acme-2026-1"]
    assert "sollecito go restored" in history.old.words


def test_F64_after_the_owners_go_the_ladder_goes_on_above_the_lost_letter() -> None:
    house = lived(("Sent", a_mail("acme-1", itself=True)), then="restored")

    assert house.letters() == [("first-reminder", Status.SENT)]
    assert weeks_after(house) == ["second-reminder"]


def test_F64_several_lost_letters_are_taken_in_one_after_the_other() -> None:
    """Level by level, and the next id is behind theirs."""
    first = a_mail("acme-1", itself=True, sent_at=START.replace(month=10, day=31))
    house = lived(("Sent", first), ("Sent", a_mail("acme-2", itself=True)))

    assert house.letters() == [("first-reminder", Status.SENT), ("second-reminder", Status.SENT)]
    assert house.book.history.of("acme").next_letter_id() not in ("acme-1", "acme-2")


@pytest.mark.parametrize(
    ("folder", "sent_at", "stops"),
    [
        ("Sent", START - timedelta(hours=1), True),
        ("Sent", START - timedelta(days=1), False),  # from a life before, and its keys are gone
        ("INBOX", START - timedelta(hours=1), False),  # anybody can write that
    ],
)
def test_F61_a_letter_in_sent_of_a_daemon_with_keys_of_its_own_stops_all(
    folder: str, sent_at: datetime, *, stops: bool
) -> None:
    """Two that serve one mailbox, on the old server and the new one say, would send everything twice."""
    theirs = a_mail("acme-1", itself=True, token=token("k1", b"o" * 32, "acme-1"), sent_at=sent_at)

    async def life() -> House:
        house = House(books(), START - timedelta(hours=2))  # the window opens in an hour and a half
        await house.live(60.0)
        house.world.deliver(theirs, folder)
        await house.live(2 * HOUR)
        return house

    house = run_virtually(life())

    assert house.book.history.old.waits is stops
    assert house.relay.sent == ([] if stops else ["anna@acme.example"])
    assert "another daemon" in house.book.history.old.words or not stops


def test_F64_an_answer_alone_stops_all_and_after_the_go_its_letter_counts_as_sent() -> None:
    """Sent does not have it: who would be surest is the client, whose answer names an id that only we can make."""
    answer = ("INBOX", a_mail("acme-1", itself=False, text="Which order is this about?"))
    house = lived(answer)
    assert house.relay.sent == []
    assert house.book.history.old.waits

    house = lived(answer, then="restored")
    assert house.letters() == [("first-reminder", Status.SENT)]
    assert weeks_after(house) == [], "and the client's own question holds what follows"


def test_F64_the_answer_and_then_the_letter_itself_are_one_lost_letter() -> None:
    house = lived(("INBOX", a_mail("acme-1", itself=False)), ("Sent", a_mail("acme-1", itself=True)))
    record = house.book.history.of("acme").letters["acme-1"]

    assert record.status is Status.SENT
    assert len(house.book.history.old.recovered) == 1


def test_F64_two_answers_to_one_lost_letter_are_told_once() -> None:
    """They are recorded in one turn: the second looks at what the first has found."""

    async def life() -> House:
        house = House(books())
        letters = LostLetters(house.book)
        seen = letters.seen_in(a_mail("acme-1", itself=False))
        turn = (house.book.record(partial(letters.entries, mail=mail, seen=seen)) for mail in ("first", "second"))
        await asyncio.gather(*turn)
        return house

    assert sum(b'"LetterRecovered"' in line for line in run_virtually(life()).world.lines) == 1


@pytest.mark.parametrize("token", ["sol-k1-aaaaaaaaaaaaaaaaaaaaaaaaaa", "sol-k2-aaaaaaaaaaaaaaaaaaaaaaaaaa"])
def test_F64_a_strangers_token_stops_nothing(token: str) -> None:
    """Promise 4: nobody else can make one."""
    house = lived(("INBOX", a_mail("", itself=True, token=token)), ("Sent", a_mail("", itself=True, token=token)))

    assert not house.book.history.old.waits
    assert house.relay.sent == ["anna@acme.example"]


def test_F64_a_restored_state_waits_even_where_nothing_is_lost() -> None:
    """What the owner has told since the backup is in no mailbox."""

    async def life() -> House:
        house = House(books())
        restored = j.StateRestored(at=START, on=date(2026, 11, 2), backup_at=START, entries=0)
        await house.book.record(lambda _draft: (restored,))
        await house.live(HOUR)
        assert house.relay.sent == []
        assert house.letters() == []
        desk = OwnersDesk(house.book, house.health, None, _forget)
        assert "2026-11-02 09:30 UTC" in desk.status()["faults"][0]
        assert (await desk.handle("go", {"target": "restored"}))["ok"]
        await house.live(HOUR)
        return house

    assert run_virtually(life()).relay.sent == ["anna@acme.example"]


def test_F64_a_daemon_that_runs_on_decides_at_once_after_the_owners_go() -> None:
    """Not at the next midnight: nothing was decided on while it waited, for no client."""

    async def life() -> House:
        house = House(books())
        restored = j.StateRestored(at=START, on=date(2026, 11, 2), backup_at=START, entries=0)
        await house.book.record(lambda _draft: (restored,))
        living = asyncio.create_task(house.live(HOUR))
        await asyncio.sleep(HOUR / 2)
        desk = OwnersDesk(house.book, house.health, None, _forget)
        assert (await desk.handle("go", {"target": "restored"}))["ok"]
        await living
        return house

    assert run_virtually(life()).relay.sent == ["anna@acme.example"]


def test_numbers_are_found_as_words_of_their_own() -> None:
    numbers = ["2026-04", "2026-041", "A 7"]

    assert numbers_named("about 2026-041,\nand A\n 7.", numbers) == ("2026-041", "A 7")


def lost(on: date, *numbers: str, invoices: tuple[Invoice, ...]) -> tuple[str, list[tuple[str, int]]]:
    """What a lost letter that names these numbers is taken for: its name, and (number, level) of its claims."""
    days = Days(a_ledger(*invoices, first_start_sends=True), a_history())
    queued, *_ = as_it_was(days.case(on), "acme-9", numbers, "anna@acme.example", "<m@x>", at(on))
    assert isinstance(queued, j.LetterQueued)
    assert (queued.letter_id, queued.cc, queued.waits_for) == ("acme-9", (), None)
    return queued.letter, [(claim.number, claim.level) for claim in queued.claims]


TUE = date(2026, 11, 3)
OLD, NEW = an_invoice("2026-1"), an_invoice("2026-2", due_on=date(2026, 12, 20))


def test_a_lost_letter_claims_what_it_names_and_had_come_due() -> None:
    """A statement names what is not due, too: that spends no level of it."""
    assert lost(TUE, "2026-1", "2026-2", invoices=(OLD, NEW)) == ("first-reminder", [("2026-1", 3)])


def test_a_lost_letter_that_the_ladder_had_not_called_for_was_asked_for_and_counts() -> None:
    assert lost(TUE, "2026-2", invoices=(OLD, NEW))[1] == [("2026-2", 3)]


def test_a_lost_letter_about_what_was_paid_gave_thanks() -> None:
    """They are not thanked a second time, and it spends no level."""
    paid = an_invoice("2026-1", payments=(Payment(on=date(2026, 11, 2), amount=Decimal("1220.00")),))

    assert lost(TUE, "2026-1", invoices=(paid, NEW)) == ("thank-you", [("2026-1", 0)])


def test_a_lost_letter_that_names_nothing_of_the_books_is_no_letter_of_theirs() -> None:
    days = Days(a_ledger(NEW), a_history())

    assert as_it_was(days.case(TUE), "acme-9", ("2025-1",), "", "<m@x>", at(TUE)) == ()
    assert as_it_was(days.case(TUE), "acme-9", (), "", "<m@x>", at(TUE)) == (), "nothing was due by then"
