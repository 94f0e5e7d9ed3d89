"""Files and folders of invoices: what each is, by its content; read, or refused with file and line."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

from daemon.adapters import import_cii, import_fatturapa, import_ubl
from daemon.adapters.import_map import ColumnMap
from daemon.adapters.import_xml import MOST_OCTETS, Unreadable, lines_of, name_of, parse
from daemon.domain.incoming.incoming import Batch, Form, Incoming, NotRead

SUFFIXES = (".xml", ".p7m", ".pdf", ".csv", ".tsv")
_MOST_FILES = 100_000


def files_of(paths: Sequence[str]) -> tuple[list[tuple[str, bool]], list[NotRead], int]:
    """The files that are named, and in the folders that are named those which can be invoices, by name.

    Returns:
        Each path once, and whether it was found in a folder; what is not there; how many files of folders were left.
    """
    found: dict[str, bool] = {}
    refusals: list[NotRead] = []
    others = 0
    for path in paths:
        if not os.path.isdir(path):
            found.setdefault(path, False)
            continue
        for name in sorted(map(str, Path(path).rglob("*"))):
            if os.path.isdir(name):
                continue
            if Path(name).suffix.lower() in SUFFIXES:
                found.setdefault(name, True)
            else:
                others += 1
            if len(found) > _MOST_FILES:
                refusals.append(NotRead(file=path, message=f"more than {_MOST_FILES:,} files: name a part of them"))
                return [], refusals, others
    return list(found.items()), refusals, others


def read_files(paths: Sequence[tuple[str, bool]], how: ColumnMap | None) -> Iterator[Batch]:
    """Read the files of `files_of`, one after another; a batch for each."""
    names = {path for path, _found in paths}
    for path, in_folder in paths:
        batch = read_file(path, how, in_folder=in_folder)
        beside = str(Path(path).with_suffix(".pdf"))
        if not in_folder or beside == path or beside not in names:
            yield batch
            continue
        # the same invoice for people lies beside it
        batch.invoices = [_with_pdf(invoice, beside) if len(batch.invoices) == 1 else invoice
                          for invoice in batch.invoices]  # fmt: skip
        yield batch


def read_file(path: str, how: ColumnMap | None = None, *, in_folder: bool = False) -> Batch:
    """Read one file.  What is wrong is in the batch; nothing that a file holds makes it raise.

    Args:
        how: the column map, for a CSV.
        in_folder: it was not named itself, so that one without invoice data in it is worth a word and no fault.
    """
    try:
        return read_content(_octets(path), path, how, in_folder=in_folder)
    except Unreadable as wrong:
        return Batch(refusals=[NotRead(file=path, line=wrong.line, field=wrong.field, message=wrong.message)])


def read_content(content: bytes, path: str, how: ColumnMap | None = None, *, in_folder: bool = False) -> Batch:
    """`read_file` of what was read already; `path` is what it is called."""
    try:
        if content[:5] == b"<?xml" or content.lstrip(_BEFORE_XML)[:1] == b"<":
            return read_xml(content, path)
        return _read_other(content, path, how, in_folder=in_folder)
    except Unreadable as wrong:
        return Batch(refusals=[NotRead(file=path, line=wrong.line, field=wrong.field, message=wrong.message)])


_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"  # byte order marks and space


def _octets(path: str) -> bytes:
    try:
        with open(path, "rb", opener=_without_waiting) as stream:
            found = os.fstat(stream.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise Unreadable("this is not a file")
            if found.st_size > MOST_OCTETS:
                raise Unreadable(f"larger than {MOST_OCTETS // 1024 // 1024} MB: no invoice is")
            return stream.read(found.st_size + 1)  # not the limit: so much memory would be asked for each time
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from None


def _without_waiting(path: str, flags: int) -> int:
    """A pipe without a writer would hold the open for ever."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)


def _read_other(content: bytes, path: str, how: ColumnMap | None, *, in_folder: bool) -> Batch:
    from daemon.adapters import import_csv, import_pdf, import_signed  # what a format needs is loaded where it is read

    suffix = Path(path).suffix.lower()
    if not content.strip():
        raise Unreadable("the file is empty")
    if import_pdf.is_pdf(content):
        try:
            return read_xml(import_pdf.data_of(content), path, pdf=True)
        except import_pdf.NoData as none:
            if in_folder:
                return Batch(notes=[f"{path}: {none.message}"])
            raise
    if suffix == ".p7m" or import_signed.is_signed(content):
        batch = read_xml(import_signed.unwrapped(content), path)
        batch.notes.append(f"{path}: the signature was not verified")
        return batch
    if suffix in {".csv", ".tsv", ".txt"}:
        if how is None:
            said = "a CSV needs `--map FILE`, which says what its columns mean; docs/import.md shows one"
            raise Unreadable(said, line=1)
        return import_csv.read_csv(content, path, how)
    raise Unreadable("neither XML, nor a PDF, nor a signed file, nor a CSV by its name")


def read_xml(content: bytes, path: str, *, pdf: bool = False) -> Batch:
    """Read the invoices of an XML document.

    Args:
        pdf: it lay in a PDF, in which lines mean nothing.

    Raises:
        Unreadable: it is no XML that is read here at all.
    """
    root = parse(content)
    try:
        tag = root.tag
        if tag in {import_ubl.INVOICE, import_ubl.CREDIT_NOTE}:
            return Batch(invoices=[import_ubl.read_ubl(root, path)])
        if tag == import_cii.INVOICE:
            read = import_cii.read_cii(root, path, Form.FACTUR_X if pdf else Form.CII)
            return Batch(invoices=[_with_pdf(read, path) if pdf else read])
        if name_of(root) == import_fatturapa.INVOICE:
            return _fattura(root, content, path)
        raise Unreadable(_what_else(root))
    except Unreadable as wrong:
        return Batch(refusals=[_refusal(wrong, root, content, path, pdf=pdf)])


def _fattura(root: Element, content: bytes, path: str) -> Batch:
    """The invoices of a FatturaPA; one that is wrong leaves the others alone."""
    batch = Batch()
    found = import_fatturapa.bodies(root)
    lines = lines_of(content, root, found) if len(found) > 1 else [1]
    for body, line in zip(found, lines, strict=True):
        try:
            batch.invoices.append(import_fatturapa.read_body(root, body, path, line))
        except Unreadable as wrong:
            batch.refusals.append(_refusal(wrong, root, content, path))
    return batch


def _refusal(wrong: Unreadable, root: Element, content: bytes, path: str, *, pdf: bool = False) -> NotRead:
    line = wrong.line
    if not pdf and wrong.at is not None:
        line = lines_of(content, root, [wrong.at])[0]
    return NotRead(file=path, line=line, field=wrong.field, message=wrong.message)


def _what_else(root: Element) -> str:
    name = name_of(root)
    if name == import_fatturapa.SIMPLIFIED:
        return "a simplified FatturaPA names no client who could be followed up: write that invoice into the YAML"
    if name == import_cii.OLD_INVOICE:
        return "ZUGFeRD 1 (2014) is not read: only ZUGFeRD 2, which is Factur-X"
    return f"`{name[:60]}` is no invoice: UBL, CII and FatturaPA are read"


def _with_pdf(invoice: Incoming, path: str) -> Incoming:
    return replace(invoice, pdf=path)
