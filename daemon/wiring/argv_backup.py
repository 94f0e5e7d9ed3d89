"""Commands that save the state, and read it back."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from daemon.wiring.argv import FAILED, config_option, config_path, faults_have_codes, json_option, print_json
from daemon.wiring.backup import NoBackup, NotRestored
from daemon.wiring.backup import backup as make
from daemon.wiring.backup import restore as read_back
from daemon.wiring.settings import load_settings


def _progress(*, as_json: bool) -> Callable[[str], None]:
    """One line on a terminal, written over; nothing where nobody looks."""

    def tell(what: str) -> None:
        if sys.stderr.isatty() and not as_json:
            click.echo(f"\r\033[K{what} ...", err=True, nl=False)

    return tell


def _end_of_progress() -> None:
    if sys.stderr.isatty():
        click.echo("\r\033[K", err=True, nl=False)


def _failed(why: str) -> None:
    _end_of_progress()
    click.echo(f"sollecito: {why}", err=True)
    sys.exit(FAILED)


@click.command()
@config_option
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="FILE.tar.gz, .tar.zst or .zip; default: sollecito-TIME.tar.gz here.",
)
@click.option("--without-logins", is_flag=True, help="Leave out the tokens of OAuth; after `restore` you log in anew.")
@json_option
@faults_have_codes
def backup(config_file: str | None, out: Path | None, without_logins: bool, as_json: bool) -> None:
    """Save the state in one file, also while the daemon runs.

    It holds the journal, the keys, texts and mails, and the log-ins: keep it as you keep passwords. The config and
    its passwords are not in it.

    \b
    Example:
      sollecito backup --out /backup/sollecito-monday.tar.zst
    """
    settings = load_settings(config_path(None, config_file))
    try:
        done = make(settings, out, _progress(as_json=as_json), logins=not without_logins)
    except NoBackup as fault:
        _failed(str(fault))
    except OSError as fault:
        why = fault.strerror or str(fault)
        if isinstance(fault.filename, str) and Path(fault.filename).is_relative_to(settings.state):
            _failed(f"{fault.filename}: {why}")
        _failed(f"{out or 'the backup'} cannot be written: {why}")
    if as_json:
        print_json(done)
        return
    _end_of_progress()
    logins = "with the log-ins" if done["logins"] else "without log-ins"
    click.echo(f"{done['file']}: {done['entries']} entries, {done['files']} files, {logins}; {done['size']:,} bytes")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@config_option
@click.option("--into", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="Default: `state:`.")
@click.option("--replace", is_flag=True, help="Put aside what stands there, into a folder in it.")
@json_option
@faults_have_codes
def restore(file: Path, config_file: str | None, into: Path | None, replace: bool, as_json: bool) -> None:
    """Read a backup back, with the daemon stopped.

    At its next start the daemon finds in the mailbox what it has sent since, and counts it as sent. No letter leaves
    until you have told it what you had told it since the backup, and have said: sollecito go restored

    \b
    Example:
      sollecito restore /backup/sollecito-monday.tar.zst
    """
    settings = load_settings(config_path(None, config_file))
    try:
        done = read_back(settings, file, into, _progress(as_json=as_json), replace=replace)
    except (NotRestored, OSError) as fault:
        _failed(str(fault))
    if as_json:
        print_json(done)
        return
    _end_of_progress()
    click.echo(
        f"{done['state']}: {done['entries']} entries and {done['files']} files, as of {done['made_at']}\n"
        + (f"What stood there lies in {done['replaced']}\n" if done["replaced"] else "")
        + "Start the daemon: it looks in the mailbox for what it has sent since, and sends nothing. Tell it again\n"
        "what you have told it since (paid, hold, promise), look at `sollecito status`, then: sollecito go restored"
    )


SAVING = (backup, restore)
