"""The main file of the config: who is owed, who owes, by which policies and servers; checked against each other."""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from daemon.adapters.config_extras import check_extras
from daemon.adapters.config_files import InvoiceFile, InvoiceIntake, Stamp, read_text, stamp_of
from daemon.adapters.config_invoices import Place
from daemon.adapters.config_kinds import PATH
from daemon.adapters.config_own_policies import note_good_payers
from daemon.adapters.config_owner import check_team
from daemon.adapters.config_payment import payment_places
from daemon.adapters.config_people import clients_from, creditor_from
from daemon.adapters.config_policies import policies_from, shipped_names
from daemon.adapters.config_schema import CONFIG
from daemon.adapters.config_servers import imap_settings, smtp_settings
from daemon.adapters.config_shape import Checked, Names, place_of
from daemon.adapters.rates_yaml import laws_from
from daemon.adapters.yaml_nodes import ListNode, MapNode, Node, Report, is_blank
from daemon.adapters.yaml_tree import read_tree
from daemon.domain.books.client import Client, Creditor
from daemon.domain.books.owner import Owner
from daemon.domain.books.policy import LETTERS, Policy
from daemon.domain.books.rates import Laws
from daemon.ports import ImapSettings, SmtpSettings

# those with templates of ours; the owner's folders may hold more
LANGUAGES = ("en", "it", "es", "tr", "de", "fr", "pt", "nl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Include:
    """An entry of `invoices:` that names files."""

    pattern: str
    at: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """What the owner's template folders add; read from their names, not from their contents."""

    folders: tuple[str, ...]
    languages: tuple[str, ...]
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Main:
    """What the main file says, with None for what is not good; kept until the file changes."""

    stamp: Stamp | None
    report: Report
    invoices: InvoiceFile  # those that stand in the main file itself
    includes: tuple[Include, ...]
    client_names: tuple[str, ...] | None  # also of clients that are not good; None: it cannot be said
    policy_names: tuple[str, ...] | None  # also of policies that are not good; None: it cannot be said
    clients: Mapping[str, Client]
    policies: Mapping[str, Policy]
    values: Mapping[str, Any]  # the single values
    templates: Templates
    laws: Laws = field(default_factory=dict)
    payment_at: Mapping[str, Place] = field(default_factory=dict)  # where `payment` and its keys are written
    creditor: Creditor | None = None
    owner: Owner | None = None
    smtp: SmtpSettings | None = None
    imap: ImapSettings | None = None


def unchanged(main: Main, path: str) -> bool:
    """Whether the main file and the template folders are as they were when `main` was read."""
    if main.stamp is None or main.report.file != path or main.stamp != stamp_of(path):
        return False
    return _look_at_templates(main.templates.folders) == main.templates


def read_main(path: str) -> Main:
    """Read the main file, and the invoices that stand in it; what is wrong is in the two reports."""
    report = Report(path)
    intake = InvoiceIntake(Report(path), names=[])
    text, stamp = read_text(path, report)

    def cut(top: MapNode) -> None:
        CONFIG.read_sections(top, report)  # all that can be said at once, is

    root = read_tree(text, report, intake.take, top=False, cut=cut) if text is not None else None
    if isinstance(root, ListNode):
        report.wrong(root, "this is a list; the config has `creditor:`, `clients:` and so on at its beginning")
        root = None
    elif root is not None and is_blank(root):
        report.wrong_file("the file has nothing in it but remarks")
    config = CONFIG.read(root, report) if root is not None else None
    invoices = InvoiceFile(shown=path, stamp=stamp, drafts=tuple(intake.drafts), report=intake.report)
    patterns = ((PATH.read(node, report), node) for node in intake.names or ())
    includes = tuple(Include(pattern=read, at=place_of(node)) for read, node in patterns if isinstance(read, str))
    main = Main(
        stamp=stamp,
        report=report,
        invoices=invoices,
        includes=includes,
        client_names=None,
        policy_names=None,
        clients={},
        policies={},
        values={},
        templates=_look_at_templates(()),
    )
    return _fit_together(main, config, report) if isinstance(config, Checked) else main


def _fit_together(main: Main, read: Checked, report: Report) -> Main:
    """Add what the sections say, each checked against the others."""
    templates = _look_at_templates(_template_folders(read, report))
    policies = policies_from(read.get("policies"), templates.letters, report)
    written = read.get("creditor")
    creditor = creditor_from(written, templates.languages, report) if written else None
    names: Names | None = read.get("clients")
    clients: dict[str, Client] = {}
    mine = read.get("policies")
    known = tuple(dict.fromkeys((*shipped_names(), *(mine.written if mine else ()))))
    if names is not None:
        clients = clients_from(names, creditor, policies, known, templates.languages, report)
    laws = laws_from(read.get("rates"), report)
    check_extras(read.get("policies"), names, policies, clients, creditor, laws, report)
    note_good_payers(names, clients, policies, report)
    owner: Owner | None = read.get("owner")
    if owner is not None:
        check_team(owner, read.place("owner"), creditor, clients, report)
        _compare_hours(owner, clients.values(), policies, read.place("owner"), report)
    smtp, imap = read.get("smtp"), read.get("imap")
    single = ("first_start", "reply_token", "state", "keep", "bank", "metrics", "ping")
    return replace(
        main,
        client_names=names.written if names is not None else None,
        policy_names=known if mine is not None or "policies" not in read.node.entries else None,
        clients=clients,
        policies=policies,
        values={key: read.values[key] for key in single if key in read.values},
        templates=templates,
        laws=laws,
        payment_at=payment_places(written),
        creditor=creditor,
        owner=owner,
        smtp=smtp_settings(smtp, report) if smtp else None,
        imap=imap_settings(imap, report) if imap else None,
    )


def _compare_hours(
    owner: Owner, clients: Iterable[Client], policies: Mapping[str, Policy], at: Node, report: Report
) -> None:
    """A digest that comes when letters leave already can stop none of them; worth a word."""
    used = {client.policy for client in clients} & policies.keys()
    for policy in sorted(used):
        opens = policies[policy].opens
        if owner.digest_at >= opens:
            hours = f"the digest comes at {owner.digest_at:%H:%M}, and letters of the policy `{policy}` leave from"
            report.notice(at, f"{hours} {opens:%H:%M} on: with an earlier digest_at you could stop one")


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


def _look_at_templates(folders: tuple[str, ...]) -> Templates:
    languages, letters = dict.fromkeys(LANGUAGES), dict.fromkeys(LETTERS)
    for folder in folders:
        for language in sorted(Path(folder).glob("*/")):
            if re.fullmatch("[a-z]{2,3}", language.name):
                if (language / "language.yaml").is_file():
                    languages[language.name] = None
                names = (entry.name.partition(".")[0] for entry in sorted(language.iterdir()))
                letters.update(dict.fromkeys(name for name in names if name and name[0] != "_" and name != "language"))
    return Templates(folders=folders, languages=tuple(languages), letters=tuple(letters))
