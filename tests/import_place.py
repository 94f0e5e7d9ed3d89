"""The books into which the samples of `tests/invoices` are imported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from daemon.wiring.importing import Asked, Intake, take_in
from tests.cli_place import CliPlace, a_config

SAMPLES = Path(__file__).parent / "invoices"
KEPT = """\
# what is owed in 2026
- number: "2026-001"    # the first
  client: 'acme'
  due: 2026-11-30
  currency:   EUR
  total: 100.00
  # Anna promised this one

# end of the list
"""


def clients() -> dict[str, Any]:
    def one(name: str, email: str, **more: str) -> dict[str, Any]:
        return {"name": name, "contacts": [{"name": name, "email": email}], **more}

    return {
        "acme": one("Acme S.p.A.", "anna@acme.example", tax_id="09876543210"),
        "nordlicht": one("Nordlicht GmbH", "rechnung@nordlicht.example"),
        "lumiere": one("Lumière", "compta@lumiere.example", tax_id="FR 55 123 456 789"),
        "valdoro": one("Comune di Valdoro", "ufficio@valdoro.example", tax_id="80055500101"),
        "isil": one("Işıl Yılmaz", "isil@yilmaz.example"),
        "rossi": one("Maria Rossi", "maria@rossi.example"),
    }


class ImportPlace(CliPlace):
    """A config with `invoices/2026.yaml`, which the owner keeps."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        creditor = {**a_config(folder / "state")["creditor"], "tax_id": "IT01234567890"}
        super().__init__(folder, creditor=creditor, clients=clients(), invoices=["invoices/*.yaml"], **changes)
        self.books = folder / "invoices" / "2026.yaml"
        self.books.parent.mkdir()
        self.books.write_text("[]\n")

    def take_in(self, *samples: str | Path, **asked: Any) -> Intake:
        """Judge samples, by their names below `tests/invoices`."""
        paths = [str(SAMPLES / sample) for sample in samples]
        return take_in(Asked(paths=paths, config=str(self.config), **asked))


def is_put_into(before: str, after: str) -> bool:
    """Whether `after` is `before` with one piece put in."""
    start = 0
    while start < len(before) and start < len(after) and before[start] == after[start]:
        start += 1
    return after.endswith(before[start:])
