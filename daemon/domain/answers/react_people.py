"""What follows when a person writes: a client, the owner, or somebody nobody could read."""

from __future__ import annotations

from datetime import date, datetime
from typing import assert_never

from daemon.domain import journal as j
from daemon.domain.answers.arrival import Arrival, Placing, call_for, received_from, shown, superseded
from daemon.domain.books.policy import Span
from daemon.domain.books.reading import Evidence, Intent
from daemon.domain.journal import Because
from daemon.domain.standing.case import Case, contact_for

OTHERS_REST = Span(2, business=True)  # the client's other invoices, when one thread is answered

# A newer answer of the client stands in the place of these; a dispute, a stop or an owner's hold it never lifts.
_SUPERSEDED = frozenset({Because.REPLY, Because.OTHER_THREAD, Because.PROMISE, Because.CLAIMS_PAID})
# The owner's own answer settles what the client's mails had left open.
_ANSWERED = _SUPERSEDED | {Because.WRONG_CONTACT, Because.COMPLAINT, Because.OWNER_WROTE}
# What somebody says of an invoice, named or not.
_ABOUT_MONEY = frozenset(
    {Intent.PAID, Intent.DISPUTE, Intent.PROMISE, Intent.EXTENSION, Intent.CANNOT_PAY, Intent.STOP}
)


def reply(case: Case, arrival: Arrival) -> tuple[j.AnyEntry, ...]:
    reading = arrival.reading
    match = reading.match
    if not match.known_sender and match.evidence is Evidence.NONE:  # a number binds only from the client's own domain
        return (shown(reading, arrival.today, arrival.at),)  # a stranger who names an invoice
    intent = reading.intent or Intent.UNCLEAR
    tied = match.ours or match.numbers or match.evidence is Evidence.THREAD
    if tied or (intent in _ABOUT_MONEY and case.open_numbers):
        return in_the_thread(case, arrival, intent)
    return _about_something_else(case, arrival, Placing(case, arrival), str(intent))


def in_the_thread(case: Case, arrival: Arrival, intent: Intent, said: str = "") -> tuple[j.AnyEntry, ...]:
    """An answer about invoices that we know: they are held, and the client's others rest two business days.

    It stands in the place of the client's earlier answers.  One that brings its own end (a promise) does so for
    holds without one only where it carries our id: nobody who merely writes the client's name into From can set a
    ladder going (promise 4).
    """
    numbers, placed, ours = arrival.reading.match.numbers, Placing(case, arrival), arrival.reading.match.ours
    told = intent not in _ABOUT_MONEY or not case.open_numbers or bool(set(numbers) & set(case.open_numbers))
    if not told:  # no invoice is named, or one that is paid: it is about all that is open
        numbers, said, intent = (), str(intent), Intent.UNCLEAR
    follows = _by_intent(case, arrival, intent, numbers, placed)
    ends = any(isinstance(entry, j.HoldPlaced) and entry.until is not None for entry in follows)
    lifted = superseded(case, arrival, numbers, _SUPERSEDED, ending_only=ends and not ours, told=told)
    entries = [received_from(case, arrival, said or str(intent)), *lifted, *follows]
    others = tuple(n for n in case.open_numbers if n not in numbers) if numbers else ()
    if others:
        until = OTHERS_REST.after(arrival.today, case.client.calendar)
        entries.append(placed.hold(others, Because.OTHER_THREAD, until=until))
    return tuple(entries)


def _by_intent(
    case: Case, arrival: Arrival, intent: Intent, numbers: tuple[str, ...], placed: Placing
) -> list[j.AnyEntry]:
    terms, reading = case.hold_terms(numbers), arrival.reading
    match intent:
        case Intent.PROMISE:
            if not _acceptable(case, arrival, numbers):
                return [placed.hold(numbers, Because.REPLY, review=terms.review)]
            assert reading.promised_on is not None
            return promise(case, numbers, reading.promised_on, arrival.today, arrival.at, reading.mail, placed)
        case Intent.PAID:
            return [placed.hold(numbers, Because.CLAIMS_PAID, review=terms.claims_paid)]
        case Intent.DISPUTE:
            raised = j.DisputeRaised(
                at=arrival.at, client=case.client.key, numbers=numbers, mail=reading.mail, on=arrival.today
            )
            return [raised, placed.hold(numbers, Because.DISPUTE, review=terms.dispute_review)]
        case Intent.WRONG_CONTACT:
            hold = placed.hold(numbers, Because.WRONG_CONTACT, review=terms.review)
            why = "says that somebody else has to be asked"
            if reading.substitute:
                why += f", and names {reading.substitute}"
            return [hold, call_for(case, arrival, "wrong-contact", why, contact_for(case, arrival.today)[0])]
        case Intent.STOP:
            return [placed.hold(numbers, Because.STOP)]
        case Intent.UNCLEAR | Intent.QUESTION | Intent.COPY | Intent.EXTENSION | Intent.CANNOT_PAY:
            return [placed.hold(numbers, Because.REPLY, review=terms.review)]
    assert_never(intent)


def _acceptable(case: Case, arrival: Arrival, numbers: tuple[str, ...]) -> bool:
    """A promise is taken by itself once, in full, not for too far ahead, and only in answer to a letter of ours.

    A forged one could else end in a letter that goes early and names what nobody has promised (promise 4).
    """
    reading = arrival.reading
    day = reading.promised_on
    if (
        day is None
        or not numbers
        or not arrival.today <= day <= case.hold_terms(numbers).max_promise.after(arrival.today, case.client.calendar)
    ):
        return False
    if reading.part or any(number in case.history.promises for number in numbers):
        return False
    if not (reading.match.ours and reading.match.known_sender):
        return False
    letter = case.history.letters.get(reading.match.letter_id or "")
    if letter is not None and not set(numbers) <= set(letter.numbers):
        return False  # it speaks of others as well: which are paid on that day, and which were, cannot be told
    about = [item for item in case.items if item.ref.number in numbers and not item.settled]
    late = [item for item in about if item.due_on <= arrival.today]
    return reading.amount is None or reading.amount >= sum(item.outstanding for item in late or about)


def promise(
    case: Case, numbers: tuple[str, ...], day: date, today: date, at: datetime, mail: str | None, placed: Placing
) -> list[j.AnyEntry]:
    """A promise that was accepted: held until the day and its grace, both included."""
    until = case.hold_terms(numbers).promise_grace.after(day, case.client.calendar)
    made = j.PromiseMade(at=at, client=case.client.key, numbers=numbers, promised_on=day, mail=mail, on=today)
    return [made, placed.hold(numbers, Because.PROMISE, until=until)]


def _about_something_else(case: Case, arrival: Arrival, placed: Placing, said: str) -> tuple[j.AnyEntry, ...]:
    """A person at the client wrote, not in a thread of ours and naming no invoice: two business days, once a letter."""
    received = received_from(case, arrival, said)
    notice = shown(arrival.reading, arrival.today, arrival.at)
    last_letter = max((r.on for r in case.history.letters.values() if r.counts), default=date.min)
    recent = [*case.history.holds]
    if any(h.because is Because.OTHER_THREAD and not h.numbers and h.on >= last_letter for h in recent):
        return (received, notice)
    until = OTHERS_REST.after(arrival.today, case.client.calendar)
    return (received, notice, placed.hold((), Because.OTHER_THREAD, until=until))


def assigned(case: Case, arrival: Arrival) -> tuple[j.AnyEntry, ...]:
    """The owner says that a mail is the client's: it counts as one that nobody understood, and is recorded once."""
    known = any(reply.mail == arrival.reading.mail for reply in case.history.replies)
    follows = in_the_thread(case, arrival, Intent.UNCLEAR)
    return tuple(entry for entry in follows if not (known and isinstance(entry, j.ReplyReceived)))


def owner_wrote(case: Case, arrival: Arrival) -> tuple[j.AnyEntry, ...]:
    """A person has taken over: what the client had asked is answered, and the ladder waits for the owner.

    A mail to the client that is in no thread of ours and names no invoice settles nothing: it may be about anything.
    It gives the letters a rest, so that they do not cross it.
    """
    match = arrival.reading.match
    if match.evidence not in (Evidence.TOKEN, Evidence.THREAD, Evidence.NUMBER, Evidence.RECIPIENT):
        return ()
    wrote = j.OwnerWrote(
        at=arrival.at,
        client=case.client.key,
        numbers=match.numbers,
        letter_id=match.letter_id,
        mail=arrival.reading.mail,
        on=arrival.today,
    )
    placed = Placing(case, arrival)
    if match.evidence is Evidence.RECIPIENT:
        until = OTHERS_REST.after(arrival.today, case.client.calendar)
        return (wrote, placed.hold((), Because.OWNER_WROTE, until=until))
    lifted = superseded(case, arrival, match.numbers, _ANSWERED)
    review = case.hold_terms(match.numbers).owner_review
    return (wrote, *lifted, placed.hold(match.numbers, Because.OWNER_WROTE, review=review))


def unreadable(case: Case, arrival: Arrival) -> tuple[j.AnyEntry, ...]:
    """From a known contact it counts as a human mail: an answer must not be lost because nobody could decode it."""
    if not (arrival.reading.match.known_sender or arrival.reading.match.ours):
        return (shown(arrival.reading, arrival.today, arrival.at),)
    placed, match = Placing(case, arrival), arrival.reading.match
    if not match.ours and not match.numbers and match.evidence is not Evidence.THREAD:
        return _about_something_else(case, arrival, placed, "unreadable")
    return in_the_thread(case, arrival, Intent.UNCLEAR, "unreadable")


def complaint(case: Case, arrival: Arrival) -> tuple[j.AnyEntry, ...]:
    """RFC 5965: they marked our letter as spam.  Only a report that carries our id counts (F44)."""
    if not arrival.reading.match.ours:
        return (shown(arrival.reading, arrival.today, arrival.at),)
    numbers = arrival.reading.match.numbers
    review = case.hold_terms(numbers).owner_review
    hold = Placing(case, arrival).hold(numbers, Because.COMPLAINT, review=review)
    return (received_from(case, arrival, "complaint"), hold)
