"""Commands that run: the daemon, and the demo."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from daemon.adapters import log
from daemon.adapters.clock import WakefulLoop
from daemon.demo import run_demo
from daemon.wiring import life
from daemon.wiring.argv import (
    ADDRESS,
    config_option,
    config_path,
    faults_have_codes,
    json_option,
    print_json,
)


@click.command()
@click.argument("config", required=False, type=click.Path())
@config_option
@click.option("--redirect", metavar="ADDRESS", help="Send every letter to this one address: for a first look.")
@click.option(
    "--log-level", default="info", type=click.Choice(["debug", "info", "warning", "error"]), show_default=True
)
@faults_have_codes
def run(config: str | None, config_file: str | None, redirect: str | None, log_level: str) -> None:
    """Run the daemon.

    Until SIGTERM or Ctrl-C; SIGHUP reads the config again, and so does a change of its files.

    \b
    Example:
      sollecito run config.yaml --redirect me@bianchi.example
    """
    if redirect is not None and not ADDRESS.fullmatch(redirect):
        raise click.UsageError(f"--redirect {redirect!r} is no address: write me@bianchi.example")
    log.configure(level=log_level)
    with asyncio.Runner(loop_factory=WakefulLoop) as runner:
        runner.run(life.run_daemon(config_path(config, config_file), redirect))


@click.command()
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
@json_option
@faults_have_codes
def demo(out: str, seed: int, without: tuple[str, ...], as_json: bool) -> None:
    """Watch seventy-five days in a minute.

    The real daemon, real servers on this machine, and clients who answer.

    \b
    Example:
      sollecito demo --out demo-out --seed 7
    """
    document = run_demo(Path(out), seed, frozenset(without), show=not as_json)
    if as_json:
        print_json(document)


RUNNING = (run, demo)
