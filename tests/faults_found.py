"""Which test is about which fault: by the number in its name, as in `test_F16_...`, or in its docstring."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parent
_IN_A_NAME = re.compile(r"_f(\d{1,2})(?=_)", re.IGNORECASE)
_IN_WORDS = re.compile(r"\bF(\d{1,2})\b")


@cache
def by_number() -> dict[int, tuple[str, ...]]:
    """Node ids without parameters, by the fault's number; in the order of files and lines."""
    found: dict[int, list[str]] = {}
    for file in sorted(TESTS.rglob("test_*.py")):
        for number, name in _tests_of(file):
            found.setdefault(number, []).append(f"{file.relative_to(TESTS.parent)}::{name}")
    return {number: tuple(names) for number, names in found.items()}


def _tests_of(file: Path) -> Iterator[tuple[int, str]]:
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            words = _IN_WORDS.findall(ast.get_docstring(node) or "")
            for number in dict.fromkeys(int(n) for n in (*_IN_A_NAME.findall(node.name), *words)):
                yield number, node.name
