"""Tables that come with the program as YAML beside this file, read by the schema of the config."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from daemon.adapters.config_shape import ListOf
from daemon.adapters.yaml_nodes import Report
from daemon.adapters.yaml_tree import read_tree


def shipped_table(name: str, rows: ListOf) -> tuple[Any, ...]:
    """The rows of one of our tables.  It is ours: what is wrong in it is a bug, and tests find it."""
    source = files("daemon.adapters") / name
    report = Report(str(source))
    tree = read_tree(source.read_text("utf-8"), report)
    read = rows.read(tree, report) if tree is not None else ()
    assert not report.problems, report.problems
    assert isinstance(read, tuple)
    return read
