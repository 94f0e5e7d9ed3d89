"""Telephone calls that wait for the owner: whom to ring, and which are still worth it."""

from __future__ import annotations

import re
from datetime import date

import msgspec

from daemon.domain import journal as j
from daemon.domain.standing.case import Case
from daemon.domain.standing.telephone_list import whom_to_call

# Calls for these reasons ask for a sign of life; a person who has written since has given one.
_ENDED_BY_AN_ANSWER = frozenset({"silence"})
_ENDED_BY_AN_ADDRESS = frozenset({"bounce", "gave-up"})  # another one in the YAML
_DEAD = re.compile(r"(?:^|; )mail to (\S+@\S+) is ")
_ADDRESS = re.compile(r"[^\s<>()\"',;:]+@[^\s<>()\"',;:]+\.[A-Za-z0-9-]+")


def open_calls(case: Case, today: date) -> list[j.CallSuggested]:
    """The calls that are to be made today, each about what is still owed; the oldest first."""
    found = []
    for record in case.history.calls.values():
        call = record.suggested
        over = _answered(case, call) or is_corrected(case, call) or is_overtaken(case, call)
        if record.open and call.on <= today and numbers_of(case, call) and not over:
            found.append(call)
    return found


def one_call(case: Case, call: j.CallSuggested) -> j.CallSuggested:
    """The call about a dead address; where one to the same person waits already, that one, about both addresses."""
    for known in (record.suggested for record in case.history.calls.values() if record.open):
        same = (known.reason, known.confirmed, known.contact, known.phone)
        if same == ("bounce", True, call.contact, call.phone) and not is_corrected(case, known):
            numbers, because = tuple(dict.fromkeys([*known.numbers, *call.numbers])), f"{known.because}; {call.because}"
            return msgspec.structs.replace(call, call_id=known.call_id, numbers=numbers, because=because)
    return call


def named_addresses(call: j.CallSuggested) -> list[str]:
    """The addresses that a call is about, or the one that the client names."""
    dead = dead_addresses(call.because) if call.reason == "bounce" else []
    return dead or _ADDRESS.findall(call.because)[:1]


def dead_addresses(because: str) -> list[str]:
    """Of a call after a bounce: the addresses to which mail failed; what their servers say may name any others."""
    return list(dict.fromkeys(_DEAD.findall(because)))


def is_corrected(case: Case, call: j.CallSuggested) -> bool:
    """Whether no address that did not work stands in the YAML any more: there is nothing to ask (F45)."""
    if call.reason not in _ENDED_BY_AN_ADDRESS or not call.confirmed:
        return False
    about = {address.lower() for address in named_addresses(call)}
    return bool(about) and about.isdisjoint(contact.email.lower() for contact in case.client.contacts)


def is_overtaken(case: Case, call: j.CallSuggested) -> bool:
    """Whether a higher rung asks for a call about the same invoices: one is enough for a person to be rung."""
    about = set(numbers_of(case, call))
    return call.reason == "level" and any(
        other.reason == "level"
        and (other.level or 0) > (call.level or 0)
        and about <= set(other.numbers)
        and (record.open or other.at > call.at)
        for record in case.history.calls.values()
        for other in (record.suggested,)
    )


def numbers_of(case: Case, call: j.CallSuggested) -> tuple[str, ...]:
    """The invoices of a call that are still owed and in our hands."""
    still = [number for number in case.open_numbers if number not in case.history.handed_over]
    return tuple(number for number in still if number in call.numbers)


def reach(case: Case, call: j.CallSuggested) -> tuple[str, str | None]:
    """Whom to ring and the number, as the YAML has them now: a number that was corrected counts at once."""
    person = next((c for c in case.client.contacts if c.name == call.contact), None)
    stated = {c.phone for c in case.client.contacts}
    if call.phone and call.phone in stated and call.phone not in case.history.wrong_phones:
        return call.contact, call.phone
    return whom_to_call(case, person, call.contact)


def _answered(case: Case, call: j.CallSuggested) -> bool:
    if not (call.reason in _ENDED_BY_AN_ANSWER or call.tries):
        return False
    return any(
        reply.at > call.at and (not reply.numbers or set(reply.numbers) & set(call.numbers))
        for reply in case.history.replies
    )
