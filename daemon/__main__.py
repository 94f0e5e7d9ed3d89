"""argv -> command.  Exit 0: done; 1: failed or refused; 2: the config is wrong; 3: the state cannot be trusted."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from daemon import __version__, inquiry, wiring
from daemon.adapters import log, terminal
from daemon.adapters.control import PathTooLong, SocketTaken
from daemon.adapters.control_client import NoAnswer, NotAllowed
from daemon.adapters.templates_dir import TemplateFaults
from daemon.ports import DiskTrouble, Problem, StateFault

F = TypeVar("F", bound=Callable[..., Any])
FAILED, CONFIG, STATE = 1, 2, 3

_config_option = click.option(
    "-c",
    "--config",
    "config_file",
    metavar="FILE",
    envvar="SOLLECITO_CONFIG",
    help="The config; default: see `sollecito --help`.",
)
_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")


class Day(click.ParamType[date]):
    """A date as 2026-12-15."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date: write 2026-12-15", param, ctx)


DAY = Day()
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


def _faults_have_codes(run: F) -> F:
    """Turn what can be expected to go wrong into a message and the exit code that scripts and systemd rely on."""

    @wraps(run)
    def wrapped(*args: Any, **given: Any) -> Any:
        try:
            return run(*args, **given)
        except wiring.ConfigRefused as refused:
            _list_problems(refused.problems)
            sys.exit(CONFIG)
        except TemplateFaults as refused:
            _list_problems(refused.problems)
            sys.exit(CONFIG)
        except StateFault as fault:
            click.echo(f"sollecito: {fault}", err=True)
            sys.exit(STATE)
        except (
            DiskTrouble,
            NotAllowed,
            NoAnswer,
            PathTooLong,
            SocketTaken,
            inquiry.CannotTell,
            wiring.CannotShow,
        ) as fault:
            click.echo(f"sollecito: {fault}", err=True)
            sys.exit(FAILED)

    return wrapped  # type: ignore[return-value]  # same signature


def _list_problems(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        click.echo(str(problem), err=True)
    count = len(problems)
    click.echo(f"sollecito: {count} problem{'s' if count != 1 else ''}; nothing was started or changed", err=True)


def _config_path(argument: str | None, option: str | None) -> str:
    """The argument, -c, $SOLLECITO_CONFIG, ./config.yaml, /etc/sollecito/config.yaml."""
    if argument or option:
        return str(argument or option)
    here = Path("config.yaml")
    return str(here if here.exists() else Path("/etc/sollecito/config.yaml"))


def _print(document: Any) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


class _InOrder(click.Group):
    """Lists the commands as they stand below: to look first, then to tell."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=_InOrder, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="sollecito")
@click.pass_context
def main(context: click.Context) -> None:
    """Follow up unpaid invoices by e-mail, and listen to the answers.

    \b
    First steps:
      sollecito demo                     watch it work, on servers of its own
      sollecito check config.yaml        is the config right? what was understood?
      sollecito plan --until 2026-12-31  what would go out when, and why the rest would not
      sollecito run --redirect me@...    the daemon, with every letter sent to you

    The config is the one named by -c, else $SOLLECITO_CONFIG, ./config.yaml or /etc/sollecito/config.yaml. NUMBER is
    an invoice's number, CLIENT/NUMBER where two clients share one, or an item of the last digest.

    \b
    Exit codes: 0 done; 1 failed or refused; 2 the config or the command line is wrong;
    3 the state cannot be trusted or is in use.
    """
    log.configure(level="warning")


@main.command()
@click.argument("config", required=False)
@_config_option
@click.option("--online", is_flag=True, help="Log in to both servers and list the folders; sends nothing to clients.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of the config, for your editor, and stop.")
@_json_option
@_faults_have_codes
def check(config: str | None, config_file: str | None, online: bool, schema: bool, as_json: bool) -> None:
    """List what is wrong in the config.

    Or say what was understood.

    \b
    Example:
      sollecito check config.yaml
      sollecito check --online
    """
    if schema:
        _print(inquiry.json_schema())
        return
    path = _config_path(config, config_file)
    found = inquiry.check(path)
    if found["problems"]:
        if as_json:
            _print(found)
        else:
            for problem in found["problems"]:
                click.echo(f"{problem['file']}:{problem['line']}:{problem['column']}: {problem['message']}", err=True)
            click.echo(f"sollecito: {len(found['problems'])} problem(s) in {path}", err=True)
        sys.exit(CONFIG)
    if online:
        found["online"] = asyncio.run(inquiry.check_online(path))
    if as_json:
        _print(found)
    else:
        terminal.check(found)
    if online and not all(row["ok"] for row in found["online"]):
        sys.exit(FAILED)


@main.command()
@click.argument("config", required=False)
@_config_option
@click.option("--until", type=DAY, help="Last day to look at; default: 30 days ahead.")
@click.option("--as-of", type=DAY, help="Look from the start of this day instead of today.")
@_json_option
@_faults_have_codes
def plan(config: str | None, config_file: str | None, until: date | None, as_of: date | None, as_json: bool) -> None:
    """Say what would go out when, and why the rest would not.

    As if nobody answered. Works offline, also with an empty state.

    \b
    Example:
      sollecito plan --until 2026-12-31
    """
    settings = wiring.load_settings(_config_path(config, config_file))
    document = inquiry.plan(settings, as_of, until)
    _print(document) if as_json else terminal.plan(document)


@main.command()
@click.argument("number", required=False)
@_config_option
@click.option("--level", type=click.IntRange(min=1), help="The level whose letter to show; default: the next one.")
@click.option("--out", type=click.Path(file_okay=False), help="Write .eml, .txt and .html files into this folder.")
@_faults_have_codes
def preview(number: str | None, config_file: str | None, level: int | None, out: str | None) -> None:
    """Show the letters as they would be sent.

    About one invoice, at its next level or a given one; without NUMBER the next letter of every client.

    \b
    Example:
      sollecito preview 2026-041 --level 3
      sollecito preview --out letters/
    """
    settings = wiring.load_settings(_config_path(None, config_file))
    letters = inquiry.preview(settings, number, level)
    if out is None:
        for letter in letters:
            click.echo(f"--- {letter.name}: to {letter.to}\nSubject: {letter.subject}\n\n{letter.text}")
        return
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    for letter in letters:
        for suffix, content in ((".eml", letter.raw), (".txt", letter.text.encode()), (".html", letter.html.encode())):
            (folder / f"{letter.name}{suffix}").write_bytes(content)
    click.echo(f"{len(letters)} letters in {folder}, each as .eml, .txt and .html")


@main.command()
@click.argument("config", required=False)
@_config_option
@click.option("--redirect", metavar="ADDRESS", help="Send every letter to this one address: for a first look.")
@click.option(
    "--log-level", default="info", type=click.Choice(["debug", "info", "warning", "error"]), show_default=True
)
@_faults_have_codes
def run(config: str | None, config_file: str | None, redirect: str | None, log_level: str) -> None:
    """Run the daemon.

    Until SIGTERM or Ctrl-C; SIGHUP reads the config again, and so does a change of its files.

    \b
    Example:
      sollecito run config.yaml --redirect me@bianchi.example
    """
    if redirect is not None and not _ADDRESS.fullmatch(redirect):
        raise click.UsageError(f"--redirect {redirect!r} is no address: write me@bianchi.example")
    log.configure(level=log_level)
    asyncio.run(wiring.run_daemon(_config_path(config, config_file), redirect))


@main.command()
@click.argument("config", required=False)
@_config_option
@_json_option
@_faults_have_codes
def status(config: str | None, config_file: str | None, as_json: bool) -> None:
    """Say where every invoice stands.

    From the running daemon, else from the state as it lies there.

    \b
    Example:
      sollecito status --json
    """
    document = inquiry.status(_config_path(config, config_file))
    _print(document) if as_json else terminal.status(document)


@main.command()
@click.argument("number")
@_config_option
@_json_option
@_faults_have_codes
def history(number: str, config_file: str | None, as_json: bool) -> None:
    """Show everything recorded about one invoice, oldest first.

    \b
    Example:
      sollecito history 2026-041
    """
    settings = wiring.load_settings(_config_path(None, config_file))
    entries = inquiry.entries_about(settings, number)
    _print(entries) if as_json else terminal.history(entries, number)


@main.command()
@click.argument("path")
@_config_option
@_json_option
@_faults_have_codes
def read(path: str, config_file: str | None, as_json: bool) -> None:
    """Say what the daemon makes of a mail, and why.

    PATH is a mail, a folder of mails, or - for one on stdin.

    \b
    Example:
      sollecito read answer.eml
      sollecito read - --json < answer.eml
    """
    stdin = sys.stdin.buffer.read() if path == "-" else None
    documents = list(inquiry.read_mails(path, stdin, _config_path(None, config_file)))
    _print(documents) if as_json else terminal.readings(documents)


def _ask(config_file: str | None, name: str, **args: Any) -> None:
    """Have one command carried out, by the daemon or here."""
    settings = wiring.load_settings(_config_path(None, config_file))
    given = {key: value.isoformat() if isinstance(value, date) else value for key, value in args.items()}
    answer = wiring.command(settings, name, {key: value for key, value in given.items() if value is not None})
    if not answer.get("ok"):
        click.echo(f"sollecito: {answer.get('error')}", err=True)
        sys.exit(FAILED)
    click.echo(answer["message"])


@main.command()
@click.argument("number")
@_config_option
@click.option("--amount", help="A part payment, as 610.00; default: all that is open.")
@click.option("--on", "day", type=DAY, help="The day the money came in; default: today.")
@_faults_have_codes
def paid(number: str, config_file: str | None, amount: str | None, day: date | None) -> None:
    """Record that an invoice was paid, in full or in part.

    \b
    Example:
      sollecito paid 2026-041
      sollecito paid 2026-041 --amount 610.00 --on 2026-12-01
    """
    _ask(config_file, "paid", target=number, amount=amount, day=day)


@main.command()
@click.argument("number")
@_config_option
@click.option("--until", "day", type=DAY, help="Last day held, included; default: until `resume`.")
@click.option("--because", "text", help="A note for yourself.")
@_faults_have_codes
def hold(number: str, config_file: str | None, day: date | None, text: str | None) -> None:
    """Hold back the letters about an invoice.

    \b
    Example:
      sollecito hold 2026-041 --until 2026-12-15 --because "waiting for credit note"
    """
    _ask(config_file, "hold", target=number, day=day, text=text)


@main.command()
@click.argument("number")
@_config_option
@_faults_have_codes
def resume(number: str, config_file: str | None) -> None:
    """Lift the holds of an invoice.

    Where there is none: trust an address again that had failed.

    \b
    Example:
      sollecito resume 2026-041
    """
    _ask(config_file, "resume", target=number)


@main.command()
@click.argument("number")
@click.argument("day", metavar="DATE", type=DAY)
@_config_option
@_faults_have_codes
def promise(number: str, day: date, config_file: str | None) -> None:
    """Record a promise to pay by a date.

    No letter until then and two business days more.

    \b
    Example:
      sollecito promise 2026-041 2026-12-15
    """
    _ask(config_file, "promise", target=number, day=day)


@main.command()
@click.argument("number")
@click.argument("text", nargs=-1)
@_config_option
@_faults_have_codes
def dispute(number: str, text: tuple[str, ...], config_file: str | None) -> None:
    """Record that the client disputes an invoice, and hold it.

    \b
    Example:
      sollecito dispute 2026-041 four hours are missing
    """
    _ask(config_file, "dispute", target=number, text=" ".join(text))


@main.command()
@click.argument("number")
@click.argument("result", nargs=-1, required=True)
@_config_option
@_faults_have_codes
def called(number: str, result: tuple[str, ...], config_file: str | None) -> None:
    """Record how a telephone call went.

    RESULT is `voicemail`, `promised DATE`, `disputes` and why, `paid`, or any words.

    \b
    Example:
      sollecito called 2026-041 promised 2026-12-15
      sollecito called 5 voicemail
    """
    _ask(config_file, "called", target=number, text=" ".join(result))


@main.command()
@click.argument("number", required=False)
@_config_option
@click.option("--all", "everything", is_flag=True, help="Every letter that waits; never hand-overs or doubts.")
@_faults_have_codes
def go(number: str | None, config_file: str | None, everything: bool) -> None:
    """Let a letter or a hand-over go.

    One that waits for you: an ITEM of the last digest, or all that waits about an invoice.

    \b
    Example:
      sollecito go 3
      sollecito go --all
    """
    if not number and not everything:
        raise click.UsageError("name an ITEM or NUMBER, or say --all")
    _ask(config_file, "go", target=number, everything=everything)


@main.command()
@click.argument("number")
@_config_option
@_faults_have_codes
def stop(number: str, config_file: str | None) -> None:
    """Stop a letter that has not left yet.

    And hold its invoices until `resume`.

    \b
    Example:
      sollecito stop 8
    """
    _ask(config_file, "stop", target=number)


@main.command()
@click.argument("number")
@_config_option
@_faults_have_codes
def remind(number: str, config_file: str | None) -> None:
    """Send the next letter now, by hand.

    Without the ladder's own pace, under all the other rules.

    \b
    Example:
      sollecito remind 2026-041
    """
    _ask(config_file, "remind", target=number)


@main.command()
@click.argument("letter")
@click.argument("outcome", type=click.Choice(["sent", "resend"]))
@_config_option
@_faults_have_codes
def settle(letter: str, outcome: str, config_file: str | None) -> None:
    """Settle a letter in doubt.

    `sent`: it counts; `resend`: it goes out once more. `sollecito status` lists the letters in doubt.

    \b
    Example:
      sollecito settle acme-3 sent
    """
    _ask(config_file, "settle", target=letter, text=outcome)


@main.command()
@click.argument("client")
@_config_option
@_faults_have_codes
def forget(client: str, config_file: str | None) -> None:
    """Remove the texts and addresses of a client.

    The figures stay. CLIENT is the key in the config; also of one who is in it no more.

    \b
    Example:
      sollecito forget acme
    """
    _ask(config_file, "forget", target=client)


@main.command()
@click.option(
    "--out",
    default="demo-out",
    show_default=True,
    type=click.Path(file_okay=False),
    help="Folder for letters, replies and digests.",
)
@click.option("--seed", default=1, show_default=True, help="Other people answer at other hours.")
@click.option(
    "--without", multiple=True, metavar="RULE", help="Switch off a rule: reply, bounce, promise, holiday or rest."
)
@_json_option
@_faults_have_codes
def demo(out: str, seed: int, without: tuple[str, ...], as_json: bool) -> None:
    """Watch seventy-five days in a minute.

    The real daemon, real servers on this machine, and clients who answer.

    \b
    Example:
      sollecito demo --out demo-out --seed 7
    """
    document = wiring.demo(Path(out), seed, frozenset(without), show=not as_json)
    if as_json:
        _print(document)


if __name__ == "__main__":
    main(prog_name="sollecito")
