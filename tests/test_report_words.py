"""How the pages speak: days, reasons and sums in the owner's language."""

from __future__ import annotations

from datetime import date

import pytest

from daemon.adapters.templates_orders import load_order_pack
from daemon.adapters.templates_report import load_report_words
from daemon.mail.letters import amounts
from daemon.mail.orders.standing import PHRASES
from daemon.mail.pages.words import Words
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_state_has_one_name_on_the_pages_and_in_an_answer(language: str) -> None:
    standing = load_order_pack((), language).phrases.standing
    pages = load_report_words((), language)

    assert {name: standing[name] for name in PHRASES if f"state_{name}" in pages} == {
        name.removeprefix("state_"): said for name, said in pages.items() if name.startswith("state_")
    }
