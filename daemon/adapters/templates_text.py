"""The texts in the folders of templates, and the trees of their YAML: every scalar is text, each name has its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from daemon.adapters.template_file import read_template
from daemon.ports import Problem

INFORMAL = "informal"  # the folder of the letters in the familiar form, below a language's
_PACKAGE = Path(__file__).resolve().parent.parent

Place = tuple[Path, int]  # a file, and a line in it; 0: the file as a whole
Places = dict[tuple[str, ...], Place]  # of each name, by its path from the top


class TemplateFaults(Exception):
    """What is wrong in the templates, all of it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def shipped_folder() -> Path:
    """Where the shipped templates are: inside an installed wheel, else beside the package in the checkout."""
    inside = _PACKAGE / "templates"
    return inside if inside.is_dir() else _PACKAGE.parent / "templates"


def problem(path: Path, line: int, message: str) -> Problem:
    return Problem(file=str(path), line=line, column=1 if line else 0, message=message)


def text_of(path: Path, problems: list[Problem]) -> str | None:
    """The text of a file in a language's folder, or in `informal/` below it; None where it cannot be read."""
    folder = path.parent.parent if path.parent.name != INFORMAL else path.parent.parent.parent
    try:
        if folder == shipped_folder():  # ours; some installers make links of it all
            return path.read_text(encoding="utf-8-sig")
        return read_template(path, folder)
    except (OSError, UnicodeDecodeError) as error:
        problems.append(problem(path, 0, f"this cannot be read: {error}"))
        return None


def tree_of(path: Path, places: Places, problems: list[Problem], *, holds: str) -> dict[str, object]:
    """The names and values of a YAML file; empty where it is none, or has none.

    Args:
        places: the place of each name is added.
        holds: what such a file holds, for one that holds something else.
    """
    if (text := text_of(path, problems)) is None:
        return {}
    try:
        tree = yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        problems.append(problem(path, line, f"this is no YAML: {error.problem}"))
        return {}
    except yaml.YAMLError as error:
        problems.append(problem(path, 0, f"this is no YAML: {error}"))
        return {}
    if tree is None:
        return {}
    if not isinstance(tree, yaml.MappingNode):
        problems.append(problem(path, 1, f"{path.name} {holds}"))
        return {}
    return _mapping(tree, (), path, places, problems)


def _mapping(
    node: yaml.MappingNode, above: tuple[str, ...], path: Path, places: Places, problems: list[Problem]
) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            problems.append(problem(path, line, "a name is to be a text"))
        elif key.value in found:
            problems.append(problem(path, line, f"`{key.value}` stands here twice"))
        else:
            here = (*above, key.value)
            places[here] = (path, line)
            found[key.value] = _value(value, here, path, places, problems)
    return found


def _value(node: yaml.Node, here: tuple[str, ...], path: Path, places: Places, problems: list[Problem]) -> object:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, here, path, places, problems)
    if isinstance(node, yaml.SequenceNode):
        return [_value(one, here, path, places, problems) for one in node.value]
    return str(node.value)
