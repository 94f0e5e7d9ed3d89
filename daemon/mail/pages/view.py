"""What stands on a page, in words and without layout: tables, charts, points, mails.

Everything in here is plain text; the pages' templates escape it.  Only `Chart.svg` is markup, and made of escaped text.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from markupsafe import Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a table.  A list of figures is one a currency, each on its own line."""

    text: str | tuple[str, ...] = ""
    href: str = ""
    note: str = ""  # said smaller, below
    tone: str = ""  # a state, or "late"

    @property
    def lines(self) -> tuple[str, ...]:
        return (self.text,) if isinstance(self.text, str) else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnHead:
    """The head of one column."""

    title: str
    figure: bool = False  # set flush right
    wide: bool = False  # left out on a telephone


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """The first cell of a row is its head."""

    caption: str
    columns: tuple[ColumnHead, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption_shown: bool = False  # else only read aloud


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartView:
    """A drawing, and the same as a table beside it."""

    title: str
    svg: Markup
    table: TableView
    lead: str = ""
    total: bool = False  # the last row of the table is the sum of the others


@dataclass(frozen=True, slots=True, kw_only=True)
class PointView:
    """One thing that waits for the owner."""

    name: str
    href: str = ""
    facts: tuple[str, ...] = ()
    text: str = ""
    phone: str = ""
    tel: str = ""  # RFC 3966
    item: str = ""  # its number in the last digest
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """A heading with points, or lines, below it."""

    title: str
    lead: str = ""
    points: tuple[PointView, ...] = ()
    lines: tuple[str, ...] = ()
    more: str = ""
    more_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A label and its value."""

    label: str
    value: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class MailView:
    """A mail as text, never as its own markup."""

    facts: tuple[tuple[str, str], ...]  # From, To, Date, Subject: label and value
    words: str  # the new words, where they are not all of it
    text: str
    language: str = ""  # of a letter of ours
    more: str = ""  # where the rest of it is
    more_href: str = ""

    @property
    def plain(self) -> MailView:
        """The same where its new words are said already."""
        return replace(self, words="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a timeline."""

    day: str
    time: str
    stamp: str  # for machines: ISO 8601
    text: str
    tone: str = ""
    mail: MailView | None = None
    gone: str = ""  # said where the mail is not kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page; `template` names what lays it out."""

    file: str
    template: str
    title: str
    place: str = ""  # the page of the navigation that it belongs to
    above: tuple[tuple[str, str], ...] = ()  # pages above it: text and file
    body: object = field(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What stands on every page."""

    language: str
    name: str  # of the creditor
    as_of: str
    skip: str
    navigation: str  # its name, read aloud
    pages: tuple[tuple[str, str], ...]  # text and file
    foot: tuple[str, ...]
