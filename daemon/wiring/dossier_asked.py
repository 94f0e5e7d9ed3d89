"""`sollecito dossier`: which invoices are meant, and where the file goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from daemon.adapters.dossier_zip import write_zip
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.target import find_target
from daemon.domain.history import History
from daemon.loops.dossier import Dossier
from daemon.ports import Settings
from daemon.wiring.dossier import put_together
from daemon.wiring.inquiry import CannotTell, known_history
from daemon.wiring.storage import look_at
from daemon.wiring.words import packs_of


class Made(NamedTuple):
    """A dossier that was written."""

    path: Path
    dossier: Dossier


def make(settings: Settings, texts: Sequence[str], out: str | None, progress: Callable[[str], None]) -> Made:
    """Write the dossier of one or several invoices of one client.

    Args:
        texts: NUMBER or CLIENT/NUMBER each.
        out: a file, or a folder that is there; None: the working directory.

    Raises:
        CannotTell: no such invoice, or they are not of one client.
    """
    ledger = settings.ledger
    client, numbers = _targets(texts, ledger, known_history(settings)[0])
    packs = packs_of(settings)
    today = datetime.now(ledger.creditor.timezone).date()
    with look_at(settings.state) as state:
        dossier = put_together(state, ledger, packs, client, numbers, today, progress)
    path = Path(out or ".")
    path = path / dossier.name if path.is_dir() else path
    progress(f"writing {path}")
    try:
        write_zip(path.absolute(), dossier.pieces, today)
    except OSError as wrong:
        raise CannotTell(f"{path} cannot be written: {wrong.strerror or wrong}") from wrong
    return Made(path, dossier)


def as_document(made: Made) -> dict[str, Any]:
    """What `dossier --json` prints."""
    return {
        "file": str(made.path.absolute()),
        "files": [
            {"name": piece.name, "size": len(piece.content), "what": piece.what} for piece in made.dossier.pieces
        ],
        "missing": [missing._asdict() for missing in made.dossier.missing],
    }


def _targets(texts: Sequence[str], ledger: Ledger, history: History) -> tuple[str, tuple[str, ...]]:
    """The one client, and the invoices, each once, in the order given."""
    clients: set[str] = set()
    numbers: dict[str, None] = {}
    for text in texts:
        target = find_target(text, ledger, history)
        if isinstance(target, Refusal):
            raise CannotTell(target.because)
        if target.client is None or target.kind == "client":
            raise CannotTell(f"{text} is no invoice: write NUMBER or CLIENT/NUMBER")
        clients.add(target.client)
        numbers.update(dict.fromkeys(target.numbers))
    if len(clients) > 1:
        raise CannotTell(f"these are invoices of {' and of '.join(sorted(clients))}: a dossier is about one client")
    client = clients.pop()
    notes = [i.number for i in ledger.by_client[client] if i.credit and i.number in numbers]
    if notes:
        raise CannotTell(f"{notes[0]} is a credit note: name the invoice that it corrects, and it goes along")
    gone = [number for number in numbers if all(i.number != number for i in ledger.by_client[client])]
    if gone:
        raise CannotTell(f"{gone[0]} is in the YAML no more: put it back for its dossier")
    return client, tuple(numbers)
