"""A ZIP of statements, as many banks give them: read as its files, and no bomb."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from daemon.adapters.bank_files import files_in, read_bank_file, read_statements
from daemon.domain.books.bank_statement import StatementFault

SAMPLES = Path(__file__).parent / "bank"


def _packed(files: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in files.items():
            pack.writestr(name, content)
    return made.getvalue()


def test_a_zip_in_the_folder_is_read_as_the_files_in_it(tmp_path: Path) -> None:
    names = ["camt053-v02.xml", "german.sta"]
    (tmp_path / "november.zip").write_bytes(_packed({name: (SAMPLES / name).read_bytes() for name in names}))
    [file] = files_in(tmp_path)
    apart = [statement for name in names for statement in read_bank_file(SAMPLES / name, None)]

    assert [one.entries for one in read_bank_file(file, None)] == [one.entries for one in apart]


def test_one_bad_file_in_a_zip_refuses_it_and_is_named() -> None:
    packed = _packed({"camt053-v02.xml": (SAMPLES / "camt053-v02.xml").read_bytes(), "more/notes.xml": b"<html/>"})
    with pytest.raises(StatementFault, match=r"^a\.zip/more/notes\.xml: XML, but no camt"):
        read_statements(packed, "a.zip", None)


@pytest.mark.parametrize(
    ("packed", "said"),
    [
        (_packed({"zeros.xml": bytes(101 << 20)}), "larger than 100 MB"),
        (_packed({f"{n}.xml": (SAMPLES / "camt054-v02.xml").read_bytes() for n in range(1001)}), "1000 files"),
        (_packed({"zeros.xml": b"<a/>" * 999})[:60], "cannot be unpacked"),
        (_packed({"a.zip": _packed({"b.zip": b"x"})}), "a.zip/a.zip: "),
    ],
    ids=["bomb", "many", "cut", "packed twice"],
)
def test_a_zip_that_is_a_bomb_damaged_or_packed_again_is_refused(packed: bytes, said: str) -> None:
    with pytest.raises(StatementFault) as refused:
        read_statements(packed, "a.zip", None)

    assert said in str(refused.value)
