"""The words of the pages: `<language>/report.yaml` in the folders of templates, read when pages are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from daemon.adapters.templates_dir import TemplateFaults, shipped_folder, text_of
from daemon.mail.report_wording import faults_in
from daemon.ports import Problem

FILE = "report.yaml"
_FALLBACK = "en"


def load_report_words(own_folders: Sequence[str], language: str) -> Mapping[str, str]:
    """The phrases of one language; the first folder that has a phrase wins, the shipped ones come last.

    English ones where there is no such file in that language.

    Raises:
        TemplateFaults: something is wrong in one of the files; every fault is named, with file and line.
    """
    folders = [*map(Path, own_folders), shipped_folder()]
    paths = [path for folder in folders if (path := folder / language / FILE).is_file()]
    if not paths and language != _FALLBACK:
        return load_report_words(own_folders, _FALLBACK)
    problems: list[Problem] = []
    phrases: dict[str, object] = {}
    places: dict[str, tuple[Path, int]] = {}
    for path in reversed(paths):  # the first wins
        _lay_over(path, phrases, places, problems)
    nearest = paths[0] if paths else folders[-1] / language / FILE
    for name, fault in faults_in(phrases):
        file, line = places.get(name, (nearest, 0))
        problems.append(_problem(file, line, fault))
    if problems:
        raise TemplateFaults(problems)
    return {name: str(text) for name, text in phrases.items()}


def _lay_over(
    path: Path, phrases: dict[str, object], places: dict[str, tuple[Path, int]], problems: list[Problem]
) -> None:
    """Every scalar is text, as in language.yaml; what is no scalar is left to the check of the phrases."""
    try:
        tree = yaml.compose(text_of(path), Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        problems.append(_problem(path, line, f"this is no YAML: {error.problem}"))
        return
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        problems.append(_problem(path, 0, f"this cannot be read: {error}"))
        return
    if tree is None:
        return
    if not isinstance(tree, yaml.MappingNode):
        problems.append(_problem(path, 1, f"{FILE} holds phrases, each with its name"))
        return
    seen: set[str] = set()
    for key, value in tree.value:
        line = key.start_mark.line + 1
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        if name in seen:
            problems.append(_problem(path, line, f"`{name}` stands here twice"))
        seen.add(name)
        phrases[name] = value.value if isinstance(value, yaml.ScalarNode) else None
        places[name] = path, line


def _problem(path: Path, line: int, message: str) -> Problem:
    return Problem(file=str(path), line=line, column=1 if line else 0, message=message)
