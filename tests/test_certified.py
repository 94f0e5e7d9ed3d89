# ruff: noqa: E501  mails read better unbroken
"""Italian certified mail: the person inside the envelope, and what the provider reports (RFC 6109)."""

from __future__ import annotations

from datetime import date

import pytest

from daemon.domain.books.reading import Evidence, Intent, Kind, Meaning, Reading
from tests.test_reading_fixtures import BOOK, READER, TOKEN

PROVIDER = (
    "From: posta-certificata@pec.gestore.example\nTo: fatture@bianchi.example\nDate: Wed, 11 Nov 2026 09:00:00 +0100\n"
)


def read(raw: str) -> Reading:
    return READER.read_or_raise(raw.encode(), BOOK, date(2026, 11, 11))


def test_the_words_are_those_of_the_person_inside_the_envelope() -> None:
    """The text that a mail program shows first is the provider's, and says nothing about the invoice."""
    reading = read(
        'From: "Per conto di: anna@acme.example" <posta-certificata@pec.gestore.example>\n'
        "To: fatture@bianchi.example\nSubject: POSTA CERTIFICATA: Re: fattura 2026-041\nDate: Wed, 11 Nov 2026 09:00:00 +0100\n"
        "X-Trasporto: posta-certificata\nContent-Type: multipart/mixed; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nMessaggio di posta certificata\n\nIl messaggio originale è incluso in allegato.\n"
        "--b\nContent-Type: message/rfc822; name=postacert.eml\n\n"
        f"From: Anna Verdi <anna@acme.example>\nIn-Reply-To: <{TOKEN}@bianchi.example>\nSubject: Re: fattura 2026-041\n\n"
        "Pagheremo venerdì.\n\nAnna Verdi\n--b--\n"
    )

    assert (reading.kind, reading.intent, reading.promised_on) == (Kind.REPLY, Intent.PROMISE, date(2026, 11, 13))
    assert (reading.sender, reading.text) == ("anna@acme.example", "Pagheremo venerdì.")
    assert (reading.match.evidence, reading.match.known_sender) == (Evidence.TOKEN, True)


@pytest.mark.parametrize(
    ("receipt", "kind"),
    [
        ("accettazione", Kind.RECEIPT),
        ("avvenuta-consegna", Kind.RECEIPT),
        ("preavviso-errore-consegna", Kind.DELAYED),
        ("errore-consegna", Kind.BOUNCE),
        ("non-accettazione", Kind.BOUNCE),
    ],
)
def test_a_notification_says_what_became_of_our_letter(receipt: str, kind: Kind) -> None:
    reading = read(
        f"{PROVIDER}Subject: {receipt}: fattura\nX-Ricevuta: {receipt}\nX-Riferimento-Message-ID: <{TOKEN}@bianchi.example>\n\n"
        'Il giorno 11/11/2026 alle ore 09:00:00 nel messaggio "fattura" proveniente da "fatture@bianchi.example"\n'
        'e destinato all\'utente "anna@acme.example" è stato rilevato un errore: 5.1.1 - Indirizzo non valido\n'
    )

    assert reading.kind is kind
    assert reading.match.evidence is Evidence.TOKEN
    assert [r.address for r in reading.recipients] == ["anna@acme.example"]


def test_an_address_that_the_provider_does_not_know_is_dead() -> None:
    reading = read(
        f"{PROVIDER}Subject: AVVISO DI MANCATA CONSEGNA: fattura\nX-Ricevuta: errore-consegna\n\n"
        "nel messaggio proveniente da fatture@bianchi.example e destinato all'utente anna@acme.example è stato rilevato un errore:\n"
        "5.1.1 - Destinatario inesistente\n"
    )

    assert reading.recipients[0].meaning is Meaning.DEAD


def test_only_the_addressee_of_the_notification_is_reported() -> None:
    reading = read(
        f"{PROVIDER}Subject: AVVISO\nX-Ricevuta: errore-consegna\n\nnel messaggio di fatture@bianchi.example e destinato all'utente "
        "mario.rossi@pec.example è stato rilevato un errore. Per assistenza: aiuto@pec.gestore.example\n"
    )

    assert [r.address for r in reading.recipients] == ["mario.rossi@pec.example"]


def test_a_certified_mail_without_its_letter_is_read_as_any_mail() -> None:
    reading = read(f"{PROVIDER}Subject: x\nX-Trasporto: posta-certificata\n\nNiente in allegato.\n")

    assert reading.kind is Kind.REPLY
    assert reading.text == "Niente in allegato."
