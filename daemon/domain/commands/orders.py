"""What the owner orders by mail: who may order what, what is asked back before it is done, and what follows.

Pure.  Whether a mail is the owner's at all was decided before (`daemon.mail.whose.authenticity`); what its lines mean,
too (`daemon.mail.orders.orders`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Literal

from daemon.domain import journal as j
from daemon.domain.books.owner import Right
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.command import execute
from daemon.domain.commands.errand import WAITS_FOR_YES, Command, Desk, Done
from daemon.domain.commands.holds import lift, placed
from daemon.domain.commands.target import Target, find_target
from daemon.domain.history.client_history import ClientHistory
from daemon.domain.history.correspondence import Issued
from daemon.domain.journal import Because

_NEXT_MORNING = timedelta(days=1)
IRREVOCABLE = frozenset({"paid", "write-off"})  # and whatever hands over
_MONEY = IRREVOCABLE | {"missing", "plan-payment", "promise"}
_APPROVALS = frozenset({"go", "settle", "remind", "statement", "email"})
_ASKING = frozenset({"status", "help"})
_OF_MONEY = (
    j.PromiseMade | j.PlanAgreed | j.PlanCancelled | j.PaymentRecorded | j.PaymentReversed | j.PaymentDismissed
    | j.WrittenOff | j.WriteOffReversed
)  # fmt: skip
_OF_APPROVAL = j.LetterReleased | j.HandedOver | j.ContactTold | j.DoubtSettled


class Refused(StrEnum):
    """Why a mail that would give orders is not listened to."""

    STRANGER = "stranger"  # somebody else holds a token of ours
    UNKNOWN = "unknown"  # the owner answers something that we do not know
    NO_TOKEN = "no-token"  # noqa: S105  the owner's own mail, proven, with an order, and it answers nothing of ours
    EXPIRED = "expired"
    FORWARDED = "forwarded"
    OTHERS_READ = "others-read"  # it went to others as well
    REPEATED = "repeated"  # the same orders were carried out before
    OFF = "off"  # the config believes nobody
    NOT_AUTHENTIC = "not-authentic"  # it may not be from the address in its From
    LOOK_UP_FAILED = "look-up-failed"  # the key of the signature was out of reach


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of the mail: a command, or why it is none."""

    text: str
    command: Command | None = None
    unclear: str = ""  # the reason's name
    near: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersOutcome:
    """What follows from the lines of one mail."""

    entries: tuple[j.AnyEntry, ...]
    lines: tuple[j.OrderAnswer, ...]
    asked: tuple[j.AskedOrder, ...]
    answers: bool  # whether it settled what we had asked


Tell = Callable[[Done], str]  # what was recorded, in the owner's language; "": nobody has words for it


def take_orders(
    lines: Sequence[OrderLine], issued: Issued, rights: frozenset[Right], desk: Desk, *, settled: bool, tell: Tell
) -> OrdersOutcome:
    """Carry the lines out, one after the other; each sees what the ones before it did.

    Args:
        issued: what the mail answers: its items are what numbers of items mean.
        settled: whether the questions of that mail were answered before: `yes` is said once.
    """
    sitting = _Sitting(issued, rights, desk, settled, tell)
    for line in lines:
        sitting.take(line)
    entries, told, asked = tuple(sitting.entries), tuple(sitting.told), tuple(sitting.asked)
    return OrdersOutcome(entries=entries, lines=told, asked=asked, answers=sitting.answers)


def rights_for(command: Command, found: Done | Refusal) -> frozenset[Right]:
    """What a member of the team needs for it: for what it is called, and for all that it would record."""
    needed = {Right.PAY if command.name in _MONEY else Right.APPROVE if command.name in _APPROVALS else Right.HOLD}
    for entry in found.entries if isinstance(found, Done) else ():
        if isinstance(entry, _OF_MONEY):
            needed.add(Right.PAY)
        elif isinstance(entry, _OF_APPROVAL) or (isinstance(entry, j.ProposalSettled) and entry.client):
            needed.add(Right.APPROVE)
    return frozenset(needed)


class _Sitting:
    """The lines of one mail, and what became of those before."""

    def __init__(self, issued: Issued, rights: frozenset[Right], desk: Desk, settled: bool, tell: Tell) -> None:
        self.entries: list[j.AnyEntry] = []
        self.told: list[j.OrderAnswer] = []
        self.asked: list[j.AskedOrder] = []
        self.answers = False
        self._issued, self._rights, self._settled, self._tell = issued, rights, settled, tell
        # The items of the mail that is answered, in the place of the last digest's: `go 3` means its third.
        digest = j.DigestSent(at=issued.at, on=desk.at.date(), items=issued.items)
        self._desk = replace(desk, history=replace(desk.history, digest=digest))

    @property
    def _now(self) -> Desk:
        return replace(self._desk, history=self._desk.history.after(self.entries))

    def take(self, line: OrderLine) -> None:
        command = line.command
        if command is None:
            self._say(line.text, "unclear", line.unclear, line.near)
        elif command.name in _ASKING:
            self._look_up(line.text, command)
        elif command.name in ("yes", "no"):
            self._answer(line.text, yes=command.name == "yes")
        else:
            self._order(line.text, command)

    def _look_up(self, text: str, command: Command) -> None:
        """Nothing happens; what is asked about is found now, while the mail's items are at hand."""
        if command.name != "status" or not command.target:
            self._say(text, "done", command.name)
            return
        target = find_target(command.target, self._desk.ledger, self._desk.history)
        if isinstance(target, Refusal):
            self._say(text, "refused", target.because)
        else:
            about = "\n".join(f"{target.client}/{number}" for number in target.numbers)
            self._say(text, "done", command.name, about)

    def _answer(self, text: str, *, yes: bool) -> None:
        """What we had asked is carried out, or called off; once."""
        if not self._issued.asked or self._settled or self.answers:
            self._say(text, "unclear", "settled-already" if self._issued.asked else "nothing-asked")
            return
        self.answers = True
        for order in self._issued.asked:
            command = Command(name=order.name, target=order.target, amount=order.amount, day=order.day, text=order.text)
            if not yes:
                self.entries += _released(order, self._now)
                self._say(f"{order.name} {order.target}", "done", "called-off")
            else:
                self._carry_out(text, command, execute(command, self._now))

    def _order(self, text: str, command: Command) -> None:
        """One command: done, refused, or asked back, with what holds the letters until the answer."""
        now = self._now
        found = execute(command, now)
        target = find_target(command.target, now.ledger, now.history)
        if (
            isinstance(found, Done)
            and isinstance(target, Target)
            and target.client is not None
            and not _of_the_bank(found)
            and _irrevocable(command, found)
            and rights_for(command, found) <= self._rights
        ):
            numbers = _numbers(found, now.history.of(target.client))
            self._say(text, "asked", self._tell(found) or found.words)
            self.entries += _meanwhile(command, target.client, numbers, now)
            self.asked += _questions(command, target.client, numbers)
        else:
            self._carry_out(text, command, found)

    def _carry_out(self, text: str, command: Command, found: Done | Refusal) -> None:
        if not rights_for(command, found) <= self._rights:
            self._say(text, "refused", "no-right")
        elif isinstance(found, Refusal):
            self._say(text, "refused", str(found.known or found.because), found.about)
        else:
            self.entries += found.entries
            self._say(text, "done", self._tell(found) or found.words)

    def _say(
        self, line: str, outcome: Literal["done", "asked", "refused", "unclear"], words: str, near: str = ""
    ) -> None:
        self.told.append(j.OrderAnswer(line=line, outcome=outcome, words=words, near=near))


def _of_the_bank(found: Done) -> bool:
    """Whether it answers what we asked about a payment: the bank has said so before the owner did."""
    return any(
        isinstance(e, j.PaymentRecorded | j.PaymentReversed | j.PaymentDismissed) and e.bank_id for e in found.entries
    )


def _irrevocable(command: Command, found: Done) -> bool:
    """By what it would do, whatever it was called by: a hand-over has an item's number and an invoice's."""
    return command.name in IRREVOCABLE or any(isinstance(entry, j.HandedOver) for entry in found.entries)


def _numbers(found: Done, known: ClientHistory) -> tuple[str, ...]:
    """The invoices about which something would be done; of a letter that would be let go, one is enough."""
    numbers: list[str] = []
    for entry in found.entries:
        if isinstance(entry, j.PaymentRecorded):
            numbers.append(entry.number)
        elif isinstance(entry, j.WrittenOff | j.HandedOver):
            numbers += entry.numbers
    for entry in found.entries:
        if isinstance(entry, j.LetterReleased):
            about = known.letters[entry.letter_id].numbers
            numbers += about[:1] if set(about).isdisjoint(numbers) else ()
    return tuple(dict.fromkeys(numbers))


def _questions(command: Command, client: str, numbers: tuple[str, ...]) -> Iterator[j.AskedOrder]:
    """The order in words that mean the same tomorrow, when the item's number means something else."""
    for number in numbers:
        yield j.AskedOrder(
            name=command.name,
            target=f"{client}/{number}",
            amount=command.amount,
            day=command.day,
            text=command.text,
        )


def _meanwhile(command: Command, client: str, numbers: tuple[str, ...], desk: Desk) -> Sequence[j.AnyEntry]:
    """Nobody is reminded of what the owner says is settled, while we ask whether we heard right."""
    if command.name not in IRREVOCABLE:
        return ()
    review = desk.today(client) + _NEXT_MORNING
    case = desk.case(client)
    return (placed(case, desk, numbers, Because.CLAIMS_PAID, review_on=review, note=WAITS_FOR_YES),)


def _released(order: j.AskedOrder, desk: Desk) -> Sequence[j.AnyEntry]:
    """Nothing was done, and what waited for the answer goes on."""
    target = find_target(order.target, desk.ledger, desk.history)
    if not isinstance(target, Target) or target.client is None:
        return ()
    case = desk.case(target.client)
    return lift(
        case, desk, target.numbers, frozenset({Because.CLAIMS_PAID}), only=lambda hold: hold.note == WAITS_FOR_YES
    )
