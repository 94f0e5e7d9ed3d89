"""Everything that happened about some invoices of one client, oldest first, for whoever has to judge it later."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from daemon.domain import journal as j
from daemon.domain.books.invoice import Invoice
from daemon.domain.books.money import Money

Fact = str | int | date | Money | tuple[tuple[date, Money], ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing that happened.  `mail.dossier_timeline` has its words."""

    on: date  # the creditor's local day
    at: datetime | None  # UTC; None: the books say the day and no more
    kind: str  # a phrase of `mail.dossier_wording`
    facts: Mapping[str, Fact] = field(default_factory=dict)  # what the phrase has filled in, and what JSON adds to it
    mail: str | None = None  # the name of the letter or mail in the archive


def entries_about(entries: Iterable[j.AnyEntry], client: str, numbers: Collection[str]) -> Sequence[j.ClientEntry]:
    """What the journal holds about some invoices of one client, in its order.

    Args:
        entries: all of the journal.

    Returns:
        What names one of the invoices, or all of the client's; what became of the letters that claim one; the end of
        the holds on one; and what is about the client as a whole.
    """
    found: list[j.ClientEntry] = []
    letters: set[str] = set()
    holds: set[str] = set()
    for entry in entries:
        if not isinstance(entry, j.ClientEntry) or entry.client != client:
            continue
        named = _names(entry, numbers)
        if named and isinstance(entry, j.LetterQueued):
            letters.add(entry.letter_id)
        elif named and isinstance(entry, j.HoldPlaced):
            holds.add(entry.hold_id)
        elif isinstance(entry, j.HoldLifted):
            named = entry.hold_id in holds
        elif not named:
            whole = isinstance(entry, j.ClientForgotten | j.ContactTold)
            named = whole or getattr(entry, "letter_id", None) in letters
        if named:
            found.append(entry)
    return found


def _names(entry: j.ClientEntry, numbers: Collection[str]) -> bool:
    if isinstance(entry, j.LetterQueued):
        return any(claim.number in numbers for claim in entry.claims)
    one: str | None = getattr(entry, "number", None)
    if one is not None:
        return one in numbers
    several: tuple[str, ...] | None = getattr(entry, "numbers", None)
    return several is not None and (not several or any(number in numbers for number in several))


def timeline(
    invoices: Sequence[Invoice], entries: Sequence[j.ClientEntry], zone: ZoneInfo, today: date
) -> tuple[Moment, ...]:
    """What happened, oldest first: the invoices' own dates, and the entries about them.

    Args:
        invoices: those that it is about, as the books state them now.
        entries: of `entries_about`.
        zone: the creditor's, in which days are told.
        today: what falls due later has not happened yet.
    """
    moments = [*_of_books(invoices, today), *_of_entries(entries, zone)]
    return tuple(sorted(moments, key=lambda moment: (moment.on, moment.at is not None)))


def _of_books(invoices: Sequence[Invoice], today: date) -> Iterator[Moment]:
    for invoice in invoices:
        if invoice.issued_on is not None:
            facts: dict[str, Fact] = {"number": invoice.number, "money": invoice.total}
            yield Moment(on=invoice.issued_on, at=None, kind="issued", facts=facts)
        dues = sorted({part.due_on for part in invoice.instalments}) or [invoice.due_on]
        for due in dues:
            if due <= today:
                yield Moment(on=due, at=None, kind="due", facts={"number": invoice.number})
        if invoice.returned_on is not None and invoice.returned_on <= today:
            yield Moment(on=invoice.returned_on, at=None, kind="returned", facts={"number": invoice.number})


def _of_entries(entries: Sequence[j.ClientEntry], zone: ZoneInfo) -> Iterator[Moment]:
    letters: dict[str, j.LetterQueued] = {}
    for entry in entries:
        if isinstance(entry, j.LetterQueued):
            letters[entry.letter_id] = entry
        told = _of_letter(entry, letters[entry.letter_id]) if isinstance(entry, j.LetterEntry) else _of_client(entry)
        if told is not None:
            on = entry.on if isinstance(entry, j.PaymentRecorded) else entry.at.astimezone(zone).date()
            at = None if on != entry.at.astimezone(zone).date() else entry.at
            yield Moment(on=on, at=at, kind=told.kind, facts=told.facts, mail=told.mail)


@dataclass(frozen=True, slots=True)
class _Told:
    kind: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    mail: str | None = None


def _of_letter(entry: j.LetterEntry, queued: j.LetterQueued) -> _Told | None:
    facts: dict[str, Fact] = {"letter": queued.letter, "level": queued.level, "letter_id": queued.letter_id}
    facts["address"] = entry.to if isinstance(entry, j.LetterQueued | j.DeliveryEntry) else queued.to
    kept = f"letter-{queued.letter_id}.eml"
    match entry:
        case j.LetterQueued():
            return _Told("queued_waits" if entry.waits_for else "queued", facts)
        case j.LetterReleased():
            return _Told("released", facts)
        case j.LetterWithdrawn():
            return _Told("withdrawn", {**facts, "reason": entry.because})
        case j.DeliveryAccepted():
            return _Told("sent", {**facts, "server": entry.reply}, kept)
        case j.DeliveryDeferred():
            return _Told("deferred", {**facts, "reason": entry.reason})
        case j.DeliveryRefused():
            return _Told("refused", {**facts, "reason": entry.reason})
        case j.DeliveryInDoubt():
            return _Told("in-doubt", {**facts, "reason": entry.reason}, kept)
        case j.DeliveryGivenUp():
            return _Told("given-up", {**facts, "reason": entry.reason})
        case j.DoubtSettled():
            return _Told(f"settled_{entry.outcome}", facts)
        case _:
            return None  # a delivery that began: its end follows


def _of_client(entry: j.ClientEntry) -> _Told | None:
    match entry:
        case j.InvoiceSeen():
            return _Told("seen", {"number": entry.number, "money": Money(entry.owed, entry.currency)})
        case j.InvoiceVanished():
            return _Told("vanished", {"number": entry.number})
        case j.PaymentRecorded():
            return _Told("paid", {"number": entry.number, "money": Money(entry.amount, entry.currency)})
        case j.HoldStated():
            if not entry.held:
                return _Told("lifted")
            return _held(entry.until, "")
        case j.ContactFailed():
            return _Told("bounced", {"address": entry.address, "reason": entry.reason}, _mail(entry.mail))
        case j.ContactCleared():
            return _Told("cleared", {"address": entry.address})
        case j.ReplyReceived():
            return _Told("reply", {"address": entry.sender, "intent": entry.intent}, _mail(entry.mail))
        case j.OwnerWrote():
            return _Told("own-mail", {}, _mail(entry.mail))
        case j.AutoReplyReceived():
            kind = f"auto-reply_{entry.kind}" if entry.kind != "other" else "auto-reply"
            return _Told(kind, {"address": entry.sender, "ticket": entry.ticket or "-"}, _mail(entry.mail))
        case j.HoldPlaced():
            return _held(entry.until, entry.note if entry.because is not j.Because.BANK else "")
        case _:
            return _of_rest(entry)


def _of_rest(entry: j.ClientEntry) -> _Told | None:
    match entry:
        case j.HoldLifted():
            return _Told("lifted")
        case j.PromiseMade():
            return _Told("promised", {"date": entry.promised_on}, _mail(entry.mail))
        case j.PromiseBroken():
            return _Told("broken", {"date": entry.promised_on})
        case j.PromiseKept():
            return _Told("kept", {"date": entry.promised_on})
        case j.PlanAgreed():
            parts = tuple((part.due_on, Money(part.amount, entry.currency)) for part in entry.parts)
            return _Told("plan-agreed", {"number": entry.number, "parts": parts})
        case j.PlanBroken():
            return _Told("plan-broken", {"number": entry.number, "n": entry.instalment, "date": entry.due_on})
        case j.PlanCancelled():
            return _Told("plan-cancelled", {"number": entry.number})
        case j.DisputeRaised():
            return _Told("disputed", {"note": entry.note}, _mail(entry.mail))
        case j.CallSuggested():
            return _Told("call-suggested", {"name": entry.contact, "number": entry.phone or "-"})
        case j.CallMade():
            return _Told("called", {"result": entry.result, "outcome": entry.outcome})
        case j.HandoverSuggested():
            return _Told("handover-suggested", {"to": entry.to})
        case j.HandedOver():
            return _Told("handed-over", {"to": entry.to})
        case j.DossierMade():
            return None  # an earlier one of these
        case j.InvoiceFollowed():
            return None  # that it is in the books is said by `InvoiceSeen`
        case j.PaymentReversed():
            return _Told("payment-reversed", {"number": entry.number, "money": Money(entry.amount, entry.currency)})
        case j.PaymentUnsure() | j.PaymentDismissed():
            return None  # a question of ours to the owner
        case j.ClientForgotten():
            return _Told("forgotten")
        case j.ToldEntry():
            return _by_owner(entry)
        case _:
            return _Told("other", {"name": type(entry).__name__})


def _by_owner(entry: j.ToldEntry) -> _Told | None:
    match entry:
        case j.ContactTold():
            return _Told("address-told", {"address": entry.address})
        case j.NoteTaken():
            return _Told("noted", {"note": entry.text})
        case j.PaymentMissing():
            return _Told("payment-missing")
        case j.WrittenOff():
            return _Told("written-off", {"money": Money(entry.amount, entry.currency), "reason": entry.because})
        case j.WriteOffReversed():
            return _Told("write-off-reversed")
        case _:
            return None  # the YAML's own contacts count again: none of the client's business


def _held(until: date | None, note: str) -> _Told:
    return _Told("held_until" if until else "held", {"date": until, "note": note})


def _mail(digest: str | None) -> str | None:
    return f"mail-{digest}.eml" if digest else None
