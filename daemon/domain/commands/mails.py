"""The owner's words about mails: whose an unmatched one is, and that there is nothing to answer."""

from __future__ import annotations

from daemon.domain import journal as j
from daemon.domain.answers.arrival import Arrival
from daemon.domain.answers.react_people import assigned
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.reading import Kind, Match, Reading
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.errand import Command, Desk, Done, named
from daemon.domain.commands.holds import still_held
from daemon.domain.commands.target import Target, nearest
from daemon.domain.journal import Because
from daemon.domain.standing.case import Case

# What a mail leaves open until it is answered or dismissed (DESIGN 6.4); the rest it does is for other commands.
_WAITS_FOR_ANSWER = frozenset({Because.REPLY, Because.WRONG_CONTACT, Because.COMPLAINT, Because.OTHER_THREAD})
_INSTEAD = {
    Because.CLAIMS_PAID: "they say it is paid: `paid {0}`, or `missing {0}`",
    Because.PROMISE: "they promised to pay: `resume {0}` ends the waiting",
    Because.DISPUTE: "they dispute it: `resume {0}` lets letters go on, `hold {0}` keeps them",
    Because.STOP: "they want no more mail: `resume {0}` lets letters go on, `hold {0}` keeps them",
}


def of_a_mail(command: Command, target: Target, desk: Desk) -> Done | Refusal:
    """What can be said of a mail that belongs to no client: whose it is, or that nobody wants anything of it."""
    mail = desk.history.unmatched.get(target.ref or "")
    if mail is None:
        return Refusal(f"item {target.item} is put away already")
    if command.name == "assign":
        return _assign(command, mail, desk)
    if command.name not in ("stop", "ignore"):
        return Refusal(
            f"item {target.item} is a mail that belongs to no client:"
            f" `assign {target.item} CLIENT` says whose it is, `ignore {target.item}` puts it away"
        )
    dismissed = j.MailDismissed(at=desk.at, mail=mail.mail)
    if command.name == "stop":
        return Done((dismissed,), "put away")
    lifted = _lifted(desk, mail.mail)
    return Done((dismissed, *lifted), "put away; letters go on" if lifted else "put away")


def assign(command: Command, target: Target, desk: Desk, case: Case) -> Refusal:
    """Only a mail that belongs to no client can be given to one."""
    return Refusal(f"{command.target} is no mail of an unknown sender: assign ITEM CLIENT [NUMBER..]")


def ignore(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    """There is nothing to answer: what a client's mail holds back until it is answered goes on."""
    today, wanted = desk.today(case.client.key), set(target.numbers)
    holds = [hold for hold in case.history.holds if hold.until is None or today <= hold.until]
    if target.kind == "hold":
        holds = [hold for hold in holds if hold.hold_id == target.ref]
    else:
        holds = [hold for hold in holds if hold.mail and (not hold.numbers or wanted & set(hold.numbers))]
    mails = {hold.mail for hold in holds if hold.mail and hold.because in _WAITS_FOR_ANSWER}
    if not mails:
        instead = next((_INSTEAD[hold.because] for hold in holds if hold.because in _INSTEAD), None)
        if instead is not None:
            return Refusal(f"{named(target)}: {instead.format(command.target)}")
        return Refusal(f"no mail about {named(target)} waits for an answer")
    lifted = [entry for mail in mails if mail for entry in _lifted(desk, mail)]
    dismissed = [j.MailDismissed(at=desk.at, mail=mail) for mail in mails if mail and mail in desk.history.unmatched]
    words = f"{named(target)}: nothing to answer; the ladder goes on"
    return Done((*lifted, *dismissed), words + still_held(case, target.numbers, today, lifted))


def _assign(command: Command, mail: j.MailUnmatched, desk: Desk) -> Done | Refusal:
    """It counts as an answer of theirs that nobody understood: recorded, and held until a review.

    The address that wrote is shown, and never used by itself (promise 4).
    """
    key = client_named(command.client, desk.ledger)
    if isinstance(key, Refusal):
        return key
    case, today = desk.case(key), desk.today(key)
    known = [invoice.number for invoice in desk.ledger.by_client[key] if not invoice.credit]
    numbers = tuple(dict.fromkeys(number.removeprefix(f"{key}/") for number in command.numbers))
    for number in numbers:
        if number not in known:
            return Refusal(f"{key} has no invoice {number!r}{nearest(number, known)}")
    reading = Reading(
        mail=mail.mail,
        kind=Kind.REPLY,
        match=Match(client=key, numbers=numbers),
        sender=mail.sender,
        subject=mail.subject,
        message_id=mail.message_id,
        because=("you said whose it is",),
    )
    before = _lifted(desk, mail.mail)
    ended = {(entry.client, entry.hold_id) for entry in before}
    follows = [
        entry
        for entry in assigned(case, Arrival(reading=reading, today=today, at=desk.at))
        if not (isinstance(entry, j.HoldLifted) and (entry.client, entry.hold_id) in ended)
    ]
    review = next(entry.review_on for entry in follows if isinstance(entry, j.HoldPlaced))
    words = f"{', '.join(numbers) or f'all of {key}'} held like after an answer; review on {review}"
    if mail.sender not in {contact.email.lower() for contact in case.client.contacts}:
        words += f"; {mail.sender} is none of their contacts: `email {key} {mail.sender}` has letters go there"
    return Done((*before, *follows, j.MailDismissed(at=desk.at, mail=mail.mail)), words)


def client_named(text: str, ledger: Ledger) -> str | Refusal:
    """The key of a client, in whatever case it is written."""
    if not text:
        return Refusal("say whose mail it is: assign ITEM CLIENT [NUMBER..]")
    alike = [text] if text in ledger.clients else [k for k in ledger.clients if k.casefold() == text.casefold()]
    return alike[0] if len(alike) == 1 else Refusal(f"no client {text!r}{nearest(text, [*ledger.clients])}")


def _lifted(desk: Desk, mail: str) -> list[j.HoldLifted]:
    """The end of what a mail holds back until it is answered, of whichever client."""
    return [
        j.HoldLifted(at=desk.at, client=key, hold_id=hold.hold_id, on=desk.today(key), by="owner")
        for key in desk.ledger.clients
        if key in desk.history.clients
        for hold in desk.history.clients[key].holds
        if hold.mail == mail and hold.because in _WAITS_FOR_ANSWER
    ]
