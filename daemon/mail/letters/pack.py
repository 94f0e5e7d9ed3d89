"""A language pack: everything that we say in one language, and how people write to us in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jinja2 import Template

from daemon.domain.books.client import Form
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.policy import LetterLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """One letter as its author wrote it: a subject, paragraphs, and the places of the blocks."""

    name: str  # "first-reminder"
    template: Template  # the subject and every paragraph, joined by `daemon.mail.letters.prose.SEPARATOR`
    parts: tuple[str | None, ...]  # in order: the name of a block, or None for the next paragraph


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One language.

    Every scalar of `reading` and `digest` is text, as the YAML writes it: no `NO` that turns false (FIELD 6).
    """

    language: str  # ISO 639-1
    letters: Mapping[str, Prose]
    phrases: Mapping[str, str]  # `letters:` of language.yaml
    informal: Pack | None = None  # the same in the familiar form; None: the language has one form, or this one only
    reading: Mapping[str, object] = field(default_factory=dict)  # raw `reading:` section
    digest: Mapping[str, object] = field(default_factory=dict)  # raw `digest:` section
    dossier: Mapping[str, str] = field(default_factory=dict)  # `dossier:` of language.yaml

    def in_form(self, form: Form, letter: str) -> Pack:
        """The pack for a client who is addressed so; the formal one where the letter has no other wording."""
        other = self.informal
        return other if form is Form.INFORMAL and other and letter in other.letters else self

    @property
    def locale(self) -> str:
        """How amounts and dates are written: a CLDR locale such as `en_GB`."""
        return self.phrases["locale"]


def unwritten(packs: Mapping[str, Pack], ledger: Ledger) -> tuple[tuple[str, str], ...]:
    """The letters that a client's ladder calls for and that its language lacks: (language, letter), each once.

    `letter.render` would not find them; whoever reads the config asks this before the daemon starts.
    """
    wanted = {
        (client.language, level.letter)
        for client in ledger.clients.values()
        for policy in ledger.policies_of(client)
        for level in policy.levels
        if isinstance(level, LetterLevel)
    }
    return tuple(sorted(pair for pair in wanted if pair[0] not in packs or pair[1] not in packs[pair[0]].letters))
