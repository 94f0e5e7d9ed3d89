"""The command for the first evening: init."""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from daemon.adapters import terminal
from daemon.adapters.config_names import path as readable_path
from daemon.adapters.config_names import state as readable_state
from daemon.adapters.config_names import variable
from daemon.adapters.config_oauth import tenant
from daemon.adapters.first_config import WayIn
from daemon.wiring.argv import CONFIG, FAILED, list_problems
from daemon.wiring.checkup import try_log_in
from daemon.wiring.first_files import (
    CannotBegin,
    FirstFiles,
    Misfit,
    has_no_password,
    keep_password,
    refuse_to_overwrite,
)
from daemon.wiring.first_place import FirstPlace
from daemon.wiring.first_questions import (
    READERS,
    WAYS,
    Answer,
    FirstDraft,
    Questions,
    Unanswered,
    ask_all,
    oauth_way,
    password_way,
    written,
)

_HELP = {
    "imap": "tls://HOST:PORT, or only HOST; left out: found by the address.",
    "smtp": "starttls://HOST:PORT, or only HOST; left out: found by the address.",
    "username": "For both servers; default: the address, or as the provider wants it.",
    "country": "Two letters, or with a part: DE-BY; default: by the address.",
    "timezone": "As Europe/Rome; default: by the country.",
    "language": "Of your digest; default: by the country.",
    "digest_at": "Default: 07:30.",
    "iban": "To be paid on.",
    "owner": "Your own address, for the daily digest.",
    "email": "The address that letters come from, and whose mailbox is watched.",
    "contact": "Whom a client may ask.",
    "name": "Your company.",
}


def _with_questions(command: Any) -> Any:
    """An option for every question."""
    for key in reversed(READERS):
        _, read, optional = READERS[key]
        flag = f"--{key.replace('_', '-')}"
        command = click.option(flag, key, type=Answer(read, optional=optional), help=_HELP.get(key))(command)
    return command


@click.command()
@click.option("--out", default="config.yaml", type=click.Path(dir_okay=False), help="Default: config.yaml.")
@_with_questions
@click.option("--password-file", type=Answer(written(readable_path)), help="The password is in this file (0600).")
@click.option("--password-env", type=Answer(variable), help="The password is in this environment variable.")
@click.option("--password-command", type=Answer(written(readable_path)), help="A program that prints the password.")
@click.option("--password-credential", is_flag=True, help="systemd credentials `imap` and `smtp`.")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin and keep it in that file.")
@click.option("--oauth", type=click.Choice(["google", "microsoft"]), help="Log in by OAuth (docs/oauth.md).")
@click.option("--client-id", help="Of the program that you registered there.")
@click.option(
    "--tenant", default="", type=Answer(written(tenant), optional=True),
    help="Microsoft: your directory; default: by the address.",
)  # fmt: skip
@click.option("--client-secret-file", default="", help="Google: the secret of that program.")
@click.option("--ca-file", default="", help="A certificate to trust besides the system's.")
@click.option(
    "--state", type=Answer(readable_state), help="Default: tinydb:///var/lib/sollecito, or beside the config."
)
@click.option("--no-log-in", is_flag=True, help="Do not try the log-in.")
@click.option("--yes", is_flag=True, help="Ask nothing: take what is given, and defaults for the rest.")
def init(out: str, yes: bool, no_log_in: bool, **given: Any) -> None:
    """Ask some questions, and write a first config.

    Finds the mail servers of common providers, tries the log-in (and sends nothing), and writes a config with remarks
    and a first file of invoices. Nothing is ever overwritten. Every question can be answered by an option.

    \b
    Example:
      sollecito init
      sollecito init --yes --name "Studio Bianchi" --contact "Giulia Bianchi" --email fatture@bianchi.example
        --owner giulia@bianchi.example --country IT --imap imap.bianchi.example --smtp smtp.bianchi.example
        --password-file password
    """
    path = Path(out)
    try:
        refuse_to_overwrite(path)
        questions = Questions(given, asks=not yes)
        draft = ask_all(questions, FirstPlace(path), given["state"] or "")
        draft.ca_file = given["ca_file"] and str(Path(given["ca_file"]).absolute())
        try:
            files, refused = _write(path, draft, questions, given, tries=not no_log_in)
        except BaseException:  # also Ctrl-C: a password that was typed is not left behind
            draft.forget_passwords()
            raise
    except Unanswered as unanswered:
        raise click.UsageError(f"--yes asks nothing, so these are needed: {', '.join(unanswered.options)}") from None
    except click.Abort:
        click.echo(
            "\nsollecito: nothing was written; every question can be answered by an option, see --help", err=True
        )
        sys.exit(FAILED)
    except CannotBegin as why:
        click.echo(f"sollecito: {why}", err=True)
        sys.exit(FAILED)
    except Misfit as misfit:
        list_problems(misfit.problems)
        sys.exit(CONFIG)
    _next_steps(path, files)
    if refused:
        sys.exit(FAILED)


def _write(
    path: Path, draft: FirstDraft, questions: Questions, given: dict[str, Any], *, tries: bool
) -> tuple[FirstFiles, bool]:
    """Write it, once the log-in has succeeded or the owner goes on without; with it, whether one was refused."""
    while True:
        ways = _way_in(draft, questions, given)
        today = datetime.now(ZoneInfo(draft.texts["timezone"])).date()
        with FirstFiles(path, draft.answers(ways), today) as files:
            if not tries or ways[0].key == "auth":
                files.put()
                return files, False
            click.echo("Trying the log-in; nothing is sent ...", err=True)
            rows = asyncio.run(try_log_in(files.settings))
            for row in rows:
                terminal.looked(row)
            good = all(row["ok"] for row in rows)
            if good or not questions.asks or not _again():
                files.put()
                return files, not good
        draft.forget_passwords()
        draft.ask_servers_again(questions)
        given.update(dict.fromkeys(("password_file", "password_env", "password_command", "password_credential")))


def _again() -> bool:
    choice = click.prompt("Again, with other answers, or go on and write the config?",
                          type=click.Choice(["again", "go-on"]), default="again")  # fmt: skip
    return bool(choice == "again")


def _way_in(draft: FirstDraft, questions: Questions, given: dict[str, Any]) -> tuple[WayIn, WayIn]:
    """Where the password is, or OAuth; a password that is typed goes into a file of its own and nowhere else."""
    known = draft.provider
    if known and known.first:
        click.echo(f"First: {known.first}.")
    if given["oauth"] or (questions.asks and known and known.oauth and not _named(given) and _by_oauth(known.oauth)):
        return _program(str(given["oauth"] or (known.oauth if known else "")), draft, questions, given)
    if known and known.password:
        click.echo(f"It takes {known.password}.")
    how, where = _named(given) or _kept(questions, draft.place)
    if how == "file":
        _fill([Path(where)], draft, questions, from_stdin=given["password_stdin"])
    elif how == "credential" and (folder := draft.place.credentials).is_dir():
        _fill([folder / "imap", folder / "smtp"], draft, questions, from_stdin=given["password_stdin"])
        os.environ.setdefault("CREDENTIALS_DIRECTORY", str(folder))
    return password_way(how, where, draft.place.folder)


def _program(provider: str, draft: FirstDraft, questions: Questions, given: dict[str, Any]) -> tuple[WayIn, WayIn]:
    """OAuth: by which program one logs in; at Microsoft in which directory, at Google with which secret."""
    client_id, directory, secret = given["client_id"], given["tenant"], given["client_secret_file"]
    if not client_id and not questions.asks:
        raise Unanswered(["--client-id"])
    client_id = client_id or click.prompt("Client id of the program that you registered")
    if provider == "microsoft" and not directory:
        directory = draft.directory
        if questions.asks:
            question = "Your directory there: its id or domain; consumers for an account at outlook.com"
            directory = click.prompt(question, default=directory, type=Answer(written(tenant)))
    if provider == "google" and not secret and questions.asks:
        secret = click.prompt("The file with that program's secret (Enter: none)", default="", show_default=False)
    return oauth_way(provider, client_id, directory, secret, draft.place.folder)


def _named(given: dict[str, Any]) -> tuple[str, str] | None:
    """What an option says about the password."""
    found = [(how, given[f"password_{how}"]) for how in WAYS if given.get(f"password_{how}")]
    if len(found) > 1:
        raise click.UsageError("say in one way where the password is")
    return (found[0][0], str(found[0][1])) if found else None


def _by_oauth(provider: str) -> bool:
    click.echo(f"{provider.title()} wants a log-in by OAuth, for which you register a program once (docs/oauth.md).")
    how = click.prompt("oauth, or a password?", type=click.Choice(["oauth", "password"]),
                       default="oauth" if provider == "microsoft" else "password")  # fmt: skip
    return bool(how == "oauth")


def _kept(questions: Questions, place: FirstPlace) -> tuple[str, str]:
    if not questions.asks:
        raise Unanswered(["--password-file (or -env, -command, -credential)"])
    how = click.prompt("Where shall the password be kept?", type=click.Choice(WAYS),
                       default="credential" if place.credentials.is_dir() else "file")  # fmt: skip
    if how == "credential":
        return how, ""
    question, default, read = {
        "file": (
            "Which file?",
            str(place.password),
            written(readable_path),
        ),
        "env": ("Which variable?", "SOLLECITO_PASSWORD", variable),
        "command": ("Which command?", "pass show mail/invoices", written(readable_path)),
    }[how]
    return how, click.prompt(question, default=default, type=Answer(read))


def _fill(paths: list[Path], draft: FirstDraft, questions: Questions, *, from_stdin: bool) -> None:
    """Keep the password, which is typed once, in each of these files that has none yet."""
    try:
        bare = [path for path in paths if has_no_password(path)]
        if not bare:
            return
        if from_stdin:
            password = sys.stdin.readline().rstrip("\r\n")
        elif questions.asks:
            password = click.prompt(
                f"Password (kept in {' and '.join(map(str, bare))}, for you alone)", hide_input=True
            )
        else:
            return  # the log-in says that it is missing
        for path in bare:
            draft.kept[path] = keep_password(path, password)
    except OSError as fault:
        raise CannotBegin(f"{fault.filename or paths[0]}: {fault.strerror}") from fault


def _next_steps(path: Path, files: FirstFiles) -> None:
    """As they can be typed, in the folder where `init` was typed."""
    click.echo(f"\nWritten: {path}, and a first file in {files.invoices.parent}.")
    config, into = shlex.quote(str(path)), shlex.quote(str(files.invoices))
    way, there = files.settings.imap.password, os.environ.get("CREDENTIALS_DIRECTORY")
    known = f"CREDENTIALS_DIRECTORY={shlex.quote(there)} " if there and way and way.how == "credential" else ""
    steps = [
        (f"sollecito login {config}", "log in at your provider, once") if files.settings.imap.oauth else None,
        (
            f"sollecito import FILES --into {into} --new-clients -c {config}",
            "invoices of other programs; or write them",
        ),
        (f"{known}sollecito check {config} --online", "is all of it right?"),
        (
            f"{known}sollecito triage {config}",
            "what is overdue already, client by client: chase, paid, disputed, promised, leave",
        ),
        (f"sollecito plan {config}", "what would go out when"),
    ]
    click.echo("Next:")
    for command, why in filter(None, steps):
        click.echo(f"  {command}\n      {why}")


BEGINNING = (init,)
