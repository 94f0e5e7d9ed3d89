"""What `sollecito import` writes: new invoices and clients below those that are there, figures where they differ.

All of it or nothing: the files are written, the config is read again, and where anything is wrong with it they are
made what they were.  The daemon never believes a config that is wrong, so that it saw nothing in between either.
"""

from __future__ import annotations

import os
from pathlib import Path

from daemon.adapters import config_yaml
from daemon.adapters.import_into import CannotWrite, Pages
from daemon.adapters.import_splice import CannotSplice, with_clients, with_figures, with_invoices
from daemon.adapters.import_yaml import change_entry
from daemon.domain.intake_rows import Outcome, Row
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
    """Put the documents' figures into the invoices that differ; from the last to the first of each file."""
    rows = [row for row in intake.rows if row.outcome is Outcome.DIFFERS and row.ours and row.ours.source]
    for row in sorted(rows, key=_line_in_books, reverse=True):
        figures = {}
        for change in row.changes:
            entry = change_entry(change)
            if entry is None:
                row.why += f"; `{change.key}` is yours to change"
                break
            figures[entry[0]] = entry[1]
        else:
            assert row.ours is not None
            assert row.ours.source is not None
            source = row.ours.source
            try:
                text = with_figures(pages.text(source.file), source.line, source.column, figures)
            except CannotSplice as cannot:
                row.why += f"; not changed: {cannot}"
                continue
            pages.put(source.file, text)
            row.outcome = Outcome.UPDATED


def _line_in_books(row: Row) -> tuple[str, int]:
    assert row.ours is not None
    assert row.ours.source is not None
    return row.ours.source.file, row.ours.source.line


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
