"""Dossiers from the state as it lies there, without its lock; also beside a running daemon."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from daemon.adapters.dossier_zip import shelf_of, write_zip
from daemon.adapters.pdf import typeset
from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.domain.history import History
from daemon.loops.dossier import Dossier, Folder
from daemon.loops.handovers import DossierWritten
from daemon.mail.letters.pack import Pack
from daemon.ports import StateView
from daemon.wiring.storage import look_at


def put_together(
    state: StateView, ledger: Ledger, packs: Mapping[str, Pack], client: str, numbers: Sequence[str], today: date,
    progress: Callable[[str], None],
) -> Dossier:  # fmt: skip
    """The dossier of some invoices of one client.

    Raises:
        RuntimeError: a document cannot be set.
    """
    progress("reading the journal")
    history, entries = History(), list[j.AnyEntry]()
    for entry in state.journal.replay():
        history.take_in(entry)
        if isinstance(entry, j.ClientEntry) and entry.client == client:
            entries.append(entry)
    folder = Folder(ledger, history, entries, client, numbers, today, packs)
    return folder.put_together(typeset, state.archive.find, _read, progress)


def write_beside(
    state_path: str, packs: Mapping[str, Pack], ledger: Ledger, client: str, numbers: Sequence[str], today: date
) -> DossierWritten:
    """Write a dossier into the state directory; an earlier one of the same invoices is replaced.

    Raises:
        OSError, RuntimeError: it cannot be written, or a document cannot be set.
    """
    with look_at(state_path) as state:
        dossier = put_together(state, ledger, packs, client, numbers, today, lambda _: None)
    path = shelf_of(Path(state_path), client) / dossier.name
    for directory in (path.parent.parent, path.parent):
        directory.mkdir(mode=0o700, exist_ok=True)
    write_zip(path, dossier.pieces, today)
    return DossierWritten(str(path), len(dossier.missing))


def _read(path: str) -> bytes:
    return Path(path).read_bytes()
