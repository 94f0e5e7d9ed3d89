"""The file of invoices that were sent by hand: read as any other, and left as its owner has edited it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.config_yaml import Loaded, load
from daemon.adapters.followed_file import NotAdded, add, path_of
from daemon.adapters.state_restore import restore_backup
from tests.backup_scene import MARK, a_state, quiet, save
from tests.config_builder import GOOD, loaded

LINES = ("  due: 2026-12-15", "  currency: EUR", "  total: 1220.00")


def config(folder: Path) -> Path:
    path = folder / "c.yaml"
    path.write_text(GOOD.replace("/var/lib/sollecito", str(folder / "state")), encoding="utf-8")
    (folder / "state").mkdir(exist_ok=True)
    return path


def numbers(found: Loaded) -> list[str]:
    assert found.settings is not None, found.problems
    return [invoice.number for invoice in found.settings.ledger.invoices]


def test_it_is_read_without_being_named_and_watched_with_the_others(tmp_path: Path) -> None:
    path = config(tmp_path)
    before = load(path)
    file = add(str(tmp_path / "state"), "acme", "2026-041", LINES)
    after = load(path, before)

    assert numbers(before) == ["1"]
    assert numbers(after) == ["1", "2026-041"]
    assert str(file) in after.files
    assert file.parent.stat().st_mode & 0o077 == 0


def test_named_under_invoices_as_well_it_is_read_once(tmp_path: Path) -> None:
    path = config(tmp_path)
    add(str(tmp_path / "state"), "acme", "2026-041", LINES)
    path.write_text(path.read_text() + "  - state/followed/*.yaml\n")

    assert numbers(load(path)) == ["1", "2026-041"]


def test_what_the_owner_has_edited_stays_as_it_is(tmp_path: Path) -> None:
    state = str(tmp_path)
    path = add(state, "acme", "2026-041", LINES)
    edited = path.read_text() + "  hold: {because: 'a credit note'}   # until Friday\n"
    path.write_text(edited)
    add(state, "acme", "2026-041", ("  total: 1.00",))
    add(state, "acme", "2026-042", LINES)

    text = path.read_text()
    assert text.startswith(edited)
    assert text.count("2026-041") == 1


def test_a_fault_in_it_is_listed_as_any_other_and_nothing_is_added(tmp_path: Path) -> None:
    config(tmp_path)
    path = add(str(tmp_path / "state"), "acme", "2026-041", LINES)
    wrong = path.read_text().replace("due:", "deu:")
    path.write_text(wrong)

    with pytest.raises(NotAdded, match="deu"):
        add(str(tmp_path / "state"), "acme", "2026-042", LINES)
    assert path.read_text() == wrong
    assert any("invoices.yaml" in str(problem) for problem in load(tmp_path / "c.yaml").problems)


def test_a_number_that_stands_in_the_owners_yaml_as_well_is_a_problem(tmp_path: Path) -> None:
    config(tmp_path)
    add(str(tmp_path / "state"), "acme", "1", LINES)

    assert any("keep one of the two" in str(problem) for problem in load(tmp_path / "c.yaml").problems)


def test_a_state_that_is_not_there_has_none(tmp_path: Path) -> None:
    assert numbers(loaded(tmp_path)) == ["1"]


def test_its_pdf_lies_beside_it_and_is_found_from_there(tmp_path: Path) -> None:
    path = config(tmp_path)
    file = add(str(tmp_path / "state"), "acme", "2026/041 ..", LINES, ("3f0c", b"%PDF-1.7"))
    found = load(path)
    assert found.settings is not None, found.problems
    pdf = Path(str(found.settings.ledger.invoices[-1].pdf))

    assert pdf == file.parent / "3f0c" / "2026-041.pdf"
    assert pdf.read_bytes() == b"%PDF-1.7"
    assert (pdf.stat().st_mode | pdf.parent.stat().st_mode) & 0o077 == 0


async def test_a_backup_takes_it_along(tmp_path: Path) -> None:
    state = await a_state(tmp_path / "state")
    add(str(state), "acme", "2026-041", LINES)

    assert "followed/invoices.yaml" in save(state, tmp_path / "b.zip").files


async def test_after_a_restore_it_is_what_it_was_then_and_what_was_added_since_is_set_aside(tmp_path: Path) -> None:
    """The mails that came since are read again, and what they hold is proposed again."""
    state = await a_state(tmp_path / "state")
    file = add(str(state), "acme", "2026-041", LINES, ("3f0c", b"%PDF-1.7"))
    before = file.read_bytes()
    save(state, tmp_path / "b.zip")
    add(str(state), "acme", "2026-042", LINES, ("7a1b", b"%PDF-1.7"))
    _, aside = restore_backup(tmp_path / "b.zip", state, MARK, quiet, replace=True)

    assert file.read_bytes() == before
    assert sorted(path.name for path in file.parent.iterdir()) == ["3f0c", "invoices.yaml"]
    assert "2026-042" in (Path(str(aside)) / "followed" / "invoices.yaml").read_text()


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=30), max_size=4)
)
def test_whatever_a_number_is_it_is_a_value(tmp_path_factory: pytest.TempPathFactory, many: list[str]) -> None:
    state = tmp_path_factory.mktemp("state")
    wanted = [number for number in dict.fromkeys(map(str.strip, many)) if number]
    for number in wanted:
        try:
            add(str(state), "acme", number, LINES)
        except NotAdded:
            return  # a number that the config does not take

    assert path_of(state).exists() == bool(wanted)
