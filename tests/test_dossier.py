"""The dossier: one ZIP that a lawyer, or a collection firm, can work from (FIELD S13, S17, S24)."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from daemon.adapters.dossier_zip import write_zip
from daemon.domain import journal as j
from daemon.domain.books.invoice import Payment
from daemon.domain.books.money import Money
from daemon.domain.ladder.demand import demands
from daemon.domain.standing.account import AccountRowKind, accounts_of
from daemon.domain.standing.timeline import Moment
from daemon.loops.dossier import dossier_name
from daemon.mail.dossier.manifest import Piece, safe_name, unique
from daemon.mail.dossier.timeline import in_words
from tests.builders import a_client, a_history, an_invoice, at
from tests.dossier_books import FILES, INVOICES, KEPT, NUMBERS, TODAY, a_dossier, books, entries
from tests.letter_cases import LANGUAGES, packs


def names(**changes: object) -> list[str]:
    return [piece.name for piece in a_dossier(**changes).pieces]  # type: ignore[arg-type]


def a_piece(name: str) -> bytes:
    return next(piece.content for piece in a_dossier().pieces if piece.name == name)


def test_a_dossier_holds_all_that_there_is_in_an_order_that_never_changes() -> None:
    assert names() == [
        "letter-of-demand.pdf",
        "interest.pdf",
        "statement.pdf",
        "statement.json",
        "mails/001-2026-11-02-letter-first-reminder.eml",
        "mails/002-2026-11-02-reply.eml",
        "mails/004-2026-11-11-bounce.eml",
        "timeline.pdf",
        "timeline.json",
        "invoices/2026-041.pdf",
        "evidence/2026-041-ordine-firmato.pdf",
        "invoices/2026-044.pdf",
        "invoices/NC-7.pdf",
        "manifest.json",
        "SHA256SUMS",
    ]
    assert a_dossier().name == "dossier-acme-2026-041-2026-044.zip"


def test_what_is_missing_is_named_and_never_left_out_in_silence() -> None:
    """A mail no longer kept, a file that is gone, an invoice without its PDF."""
    gone = {path: content for path, content in FILES.items() if "ordine" not in path}
    bare = (INVOICES[0], replace(INVOICES[1], pdf=None), *INVOICES[2:])
    missing = a_dossier(books(*bare), files=gone).missing

    assert [(what, because.partition(":")[0]) for what, because in missing] == [
        ("mail of 2026-11-11: letter second-reminder", "no copy is kept; it should be in your Sent folder"),
        ("evidence for 2026-041: ordine firmato.pdf", "/books/contracts/ordine firmato.pdf cannot be read"),
        ("invoice 2026-044", "the books name no `pdf` of it"),
    ]
    assert json.loads(a_piece("manifest.json"))["missing"] == [
        {
            "what": "mail of 2026-11-11: letter second-reminder",
            "because": "no copy is kept; it should be in your Sent folder",
        }
    ]


def test_a_forgotten_client_has_no_texts_and_the_dossier_says_why() -> None:
    """GDPR art. 17: the figures are there, the words are gone."""
    gone = j.ClientForgotten(at=at(TODAY, 8), client="acme", on=TODAY)
    found = a_dossier(kept={}, more=(gone,))

    assert not [piece for piece in found.pieces if piece.name.startswith("mails/")]
    assert {because for what, because in found.missing if what.startswith("mail")} == {"removed on request"}


def test_the_manifest_has_the_size_and_the_sum_of_every_file() -> None:
    pieces = {piece.name: piece for piece in a_dossier().pieces}
    listed = json.loads(pieces["manifest.json"].content)
    sums = dict(line.split("  ", 1)[::-1] for line in pieces["SHA256SUMS"].content.decode().splitlines())

    assert [row["name"] for row in listed["files"]] == [*pieces][:-2]
    for row in listed["files"]:
        content = pieces[row["name"]].content
        assert (row["size"], row["sha256"]) == (len(content), sha256(content).hexdigest())
    assert {name: sha256(pieces[name].content).hexdigest() for name in pieces if name != "SHA256SUMS"} == sums
    assert (listed["client"], listed["invoices"], listed["on"]) == ("acme", [*NUMBERS], "2026-12-21")


def test_every_mail_is_as_it_was_sent_or_came() -> None:
    pieces = {piece.name: piece.content for piece in a_dossier().pieces}

    assert pieces["mails/001-2026-11-02-letter-first-reminder.eml"] == KEPT["letter-acme-1.eml"]
    assert pieces["mails/002-2026-11-02-reply.eml"] == KEPT["mail-aa.eml"]


def test_the_timeline_tells_everything_oldest_first_and_where_its_mail_is() -> None:
    told = json.loads(a_piece("timeline.json"))

    assert [(row["on"], row["kind"]) for row in told if row["kind"] not in ("issued", "due")] == [
        ("2026-11-02", "queued"), ("2026-11-02", "sent"), ("2026-11-02", "reply"), ("2026-11-02", "promised"),
        ("2026-11-10", "broken"), ("2026-11-11", "queued"), ("2026-11-11", "sent"), ("2026-11-11", "bounced"),
        ("2026-11-20", "paid"), ("2026-11-25", "called"), ("2026-12-21", "handed-over"),
    ]  # fmt: skip
    reply = next(row for row in told if row["kind"] == "reply")
    assert (reply["file"], reply["at"]) == ("mails/002-2026-11-02-reply.eml", "2026-11-02T15:00:00Z")
    assert reply["words"] == "Risposta da anna@acme.example: promette il pagamento"
    assert next(row for row in told if row["kind"] == "sent")["level"] == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_kind_of_entry_that_nobody_worded_is_told_by_its_name(language: str) -> None:
    """No fact is left out because a dossier does not know it yet."""
    unheard = Moment(on=TODAY, at=None, kind="other", facts={"name": "SomethingNew"})

    assert "SomethingNew" in in_words(unheard, packs()[language])
    assert "made-up" in in_words(replace(unheard, kind="made-up", facts={}), packs()[language])


def test_the_account_balances_with_what_is_open() -> None:
    [account] = accounts_of(INVOICES, {}, TODAY, NUMBERS)

    assert [(row.what, row.number, row.debit, row.credit, row.balance) for row in account.rows] == [
        (AccountRowKind.INVOICE, "2026-041", Decimal("1220.00"), Decimal(0), Decimal("1220.00")),
        (AccountRowKind.INVOICE, "2026-044", Decimal("900.00"), Decimal(0), Decimal("2120.00")),
        (AccountRowKind.CREDIT_NOTE, "NC-7", Decimal(0), Decimal("120.00"), Decimal("2000.00")),
        (AccountRowKind.PAYMENT, "2026-041", Decimal(0), Decimal("200.00"), Decimal("1800.00")),
    ]
    letters = demands(books(), a_history(*entries()), "acme", NUMBERS, TODAY, "it")
    assert sum(claim.outstanding for claim in letters[0].claims) == account.balance


def test_currencies_have_accounts_and_demands_of_their_own() -> None:
    ledger, numbers = books(), (*NUMBERS, "2026-050")

    assert [a.currency for a in accounts_of(ledger.by_client["acme"], {}, TODAY, numbers)] == ["EUR", "USD"]
    assert {"letter-of-demand-EUR.pdf", "letter-of-demand-USD.pdf", "interest-EUR.pdf"} <= {*names(numbers=numbers)}


def test_a_payment_told_twice_counts_once_and_one_too_many_shows() -> None:
    """F53; and the client who has paid too much sees it."""
    invoice = an_invoice(payments=(Payment(on=date(2026, 11, 2), amount=Decimal("1220.00")),))
    told = [
        j.PaymentRecorded(
            at=at(on), client="acme", number="2026-041", amount=Decimal(amount), currency="EUR", on=on, by="owner"
        )
        for on, amount in ((date(2026, 11, 4), "1220.00"), (date(2026, 11, 20), "10.00"))
    ]
    [account] = accounts_of((invoice,), {"2026-041": told}, TODAY, ("2026-041",))

    assert [row.balance for row in account.rows] == [Decimal("1220.00"), Decimal(0), Decimal("-10.00")]


def test_the_demand_claims_what_is_overdue_and_names_a_business_day_ten_days_on() -> None:
    """1 January and the days around it are no business days in Italy."""
    [letter] = demands(books(), a_history(*entries()), "acme", NUMBERS, date(2026, 12, 22), "it")

    assert letter.pay_by == date(2027, 1, 4)
    assert [(c.number, c.outstanding) for c in letter.claims] == [
        ("2026-041", Decimal("900.00")),
        ("2026-044", Decimal("900.00")),
    ]


def test_nothing_overdue_means_no_demand_and_the_dossier_says_so() -> None:
    early = books(an_invoice(due_on=date(2027, 1, 31)))
    found = a_dossier(early, numbers=("2026-041",))

    assert "letter-of-demand.pdf" not in [piece.name for piece in found.pieces]
    assert ("the letter of demand", "nothing of these invoices is overdue and open") in found.missing


def test_an_invoice_in_a_language_without_a_demand_gets_an_english_one() -> None:
    found = a_dossier(books(client=a_client(language="sv")))

    assert ("the letter of demand in `sv`", "it is not written; it is in English") in found.missing


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("2026/041", "2026-041"),
        ("Fattura n° 7 (è)", "Fattura-n-7-e"),
        ("ığdır şükrü ß", "igdir-sukru-ss"),
        ("..", "unnamed"),
        ("中文", "unnamed"),
        (".hidden", "hidden"),
        ("a" * 300, "a" * 60),
        ("con\n\x00trol", "con-trol"),
    ],
)
def test_names_in_the_archive_are_plain_whatever_the_owner_wrote(text: str, name: str) -> None:
    assert safe_name(text) == name


def test_two_files_of_one_name_are_both_there() -> None:
    """Upper and lower case are one, for those who unpack it elsewhere."""
    assert unique("a/B.pdf", ["a/b.pdf", "a/B-2.pdf"]) == "a/B-3.pdf"
    assert unique("a.d/b", ["a.d/b"]) == "a.d/b-2"


def test_the_file_is_the_same_for_the_same_pieces_private_and_whole_or_not_there(tmp_path: Path) -> None:
    pieces = [Piece("a/b.txt", b"x" * 5000, "one"), Piece("c.txt", b"", "two")]
    for name in ("one.zip", "two.zip"):
        write_zip(tmp_path / name, pieces, TODAY)

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert stat.S_IMODE(os.stat(tmp_path / "one.zip").st_mode) == 0o600
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.testzip() is None
        assert [(i.filename, i.date_time[:3]) for i in archive.infolist()] == [
            ("a/b.txt", (2026, 12, 21)),
            ("c.txt", (2026, 12, 21)),
        ]
    with pytest.raises(OSError):
        write_zip(tmp_path / "gone" / "x.zip", pieces, TODAY)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one.zip", "two.zip"]


def test_what_is_payable_and_not_the_total_is_what_the_account_is_about() -> None:
    invoice = an_invoice(payable=Money(Decimal("1020.00"), "EUR"))
    [account] = accounts_of((invoice,), {}, TODAY, ("2026-041",))

    assert account.balance == Decimal("1020.00")


def test_no_dossier_takes_the_name_of_another() -> None:
    """`2026/041` and `2026-041` are two invoices, and what a file's name cannot hold is told apart, too."""
    names = {dossier_name("acme", (number,)) for number in ("2026-041", "2026/041", "№1", "№2")}

    assert len(names) == 4
    assert "dossier-acme-2026-041.zip" in names
    assert all("/" not in name for name in names)
