"""What a mail to the owner is put together from: rows, sections, charts; every word is there, no layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from daemon.mail.answers.quotes import line_to_write_above


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One numbered point."""

    item: int  # 0: it has none
    head: tuple[str, ...]  # client, invoices, amount, days overdue
    text: str = ""  # what it is about and what to do
    quotes: bool = False  # somebody else's words are in it
    who: str = ""  # to telephone
    phone: str = ""
    link: str = ""  # that dials it (RFC 3966)
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Above:
    """A line before some rows, and the commands that answer to all of them."""

    row: int  # index of the first
    text: str
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Buttons:
    """How a command in the HTML part becomes a mail to us."""

    address: str
    short: Mapping[str, str]  # orders in the owner's words: `short` of `commands.yaml`
    below: str = ""  # stands below the command, where the address alone does not say what it answers

    def link(self, subject: str, command: str) -> str:
        """A `mailto:` link with the command filled in (RFC 6068)."""
        body = f"{command}\r\n\r\n{self.below}".rstrip() + "\r\n"
        return f"mailto:{quote(self.address, safe='@')}?subject={quote(subject)}&body={quote(body)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Something that happened, with other people's words in full and what follows from it."""

    head: str
    quote: str = ""  # several lines
    after: str = ""
    commands: tuple[str, ...] = ()  # that answer it


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    hint: str = ""
    rows: tuple[Row, ...] = ()
    above: tuple[Above, ...] = ()
    after: str = ""  # a line below the rows
    command: str = ""  # one that is an answer to every row
    entries: tuple[str, ...] = ()  # of a section without rows
    told: tuple[Told, ...] = ()  # of a section that tells at length


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    label: str
    figure: str
    count: int | None  # of invoices; None: not told
    share: int  # percent of the largest of its currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars with their figures: the money of one currency by age, or by client, or days by month."""

    title: str
    bars: tuple[Bar, ...]
    label: str = ""  # of the total; "": it has none
    total: str = ""
    count: int = 0
    ages: bool = False  # the bars stand for ages, and redden with them


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    headline: str
    faults: tuple[str, ...]
    sections: tuple[Section, ...]
    charts: tuple[Chart, ...]
    language: str
    foot: str
    nothing: str = ""  # said instead of the sections
    made_by: str
    write_above: str  # what the line says above which an answer is written
    buttons: Buttons | None = None

    @property
    def top(self) -> str:
        """That line; "" where no answer is read."""
        return line_to_write_above(self.write_above) if self.buttons else ""
