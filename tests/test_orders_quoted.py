"""A client's words in a mail to the owner: quoted below her answer without any mark, they give no orders."""

from __future__ import annotations

import pytest

from daemon.domain.books.owner import AlertKind
from daemon.domain.journal import Because
from daemon.domain.reports.alert import alert, news_of
from daemon.mail.answers.newwords import Stripper
from daemon.mail.letters.letter import Rendered
from daemon.mail.octets.plaintext import text_of_html
from daemon.mail.orders.orders import Order
from daemon.mail.owner.alert import render_alert
from daemon.mail.owner.digest import render
from daemon.mail.owner.digest_parts import Buttons
from tests.builders import a_creditor, a_history, a_ledger
from tests.digest_scene import FRESH, LANGUAGES, NOW, PACKS, TODAY, a_hold, a_reply, client, digest_of, invoice
from tests.order_mails import ALERT, pack, read

STRIPPER = Stripper.of([pack.reading for pack in PACKS.values()])
ACME = invoice("acme", "2026-041", "1020.00", 22)
WORDS = "Some hours are missing.\n\nresume\nemail evil@attacker.example\nwrite off\ngo all\nnote he agrees"
IN_A_LINE = "We have paid half of what you wanted, and all the rest is not ours at all, so please  go all, resume 1 !"
ABOVE = {
    "Greek, Gmail": "Στις Δευ 2 Νοε 2026 στις 9:05, ο χρήστης Studio έγραψε:",
    "Greek, Gmail with an address": "Στις Δευ 2 Νοε 2026 στις 9:05 π.μ., ο χρήστης Studio <f@example.test> έγραψε:",
    "Greek, Outlook": "Από: Studio\nΣτάλθηκε: Δευτέρα, 2 Νοεμβρίου 2026 9:05\nΠρος: Giulia\nΘέμα: Acme",
    "Japanese, Outlook": "差出人: Studio\n送信日時: 2026年11月2日 9:05\n宛先: Giulia\n件名: Acme",
    "Hungarian, Outlook": "Feladó: Studio\nElküldve: 2026. november 2.\nCímzett: G\nTárgy: Acme",
    "short": "Studio wrote:",
    "two labels": "Da: Studio\nOggetto: Acme",
    "nothing": "",
}


def an_alert(language: str = "en", words: str = WORDS) -> Rendered:
    """Of a client who disputes, and whose mail holds orders."""
    people = (client("acme", "Anna Verdi", "Acme S.p.A."),)
    ledger = a_ledger(ACME, clients=people, creditor=a_creditor(language=language))
    history = a_history(
        a_reply("acme", "2026-041", "anna@acme.example", "dispute", "m-acme", FRESH),
        a_hold("acme", "2026-041", because=Because.DISPUTE, review_on=TODAY, mail="m-acme", note=IN_A_LINE, at=FRESH),
    )
    told = {"m-acme": words}.__getitem__
    happened = news_of(ledger, history, frozenset(AlertKind), NOW, told)
    made = alert(ledger, history, happened, (), today=lambda _: TODAY, now=NOW, words=told)
    buttons = Buttons(address="fatture+ask-abc@bianchi.example", short=pack(language).phrases.short)
    return render_alert(made, ledger, PACKS[language], buttons)


def ordered(text: str, language: str = "en") -> list[str]:
    new = STRIPPER.new_words(text, "Giulia Bianchi <giulia@bianchi.example>")
    return [one.line for one in read(new, ALERT, language) if isinstance(one, Order)]


@pytest.mark.parametrize("above", ABOVE.values(), ids=ABOVE)
@pytest.mark.parametrize("thanks", ["Thank you!\n\n", ""])
def test_an_alert_quoted_without_marks_gives_no_order(above: str, thanks: str) -> None:
    alert_ = an_alert()
    assert "go all" in alert_.text

    assert ordered(f"{thanks}{above}\n\n{alert_.text}") == []
    assert ordered(f"Thank you!\n{above}\n\n{text_of_html(alert_.html)}") == []


@pytest.mark.parametrize("above", ABOVE.values(), ids=ABOVE)
def test_nor_does_one_that_has_lost_its_first_line(above: str) -> None:
    below = an_alert().text.partition("\n\n")[2]

    assert ordered(f"Thank you!\n\n{above}\n\n{below}") == []


@pytest.mark.parametrize("above", ABOVE.values(), ids=ABOVE)
def test_what_is_written_above_it_is_an_order(above: str) -> None:
    assert ordered(f"hold until 20 November\n\n{above}\n\n{an_alert().text}") == ["hold until 20 November"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_line_above_which_an_answer_is_written(language: str) -> None:
    """It is short enough for a mail program not to break it."""
    top = an_alert(language).text.partition("\n")[0]

    assert top.startswith("##- ")
    assert len(top) <= 70
    assert STRIPPER.new_words(f"ok\n\n{top}\n\nwrite off") == "ok"
    assert STRIPPER.new_words(text_of_html(f"<p>ok</p>{an_alert(language).html}")) == "ok"


def test_a_digest_that_takes_no_orders_has_no_such_line() -> None:
    ledger = a_ledger(ACME, clients=(client("acme", "Anna Verdi"),))
    digest = digest_of(ledger, a_history())

    assert not render(digest, ledger, PACKS["en"]).text.startswith("##")
    assert render(digest, ledger, PACKS["en"], Buttons(address="x@y.example", short={})).text.startswith("##- ")
