"""The rooms within `domain` and `mail`, enforced: each imports only some of those above it (docs/decisions/0014)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house_source import DAEMON, SOURCES, imports_of, named, room_of

ROOMS_WITHIN = {  # room -> its rooms, each with those of them that it may import
    "domain": {
        "books": set[str](),
        "journal": {"books"},
        "history": {"books", "journal"},
        "standing": {"books", "journal", "history"},
        "ladder": {"books", "journal", "history", "standing"},
        "answers": {"books", "journal", "history", "standing"},
        "payments": {"books", "journal", "history", "standing"},
        "incoming": {"books", "journal", "history"},
        "commands": {"books", "journal", "history", "standing", "ladder", "answers", "payments", "incoming"},
        "reports": {"books", "journal", "history", "standing", "ladder", "commands", "incoming"},
    },
    "mail": {
        "octets": set[str](),
        "tokens": {"octets"},
        "language": set[str](),
        "machines": {"octets"},
        "answers": {"language", "machines", "octets"},
        "payment": set[str](),
        "letters": {"octets", "payment", "tokens"},
        "whose": {"letters", "machines", "octets", "tokens"},
        "dossier": {"letters", "payment"},
        "owner": {"answers", "dossier", "letters", "machines", "octets"},
        "orders": {"language", "letters", "octets", "owner"},
        "pages": {"dossier", "letters", "octets", "owner"},
        "read": {"answers", "language", "machines", "octets", "tokens", "whose"},  # the way in for a mail
    },
}


def _rooms_within_imported(source: str, room: str) -> set[str]:
    """The rooms within `room` that a file imports, or imports from."""
    inside = f"daemon.{room}"
    dotted = (f"{module}.{name}" if module == inside else module for module, name in imports_of(source))
    return {parts[2] for parts in (path.split(".") for path in dotted) if parts[:2] == inside.split(".") and parts[2:]}


@pytest.mark.parametrize(
    "path",
    [path for path in SOURCES if room_of(path) in ROOMS_WITHIN and path.relative_to(DAEMON).parts[1] != "__init__.py"],
    ids=named,
)
def test_a_room_within_a_room_imports_only_those_below_it(path: Path) -> None:
    """So they are read in one order, and none needs the next to be understood."""
    room, here = path.relative_to(DAEMON).with_suffix("").parts[:2]
    wrong = _rooms_within_imported(path.read_text(encoding="utf-8"), room) - ROOMS_WITHIN[room][here] - {here}

    assert not wrong, f"{named(path)} may not import {', '.join(sorted(wrong))}"


@pytest.mark.parametrize("room", ROOMS_WITHIN)
def test_the_rooms_within_are_named_in_the_order_in_which_they_can_be_read(room: str) -> None:
    names = list(ROOMS_WITHIN[room])

    assert [name for name, below in ROOMS_WITHIN[room].items() if not below <= {*names[: names.index(name)]}] == []


@pytest.mark.parametrize("room", ROOMS_WITHIN)
def test_no_file_lies_beside_the_rooms_within_a_room(room: str) -> None:
    """But for the way in, which the table names."""
    beside = {path.stem for path in (DAEMON / room).iterdir() if path.name not in ("__init__.py", "__pycache__")}

    assert beside == ROOMS_WITHIN[room].keys()
