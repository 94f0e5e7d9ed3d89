"""`commands.yaml` of a language: the words of orders by mail and of what is answered, read when they are first needed.

A folder of `templates:` may lay its own words over ours: a list takes the place of the list of that name.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from daemon.adapters.templates_text import Place, Places, TemplateFaults, problem, shipped_folder, tree_of
from daemon.mail.orders.pack import OrderPack, order_pack
from daemon.mail.orders.wording import faults_in
from daemon.ports import Problem

FILE = "commands.yaml"
_ENGLISH = "en"
_HOLDS = "has sections with names and values"


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
    places: Places = {}
    before = len(problems)
    paths = [folder / language / FILE for folder in reversed(folders)]
    for path in paths:
        if path.is_file():
            found = tree_of(path, places, problems, holds=_HOLDS)
            for section, names in found.items():
                known = tree.get(section)
                if isinstance(names, dict) and isinstance(known, dict):
                    known.update(names)
                else:
                    tree[section] = names
    if tree and len(problems) == before:
        for where, fault in faults_in(tree):
            path, line = _nearest(where, places, next(path for path in reversed(paths) if path.is_file()))
            problems.append(problem(path, line, fault))
    return tree


def _nearest(where: tuple[str, ...], places: Places, path: Path) -> Place:
    """The place of a name, or of what it stands in."""
    for length in range(len(where), 0, -1):
        if where[:length] in places:
            return places[where[:length]]
    return path, 0
