"""A document of a dossier between its words and its typesetting: what stands on its pages, in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from daemon.mail.letters.sheet import Element


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that says what follows; the first one of a document is its title."""

    text: str


@dataclass(frozen=True, slots=True)
class SigningPlace:
    """Room for a signature by hand above a rule, with who signs below it."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One PDF to be made.  All its texts are data: nothing in them is markup."""

    title: str
    author: str
    language: str  # ISO 639-1
    on: date  # the date that it bears
    elements: tuple[Element | Heading | SigningPlace, ...]
    slip: bytes | None = field(default=None, repr=False)  # SVG, 210 mm wide, for the foot of a page of its own
