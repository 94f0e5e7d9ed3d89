"""`sollecito triage` against a real Dovecot: the last mail of each client is shown, and nothing changes."""

from __future__ import annotations

import imaplib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from daemon.domain import journal as j
from tests.cli_place import CliPlace
from tests.real.imap_accounts import MakeDovecot, account
from tests.real.process_house import Place, debtor, overdue, running
from tests.real.servers import Account, Dovecot, MailHouse


def a_mail(days: int, sender: str, to: str, text: str) -> bytes:
    """Written so many days ago."""
    at = datetime.now(UTC) - timedelta(days=days)
    return (
        f"From: {sender}\r\nTo: {to}\r\nSubject: Re: fattura\r\nDate: {format_datetime(at)}\r\n"
        f"Message-ID: <{days}.{sender}>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()


def flags(dovecot: Dovecot, user: Account) -> dict[str, list[bytes]]:
    """What the server says of every mail: UID, flags, and the folder's own numbers."""
    found = {}
    with imaplib.IMAP4_SSL("localhost", dovecot.tls_port, ssl_context=dovecot.certificates.client_context()) as line:
        line.login(user.username, user.password)
        for folder in ("INBOX", "Sent"):
            line.select(folder, readonly=True)
            told: Any = line.uid("FETCH", "1:*", "(UID FLAGS MODSEQ)")[1]
            found[folder] = list(told)
    return found


def test_the_last_mail_of_each_client_is_shown_and_none_is_touched(make_dovecot: MakeDovecot, tmp_path: Path) -> None:
    dovecot = make_dovecot()
    user = account(dovecot)
    anna, bob, us = "anna@acme.example", "bob@beta.example", "fatture@bianchi.example"
    dovecot.put(user.username, a_mail(30, anna, us, "Paghiamo la settimana prossima."))
    dovecot.put(
        user.username, a_mail(5, "c.neri@acme.example", us, "Ancora una settimana, scusate.\r\n\r\n> il testo citato")
    )
    dovecot.put(user.username, a_mail(2, "news@shop.example", us, "Sconti!"))
    dovecot.put(user.username, a_mail(20, bob, us, "Which invoice?"))
    dovecot.put(user.username, a_mail(12, us, bob, "Dear Bob, it is 2026-050."), folder="Sent")
    (tmp_path / "password").write_text(user.password)
    place = CliPlace(tmp_path, imap={
        "host": "localhost", "port": dovecot.tls_port, "security": "tls", "ca_file": str(dovecot.ca_file),
        "username": user.username, "password": {"file": "password"},
    })  # fmt: skip
    before = flags(dovecot, user)

    rows = {row["client"]: row["last"] for row in place.json("triage")["clients"]}
    printed = place.run("triage", stdin=b"quit\n").out

    assert (rows["acme"]["by"], rows["acme"]["words"]) == ("c.neri@acme.example", "Ancora una settimana, scusate.")
    assert (rows["beta"]["theirs"], rows["beta"]["words"]) == (False, "Dear Bob, it is 2026-050.")
    assert "c.neri@acme.example: Ancora una settimana, scusate." in printed
    assert flags(dovecot, user) == before


def test_a_mailbox_out_of_reach_is_said_and_the_rest_is_shown_without_it(tmp_path: Path) -> None:
    place = CliPlace(tmp_path)

    done = place.run("triage")

    assert done.code == 1
    assert "--offline shows the rest" in done.err
    assert place.run("triage", "--offline", "--json").code == 0


def test_a_running_daemon_takes_the_answers_and_acts_on_them(mail_house: MailHouse) -> None:
    """Through its socket: who is chased gets the letter, who is promised is held, who got no answer hears nothing."""
    clients = {key: mail_house.new_user(key) for key in ("acme", "beta", "luna")}
    with Place(
        mail_house, mail_house.new_user("fatture"), mail_house.new_user("giulia"), first_start="ask",
        clients={key: debtor(user, name=key.title()) for key, user in clients.items()},
        invoices=[overdue(f"2026-0{n}1", key) for n, key in enumerate(clients, 4)],
    ) as place, running(place) as daemon:  # fmt: skip
        daemon.ready()
        place.recorded(j.LetterQueued, 3)
        promised = (datetime.now(UTC) + timedelta(days=9)).date()
        (place.folder / "answers").write_text(f"acme chase\nbeta promised {promised}\n")

        done = place.ask("triage", "--answers", str(place.folder / "answers"))
        place.inbox(clients["acme"])
        states = {row["client"]: row["state"] for row in place.status()["invoices"]}
        left = place.ask("triage", "--offline", "--json").document["clients"]

        assert done.code == 0, done.err
        assert states == {"acme": "open", "beta": "promised", "luna": "open"}
        assert [row["client"] for row in left] == ["luna"]
        assert [place.has(clients[key]) for key in ("beta", "luna")] == [[], []]
