"""How a mail about invoices reads that the owner sent by hand: golden texts in eight languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from daemon.adapters.templates_orders import load_order_pack
from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.domain.journal.sending_entries import Unclear
from daemon.domain.reports.alert import Alert, alert
from daemon.mail.letters.letter import Rendered
from daemon.mail.owner.alert import render_alert
from daemon.mail.owner.digest_parts import Buttons
from tests.builders import a_creditor, a_history, a_ledger
from tests.digest_scene import FRESH, LANGUAGES, NOW, PACKS, TODAY, client

GOLDEN = Path(__file__).parent / "digests"
ADDRESS = "fatture+ask-abcdefghijklmnopqrstuvwxyz@bianchi.example"
DUE = date(2026, 12, 15)
LINES = (
    "  issued: 2026-11-15", "  due: 2026-12-15", "  currency: EUR", "  total: 1220.00", "  lines:",
    '    - {what: "Manutenzione", quantity: 10, price: 100.00, vat: 22}',
)  # fmt: skip


def a_proposal(number: str, *clients: str, **changes: object) -> j.InvoiceProposed:
    given: dict[str, object] = {
        "at": FRESH, "on": TODAY, "ref": number, "mail": "m", "subject": "Fattura", "source": "fattura.xml",
        "clients": clients, "recipients": ("anna@acme.example",), "number": number, "owed": Decimal("1220.00"),
        "currency": "EUR", "due_on": DUE, "yaml": LINES, **changes,
    }  # fmt: skip
    return j.InvoiceProposed(**given)  # type: ignore[arg-type]  # the fields of the struct


def unclear(because: Unclear, source: str, detail: str = "") -> j.SendingUnclear:
    return j.SendingUnclear(
        at=FRESH, on=TODAY, mail="m", subject="Fattura", source=source, because=because, detail=detail
    )


SENT = (
    a_proposal("2026-101", "acme", buyer="Nordlicht GmbH", seller="Verdi Srl", iban="DE02120300000000202051"),
    a_proposal("2026-102", "acme", "beta", source="", yaml=LINES[1:4]),
    a_proposal(
        "NC-7", recipients=("kasse@neu.example",), credit=True, stranger=("neu:", '  name: "Neu"', "  contacts:")
    ),
    unclear(Unclear.FILE, "fattura.xml", "cbc:ID (BT-1): is missing"),
    unclear(Unclear.SIZE, "fattura.pdf"),
    *(
        unclear(why, "2026-103 1.220 EUR 15/12")
        for why in (Unclear.AMOUNT, Unclear.DAY, Unclear.PAST, Unclear.AMBIGUOUS)
    ),
    unclear(Unclear.DIFFERS, "fattura.xml, 2026-104"),
    unclear(Unclear.KNOWN, "fattura.xml", "acme/2026-041"),
)


def scene(language: str) -> tuple[Alert, Ledger]:
    clients = (client("acme", "Anna Verdi", "Acme S.p.A."), client("beta", "Eva Blum"))
    ledger = a_ledger(clients=clients, creditor=a_creditor(language=language))
    told = alert(ledger, a_history(*SENT), {}, [], SENT, today=lambda _: TODAY, now=NOW, words=lambda _: "")
    return told, ledger


def written(language: str) -> Rendered:
    told, ledger = scene(language)
    return render_alert(
        told, ledger, PACKS[language], Buttons(address=ADDRESS, short=load_order_pack((), language).phrases.short)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_reads_as_it_did(language: str) -> None:
    """Read tests/digests/sent-*.txt when a phrase has changed, then keep them (`python -m tests.test_alert_sent`)."""
    rendered = written(language)

    golden = (GOLDEN / f"sent-{language}.txt").read_text(encoding="utf-8")
    assert f"Subject: {rendered.subject}\n\n{rendered.text}" == golden


def test_every_reason_is_told() -> None:
    """But of what nothing proves: only the digest tells of it, for strangers could else make us write to her."""
    told = {one.because for one in SENT if isinstance(one, j.SendingUnclear)}

    assert told == {*Unclear} - {Unclear.UNPROVEN, Unclear.LOOK_UP}


def test_the_lines_can_be_copied_out_of_the_html_as_they_stand() -> None:
    """An indentation of no-break spaces is none to YAML."""
    html = written("en").html

    assert "<br>  - {what: " in html
    assert "white-space:pre-wrap" in html


def test_the_words_of_others_stand_behind_a_mark() -> None:
    """What a document says, its buyer's name too: an order in it is none of hers, however her answer quotes it."""
    text = written("en").text

    for words in ("Manutenzione", "Nordlicht", "Verdi Srl", "DE02", "BT-1"):
        lines = [line for line in text.split("\n") if words in line]
        assert lines
        assert all(line.startswith("    | ") for line in lines), lines


if __name__ == "__main__":
    for name in LANGUAGES:
        made = written(name)
        (GOLDEN / f"sent-{name}.txt").write_text(f"Subject: {made.subject}\n\n{made.text}", encoding="utf-8")
