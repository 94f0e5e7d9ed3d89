"""The config as the owner writes it: YAML files in, one checked `Settings` or every problem out.

Read in three steps: each file by itself (`config_files`, kept until it changes), what the main file states about
people, policies and servers, and last what has to fit together across files: clients, numbers, PDFs.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from glob import glob, has_magic
from pathlib import Path
from typing import Any

from daemon.adapters.config_files import Intake, InvoiceFile, Stamp, read_invoices, read_text, stamp_of
from daemon.adapters.config_invoices import Draft, Place
from daemon.adapters.config_kinds import PATH
from daemon.adapters.config_people import clients_from, creditor_from
from daemon.adapters.config_policies import LETTERS, policies_from, shipped_names
from daemon.adapters.config_schema import CONFIG
from daemon.adapters.config_servers import imap_settings, smtp_settings
from daemon.adapters.config_shape import Checked, Names, place_of
from daemon.adapters.config_wording import nearest, shown
from daemon.adapters.yaml_nodes import ListNode, Report, is_blank
from daemon.adapters.yaml_tree import read_tree
from daemon.domain.client import Client, Creditor, Owner
from daemon.domain.ledger import Ledger
from daemon.domain.policy import Policy
from daemon.ports import ImapSettings, Problem, Settings, SmtpSettings

LANGUAGES = ("en", "it", "es", "tr")  # those with templates of ours; the owner's folders may hold more


@dataclass(frozen=True, slots=True, kw_only=True)
class _Include:
    """An entry of `invoices:` that names files."""

    pattern: str
    at: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class _Templates:
    """What the owner's template folders add; read from their names, not from their contents."""

    folders: tuple[str, ...]
    languages: tuple[str, ...]
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Main:
    """What the main file says, with None for what is not good; kept until the file changes."""

    stamp: Stamp | None
    report: Report
    invoices: InvoiceFile  # those that stand in the main file itself
    includes: tuple[_Include, ...]
    client_names: tuple[str, ...] | None  # also of clients that are not good; None: it cannot be said
    clients: Mapping[str, Client]
    policies: Mapping[str, Policy]
    values: Mapping[str, Any]  # the single values
    templates: _Templates
    creditor: Creditor | None = None
    owner: Owner | None = None
    smtp: SmtpSettings | None = None
    imap: ImapSettings | None = None


@dataclass(frozen=True)
class Loaded:
    """What was read: settings, or the problems for which there are none.  It saves the next `load` reading."""

    settings: Settings | None
    problems: tuple[Problem, ...]
    _main: _Main | None = field(default=None, repr=False, compare=False)
    _files: Mapping[str, InvoiceFile] = field(default_factory=dict, repr=False, compare=False)


def load(path: str | Path, earlier: Loaded | None = None) -> Loaded:
    """Read and check a config and all the files that it names.

    Args:
        earlier: what an earlier call for this path returned; files that did not change since are not read again.

    Returns:
        `settings`, or every problem there is, by file and line.  Never raises on account of what the files hold.
    """
    path = str(path)
    main = _main_again(path, earlier) or _read_main(path)
    base = Path(path).parent
    across = Report(path)  # what is found by looking at the disk and at several files
    files: dict[str, InvoiceFile] = {}
    for name, shown_as in _included(main.includes, base, path, across):
        known = earlier._files.get(name) if earlier else None
        if known is not None and known.stamp is not None and known.shown == shown_as and known.stamp == stamp_of(name):
            files[name] = known
        elif name not in files:
            files[name] = read_invoices(name, shown_as)
    sources = [main.invoices, *files.values()]
    _check_across(sources, main.client_names, across)
    reports = [main.report, across, *(source.report for source in sources)]
    problems = tuple(
        sorted(
            dict.fromkeys(p for report in reports for p in report.problems), key=lambda p: (p.file, p.line, p.column)
        )
    )
    notices = tuple(dict.fromkeys(notice for report in reports for notice in report.notices))
    settings = None if problems else _settings(path, main, sources, notices, (str(Path(path).absolute()), *files))
    return Loaded(settings, problems, main, files)


def _main_again(path: str, earlier: Loaded | None) -> _Main | None:
    """What the main file said the last time, when it and the template folders are as they were."""
    main = earlier._main if earlier else None
    if main is None or main.stamp is None or main.report.file != path or main.stamp != stamp_of(path):
        return None
    return main if _look_at_templates(main.templates.folders) == main.templates else None


def _read_main(path: str) -> _Main:
    report = Report(path)
    intake = Intake(Report(path), names=[])
    text, stamp = read_text(path, report)
    root = read_tree(text, report, intake.take, top=False) if text is not None else None
    if isinstance(root, ListNode):
        report.wrong(root, "this is a list; the config has `creditor:`, `clients:` and so on at its beginning")
        root = None
    elif root is not None and is_blank(root):
        report.wrong_file("the file has nothing in it but remarks")
    config = CONFIG.read(root, report) if root is not None else None
    invoices = InvoiceFile(shown=path, stamp=stamp, drafts=tuple(intake.drafts), report=intake.report)
    patterns = ((PATH.read(node, report), node) for node in intake.names or ())
    includes = tuple(_Include(pattern=read, at=place_of(node)) for read, node in patterns if isinstance(read, str))
    main = _Main(
        stamp=stamp,
        report=report,
        invoices=invoices,
        includes=includes,
        client_names=None,
        clients={},
        policies={},
        values={},
        templates=_look_at_templates(()),
    )
    return _fit_together(main, config, report) if isinstance(config, Checked) else main


def _fit_together(main: _Main, read: Checked, report: Report) -> _Main:
    """Add what the sections say, each checked against the others."""
    templates = _look_at_templates(_template_folders(read, report))
    policies = policies_from(read.get("policies"), templates.letters, report)
    written = read.get("creditor")
    creditor = creditor_from(written, templates.languages, report) if written else None
    names: Names | None = read.get("clients")
    clients: dict[str, Client] = {}
    if names is not None:
        mine = read.get("policies")
        known = tuple(dict.fromkeys((*shipped_names(), *(mine.written if mine else ()))))
        clients = clients_from(names, creditor, policies, known, templates.languages, report)
    smtp, imap = read.get("smtp"), read.get("imap")
    single = ("first_start", "reply_token", "state", "keep")
    return replace(
        main,
        client_names=names.written if names is not None else None,
        clients=clients,
        policies=policies,
        values={key: read.values[key] for key in single if key in read.values},
        templates=templates,
        creditor=creditor,
        owner=read.get("owner"),
        smtp=smtp_settings(smtp, report) if smtp else None,
        imap=imap_settings(imap, report) if imap else None,
    )


def _template_folders(read: Checked, report: Report) -> tuple[str, ...]:
    place, folders = read.place("templates"), []
    for written, node in zip(
        read.get("templates", ()), place.items if isinstance(place, ListNode) else (), strict=True
    ):
        folder = Path(report.file).absolute().parent / written
        if not os.path.isdir(folder):
            report.wrong(node, f"there is no folder {folder}")
        folders.append(str(folder))
    return tuple(folders)


def _look_at_templates(folders: tuple[str, ...]) -> _Templates:
    languages, letters = dict.fromkeys(LANGUAGES), dict.fromkeys(LETTERS)
    for folder in folders:
        for language in sorted(Path(folder).glob("*/")):
            if re.fullmatch("[a-z]{2,3}", language.name):
                if (language / "language.yaml").is_file():
                    languages[language.name] = None
                names = (entry.name.partition(".")[0] for entry in sorted(language.iterdir()))
                letters.update(dict.fromkeys(name for name in names if name and name[0] != "_" and name != "language"))
    return _Templates(folders=folders, languages=tuple(languages), letters=tuple(letters))


def _included(includes: Iterable[_Include], base: Path, main: str, across: Report) -> Iterator[tuple[str, str]]:
    """The files that `invoices:` names, each once: its absolute path, and its name as messages show it."""
    seen = {str(Path(main).absolute())}
    for include in includes:
        line, column = include.at
        if has_magic(include.pattern):
            found = sorted(glob(include.pattern, root_dir=base, recursive=True))
            found = [name for name in found if not os.path.isdir(base / name)]
            if not found:
                across.notices.append(f"{main}:{line}:{column}: no file matches {shown(include.pattern)} yet")
        elif not os.path.exists(base / include.pattern):
            across.wrong_at(line - 1, column - 1, f"there is no file {base / include.pattern}")
            continue
        else:
            found = [include.pattern]
        for name in found:
            whole = str((base / name).absolute())
            if whole not in seen:
                seen.add(whole)
                yield whole, str(base / name)


def _check_across(sources: Iterable[InvoiceFile], clients: tuple[str, ...] | None, across: Report) -> None:
    """A number once a client, a client for every number, and the PDFs there."""
    first: dict[tuple[str, str], tuple[str, Place]] = {}
    known = frozenset(clients or ())
    against: list[tuple[str, Draft]] = []
    for source in sources:
        for draft in source.drafts:
            client, number = draft.client, draft.number
            if client is not None and clients is not None and client not in known:
                near = nearest(client, clients) or "; clients are written under `clients:` in the config"
                _wrong(across, source, draft.client_at, f"there is no client `{shown(client)}`{near}")
            if client is not None and number is not None:
                file, (line, column) = first.setdefault((client, number), (source.shown, draft.number_at))
                if (file, (line, column)) != (source.shown, draft.number_at):
                    said = f"`{shown(number)}` of client `{shown(client)}` is already in {file}:{line}:{column}"
                    _wrong(across, source, draft.number_at, f"{said}: keep one of the two")
            pdf = draft.invoice.pdf if draft.invoice is not None else None
            if draft.pdf_at is not None and pdf is not None and not os.path.isfile(pdf):
                said = f"there is no file {pdf}; `pdf` is looked for beside the file that names it"
                _wrong(across, source, draft.pdf_at, said)
            if draft.against_at is not None:
                against.append((source.shown, draft))
    for file, draft in against:
        invoice = draft.invoice
        if invoice is not None and (invoice.client, invoice.against) not in first:
            line, column = draft.against_at or draft.number_at
            across.notices.append(
                f"{file}:{line}:{column}: there is no invoice `{shown(str(invoice.against))}` here any more"
            )


def _wrong(across: Report, source: InvoiceFile, at: Place, message: str) -> None:
    across.problems.append(Problem(file=source.shown, line=at[0], column=at[1], message=message))


def _settings(
    path: str, main: _Main, sources: Iterable[InvoiceFile], notices: tuple[str, ...], files: tuple[str, ...]
) -> Settings:
    """All of it is good: put together."""
    assert main.creditor is not None
    assert main.owner is not None
    assert main.smtp is not None
    assert main.imap is not None
    values = main.values
    ledger = Ledger(
        creditor=main.creditor,
        owner=main.owner,
        policies=main.policies,
        clients=main.clients,
        invoices=tuple(d.invoice for source in sources for d in source.drafts if d.invoice is not None),
        first_start_sends=values.get("first_start") == "send",
    )
    settings = Settings(
        file=files[0],
        ledger=ledger,
        smtp=main.smtp,
        imap=main.imap,
        state=values["state"],
        templates=main.templates.folders,
        plus_token=values.get("reply_token") == "plus",
        notices=notices,
        files=files,
    )
    return replace(settings, keep_days=values["keep"]) if "keep" in values else settings
