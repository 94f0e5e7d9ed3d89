"""Entries about the mail between the owner and us: what we sent, what they ordered, and what we answered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from daemon.domain.journal.entry import Entry


class DigestItem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a number of a digest or an alert stands for, so that `go 3` still means it tomorrow."""

    item: int
    client: str | None
    numbers: tuple[str, ...]
    kind: Literal["letter", "hold", "call", "handover", "unmatched", "doubt", "balance", "payment", "proposal"]
    ref: str  # letter_id, hold_id, call_id, or the digest of a mail


class DigestSent(Entry, frozen=True, kw_only=True, gc=False):
    on: date  # the creditor's local day: one a day (F63)
    items: tuple[DigestItem, ...]
    message_id: str = ""  # in journals before 0.2; now it holds the token, and is not kept
    empty: bool = False  # nothing to say and none wanted: nothing was mailed
    token: str = ""  # SHA-256 of the token that an answer has to carry, hexadecimal; "": it takes no orders


class AlertSent(Entry, frozen=True, kw_only=True, gc=False):
    """The owner was told at once, instead of in the next digest."""

    on: date
    clients: tuple[str, ...]  # about whom; all that had happened to them until `at` is told
    marks: tuple[str, ...] = ()  # what was told about ourselves: "config 3f2a..", "mailbox"; told once
    items: tuple[DigestItem, ...] = ()
    about: str = ""  # CLIENT/NUMBER where it is about one invoice: what an order without a number means
    token: str = ""


class AskedOrder(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An order that cannot be undone: carried out when the owner has confirmed it.  `Command` says what each means."""

    name: str
    target: str  # CLIENT/NUMBER: what the items of the mail stood for when it was asked
    amount: Decimal | None = None
    day: date | None = None
    text: str = ""


class OrderAnswer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What became of one line."""

    line: str  # as the owner wrote it
    outcome: Literal["done", "asked", "refused", "unclear"]
    words: str = ""  # what was done, is asked, or why not; of an unclear one, or a `refusal.Known`: the reason's name
    near: str = ""  # the command that an unclear one may have meant; what a known refusal or `status` is about


class OrdersTaken(Entry, frozen=True, kw_only=True, gc=False):
    """A mail of the owner was carried out, line by line; it stands in one append with what followed from it."""

    on: date
    mail: str  # digest of the mail
    by: str  # the sender, lower case
    subject: str
    message_id: str  # with angle brackets; our answer continues its thread
    came_with: str  # hash of the token that it carried
    said: str  # what makes the same orders the same, under another Message-ID too: executed once
    lines: tuple[OrderAnswer, ...]
    asked: tuple[AskedOrder, ...] = ()
    answers: bool = False  # it said `yes` or `no` to what we had asked: that question is settled


class OrdersRefused(Entry, frozen=True, kw_only=True, gc=False):
    """A mail would have given orders and was not allowed to; nothing changed."""

    on: date
    mail: str
    by: str
    subject: str
    message_id: str
    because: str  # `daemon.domain.commands.orders.Refused`
    detail: str = ""


class AnswerSent(Entry, frozen=True, kw_only=True, gc=False):
    """The owner was told what became of their orders, or why nothing did."""

    on: date
    mails: tuple[str, ...]  # digests of the mails that it answers
    asked: tuple[AskedOrder, ...] = ()  # what a `yes` to this answer confirms
    unasked: bool = False  # it tells of mails that were not listened to; counts as an alert
    token: str = ""
