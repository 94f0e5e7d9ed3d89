"""The words of the pages: `<language>/report.yaml` in the folders of templates, read when pages are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from daemon.adapters.templates_text import Places, TemplateFaults, problem, shipped_folder, tree_of
from daemon.mail.pages.wording import faults_in
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
    places: Places = {}
    for path in reversed(paths):  # the first wins
        phrases.update(tree_of(path, places, problems, holds="holds phrases, each with its name"))
    nearest = paths[0] if paths else folders[-1] / language / FILE
    for name, fault in faults_in(phrases):
        problems.append(problem(*places.get((name,), (nearest, 0)), fault))
    if problems:
        raise TemplateFaults(problems)
    return {name: str(text) for name, text in phrases.items()}
