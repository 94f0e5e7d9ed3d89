"""`sollecito import --into` a file in a folder that is not there: it is made, and goes with what is taken back."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from daemon.adapters.import_into import CannotWrite, Pages
from tests.import_place import SAMPLES, ImportPlace

UBL = str(SAMPLES / "ubl" / "invoice.xml")


@pytest.fixture
def place(tmp_path: Path) -> ImportPlace:
    return ImportPlace(tmp_path)


def test_a_folder_that_is_not_there_is_made_for_the_owner_and_the_group(place: ImportPlace) -> None:
    place.edit(invoices=["invoices/*.yaml", "old/*.yaml"])
    done = place.run("import", UBL, "--into", "old/2025.yaml")

    assert done.code == 0, done.err
    assert stat.S_IMODE((place.folder / "old").stat().st_mode) == 0o750
    assert [row["number"] for row in place.json("status")["invoices"]] == ["2026-101"]


def test_what_is_taken_back_leaves_no_folder(place: ImportPlace) -> None:
    """The other file cannot be written: nothing of it is."""
    pages = Pages()
    pages.text(str(place.folder / "old" / "2025.yaml"))
    pages.put(str(place.folder / "old" / "2025.yaml"), "[]\n")
    pages.text(str(place.folder / "far" / "away" / "2025.yaml"))
    pages.put(str(place.folder / "far" / "away" / "2025.yaml"), "[]\n")

    with pytest.raises(CannotWrite, match=f"^there is no folder {place.folder / 'far'}$"):
        pages.write()
    assert sorted(path.name for path in place.folder.iterdir()) == ["config.yaml", "invoices"]


def test_a_folder_that_is_not_there_is_named(place: ImportPlace) -> None:
    done = place.run("import", UBL, "--into", "far/away/2025.yaml")

    assert done.code == 1
    assert f"there is no folder {place.folder / 'far'}; nothing was changed" in done.err
