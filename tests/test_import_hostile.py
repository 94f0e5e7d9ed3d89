"""Documents that are made to do harm: nothing is expanded, fetched, or read for ever."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import time
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject

from daemon.adapters.import_files import read_file
from daemon.adapters.import_ubl import read_ubl
from daemon.adapters.import_xml import Unreadable, parse
from daemon.adapters.import_yaml import invoice_lines, read_back
from daemon.wiring.import_document import words_of, yaml_of
from tests.import_place import SAMPLES, ImportPlace

UBL = (SAMPLES / "ubl" / "invoice.xml").read_text()


def _said(tmp_path: Path, name: str, content: bytes) -> str:
    path = tmp_path / name
    path.write_bytes(content)
    started = time.monotonic()
    batch = read_file(str(path))
    assert time.monotonic() - started < 20, "it took too long"
    assert batch.invoices == []
    return "; ".join(refusal.message for refusal in batch.refusals)  # not the path: it has the name of the test


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1"])
def test_a_doctype_is_found_in_every_encoding_that_the_parser_takes(encoding: str) -> None:
    named = encoding.removesuffix("-le").removesuffix("-be")
    text = f'<?xml version="1.0" encoding="{named}"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'

    with pytest.raises(Unreadable, match="DOCTYPE"):
        parse(text.encode(encoding))


def test_an_encoding_in_which_markup_is_not_ascii_is_not_taken() -> None:
    """EBCDIC and UTF-7 would hide a DOCTYPE from the search for it."""
    for encoding in ("cp037", "utf-7", "utf-32"):
        text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
        with pytest.raises(Unreadable):
            parse(text.encode(encoding))


def test_a_file_larger_than_any_invoice_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    with path.open("wb") as stream:
        stream.truncate(21 * 1024 * 1024)

    assert "larger than 20 MB" in str(read_file(str(path)).refusals[0])


def test_millions_of_tags_are_not_made_into_elements(tmp_path: Path) -> None:
    assert "more than 600,000 tags" in _said(tmp_path, "tags.xml", b"<x>" + b"<a/>" * 3_000_000 + b"</x>")


def test_a_very_deep_document_is_read_as_any_other() -> None:
    """300,000 levels of something unknown inside of an invoice: no call for each, so no stack to exhaust."""
    deep = "<x>" * 290_000 + "</x>" * 290_000
    root = parse(UBL.replace("  <cbc:CustomizationID>", deep + "  <cbc:CustomizationID>").encode())

    assert read_ubl(root, "deep.xml").number == "2026-101"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xml")

    assert "not a file" in str(read_file(str(tmp_path / "pipe.xml")).refusals[0])


def _pdf(packed: bytes, *filters: str) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    attached = writer.add_attachment("factur-x.xml", b"x")
    stream = DecodedStreamObject()
    stream.set_data(packed)
    stream[NameObject("/Type")] = NameObject("/EmbeddedFile")
    stream[NameObject("/Filter")] = ArrayObject([NameObject(name) for name in filters])
    entry = attached.pdf_object["/EF"]
    assert isinstance(entry, DictionaryObject)
    entry[NameObject("/F")] = writer._add_object(stream)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_a_small_pdf_that_holds_gigabytes_is_refused(tmp_path: Path) -> None:
    """A stream of zeros packs a thousand to one, and packed twice a million to one."""
    once = zlib.compress(b"\0" * 300_000_000, 9)
    twice = zlib.compress(once, 9)

    assert _said(tmp_path, "bomb.pdf", _pdf(once, "/FlateDecode"))
    assert _said(tmp_path, "bomb2.pdf", _pdf(twice, "/FlateDecode", "/FlateDecode"))


_READ_IN_LITTLE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (400_000_000, 400_000_000))
from daemon.adapters.import_files import read_file
print(read_file(sys.argv[1]).refusals[0].message)
"""


@pytest.mark.parametrize("second", ["/RunLengthDecode", "/ASCIIHexDecode", "/ASCII85Decode", "/LZWDecode"])
def test_a_small_pdf_takes_no_more_memory_than_what_is_read_of_it(tmp_path: Path, second: str) -> None:
    """Run lengths in Flate: 35 kB took 1.6 GB, since each run was an object of its own."""
    path = tmp_path / "bomb.pdf"
    path.write_bytes(_pdf(zlib.compress(b"\xffa" * 18_000_000, 9), "/FlateDecode", second))

    read = subprocess.run([sys.executable, "-c", _READ_IN_LITTLE, path], capture_output=True, text=True, check=True)

    assert "packed more than once" in read.stdout


def _pdf_of_object_streams(count: int, rows: int) -> bytes:
    """Each attachment stands in a stream of its own, beside `rows` of 90,000 numbers."""
    names = b"".join(b"(%d.xml) %d 0 R " % (at, 100 + at) for at in range(count))
    odd = b"<< /Z [" + (b"[" + b"0 " * 90_000 + b"]") * rows + b"] >>"
    objects = {1: b"<< /Type /Catalog /Names << /EmbeddedFiles << /Names [" + names + b"] >> >> >>"}
    for at in range(count):
        packed = zlib.compress(b"%d 0 " % (100 + at) + odd, 9)
        head = b"<< /Type /ObjStm /N 1 /First 6 /Filter /FlateDecode /Length %d >>" % len(packed)
        objects[10 + at] = head + b"stream\n" + packed + b"\nendstream"
    made, table = b"%PDF-1.7\n", {100 + at: struct.pack(">BIH", 2, 10 + at, 0) for at in range(count)}
    for number, body in objects.items():
        table[number] = struct.pack(">BIH", 1, len(made), 0)
        made += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    cross = b"".join(table.get(number, bytes(7)) for number in range(200))
    head = b"<< /Type /XRef /Size 200 /W [1 4 2] /Root 1 0 R /Length %d >>" % len(cross)
    return (
        made + b"200 0 obj\n" + head + b"stream\n" + cross + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % len(made)
    )


@pytest.mark.parametrize(("count", "rows"), [(1, 100), (20, 10)])
def test_the_objects_of_a_pdf_are_held_to_a_size_all_together(count: int, rows: int, tmp_path: Path) -> None:
    """A stream of objects makes forty octets of memory of one, and a second of work of 500 kB; all are kept."""
    path = tmp_path / "objects.pdf"
    path.write_bytes(_pdf_of_object_streams(count, rows))

    read = subprocess.run([sys.executable, "-c", _READ_IN_LITTLE, path], capture_output=True, text=True, check=True)

    assert "octets of objects" in read.stdout


def test_what_is_packed_in_a_pdf_is_held_to_the_same_size(tmp_path: Path) -> None:
    packed = zlib.compress(b"<x>" + b" " * 30_000_000 + b"</x>")

    assert "packed in this PDF is larger" in _said(tmp_path, "large.pdf", _pdf(packed, "/FlateDecode"))


def test_the_data_of_a_pdf_is_held_to_have_no_doctype_either(tmp_path: Path) -> None:
    packed = zlib.compress((SAMPLES / "hostile" / "entity-bomb.xml").read_bytes())

    assert "DOCTYPE" in _said(tmp_path, "bomb.pdf", _pdf(packed, "/FlateDecode"))


def test_an_encrypted_pdf_says_so(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("x", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)

    assert "encrypted" in _said(tmp_path, "secret.pdf", made.getvalue())


def test_nested_ber_does_not_exhaust_the_stack(tmp_path: Path) -> None:
    start = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80"

    assert "damaged" in _said(tmp_path, "deep.p7m", start + b"\x30\x80" * 100_000)


def test_space_in_what_may_be_base64_costs_no_more_than_other_octets(tmp_path: Path) -> None:
    """A pattern that can divide a run of space in many ways would try them all, and hold every thread meanwhile."""
    for content in (b" " * 500_000 + b"!", b"A" + b" " * 500_000 + b"!", b"-----BEGIN X-----" + b"\n" * 500_000 + b"-"):
        assert "no signed file" in _said(tmp_path, "space.xml.p7m", content)


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 4000), octets=st.binary(min_size=1, max_size=8))
@pytest.mark.parametrize(
    "sample", ["ubl/invoice.xml", "cii/instalments.xml", "fatturapa/batch.xml", "fatturapa/signed-in-pieces.xml.p7m"]
)
def test_a_damaged_document_is_read_or_refused_and_never_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, sample: str, place: int, octets: bytes
) -> None:
    content = bytearray((SAMPLES / sample).read_bytes())
    place %= len(content)
    content[place : place + len(octets)] = octets
    path = tmp_path_factory.mktemp("damaged") / Path(sample).name
    path.write_bytes(bytes(content))

    read_file(str(path))


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=60))
@example(text="0\x850")  # which YAML 1.1 takes for a line break, and JSON for a letter
@example(text="0\u20280")
def test_whatever_a_document_says_is_a_value_in_the_yaml_and_never_a_key(text: str) -> None:
    """Quotes, colons, newlines and `#` of a stranger end no string; what the config would not take is refused."""
    one = read_file(str(SAMPLES / "ubl" / "invoice.xml")).invoices[0]
    odd = replace(
        one, number=text, terms=text, reference=text, lines=tuple(replace(line, what=text) for line in one.lines)
    )
    lines = invoice_lines(odd, "nordlicht", "/")
    invoice, wrong = read_back(lines, "/x")

    assert (invoice is None) == bool(wrong)
    if invoice is not None:
        assert invoice.number == text
        assert invoice.client == "nordlicht"
        assert invoice.total.amount == one.total


def test_no_name_in_a_document_steers_the_terminal(tmp_path: Path) -> None:
    place = ImportPlace(tmp_path)
    odd = tmp_path / "odd.xml"
    odd.write_text(
        UBL.replace("<cbc:ID>2026-101</cbc:ID>", "<cbc:ID>2026\x9b31m</cbc:ID>").replace(
            "Nordlicht GmbH", "x&#10;# - y"
        )
    )
    intake = place.take_in(odd)
    said = words_of(intake)

    assert said
    assert all(line.isprintable() for line in said)
    assert all(sign.isprintable() or sign == "\n" for sign in yaml_of(intake))
