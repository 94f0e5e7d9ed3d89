"""What `sollecito import` writes: new invoices and clients below those that are there, figures where they differ.

All of it or nothing: the files are written, the config is read again, and where anything is wrong with it they are
made what they were.  The daemon never believes a config that is wrong, so that it saw nothing in between either.
"""

from __future__ import annotations

import os
from pathlib import Path

from daemon.adapters import config_yaml
from daemon.adapters.import_into import CannotWrite, Pages
from daemon.adapters.import_splice import CannotSplice, Figures, with_clients, with_figures, with_invoices
from daemon.adapters.import_yaml import change_entry
from daemon.domain.incoming.intake_rows import Outcome, Row
from daemon.wiring.importing import Asked, Intake, NotWritten


def write_out(asked: Asked, intake: Intake) -> None:
    """Write what was asked for, and say in `intake` what was written.

    Raises:
        NotWritten: a file cannot be written into; nothing was changed.
    """
    pages = Pages()
    try:
        if asked.update:
            _update(intake, pages)
        blocks = [one.lines for one in intake.strangers if one.added]
        if blocks and asked.config:
            pages.put(asked.config, with_clients(pages.text(asked.config), blocks))
        fresh = [row.lines for row in intake.rows if row.outcome is Outcome.NEW]
        if asked.into and fresh:
            pages.put(asked.into, with_invoices(pages.text(asked.into), fresh))
        intake.written = pages.changed()
        pages.write()
    except CannotSplice as cannot:
        raise NotWritten(f"{asked.into or asked.config}: {cannot}; nothing was changed") from None
    except CannotWrite as cannot:
        raise NotWritten(f"{cannot}; nothing was changed") from None
    if intake.written and asked.config:
        _look_again(asked, intake, pages)


def _update(intake: Intake, pages: Pages) -> None:
    """Put the documents' figures into the invoices that differ, file by file."""
    by_file: dict[str, list[tuple[Row, Figures]]] = {}
    for row in intake.rows:
        source = row.ours.source if row.ours else None
        if row.outcome is not Outcome.DIFFERS or source is None:
            continue
        entries = {change.key: change_entry(change) for change in row.changes}
        figures = dict(entry for entry in entries.values() if entry)
        if len(figures) < len(entries):
            mine = ", ".join(f"`{key}`" for key, entry in entries.items() if entry is None)
            row.why += f"; {mine} is yours to change"
            continue
        by_file.setdefault(source.file, []).append((row, Figures(source.line, source.column, figures)))
    for file, wanted in by_file.items():
        text, reasons = with_figures(pages.text(file), [figures for _row, figures in wanted])
        pages.put(file, text)
        for (row, _figures), reason in zip(wanted, reasons, strict=True):
            if reason:
                row.why += f"; not changed: {reason}"
            else:
                row.outcome = Outcome.UPDATED


def _look_again(asked: Asked, intake: Intake, pages: Pages) -> None:
    """Read the config with what was written; take it back where `check` would refuse it."""
    assert asked.config is not None
    loaded = config_yaml.load(asked.config)
    if loaded.settings is None or loaded.problems:
        pages.put_back()
        intake.problems, intake.written = loaded.problems, []
        for row in intake.rows:
            if row.outcome in {Outcome.NEW, Outcome.UPDATED}:
                row.outcome, row.why = Outcome.REFUSED, "taken back: the config would have been wrong"
        for stranger in intake.strangers:
            stranger.added = False
    elif asked.into and str(Path(asked.into).absolute()) not in loaded.files and os.path.exists(asked.into):
        intake.notes.append(f"the config does not read {asked.into} yet: name it under `invoices:`")
