"""How an alert reads: golden texts in eight languages."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from daemon.adapters.templates_orders import load_order_pack
from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.owner import AlertKind
from daemon.domain.journal import Because
from daemon.domain.reports.alert import Alert, OwnFault, alert, news_of
from daemon.mail.letters.letter import Rendered
from daemon.mail.owner.alert import render_alert
from daemon.mail.owner.digest_parts import Buttons
from tests.builders import a_creditor, a_history, a_ledger
from tests.digest_scene import (
    FRESH,
    LANGUAGES,
    NOW,
    PACKS,
    TODAY,
    a_call,
    a_hold,
    a_letter,
    a_reply,
    client,
    invoice,
    offered,
    sent,
)

GOLDEN = Path(__file__).parent / "digests"
ACME = invoice("acme", "2026-041", "1020.00", 22)
BETA = invoice("beta", "2026-050", "3400.00", 19)
WORDS = {"m-acme": "The invoice is wrong:\nfour hours are missing.", "m-later": "We will pay on 30 November."}
ADDRESS = "fatture+ask-abcdefghijklmnopqrstuvwxyz@bianchi.example"


def scene(language: str) -> tuple[Alert, Ledger]:
    """Everything that can happen to two clients, and to ourselves."""
    clients = (client("acme", "Anna Verdi", "Acme S.p.A."), client("beta", "Eva Rosa", "Beta"))
    ledger = a_ledger(ACME, BETA, clients=clients, creditor=a_creditor(language=language))
    doubtful = a_letter(BETA, "second-reminder", date(2026, 11, 16), 2, to="eva@beta.example")
    gone = a_letter(ACME, "first-reminder", date(2026, 11, 16), to="anna@acme.example")
    history = a_history(
        *sent(gone, FRESH),
        a_reply("acme", "2026-041", "anna@acme.example", "dispute", "m-acme", FRESH),
        a_hold("acme", "2026-041", because=Because.DISPUTE, review_on=date(2026, 12, 1), mail="m-acme", at=FRESH),
        j.ContactFailed(
            at=FRESH, client="acme", address="anna@acme.example", reason="550 5.1.1 no such user", on=TODAY,
            letter_id=gone.letter_id,
        ),
        a_call("acme", "2026-041", "bounce", "mail to anna@acme.example is not delivered"),
        j.PromiseBroken(at=FRESH, client="acme", numbers=("2026-041",), promised_on=date(2026, 11, 13), on=TODAY),
        j.PlanBroken(at=FRESH, client="acme", number="2026-041", instalment=1, due_on=date(2026, 11, 10), on=TODAY),
        a_reply("beta", "2026-050", "eva@beta.example", "promise", "m-later", FRESH),
        j.PromiseMade(
            at=FRESH, client="beta", numbers=("2026-050",), promised_on=date(2026, 11, 30), mail="m-later", on=TODAY
        ),
        a_hold("beta", "2026-050", because=Because.PROMISE, until=date(2026, 12, 2), mail="m-later", at=FRESH),
        *(doubtful, offered(doubtful, FRESH)),
        j.DeliveryInDoubt(
            at=FRESH, client="beta", letter_id=doubtful.letter_id, to=doubtful.to, reason="the line broke"
        ),
    )  # fmt: skip
    faults = (
        OwnFault(kind=AlertKind.OUTAGE, what="mailbox", words="login refused"),
        OwnFault(kind=AlertKind.CONFIG, what="config", words="invoices/2026.yaml:12:3: `due` is missing"),
        OwnFault(kind=AlertKind.DISK, what="disk", words="no space left on device"),
        OwnFault(kind=AlertKind.WAITING, what="waiting", count=180),
        OwnFault(kind=AlertKind.OUTAGE, what="relay", over=True),
    )
    words = WORDS.__getitem__
    happened = news_of(ledger, history, frozenset(AlertKind), NOW, words)
    told = alert(ledger, history, happened, faults, today=lambda _: TODAY, now=NOW, words=words)
    return told, ledger


def written(language: str) -> Rendered:
    told, ledger = scene(language)
    buttons = Buttons(address=ADDRESS, short=load_order_pack((), language).phrases.short)
    return render_alert(told, ledger, PACKS[language], buttons)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_alert_reads_as_it_did(language: str) -> None:
    """Read tests/digests/alert-*.txt when a phrase has changed, then keep them (`python -m tests.test_alert_mail`)."""
    rendered = written(language)

    golden = (GOLDEN / f"alert-{language}.txt").read_text(encoding="utf-8")
    assert f"Subject: {rendered.subject}\n\n{rendered.text}" == golden


def test_everything_that_happened_is_told() -> None:
    told, _ = scene("en")

    assert {(one.kind, one.about) for news in told.clients for one in news.happened} == {
        (AlertKind.ANSWER, "dispute"),
        (AlertKind.ANSWER, "promise"),
        (AlertKind.BOUNCE, "failed"),
        (AlertKind.PROMISE_BROKEN, "promise"),
        (AlertKind.PROMISE_BROKEN, "plan"),
        (AlertKind.IN_DOUBT, "second-reminder"),
    }


def test_an_alert_of_one_invoice_says_what_an_order_without_a_number_is_about() -> None:
    told, _ = scene("en")
    alone = Alert(today=TODAY, now=NOW, clients=told.clients[:1])

    assert (told.about, alone.about) == ("", "acme/2026-041")


def test_a_call_that_only_follows_from_a_dead_address_is_no_news_of_its_own() -> None:
    told, _ = scene("en")
    numbers = [one.kind for news in told.clients for one in news.happened if one.kind is AlertKind.BOUNCE]

    assert len(numbers) == 1
    assert all(NOW - one.at < timedelta(days=1) for news in told.clients for one in news.happened)


if __name__ == "__main__":
    for name in LANGUAGES:
        made = written(name)
        (GOLDEN / f"alert-{name}.txt").write_text(f"Subject: {made.subject}\n\n{made.text}", encoding="utf-8")
