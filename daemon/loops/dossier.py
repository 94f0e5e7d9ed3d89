"""Puts a dossier together: documents, mails, invoices and evidence, and what of it is missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import PurePath
from typing import NamedTuple

import msgspec

from daemon.domain import journal as j
from daemon.domain.books.invoice import Invoice
from daemon.domain.books.ledger import Ledger
from daemon.domain.history import History
from daemon.domain.ladder.demand import DEMAND, demands
from daemon.domain.standing.account import Account, accounts_of, as_json
from daemon.domain.standing.extras import extras_for
from daemon.domain.standing.plans import as_planned
from daemon.domain.standing.timeline import Moment, entries_about, timeline
from daemon.mail.dossier.account import statement
from daemon.mail.dossier.demand import demand
from daemon.mail.dossier.document import Document
from daemon.mail.dossier.manifest import Missing, Piece, safe_name, unique, with_manifest
from daemon.mail.dossier.speech import FALLBACK, pack_for
from daemon.mail.dossier.timeline import timeline_document, timeline_json
from daemon.mail.letters.pack import Pack

ReadFile = Callable[[str], bytes]
Find = Callable[[str], bytes | None]  # a kept mail, by its name in the archive
Typeset = Callable[[Document], bytes]
Progress = Callable[[str], None]  # what is being done now, in words


class Dossier(NamedTuple):
    """All its files, the manifest and the sums last."""

    name: str  # of the ZIP
    pieces: Sequence[Piece]
    missing: Sequence[Missing]


class Folder:
    """One dossier while it is put together.

    Args:
        entries: all of the journal.
        today: the creditor's local date, which every document bears.
    """

    def __init__(
        self, ledger: Ledger, history: History, entries: Sequence[j.AnyEntry], client: str, numbers: Sequence[str],
        today: date, packs: Mapping[str, Pack],
    ) -> None:  # fmt: skip
        self._ledger, self._history, self._packs, self._today = ledger, history, packs, today
        self._client, self._numbers = ledger.clients[client], tuple(numbers)
        self._books = as_planned(ledger.by_client[client], history.of(client).plans)
        self._about = [invoice for invoice in self._books if invoice.number in numbers]
        own = entries_about(entries, client, numbers)
        self._moments = timeline(self._about, own, ledger.creditor.timezone, today)
        self._pieces: list[Piece] = []
        self._missing: list[Missing] = []

    def put_together(self, typeset: Typeset, find: Find, read_file: ReadFile, progress: Progress) -> Dossier:
        """All that there is, and the names of what there is not.

        Raises:
            RuntimeError: a document cannot be set.
        """
        known = self._history.of(self._client.key)
        accounts = accounts_of(self._books, known.payments, self._today, self._numbers, known.told.written_off)
        progress("letter of demand, statement of account, interest")
        self._demands(typeset)
        self._accounts(accounts, typeset)
        progress(f"letters and mails, {len(self._moments)} events")
        files = self._mails(find)
        self._timeline(files, typeset)
        progress("invoices and evidence")
        self._invoices(read_file, accounts)
        about = {
            "dossier": f"{self._client.name}: {', '.join(self._numbers)}",
            "client": self._client.key,
            "invoices": list(self._numbers),
            "creditor": self._ledger.creditor.name,
            "on": self._today.isoformat(),
        }
        pieces = with_manifest(about, self._pieces, self._missing)
        return Dossier(dossier_name(self._client.key, self._numbers), pieces, self._missing)

    def _add(self, name: str, content: bytes, what: str) -> str:
        name = unique(name, (piece.name for piece in self._pieces))
        self._pieces.append(Piece(name, content, what))
        return name

    def _demands(self, typeset: Typeset) -> None:
        wanted = self._client.language
        written = wanted in self._packs and DEMAND in self._packs[wanted].letters and self._packs[wanted].dossier
        letters = demands(
            self._ledger, self._history, self._client.key, self._numbers, self._today, wanted if written else FALLBACK
        )
        if not letters:
            self._missing.append(Missing("the letter of demand", "nothing of these invoices is overdue and open"))
        elif not written:
            self._missing.append(Missing(f"the letter of demand in `{wanted}`", "it is not written; it is in English"))
        books = {invoice.number: invoice for invoice in self._books}
        for letter in letters:
            extras = extras_for(letter, self._ledger, self._history.of(self._client.key))
            made = demand(letter, self._ledger.creditor, self._client, books, self._packs, extras)
            end = f"-{made.currency}" if len(letters) > 1 else ""
            self._add(f"letter-of-demand{end}.pdf", typeset(made.letter), "formal demand, to be signed and sent")
            if made.interest is not None:
                self._add(f"interest{end}.pdf", typeset(made.interest), "interest and compensation, line by line")
            if extras is not None and extras.missing is not None:
                self._missing.append(Missing("interest", str(extras.missing)))

    def _accounts(self, accounts: Sequence[Account], typeset: Typeset) -> None:
        pack = pack_for(self._packs, self._client.language)
        made = statement(accounts, self._ledger.creditor, self._client, pack, self._today)
        self._add("statement.pdf", typeset(made), "statement of account")
        self._add("statement.json", _json([*map(as_json, accounts)]), "the same, for programs")

    def _mails(self, find: Find) -> Mapping[str, str]:
        """Every letter as sent, every answer and bounce; where each is in the dossier."""
        files: dict[str, str] = {}
        kept = dict.fromkeys(moment.mail for moment in self._moments if moment.mail)
        first = {name: next(m for m in self._moments if m.mail == name) for name in kept}
        for count, (name, moment) in enumerate(first.items(), start=1):
            what = _what(moment)
            content = find(name) if name else None
            if content is None:
                self._missing.append(Missing(f"mail of {moment.on}: {what}", self._why_no_copy(moment)))
            elif name:
                file = f"mails/{count:03d}-{moment.on}-{safe_name(what)}.eml"
                files[name] = self._add(file, content, what)
        return files

    def _why_no_copy(self, moment: Moment) -> str:
        if self._history.of(self._client.key).forgotten:
            return "removed on request"
        ours = "letter" in moment.facts or moment.kind == "own-mail"
        return "no copy is kept; it should be in your Sent folder" if ours else "no copy is kept"

    def _timeline(self, files: Mapping[str, str], typeset: Typeset) -> None:
        creditor = self._ledger.creditor
        pack = pack_for(self._packs, creditor.language)
        made = timeline_document(self._moments, files, creditor, self._client, pack, self._today)
        self._add("timeline.pdf", typeset(made), "everything recorded, oldest first")
        self._add("timeline.json", _json(timeline_json(self._moments, files, pack)), "the same, for programs")

    def _invoices(self, read_file: ReadFile, accounts: Sequence[Account]) -> None:
        """The invoices, the credit notes set against them, and what the owner named as evidence."""
        listed = {row.number for account in accounts for row in account.rows} | {*self._numbers}
        for invoice in self._books:
            if invoice.number not in listed:
                continue
            kind = "credit note" if invoice.credit else "invoice"
            if invoice.pdf is None:
                self._missing.append(Missing(f"{kind} {invoice.number}", "the books name no `pdf` of it"))
            else:
                self._file(
                    read_file, invoice.pdf, f"invoices/{safe_name(invoice.number)}.pdf", f"{kind} {invoice.number}"
                )
            self._evidence(read_file, invoice)

    def _evidence(self, read_file: ReadFile, invoice: Invoice) -> None:
        for path in invoice.evidence:
            name = PurePath(path).name
            what = f"evidence for {invoice.number}: {name}"
            self._file(read_file, path, f"evidence/{safe_name(invoice.number)}-{safe_name(name)}", what)

    def _file(self, read_file: ReadFile, path: str, name: str, what: str) -> None:
        try:
            self._add(name, read_file(path), what)
        except OSError as wrong:
            self._missing.append(Missing(what, f"{path} cannot be read: {wrong.strerror or wrong}"))


def dossier_name(client: str, numbers: Collection[str]) -> str:
    """`dossier-acme-2026-041.zip`; of many invoices the first few are named.

    What a name cannot hold ("2026/041", "№ 7") is told apart by a sum, so that no dossier replaces another's.
    """
    told = "-".join(numbers)
    name = safe_name(told)
    mark = "" if name == told else f"-{sha256(told.encode()).hexdigest()[:8]}"
    return f"dossier-{safe_name(client)}-{name}{mark}.zip"


def _what(moment: Moment) -> str:
    """A mail's name in English: `letter first-reminder`, `reply`, `bounce`."""
    if "letter" in moment.facts:
        return f"letter {moment.facts['letter']}"
    named = {"bounced": "bounce", "own-mail": "our own mail", "promised": "reply", "disputed": "reply"}
    return named.get(moment.kind, moment.kind.replace("_", " "))


def _json(document: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"
