"""The floor plan, enforced: who imports whom, what the pure rooms may not touch, how files are named and kept short.

The rules are explained in daemon/README.md.  Everything is read from the source; nothing is imported.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from tests.house_source import DAEMON, OURS, ROOT, SOURCES, imports_of, named, room_of

# room -> the rooms that it may import.  `daemon` itself holds the version and nothing else.
INNER = {"domain", "mail", "ports"}
MAY_IMPORT = {
    "__init__": set[str](),
    "domain": {"domain"},
    "mail": {"domain", "mail"},
    "ports": {"domain", "mail"},
    "adapters": INNER | {"adapters"},
    "loops": INNER | {"loops"},
    "demo": INNER | {"adapters", "loops", "wiring", "demo"},
    "wiring": INNER | {"adapters", "loops", "wiring", "demo"},
    "__main__": {"wiring"},
}
PURE = ("domain", "mail")
BANNED_MODULES = {  # clocks, randomness, I/O, and what waits
    "aiosmtplib", "asyncio", "concurrent", "fileinput", "glob", "http", "imapclient", "imaplib", "importlib",
    "logging", "multiprocessing", "os", "random", "sched", "secrets", "select", "selectors", "shutil", "signal",
    "smtplib", "socket", "sqlite3", "ssl", "structlog", "subprocess", "sys", "tempfile", "threading", "time", "tinydb",
    "urllib", "uuid", "watchfiles",
}  # fmt: skip
ALLOWED_PARTS = {"urllib.parse"}  # text in, text out
BANNED_NAMES = {"open", "print", "input", "exec", "eval", "compile", "__import__", "breakpoint"}
BANNED_IMPORTS = {  # from module import name
    ("pathlib", "Path"), ("pathlib", "PosixPath"), ("email.utils", "formatdate"), ("email.utils", "localtime"),
    ("email.utils", "make_msgid"), ("io", "open"), ("io", "FileIO"),
}  # fmt: skip
CLOCKS = {"now", "utcnow", "today", "utcfromtimestamp"}  # methods of date and datetime
DRAWERS = re.compile(
    r"(?:^|_)(?:managers?|utils?|utilit(?:y|ies)|helpers?|base|common|misc|stuff)(?:_|$)", re.IGNORECASE
)
LONGEST_FILE = 300  # lines


def _rooms_imported(source: str) -> set[str]:
    found = set()
    for module, name in imports_of(source):
        parts = module.split(".")
        if parts[0] == "" or parts[0] != "daemon":
            if module.startswith("."):
                found.add(f"a relative import ({module})")
            continue
        room = parts[1] if len(parts) > 1 else name
        if room is not None and room != "__version__":
            found.add(room)
    return found


def _impurities(source: str) -> set[str]:
    found = set()
    for module, name in imports_of(source):
        if module.split(".")[0] in BANNED_MODULES and module not in ALLOWED_PARTS:
            found.add(f"import {module}")
        if (module, name) in BANNED_IMPORTS or (module == "pathlib" and name is None):
            found.add(f"from {module} import {name}")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and node.id in BANNED_NAMES:
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            written = ast.unparse(node)
            if node.attr in CLOCKS and "date" in ast.unparse(node.value):
                found.add(written)
            if written in {"email.utils.formatdate", "email.utils.localtime", "email.utils.make_msgid"}:
                found.add(written)
        elif isinstance(node, ast.Call) and _takes_the_machines_zone(node):
            found.add(ast.unparse(node))
    return found


def _takes_the_machines_zone(call: ast.Call) -> bool:
    return ast.unparse(call.func).endswith(".fromtimestamp") and len(call.args) + len(call.keywords) < 2


def test_every_file_stands_in_a_room_of_the_floor_plan() -> None:
    """A new room is a decision: it gets its line in `MAY_IMPORT` and in daemon/README.md."""
    assert {room_of(path) for path in SOURCES} <= MAY_IMPORT.keys()


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_a_room_imports_only_the_rooms_below_it(path: Path) -> None:
    wrong = _rooms_imported(path.read_text(encoding="utf-8")) - MAY_IMPORT.get(room_of(path), set())

    assert not wrong, f"{named(path)} may not import {', '.join(sorted(wrong))}"


@pytest.mark.parametrize("path", [path for path in SOURCES if room_of(path) in PURE], ids=named)
def test_the_pure_rooms_know_no_clock_no_chance_and_no_world(path: Path) -> None:
    """Time is an argument: so a client's weeks fit into one test, and `plan` shows what will happen."""
    assert _impurities(path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize("path", OURS, ids=named)
def test_no_file_outgrows_its_one_noun(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())

    assert lines <= LONGEST_FILE, f"{named(path)} has {lines} lines: what is the second noun in it?"


def test_no_drawers() -> None:
    """`utils` says nothing about what is in it, so everything ends up there."""
    files = [named(path) for path in OURS if DRAWERS.search(path.stem) or DRAWERS.search(path.parent.name)]
    names = [
        f"{named(path)}: {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and re.search(r"(Manager|Utils?|Helper|Base|Common|Misc)$", node.name)
    ]

    assert files + names == []


def test_the_floor_plan_names_only_what_is_there() -> None:
    """Who looks for a file by it finds the file: `domain/answers/react_*`, `loops/book`, `../docs/import.md`."""
    written = re.findall(r"`(?:daemon/)?([\w./<>*]+/[\w./<>*-]*)`", (DAEMON / "README.md").read_text(encoding="utf-8"))
    patterns = {name: re.sub(r"<\w+>", "*", name) for name in written if not name.endswith("/")}
    missing = [
        name
        for name, pattern in patterns.items()
        if not any(any(room.glob(pattern + end)) for room in (DAEMON, ROOT) for end in ("", ".*", "-*"))
    ]

    assert len(patterns) > 100
    assert missing == []


def test_whatever_is_imported_is_declared() -> None:
    """A package that only the development environment brings would be missing after `pip install`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    always = {_distribution(written) for written in project["dependencies"]}
    demo = always | {_distribution(written) for written in project["optional-dependencies"]["demo"]}
    brought_by = metadata.packages_distributions()
    undeclared = set()
    for path in SOURCES:
        declared = demo if room_of(path) == "demo" else always
        if named(path) == "daemon/adapters/metrics_page.py":  # imported only where the config asks for it
            declared = always | {_distribution(written) for written in project["optional-dependencies"]["metrics"]}
        for module, _name in imports_of(path.read_text(encoding="utf-8")):
            top = module.split(".")[0]
            if top and top != "daemon" and top not in sys.stdlib_module_names:
                distributions = {_distribution(name) for name in brought_by.get(top, [top])}
                if not distributions & declared:
                    undeclared.add(f"{named(path)}: {module}")

    assert undeclared == set()


def _distribution(written: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", written)[0].lower().replace("_", "-")


@pytest.mark.parametrize(
    ("source", "rooms"),
    [
        ("from daemon.adapters.imap import X", {"adapters"}),
        ("import daemon.loops.plan", {"loops"}),
        ("from daemon import wiring, __version__", {"wiring"}),
        ("def f():\n    import daemon.adapters", {"adapters"}),
        ("if TYPE_CHECKING:\n    from daemon.ports import Journal", {"ports"}),
        ("from ..adapters import imap", {"a relative import (..adapters)"}),
        ("from daemonology import x", set()),
    ],
)
def test_the_import_rule_sees_every_way_to_import(source: str, rooms: set[str]) -> None:
    assert _rooms_imported(source) == rooms


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "from random import choice",
        "import os.path",
        "from datetime import datetime\ndatetime.now()",
        "import datetime\ndatetime.datetime.now(UTC)",
        "x = date.today",
        "def f(p):\n    return open(p)",
        "from pathlib import Path",
        "import pathlib",
        "import secrets as s",
        "from email.utils import make_msgid",
        "import asyncio",
        "import socket",
        "datetime.fromtimestamp(0)",
    ],
)
def test_the_ban_sees_clocks_chance_and_the_world(source: str) -> None:
    assert _impurities(source)


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import date, timedelta\ndate(2026, 1, 1) + timedelta(days=1)",
        "from pathlib import PurePosixPath",
        "from urllib.parse import quote",
        "def decide(today: date) -> bool:\n    return today > due",
        "snapshot.now",
        "datetime.fromtimestamp(seconds, UTC)",
    ],
)
def test_the_ban_leaves_plain_values_alone(source: str) -> None:
    assert _impurities(source) == set()
