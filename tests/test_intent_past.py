"""What is told as done: before a plea to look, in a past that one accent makes, at the end of a sentence."""

from __future__ import annotations

from daemon.domain.books.reading import Intent
from tests.test_intent import meant


def test_who_only_asks_to_look_tells_a_payment_before_it() -> None:
    assert meant("Paguei na sexta, podem verificar?").intent is Intent.PAID
    assert meant("Paguei na sexta, não paguei?").intent is Intent.QUESTION
    assert meant("Cuma günü ödedik, kontrol eder misiniz?").intent is Intent.PAID
    assert meant("Ödemeyi yaptık mı, kontrol eder misiniz?").intent is not Intent.PAID
    assert meant("Pagamos por transferência, podem verificar o IBAN?").intent is not Intent.PAID  # "we pay", too


def test_what_only_an_accent_puts_into_the_past_needs_it_in_every_text() -> None:
    """ "Pagámos" is "we paid"; "pagamos" is "we pay" as well, and a text without accents tells nothing."""
    assert meant("Pagámos na segunda-feira.").intent is Intent.PAID
    assert meant("Pagamos na segunda-feira.").intent is Intent.PROMISE
    assert meant("Está bem, pagamos na segunda-feira.").intent is Intent.PROMISE


def test_the_number_of_a_day_ends_a_sentence_where_it_is_no_ordinal() -> None:
    assert meant("esta fatura esta liquidada desde o dia 3. verifiquem por favor os extratos").intent is Intent.PAID
    assert meant("Wir zahlen am 3. dezember, bitte warten Sie.").intent is not Intent.PAID


def test_what_was_sent_is_paid_although_it_says_when_it_arrives() -> None:
    assert meant("Şimdi internet bankacılığından gönderdim, birazdan hesabınıza geçer.").intent is Intent.PAID
    assert meant("Yarın gönderirim, birazdan size yazarım.").intent is not Intent.PAID


def test_a_noun_that_ends_like_an_if_supposes_nothing() -> None:
    """ "Masa" is a table; "çıkarsa" is an if."""
    assert meant("Masa çizik geldi, iki kere fotoğraf attım.").intent is Intent.DISPUTE
    assert meant("Masa kırık çıkarsa haber veririm.").intent is not Intent.DISPUTE
