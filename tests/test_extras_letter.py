"""Interest and flat sums as the client reads them, in the letter that goes out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import msgspec
import pytest

from daemon.adapters.templates_dir import load_packs
from daemon.loops.post import Post
from daemon.mail.letters.pack import Pack
from tests.builders import a_client, a_history, at
from tests.extras_books import FIRM, NOV_23, a_claim, a_letter, books

_packs = lru_cache(maxsize=1)(lambda: load_packs(()))


def text_of(language: str, *, letter: str = "firm-reminder", level: int = FIRM, on: date = NOV_23) -> str:
    """The text part in one line, its figures with a point before the decimals."""
    packs: Mapping[str, Pack] = _packs()
    ledger = books(client=a_client(language=language))
    post = Post(packs, lambda letter_id: "TOKEN", lambda path: b"", plus_token=False)
    queued = a_letter(a_claim(ledger.invoices[0]), letter=letter, level=level, on=on)
    written = post.write(msgspec.structs.replace(queued, language=language), ledger, a_history().of("acme"), at(on))
    return " ".join(written.rendered.text.split()).replace(",", ".")


@pytest.mark.parametrize(("letter", "level"), [("firm-reminder", FIRM), ("final-notice", 8)])
def test_a_firm_letter_shows_days_rate_sums_and_law_in_every_language(letter: str, level: int) -> None:
    """S22: the extras, and what justifies them."""
    languages = [language for language, pack in _packs().items() if letter in pack.letters]

    texts = {language: text_of(language, letter=letter, level=level) for language in languages}

    wanted = ("D.Lgs. 231/2002. art. 5", "D.Lgs. 231/2002. art. 6", "10.4", "8.00", "40.00", "48.00", " 23 ")
    assert len(languages) >= 4
    assert {language: [w for w in wanted if w not in text] for language, text in texts.items()} == {
        language: [] for language in languages
    }


@pytest.mark.parametrize(("letter", "level"), [("first-reminder", 3), ("second-reminder", 4)])
def test_a_milder_letter_says_nothing_of_it(letter: str, level: int) -> None:
    assert "231/2002" not in text_of("it", letter=letter, level=level)
