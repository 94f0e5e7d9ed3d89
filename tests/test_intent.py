"""What people mean: rules that hold in every language, and the days they name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from daemon.domain.books.directory import Directory
from daemon.domain.books.reading import Intent
from daemon.mail.answers.intent import Meant, read_intent
from daemon.mail.language.speech import Speeches
from daemon.mail.language.sums import sums_in
from tests.test_reading_fixtures import READER, shipped_packs

SPEECHES = Speeches(shipped_packs())
WRITTEN = date(2026, 11, 11)  # a Wednesday


def meant(text: str, written: date = WRITTEN) -> Meant:
    return read_intent(text, SPEECHES.likely(text), written)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("We will pay this invoice on Friday.", date(2026, 11, 13)),
        ("We will pay this invoice on Wednesday.", date(2026, 11, 18)),
        ("We will pay on the 15th.", date(2026, 11, 15)),
        ("We will pay on the 5th.", date(2026, 12, 5)),
        ("We will pay on November 20.", date(2026, 11, 20)),
        ("We will pay on 20/11.", date(2026, 11, 20)),
        ("We will pay on 11/20.", date(2026, 11, 20)),
        ("We will pay on 2026-12-01.", date(2026, 12, 1)),
        ("We will pay on Monday next week.", date(2026, 11, 16)),
        ("We will pay at the end of next month.", date(2026, 12, 31)),
        ("We will pay within ten days.", date(2026, 11, 21)),
        ("We will pay within 3 business days.", date(2026, 11, 16)),
        ("We will pay the invoice of 3 October on 20 November.", date(2026, 11, 20)),
        ("We will pay on 10 January.", date(2027, 1, 10)),
        ("We will pay on Friday, 20 November.", date(2026, 11, 20)),
        ("We will pay on Friday 20.", date(2026, 11, 20)),
        ("Pagheremo venerdì 20 novembre.", date(2026, 11, 20)),
        ("Pagaremos el viernes 20 de noviembre.", date(2026, 11, 20)),
        ("20 Kasım Cuma günü ödeyeceğiz.", date(2026, 11, 20)),
        ("Pagheremo mercoledì prossimo.", date(2026, 11, 18)),
        ("Pagheremo lunedì della prossima settimana.", date(2026, 11, 16)),
        ("Pagheremo dopodomani.", date(2026, 11, 13)),
        ("Pagheremo il 20 c.m. la fattura.", date(2026, 11, 20)),
        ("Pagheremo entro dieci giorni.", date(2026, 11, 21)),
        ("Pagheremo entro il 5/12/2026.", date(2026, 12, 5)),
        ("Pagaremos el próximo lunes.", date(2026, 11, 16)),
        ("Pagaremos pasado mañana.", date(2026, 11, 13)),
        ("Pagaremos a finales del mes que viene.", date(2026, 12, 31)),
        ("Pagaremos en un plazo de cinco días.", date(2026, 11, 16)),
        ("Pagaremos la factura el 3 de diciembre.", date(2026, 12, 3)),
        ("Faturayı 3 gün içinde ödeyeceğiz.", date(2026, 11, 14)),
        ("Faturayı haftaya salı günü ödeyeceğiz.", date(2026, 11, 17)),
        ("Faturayı ayın 20'sinde ödeyeceğiz.", date(2026, 11, 20)),
        ("Faturayı Aralık sonuna kadar ödeyeceğiz.", date(2026, 12, 31)),
        ("Odemeyi 20 Kasim tarihinde yapacagiz.", date(2026, 11, 20)),
    ],
)
def test_a_promise_names_its_day(text: str, day: date) -> None:
    """Reckoned from the mail's own date; accents may be missing."""
    said = meant(text)

    assert (said.intent, said.promised_on) == (Intent.PROMISE, day), said.because


@pytest.mark.parametrize(
    "text",
    [
        "We will not pay before Friday.",
        "We won't pay on Friday.",
        "We will never pay by Friday.",
        "We will pay on Friday if our customer pays us.",
        "If you call me, we will pay on Friday.",
        "We will pay on Friday. If the director agrees.",
        "Will you accept that we will pay on Friday?",
        "We should pay on Friday.",
        "We hope that we will pay on Friday.",
        "We will pay as soon as possible.",
        "We will pay on Friday or on Monday.",
        "We will pay on Monday, 20 November.",
        "I doubt we will pay on Friday.",
        "We will pay on 11/12.",
        "No payment before 20 November.",
        "We will pay on Friday at the earliest.",
        "You said that we will pay on Friday.",
        "We will not\npay on Friday.",
        "We will pay on Friday. Only if you send it.",
        "We would have paid on Friday.",
        "Non pagheremo entro venerdì.",
        "Pagheremo venerdì, se arriva il bonifico del cliente.",
        "Speriamo che pagheremo venerdì.",
        "Pagheremo appena possibile.",
        "No pagaremos el viernes.",
        "Si todo va bien, pagaremos el viernes.",
        "Esperamos que pagaremos el viernes.",
        "Cuma günü ödemeyeceğiz.",
        "Para gelirse cuma günü ödeyeceğiz.",
        "Cuma günü ödemeye çalışacağız.",
    ],
)
def test_negations_conditions_hopes_and_questions_are_no_promises(text: str) -> None:
    """A wrong promise is worse than `unclear`, which holds and shows the words."""
    said = meant(text)

    assert said.intent not in (Intent.PROMISE, Intent.PAID), said.because
    assert said.promised_on is None


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("We will pay half on Friday.", True),
        ("Venerdì paghiamo metà e il resto più avanti.", True),
        ("We will pay on Friday.", False),
    ],
)
def test_a_promise_of_a_part_says_so(text: str, part: bool) -> None:
    """It is a promise, with its day; whether a part will do is the owner's to say."""
    said = meant(text)

    assert (said.intent, said.promised_on, said.part) == (Intent.PROMISE, date(2026, 11, 13), part)


@pytest.mark.parametrize(
    "text",
    [
        "The invoice has not been paid yet.",
        "It will be paid.",
        "Has it been paid?",
        "Once it has been paid we will tell you.",
        "I think it was paid last week.",
        "La fattura non è ancora stata pagata.",
        "La fattura sarà pagata.",
        "Credo sia stata pagata.",
        "La factura no está pagada.",
        "La factura será pagada pronto.",
        "Fatura henüz ödenmedi.",
        "Ödeme yapılmadı.",
    ],
)
def test_what_is_not_paid_yet_is_not_paid(text: str) -> None:
    assert meant(text).intent is not Intent.PAID, meant(text).because


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("We paid 500 on account, but the amount is wrong.", Intent.DISPUTE),
        ("We will pay on Friday, but the price is not correct.", Intent.DISPUTE),
        ("Abbiamo pagato, smettetela di scrivere.", Intent.STOP),
        ("We paid yesterday, you will have the money tomorrow.", Intent.PAID),
        ("We cannot pay now; we will pay on 20 November.", Intent.PROMISE),
        ("Ok.", Intent.UNCLEAR),
        ("", Intent.UNCLEAR),
        ("???", Intent.QUESTION),
    ],
)
def test_what_needs_a_person_first_wins(text: str, intent: Intent) -> None:
    assert meant(text).intent is intent, meant(text).because


def test_the_words_that_decided_are_named() -> None:
    assert meant("We will pay it on Friday.").because == '"will pay", "on friday" = 2026-11-13'


def test_tomorrow_is_reckoned_from_the_writers_own_clock() -> None:
    """Half past midnight in Istanbul is the day before in UTC."""
    raw = b"From: a@b.example\nDate: Thu, 12 Nov 2026 00:30:00 +0300\n\nWe will pay this invoice tomorrow.\n"

    assert READER.read(raw, Directory(), WRITTEN).promised_on == date(2026, 11, 13)


def test_a_date_in_the_far_future_does_not_move_a_promise() -> None:
    """A wrong clock: reckoned from the day on which the mail came."""
    raw = b"From: a@b.example\nDate: Thu, 12 Nov 2099 00:30:00 +0300\n\nWe will pay this invoice tomorrow.\n"

    assert READER.read(raw, Directory(), WRITTEN).promised_on == date(2026, 11, 12)


def test_an_amount_is_read_whichever_way_its_points_are_meant() -> None:
    assert meant("We will pay EUR 1,020.00 on Friday.").amount == Decimal("1020.00")
    assert sums_in("1.220,50 € e 600 euro") == [Decimal("1220.50"), Decimal(600)]
    assert sums_in("usd 1.220") == [Decimal(1220)]
    assert sums_in("in 2026-041, 3 items") == []
