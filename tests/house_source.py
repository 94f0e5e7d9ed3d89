"""The source of the house, as its rules read it: nothing is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
DAEMON = ROOT / "daemon"
SOURCES = sorted(DAEMON.rglob("*.py"))
OURS = [*SOURCES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "bench").rglob("*.py"))]


def room_of(path: Path) -> str:
    return path.relative_to(DAEMON).parts[0].removesuffix(".py")


def imports_of(source: str) -> Iterator[tuple[str, str | None]]:
    """(module, name) of every import anywhere in a file, also inside functions and under TYPE_CHECKING."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (("." * node.level + (node.module or ""), alias.name) for alias in node.names)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))
