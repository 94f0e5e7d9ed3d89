"""The stories as data: what clients do when mail comes.  Read from `stories.yaml`, which says what each field means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import yaml

HERE = Path(__file__).parent


class On(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What sets an act off; exactly one of these."""

    letter: int | None = None  # their n-th letter, counts from 1
    naming: int | None = None  # the first letter that names so many of their invoices
    note: int | None = None  # the n-th mail that a person wrote
    day: date | None = None


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that a client does once."""

    on: On
    after: tuple[float, float]  # hours
    reply: str = ""
    subject: str = ""  # with {subject}; "" : as their mail program makes it
    auto: bool = False  # nobody typed it
    mailer: str = "gmail"
    promise: int | None = None  # days ahead
    keeps: bool = False
    pay: str | dict[str, Decimal] | None = None
    bounces: str = ""  # number of the invoice whose direct debit comes back


class Wishes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the owner does about a client."""

    call: str | None = "voicemail"  # how a telephone call ends; None: it is still on her list
    answer: str = ""  # her words, when a client's mail waits for them
    plan: tuple[str, ...] = ()  # the parts that she agrees to, when a client asks for time: 2026-12-15=400.00


class Story(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    client: str
    story: str
    acts: tuple[Act, ...] = ()
    owner: Wishes = Wishes()


class Stranger(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who writes once, unasked."""

    address: str
    name: str
    on: date
    subject: str
    text: str


class Screenplay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    clients: tuple[Story, ...]
    strangers: tuple[Stranger, ...] = ()


class Manners(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How mail programs speak a language."""

    prefix: str  # of the subject of an answer
    wrote: str
    labels: tuple[str, str, str, str]  # From, Sent, To, Subject
    original: str
    day: str  # Babel's pattern of a day


def read_screenplay() -> Screenplay:
    return msgspec.convert(_plain("stories.yaml"), Screenplay, strict=False)


def read_manners() -> Mapping[str, Manners]:
    return msgspec.convert(_plain("languages.yaml"), dict[str, Manners], strict=False)


def read_books() -> tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]:
    """The clients of `config.yaml` by key, and the invoices, every scalar as text: what people know of themselves."""
    return _plain("config.yaml")["clients"], _plain("invoices.yaml")


def _plain(name: str) -> Any:
    """A file of ours with every scalar as text; an empty one as None."""
    return _without_blanks(yaml.load((HERE / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader))  # noqa: S506


def _without_blanks(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_blanks(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_blanks(inner) for inner in value]
    return None if value == "null" else value
