"""How the pages speak: days, reasons and sums in the owner's language."""

from __future__ import annotations

from datetime import date

import pytest

from daemon.adapters.templates_report import load_report_words
from daemon.mail import amounts
from daemon.mail.report_words import Words
from tests.builders import ROME
from tests.digest_scene import LANGUAGES, PACKS, TODAY


def some_words(language: str) -> Words:
    return Words(pack=PACKS[language], zone=ROME, today=TODAY, phrases=load_report_words((), language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_is_told_with_its_weekday_once(language: str) -> None:
    """The Italian digest names the weekday of every day already."""
    on = date(2026, 12, 2)
    name = amounts.day(on, "EEE", PACKS[language].locale)

    assert some_words(language).weekday(on).count(name) == 1
