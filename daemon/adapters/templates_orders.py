"""`commands.yaml` of a language: the words of orders by mail and of what is answered, read when they are first needed.

A folder of `templates:` may lay its own words over ours: a list takes the place of the list of that name.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from daemon.adapters.templates_dir import TemplateFaults, shipped_folder, text_of
from daemon.mail.order_pack import OrderPack, order_pack
from daemon.mail.order_wording import faults_in
from daemon.ports import Problem

FILE = "commands.yaml"
_ENGLISH = "en"
_Places = dict[tuple[str, ...], tuple[Path, int]]


def load_order_pack(own_folders: Sequence[str], language: str) -> OrderPack:
    """What orders are read and answered with in a language; English where there is no such file in it.

    Raises:
        TemplateFaults: something is wrong in one of the files; every fault is named, with file and line.
    """
    problems: list[Problem] = []
    folders = [*map(Path, own_folders), shipped_folder()]
    trees = {code: _tree(code, folders, problems) for code in dict.fromkeys((language, _ENGLISH))}
    if problems:
        raise TemplateFaults(problems)
    told = language if trees[language] else _ENGLISH
    return order_pack(told, {code: tree for code, tree in trees.items() if tree})


def check_own_order_packs(own_folders: Sequence[str]) -> None:
    """Try the files that an installation has of its own, before an order needs them.

    Raises:
        TemplateFaults: as of `load_order_pack`.
    """
    problems: list[Problem] = []
    own = [*map(Path, own_folders)]
    for language in sorted({path.parent.name for folder in own for path in folder.glob(f"*/{FILE}")}):
        _tree(language, [*own, shipped_folder()], problems)
    if problems:
        raise TemplateFaults(problems)


def _tree(language: str, folders: Sequence[Path], problems: list[Problem]) -> dict[str, object]:
    """One language's words, the first folder's on top; checked."""
    tree: dict[str, object] = {}
    places: _Places = {}
    before = len(problems)
    paths = [folder / language / FILE for folder in reversed(folders)]
    for path in paths:
        if path.is_file():
            found = _read(path, places, problems)
            for section, names in found.items():
                known = tree.get(section)
                if isinstance(names, dict) and isinstance(known, dict):
                    known.update(names)
                else:
                    tree[section] = names
    if tree and len(problems) == before:
        for where, fault in faults_in(tree):
            path, line = _nearest(where, places, next(path for path in reversed(paths) if path.is_file()))
            problems.append(Problem(file=str(path), line=line, column=1 if line else 0, message=fault))
    return tree


def _nearest(where: tuple[str, ...], places: _Places, path: Path) -> tuple[Path, int]:
    """The place of a name, or of what it stands in."""
    for length in range(len(where), 0, -1):
        if where[:length] in places:
            return places[where[:length]]
    return path, 0


def _read(path: Path, places: _Places, problems: list[Problem]) -> dict[str, object]:
    """Every scalar of the file as text; a file that is none of ours is a problem and empty."""
    try:
        tree = yaml.compose(text_of(path), Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        problems.append(_problem(path, line, f"this is no YAML: {error.problem}"))
        return {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        problems.append(_problem(path, 0, f"this cannot be read: {error}"))
        return {}
    if not isinstance(tree, yaml.MappingNode):
        problems.append(_problem(path, 1, f"{FILE} has sections with names and values"))
        return {}
    return _mapping(tree, (), path, places, problems)


def _mapping(
    node: yaml.MappingNode, above: tuple[str, ...], path: Path, places: _Places, problems: list[Problem]
) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            problems.append(_problem(path, line, "a name is to be a text"))
        elif key.value in found:
            problems.append(_problem(path, line, f"`{key.value}` stands here twice"))
        else:
            here = (*above, key.value)
            places[here] = (path, line)
            found[key.value] = _value(value, here, path, places, problems)
    return found


def _value(node: yaml.Node, here: tuple[str, ...], path: Path, places: _Places, problems: list[Problem]) -> object:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, here, path, places, problems)
    if isinstance(node, yaml.SequenceNode):
        return [_value(one, here, path, places, problems) for one in node.value]
    return str(node.value)


def _problem(path: Path, line: int, message: str) -> Problem:
    return Problem(file=str(path), line=line, column=1 if line else 0, message=message)
