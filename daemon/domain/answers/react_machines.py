"""What follows when a machine writes: auto-replies, bounces, and our own letters seen again."""

from __future__ import annotations

from daemon.domain import journal as j
from daemon.domain.answers.arrival import Arrival, call_for, noted, settled_by_evidence, shown
from daemon.domain.answers.react_doubtful import not_delivered
from daemon.domain.answers.react_people import in_the_thread
from daemon.domain.books.client import Role
from daemon.domain.books.reading import Evidence, Intent, Kind, Meaning, RecipientReport
from daemon.domain.history import Status
from daemon.domain.standing.case import LONG_ABSENCE, Case, contact_for
from daemon.domain.standing.open_calls import one_call

_SENT_BACK = (Kind.REPLY, Kind.UNREADABLE, Kind.COMPLAINT, Kind.AUTO_REPLY, Kind.RECEIPT)  # of them who got a letter


def auto_reply(case: Case, arrival: Arrival) -> tuple[j.AnyEntry, ...]:
    reading, match = arrival.reading, arrival.reading.match
    away = reading.gone or reading.back_on is not None
    asked_for = match.ours and match.letter_id in case.history.tickets and not away  # acknowledged: what came of it
    if reading.intent is not None or asked_for:
        return in_the_thread(case, arrival, Intent.UNCLEAR)  # which words are a person's cannot be told
    names_one = bool(match.numbers) and not match.ours and not away and not reading.ticket  # a notice of their portal's
    notice = (shown(reading, arrival.today, arrival.at),) if names_one else ()
    if not (match.ours or match.known_sender):
        return notice
    if reading.ticket:
        return (noted(arrival, case, "ticket"),)
    if not away or reading.sender not in {c.email.lower() for c in case.client.contacts}:
        return (noted(arrival, case, "other"), *notice)
    absence = noted(arrival, case, "gone" if reading.gone else "absence")
    long = reading.gone or (reading.back_on is not None and (reading.back_on - arrival.today).days > LONG_ABSENCE)
    if long and not reading.match.ours:
        return (shown(reading, arrival.today, arrival.at),)  # forged, it would choose another reader (promise 4)
    others = [c for c in case.client.billing if c.email.lower() != reading.sender and not case.is_dead(c.email)]
    if not long or others:
        return (absence,)
    until = f"until {reading.back_on}" if reading.back_on and not reading.gone else "for good"
    person = next((c for c in case.client.contacts if c.email.lower() == reading.sender), None)
    return (absence, call_for(case, arrival, "absent", f"away {until}, and nobody else is known", person))


def bounce(case: Case, arrival: Arrival) -> tuple[j.AnyEntry, ...]:
    """A permanent failure of one of our letters.  Without our valid id it proposes a call and holds nothing (F47)."""
    reading, match = arrival.reading, arrival.reading.match
    failed = [report for report in reading.recipients if report.permanent]
    if not match.ours or match.letter_id is None or match.letter_id not in case.history.letters:
        if not match.client or (not match.known_sender and match.evidence is Evidence.NONE):
            return (shown(reading, arrival.today, arrival.at),)
        if any(call.open and not call.suggested.confirmed for call in case.history.calls.values()):
            return ()  # one question about it is enough, however many a stranger sends
        why = (
            f"an unconfirmed bounce: {failed[0].diagnostic or failed[0].status}" if failed else "an unconfirmed bounce"
        )
        call = call_for(case, arrival, "bounce", why, contact_for(case, arrival.today)[0], confirmed=False)
        return (call,)
    record = case.history.letters[match.letter_id]
    alive = [report for report in failed if report.meaning in (Meaning.REFUSED, Meaning.GAVE_UP)]
    failed = [report for report in failed if report not in alive]
    entries: list[j.AnyEntry] = []
    about = [] if alive and not failed else _failed_addresses(failed, record.recipients)
    for address, report in about:
        if case.is_dead(address):
            continue
        entries.append(
            j.ContactFailed(
                at=arrival.at,
                client=case.client.key,
                address=address,
                status=report.status if report else "",
                reason=(report.diagnostic or report.status) if report else reading.subject,
                letter_id=match.letter_id,
                mail=reading.mail,
                on=arrival.today,
            )
        )
        person = next((c for c in case.client.contacts if c.email.lower() == address), None)
        if person is None:
            continue  # an address that was corrected since: noted (F45)
        if person.role is Role.BILLING:
            status = f" ({report.status})" if report and report.status else ""
            why = f"mail to {address} is not delivered{status}"
            call = call_for(case, arrival, "bounce", why, person, ahead=_new_calls(case, entries))
            entries.append(one_call(case, call))
    for address, report in _failed_addresses(alive, record.recipients) if alive else ():
        assert report is not None
        entries += not_delivered(case, arrival, record, address, report, _new_calls(case, entries))
    if about and entries and record.status is Status.IN_DOUBT:
        entries.insert(0, settled_by_evidence(case, arrival, match.letter_id, record.queued.to))
    return tuple(entries)


def _new_calls(case: Case, entries: list[j.AnyEntry]) -> int:
    return sum(isinstance(entry, j.CallSuggested) and entry.call_id not in case.history.calls for entry in entries)


def _failed_addresses(
    failed: list[RecipientReport], recipients: tuple[str, ...]
) -> list[tuple[str, RecipientReport | None]]:
    """Which of the letter's own recipients a report is about; our id decides, the address need not (F46)."""
    known = [r.lower() for r in recipients]
    found: list[tuple[str, RecipientReport | None]] = []
    reports: list[RecipientReport | None] = [*failed] or [None]
    for report in reports:
        names = {report.address, report.original} if report else set()
        address = next((k for k in known if k in names), known[0])
        if address not in [f[0] for f in found]:
            found.append((address, report))
    return found


def own(case: Case, arrival: Arrival) -> tuple[j.AnyEntry, ...]:
    """Our own letter, seen in Sent or elsewhere: proof that one in doubt was sent (F1); otherwise nothing (F51).

    It proves nothing about those in copy: each has a transaction of their own (F9), and the letter itself lies in Sent.
    """
    letter_id = arrival.reading.match.letter_id
    record = case.history.letters.get(letter_id) if letter_id else None
    if record is None or not arrival.reading.match.ours or letter_id is None:
        return ()
    return tuple(
        settled_by_evidence(case, arrival, letter_id, to)
        for to, delivery in record.deliveries.items()
        if delivery.status is Status.IN_DOUBT and to == record.queued.to
    )


def arrived(case: Case, arrival: Arrival) -> tuple[j.DoubtSettled, ...]:
    """An answer that carries our id of a letter in doubt: only who got the letter knows it (F1).

    Of a letter to several it proves the one to its sender.  What the owner writes in the thread proves nothing.
    """
    reading, letter_id = arrival.reading, arrival.reading.match.letter_id
    record = case.history.letters.get(letter_id) if letter_id else None
    if record is None or letter_id is None or not reading.match.ours or reading.by_owner:
        return ()
    return tuple(
        settled_by_evidence(case, arrival, letter_id, to)
        for to, delivery in record.deliveries.items()
        if reading.kind in _SENT_BACK
        and delivery.status is Status.IN_DOUBT
        and (to.lower() == reading.sender or len(record.deliveries) == 1)
    )
