"""What takes a promise, a payment or a complaint back, although the words for it are there; in several languages."""

from __future__ import annotations

from datetime import date

import pytest

from daemon.domain.books.reading import Intent
from tests.test_intent import meant


@pytest.mark.parametrize(
    "text",
    [
        "My husband will pay you on Monday, but I don't know what with.",
        "Mio cognato vi paga lunedì, ma con lui non si sa mai.",
        "Mein Mann überweist am Montag, aber ich glaube nicht daran.",
        "On vous paie lundi. Mais rien n'est sûr.",
        "Onze chauffeur heeft gisteren betaald, maar jullie rekening heb ik nog niet geopend.",
    ],
)
def test_a_doubt_behind_a_but_is_one_about_what_stands_before_it(text: str) -> None:
    assert meant(text).intent not in (Intent.PROMISE, Intent.PAID)


def test_a_but_that_brings_no_doubt_leaves_a_promise_as_it_is() -> None:
    assert meant("Sorry, I was away, but we will pay on Friday.").intent is Intent.PROMISE
    assert meant("We will pay on Friday, but please send the receipt to Anna.").intent is Intent.PROMISE


@pytest.mark.parametrize(
    "text",
    [
        "Paid in full! Just kidding, I'll look at it after the fair.",
        "Bonifico fatto! Scherzo, purtroppo.",
        "Schon bezahlt! Kleiner Scherz.",
        "¡Pagado! Es broma, ojalá.",
        "Payé ! Non je plaisante.",
        "Pago! Brincadeira, quem me dera.",
        "Al betaald! Grapje.",
        "Ödedim! Şaka şaka.",
    ],
)
def test_a_joke_is_no_payment(text: str) -> None:
    assert meant(text).intent is not Intent.PAID


@pytest.mark.parametrize(
    "text",
    [
        "I know what you'd like to hear: paid last week.",
        "Ich würde Ihnen gern schreiben: ist bezahlt.",
        "J'aimerais tant pouvoir vous répondre : c'est payé.",
        "Quanto vorrei potervi scrivere: pagata.",
    ],
)
def test_what_one_would_like_to_say_is_not_said(text: str) -> None:
    assert meant(text).intent is not Intent.PAID
    assert meant("I can confirm: paid last week.").intent is Intent.PAID


@pytest.mark.parametrize(
    "text",
    [
        "We'll pay on Friday. Provided, of course, you send the timesheets.",
        "Paghiamo venerdì. Sempre che ci mandiate il DURC, ovviamente.",
        "Wir zahlen am Freitag. Sofern Sie uns den Nachweis schicken, versteht sich.",
        "Pagamos na sexta. Desde que nos mandem o certificado, claro.",  # "we pay" and "we paid" are one word
        "Cuma günü öderiz. Tabii istediğimiz evrakı gönderirseniz.",  # the condition ends the sentence
    ],
)
def test_a_condition_that_follows_takes_it_back_whatever_is_put_between(text: str) -> None:
    assert meant(text).intent not in (Intent.PROMISE, Intent.PAID)


@pytest.mark.parametrize(
    "text",
    [
        "We are unpacking tomorrow and if anything is damaged you will hear from me.",
        "I see no problem unless the pallet turns up damaged again.",
        "Morgen packen wir aus, falls etwas kaputt ist, melde ich mich.",
        "S'il y a une erreur on vous le dira.",
        "Se houver alguma coisa partida eu aviso.",
        "Yarın açıyoruz, kırık bir şey çıkarsa haber veririm.",
    ],
)
def test_a_complaint_that_is_only_supposed_is_none(text: str) -> None:
    assert meant(text).intent is not Intent.DISPUTE


def test_a_complaint_that_demands_is_one_with_an_if() -> None:
    assert meant("Two boxes are missing. If you do not send them we will not pay.").intent is Intent.DISPUTE


@pytest.mark.parametrize(
    "text",
    [
        "We will transfer you to my colleague Priya on Friday.",
        "Le pasamos con mi compañera Pilar el viernes.",
        "Je vous transfère vendredi à ma collègue.",
        "Na sexta vou transferir você para a minha colega.",
        "Sizi cuma günü arkadaşım Selin Hanım'a aktaracağım.",
    ],
)
def test_a_client_who_hands_us_on_transfers_no_money(text: str) -> None:
    assert meant(text).intent not in (Intent.PROMISE, Intent.PAID)


@pytest.mark.parametrize(
    "text",
    [
        "Paid the courier this morning.",
        "Ayer pagué el alquiler y la luz.",
        "Den Kurier hab ich heute früh bezahlt.",
        "Questo mese ho pagato l'idraulico.",
        "Vanochtend de koerier betaald.",
        "Bu sabah kargoya ödeme yaptım.",
        "As discussed: the deposit has been paid, the final invoice is with the architect for checking.",
        "My son does the books, he paid the brewery and the laundry last week.",
        "La semaine dernière il a payé la brasserie.",
        "Letzte Woche hat er die Brauerei und die Wäscherei bezahlt.",
        "Geçen hafta çamaşırhaneyi ödedi.",
        "Sie wird mit dem nächsten Lauf, der jeden Freitag stattfindet, beglichen.",
    ],
)
def test_what_others_were_paid_is_not_paid_to_us(text: str) -> None:
    assert meant(text).intent is not Intent.PAID


@pytest.mark.parametrize(
    "text",
    [
        "I paid the whole outstanding amount yesterday.",
        "Paid a few days ago.",
        "We paid the repair in cash on Friday.",
        "Wir haben das gestern mit der Kreditkarte bezahlt.",
        "Das hat mein Steuerberater am Montag überwiesen.",
        "He pagado la factura el lunes.",
        "La pagué al mostrador el lunes.",
        "Pagata allo sportello ieri.",
        "Je l'ai payée à la livraison.",
        "Paguei ao balcão ontem.",
    ],
)
def test_what_where_and_when_it_was_paid_may_be_said_in_many_words(text: str) -> None:
    assert meant(text).intent is Intent.PAID


def test_a_question_which_of_two_it_is_contests_neither() -> None:
    assert meant("Is this the one for the broken window or the one for the new door?").intent is Intent.QUESTION


@pytest.mark.parametrize(
    "text",
    [
        "Deine Rechnung wird am Freitag, 13. November, in voller Höhe bezahlt.",
        "Your invoice will be paid on Friday, 13 November, in full.",
        "We will pay on Friday, 13 November. If it isn't there on Monday you may shout.",
    ],
)
def test_neither_a_comma_in_a_day_nor_what_happens_else_takes_a_promise_back(text: str) -> None:
    found = meant(text)

    assert (found.intent, found.promised_on) == (Intent.PROMISE, date(2026, 11, 13))


@pytest.mark.parametrize(
    "text",
    [
        "Payments approved by Wednesday noon are executed on Friday of the same week.",
        "Bis Mittwoch freigegebene Zahlungen werden am Freitag derselben Woche ausgeführt.",
        "Çarşamba öğlene kadar onaylanan ödemeler aynı haftanın cuma günü yapılır.",
    ],
)
def test_how_a_house_pays_in_general_promises_nothing(text: str) -> None:
    assert meant(text).intent is not Intent.PROMISE


def test_who_asks_which_half_it_is_has_paid_one_of_them_only() -> None:
    asked = "I paid the first half in May. Is this about the second half or did the first not reach you?"

    assert meant(asked).intent is Intent.QUESTION
    assert meant("I paid the first half in May. Did it not reach you?").intent is Intent.PAID


def test_a_word_for_paying_now_is_none_for_having_paid() -> None:
    assert meant("Te lo pago antes del 15.").intent is Intent.PROMISE


def test_a_part_that_only_says_how_they_would_pay_is_no_promise() -> None:
    """They ask for instalments; the day of one of them is a proposal."""
    proposal = "Dava-lhe jeito se eu dividisse isto em três vezes? 400 já e o resto em junho."

    assert meant(proposal).intent is Intent.EXTENSION
    assert meant("Pago 400 já e o resto em junho.").intent is Intent.PROMISE


def test_a_month_that_has_just_passed_is_no_day_to_come() -> None:
    """Without an accent "liquido" is also "I settle"."""
    assert meant("Esa la liquido la central a finales de octubre.").intent is not Intent.PROMISE
    assert meant("Esa la liquido a finales de diciembre.").intent is Intent.PROMISE


def test_a_day_that_may_be_one_just_past_is_no_promise() -> None:
    """ "12/10" and "10/12": with "paid" a month ago, with "will pay" a month ahead; nobody can tell."""
    assert meant("Paid by direct transfer 12/10/2026.", date(2026, 10, 14)).intent is Intent.PAID
    assert meant("I will pay on 12/10.", date(2026, 10, 14)).intent is Intent.UNCLEAR
    assert meant("I will pay on 12/10.", date(2026, 11, 14)).promised_on == date(2026, 12, 10)


def test_what_somebody_does_at_once_when_back_is_done_on_that_day() -> None:
    back = meant("Our accountant is back on Monday, she'll pay you immediately.")

    assert (back.intent, back.promised_on) == (Intent.PROMISE, date(2026, 11, 16))
    assert meant("She'll pay you immediately.").promised_on == date(2026, 11, 11)


def test_the_day_of_a_payment_is_not_the_one_on_which_the_rest_follows() -> None:
    assert meant("Have paid half today. Other half to follow.").intent is Intent.PAID
    assert meant("Réglé ce jour, 300 € en acompte.").intent is Intent.PAID


@pytest.mark.parametrize("text", ["Die Ware kam kaputt an.", "Ich hatte die Rechnung schon reklamiert."])
def test_ware_and_hatte_suppose_nothing_in_a_text_without_accents(text: str) -> None:
    assert meant(text).intent is Intent.DISPUTE


def test_a_sum_that_is_all_they_have_is_no_complaint() -> None:
    assert meant("habe ihnen gestern 400 euro überwiesen mehr geht gerade nicht").intent is Intent.PAID
    assert meant("Das geht gerade leider nicht.").intent is not Intent.DISPUTE


@pytest.mark.parametrize("marks", ["?", "?!", "!?", "??!!"])
def test_who_asks_and_shouts_promises_nothing(marks: str) -> None:
    assert meant(f"Ja hoor, morgen betaal ik en dan nemen jullie zeker de telefoon op{marks}").intent is Intent.QUESTION
    assert meant("Morgen betaal ik!!").intent is Intent.PROMISE
