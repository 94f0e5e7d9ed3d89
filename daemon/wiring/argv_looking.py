"""Commands that look: check, plan, preview, status, history, dossier, read."""

from __future__ import annotations

import asyncio
import sys
from datetime import date
from pathlib import Path

import click

from daemon.adapters import terminal
from daemon.domain.reports.ailments import ailments
from daemon.wiring import checkup, dossier_asked, inquiry
from daemon.wiring.argv import (
    CONFIG,
    DAY,
    FAILED,
    config_if_any,
    config_option,
    config_path,
    faults_have_codes,
    json_option,
    print_json,
)
from daemon.wiring.settings import load_settings


@click.command()
@click.argument("config", required=False, type=click.Path())
@config_option
@click.option("--online", is_flag=True, help="Log in to both servers and list the folders; sends nothing to clients.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of the config, for your editor, and stop.")
@json_option
@faults_have_codes
def check(config: str | None, config_file: str | None, online: bool, schema: bool, as_json: bool) -> None:
    """List what is wrong in the config.

    Or say what was understood.

    \b
    Example:
      sollecito check config.yaml
      sollecito check --online
    """
    if schema:
        print_json(checkup.json_schema())
        return
    path = config_path(config, config_file)
    found = checkup.check(path)
    if found["problems"]:
        if as_json:
            print_json(found)
        else:
            for problem in found["problems"]:
                click.echo(f"{problem['file']}:{problem['line']}:{problem['column']}: {problem['message']}", err=True)
            click.echo(f"sollecito: {terminal.count(len(found['problems']), 'problem')} in {path}", err=True)
        sys.exit(CONFIG)
    if online:
        found["online"] = asyncio.run(checkup.check_online(path))
    if as_json:
        print_json(found)
    else:
        terminal.check(found)
    if online and not all(row["ok"] for row in found["online"]):
        sys.exit(FAILED)


@click.command()
@click.argument("config", required=False, type=click.Path())
@config_option
@click.option("--until", type=DAY, help="Last day to look at; default: 30 days ahead.")
@click.option("--as-of", type=DAY, help="Look from the start of this day instead of today.")
@json_option
@faults_have_codes
def plan(config: str | None, config_file: str | None, until: date | None, as_of: date | None, as_json: bool) -> None:
    """Say what would go out when, and why the rest would not.

    As if nobody answered. Works offline, also with an empty state.

    \b
    Example:
      sollecito plan --until 2026-12-31
    """
    settings = load_settings(config_path(config, config_file))
    document = inquiry.plan(settings, as_of, until)
    print_json(document) if as_json else terminal.plan(document)


@click.command()
@click.argument("number", required=False)
@config_option
@click.option("--level", type=click.IntRange(min=1), help="The level whose letter to show; default: the next one.")
@click.option(
    "--letter", "name", help="The letter of this name, also one that no ladder calls for: thank-you, statement."
)
@click.option("--out", type=click.Path(file_okay=False), help="Write .eml, .txt and .html files into this folder.")
@faults_have_codes
def preview(number: str | None, config_file: str | None, level: int | None, name: str | None, out: str | None) -> None:
    """Show the letters as they would be sent.

    About one invoice or client: the next one, that of a level, or any by its name. Without NUMBER the next letter of
    every client.

    \b
    Example:
      sollecito preview 2026-041 --level 3
      sollecito preview acme --letter statement
      sollecito preview --out letters/
    """
    if name and (number is None or level is not None):
        raise click.UsageError("--letter goes with a NUMBER or CLIENT, and without --level")
    settings = load_settings(config_path(None, config_file))
    letters = inquiry.preview(settings, number, level, name or "")
    if out is None:
        for letter in letters:
            click.echo(f"--- {letter.name}: to {letter.to}\nSubject: {letter.subject}\n\n{letter.text}")
        return
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for letter in letters:
            for suffix, content in (
                (".eml", letter.raw), (".txt", letter.text.encode()), (".html", letter.html.encode())
            ):  # fmt: skip
                (folder / f"{letter.name}{suffix}").write_bytes(content)
    except OSError as wrong:
        raise inquiry.CannotTell(f"{out} cannot be written: {wrong.strerror}") from wrong
    click.echo(f"{terminal.count(len(letters), 'letter')} in {folder}, each as .eml, .txt and .html")


@click.command()
@click.argument("config", required=False, type=click.Path())
@config_option
@click.option(
    "--check",
    "as_check",
    is_flag=True,
    help="One line for a monitor; exit 1 where somebody has to look, 3 for the state.",
)
@json_option
@faults_have_codes
def status(config: str | None, config_file: str | None, as_check: bool, as_json: bool) -> None:
    """Say where every invoice stands.

    From the running daemon, else from the state as it lies there. With --check, only whether all is well: exit 0; 1
    when no daemon runs, something is out of reach, or a letter waits for you; 2 and 3 as always.

    \b
    Example:
      sollecito status --json
      sollecito status --check
    """
    document = inquiry.status(config_path(config, config_file))
    ails = ailments(document) if as_check else ()
    if as_json:
        print_json(document)
    elif as_check:
        click.echo("; ".join(ails) or "well")
    else:
        terminal.status(document)
    if ails:
        sys.exit(FAILED)


@click.command()
@click.argument("number")
@config_option
@json_option
@faults_have_codes
def history(number: str, config_file: str | None, as_json: bool) -> None:
    """Show all about an invoice or a client, oldest first.

    \b
    Example:
      sollecito history 2026-041
      sollecito history acme
    """
    settings = load_settings(config_path(None, config_file))
    entries = inquiry.entries_about(settings, number)
    print_json(entries) if as_json else terminal.history(entries, number)


@click.command()
@click.argument("numbers", metavar="NUMBER...", nargs=-1, required=True)
@config_option
@click.option("--out", type=click.Path(), help="The file to write, or a folder for it; default: here.")
@json_option
@faults_have_codes
def dossier(numbers: tuple[str, ...], config_file: str | None, out: str | None, as_json: bool) -> None:
    """Put everything about an invoice into one ZIP.

    Or about several of one client. A letter of demand for you to sign, in the client's language; statement of
    account; interest; every letter, answer and bounce; the invoices and your evidence; what happened, oldest first;
    and a list with SHA-256 sums. What is missing is named. Nothing is sent.

    \b
    Example:
      sollecito dossier 2026-041
      sollecito dossier acme/2026-041 acme/2026-044 --out acme.zip
    """
    settings = load_settings(config_path(None, config_file))
    quiet = as_json or not sys.stderr.isatty()
    made = dossier_asked.make(
        settings, numbers, out, lambda words: None if quiet else click.echo(f"{words} ...", err=True)
    )
    if as_json:
        print_json(dossier_asked.as_document(made))
        return
    click.echo(f"{made.path}: {terminal.count(len(made.dossier.pieces), 'file')}")
    for missing in made.dossier.missing:
        click.echo(f"missing: {missing.what} ({missing.because})")


@click.command()
@click.argument("path", type=click.Path())
@config_option
@json_option
@faults_have_codes
def read(path: str, config_file: str | None, as_json: bool) -> None:
    """Say what the daemon makes of a mail, and why.

    PATH is a mail, a folder of mails, or - for one on stdin.

    \b
    Example:
      sollecito read answer.eml
      sollecito read - --json < answer.eml
    """
    stdin = sys.stdin.buffer.read() if path == "-" else None
    documents = list(inquiry.read_mails(path, stdin, config_if_any(None, config_file)))
    print_json(documents) if as_json else terminal.readings(documents)


LOOKING = (check, plan, preview, status, history, dossier, read)
