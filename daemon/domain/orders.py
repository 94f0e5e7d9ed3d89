"""What the owner orders by mail: who may order what, what is asked back before it is done, and what follows.

Pure.  Whether a mail is the owner's at all was decided before (`daemon.mail.authenticity`); what its lines mean, too
(`daemon.mail.orders`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from daemon.domain import journal as j
from daemon.domain.command import execute
from daemon.domain.command_holds import lift, placed
from daemon.domain.correspondence import Issued
from daemon.domain.errand import Command, Desk
from daemon.domain.journal import Because
from daemon.domain.owner import Right
from daemon.domain.refusal import Refusal
from daemon.domain.target import Target, find_target

_NEXT_MORNING = timedelta(days=1)
_WAITS = "waits for your yes"
IRREVOCABLE = frozenset({"paid", "write-off"})  # and `go` for a hand-over
_MONEY = IRREVOCABLE | {"missing", "plan-payment", "promise"}
_APPROVALS = frozenset({"go", "settle", "remind", "statement", "email"})
_ASKING = frozenset({"status", "help"})


class Refused(StrEnum):
    """Why a mail that would give orders is not listened to."""

    STRANGER = "stranger"  # somebody else holds a token of ours
    UNKNOWN = "unknown"  # the owner answers something that we do not know
    EXPIRED = "expired"
    FORWARDED = "forwarded"
    OTHERS_READ = "others-read"  # it went to others as well
    REPEATED = "repeated"  # the same orders were carried out before
    OFF = "off"  # the config believes nobody
    NOT_AUTHENTIC = "not-authentic"  # it may not be from the address in its From
    LOOK_UP_FAILED = "look-up-failed"  # the key of the signature was out of reach


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the mail: a command, or why it is none."""

    text: str
    command: Command | None = None
    unclear: str = ""  # the reason's name
    near: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What follows from the lines of one mail."""

    entries: tuple[j.AnyEntry, ...]
    lines: tuple[j.OrderAnswer, ...]
    asked: tuple[j.AskedOrder, ...]
    answers: bool  # whether it settled what we had asked


def take_orders(
    lines: Sequence[Line], issued: Issued, rights: frozenset[Right], desk: Desk, *, settled: bool
) -> Outcome:
    """Carry the lines out, one after the other; each sees what the ones before it did.

    Args:
        issued: what the mail answers: its items are what numbers of items mean.
        settled: whether the questions of that mail were answered before: `yes` is said once.
    """
    entries: list[j.AnyEntry] = []
    told: list[j.OrderAnswer] = []
    asked: list[j.AskedOrder] = []
    answers = False
    known = replace(desk, history=replace(desk.history, digest=_as_digest(issued, desk)))
    for line in lines:
        now = replace(known, history=known.history.after(entries))
        command = line.command
        if command is None:
            told.append(j.OrderAnswer(line=line.text, outcome="unclear", words=line.unclear, near=line.near))
        elif command.name in _ASKING:
            told.append(j.OrderAnswer(line=line.text, outcome="done", words=command.name, near=command.target))
        elif command.name in ("yes", "no"):
            if not issued.asked or settled or answers:
                why = "nothing-asked" if not issued.asked else "settled-already"
                told.append(j.OrderAnswer(line=line.text, outcome="unclear", words=why))
                continue
            answers = True
            for order in issued.asked:
                answer, found = _confirmed(order, now, rights) if command.name == "yes" else _called_off(order, now)
                told.append(answer)
                entries += found
                now = replace(known, history=known.history.after(entries))
        elif not rights >= {right_for(command)}:
            told.append(j.OrderAnswer(line=line.text, outcome="refused", words="no-right"))
        else:
            answer, found, question = _order(line.text, command, now)
            told.append(answer)
            entries += found
            asked += question
    return Outcome(entries=tuple(entries), lines=tuple(told), asked=tuple(asked), answers=answers)


def right_for(command: Command) -> Right:
    """What a member of the team needs for it."""
    if command.name in _ASKING:
        return Right.READ
    if command.name in _MONEY:
        return Right.PAY
    return Right.APPROVE if command.name in _APPROVALS else Right.HOLD


def _as_digest(issued: Issued, desk: Desk) -> j.DigestSent:
    """The items of the mail that is answered, in the place of the last digest's: `go 3` means its third."""
    return j.DigestSent(at=issued.at, on=desk.at.date(), items=issued.items, message_id="")


def _order(
    text: str, command: Command, desk: Desk
) -> tuple[j.OrderAnswer, Sequence[j.AnyEntry], tuple[j.AskedOrder, ...]]:
    """One command: done, refused, or asked back, with what holds the letters until the answer."""
    found = execute(command, desk)
    if isinstance(found, Refusal):
        return j.OrderAnswer(line=text, outcome="refused", words=found.because), (), ()
    target = find_target(command.target, desk.ledger, desk.history)
    if not isinstance(target, Target) or target.client is None or not _irrevocable(command, target):
        return j.OrderAnswer(line=text, outcome="done", words=found.words), found.entries, ()
    answer = j.OrderAnswer(line=text, outcome="asked", words=found.words)
    return answer, _meanwhile(command, target, desk), tuple(_questions(command, target))


def _irrevocable(command: Command, target: Target) -> bool:
    return command.name in IRREVOCABLE or (command.name == "go" and target.kind == "handover")


def _questions(command: Command, target: Target) -> Iterator[j.AskedOrder]:
    """The order in words that mean the same tomorrow, when the item's number means something else."""
    for number in target.numbers:
        yield j.AskedOrder(
            name=command.name,
            target=f"{target.client}/{number}",
            amount=command.amount,
            day=command.day,
            text=command.text,
        )


def _meanwhile(command: Command, target: Target, desk: Desk) -> Sequence[j.AnyEntry]:
    """Nobody is reminded of what the owner says is settled, while we ask whether we heard right."""
    if command.name not in IRREVOCABLE or target.client is None:
        return ()
    review = desk.today(target.client) + _NEXT_MORNING
    case = desk.case(target.client)
    return (placed(case, desk, target.numbers, Because.CLAIMS_PAID, review_on=review, note=_WAITS),)


def _confirmed(order: j.AskedOrder, desk: Desk, rights: frozenset[Right]) -> tuple[j.OrderAnswer, Sequence[j.AnyEntry]]:
    command = Command(name=order.name, target=order.target, amount=order.amount, day=order.day, text=order.text)
    text = f"{order.name} {order.target}"
    if not rights >= {right_for(command)}:
        return j.OrderAnswer(line=text, outcome="refused", words="no-right"), ()
    found = execute(command, desk)
    if isinstance(found, Refusal):
        return j.OrderAnswer(line=text, outcome="refused", words=found.because), ()
    return j.OrderAnswer(line=text, outcome="done", words=found.words), found.entries


def _called_off(order: j.AskedOrder, desk: Desk) -> tuple[j.OrderAnswer, Sequence[j.AnyEntry]]:
    """`no`: nothing was done, and what waited for the answer goes on."""
    target = find_target(order.target, desk.ledger, desk.history)
    lifted: list[j.AnyEntry] = []
    if isinstance(target, Target) and target.client is not None:
        case = desk.case(target.client)
        lifted = lift(case, desk, target.numbers, frozenset({Because.CLAIMS_PAID}), only=lambda h: h.note == _WAITS)
    return j.OrderAnswer(line=f"{order.name} {order.target}", outcome="done", words="called-off"), lifted
