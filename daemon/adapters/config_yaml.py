"""The config as the owner writes it: YAML files in, one checked `Settings` or every problem out.

Read in three steps: each file by itself (`config_files`, kept until it changes), what the main file states about
people, policies and servers, and last what has to fit together across files: clients, numbers, PDFs.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from glob import glob, has_magic
from itertools import chain, takewhile
from pathlib import Path

from daemon.adapters.config_files import InvoiceFile, read_invoices, stamp_of
from daemon.adapters.config_invoices import InvoiceDraft, Place
from daemon.adapters.config_main import Include, Main, read_main, unchanged
from daemon.adapters.config_own_policies import own_policy_notices
from daemon.adapters.config_payment import missing_codes
from daemon.adapters.config_wording import hint, nearest, shown
from daemon.adapters.followed_file import path_of
from daemon.adapters.yaml_nodes import Report
from daemon.domain.books.ledger import FirstStart, Ledger
from daemon.ports import Problem, Settings

_MOST_SUGGESTED = 50  # unknown clients for which the nearest of thousands is looked up: that takes its time


@dataclass(frozen=True)
class Loaded:
    """What was read: settings, or the problems for which there are none.  It saves the next `load` reading."""

    settings: Settings | None
    problems: tuple[Problem, ...]
    _main: Main | None = field(default=None, repr=False, compare=False)
    _files: Mapping[str, InvoiceFile] = field(default_factory=dict, repr=False, compare=False)
    files: tuple[str, ...] = ()  # absolute paths of all that were read or tried, also where there are no settings
    folders: tuple[str, ...] = ()  # where the patterns of `invoices:` look, and a new file may turn up


def load(path: str | Path, earlier: Loaded | None = None) -> Loaded:
    """Read and check a config and all the files that it names.

    Args:
        earlier: what an earlier call for this path returned; files that did not change since are not read again.

    Returns:
        `settings`, or every problem there is, by file and line.  Never raises on account of what the files hold.
    """
    path = str(path)
    main = _main_again(path, earlier) or read_main(path)
    base = Path(path).parent
    across = Report(path)  # what is found by looking at the disk and at several files
    files: dict[str, InvoiceFile] = {}
    for name, shown_as in chain(_included(main.includes, base, path, across), _followed(main, across)):
        known = earlier._files.get(name) if earlier else None
        if known is not None and known.stamp is not None and known.shown == shown_as and known.stamp == stamp_of(name):
            files[name] = known
        elif name not in files:
            files[name] = read_invoices(name, shown_as)
    sources = [main.invoices, *files.values()]
    _check_across(sources, main.client_names, across)
    _check_policies(sources, main.policy_names, across)
    across.notices += own_policy_notices(sources, main.clients, main.policies)
    reports = [main.report, across, *(source.report for source in sources)]
    problems = tuple(
        sorted(
            dict.fromkeys(p for report in reports for p in report.problems), key=lambda p: (p.file, p.line, p.column)
        )
    )
    notices = tuple(dict.fromkeys(notice for report in reports for notice in report.notices))
    if main.creditor is not None:
        listed = (d.invoice for source in sources for d in source.drafts if d.invoice is not None)
        without = missing_codes(main.creditor, listed, main.payment_at, path)
        if main.creditor.payment.qr:
            problems += without
        else:
            notices += tuple(map(str, without))
    paths = (str(Path(path).absolute()), *files)
    settings = None if problems else _settings(path, main, sources, notices, paths)
    return Loaded(settings, problems, main, files, paths, _folders(main.includes, base))


def _folders(includes: Iterable[Include], base: Path) -> tuple[str, ...]:
    """The folder of each pattern, down to its first `*`; also one that is not there yet."""
    found = []
    for include in includes:
        parts = Path(include.pattern).parts[:-1]
        fixed = list(takewhile(lambda part: not has_magic(part), parts))
        found.append(str(base.joinpath(*fixed).absolute()))
    return tuple(dict.fromkeys(found))


def _main_again(path: str, earlier: Loaded | None) -> Main | None:
    main = earlier._main if earlier else None
    return main if main is not None and unchanged(main, path) else None


def _included(includes: Iterable[Include], base: Path, main: str, across: Report) -> Iterator[tuple[str, str]]:
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


def _followed(main: Main, across: Report) -> Iterator[tuple[str, str]]:
    """The file of invoices that the daemon keeps itself, where there is one: `_included`'s answer for it."""
    state = main.values.get("state")
    if not isinstance(state, str):
        return
    path = path_of(state)
    try:
        os.stat(path)
    except PermissionError:
        across.notices.append(f"{path} may hold more invoices, and only the account of the daemon can look into it")
    except OSError:
        return
    else:
        yield str(path), str(path)


def _check_across(sources: Iterable[InvoiceFile], clients: tuple[str, ...] | None, across: Report) -> None:
    """A number once a client, a client for every number, and the PDFs there."""
    first: dict[tuple[str, str], tuple[str, Place]] = {}
    known = frozenset(clients or ())
    against: list[tuple[str, InvoiceDraft]] = []
    near: dict[str, str] = {}  # suggestions, for so many strangers as somebody reads
    for source in sources:
        for draft in source.drafts:
            client, number = draft.client, draft.number
            if client is not None and clients is not None and client not in known:
                if client not in near and len(near) < _MOST_SUGGESTED:
                    near[client] = nearest(client, clients)
                hint = near.get(client) or "; clients are written under `clients:` in the config"
                _wrong(across, source, draft.client_at, f"there is no client `{shown(client)}`{hint}")
            if client is not None and number is not None:
                file, (line, column) = first.setdefault((client, number), (source.shown, draft.number_at))
                if (file, (line, column)) != (source.shown, draft.number_at):
                    said = f"`{shown(number)}` of client `{shown(client)}` is already in {file}:{line}:{column}"
                    _wrong(across, source, draft.number_at, f"{said}: keep one of the two")
            pdf = draft.invoice.pdf if draft.invoice is not None else None
            if draft.pdf_at is not None and pdf is not None and not os.path.isfile(pdf):
                said = f"there is no file {pdf}; `pdf` is looked for beside the file that names it"
                _wrong(across, source, draft.pdf_at, said)
            if draft.evidence_at is not None and draft.invoice is not None:
                line, column = draft.evidence_at
                across.notices += [
                    f"{source.shown}:{line}:{column}: there is no file {file}; a dossier will say that it is missing"
                    for file in draft.invoice.evidence
                    if not os.path.isfile(file)
                ]
            if draft.against_at is not None:
                against.append((source.shown, draft))
    for file, draft in against:
        invoice = draft.invoice
        if invoice is not None and (invoice.client, invoice.against) not in first:
            line, column = draft.against_at or draft.number_at
            across.notices.append(
                f"{file}:{line}:{column}: there is no invoice `{shown(str(invoice.against))}` in these files"
            )
    if len({number for _, number in first}) < len(first):
        _tell_of_shared_numbers(sources, across)


def _tell_of_shared_numbers(sources: Iterable[InvoiceFile], across: Report) -> None:
    """Who writes invoices seldom gives two clients one number; credit notes may be counted by themselves."""
    first: dict[str, tuple[str, InvoiceDraft]] = {}
    for source in sources:
        for draft in source.drafts:
            if draft.number is None or draft.client is None or draft.invoice is None or draft.invoice.credit:
                continue
            file, other = first.setdefault(draft.number, (source.shown, draft))
            if other.client != draft.client:
                (line, column), (at_line, at_column) = draft.number_at, other.number_at
                across.notices.append(
                    f"{source.shown}:{line}:{column}: `{shown(draft.number)}` of client `{shown(draft.client)}` is"
                    f" a number of client `{shown(str(other.client))}` too, in {file}:{at_line}:{at_column}: is one"
                    " of the two mistyped?"
                )


def _check_policies(sources: Iterable[InvoiceFile], names: tuple[str, ...] | None, across: Report) -> None:
    """A policy for every invoice that names one."""
    if names is None:
        return  # what is wrong with the policies is said there
    for source in sources:
        for draft in source.drafts:
            if draft.policy is not None and draft.policy not in names:
                said = f"there is no policy `{shown(draft.policy)}`{hint(draft.policy, names)}"
                _wrong(across, source, draft.policy_at or draft.number_at, said)


def _wrong(across: Report, source: InvoiceFile, at: Place, message: str) -> None:
    across.problems.append(Problem(file=source.shown, line=at[0], column=at[1], message=message))


def _settings(
    path: str, main: Main, sources: Iterable[InvoiceFile], notices: tuple[str, ...], files: tuple[str, ...]
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
        first_start=(first := values.get("first_start", FirstStart())),
        first_start_sends=first.sends,
        laws=main.laws,
        bank=values.get("bank"),
    )
    settings = Settings(
        file=files[0],
        ledger=ledger,
        smtp=main.smtp,
        imap=main.imap,
        state=values["state"],
        templates=main.templates.folders,
        plus_token=values.get("reply_token") == "plus",
        metrics_port=values.get("metrics"),
        ping=values.get("ping"),
        notices=notices,
        files=files,
    )
    return replace(settings, keep_days=values["keep"]) if "keep" in values else settings
