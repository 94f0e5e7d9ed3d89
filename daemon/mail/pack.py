"""A language pack: everything that we say in one language, and how people write to us in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jinja2 import Template

LADDER = ("courtesy", "due-today", "first-reminder", "second-reminder", "firm-reminder", "final-notice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """One letter as its author wrote it: a subject, paragraphs, and the places of the blocks."""

    name: str  # "first-reminder"
    template: Template  # the subject and every paragraph, joined by `daemon.mail.prose.SEPARATOR`
    parts: tuple[str | None, ...]  # in order: the name of a block, or None for the next paragraph


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One language.

    Every scalar of `reading` and `digest` is text, as the YAML writes it: no `NO` that turns false (FIELD 6).
    """

    language: str  # ISO 639-1
    letters: Mapping[str, Prose]
    phrases: Mapping[str, str]  # `letters:` of language.yaml
    reading: Mapping[str, object] = field(default_factory=dict)  # raw `reading:` section
    digest: Mapping[str, object] = field(default_factory=dict)  # raw `digest:` section

    @property
    def locale(self) -> str:
        """How amounts and dates are written: a CLDR locale such as `en_GB`."""
        return self.phrases["locale"]
