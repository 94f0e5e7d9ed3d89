"""One YAML file of the config, from the disk to records that are good in themselves."""

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass, field
from pathlib import Path

from daemon.adapters.config_invoices import INVOICE, InvoiceDraft
from daemon.adapters.config_shape import FAULT
from daemon.adapters.yaml_nodes import ListNode, MapNode, Node, Report, Text, is_blank
from daemon.adapters.yaml_tree import Ended, read_tree

_LARGEST = 32 * 1024 * 1024  # octets: 150,000 invoices, which take ten seconds
_MOST_NAMES = 1000  # of files in a list of invoices; a pattern stands for any number of them
_SETTLED = 2_000_000_000  # ns: a file changed less than this before it was read may change again unseen (one tick)

Stamp = tuple[int, int, int, int]  # device, inode, mtime in ns, size


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceFile:
    """What a file of invoices says by itself, kept until it changes on the disk."""

    shown: str  # its name in messages
    stamp: Stamp | None  # None: it is not known again
    drafts: tuple[InvoiceDraft, ...]
    report: Report


@dataclass(slots=True)
class InvoiceIntake:
    """Takes the items of a list of invoices one by one, while the file is read."""

    report: Report
    drafts: list[InvoiceDraft] = field(default_factory=list)
    names: list[Text] | None = None  # file names among the items; None: they are not meant here

    def take(self, node: Node) -> None:
        if self.names is not None and node.__class__ is Text and not is_blank(node):
            if len(self.names) == _MOST_NAMES:
                self.report.wrong(node, f"more than {_MOST_NAMES:,} files are named one by one: write invoices/*.yaml")
            if len(self.names) <= _MOST_NAMES:
                self.names.append(node)
            return
        draft = INVOICE.read(node, self.report)
        if draft is None:
            self.report.wrong(
                node, "this entry of the list of invoices is empty: take out its `-`, or write an invoice"
            )
        elif draft is not FAULT:
            self.drafts.append(draft)
        if self.report.full:
            raise Ended


def stamp_of(path: str) -> Stamp | None:
    """What tells whether a file is still the one that was read; None where it cannot be asked."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


def read_text(path: str, report: Report) -> tuple[str | None, Stamp | None]:
    """A file's text (UTF-8), and its stamp where that is certain to tell a later change; no text: it is reported."""
    stamp = stamp_of(path)
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            report.wrong_file(
                "this is not a file" + (": write its/*.yaml for all in it" if os.path.isdir(path) else "")
            )
            return None, None
        if stamp is not None and stamp[3] > _LARGEST:
            report.wrong_file(f"the file is larger than {_LARGEST // 1024 // 1024} MB: make several of it")
            return None, None
        content = Path(path).read_bytes()
    except OSError as error:
        report.wrong_file(f"the file cannot be read: {error.strerror}")
        return None, None
    if stamp is None or stamp != stamp_of(path) or time.time_ns() - stamp[2] < _SETTLED:
        stamp = None
    try:
        return content.decode("utf-8-sig"), stamp
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n")
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace"))
        report.wrong_at(line, column, f"the octet 0x{content[error.start]:02x} is not UTF-8: save the file as UTF-8")
        return None, stamp


def read_invoices(path: str, shown: str) -> InvoiceFile:
    """Read and check a file that is a list of invoices (or `invoices:` with the list)."""
    report = Report(shown)
    text, stamp = read_text(path, report)
    intake = InvoiceIntake(report)
    if text is not None:
        root = read_tree(text, report, intake.take)
        _check_root(root, report)
    return InvoiceFile(shown=shown, stamp=stamp, drafts=tuple(intake.drafts), report=report)


def _check_root(root: Node | None, report: Report) -> None:
    if root is None or isinstance(root, ListNode):
        return
    if isinstance(root, MapNode) and isinstance(root.entries.get("invoices"), ListNode):
        for key in root.keys:
            if key.value != "invoices":
                report.wrong(key, f"`{key.value}` is not expected in a file of invoices: only `invoices` is")
        return
    if is_blank(root):
        report.wrong_file("the file has nothing in it but remarks; a list with nothing in it is written []")
        return
    report.wrong(root, "a list of invoices is expected here: each begins with `- number: ...`")
