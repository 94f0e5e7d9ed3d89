"""The invoices that the owner sent by hand and said `go` to: a file of ours in the state directory, read as any other.

The unit may write nowhere else (`systemd/sollecito.service`), and the owner's own YAML is never written by the daemon.
It lies in a folder of its own, so that a watch on it does not wake with every entry of the journal.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from daemon.adapters.config_files import read_invoices
from daemon.adapters.disk import sync_directory, whole
from daemon.adapters.import_into import CannotWrite, Pages
from daemon.adapters.import_splice import CannotSplice, with_invoices
from daemon.adapters.import_yaml import quoted, word

_FOLDER, _NAME = "followed", "invoices.yaml"
_UNSAFE = re.compile(r"[^\w.-]+")
_HEAD = """\
# Invoices that you sent by hand, and said `go` to (docs/following.md).  Sollecito adds below; it is yours to edit.
"""


class NotAdded(Exception):
    """The file is as it was; the message says why."""


def path_of(state: str | os.PathLike[str]) -> Path:
    """Where it lies, or will lie, in a state directory."""
    return Path(state) / _FOLDER / _NAME


def add(state: str, client: str, number: str, rest: Sequence[str], pdf: tuple[str, bytes] | None = None) -> Path:
    """Add an invoice below those that are there; durable on return.  One that is there already is left as it is.

    Args:
        rest: the lines of the item below `number` and `client`, as `import_yaml.invoice_lines` makes them.
        pdf: the invoice for people, and the folder that it gets; letters attach it under the invoice's number.

    Returns:
        The file.

    Raises:
        NotAdded: it cannot be read as it is, or cannot be written.
    """
    path = path_of(state)
    try:
        if not path.parent.exists():
            path.parent.mkdir(mode=0o700)
            sync_directory(path.parent.parent)
        if path.exists():
            known = read_invoices(str(path), str(path))
            if known.report.problems:
                raise NotAdded(str(known.report.problems[0]))
            if any((draft.client, draft.number) == (client, number) for draft in known.drafts):
                return path
        item = [f"- number: {quoted(number)}", f"  client: {word(client)}", *rest]
        if pdf is not None:  # there before it is named
            item.append(f"  pdf: {quoted(_put(path.parent, number, *pdf))}")
        pages = Pages()
        pages.put(str(path), with_invoices(pages.text(str(path)) or _HEAD, [item]))
        pages.write()
    except (CannotSplice, CannotWrite) as cannot:
        raise NotAdded(f"{path}: {cannot}") from None
    except OSError as fault:
        raise NotAdded(f"{path}: {fault.strerror}") from fault
    return path


def _put(folder: Path, number: str, name: str, content: bytes) -> str:
    """Write a PDF, durable on return; what it is called, as seen from the folder of the YAML."""
    here = folder / name
    if not here.exists():
        here.mkdir(mode=0o700)
        sync_directory(folder)
    file = here / f"{_UNSAFE.sub('-', number).strip('.-') or 'invoice'}.pdf"
    with whole(file) as stream:
        stream.write(content)
    return f"{name}/{file.name}"
