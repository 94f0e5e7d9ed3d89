"""`sollecito import`: invoices of other programs, judged against the books, and printed or added to them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from daemon.adapters.config_files import read_invoices
from daemon.adapters.config_main import LANGUAGES
from daemon.adapters.config_wording import hint
from daemon.adapters.import_files import files_of, read_files
from daemon.adapters.import_map import ColumnMap, read_map
from daemon.adapters.import_yaml import client_lines, invoice_lines, new_key, read_back
from daemon.domain.books.invoice import Invoice
from daemon.domain.incoming.incoming import Incoming, NotRead
from daemon.domain.incoming.intake import Roster, changes, doubts, not_ours, same_party
from daemon.domain.incoming.intake_rows import Outcome, Row, Stranger
from daemon.ports import Problem, Settings
from daemon.wiring.settings import ConfigRefused, load_settings


class CannotImport(Exception):
    """The command line does not fit together; nothing was read."""


class NotWritten(Exception):
    """A file cannot be written into; nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The command line."""

    paths: Sequence[str]
    config: str | None  # None: there is none, and nothing is compared
    client: str | None = None  # all of it is this client's
    into: str | None = None
    column_map: str | None = None
    new_clients: bool = False
    update: bool = False
    due_days: int | None = None


@dataclass(slots=True, kw_only=True)
class Intake:
    """What was read, and what is to be done about it."""

    settings: Settings | None
    rows: list[Row] = field(default_factory=list)
    strangers: list[Stranger] = field(default_factory=list)
    refusals: list[NotRead] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    problems: tuple[Problem, ...] = ()  # for which what was written was taken back
    files: int = 0

    @property
    def failed(self) -> bool:
        return bool(self.refusals or self.problems or any(row.failed for row in self.rows))


def take_in(asked: Asked) -> Intake:
    """Read everything that is named and judge it.  Writes nothing.

    Raises:
        ConfigRefused: the config or the column map is wrong.
        CannotImport: the command line does not fit together.
    """
    settings = load_settings(asked.config) if asked.config else None
    if settings is None and (asked.into or asked.new_clients or asked.update):
        raise CannotImport("--into, --new-clients and --update need the config: name it with -c")
    if asked.client and settings and asked.client not in settings.ledger.clients:
        known = tuple(settings.ledger.clients)
        raise CannotImport(f"there is no client `{asked.client}`{hint(asked.client, known)}")
    how = _column_map(asked.column_map)
    paths, refusals, others = files_of(asked.paths)
    intake = Intake(settings=settings, refusals=refusals, files=len(paths))
    if others:
        intake.notes.append(f"{others} other file{'s' if others > 1 else ''} in the folders: left alone")
    judge = _Judge(asked, intake, _books(settings, asked.into))
    for batch in read_files(paths, how):
        intake.refusals += batch.refusals
        intake.notes += batch.notes
        for incoming in batch.invoices:
            intake.rows.append(judge.row(incoming))
    wanted = {row.client for row in intake.rows if row.outcome is not Outcome.REFUSED}
    intake.strangers = [one for one in intake.strangers if one.key in wanted]
    return intake


def _column_map(path: str | None) -> ColumnMap | None:
    if path is None:
        return None
    how, problems = read_map(path)
    if how is None:
        raise ConfigRefused(problems)
    return how


Books = dict[tuple[str, str], Invoice]


def _books(settings: Settings | None, into: str | None) -> Books:
    """All invoices by client and number; also those of a file that the config does not name."""
    found: list[Invoice] = list(settings.ledger.invoices) if settings else []
    if into and os.path.exists(into):
        whole = str(Path(into).absolute())
        if settings is None or whole not in settings.files:
            read = read_invoices(into, into)
            if read.report.problems:
                raise ConfigRefused(tuple(read.report.problems))
            found += [draft.invoice for draft in read.drafts if draft.invoice is not None]
    return {(invoice.client, invoice.number): invoice for invoice in found}


class _Judge:
    """Says of each invoice what it is to the books, and to those that were read before it."""

    def __init__(self, asked: Asked, intake: Intake, books: Books) -> None:
        self._asked = asked
        self._intake = intake
        self._books = books
        self._roster = Roster(intake.settings.ledger.clients if intake.settings else {})
        self._numbers = {number: client for client, number in books}
        self._read: dict[tuple[str, str], Row] = {}
        self._folder = str(Path(asked.into).absolute().parent) if asked.into else os.getcwd()

    def row(self, incoming: Incoming) -> Row:
        settings = self._intake.settings
        row = Row(incoming=incoming, outcome=Outcome.REFUSED, notes=list(incoming.notes))
        if settings is not None:
            creditor = settings.ledger.creditor
            row.why = not_ours(incoming, creditor)
            if row.why:
                return row
            row.notes += doubts(incoming, creditor)
        incoming = row.incoming = self._with_due(incoming, row)
        owed = incoming.total if incoming.payable is None else incoming.payable
        if owed <= 0 and not (incoming.credit and owed < 0):
            row.outcome, row.why = Outcome.SETTLED, f"{owed} {incoming.currency} is left to pay"
            return row
        if not self._find_client(row):
            return row
        row.lines = invoice_lines(incoming, row.client, self._folder)
        row.invoice, wrong = read_back(row.lines, os.path.join(self._folder, "import"))
        if wrong or row.invoice is None:
            row.outcome = Outcome.REFUSED
            row.at, row.why = wrong[0] if wrong else ("", "it cannot be written")
            if row.why.startswith("`due` is missing"):
                row.why = "it states no day on which it is due: `--due-days N` counts N days from its date"
            return row
        return self._compare(row, row.invoice)

    def _with_due(self, incoming: Incoming, row: Row) -> Incoming:
        days = self._asked.due_days
        if days is None or incoming.due_on or incoming.instalments or incoming.credit or not incoming.issued_on:
            return incoming
        row.notes.append(f"it states no due date: {days} days from its date, as you said")
        return replace(incoming, due_on=incoming.issued_on + timedelta(days=days))

    def _find_client(self, row: Row) -> bool:
        """Put the client into the row; False where that cannot be, and the row says why."""
        incoming, settings = row.incoming, self._intake.settings
        clients = settings.ledger.clients if settings else {}
        if self._asked.client:
            row.client = self._asked.client
            return True
        if incoming.client:
            row.client = incoming.client
            if settings is None or incoming.client in clients:
                return True
            row.why = f"there is no client `{incoming.client}`{hint(incoming.client, tuple(clients))}"
            row.outcome = Outcome.STRANGER
            return False
        found = self._roster.find(incoming.buyer)
        if len(found) == 1:
            row.client = found[0]
            return True
        if found:
            row.why = f"it may be of {' or '.join(found)}: say which with --client"
            return False
        return self._propose(row, clients)

    def _propose(self, row: Row, clients: Mapping[str, object]) -> bool:
        """A new client for a stranger; with --into only where it can be added."""
        buyer, strangers = row.incoming.buyer, self._intake.strangers
        if not (buyer.name or buyer.email or buyer.tax_ids):
            row.why = "it does not say to whom it was written: say whose it is with --client"
            return False
        stranger = next((one for one in strangers if same_party(one.party, buyer)), None)
        if stranger is None:
            settings = self._intake.settings
            key = new_key(buyer, [*clients, *(one.key for one in strangers)])
            own = settings.ledger.creditor.language if settings else ""
            lines, missing = client_lines(key, buyer, LANGUAGES, own)
            stranger = Stranger(key=key, party=buyer, lines=lines, missing=missing)
            strangers.append(stranger)
        row.client = stranger.key
        stranger.added = self._asked.new_clients and not stranger.missing
        if stranger.added or not self._asked.into:
            return True
        why = stranger.missing if self._asked.new_clients else "--new-clients adds one"
        row.outcome, row.why = Outcome.STRANGER, f"there is no client {buyer.name or buyer.email} yet ({why})"
        return False

    def _compare(self, row: Row, invoice: Invoice) -> Row:
        key = (invoice.client, invoice.number)
        earlier = self._read.get(key)
        if earlier is not None and earlier.invoice is not None:
            row.changes = changes(earlier.invoice, invoice)
            row.outcome = Outcome.REFUSED if row.changes else Outcome.KNOWN
            differs = f", and differs: {_told(row)}" if row.changes else ""
            row.why = f"already read from {earlier.place}{differs}"
            return row
        self._read[key] = row
        row.ours = self._books.get(key)
        if row.ours is None:
            row.outcome = Outcome.NEW
            other = self._numbers.get(invoice.number)
            if other:
                row.notes.append(f"the books have this number already, as {other}/{invoice.number}: is it another one?")
            return row
        row.changes = changes(row.ours, invoice)
        row.outcome = Outcome.DIFFERS if row.changes else Outcome.KNOWN
        row.why = f"differs from {row.ours.source}: {_told(row)}" if row.changes else f"as in {row.ours.source}"
        return row


def _told(row: Row) -> str:
    return ", ".join(map(str, row.changes))


def numbers(rows: Iterable[Row]) -> Mapping[Outcome, int]:
    """How many invoices had each outcome."""
    found = dict.fromkeys(Outcome, 0)
    for row in rows:
        found[row.outcome] += 1
    return found
