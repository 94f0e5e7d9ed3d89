"""A reminder to a person who has no company speaks of none."""

from __future__ import annotations

import re

import pytest

from daemon.domain.books.client import Form
from tests.letter_cases import ASKING, FAMILIAR, LANGUAGES, a_letter, write

FORMS = [(language, Form.FORMAL) for language in LANGUAGES] + [(language, Form.INFORMAL) for language in FAMILIAR]

COMPANY = {
    "en": r"your company", "it": r"\b(Sua|tua|[Vv]ostra)\s+(azienda|società|ditta)", "es": r"\b(su|tu)\s+empresa",
    "tr": r"şirketin", "de": r"\b(Ihr|dein)\w*\s+(Unternehmen|Betrieb|Firma)",
    "fr": r"\b(votre|ton|ta)\s+(entreprise|société)", "pt": r"\b(sua|tua)\s+empresa",
    "nl": r"\b(uw|je|jullie)\s+(bedrijf|organisatie|onderneming)",
}  # fmt: skip


@pytest.mark.parametrize(("language", "form"), FORMS)
def test_no_reminder_speaks_of_the_readers_company(language: str, form: Form) -> None:
    """Consumers owe money, too, and the same letters go to them."""
    texts = {name: write(a_letter(name, language), client={"form": form, "consumer": True}).text for name in ASKING}
    spoken = [name for name, text in texts.items() if re.search(COMPANY[language], text)]

    assert spoken == []
