"""The templates: folders of prose and phrases, read and tried before the daemon starts."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from babel import Locale, UnknownLocaleError

from daemon.adapters.templates_text import INFORMAL, Place, Places, problem, text_of, tree_of
from daemon.adapters.templates_text import TemplateFaults as TemplateFaults
from daemon.adapters.templates_text import shipped_folder as shipped_folder
from daemon.mail.dossier.wording import faults_in as dossier_faults
from daemon.mail.language.speech import Speech
from daemon.mail.letters.kinds import LADDER
from daemon.mail.letters.pack import Pack, Prose
from daemon.mail.letters.prose import read_prose
from daemon.mail.letters.wording import faults_in
from daemon.mail.owner.digest_wording import faults_in as digest_faults
from daemon.ports import Problem

_SUFFIX = ".prose"
_NO_LETTERS = ("language.yaml", "commands.yaml", "report.yaml", INFORMAL)
_LANGUAGE = re.compile(r"[a-z]{2,3}")  # ISO 639

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
    problems = [problem(folder, 0, "there is no such folder of templates") for folder in folders if not folder.is_dir()]
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
    places: Places = {}
    letters, faulty = _proses(folders, problems)
    familiar, _ = _proses([folder / INFORMAL for folder in folders], problems)
    for folder in reversed(folders):  # the first wins
        path = folder / "language.yaml"
        if path.is_file():
            _merge(path, sections, places, problems)
    nearest = next(folder for folder in folders if folder.is_dir())

    def place(section: str, name: str) -> Place:
        return places.get((section, name), (nearest / "language.yaml", 0))

    if letters or faulty or sections["letters"] or not sections["reading"]:  # else answers in it are read, no more
        problems.extend(
            problem(nearest / f"{name}{_SUFFIX}", 0, f"the letter `{name}` is missing")
            for name in LADDER
            if name not in letters and name not in faulty
        )
        _check_phrases(sections["letters"], place, problems)
    for name, fault in faults_in(sections["informal"], whole=False):
        problems.append(problem(*place("informal", name), fault))
    if sections["digest"]:  # a language that only clients read may do without
        faults = digest_faults(sections["digest"])
        problems += [problem(*place("digest", name), f"digest: {fault}") for name, fault in faults]
    if sections["dossier"]:  # where it has none, a dossier is in English
        faults = dossier_faults(sections["dossier"])
        problems += [problem(*place("dossier", name), f"dossier: {fault}") for name, fault in faults]
    _check_reading(language, sections["reading"], places, folders[-1], problems)
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
                raise TemplateFaults([problem(path, fault.line, fault.message) for fault in prose])
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
            if (source := text_of(path, problems)) is None:
                continue
            prose = read_prose(path.stem, source)
            if isinstance(prose, Prose):
                letters.put(prose)
            else:
                faulty.add(path.stem)
                problems += [problem(path, fault.line, fault.message) for fault in prose]
    return letters, faulty


def _letters(folder: Path, problems: list[Problem]) -> Sequence[Path]:
    """The letters of one language's folder; what an editor leaves behind is passed over."""
    if not folder.is_dir():
        return ()
    paths = [path for path in sorted(folder.iterdir()) if path.name[0] not in "._#" and path.name[-1] != "~"]
    problems.extend(
        problem(path, 0, f"this is no letter: its name is to end in {_SUFFIX}")
        for path in paths
        if path.suffix != _SUFFIX and path.name not in _NO_LETTERS
    )
    return [path for path in paths if path.suffix == _SUFFIX]


def _check_phrases(phrases: Mapping[str, object], place: Callable[[str, str], Place], problems: list[Problem]) -> None:
    problems += [problem(*place("letters", name), fault) for name, fault in faults_in(phrases)]
    locale = phrases.get("locale")
    if isinstance(locale, str):
        try:
            Locale.parse(locale)
        except (ValueError, UnknownLocaleError) as error:
            problems.append(problem(*place("letters", "locale"), f"`locale: {locale}`: {error}"))


def _check_reading(
    language: str, reading: Mapping[str, object], places: Places, shipped: Path, problems: list[Problem]
) -> None:
    """The owner's own words for reading answers: with what cannot be used, no mail in that language could be read."""
    own = [place for (section, *_), place in places.items() if section == "reading" and place[0].parent != shipped]
    if not own:
        return
    try:
        Speech.of(language, reading)
    except Exception as fault:  # of whatever kind: what the owner wrote is tried nowhere else before a mail comes
        problems.append(problem(*own[0], f"`reading`: it cannot be used: {fault}"))


def _merge(path: Path, sections: dict[str, dict[str, object]], places: Places, problems: list[Problem]) -> None:
    """Lay one language.yaml over what is known."""
    known = ", ".join(sections)
    for name, value in tree_of(path, places, problems, holds=f"has the sections {known}").items():
        line = places[name,][1]
        if name not in sections:
            problems.append(problem(path, line, f"`{name}` is no section; there are {known}"))
        elif isinstance(value, dict):
            sections[name] = _laid_over(sections[name], value) if name == "reading" else {**sections[name], **value}
        elif value:
            problems.append(problem(path, line, f"`{name}` holds names and values"))


def _laid_over(known: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    """Names within names: who writes another list for one of a hundred leaves the others as they are."""
    laid = dict(known)
    for name, value in own.items():
        below = laid.get(name)
        laid[name] = _laid_over(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return laid
