"""The templates: folders of prose and phrases, read and tried before the daemon starts."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml
from babel import Locale, UnknownLocaleError

from daemon.adapters.template_file import read_template
from daemon.mail.digest_wording import faults_in as digest_faults
from daemon.mail.dossier_wording import faults_in as dossier_faults
from daemon.mail.kinds import LADDER
from daemon.mail.pack import Pack, Prose
from daemon.mail.prose import read_prose
from daemon.mail.wording import faults_in
from daemon.ports import Problem

_SUFFIX = ".prose"
_INFORMAL = "informal"  # the folder of the letters in the familiar form, below a language's
_NO_LETTERS = ("language.yaml", "commands.yaml", "report.yaml", _INFORMAL)
_LANGUAGE = re.compile(r"[a-z]{2,3}")  # ISO 639
_PACKAGE = Path(__file__).resolve().parent.parent


class TemplateFaults(Exception):
    """What is wrong in the templates, all of it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def shipped_folder() -> Path:
    """Where the shipped templates are: inside an installed wheel, else beside the package in the checkout."""
    inside = _PACKAGE / "templates"
    return inside if inside.is_dir() else _PACKAGE.parent / "templates"


Stamp = tuple[tuple[str, int, int], ...]  # of each file: path, time of the last change in ns, octets


def stamp_of(own_folders: Sequence[str]) -> Stamp:
    """What `load_packs` would read, so that nobody reads it again who knows it already."""
    found = []
    for folder in (*map(Path, own_folders), shipped_folder()):
        for path in sorted(folder.rglob("*")):
            with contextlib.suppress(OSError):
                looked = path.stat()
                found.append((str(path), looked.st_mtime_ns, looked.st_size))
    return tuple(found)


def load_packs(own_folders: Sequence[str]) -> Mapping[str, Pack]:
    """Every language, by its code; the first folder that has a letter or a phrase wins, the shipped ones come last.

    A folder holds one folder a language (`it/`) with letters (`first-reminder.prose`) and `language.yaml`.

    Raises:
        TemplateFaults: something is wrong in one of them; every fault is named, with file and line.
    """
    folders = [*map(Path, own_folders), shipped_folder()]
    problems = [
        _problem(folder, 0, "there is no such folder of templates") for folder in folders if not folder.is_dir()
    ]
    names = sorted({path.name for folder in folders if folder.is_dir() for path in folder.iterdir() if path.is_dir()})
    languages = [name for name in names if _LANGUAGE.fullmatch(name)]
    packs = {language: _pack(language, [folder / language for folder in folders], problems) for language in languages}
    if problems:
        raise TemplateFaults(problems)
    return packs


def _pack(language: str, folders: Sequence[Path], problems: list[Problem]) -> Pack:
    sections: dict[str, dict[str, object]] = {
        name: {} for name in ("letters", "informal", "reading", "digest", "dossier")
    }
    places: dict[str, tuple[Path, int]] = {}
    letters, faulty = _proses(folders, problems)
    familiar, _ = _proses([folder / _INFORMAL for folder in folders], problems)
    for folder in reversed(folders):  # the first wins
        path = folder / "language.yaml"
        if path.is_file() and (source := _read(path, problems)) is not None:
            _merge(path, source, sections, places, problems)
    nearest = next(folder for folder in folders if folder.is_dir())
    if letters or faulty or sections["letters"] or not sections["reading"]:  # else answers in it are read, no more
        problems.extend(
            _problem(nearest / f"{name}{_SUFFIX}", 0, f"the letter `{name}` is missing")
            for name in LADDER
            if name not in letters and name not in faulty
        )
        _check_phrases(sections["letters"], nearest / "language.yaml", places, problems)
    for name, fault in faults_in(sections["informal"], whole=False):
        problems.append(_problem(*places.get(f"informal {name}", (nearest / "language.yaml", 0)), fault))
    if sections["digest"]:  # a language that only clients read may do without
        problems += [
            _problem(nearest / "language.yaml", 0, f"digest: {fault}") for _, fault in digest_faults(sections["digest"])
        ]
    if sections["dossier"]:  # where it has none, a dossier is in English
        problems += [
            _problem(nearest / "language.yaml", 0, f"dossier: {fault}")
            for _, fault in dossier_faults(sections["dossier"])
        ]
    phrases = {name: text for name, text in sections["letters"].items() if isinstance(text, str)}
    others = {name: text for name, text in sections["informal"].items() if isinstance(text, str)}
    informal = Pack(language=language, letters=familiar, phrases={**phrases, **others}) if familiar else None
    return Pack(
        language=language,
        letters=letters,
        phrases=phrases,
        informal=informal,
        reading=sections["reading"],
        digest=sections["digest"],
        dossier={name: text for name, text in sections["dossier"].items() if isinstance(text, str)},
    )


class _Letters(Mapping[str, Prose]):
    """Letters by name.  Those that we ship are read when they are first needed: 200 of them take seconds to try."""

    def __init__(self, shipped: Mapping[str, Path]) -> None:
        self._shipped = dict(shipped)
        self._read: dict[str, Prose] = {}

    def put(self, prose: Prose) -> None:
        """One of the owner's own, in the place of a shipped one of its name."""
        self._read[prose.name] = prose

    def __getitem__(self, name: str) -> Prose:
        if name not in self._read:
            path = self._shipped[name]
            prose = read_prose(name, path.read_text(encoding="utf-8-sig"))
            if not isinstance(prose, Prose):
                raise TemplateFaults([_problem(path, fault.line, fault.message) for fault in prose])
            self._read[name] = prose
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._shipped, *self._read)))

    def __len__(self) -> int:
        return len(self._shipped.keys() | self._read.keys())

    def __contains__(self, name: object) -> bool:
        return name in self._shipped or name in self._read


def _proses(folders: Sequence[Path], problems: list[Problem]) -> tuple[_Letters, set[str]]:
    """The letters of one language in one form, and the names of those with a fault; the first folder wins."""
    *own, shipped = folders
    letters = _Letters({path.stem: path for path in _letters(shipped, problems)})
    faulty: set[str] = set()
    for folder in reversed(own):
        for path in _letters(folder, problems):
            if (source := _read(path, problems)) is None:
                continue
            prose = read_prose(path.stem, source)
            if isinstance(prose, Prose):
                letters.put(prose)
            else:
                faulty.add(path.stem)
                problems += [_problem(path, fault.line, fault.message) for fault in prose]
    return letters, faulty


def _letters(folder: Path, problems: list[Problem]) -> Sequence[Path]:
    """The letters of one language's folder; what an editor leaves behind is passed over."""
    if not folder.is_dir():
        return ()
    paths = [path for path in sorted(folder.iterdir()) if path.name[0] not in "._#" and path.name[-1] != "~"]
    problems.extend(
        _problem(path, 0, f"this is no letter: its name is to end in {_SUFFIX}")
        for path in paths
        if path.suffix != _SUFFIX and path.name not in _NO_LETTERS
    )
    return [path for path in paths if path.suffix == _SUFFIX]


def _check_phrases(
    phrases: Mapping[str, object], path: Path, places: Mapping[str, tuple[Path, int]], problems: list[Problem]
) -> None:
    for name, fault in faults_in(phrases):
        file, line = places.get(name, (path, 0))
        problems.append(_problem(file, line, fault))
    locale = phrases.get("locale")
    if isinstance(locale, str):
        try:
            Locale.parse(locale)
        except (ValueError, UnknownLocaleError) as error:
            problems.append(_problem(*places["locale"], f"`locale: {locale}`: {error}"))


def _merge(
    path: Path,
    source: str,
    sections: dict[str, dict[str, object]],
    places: dict[str, tuple[Path, int]],
    problems: list[Problem],
) -> None:
    """Lay one language.yaml over what is known; every scalar is text."""
    try:
        tree = yaml.compose(source, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        problems.append(_problem(path, line, f"this is no YAML: {error.problem}"))
        return
    except yaml.YAMLError as error:
        problems.append(_problem(path, 0, f"this is no YAML: {error}"))
        return
    if tree is None:
        return
    if not isinstance(tree, yaml.MappingNode):
        problems.append(_problem(path, 1, f"language.yaml has the sections {', '.join(sections)}"))
        return
    for key, value in tree.value:
        line = key.start_mark.line + 1
        if key.value not in sections:
            problems.append(_problem(path, line, f"`{key.value}` is no section; there are {', '.join(sections)}"))
        elif isinstance(value, yaml.MappingNode):
            found = _mapping(value, path, problems)
            sections[key.value].update(found)
            mark = {"letters": "", "informal": "informal "}.get(key.value)
            if mark is not None:
                places.update({mark + name.value: (path, name.start_mark.line + 1) for name, _ in value.value})
        elif value.value:
            problems.append(_problem(path, line, f"`{key.value}` holds names and values"))


def _mapping(node: yaml.MappingNode, path: Path, problems: list[Problem]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            problems.append(_problem(path, key.start_mark.line + 1, "a name is to be a text"))
        elif key.value in found:
            problems.append(_problem(path, key.start_mark.line + 1, f"`{key.value}` stands here twice"))
        else:
            found[key.value] = _value(value, path, problems)
    return found


def _value(node: yaml.Node, path: Path, problems: list[Problem]) -> object:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, problems)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, path, problems) for item in node.value]
    return node.value


def text_of(path: Path) -> str:
    """The text of a file in a language's folder, or in `informal/` below it; raises as `read_template`."""
    folder = path.parent.parent if path.parent.name != _INFORMAL else path.parent.parent.parent
    if folder == shipped_folder():  # ours; some installers make links of it all
        return path.read_text(encoding="utf-8-sig")
    return read_template(path, folder)


def _read(path: Path, problems: list[Problem]) -> str | None:
    try:
        return text_of(path)
    except (OSError, UnicodeDecodeError) as error:
        problems.append(_problem(path, 0, f"this cannot be read: {error}"))
        return None


def _problem(path: Path, line: int, message: str) -> Problem:
    return Problem(file=str(path), line=line, column=1 if line else 0, message=message)
