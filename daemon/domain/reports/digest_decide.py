"""The points of the digest that wait for the owner: what to decide, by which command."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from daemon.domain import journal as j
from daemon.domain.books.money import Money
from daemon.domain.history import Status
from daemon.domain.history.holds import remark
from daemon.domain.journal import Because
from daemon.domain.ladder.decide import Why, pause
from daemon.domain.reports.digest_point import Books, Do, Point, What, by_currency
from daemon.domain.reports.digest_proposals import proposals

POSTPONED = timedelta(days=7)  # what a review is put off by, where the owner wants it out of the way
_MOST_CLIENTS = 3  # to whom a mail is proposed
_IN_BULK = (j.Wait.FIRST_START, j.Wait.FIRST_LETTER, j.Wait.PER_DAY)
_ASKS = frozenset({Because.REPLY, Because.WRONG_CONTACT, Because.COMPLAINT})  # asked about every day until answered
_TOLD_ONCE = frozenset({Because.DISPUTE, Because.STOP})  # asked about when it comes, and again when its review has come
_BROKEN = {Because.VANISHED: What.VANISHED, Because.REFUSED: What.REFUSED, Because.CLOCK: What.CLOCK}

Words = Callable[[str], str]


def decisions(books: Books, since: datetime | None, words: Words) -> list[Point]:
    """What waits for the owner: the oldest review first, then by kind, the longest overdue first."""
    found = [
        *_holds(books, since, words),
        *_payments(books),
        *proposals(books),
        *_letters(books),
        *_handovers(books),
        *_doubts(books),
        *_rests(books),
        *_unmatched(books, words),
    ]
    order = list(What)

    def rank(point: Point) -> tuple[object, ...]:
        if point.what in (What.REVIEW, What.CLAIMS_PAID):
            return (order.index(What.REVIEW), point.on, -(point.days or 0), point.client)
        why = point.quote if point.what is What.BULK else ""
        return (order.index(point.what), why, -(point.days or 0), point.client)

    return sorted(found, key=rank)


# -- the parts of DECIDE ----------------------------------------------------------------------------------------


def _holds(books: Books, since: datetime | None, words: Words) -> Iterator[Point]:
    for key, case in books.cases.items():
        for hold in case.history.holds:
            what = _asked(books, hold, since)
            numbers = books.open_numbers(key, hold.numbers)
            if what is None or (not numbers and not (what is What.MAIL and hold.numbers and _is_new(hold, since))):
                continue
            if _put_off(books, hold, numbers):
                continue
            reply = next((r for r in reversed(case.history.replies) if r.mail and r.mail == hold.mail), None)
            numbers = numbers or hold.numbers
            money, days = books.figures(key, numbers)
            quote = (words(hold.mail) if hold.mail else "") or (reply.subject if reply else remark(hold))
            about = reply.intent if reply and what is What.MAIL and hold.because is Because.REPLY else hold.because
            yield Point(
                what=what, client=key, name=case.client.name, numbers=numbers, money=money, days=days,
                about=str(about), quote=quote, who=_person(books, key, reply.sender) if reply else "",
                on=hold.review_on, do=_answers(books, hold, numbers, what), kind="hold", ref=hold.hold_id,
            )  # fmt: skip


def _asked(books: Books, hold: j.HoldPlaced, since: datetime | None) -> What | None:
    """Which question a hold asks today; None while it may rest."""
    if hold.on > books.today or (hold.until is not None and hold.until < books.today):
        return None
    if hold.because in _BROKEN:
        return _BROKEN[hold.because]
    if hold.review_on is not None and hold.review_on <= books.today:
        return What.CLAIMS_PAID if hold.because is Because.CLAIMS_PAID else What.REVIEW
    if hold.mail and (hold.because in _ASKS or (hold.because in _TOLD_ONCE and _is_new(hold, since))):
        return What.MAIL
    return None


def _is_new(hold: j.HoldPlaced, since: datetime | None) -> bool:
    return since is None or hold.at > since


def _put_off(books: Books, hold: j.HoldPlaced, numbers: tuple[str, ...]) -> bool:
    """`hold 2 --until ...` is an answer: the question comes back when that hold is over, or asks for itself."""
    holds = list(books.cases[hold.client].history.holds)  # in the order in which they were placed
    owners = [h for h in holds[holds.index(hold) + 1 :] if h.because is Because.OWNER]
    later = [h for h in owners if h.until is None or h.until >= books.today]
    return bool(numbers) and all(any(not h.numbers or n in h.numbers for h in later) for n in numbers)


def _answers(books: Books, hold: j.HoldPlaced, numbers: tuple[str, ...], what: What) -> tuple[Do, ...]:
    resume = () if books.stated_hold(hold.client, numbers) else (Do(name="resume"),)
    later = books.ledger.creditor.calendar.on_or_after(books.today + POSTPONED)
    wait = (*books.in_parts(hold, numbers, later), Do(name="hold", rest=f"--until {later}"))
    if what is What.CLAIMS_PAID:
        return (*books.paid(hold.client, numbers), Do(name="missing"))
    if what is What.MAIL and hold.because in _ASKS:
        return (Do(name="ignore"), *wait)
    if what in (What.VANISHED, What.REFUSED, What.CLOCK):
        return resume or wait
    return (*resume, *wait)


def _person(books: Books, client: str, sender: str) -> str:
    contacts = books.cases[client].client.contacts
    return next((c.name for c in contacts if c.email.lower() == sender), sender)


def _letters(books: Books) -> Iterator[Point]:
    for key, case in books.cases.items():
        waiting = [r for r in case.history.letters.values() if r.status is Status.WAITING]
        bulk = [r for r in waiting if r.queued.waits_for in _IN_BULK]
        singly = [[r] for r in waiting if r not in bulk]
        for records in [*([bulk] if bulk else []), *singly]:
            letters = [r.queued for r in records]
            claims = [c for letter in letters for c in letter.claims]
            days = max((days for letter in letters if (days := books.days_overdue(letter)) is not None), default=None)
            yield Point(
                what=What.BULK if records is bulk else What.GO, client=key, name=case.client.name,
                numbers=tuple(dict.fromkeys(c.number for c in claims)),
                money=by_currency([Money(c.outstanding, c.currency) for c in claims]), days=days,
                about=letters[0].letter, quote=str(letters[0].waits_for), who=letters[0].to_name,
                address=letters[0].to, do=(Do(name="go"), Do(name="stop")), kind="letter",
                ref=" ".join(letter.letter_id for letter in letters),
            )  # fmt: skip


def _payments(books: Books) -> Iterator[Point]:
    """Money of which the bank's words do not say for sure what it is for."""
    for key, case in books.cases.items():
        for unsure in case.history.unsure.values():
            known = (Do(name="paid"),) if unsure.parts else (Do(name="assign", rest=key),)
            answers = (Do(name="missing"),) if unsure.undoes else known
            yield Point(
                what=What.RETURNED if unsure.undoes else What.PAYMENT, client=key, name=case.client.name,
                numbers=unsure.numbers, money=(Money(unsure.amount, unsure.currency),), quote=unsure.text,
                still_open=_open_of(books, key, unsure.numbers),
                who=unsure.name, on=unsure.booked_on, do=(*answers, Do(name="ignore")), kind="payment",
                ref=unsure.bank_id,
            )  # fmt: skip


def _open_of(books: Books, client: str, numbers: tuple[str, ...]) -> tuple[Money, ...]:
    items = books.open_items(client, numbers)
    return by_currency([Money(item.outstanding, item.invoice.currency) for item in items])


def _handovers(books: Books) -> Iterator[Point]:
    for key, case in books.cases.items():
        seen = {id(s): s for s in case.history.handovers.values()}
        for suggested in seen.values():
            numbers = tuple(
                n
                for n in books.open_numbers(key, suggested.numbers)
                if n not in case.history.handed_over and not case.history.holds.on(n, books.today)
            )
            if numbers:
                money, days = books.figures(key, numbers)
                yield Point(
                    what=What.HANDOVER, client=key, name=case.client.name, numbers=numbers, money=money, days=days,
                    about=suggested.to, do=(Do(name="go"), Do(name="stop")), kind="handover", ref=numbers[0],
                )  # fmt: skip


def _doubts(books: Books) -> Iterator[Point]:
    """Also of a client that is no longer in the YAML: what happened to the letter is still unknown."""
    for key, history in books.history.clients.items():
        for record in history.letters.values():
            doubtful = [to for to, d in record.deliveries.items() if d.status is Status.IN_DOUBT]
            if doubtful:
                letter = record.queued
                money = by_currency([Money(c.outstanding, c.currency) for c in letter.claims])
                yield Point(
                    what=What.DOUBT, client=key, name=books.name_of(key), numbers=record.numbers, money=money,
                    days=books.days_overdue(letter), about=letter.letter, who=letter.to_name,
                    address=", ".join(doubtful), on=record.on, kind="doubt", ref=letter.letter_id,
                    do=(Do(name="settle", rest="sent"), Do(name="settle", rest="resend")),
                )  # fmt: skip


def _rests(books: Books) -> Iterator[Point]:
    write_off = (Do(name="write-off"),)
    for key, case in books.cases.items():
        late = [i for i in case.items if i.due_on < books.today]
        paused = ((i, pause(case.under(i.invoice.policy), i, books.today)) for i in late)
        small = [i for i, quiet in paused if quiet is not None and quiet.why is Why.TOLERANCE]
        for number in dict.fromkeys(i.ref.number for i in small):
            if number in case.history.handed_over or case.history.holds.on(number, books.today):
                continue
            money, days = books.figures(key, (number,))
            whole = {i.ref for i in books.open_items(key, (number,))} <= {i.ref for i in small}  # nothing else is open
            yield Point(
                what=What.REST, client=key, name=case.client.name, numbers=(number,), money=money, days=days,
                do=(*(write_off if whole else ()), *books.paid(key, (number,))), kind="balance", ref=number,
            )  # fmt: skip


def _unmatched(books: Books, words: Words) -> Iterator[Point]:
    holding = {
        hold.mail: hold.until
        for case in books.cases.values()
        for hold in case.history.holds
        if hold.because is Because.OTHER_THREAD and not hold.numbers and (hold.until or books.today) >= books.today
    }
    for mail in books.history.unmatched.values():
        here = [client for client in mail.clients if client in books.ledger.clients]
        assign = [Do(name="assign", rest=client) for client in here[:_MOST_CLIENTS]]
        yield Point(
            what=What.ELSEWHERE if mail.mail in holding else What.UNMATCHED,
            client="",
            name=", ".join(books.name_of(client) for client in mail.clients),
            about=mail.kind,
            quote=words(mail.mail) or mail.subject,
            who=mail.sender,
            on=holding.get(mail.mail, mail.on),
            do=(*assign, Do(name="ignore")),
            kind="unmatched",
            ref=mail.mail,
        )
