"""What is to be done about one client today: letters, calls, the hand-over; and why nothing, where nothing is.

Pure and total.  `plan`, the daemon and the check right before sending all ask here, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from daemon.domain import journal as j
from daemon.domain.books.calendar import first_day
from daemon.domain.books.client import Channel, Contact
from daemon.domain.books.invoice import ItemRef
from daemon.domain.books.policy import STATEMENT, THANK_YOU, CallLevel, HandoverLevel, LetterLevel
from daemon.domain.history import LetterRecord
from daemon.domain.ladder.account_letter import no_statement
from daemon.domain.ladder.announce import covers, leaving_day
from daemon.domain.ladder.draft import Due, claim_of, leaves_until, letter_for
from daemon.domain.ladder.grouping import grouped, policy_of, worth_a_letter
from daemon.domain.ladder.ladder import Rung, next_rungs
from daemon.domain.ladder.quiet import Quiet as Quiet
from daemon.domain.ladder.quiet import Why as Why
from daemon.domain.ladder.quiet import not_by_itself, refs_of, why_settled
from daemon.domain.ladder.quiet import pause as pause
from daemon.domain.ladder.taken_back import case_items, owed_otherwise, sorted_like
from daemon.domain.ladder.taken_back import still_wanted as still_wanted
from daemon.domain.ladder.taken_back import taken_back as taken_back
from daemon.domain.ladder.thanks import no_thanks, thank_you
from daemon.domain.standing.balance import Item
from daemon.domain.standing.case import Case, contact_for
from daemon.domain.standing.telephone_list import whom_to_call

Decided = j.LetterQueued | j.CallSuggested | j.HandoverSuggested | j.HandedOver


@dataclass(frozen=True, slots=True)
class Decision:
    """At most one letter for each item; every item of the client is in an entry or in `quiet`."""

    entries: tuple[Decided, ...]
    quiet: tuple[Quiet, ...]

    @property
    def letters(self) -> tuple[j.LetterQueued, ...]:
        return tuple(e for e in self.entries if isinstance(e, j.LetterQueued))


def decide_letters(case: Case, today: date, at: datetime, *, ahead: bool = True) -> Decision:
    """Say what one client gets today.

    Args:
        case: the client, the policy, what is owed and what was recorded.
        today: the client's local date.
        at: the stamp of the entries; which digest comes next is told by it, and nothing else.
        ahead: letters that are announced are queued before the day on which they leave; False: those of today.

    Returns:
        The *next* level of each item, never a skipped one.  A daemon that was down for a month sends one letter
        and rests; it does not catch up.  Asked again after its answer was recorded, it returns no letter.
    """
    contact, back_on = contact_for(case, today)
    by_portal = case.client.channel is Channel.PORTAL
    announces = ahead and not by_portal
    items = _look_at_each(case, contact, back_on, today, at, announces=announces)
    due, calls, handovers, quiet = items.due, items.calls, items.handovers, items.quiet
    letters: list[j.LetterQueued] = []
    worth = worth_a_letter(case, [*due, *calls], today)
    if worth.quiet:
        quiet += worth.quiet
        due, calls = ([d for d in some if d in worth.due] for some in (due, calls))
    if by_portal:
        calls, due = [*calls, *due], []
    if due and contact is not None:
        before = _before_they_leave(case, items.coming, due, today, at) if announces else ()
        shared = grouped(case, due, today, before)
        quiet += shared.quiet
        for group in shared.letters:
            own = case.under(group[0].item.invoice.policy)
            leaves = leaving_day(own, today, at) if announces else today
            letter = letter_for(own, group, contact, leaves, at, len(letters))
            come = own.is_sending_day(today) and all(d.rung.on <= today for d in group)
            if letter.go_given and leaves > today and come:  # who said go knows of it
                letter = letter_for(own, group, contact, today, at, len(letters))
            letters.append(letter)
            claimed = set(refs_of(letters[-1]))
            quiet += [Quiet(d.item.ref, Why.ALSO_OPEN, None) for d in group if d.item.ref not in claimed]
    by_itself = any(isinstance(d.rung.level, HandoverLevel) and not d.rung.level.approval for d in handovers)
    if by_itself and (letters or any(r.pending or (r.left and r.on == today) for r in case.letters())):
        quiet += [Quiet(d.item.ref, Why.SENT, today) for d in handovers]  # letters of today know nothing of it
        handovers = []
    if not letters:
        thanks = thank_you(case, contact, back_on, today, at, len(letters))
        letters += [thanks] if thanks else []
    calling = _calls(case, calls, contact, today, at) if calls else ()
    return Decision((*letters, *calling, *_handovers(handovers, case, today, at)), tuple(quiet))


@dataclass(slots=True)
class _Items:
    """A client's items today, by what there is to do about each."""

    due: list[Due] = field(default_factory=list)
    coming: list[Due] = field(default_factory=list)  # letters of later days, where they are announced
    calls: list[Due] = field(default_factory=list)
    handovers: list[Due] = field(default_factory=list)
    quiet: list[Quiet] = field(default_factory=list)


def _look_at_each(
    case: Case, contact: Contact | None, back_on: date | None, today: date, at: datetime, *, announces: bool
) -> _Items:
    by_portal = case.client.channel is Channel.PORTAL
    can_send = case.is_sending_day(today)
    on = leaving_day(case, today, at) if announces else today
    found = _Items(quiet=[Quiet(ItemRef(number, None), Why.CREDIT, None) for number in case.credits])
    for item in case.items:
        if item.settled:  # nearly all are: as `pause` says
            found.quiet.append(Quiet(item.ref, why_settled(item), None))
            continue
        own = case.under(item.invoice.policy) if item.invoice.policy else case
        kept_still = pause(own, item, today)
        if kept_still is not None:
            found.quiet.append(kept_still)
            continue
        if (waits := not_by_itself(case, item, today)) is not None:
            found.quiet.append(waits)
            continue
        leaves = on if own is case or not announces else leaving_day(own, today, at)
        rungs = next_rungs(own, item, leaves)
        sends = can_send if own is case else own.is_sending_day(today)
        reached = _reached(item, rungs, leaves, today, sends=sends)
        if reached is None:
            hush = None if by_portal else _unreachable(item, contact, back_on, today)
            found.quiet.append(_waiting(own, item, rungs, today, hush))
            found.coming += [Due(item, rung) for rung in rungs if announces and isinstance(rung.level, LetterLevel)]
        elif isinstance(reached.rung.level, CallLevel):
            found.calls.append(reached)
        elif isinstance(reached.rung.level, HandoverLevel):
            found.handovers.append(reached)
        elif not by_portal and (hush := _unreachable(item, contact, back_on, leaves)) is not None:
            found.quiet.append(hush)
        else:
            found.due.append(reached)
    return found


def still_due(case: Case, record: LetterRecord, today: date, at: datetime) -> str | None:
    """Why a queued letter must not leave after all; None when it is due exactly as it stands.

    Deciding again, as if it had not been queued, has to give the same letter.  `case.setting_aside` names it.
    """
    queued = record.queued
    first_try = queued.to not in record.deliveries
    if first_try and not queued.on <= today <= leaves_until(queued):
        return "its day has passed"
    if queued.letter == STATEMENT:
        return no_statement(case, queued, today)
    if queued.by_hand:
        return _by_hand_still_due(case, queued, today)
    if queued.letter == THANK_YOU:
        taken_back = no_thanks(case, queued, today)
        if taken_back is not None or not first_try:
            return taken_back
    for letter in decide_letters(case, queued.on, at, ahead=False).letters:
        if letter.claims[0].currency == queued.claims[0].currency and set(refs_of(letter)) & set(refs_of(queued)):
            announced = case.policy_named(queued.policy).announce.days
            if _substance(letter) == _substance(queued) or (announced and covers(letter, queued)):
                return None if first_try else _held_now(case, queued, today)
            return "what is owed, or to whom it goes, has changed"
    held = _held_now(case, queued, today)
    waits = (not_by_itself(case, item, today) for item in case_items(queued, case))
    return held or next((quiet.why for quiet in waits if quiet), "no longer due")


# -- the parts --------------------------------------------------------------------------------------------------


def _reached(item: Item, rungs: list[Rung], leaves: date, today: date, *, sends: bool) -> Due | None:
    """The rung that has come: of a letter on the day on which it would leave, of a call or a hand-over today."""
    for rung in rungs:
        if isinstance(rung.level, LetterLevel) and leaves > today:
            if rung.on <= leaves:
                return Due(item, rung)
        elif sends and rung.on <= today:
            return Due(item, rung)
        elif rung.on <= leaves:
            return None  # a call has its day to itself
    return None


def _before_they_leave(case: Case, coming: list[Due], due: list[Due], today: date, at: datetime) -> tuple[Due, ...]:
    """What gets its letter by the day on which those that are announced leave: its policy may have the first turn."""
    last = max(leaving_day(case.under(d.item.invoice.policy), today, at) for d in due)
    soon = [d for d in coming if d.rung.on <= last] if last > today else []
    return worth_a_letter(case, soon, today).due


def _unreachable(item: Item, contact: Contact | None, back_on: date | None, today: date) -> Quiet | None:
    if back_on is not None and (contact is None or back_on > today):
        return Quiet(item.ref, Why.AWAY, back_on)
    return Quiet(item.ref, Why.NO_ADDRESS, None) if contact is None else None


def _waiting(case: Case, item: Item, rungs: list[Rung], today: date, hush: Quiet | None) -> Quiet:
    """The ladder's own pace as a reason: the rung that comes first, or the end; or that today is no sending day.

    Args:
        hush: why no letter could go to anybody today.
    """
    if not rungs:
        return Quiet(item.ref, Why.END, None)
    first = min(rungs, key=lambda rung: rung.on)
    if first.on <= today:
        letter = isinstance(first.level, LetterLevel)
        if letter and hush is not None:
            return hush
        why = Why.TASK if letter and case.client.channel is Channel.PORTAL else Why.NO_SENDING_DAY
        return Quiet(item.ref, why, first_day(today, case.is_sending_day))
    resting = first.fell_due < first.on and bool(case.about(item.ref))
    return Quiet(item.ref, Why.RESTING if resting else Why.NOT_YET, first.on)


def _calls(
    case: Case, calls: list[Due], contact: Contact | None, today: date, at: datetime
) -> Iterable[j.CallSuggested]:
    name, phone = whom_to_call(case, contact)
    by_level: dict[tuple[int, str], list[Due]] = {}
    for d in calls:
        by_level.setdefault((d.rung.number, policy_of(case, d.item).name), []).append(d)
    for ahead, ((level, policy), group) in enumerate(sorted(by_level.items())):
        rung = group[0].rung.level
        yield j.CallSuggested(
            at=at,
            client=case.client.key,
            call_id=case.history.next_call_id(ahead),
            numbers=tuple(dict.fromkeys(d.item.ref.number for d in group)),
            reason="level" if isinstance(rung, CallLevel) else "portal",
            because=rung.reason if isinstance(rung, CallLevel) else group[0].rung.why,
            contact=name,
            phone=phone,
            level=level,
            policy=policy,
            items=tuple(d.item.ref for d in group) if any(d.item.ref.instalment for d in group) else (),
            on=today,
        )


def _handovers(
    handovers: list[Due], case: Case, today: date, at: datetime
) -> Iterable[j.HandoverSuggested | j.HandedOver]:
    """The last rung; without `approval` it is taken at once."""
    by_policy: dict[str, list[Due]] = {}
    for d in handovers:
        by_policy.setdefault(policy_of(case, d.item).name, []).append(d)
    for group in by_policy.values():
        level = group[0].rung.level
        assert isinstance(level, HandoverLevel)
        numbers = tuple(dict.fromkeys(d.item.ref.number for d in group))
        yield j.HandoverSuggested(
            at=at, client=case.client.key, numbers=numbers, to=level.to, level=group[0].rung.number, on=today
        )
        if not level.approval:
            yield j.HandedOver(at=at, client=case.client.key, numbers=numbers, to=level.to, on=today)


def _substance(letter: j.LetterQueued) -> tuple[object, ...]:
    """What makes two letters the same letter."""
    also_open = [(c.number, c.instalment, c.outstanding, c.due_on) for c in letter.also_open]  # in whatever tone
    return (letter.letter, letter.level, letter.to, letter.cc, letter.claims, also_open, letter.left_out)


def _held_now(case: Case, queued: j.LetterQueued, today: date) -> str | None:
    for item in case_items(queued, case):
        kept_still = pause(case.under(item.invoice.policy), item, today)
        if kept_still is not None:
            return kept_still.why
    return None


def _by_hand_still_due(case: Case, queued: j.LetterQueued, today: date) -> str | None:
    if case.is_dead(queued.to):
        return "the address has failed"
    if queued.to not in {contact.email for contact in case.client.billing}:
        return "the address is no longer in the books"
    items = case_items(queued, case)
    if len(items) < len(queued.claims):
        return owed_otherwise(case, queued)
    claims = sorted_like(queued, items)
    if [claim_of(item, claim.level) for item, claim in zip(items, claims, strict=True)] != claims:
        return "what is owed has changed"
    return _held_now(case, queued, today)
