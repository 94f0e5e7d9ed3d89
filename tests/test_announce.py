"""`announce:`: a letter stands in a digest some days before it leaves, on the ladder's own day where it can."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given

from daemon.domain import journal as j
from daemon.domain.books.invoice import Invoice
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.policy import Policy, Span
from daemon.domain.history import LetterRecord, Status
from daemon.domain.ladder.announce import NOT_YET, not_announced
from daemon.domain.ladder.decide import decide_letters
from daemon.domain.ladder.forecast import forecast
from daemon.domain.ladder.notice import notice
from daemon.domain.reports.digest import Digest, build
from daemon.domain.reports.digest_point import What
from daemon.loops.book import Step
from daemon.mail.owner.digest import render
from tests.builders import a_history, a_ledger, a_policy, an_invoice, at
from tests.digest_scene import PACKS
from tests.ladder_days import Days, days
from tests.ladder_worlds import FIRST, ledgers, quick
from tests.loop_house import House, books
from tests.plan_scene import tell
from tests.virtual_time import run_virtually

MON, TUE, WED, THU, FRI = (date(2026, 11, day) for day in range(2, 7))
_DAY = timedelta(days=1)
ONE = a_policy(announce=Span(1))


class Announcing(Days):
    """A day with its digest: planned after midnight, told at 06:30 UTC, which is 07:30 in Rome, sent at ten."""

    def digest(self, day: date) -> Digest | None:
        if day.weekday() not in self.ledger.owner.digest_on:
            return None
        found = build(
            self.ledger, self.history, today=day, now=datetime.combine(day, time(6, 30), UTC), since=None,
            read_to_end_at=None, faults=(), words=lambda _: "",
        )  # fmt: skip
        self.take_in(j.DigestSent(at=at(day, 6), on=day, items=found.items, message_id=""))
        return found

    def plan(self, day: date) -> list[j.AnyEntry]:
        found: list[j.AnyEntry] = []
        stamp = datetime.combine(day, time(0, 5), UTC)
        for key in self.ledger.clients:
            seen = notice(self.case(day, key), self.ledger.by_client[key], day, stamp)
            self.take_in(*seen)
            decided = decide_letters(self.case(day, key), day, stamp).entries
            self.take_in(*decided)
            found += [*seen, *decided]
        return found

    def offer(self, key: str, record: LetterRecord, day: date) -> bool:
        case = self.case(day, key).under(record.queued.policy)
        if record.queued.on == day and not_announced(case, record, self.history.announced, day):
            why = j.LetterWithdrawn(at=at(day), client=key, letter_id=record.queued.letter_id, because=NOT_YET)
            self.take_in(why)
            return False
        return record.queued.on <= day and super().offer(key, record, day)

    def live(self, first: date, last: date, *, without: Iterable[date] = ()) -> Announcing:
        """`without`: days on which no digest gets out."""
        silent = set(without)
        for day in days(first, last):
            self.plan(day)
            if day not in silent:
                self.digest(day)
            self.send(day)
        return self


def some_days(*invoices: Invoice, policy: Policy = ONE) -> Announcing:
    return Announcing(a_ledger(*(invoices or (an_invoice(),)), policy=policy), a_history())


def test_a_letter_keeps_the_ladders_day_and_stands_in_the_digest_of_the_day_before() -> None:
    """The first reminder is due on Monday, 2 November, two days after the due date and on a business day."""
    plain = Days(a_ledger(an_invoice(due_on=TUE)), a_history()).run(MON, date(2026, 12, 31))
    found = some_days(an_invoice(due_on=TUE)).live(MON, date(2026, 12, 31))

    assert found.letters() == plain.letters()
    assert found.letters()[0] == (THU, "first-reminder")


def test_the_digest_of_the_day_before_says_when_it_leaves_and_how_to_stop_it() -> None:
    found = some_days(an_invoice(due_on=TUE))
    found.plan(WED)
    digest = found.digest(WED)

    assert digest is not None
    [point] = digest.ahead
    assert (point.what, point.on, point.commands) == (What.AHEAD, THU, ("stop 1",))
    text = render(digest, found.ledger, PACKS["en"]).text
    assert "LEAVES ON ANOTHER DAY UNLESS YOU STOP IT" in text
    assert "5 Nov: first reminder to Anna Verdi <anna@acme.example>" in text
    tell(found, "stop", WED, "1")
    found.live(THU, THU + timedelta(days=20))
    assert found.sent == []


def test_what_no_digest_announced_waits_until_one_did() -> None:
    found = some_days(an_invoice(due_on=TUE)).live(MON, FRI + timedelta(days=7), without=[WED, THU])

    assert found.letters()[0] == (date(2026, 11, 9), "first-reminder"), "announced on Friday"


def test_a_letter_is_never_sent_on_the_day_that_first_showed_it() -> None:
    """At a start with an old invoice it is announced today, and leaves tomorrow."""
    found = some_days().live(MON, TUE)

    assert [(letter.on, letter.letter) for letter in found.sent] == [(TUE, "first-reminder")]


@pytest.mark.parametrize(("span", "on"), [(Span(1), date(2026, 11, 9)), (Span(1, business=True), date(2026, 11, 9))])
def test_over_a_weekend_without_a_digest_it_is_announced_on_friday(span: Span, on: date) -> None:
    found = some_days(an_invoice(due_on=date(2026, 11, 7)), policy=a_policy(announce=span)).live(FRI, on)

    assert found.history.announced == {}
    assert [letter.on for letter in found.sent] == [on]
    assert Days(a_ledger(an_invoice(due_on=date(2026, 11, 7))), a_history()).run(FRI, on).letters() == found.letters()


def test_what_the_owner_asks_for_or_says_go_to_needs_no_announcement() -> None:
    by_hand = some_days(an_invoice(manual=True))
    tell(by_hand, "remind", MON)
    by_hand.send(MON)
    assert [letter.on for letter in by_hand.sent] == [MON]

    approved = some_days(policy=a_policy(announce=Span(1), approve_first=True))
    approved.go = False
    approved.live(MON, MON)
    tell(approved, "go", TUE)
    approved.send(TUE)
    assert [letter.on for letter in approved.sent] == [TUE]


def test_without_announce_nothing_is_queued_ahead() -> None:
    found = some_days(an_invoice(due_on=TUE), policy=a_policy())
    found.plan(WED)

    assert found.history.of("acme").letters == {}


def announcing(ledger: Ledger) -> Ledger:
    """The same books; one ladder a client, as another one would change under a letter on its way."""
    told = {n: replace(p, announce=Span(1), good_payers=None, approve_over=None) for n, p in ledger.policies.items()}
    books = tuple(replace(invoice, policy=None) for invoice in ledger.invoices)
    return replace(ledger, policies=told, invoices=books)


@quick
@given(ledgers())
def test_every_letter_of_the_ladder_was_in_a_digest_the_day_before(ledger: Ledger) -> None:
    found = Announcing(announcing(ledger), a_history(begun=FIRST))
    found.go = False
    shown: dict[str, date] = {}
    for day in days(FIRST, FIRST + timedelta(days=60)):
        found.plan(day)
        digest = found.digest(day)
        for item in digest.items if digest else ():
            for ref in item.ref.split() if item.kind == "letter" else ():
                shown.setdefault(ref, day)
        found.send(day)

    for letter in found.sent:
        if letter.level:
            assert shown[letter.letter_id] < letter.on
    refs = [(c.number, c.instalment, c.level, x.to) for x in found.sent if x.level for c in x.claims]
    repeating = any(getattr(level, "every", None) for p in ledger.policies.values() for level in p.levels)
    assert repeating or len(refs) == len(set(refs))


@quick
@given(ledgers())
def test_plan_shows_the_days_on_which_letters_leave(ledger: Ledger) -> None:
    """DESIGN 6.6.  Money that the books already date to a coming day is known to `plan` only when that day comes."""
    books = announcing(ledger)
    last = FIRST + timedelta(days=45)
    shown = forecast(books, a_history(begun=FIRST), FIRST, last)
    lived = Announcing(books, a_history(begun=FIRST)).live(FIRST, last)
    dated = any(i.credit or any(p.on >= FIRST for p in i.payments) for i in books.invoices)

    if not dated:
        ours = [(x.on, x.letter, x.to) for x in shown.letters if x.on <= last]
        theirs = [(x.on, x.letter, x.to) for x in lived.sent]
        assert sorted(ours) == sorted(theirs)


def step_of(told: j.DigestSent) -> Step:
    return lambda _draft: (told,)


@pytest.mark.parametrize(("told_on", "sent"), [((TUE,), [WED]), ((WED,), []), ((TUE, WED), [WED])])
def test_the_daemon_lets_no_letter_go_that_no_digest_has_shown_in_time(
    told_on: tuple[date, ...], sent: list[date]
) -> None:
    """It is Monday, 10:30: today's digest has left, so Tuesday's shows the letter, and it leaves on Wednesday."""

    async def life() -> list[date]:
        house = House(books(policy=ONE))
        for day in days(MON, WED):
            before = datetime.combine(day, time(6, 30), UTC) - house.world.now()
            await house.live(max(before.total_seconds(), 1))
            digest = build(
                house.book.ledger, house.book.history, today=day, now=house.world.now(), since=None,
                read_to_end_at=None, faults=(), words=lambda _: "",
            )  # fmt: skip
            told = j.DigestSent(at=house.world.now(), on=day, items=digest.items, message_id="")
            if day in told_on:
                await house.book.record(step_of(told))
        await house.live(6 * 3600)
        records = house.book.history.of("acme").letters.values()
        assert len(house.relay.sent) == len([r for r in records if r.status is Status.SENT])
        return [record.on for record in records if record.status is Status.SENT]

    assert run_virtually(life()) == sent
