"""What an order has done, in the owner's language: said from the facts that it recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.money import Money
from daemon.domain.commands.errand import Done
from daemon.mail.letters.sheet import clean, filled
from daemon.mail.owner.digest_speech import Speech


def done_words(done: Done, ledger: Ledger, speech: Speech, phrases: Mapping[str, str]) -> str:
    """A sentence for each fact that the owner wants to hear of; "" where we have no words for any.

    Args:
        phrases: `did` of `commands.yaml`.
    """
    entries: Sequence[j.AnyEntry] = done.entries
    if any(isinstance(entry, j.ContactTold) for entry in entries):  # the calls that ask for an address are over with it
        entries = [entry for entry in entries if not isinstance(entry, j.CallMade)]
    told = [said for entry in entries if (said := _said(entry, ledger, speech, phrases))]
    held = any(isinstance(entry, j.HoldPlaced) for entry in entries)
    if not told and not held and not done.goes_on and any(isinstance(entry, j.HoldLifted) for entry in entries):
        told = [_filled(phrases["goes_on"], what=_what(entry, ledger, speech)) for entry in entries[:1]]
    if done.goes_on and isinstance(first := entries[0], j.ClientEntry):
        what = f"{_name(first.client, ledger)} {speech.numbers(done.goes_on)}"
        told = [_filled(phrases["goes_on"], what=what), *told]
    return " ".join(f"{speech.sentence(one).rstrip('.')}." for one in dict.fromkeys(told))


def _said(entry: j.AnyEntry, ledger: Ledger, speech: Speech, phrases: Mapping[str, str]) -> str:
    what = _what(entry, ledger, speech)
    match entry:
        case j.PaymentRecorded():
            paid = speech.say("news_paid", what=what, money=speech.money([Money(entry.amount, entry.currency)]))
            return paid if entry.on == speech.today else f"{paid} ({speech.day(entry.on)})"
        case j.PaymentReversed():
            return speech.say("news_reversed", what=what, money=speech.money([Money(entry.amount, entry.currency)]))
        case j.PromiseMade():
            return speech.say("news_promised", what=what, date=speech.day(entry.promised_on))
        case j.DisputeRaised():
            return speech.say("news_disputed", what=what)
        case j.HandedOver():
            return speech.say("news_handed-over", what=what)
        case j.PlanAgreed():
            return speech.say("news_planned", what=what, date=speech.day(entry.parts[-1].due_on))
        case j.HoldPlaced() if entry.because is j.Because.OWNER:
            return f"{what}, {_held(entry, speech)}"
        case j.LetterReleased():
            return _filled(phrases["released"], what=what)
        case j.LetterQueued():
            return _filled(phrases["queued"], letter=speech.letter(entry.letter), what=what)
        case j.LetterWithdrawn():
            return _filled(phrases["stopped"], what=what)
        case j.DoubtSettled():
            return _filled(phrases[f"settled_{entry.outcome}"], what=what)
        case j.ContactTold():
            return _filled(phrases["email"], what=what, address=entry.address)
        case j.WrittenOff():
            money = speech.money([Money(entry.amount, entry.currency)])
            return _filled(phrases["written_off"], what=what, money=money)
        case j.CallMade():
            known = f"result_{entry.outcome}"
            result = speech.say(known) if known in speech.pack.digest else entry.result
            return speech.say("told_called", date=speech.day(entry.on), result=result)
        case j.ProposalSettled() if entry.client:
            return _filled(phrases["followed"], what=f"{_name(entry.client, ledger)} {entry.number}")
        case j.ProposalSettled():
            return _filled(phrases["not_followed"], what=entry.number)
        case j.PaymentDismissed() | j.MailDismissed():
            return _filled(phrases["seen"], what=what)
        case j.NoteTaken() | j.PaymentMissing() | j.WriteOffReversed() | j.PlanCancelled():
            return _filled(phrases[_PLAIN[type(entry).__name__]], what=what)
        case j.ReplyReceived():
            return _filled(phrases["assigned"], what=what)
        case _:
            return ""


_PLAIN = {
    "NoteTaken": "noted",
    "PaymentMissing": "goes_on",
    "WriteOffReversed": "owed_again",
    "PlanCancelled": "plan_off",
}
PHRASES = {
    "goes_on": "what",
    "released": "what",
    "queued": "letter what",
    "stopped": "what",
    "settled_sent": "what",
    "settled_resend": "what",
    "email": "what address",
    "written_off": "what money",
    "noted": "what",
    "owed_again": "what",
    "plan_off": "what",
    "seen": "what",
    "assigned": "what",
    "followed": "what",
    "not_followed": "what",
}


def _what(entry: j.AnyEntry, ledger: Ledger, speech: Speech) -> str:
    """The client and the invoices that a fact is about."""
    if not isinstance(entry, j.ClientEntry):
        return ""
    name = _name(entry.client, ledger)
    one = getattr(entry, "number", None)
    numbers: tuple[str, ...] = (one,) if one else getattr(entry, "numbers", ())
    if isinstance(entry, j.LetterQueued):
        numbers = tuple(dict.fromkeys(claim.number for claim in entry.claims))
    return f"{name} {speech.numbers(numbers)}" if numbers else name


def _name(client: str, ledger: Ledger) -> str:
    known = ledger.clients.get(client)
    return clean(known.name if known else client)


def _held(entry: j.HoldPlaced, speech: Speech) -> str:
    reason = speech.say("reason_owner")
    if entry.until:
        return speech.say("until", reason=reason, date=speech.day(entry.until))
    if entry.review_on:
        return speech.say("review", reason=reason, date=speech.day(entry.review_on))
    return reason


def _filled(phrase: str, **words: str) -> str:
    """A phrase with its words; of a mail that belongs to no client, without the place of the client's name."""
    return filled(phrase, words).lstrip(" :")
