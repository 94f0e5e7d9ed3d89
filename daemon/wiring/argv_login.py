"""Commands for a log-in by OAuth: login and logout."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

import click

from daemon.adapters.oauth_faults import LoginFault
from daemon.wiring.argv import FAILED, config_option, config_path, faults_have_codes
from daemon.wiring.settings import load_settings


@click.command()
@click.argument("config", required=False, type=click.Path())
@config_option
@click.option("--device", is_flag=True, help="By a code that you type in on any other machine (not with Google).")
@click.option("--no-browser", is_flag=True, help="Print the page's address instead of opening it.")
@click.option(
    "--port", default=0, type=click.IntRange(0, 65535), help="Port of 127.0.0.1 for the way back; default: a free one."
)
@faults_have_codes
def login(config: str | None, config_file: str | None, device: bool, no_browser: bool, port: int) -> None:
    """Log in to the mail provider by OAuth.

    Where the config has `auth:` in the place of a password (docs/oauth.md). Run it as the user that runs the daemon,
    which need not be stopped: it takes the new log-in within minutes.

    \b
    Example:
      sollecito login --no-browser --port 8400
      sollecito login --device
    """
    from daemon.wiring.login import Asked, log_in  # with Authlib: only where it is needed

    settings = load_settings(config_path(config, config_file))
    screen = bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )  # else a browser in the terminal opens
    asked = Asked(device=device, browser=screen and not no_browser, port=port, say=click.echo, pasted=_read_lines)
    try:
        done = log_in(settings, asked)
    except LoginFault as fault:
        click.echo(f"sollecito: {fault}", err=True)
        sys.exit(FAILED)
    for account in done:
        click.echo(f"Logged in: {account.user}, for {' and '.join(account.uses)}. `sollecito check --online` tries it.")


@click.command()
@click.argument("config", required=False, type=click.Path())
@config_option
@faults_have_codes
def logout(config: str | None, config_file: str | None) -> None:
    """Forget the log-in by OAuth.

    And take it back at the provider, where it has a way to. Letters then wait.

    \b
    Example:
      sollecito logout
    """
    from daemon.wiring.login import log_out

    settings = load_settings(config_path(config, config_file))
    try:
        done = log_out(settings)
    except LoginFault as fault:
        click.echo(f"sollecito: {fault}", err=True)
        sys.exit(FAILED)
    for account, told in done:
        there = "and taken back at the provider" if told else "here; the provider still lists it among your programs"
        click.echo(f"Forgotten {there}: {account.user}, for {' and '.join(account.uses)}.")
    if not done:
        click.echo("Nobody was logged in.")


def _read_lines(take: Callable[[str], bool]) -> None:
    """Give what is typed to `take`, beside what else happens, until it is satisfied."""

    def read() -> None:
        for line in sys.stdin:
            if take(line.strip()):
                return
            click.echo("That is not the address of the last page of this log-in.", err=True)

    threading.Thread(target=read, name="pasted address", daemon=True).start()


LOGGING_IN = (login, logout)
