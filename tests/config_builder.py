"""A small good config for the tests, and ways to spoil it."""

from __future__ import annotations

from pathlib import Path

from daemon.adapters.config_yaml import Loaded, load

GOOD = """\
creditor: {name: Bianchi, contact: Giulia, email: f@bianchi.example, language: it, timezone: Europe/Rome, calendar: IT}
owner: {email: giulia@bianchi.example}
smtp: {host: localhost, security: none}
imap: {host: localhost, security: none, username: u, password: {env: IMAP_PASSWORD}}
state: tinydb:///var/lib/sollecito
clients:
  acme:
    name: Acme S.p.A.
    contacts:
      - {name: Anna, email: anna@acme.example}
invoices:
  - {number: "1", client: acme, issued: 2026-10-01, due: 2026-10-31, currency: EUR, total: 100.00}
"""


def loaded(folder: Path, text: str = GOOD, **files: str) -> Loaded:
    """What comes of a config `c.yaml` with this text; `files` stand beside it, `_yaml` in their names for `.yaml`."""
    for name, content in files.items():
        (folder / name.replace("_yaml", ".yaml")).write_text(content, encoding="utf-8")
    path = folder / "c.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def problems(folder: Path, text: str, **files: str) -> list[str]:
    """The problems as the owner reads them, without the folder's name."""
    return [str(problem).replace(f"{folder}/", "") for problem in loaded(folder, text, **files).problems]


def changed(old: str, new: str) -> str:
    """The good config with one thing written otherwise."""
    assert GOOD.count(old) == 1, f"{old!r} stands {GOOD.count(old)} times in the good config"
    return GOOD.replace(old, new)


def invoice_with(**fields: str | None) -> str:
    """The good config with one invoice that has these fields too; None takes one out."""
    known = {"number": '"1"', "client": "acme", "issued": "2026-10-01", "due": "2026-10-31", "currency": "EUR"}
    stated = {**known, "total": "100.00", **fields}
    written = ", ".join(f"{key}: {value}" for key, value in stated.items() if value is not None)
    return GOOD[: GOOD.index("  - {number")] + "  - {" + written + "}\n"
