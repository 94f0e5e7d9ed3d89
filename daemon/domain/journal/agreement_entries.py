"""Entries about agreements to pay: a promise that was kept, and a payment plan with what became of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from daemon.domain.journal.entry import ClientEntry


class PromiseKept(ClientEntry, frozen=True, kw_only=True, gc=False):
    """All that was promised came in by the day and its grace."""

    numbers: tuple[str, ...]
    promised_on: date
    on: date


class PlanPart(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One instalment of a plan."""

    due_on: date
    amount: Decimal  # in the invoice's currency, more than zero


class PlanAgreed(ClientEntry, frozen=True, kw_only=True, gc=False):
    """What is open of an invoice is paid in parts from now on; letters about the invoice as a whole had gone, or not.

    An agreed plan stands in the place of an earlier one, and of a promise to pay.
    """

    number: str
    parts: tuple[PlanPart, ...]  # by due date; together they are what was open
    currency: str
    paid_before: Decimal  # what had come in for the invoice by then
    credited_before: Decimal = Decimal(0)  # credit notes set against it by then
    stated: tuple[PlanPart, ...] = ()  # the instalments that the YAML had then: others that come later win
    on: date
    by: Literal["owner", "yaml"] = "owner"


class PlanBroken(ClientEntry, frozen=True, kw_only=True, gc=False):
    """An instalment of an agreed plan did not come in by its day and the grace."""

    number: str
    instalment: int  # counts from 1
    due_on: date
    on: date


class PlanCancelled(ClientEntry, frozen=True, kw_only=True, gc=False):
    """The invoice is owed as a whole again."""

    number: str
    on: date
    by: Literal["owner", "yaml"] = "owner"
