# ruff: noqa: E501  mails and tables read better unbroken
"""The new words of a reply: without quote, signature, telephone and disclaimer."""

from __future__ import annotations

import pytest

from daemon.mail.answers.newwords import Stripper
from daemon.mail.octets.plaintext import text_of_html
from tests.test_reading_fixtures import shipped_packs

STRIPPER = Stripper.of(shipped_packs().values())


@pytest.mark.parametrize(
    "quote",
    [
        "On Tue, 10 Nov 2026 at 10:05, X <x@y.example> wrote:\n> old",
        "On Tue, 10 Nov 2026 at 10:05, Studio Bianchi with a long name\n<fatture@bianchi.example> wrote:\n\n> old",
        "Il giorno mar 10 nov 2026 alle ore 10:05 X <x@y.example> ha\nscritto:\n\n> old",
        "El mar, 10 nov 2026 a las 10:05, X (<x@y.example>) escribió:\n> old",
        "X <x@y.example>, 10 Kas 2026 Sal, 10:05 tarihinde şunu yazdı:\n> old",
        "10 Kas 2026 Sal 10:05 tarihinde X <x@y.example> şunu yazdı:\n\nold",
        "Am 10.11.26 um 10:05 schrieb X:\n> old",
        "Le 10 nov. 2026 à 10:05, X <x@y.example> a écrit :\n> old",
        "-----Original Message-----\nFrom: X\nSent: Tuesday\nTo: Y\nSubject: Z\n\nold",
        "-----Messaggio originale-----\nDa: X\n\nold",
        "________________________________\nDa: X <x@y.example>\nInviato: martedì\nA: Y\nOggetto: Z\n\nold",
        "From: X\nSent: Tuesday\nTo: Y\nSubject: Z\n\nold",
        "*Von:* X\n*Gesendet:* Dienstag\n*An:* Y\n*Betreff:* Z\n\nold",
        "---------- Forwarded message ---------\nFrom: X\n\nold",
        "> old\n> older",
        "-- \nAnna Green\nAcme",
        "Best regards,\nAnna Green\nAcme Ltd\nTel. 555 0100",
        "Cordiali saluti\n\nAnna Verdi",
        "Grazie,\nAnna",
        "Saygılarımla,\nAyşe Yılmaz",
        "Sent from my iPhone",
        "Inviato da iPhone\n\nIl giorno 10 nov 2026, alle ore 10:05, X <x@y.example> ha scritto:\n\n> old",
        "This e-mail and any attachments are confidential.\nold",
        "Le informazioni contenute in questa e-mail sono riservate.",
    ],
)
def test_what_follows_the_new_words_is_dropped(quote: str) -> None:
    assert STRIPPER.new_words(f"We pay on Friday.\n\n{quote}\n") == "We pay on Friday."


def test_an_answer_below_the_quote_is_kept() -> None:
    text = "On Tue, 10 Nov 2026, X wrote:\n> When do you pay?\n\nOn Friday.\n\n> And the other?\n\nNext week."

    assert STRIPPER.new_words(text).split() == ["On", "Friday.", "Next", "week."]


@pytest.mark.parametrize(
    "text",
    [
        "On Friday we will pay what we wrote: 100.",
        "Thanks,\nwe will pay on Friday.",
        "Grazie\nprovvediamo venerdì, scusate il ritardo.",
        "From our side all is well.\nTo be paid on Friday.",
        "Best regards to your father!\nWe pay on Friday.",
    ],
)
def test_words_that_only_look_like_a_quote_stay(text: str) -> None:
    assert STRIPPER.new_words(text) == text


def test_a_paragraph_in_one_line_is_kept_whole() -> None:
    """Telephones and HTML write one line a paragraph: what stands at its end may be the dispute."""
    text = "Hello. " + "We have looked at it. " * 80 + "We dispute this invoice."

    assert STRIPPER.new_words(text) == text


@pytest.mark.parametrize("text", ["| We dispute this invoice. |", "--\nWe dispute this invoice."])
def test_an_answer_in_an_odd_frame_is_not_lost(text: str) -> None:
    assert "We dispute this invoice." in STRIPPER.new_words(text)


def test_a_postscript_below_the_signature_is_kept() -> None:
    assert STRIPPER.new_words("We pay.\n\nBest regards\nAnna Green\nPS: on Friday") == "We pay.\n\nPS: on Friday"


@pytest.mark.parametrize(
    ("text", "sender", "words"),
    [
        ("We pay Friday.\n\nAnna", "Anna Green <a@x.example>", "We pay Friday."),
        ("We pay Friday.\n\nAnna Green\nAcme Ltd\nTel. 555 0100", "anna.green@acme.example", "We pay Friday."),
        ("We pay Friday.\nGod bless\nPauline Trott", "Pauline Trott <p@x.example>", "We pay Friday.\nGod bless"),
        ("We pay Friday.\n\nCheers, Anna", "Anna Green <a@x.example>", "We pay Friday."),
        ("Thanks in advance.\n\nKind regards\n\nAnna Green", "Anna Green <a@x.example>", "Thanks in advance."),
        ("We pay.\n\nKind regards from Bremen\n\nKatrin Neumann\nVoss SE", "", "We pay.\n\nKind regards from Bremen"),
        ("When?\n\nFriday", "Friday Green <f@x.example>", "When?\n\nFriday"),
        ("Thanks,\nwe will pay on Friday.", "Anna Green <a@x.example>", "Thanks,\nwe will pay on Friday."),
        (
            "Anna Green asked me to answer.\nWe pay.",
            "Anna Green <a@x.example>",
            "Anna Green asked me to answer.\nWe pay.",
        ),
        ("We pay.\n\nSendt fra min iPhone", "", "We pay."),
        ("##- Please type your reply above this line -##\n\nWe pay.", "", "We pay."),
        ("We pay.\n\n---- On Mon, 23 Mar 2026 12:30:00 +0530 X <x@y.example> wrote ---\n\nold", "", "We pay."),
        ("We pay.\n\nX <x@y.example> kirjoitti 23.3.2026 kello 12.30:\n> old", "", "We pay."),
    ],
)
def test_a_name_ends_the_words_whatever_stands_above_it(text: str, sender: str, words: str) -> None:
    """People end with formulas that no list has; their name is in the From field."""
    assert STRIPPER.new_words(text, sender) == words


def test_html_is_made_plain_and_its_quote_is_marked() -> None:
    html = "<head><title>no</title><style>p{}</style></head><body><p>Caf&eacute; &amp; co</p><p>pays<br>Friday</p><blockquote>old</blockquote><script>x</script></body>"
    plain = text_of_html(html)

    assert "no" not in plain
    assert "x" not in plain
    assert STRIPPER.new_words(plain).split() == ["Café", "&", "co", "pays", "Friday"]


def test_what_a_mail_begins_with_is_no_disclaimer() -> None:
    said = "The VAT is wrong, we're registered in Ireland."

    assert STRIPPER.new_words(said) == said
    assert STRIPPER.new_words("Paid.\n\nRegistered in Ireland No. 5550144") == "Paid."
