"""The command line: the group of all commands, what they share, and exit codes for what goes wrong."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from datetime import date
from errno import EDQUOT, EFBIG, ENOSPC
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from daemon import __version__
from daemon.adapters import log
from daemon.adapters.control import PathTooLong, SocketTaken
from daemon.adapters.control_client import NoAnswer, NotAllowed
from daemon.adapters.templates_dir import TemplateFaults
from daemon.demo import CannotShow
from daemon.domain.books.written import wrong_with_day
from daemon.ports import DiskTrouble, Problem, StateFault
from daemon.wiring.inquiry import CannotTell
from daemon.wiring.settings import ConfigRefused

F = TypeVar("F", bound=Callable[..., Any])
FAILED, CONFIG, STATE = 1, 2, 3
_NO_ROOM = (ENOSPC, EDQUOT, EFBIG)

config_option = click.option(
    "-c",
    "--config",
    "config_file",
    metavar="FILE",
    type=click.Path(),  # a shell completes it
    envvar="SOLLECITO_CONFIG",
    help="The config; default: see `sollecito --help`.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")


class NoConfig(Exception):
    """There is none to work with: exit 2."""


class Day(click.ParamType[date]):
    """A date as 2026-12-15."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date: write 2026-12-15", param, ctx)
        if wrong := wrong_with_day(day):
            self.fail(wrong, param, ctx)
        return day


DAY = Day()

_HERE, _FOR_ALL = "config.yaml", "/etc/sollecito/config.yaml"
ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


def faults_have_codes(run: F) -> F:
    """Turn what can be expected to go wrong into a message and the exit code that scripts and systemd rely on."""

    @wraps(run)
    def wrapped(*args: Any, **given: Any) -> Any:
        try:
            return run(*args, **given)
        except ConfigRefused as refused:
            list_problems(refused.problems)
            sys.exit(CONFIG)
        except TemplateFaults as refused:
            list_problems(refused.problems)
            sys.exit(CONFIG)
        except NoConfig as fault:
            click.echo(f"sollecito: {fault}", err=True)
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
            CannotTell,
            CannotShow,
        ) as fault:
            click.echo(f"sollecito: {fault}", err=True)
            sys.exit(FAILED)
        except OSError as fault:
            if fault.errno not in _NO_ROOM or fault.filename is not None:
                raise
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is not written yet is tried again at the end
            click.echo(f"sollecito: what it says cannot be written: {fault.strerror}", err=True)
            sys.exit(FAILED)

    return wrapped  # type: ignore[return-value]  # same signature


def list_problems(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        click.echo(str(problem), err=True)
    count = len(problems)
    click.echo(f"sollecito: {count} problem{'s' if count != 1 else ''}; nothing was started or changed", err=True)


def config_path(argument: str | None, option: str | None) -> str:
    """The argument, -c, $SOLLECITO_CONFIG, ./config.yaml, /etc/sollecito/config.yaml.

    Raises:
        NoConfig: none is named, and neither of these two is there.
    """
    path = config_if_any(argument, option)
    if path is None:
        raise NoConfig(f"no config: neither ./{_HERE} nor {_FOR_ALL}; `sollecito init` writes one")
    return path


def config_if_any(argument: str | None, option: str | None) -> str | None:
    """The same for a command that can do without one: None where none is named, and none is there."""
    before = click.get_current_context().find_root().params.get("config_before")
    if named := argument or option or before:
        return str(named)
    return next((path for path in (_HERE, _FOR_ALL) if Path(path).exists()), None)


def print_json(document: Any) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


class _InOrder(click.Group):
    """Lists the commands as they stand below: to look first, then to tell."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=_InOrder, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="sollecito")
@click.option(
    "-c",
    "--config",
    "config_before",
    metavar="FILE",
    type=click.Path(),
    help="The config; may stand behind the command, too.",
)
@click.pass_context
def main(context: click.Context, config_before: str | None) -> None:
    """Follow up unpaid invoices by e-mail, and listen to the answers.

    \b
    First steps:
      sollecito demo                     watch it work, on servers of its own
      sollecito init                     a first config, by questions
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
