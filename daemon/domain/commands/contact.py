"""The owner's words about a client: where letters go from now on, and what is to be remembered."""

from __future__ import annotations

import re
from datetime import date

import msgspec

from daemon.domain import journal as j
from daemon.domain.books.client import Channel
from daemon.domain.books.refusal import Refusal
from daemon.domain.books.written import email as checked_email
from daemon.domain.books.written import line_text, no_control, shown
from daemon.domain.commands.errand import Command, Desk, Done
from daemon.domain.commands.target import Target
from daemon.domain.history.told import addresses_of, as_told
from daemon.domain.journal import Because
from daemon.domain.standing.case import Case

_ASKS_FOR_ADDRESS = frozenset({"bounce", "gave-up", "absent", "wrong-contact"})  # calls that an address answers
_MOST = 2000  # characters of a note
_LETTERS = re.compile(r"[^\W\d_]+")
_NO_NAME = frozenset('=@<>"')  # what an address or an SMTP option has, and no name
_line = line_text(120)


def email(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    """Letters to this client go to another address from now on.

    What waited for one goes on: the calls that ask for it, and the holds of a letter that did not get through and of a
    client who names somebody else.
    """
    today, key = desk.today(case.client.key), case.client.key
    written, _, name = command.text.strip().partition(" ")
    try:
        address = checked_email(written)
        name = _name(name.strip())
    except ValueError as wrong:
        return Refusal(f"no address: {wrong}")
    if address.lower() == desk.ledger.creditor.email.lower():
        return Refusal(f"{address} is your own address, from which the letters come: give the client's")
    if case.client.channel is Channel.PORTAL:
        return Refusal(f"{key} is reached through a portal, not by mail")
    stated = desk.ledger.clients[key]
    told = j.ContactTold(
        at=desk.at, client=key, address=address, name=name or _borne(case, address), instead_of=addresses_of(stated),
        on=today,
    )  # fmt: skip
    entries: list[j.AnyEntry] = []
    first = case.client.billing[0]
    if first.email.lower() != address.lower() or (name and name != first.name):
        entries.append(told)
    back = address.lower()
    if back in case.history.failed or back in case.history.absent:
        entries.append(j.ContactCleared(at=desk.at, client=key, address=back, on=today))
    if not entries:
        return Refusal(f"letters to {key} go to {address} already")
    answered = _answered(case, desk, today, address)
    now = as_told(stated, told).billing[0]
    moved = _letters_moved(case, desk, today, now.email, now.name)
    words = f"letters to {key} go to {address} from now on"
    if address.lower() not in told.instead_of[:1]:
        words += f"; the YAML still says {told.instead_of[0]}, so write it there, too"
    return Done((*entries, *answered, *moved), words)


def _name(text: str) -> str:
    if not text:
        return ""
    if not _NO_NAME.isdisjoint(text):
        raise ValueError(f"`{shown(text)}` behind the address is no name: write one address, and whose it is")
    return _line(text)


def _borne(case: Case, address: str) -> str:
    """The name of the contact that an address bears and no other, as m.blu@ does that of Mario Blu; "": nobody's.

    A letter to a person whom nobody named is worse than one to the company.
    """
    words = _LETTERS.findall(address.partition("@")[0].lower())
    for contact in case.client.billing:
        parts = _LETTERS.findall(contact.name.lower())
        initials = {part[0] for part in parts}
        joined = {initial + part for initial in initials for part in parts}  # mblu
        whole = [word for word in words if len(word) > 2 and word in {*parts, *joined}]
        if whole and all(word in initials or word in whole for word in words):
            return contact.name
    return ""


def _answered(case: Case, desk: Desk, today: date, address: str) -> list[j.AnyEntry]:
    """The calls that ask which address is right are not needed any more, and what waited for it goes on."""
    key = case.client.key
    calls = [c.suggested for c in case.history.calls.values() if c.open and c.suggested.reason in _ASKS_FOR_ADDRESS]
    tried = {number for call in calls if call.reason == "gave-up" for number in call.numbers}
    entries: list[j.AnyEntry] = [
        j.CallMade(
            at=desk.at, client=key, call_id=call.call_id, numbers=call.numbers, on=today,
            result=f"not needed: {address} was told",
        )
        for call in calls
    ]  # fmt: skip
    for hold in case.history.holds:
        refused = hold.because is Because.REFUSED and not tried.isdisjoint(hold.numbers)
        if refused or hold.because is Because.WRONG_CONTACT:
            entries.append(j.HoldLifted(at=desk.at, client=key, hold_id=hold.hold_id, on=today, by="owner"))
    return entries


def _letters_moved(case: Case, desk: Desk, today: date, address: str, name: str) -> list[j.AnyEntry]:
    """Letters on their way to another address are withdrawn: the rules queue them anew.

    What the owner asked for by hand no rule would: it goes to the new address.
    """
    entries: list[j.AnyEntry] = []
    ahead = 0
    for record in case.history.letters.values():
        queued = record.queued
        if not record.pending or queued.to.lower() == address.lower():
            continue
        because = "letters go to another address now"
        entries.append(
            j.LetterWithdrawn(at=desk.at, client=case.client.key, letter_id=queued.letter_id, because=because)
        )
        if queued.by_hand:
            again = msgspec.structs.replace(
                queued,
                at=desk.at,
                letter_id=case.history.next_letter_id(ahead),
                on=max(queued.on, today),
                to=address,
                to_name=name,
                cc=tuple(copy for copy in queued.cc if copy.lower() != address.lower()),
            )
            entries.append(again)
            ahead += 1
    return entries


def note(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    """The owner's own words, to be remembered; nothing else changes."""
    text = command.text.strip()
    if not text:
        return Refusal("say what is to be noted: note NUMBER TEXT")
    if len(text) > _MOST:
        return Refusal(f"a note of {len(text)} characters is too long; {_MOST} is the most")
    try:
        no_control(text, "\n\t")
    except ValueError as wrong:
        return Refusal(str(wrong))
    numbers = () if target.kind == "client" else target.numbers
    taken = j.NoteTaken(at=desk.at, client=case.client.key, numbers=numbers, text=text, on=desk.today(case.client.key))
    return Done((taken,), f"noted about {', '.join(numbers) or case.client.key}")
