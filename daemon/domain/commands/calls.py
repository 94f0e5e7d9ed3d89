"""How a telephone call went, and what follows from it for the ladder.

What somebody says on the telephone can hold letters back; it never marks an invoice paid.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec

from daemon.domain import journal as j
from daemon.domain.books.policy import Span
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.call_result import CallOutcome, CallResult, read_result
from daemon.domain.commands.errand import Command, Desk, Done, named
from daemon.domain.commands.holds import dispute, placed, promise
from daemon.domain.commands.target import Target
from daemon.domain.journal import Because
from daemon.domain.standing.case import Case
from daemon.domain.standing.open_calls import reach
from daemon.domain.standing.telephone_list import whom_to_call

AGAIN_AFTER = Span(2, business=True)  # of the client's business days, when nobody was reached
MOST_TRIES = 3  # calls suggested again for one reason
_HOW = "called NUMBER reached | voicemail | wrong-number | promised 2026-12-15 | disputes WHY | paid | any words"


def called(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    """A call was made: record how it went, and what that does."""
    if not command.text.split():
        return Refusal(f"say how the call went: {_HOW}")
    said = read_result(command.text)
    call = _call_of(target, case)
    effect = _effect(said, command, target, desk, case, call)
    if isinstance(effect, Refusal):
        return effect
    several = target.kind != "call" and len(_open(target, case)) > 1
    made = j.CallMade(
        at=desk.at,
        client=case.client.key,
        call_id=None if several or call is None else call.call_id,
        numbers=target.numbers,
        result=command.text,
        outcome=said.outcome.value,
        phone=_number(case, call),
        on=desk.today(case.client.key),
    )
    entries, words = effect.entries, f"call recorded: {command.text}; {effect.words}"
    whole = several or call is None or call.reason == "portal"  # a task is done for all that it was about
    left = () if whole or call is None else tuple(n for n in call.numbers if n not in target.numbers)
    if call is not None and left:  # what the call was about, too, is not forgotten
        ahead = sum(isinstance(entry, j.CallSuggested) for entry in entries)
        items = tuple(ref for ref in call.items if ref.number in left)
        again = _next(desk, case, call, numbers=left, items=items, tries=call.tries, on=made.on)
        again = msgspec.structs.replace(again, call_id=case.history.next_call_id(ahead))
        entries, words = (*entries, again), f"{words}; the call about {', '.join(left)} stays open"
    return Done((made, *entries), words)


def _effect(
    said: CallResult, command: Command, target: Target, desk: Desk, case: Case, call: j.CallSuggested | None
) -> Done | Refusal:
    today, hold = desk.today(case.client.key), case.hold_terms(target.numbers)
    match said.outcome:
        case CallOutcome.PROMISED:
            if command.day is None and said.day is None:
                wrong = f"{said.note!r} is no date" if said.note else "say by which day"
                return Refusal(f"{wrong}: write called NUMBER promised 2026-12-15")
            return promise(replace(command, day=command.day or said.day), target, desk, case)
        case CallOutcome.DISPUTES:
            return dispute(replace(command, text=said.note), target, desk, case)
        case CallOutcome.PAID:
            review = hold.claims_paid.after(today, case.client.calendar)
            waits = placed(case, desk, target.numbers, Because.CLAIMS_PAID, review_on=review, note=said.note)
            return Done((waits,), f"{named(target)} held; if no money comes you are asked on {review}")
        case CallOutcome.REACHED:
            review = hold.review.after(today, case.client.calendar)
            waits = placed(case, desk, target.numbers, Because.REPLY, review_on=review, note=said.note)
            return Done((waits,), f"{named(target)} held like after an answer; review on {review}")
        case CallOutcome.VOICEMAIL:
            return _again(desk, case, call)
        case CallOutcome.WRONG_NUMBER:
            return _another_number(desk, case, call)
        case CallOutcome.OTHER:
            return Done((), f"noted, and nothing else; what has an effect is {_HOW.partition(' NUMBER ')[2]}")


def _again(desk: Desk, case: Case, call: j.CallSuggested | None) -> Done:
    """Nobody was reached: once more in two business days, three times at most."""
    if call is None or call.reason == "portal":
        return Done((), "noted; nobody had suggested this call, so it is not suggested again")
    if call.tries >= MOST_TRIES:
        return Done((), f"nobody reached {call.tries + 1} times: it is not suggested again; the ladder goes on")
    on = AGAIN_AFTER.after(desk.today(case.client.key), case.client.calendar)
    name, phone = reach(case, call)
    return Done((_next(desk, case, call, contact=name, phone=phone, on=on),), f"suggested again on {on}")


def _another_number(desk: Desk, case: Case, call: j.CallSuggested | None) -> Done:
    """The number is dead: that of the next contact, or the owner is asked for one."""
    today, dead = desk.today(case.client.key), _number(case, call)
    if dead is None:
        return Done((), "noted; no number was known")
    name, phone = whom_to_call(case, None, besides=dead)
    known = f"{dead} is not suggested any more"
    if phone is None:
        person = call.contact if call else name
        because = f"{dead} is a wrong number, and no other is known"
        given = {"reason": "wrong-number", "because": because, "contact": person, "phone": None, "on": today}
        asked = _next(desk, case, call, **given) if call else None
        return Done((asked,) if asked else (), f"{known}; write the right one into the config")
    if call is None:
        return Done((), f"{known}; the next one is {name}, {phone}")
    return Done((_next(desk, case, call, contact=name, phone=phone, on=today),), f"{known}; suggested: {name}, {phone}")


def _next(desk: Desk, case: Case, call: j.CallSuggested, **changes: object) -> j.CallSuggested:
    """The same call once more."""
    given: dict[str, object] = {
        "at": desk.at,
        "call_id": case.history.next_call_id(),
        "tries": call.tries + 1,
        **changes,
    }
    return msgspec.structs.replace(call, **given)


def _open(target: Target, case: Case) -> list[j.CallSuggested]:
    wanted = set(target.numbers)
    return [c.suggested for c in case.history.calls.values() if c.open and set(c.suggested.numbers) & wanted]


def _call_of(target: Target, case: Case) -> j.CallSuggested | None:
    """The call that is answered: the one that was named, else the newest open one about these invoices."""
    if target.kind == "call" and target.ref in case.history.calls:
        return case.history.calls[target.ref].suggested
    found = _open(target, case)
    return found[-1] if found else None


def _number(case: Case, call: j.CallSuggested | None) -> str | None:
    return (reach(case, call) if call else whom_to_call(case, None))[1]
