"""Interest and compensation as a letter prints them: basis, days, rate and formula, apart from the claim (S5, S22)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from daemon.domain.books.extras_terms import Interest
from daemon.domain.books.rates import Spell, YearLength
from daemon.domain.standing.extras import Extras, ItemExtras
from daemon.domain.standing.interest import Principal, interest_on, total_of
from daemon.mail.letters import amounts
from tests.letter_cases import LANGUAGES, a_letter, packs, write
from tests.letter_text import shown, words

DUE = date(2026, 10, 31)
LAST = date(2026, 11, 18)


def some_extras(*, interest: bool = True, compensation: Decimal = Decimal(40)) -> Extras:
    """On 1,220.00 from the day after due, 200.00 of it paid on 11 November; flat sum of 40."""
    spell = Spell(first=date(2026, 11, 1), last=LAST, points=Decimal(8), reference=Decimal("2.40"))
    open_amounts = [Principal(DUE, Decimal(1220)), Principal(date(2026, 11, 11), Decimal(1020))]
    segments = interest_on(open_amounts, [spell], YearLength.DAYS_365, "EUR") if interest else ()
    item = ItemExtras(
        number="2026-041", instalment=None, due_on=DUE, segments=segments, interest=total_of(segments),
        compensation=compensation,
    )  # fmt: skip
    return Extras(
        currency="EUR", until=LAST, items=(item,), basis=Interest.STATUTORY, law=None,
        interest_cite="D.Lgs. 231/2002" if interest else "", compensation_cite="art. 6 D.Lgs. 231/2002",
    )  # fmt: skip


def test_every_figure_of_the_sum_is_printed() -> None:
    text = words(write(a_letter("firm-reminder"), extras=some_extras()).text)

    assert "Interest for late payment on invoice 2026-041 (D.Lgs. 231/2002):" in text
    assert "1 Nov 2026 – 10 Nov 2026 10 €1,220.00 10.4% €3.48" in text
    assert "11 Nov 2026 – 18 Nov 2026 8 €1,020.00 10.4% €2.32" in text
    assert "Simple interest, counted by days: amount × rate × days ÷ 365." in text
    assert "Compensation for recovery costs (art. 6 D.Lgs. 231/2002): €40.00." in text
    assert "Late payment costs so far: €45.80." in text
    assert "they come to €1,265.80 on 18 November 2026" in text


def test_what_is_claimed_stays_the_invoices_own_amount() -> None:
    """FIELD 2.18: extras are shown with their formula and never added to the invoice."""
    plain, costly = write(a_letter("firm-reminder")), write(a_letter("firm-reminder"), extras=some_extras())

    assert "We therefore ask you to pay €1,220.00 in full" in words(plain.text)
    assert "We therefore ask you to pay €1,220.00 in full" in words(costly.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sum_ends_with_what_is_to_be_paid_now(language: str) -> None:
    """The code pays the claim: a total beside it must not leave open which of the two is asked for."""
    stated = some_extras()
    text = write(a_letter("firm-reminder", language), extras=stated).text
    paragraph = next(words(p) for p in text.split("\n\n") if money(Decimal("1265.80"), language) in words(p))

    assert paragraph.index(money(Decimal("1265.80"), language)) < paragraph.index(money(Decimal("1220"), language))


def money(amount: Decimal, language: str) -> str:
    return words(amounts.money(amount, "EUR", packs()[language].locale))


def test_a_flat_sum_alone_needs_no_table() -> None:
    text = words(write(a_letter("firm-reminder"), extras=some_extras(interest=False)).text)

    assert "Rate p.a." not in text
    assert "€40.00" in text
    assert "€1,260.00" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_can_state_them_in_both_parts(language: str) -> None:
    rendered = write(a_letter("firm-reminder", language), extras=some_extras())
    phrases = packs()[language].phrases

    for part in (words(rendered.text), shown(rendered.html)):
        assert phrases["label_rate"] in part
        assert "D.Lgs. 231/2002" in part
        assert "2026-041" in part
    assert all(len(line) <= 76 for line in rendered.text.splitlines())


def test_an_early_letter_has_no_place_for_them() -> None:
    assert "D.Lgs." not in write(a_letter("due-today"), extras=some_extras()).text
